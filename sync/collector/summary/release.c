#include "collector/summary/release.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/summary/suppress.h"

/* Rows that agree in all columns kept so far share a class. */
struct row {
    size_t class_of;
    uint32_t value; /* in the column being tried */
};

static int
compare_rows(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    if (x->class_of != y->class_of) {
        return x->class_of < y->class_of ? -1 : 1;
    }
    if (x->value != y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return 0;
}

/* The smallest number of equal neighbours in sorted rows. */
static size_t
smallest_class(const struct row *row, size_t rows)
{
    size_t smallest = rows;
    size_t start = 0;
    for (size_t i = 1; i <= rows; i++) {
        if (i == rows || compare_rows(&row[i], &row[start]) != 0) {
            smallest = i - start < smallest ? i - start : smallest;
            start = i;
        }
    }
    return smallest;
}

/* The class of a row after the column tried: its place among the sorted. */
static size_t
find_class(const struct row *sorted, size_t rows, const struct row *wanted)
{
    size_t low = 0;
    size_t high = rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_rows(&sorted[middle], wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low; /* the first of its equals stands for them all */
}

enum status
release_decide(const uint32_t *value, size_t rows, size_t columns, uint32_t k,
               struct release *out)
{
    *out = (struct release){.rows = rows >= k,
                            .texts = rows >= k && rows >= SUPPRESS_COMMENTS};
    if (columns > RELEASE_COLUMNS_MAX) {
        return STATUS_E_LIMIT;
    }
    if (!out->rows || rows == 0) {
        return STATUS_OK;
    }
    struct row *row = calloc(rows, sizeof(*row));
    struct row *sorted = calloc(rows, sizeof(*sorted));
    if (!row || !sorted) {
        free(row);
        free(sorted);
        return log_oom("release");
    }
    for (size_t c = 0; c < columns; c++) {
        for (size_t i = 0; i < rows; i++) {
            row[i].value = value[i * columns + c];
        }
        memcpy(sorted, row, rows * sizeof(*row));
        qsort(sorted, rows, sizeof(*sorted), compare_rows);
        out->column[c] = smallest_class(sorted, rows) >= k;
        for (size_t i = 0; i < rows && out->column[c]; i++) {
            row[i].class_of = find_class(sorted, rows, &row[i]);
        }
    }
    free(row);
    free(sorted);
    return STATUS_OK;
}
