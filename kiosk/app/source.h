#ifndef ANKETA_APP_SOURCE_H
#define ANKETA_APP_SOURCE_H

#include "base/status.h"
#include "screens/kiosk.h"

/*
 * Source: the installation's folder behind the screens: questionnaires out of
 * library.db, sealed answers into outbox.db.
 *
 * A folder without a library is not an error: the kiosk waits for one. A form
 * that cannot be read is named in the log and shown as such; the others serve.
 *
 * Threads  One at a time.
 */
struct source;

/* `dir` is the installation's folder. */
MUST_CHECK enum status
source_open(const char *dir, struct source **out);
void
source_close(struct source *s);

/* Records in the outbox. */
struct source_tally {
    size_t waiting;
    size_t held; /* delivered, kept until the collector has a backup */
    size_t refused;
};
/* Look at the outbox: all its slots. `per_survey` has room for as many as the
 * library has open surveys; `others` are of those it does not (any more). */
MUST_CHECK enum status
source_look(struct source *s, struct source_tally *per_survey,
            struct source_tally *others);

/* Of the library, 0: none so far. */
int64_t
source_serial(const struct source *s);

/* A setting of this kiosk alone, "KEY=VALUE", stronger than the library's:
 * motion, input.switches, input.scan_seconds, speech.speaker, idle.seconds.
 * Borrowed for as long as `s` lives. STATUS_E_INVALID: not of that form;
 * STATUS_E_LIMIT: more than SOURCE_SETTINGS_MAX. */
#define SOURCE_SETTINGS_MAX 16
MUST_CHECK enum status
source_set(struct source *s, const char *setting);

/* Operations for the screens; borrows `s`. */
const struct kiosk_source *
source_ops(struct source *s);

#endif
