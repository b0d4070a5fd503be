#ifndef ANKETA_SUMMARY_PROPORTION_H
#define ANKETA_SUMMARY_PROPORTION_H

#include <stdint.h>

#include "collector/summary/interval.h"
#include "collector/summary/tally.h"

/*
 * Proportion: shares with their intervals.
 *
 * A share (top-2-box, "satisfied", response rate, an option) carries the score
 * interval of Wilson (1927), which stays sensible for a handful of answers and
 * at 0 and 100 %. The net promoter score carries the adjusted Wald interval
 * (three answers added, in thirds of 3/4, 3/2, 3/4).
 *
 * Errors  Of n = 0 everything is NAN.
 */
struct proportion {
    uint64_t hits;
    uint64_t n;
    double share; /* hits / n, 0..1 */
    struct interval interval;
};

struct interval
proportion_wilson(uint64_t hits, uint64_t n, double level);

struct proportion
proportion_of(uint64_t hits, uint64_t n, double level);

/* Share of the answers with low <= value <= high: top-2-box of a 1-10 scale is
 * (9, 10), "satisfied" is (cut, highest value). */
struct proportion
proportion_between(const struct tally *t, double low, double high,
                   double level);

struct proportion_nps {
    uint64_t promoters;  /* 9 and 10 */
    uint64_t detractors; /* 0 to 6 */
    uint64_t n;
    double score; /* -100..100 */
    struct interval interval;
};

/* STATUS_E_INVALID if any answer is not a whole number 0..10: a scale of 1-10
 * is no net promoter score, and the caller knows the scale of the question. */
MUST_CHECK enum status
proportion_nps(const struct tally *t, double level, struct proportion_nps *out);

#endif
