#ifndef ANKETA_COLLECTOR_WEB_ANONYMITY_H
#define ANKETA_COLLECTOR_WEB_ANONYMITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/store/store.h"

/*
 * Anonymity: which columns that could point at a person may stand together in
 * raw rows.
 *
 * k-anonymity (Samarati and Sweeney 1998) by leaving out whole columns: a
 * column is kept if afterwards every combination of the kept columns that
 * occurs, no answer being a value too, is shared by k rows. Columns are tried
 * in the order they are given, so earlier ones have precedence.
 *
 * Memory   8 bytes a row and 24 for each k rows.
 * Threads  As the store passed in.
 */
struct anonymity;

/* Of the `rows` rows that store_answers_each() tells; wave and reader are
 * borrowed and must not change meanwhile. */
MUST_CHECK enum status
anonymity_new(struct store *reader, int64_t wave, size_t rows, uint32_t k,
              struct anonymity **out);
void
anonymity_free(struct anonymity *a);

/* Try a column and keep it if it may be kept. */
MUST_CHECK enum status
anonymity_keep(struct anonymity *a, uint32_t field, bool *out_kept);

/* Has the column k answers that are not unanimous? It is not kept by this. */
MUST_CHECK enum status
anonymity_is_open(struct anonymity *a, uint32_t field, bool *out_open);

#endif
