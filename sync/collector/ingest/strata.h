#ifndef ANKETA_COLLECTOR_INGEST_STRATA_H
#define ANKETA_COLLECTOR_INGEST_STRATA_H

#include <stddef.h>

#include "collector/ingest/catalogue.h"

/*
 * Strata: the groups of people that the group questions of a form tell apart,
 * and the tables of its questions by them.
 *
 * A group question is a single choice marked with the indicator "group"; the
 * first CATALOGUE_GROUPS_MAX of a form count, as long as the combinations of
 * their options stay within STRATA_MAX. A stratum is one such combination, an
 * unanswered group question being an option of its own. Tables by stratum are
 * kept with every commit (STORE_TALLY_STRATUM), so that reading one costs the
 * same for a hundred answers and a million.
 *
 * Threads  Pure.
 */
#define STRATA_MAX 256
#define STRATA_CATEGORIES_MAX 64
#define STRATA_ITEM 256 /* of a tally: stratum * STRATA_ITEM + category */

/* Fill in `groups`, `strata` and the fields' `categories` of a new entry. */
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
