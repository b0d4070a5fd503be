#ifndef ANKETA_COLLECTOR_WEB_TRAINING_DESK_H
#define ANKETA_COLLECTOR_WEB_TRAINING_DESK_H

#include "base/i18n.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/store_training.h"

/*
 * Training at the desk: signing is opened at the kiosks as a named wave of a
 * form that is made for the session, read back, and ended.
 *
 * Threads  As the store passed in.
 */

/* Open the signing, in the caller's transaction; sets t->wave. `when` is what
 * stands under the question. STATUS_E_CONFLICT: it was opened before. */
MUST_CHECK enum status
training_desk_open(struct store *w, struct store_training *t,
                   const char *const when[I18N_LANG_COUNT], int64_t now_ms);

/* The session is over: no more signatures, and who came is asked for feedback
 * (web/feedback.h), in the caller's transaction. STATUS_E_CONFLICT: signing is
 * not open. */
MUST_CHECK enum status
training_desk_end(struct store *w, struct store_training *t, int64_t now_ms);

/* How many materials a person acknowledged when she signed. */
struct training_reading {
    int64_t person;
    int64_t materials;
};
/* Of everybody who signed; *out: free(). */
MUST_CHECK enum status
training_desk_readings(struct store *reader, struct catalogue *catalogue,
                       const struct store_training *t,
                       struct training_reading **out, size_t *out_count);

#endif
