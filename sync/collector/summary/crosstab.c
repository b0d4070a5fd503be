#include "collector/summary/crosstab.h"

#include <math.h>

static void
association(struct crosstab *t)
{
    double used_rows = 0.0;
    double used_columns = 0.0;
    for (size_t r = 0; r < t->rows; r++) {
        used_rows += t->row_total[r] > 0 ? 1.0 : 0.0;
    }
    for (size_t c = 0; c < t->columns; c++) {
        used_columns += t->column_total[c] > 0 ? 1.0 : 0.0;
    }
    double n = (double)t->total;
    if (used_rows < 2.0 || used_columns < 2.0 || n < 2.0) {
        return;
    }
    double chi = 0.0;
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->columns; c++) {
            double expected =
                (double)t->row_total[r] * (double)t->column_total[c] / n;
            double d = (double)t->count[r * t->columns + c] - expected;
            chi += expected > 0.0 ? d * d / expected : 0.0;
        }
    }
    double rows = used_rows - (used_rows - 1.0) * (used_rows - 1.0) / (n - 1.0);
    double columns =
        used_columns - (used_columns - 1.0) * (used_columns - 1.0) / (n - 1.0);
    double phi = fmax(
        chi / n - (used_rows - 1.0) * (used_columns - 1.0) / (n - 1.0), 0.0);
    double side = fmin(rows, columns) - 1.0;
    t->chi_square = chi;
    t->cramer_v = side > 0.0 ? fmin(sqrt(phi / side), 1.0) : (double)NAN;
}

enum status
crosstab_init(struct crosstab *t, size_t rows, size_t columns,
              const uint64_t *count)
{
    *t = (struct crosstab){.chi_square = NAN, .cramer_v = NAN};
    if (rows > CROSSTAB_ROWS_MAX || columns > CROSSTAB_COLUMNS_MAX) {
        return STATUS_E_LIMIT;
    }
    t->rows = rows;
    t->columns = columns;
    t->count = count;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            uint64_t v = count[r * columns + c];
            t->row_total[r] += v;
            t->column_total[c] += v;
            t->total += v;
        }
    }
    association(t);
    return STATUS_OK;
}

double
crosstab_share(const struct crosstab *t, size_t row, size_t column)
{
    if (t->row_total[row] == 0) {
        return NAN;
    }
    return (double)t->count[row * t->columns + column]
           / (double)t->row_total[row];
}
