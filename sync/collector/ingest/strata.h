#ifndef ANKETA_COLLECTOR_INGEST_STRATA_H
#define ANKETA_COLLECTOR_INGEST_STRATA_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/ingest/catalogue.h"

/*
 * Strata: the groups of people that the group questions of a form tell apart,
 * and the tables of its questions by them.
 *
 * A group question is a single choice. A wave names its own; else those count
 * that the form marks with the indicator "group". The first
 * CATALOGUE_GROUPS_MAX count, as long as the combinations of their options stay
 * within STRATA_MAX. A question that the form marks is never shown but as
 * groups: it says who people are, not what they think. A stratum is one such combination, an
 * unanswered group question being an option of its own. Tables by stratum are
 * kept with every commit (STORE_TALLY_STRATUM), so that reading one costs the
 * same for a hundred answers and a million.
 *
 * Threads  Pure.
 */
#define STRATA_MAX 256
#define STRATA_CATEGORIES_MAX 64
#define STRATA_ITEM 256 /* of a tally: stratum * STRATA_ITEM + category */

/* May a wave compare groups by this question? */
bool
strata_may(const struct catalogue_form *form, size_t field);

/* Is it one of the questions that make strata? */
bool
strata_has(const struct catalogue_form *form, size_t field);

/* Groups of a wave (struct store_wave) from a choice of fields. STATUS_E_LIMIT:
 * too many questions, or combinations of their options; STATUS_E_INVALID: one
 * of them makes no groups. */
MUST_CHECK enum status
strata_choose(const struct catalogue_form *form, const size_t *field,
              size_t count, char out[STORE_GROUPS_CHARS + 1]);

/* Fill in `group`, `groups`, `strata` and the fields' `categories` of a new
 * entry, by what is `wanted`. */
void
strata_survey(struct catalogue_form *form);

/* The stratum of a record; `cell` as in answers.h. 0 without group questions. */
size_t
strata_of(const struct catalogue_form *form, const char *const *cell);

/* The category of a cell: an option, a step of the scale, or the last one for
 * no answer. `field` has categories. */
size_t
strata_category(const struct catalogue_form *form, size_t field,
                const char *cell);

#endif
