#ifndef ANKETA_SUMMARY_CROSSTAB_H
#define ANKETA_SUMMARY_CROSSTAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Crosstab: answers to a question by the groups of another.
 *
 * Rows are groups, columns the answers. Which rows may be shown is decided by
 * suppress.h, not here. The strength of the connection is Cramér's V with the
 * bias correction of Bergsma (2013), 0 = none, 1 = complete.
 */
#define CROSSTAB_ROWS_MAX 64
#define CROSSTAB_COLUMNS_MAX 64

struct crosstab {
    size_t rows;
    size_t columns;
    const uint64_t *count; /* borrowed; rows x columns, row by row */
    uint64_t row_total[CROSSTAB_ROWS_MAX];
    uint64_t column_total[CROSSTAB_COLUMNS_MAX];
    uint64_t total;
    double chi_square; /* NAN when a side has fewer than two used lines */
    double cramer_v;
};

MUST_CHECK enum status
crosstab_init(struct crosstab *t, size_t rows, size_t columns,
              const uint64_t *count);

/* Share of a row's answers in a column; NAN for an empty row. */
double
crosstab_share(const struct crosstab *t, size_t row, size_t column);

#endif
