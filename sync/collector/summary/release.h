#ifndef ANKETA_SUMMARY_RELEASE_H
#define ANKETA_SUMMARY_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Release: what raw rows may say about the person behind them.
 *
 * Rows of an anonymous wave leave without times and in random order. Group
 * columns (role, years of service) could point at a person, so they leave only
 * as far as every combination of their values that occurs is shared by at
 * least k rows; columns are taken in the given order, most useful first, and
 * one that would break this is withheld. Where breakdowns are published as well,
 * the classes of the kept columns have to be declared to suppress_decide(). A wave of fewer than k rows does not
 * leave at all, and verbatim texts only from SUPPRESS_COMMENTS rows on.
 *
 * Sizes  RELEASE_COLUMNS_MAX group columns; memory grows with the rows.
 */
#define RELEASE_COLUMNS_MAX 16

struct release {
    bool rows;                        /* the rows may leave */
    bool texts;                       /* so may verbatim texts */
    bool column[RELEASE_COLUMNS_MAX]; /* this group column may be kept */
};

/*
 * `value` holds rows x columns codes of the group columns, row by row (any
 * code for a missing answer). STATUS_E_LIMIT, STATUS_E_NOMEM.
 */
MUST_CHECK enum status
release_decide(const uint32_t *value, size_t rows, size_t columns, uint32_t k,
               struct release *out);

#endif
