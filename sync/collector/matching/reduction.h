#ifndef ANKETA_MATCHING_REDUCTION_H
#define ANKETA_MATCHING_REDUCTION_H

#include "base/status.h"
#include "collector/matching/hrt.h"

/*
 * Reduction: pairs that no weakly stable matching can contain.
 *
 * Two rules, repeated until neither finds anything (Irving, Manlove 2009;
 * Pettersson, Delorme et al. 2021, for ties on both sides):
 *
 *   apply  A mentee whose best remaining tie is one mentor applies there. When
 *          a mentor with c places has c applicants, nobody strictly worse than
 *          the c-th can be hers: some applicant would be left out and prefer
 *          her.
 *   offer  A mentor with at most c people ranked as high as a mentee (herself
 *          included) would always take her, so that mentee never ends with
 *          anybody strictly worse.
 *
 * A matching that is stable among the remaining pairs is stable among all. A
 * mentor who may be closed (minimum > 0) attracts nobody for certain, and
 * neither rule starts from her.
 *
 * Deletions are listed in an order in which each follows from the earlier ones:
 * a checker can repeat them one by one.
 */
struct reduction_step {
    uint32_t pair;
    uint32_t because; /* the mentor's application threshold or offer: a pair */
    bool offered;
};

struct reduction {
    unsigned char *keep;         /* by pair; owned */
    struct reduction_step *step; /* owned */
    uint32_t steps;
};

MUST_CHECK enum status
reduction_run(const struct hrt *h, struct reduction *out);

void
reduction_deinit(struct reduction *r);

#endif
