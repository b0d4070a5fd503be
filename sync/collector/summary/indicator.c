#include "collector/summary/indicator.h"

#include <math.h>

static struct indicator
against_target(struct indicator i, double low, double high)
{
    i.reached = i.figure.share >= i.target;
    i.settled = low >= i.target || high < i.target;
    return i;
}

struct indicator
indicator_counted(enum indicator_kind kind, uint64_t hits, uint64_t base,
                  double target)
{
    struct proportion figure = proportion_of(hits, base, INTERVAL_LEVEL);
    figure.interval = (struct interval){NAN, NAN};
    struct indicator i = {kind, figure, NAN, target, false, false};
    return against_target(i, figure.share, figure.share);
}

struct indicator
indicator_satisfied(enum indicator_kind kind, const struct tally *answers,
                    double cut, double target)
{
    struct proportion figure =
        proportion_between(answers, cut, INFINITY, INTERVAL_LEVEL);
    struct indicator i = {kind, figure, cut, target, false, false};
    return against_target(i, figure.interval.low, figure.interval.high);
}
