#ifndef ANKETA_MATCHING_PAIRWISE_H
#define ANKETA_MATCHING_PAIRWISE_H

#include "base/status.h"
#include "collector/matching/ballots.h"

/*
 * Pairwise: rules for one winner from ranked ballots.
 *
 * Results are sets of candidates (ballots_bit); more than one means a tie, to
 * be reported as one. All arithmetic is in whole numbers.
 *
 *   condorcet    beats every other; empty if nobody does
 *   schulze      strongest paths over margins (Schulze 2011)
 *   copeland     most wins less losses
 *   minimax      smallest worst defeat, by margin
 *   ranked pairs margins locked in from the largest (Tideman 1987); not defined
 *                here where two margins are equal
 *   borda        average points for ties; points are doubled to stay whole
 *   plurality    most first places; a tie for the first place counts for none
 *   irv          the lowest go out, all who are tied together; `irv_put` holds
 *                whoever wins under some order of the tied
 */
struct pairwise {
    uint32_t candidates;
    /* prefers[a * candidates + b]: ballots with a above b */
    uint32_t *prefers; /* owned */
    int64_t borda_doubled[BALLOTS_MAX_CANDIDATES];
    uint32_t first_places[BALLOTS_MAX_CANDIDATES];
    int64_t copeland_score[BALLOTS_MAX_CANDIDATES];
    uint64_t condorcet;
    uint64_t schulze;
    uint64_t copeland;
    uint64_t minimax;
    uint64_t ranked_pairs;
    bool ranked_pairs_defined;
    uint64_t borda;
    uint64_t plurality;
    uint64_t irv;
    uint64_t irv_put;
    bool irv_put_known; /* false where there were too many orders to try */
};

MUST_CHECK enum status
pairwise_count(const struct ballots *b, struct pairwise *out);

void
pairwise_deinit(struct pairwise *p);

/* Ballots with a above b less ballots with b above a. */
int64_t
pairwise_margin(const struct pairwise *p, uint32_t a, uint32_t b);

#endif
