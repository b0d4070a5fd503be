#ifndef ANKETA_MATCHING_MINCOST_H
#define ANKETA_MATCHING_MINCOST_H

#include "base/status.h"
#include "collector/matching/hrt.h"

/*
 * Mincost: the largest matching, then the one of most weight, without asking
 * for stability.
 *
 * Minimum-cost flow by shortest augmenting paths with potentials (Jonker,
 * Volgenant 1987), mentees entering one after another; an unmatched mentee
 * costs more than all weights together.
 */
MUST_CHECK enum status
mincost_run(const struct hrt *h, uint32_t *out_match);

#endif
