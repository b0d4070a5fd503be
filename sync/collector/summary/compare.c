#include "collector/summary/compare.h"

#include <math.h>

#include "collector/summary/describe.h"
#include "collector/summary/proportion.h"
#include "collector/summary/special.h"

#define SIGNIFICANT 0.05

enum compare_size
compare_effect_size(double effect)
{
    double size = fabs(effect);
    if (size < 0.147) {
        return COMPARE_NEGLIGIBLE;
    }
    if (size < 0.33) {
        return COMPARE_SMALL;
    }
    return size < 0.474 ? COMPARE_MEDIUM : COMPARE_LARGE;
}

/* Answers of `t` below and above `value`. */
static void
beside(const struct tally *t, double value, double *out_below,
       double *out_above)
{
    *out_below = 0.0;
    *out_above = 0.0;
    for (size_t i = 0; i < t->count; i++) {
        double count = (double)t->value[i].count;
        if (t->value[i].value < value) {
            *out_below += count;
        } else if (t->value[i].value > value) {
            *out_above += count;
        }
    }
}

/* Mean and sum of squared deviations of the dominance of each answer of `one`
 * over all of `other`; `same` collects how often the two differ at all. */
struct dominance {
    double mean;
    double squares;
    double differ; /* share of pairs that are not tied */
};

static struct dominance
dominance_of(const struct tally *one, const struct tally *other)
{
    double n = (double)tally_total(one);
    double m = (double)tally_total(other);
    struct dominance d = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < one->count; i++) {
        double below = 0.0;
        double above = 0.0;
        beside(other, one->value[i].value, &below, &above);
        double c = (double)one->value[i].count;
        d.mean += c * (below - above);
        d.differ += c * (below + above);
    }
    d.mean /= m * n; /* of whole numbers, so that 1 is exactly 1 */
    d.differ /= m * n;
    for (size_t i = 0; i < one->count; i++) {
        double below = 0.0;
        double above = 0.0;
        beside(other, one->value[i].value, &below, &above);
        double dev = (below - above) / m - d.mean;
        d.squares += (double)one->value[i].count * dev * dev;
    }
    return d;
}

double
compare_cliff(const struct tally *first, const struct tally *second)
{
    if (tally_total(first) == 0 || tally_total(second) == 0) {
        return NAN;
    }
    return dominance_of(second, first).mean;
}

static struct interval
cliff_interval(const struct tally *first, const struct tally *second,
               double level)
{
    double n1 = (double)tally_total(first);
    double n2 = (double)tally_total(second);
    if (n1 < 2.0 || n2 < 2.0) {
        return (struct interval){NAN, NAN};
    }
    double z = special_normal_quantile(0.5 + 0.5 * level);
    struct dominance rows = dominance_of(second, first);
    struct dominance cols = dominance_of(first, second);
    double delta = rows.mean;
    if (fabs(delta) >= 1.0) {
        double n = fmin(n1, n2);
        double end = (n - z * z) / (n + z * z);
        return delta > 0.0 ? (struct interval){end, 1.0}
                           : (struct interval){-1.0, -end};
    }
    double spread = n1 * n2 * (rows.differ - delta * delta);
    double variance = (n1 * n1 * rows.squares + n2 * n2 * cols.squares - spread)
                      / (n1 * n2 * (n1 - 1.0) * (n2 - 1.0));
    double d2 = delta * delta;
    variance = fmax(variance, (1.0 - d2) / (n1 * n2 - 1.0));
    double half =
        z * sqrt(variance) * sqrt((1.0 - d2) * (1.0 - d2) + z * z * variance);
    double whole = 1.0 - d2 + z * z * variance;
    double centre = delta - delta * d2;
    return (struct interval){(centre - half) / whole, (centre + half) / whole};
}

