#ifndef ANKETA_COLLECTOR_WEB_PUBLISH_H
#define ANKETA_COLLECTOR_WEB_PUBLISH_H

#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"
#include "collector/home.h"
#include "collector/store/store.h"
#include "collector/store/store_desk.h"
#include "form/form.h"

/*
 * Publish: from a questionnaire to what the kiosks serve.
 *
 * Threads  As the store passed in.
 */

/* What the coordinator decides when she opens a wave; what she leaves out, the
 * questionnaire itself says (anketa_kind, anketa_k ...). */
struct publish_terms {
    const char *title; /* NULL: none */
    int kind;          /* enum record_kind; -1: as the form says */
    int k;             /* 0: as the form says, else PUBLISH_K */
    int k_text;        /* likewise */
    int invited;       /* 0: not stated */
    bool live;
    int64_t closes_ms;  /* 0: when somebody closes it */
    const char *groups; /* as in struct store_wave; NULL: as the form says */
};
#define PUBLISH_K 5
#define PUBLISH_K_TEXT 10
#define PUBLISH_K_LEAST 3 /* nobody may go below, by any setting */

/* Check an XForm with the engine and add it to the store. STATUS_REPEAT: it is
 * there; STATUS_E_CONFLICT: this version is there with other content (told to
 * `d`); STATUS_E_INVALID: faults, told to `d`. */
MUST_CHECK enum status
publish_form(struct store *s, const struct buf *xform,
             const struct form_env *env, int64_t now_ms, struct diag *d,
             int64_t *out_id);

/* The terms of a wave of this form: fills in kind, k, k_text, invited, minutes,
 * live, closes_ms and groups. */
void
publish_settle(const struct form *f, const struct publish_terms *terms,
               struct store_wave *w);

/* Open a wave of a form and number the library anew. *out_wave: clear with
 * store_wave_clear(). */
MUST_CHECK enum status
publish_wave(struct store *s, int64_t form, const struct form_env *env,
             const struct publish_terms *terms, int64_t now_ms,
             struct store_wave *out_wave);

/* Open the wave that was planned, now. */
MUST_CHECK enum status
publish_plan(struct store *s, const struct store_plan *plan, int64_t now_ms,
             struct store_wave *out_wave);
/* Open every planned wave whose day has come. `s` is in no transaction. */
MUST_CHECK enum status
publish_due(struct store *s, int64_t now_ms);

/* Append the signed library bundle as the store has it now. */
MUST_CHECK enum status
publish_bundle(struct store *s, const struct home *home, struct buf *out);

#endif
