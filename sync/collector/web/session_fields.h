#ifndef ANKETA_COLLECTOR_WEB_SESSION_FIELDS_H
#define ANKETA_COLLECTOR_WEB_SESSION_FIELDS_H

#include "collector/store/store_training.h"
#include "collector/web/visit.h"

/*
 * Fields of a training session, as its pages show, ask and read them.
 */

/* "2026-11-24" in the reader's language. */
void
session_fields_day(struct visit *v, const char *day);
/* Append day, time and place. */
void
session_fields_when(const struct store_training *t, enum i18n_lang lang,
                    struct buf *out);
/* The same in a line of its own, behind the kind. */
void
session_fields_line(struct visit *v, const struct store_training *t);

/* How far it is, in words. */
const char *
session_fields_state(struct visit *v, const struct store_training *t);
/* How many were invited and have signed. */
void
session_fields_counts(struct visit *v, const struct store_training *t);

/* The controls of its form, with what is known; strings of `t` may be NULL. */
void
session_fields_show(struct visit *v, const struct store_training *t);

/* A field of the form, "" if it did not come; NULL: longer than `max`. */
const char *
session_fields_posted(struct visit *v, const char *name, size_t max);

/* What was filled in, copied. STATUS_E_INVALID: something is missing or wrong;
 * `t` is as it was. */
MUST_CHECK enum status
session_fields_read(struct visit *v, struct store_training *t);

/* Why a change was not made; NULL: it is no fault of hers. */
const char *
session_fields_why_not(struct visit *v, enum status st);

#endif