static void
welch(const struct tally *first, const struct tally *second, double level,
      struct compare *out)
{
    struct describe a;
    struct describe b;
    describe_tally(first, level, &a);
    describe_tally(second, level, &b);
    out->difference = b.mean - a.mean;
    out->difference_interval = (struct interval){NAN, NAN};
    if (a.n < 2 || b.n < 2) {
        return;
    }
    double va = a.sd * a.sd / (double)a.n;
    double vb = b.sd * b.sd / (double)b.n;
    if (!(va + vb > 0.0)) {
        return; /* no spread at all: nothing to estimate an error from */
    }
    double df = (va + vb) * (va + vb)
                / (va * va / (double)(a.n - 1) + vb * vb / (double)(b.n - 1));
    double half = special_t_quantile(0.5 + 0.5 * level, df) * sqrt(va + vb);
    out->difference_interval =
        (struct interval){out->difference - half, out->difference + half};
}

enum status
compare_unlinked(const struct tally *first, const struct tally *second,
                 double level, struct compare *out)
{
    *out = (struct compare){.linked = false};
    enum status st = ranktest_unlinked(first, second, &out->test);
    if (st != STATUS_OK) {
        return st;
    }
    welch(first, second, level, out);
    out->effect = compare_cliff(first, second);
    out->effect_interval = cliff_interval(first, second, level);
    out->size = compare_effect_size(out->effect);
    out->powerless = out->test.least_p > SIGNIFICANT;
    return STATUS_OK;
}

static struct interval
biserial_interval(double r, uint64_t n, double level)
{
    if (fabs(r) >= 1.0) {
        /* All differences have one sign: the share of that sign, as a
         * difference of two shares. */
        double low = 2.0 * proportion_wilson(n, n, level).low - 1.0;
        return r > 0.0 ? (struct interval){low, 1.0}
                       : (struct interval){-1.0, -low};
    }
    double m = (double)n;
    double se =
        sqrt((2.0 * m * m * m + 3.0 * m * m + m) / 6.0) / ((m * m + m) / 2.0);
    double half = special_normal_quantile(0.5 + 0.5 * level) * se;
    return (struct interval){tanh(atanh(r) - half), tanh(atanh(r) + half)};
}

enum status
compare_linked(const struct tally *differences, double level,
               struct compare *out)
{
    *out = (struct compare){.linked = true};
    struct describe d;
    describe_tally(differences, level, &d);
    out->difference = d.mean;
    out->difference_interval = d.mean_interval;
    enum status st = ranktest_linked(differences, &out->test);
    if (st != STATUS_OK) {
        return st;
    }
    double positive = 0.0;
    double negative = 0.0;
    ranktest_signed_ranks(differences, &positive, &negative);
    out->effect = (positive - negative) / (positive + negative);
    out->effect_interval = biserial_interval(out->effect, out->test.n1, level);
    out->size = compare_effect_size(out->effect);
    out->powerless = out->test.least_p > SIGNIFICANT;
    return STATUS_OK;
}

/* Index of the smallest number that is not NAN, or 0. */
static size_t
smallest(const double *p, size_t count)
{
    size_t least = 0;
    for (size_t i = 1; i < count; i++) {
        if (!isnan(p[i]) && !(p[least] <= p[i])) {
            least = i;
        }
    }
    return least;
}

enum status
compare_holm(const double *p, size_t count, double *out)
{
    if (count > COMPARE_HOLM_MAX) {
        return STATUS_E_LIMIT;
    }
    double left[COMPARE_HOLM_MAX] = {0.0};
    size_t tests = 0;
    for (size_t i = 0; i < count; i++) {
        left[i] = p[i];
        out[i] = NAN;
        tests += isnan(left[i]) ? 0 : 1;
    }
    double floor_p = 0.0;
    for (; tests > 0; tests--) {
        size_t least = smallest(left, count);
        floor_p = fmax(floor_p, fmin(left[least] * (double)tests, 1.0));
        out[least] = floor_p;
        left[least] = NAN;
    }
    return STATUS_OK;
}
