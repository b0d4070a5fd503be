#include "collector/summary/alpha.h"

#include <math.h>

#include "collector/summary/describe.h"
#include "collector/summary/special.h"

enum status
alpha_init(struct alpha_sums *s, size_t items)
{
    *s = (struct alpha_sums){.items = 0};
    if (items < ALPHA_MIN_ITEMS) {
        return STATUS_E_INVALID;
    }
    if (items > ALPHA_ITEMS_MAX) {
        return STATUS_E_LIMIT;
    }
    s->items = items;
    return STATUS_OK;
}

void
alpha_add(struct alpha_sums *s, const double *answer)
{
    double total = 0.0;
    for (size_t i = 0; i < s->items; i++) {
        s->item[i] += answer[i];
        s->item_square[i] += answer[i] * answer[i];
        total += answer[i];
    }
    s->total += total;
    s->total_square += total * total;
    s->n++;
}

/* Sum of squared deviations from sums of whole numbers: exact below 2^53. */
static double
deviation(double square, double sum, double n)
{
    return (n * square - sum * sum) / n;
}

void
alpha_compute(const struct alpha_sums *s, double level, struct alpha *out)
{
    *out = (struct alpha){s->n, NAN, {NAN, NAN}, false};
    if (s->n < 2 || s->items < ALPHA_MIN_ITEMS) {
        return;
    }
    double n = (double)s->n;
    double k = (double)s->items;
    double items = 0.0;
    for (size_t i = 0; i < s->items; i++) {
        items += deviation(s->item_square[i], s->item[i], n);
    }
    double total = deviation(s->total_square, s->total, n);
    if (!(total > 0.0)) {
        return;
    }
    out->alpha = k / (k - 1.0) * (1.0 - items / total);
    double df1 = n - 1.0;
    double df2 = (n - 1.0) * (k - 1.0);
    double tail = 0.5 - 0.5 * level;
    double rest = 1.0 - out->alpha;
    out->interval.low = 1.0 - rest * special_f_quantile(1.0 - tail, df1, df2);
    out->interval.high = 1.0 - rest * special_f_quantile(tail, df1, df2);
    out->shown = s->n >= ALPHA_MIN_ANSWERS;
}

struct interval
alpha_mean(const struct alpha_sums *s, size_t item, double level,
           double *out_mean)
{
    bool whole = item == ALPHA_SCALE;
    double sum = whole ? s->total : s->item[item];
    double square = whole ? s->total_square : s->item_square[item];
    double items = whole ? (double)s->items : 1.0;
    double n = (double)s->n;
    *out_mean = s->n > 0 ? sum / n / items : (double)NAN;
    double sd =
        s->n > 1
            ? sqrt(fmax(deviation(square, sum, n), 0.0) / (n - 1.0)) / items
            : (double)NAN;
    return describe_mean_interval(*out_mean, sd, s->n, level);
}

bool
alpha_unanimous(const struct alpha_sums *s, size_t item, double low,
                double high)
{
    bool whole = item == ALPHA_SCALE;
    double items = whole ? (double)s->items : 1.0;
    double sum = whole ? s->total : s->item[item];
    double square = whole ? s->total_square : s->item_square[item];
    double others = (double)s->n - 1.0;
    size_t steps = (size_t)fmax((high - low) * items + 0.5, 0.0);
    for (size_t i = 0; i <= steps; i++) {
        double a = low * items + (double)i;
        double b = sum - others * a;
        bool within = b > low * items - 0.5 && b < high * items + 0.5;
        if (within && fabs(others * a * a + b * b - square) < 0.5) {
            return true;
        }
    }
    return s->n < 2;
}
