#ifndef ANKETA_SUMMARY_COMPARE_H
#define ANKETA_SUMMARY_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/summary/interval.h"
#include "collector/summary/ranktest.h"
#include "collector/summary/tally.h"

/*
 * Compare: what changed between two waves in one question.
 *
 * Unlinked (different or unknown people): difference of means with Welch's
 * interval, Cliff's delta with the asymmetric interval of Cliff (1996), and the
 * Mann-Whitney p. Linked (a kept slip code joins the two answers of a person):
 * mean of the differences with Student's interval, the matched rank-biserial
 * correlation with an interval by Fisher's z, and the signed-rank p.
 * Effect sizes are positive when the second wave is higher. Where all answers
 * point one way, so that the standard error is zero, the lower end is taken
 * from the sizes alone instead of claiming certainty.
 */
enum compare_size {
    COMPARE_NEGLIGIBLE, /* |effect| < 0.147 (Romano and others 2006) */
    COMPARE_SMALL,      /* < 0.33 */
    COMPARE_MEDIUM,     /* < 0.474 */
    COMPARE_LARGE
};

struct compare {
    bool linked;
    double difference; /* of the means: second - first */
    struct interval difference_interval;
    double effect; /* -1..1 */
    struct interval effect_interval;
    enum compare_size size;
    struct ranktest test;
    /* No result at these sizes could reach the 5 % level: say so, and say
     * nothing about chance. */
    bool powerless;
};

MUST_CHECK enum status
compare_unlinked(const struct tally *first, const struct tally *second,
                 double level, struct compare *out);

/* `differences`: second - first of every person with both answers. */
MUST_CHECK enum status
compare_linked(const struct tally *differences, double level,
               struct compare *out);

/* Cliff's delta of second over first, -1..1; NAN if either is empty. */
double
compare_cliff(const struct tally *first, const struct tally *second);

enum compare_size
compare_effect_size(double effect);

/* Holm's step-down adjustment of `count` p values. NAN entries are tests that
 * were not made; they stay NAN and do not count. `out` may be `p`.
 * STATUS_E_LIMIT beyond COMPARE_HOLM_MAX. */
#define COMPARE_HOLM_MAX 512

MUST_CHECK enum status
compare_holm(const double *p, size_t count, double *out);

#endif
