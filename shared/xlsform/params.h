#ifndef ANKETA_XLSFORM_PARAMS_H
#define ANKETA_XLSFORM_PARAMS_H

#include "xlsform/survey.h"

/*
 * Params: the "parameters" column, "start=1 end=10; step=1".
 *
 * Pairs of key=value separated by blanks, commas or semicolons; keys count
 * without regard to case.
 */

/* The pairs of a row's cell in order; NULL for an empty cell or after an error
 * told to the survey's diag. */
struct prop *
params_parse(struct survey *s, const struct table_row *row);

/* Complain about keys that are not in the NULL-terminated list. */
void
params_check(struct survey *s, const struct table_row *row, struct prop *params,
             const char *const *accepted);

/* Check and complete the parameters of a range question: e->params, and
 * e->options for tick labels. */
void
params_range(struct survey *s, struct element *e);

#endif
