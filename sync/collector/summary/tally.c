#include "collector/summary/tally.h"

#include <math.h>

uint64_t
tally_total(const struct tally *t)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->count; i++) {
        n += t->value[i].count;
    }
    return n;
}

uint64_t
tally_between(const struct tally *t, double low, double high)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->value[i].value >= low && t->value[i].value <= high) {
            n += t->value[i].count;
        }
    }
    return n;
}

uint64_t
tally_mode_count(const struct tally *t)
{
    uint64_t most = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->value[i].count > most) {
            most = t->value[i].count;
        }
    }
    return most;
}

/* The smallest of 1, 2, 5 times a power of ten that is not below `width`. */
static double
round_width(double width)
{
    double power = pow(10.0, floor(log10(width)));
    static const double steps[] = {1.0, 2.0, 5.0};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i] * power >= width * (1.0 - 1e-9)) {
            return steps[i] * power;
        }
    }
    return 10.0 * power;
}

size_t
tally_histogram(const struct tally *t, struct tally_bin out[TALLY_BINS_MAX])
{
    size_t first = 0;
    size_t end = t->count;
    while (first < end && t->value[first].count == 0) {
        first++;
    }
    while (end > first && t->value[end - 1].count == 0) {
        end--;
    }
    if (first == end) {
        return 0;
    }
    double low = t->value[first].value;
    double high = t->value[end - 1].value;
    double wanted = 1.0 + log2((double)tally_total(t));
    double width = high > low ? round_width((high - low) / wanted) : 1.0;
    double start = floor(low / width) * width;
    size_t bins =
        (size_t)fmin(floor((high - start) / width) + 1.0, TALLY_BINS_MAX);
    for (size_t b = 0; b < bins; b++) {
        out[b] = (struct tally_bin){start + (double)b * width,
                                    start + (double)(b + 1) * width, 0};
    }
    for (size_t i = first; i < end; i++) {
        double at = floor((t->value[i].value - start) / width);
        size_t b = at < 0.0 ? 0 : (size_t)at;
        out[b < bins ? b : bins - 1].count += t->value[i].count;
    }
    return bins;
}
