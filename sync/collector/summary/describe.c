#include "collector/summary/describe.h"

#include <math.h>

#include "collector/summary/special.h"

/* The order statistic with `index` answers before it. */
static double
order_statistic(const struct tally *t, uint64_t index)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < t->count; i++) {
        seen += t->value[i].count;
        if (seen > index) {
            return t->value[i].value;
        }
    }
    return NAN;
}

double
describe_quantile(const struct tally *t, double p)
{
    uint64_t n = tally_total(t);
    if (n == 0 || !(p >= 0.0 && p <= 1.0)) {
        return NAN;
    }
    double at = (double)(n - 1) * p;
    double below = floor(at);
    uint64_t index = (uint64_t)below;
    double low = order_statistic(t, index);
    if (at <= below) {
        return low;
    }
    double high = order_statistic(t, index + 1);
    return low + (at - below) * (high - low);
}

struct interval
describe_mean_interval(double mean, double sd, uint64_t n, double level)
{
    if (n < 2) {
        return (struct interval){NAN, NAN};
    }
    double q = special_t_quantile(0.5 + 0.5 * level, (double)(n - 1));
    double half = q * sd / sqrt((double)n);
    return (struct interval){mean - half, mean + half};
}

void
describe_tally(const struct tally *t, double level, struct describe *out)
{
    uint64_t n = tally_total(t);
    *out = (struct describe){n, NAN, NAN, {NAN, NAN}, NAN, NAN, NAN, NAN, NAN};
    if (n == 0) {
        return;
    }
    double sum = 0.0;
    for (size_t i = 0; i < t->count; i++) {
        sum += (double)t->value[i].count * t->value[i].value;
    }
    out->mean = sum / (double)n;
    /* A second pass about the mean: no cancellation. */
    double squares = 0.0;
    double rest = 0.0;
    for (size_t i = 0; i < t->count; i++) {
        double d = t->value[i].value - out->mean;
        squares += (double)t->value[i].count * d * d;
        rest += (double)t->value[i].count * d;
    }
    out->mean += rest / (double)n;
    if (n > 1) {
        squares -= rest * rest / (double)n;
        out->sd = sqrt(fmax(squares, 0.0) / (double)(n - 1));
    }
    out->mean_interval = describe_mean_interval(out->mean, out->sd, n, level);
    out->min = order_statistic(t, 0);
    out->max = order_statistic(t, n - 1);
    out->q1 = describe_quantile(t, 0.25);
    out->median = describe_quantile(t, 0.5);
    out->q3 = describe_quantile(t, 0.75);
}
