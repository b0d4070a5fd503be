#ifndef ANKETA_SUMMARY_RANKTEST_H
#define ANKETA_SUMMARY_RANKTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/summary/tally.h"

/*
 * Ranktest: exact rank tests, ties included.
 *
 * Both p values come from the permutation distribution of the doubled midranks
 * that were observed, counted by the shift algorithm (Streitberg and Röhmel
 * 1986): group by group of tied values, exact whatever the ties. Two-sided p is
 * the chance of a rank sum at least as far from its expectation as the one
 * seen. Beyond the size limits the normal approximation with tie and
 * continuity correction takes over, and `exact` says so.
 *
 * Sizes    At most RANKTEST_MAX_CELLS doubles of work space (16 MiB): exact
 *          for about 80 + 80 unlinked and 360 linked answers, and more when
 *          one side is small.
 * Errors   STATUS_NONE when there is nothing to compare (an empty side, or only
 *          zero differences); STATUS_E_NOMEM.
 */
#define RANKTEST_MAX_CELLS ((size_t)2 << 20)
#define RANKTEST_MAX_STEPS ((size_t)2 << 27)

struct ranktest {
    uint64_t n1; /* unlinked: first side; linked: non-zero differences */
    uint64_t n2; /* unlinked: second side; linked: zero differences */
    /* Unlinked: Mann-Whitney U of the second side, ties counting one half.
     * Linked: sum of the ranks of positive differences. */
    double statistic;
    double p;       /* two-sided */
    double least_p; /* the smallest p these sizes and ties could ever give */
    bool exact;
};

/* Mann-Whitney (Wilcoxon rank sum): two sets of different people. */
MUST_CHECK enum status
ranktest_unlinked(const struct tally *first, const struct tally *second,
                  struct ranktest *out);

/* Wilcoxon signed rank of differences (second - first) of the same people.
 * Zeros take part in the ranking and are then left out (Pratt 1959). */
MUST_CHECK enum status
ranktest_linked(const struct tally *differences, struct ranktest *out);

/* Sums of the Pratt ranks of positive and of negative differences. */
void
ranktest_signed_ranks(const struct tally *differences, double *out_positive,
                      double *out_negative);

#endif
