#ifndef ANKETA_COLLECTOR_WEB_OPENING_H
#define ANKETA_COLLECTOR_WEB_OPENING_H

#include "collector/http/request.h"
#include "collector/web/visit.h"

/*
 * Opening: the form by which the coordinator opens a wave of a questionnaire,
 * today or on a day to come, and the list of those to come.
 *
 * A day begins and ends at midnight UTC.
 */

/* `fault`: what was wrong with the terms just posted, NULL if nothing. What was
 * posted stands in the fields again. */
void
opening_form(struct visit *v, const struct store_form *form, const char *fault);

/* In a card of a wave: how many answers a figure needs, and by which questions
 * it compares groups. */
void
opening_groups(struct visit *v, const struct store_wave *w);

/* Waves to come of this form, each with a button that gives it up. */
void
opening_plans(struct visit *v, int64_t form);

/* Open or plan the wave that was posted. STATUS_E_INVALID: *out_fault says, in
 * her language, what has to be mended. */
MUST_CHECK enum status
opening_take(struct visit *v, const struct store_form *form,
             const char **out_fault);

/* POST: give up a wave to come. */
void
opening_cancel(void *self, const struct request *rq, struct response *rs);

#endif
