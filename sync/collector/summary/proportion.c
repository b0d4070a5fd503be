#include "collector/summary/proportion.h"

#include <math.h>

#include "collector/summary/special.h"

struct interval
proportion_wilson(uint64_t hits, uint64_t n, double level)
{
    if (n == 0 || hits > n) {
        return (struct interval){NAN, NAN};
    }
    double z = special_normal_quantile(0.5 + 0.5 * level);
    double total = (double)n;
    double p = (double)hits / total;
    double whole = 1.0 + z * z / total;
    double centre = p + z * z / (2.0 * total);
    double half =
        z * sqrt(p * (1.0 - p) / total + z * z / (4.0 * total * total));
    /* At the ends the root cancels exactly in theory, not in binary. */
    return (struct interval){
        hits == 0 ? 0.0 : (centre - half) / whole,
        hits == n ? 1.0 : (centre + half) / whole,
    };
}

struct proportion
proportion_of(uint64_t hits, uint64_t n, double level)
{
    return (struct proportion){
        hits,
        n,
        n > 0 ? (double)hits / (double)n : (double)NAN,
        proportion_wilson(hits, n, level),
    };
}

struct proportion
proportion_between(const struct tally *t, double low, double high, double level)
{
    return proportion_of(tally_between(t, low, high), tally_total(t), level);
}

enum status
proportion_nps(const struct tally *t, double level, struct proportion_nps *out)
{
    *out = (struct proportion_nps){0, 0, 0, NAN, {NAN, NAN}};
    for (size_t i = 0; i < t->count; i++) {
        double v = t->value[i].value;
        if (v < 0.0 || v > 10.0 || v > floor(v)) {
            return STATUS_E_INVALID;
        }
    }
    out->n = tally_total(t);
    out->promoters = tally_between(t, 9.0, 10.0);
    out->detractors = tally_between(t, 0.0, 6.0);
    if (out->n == 0) {
        return STATUS_NONE;
    }
    double n = (double)out->n;
    out->score = 100.0 * ((double)out->promoters - (double)out->detractors) / n;
    double adjusted = n + 3.0;
    double up = ((double)out->promoters + 0.75) / adjusted;
    double down = ((double)out->detractors + 0.75) / adjusted;
    double centre = up - down;
    double half = special_normal_quantile(0.5 + 0.5 * level)
                  * sqrt((up + down - centre * centre) / adjusted);
    out->interval = (struct interval){
        100.0 * fmax(centre - half, -1.0),
        100.0 * fmin(centre + half, 1.0),
    };
    return STATUS_OK;
}
