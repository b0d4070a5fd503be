#ifndef ANKETA_MATCHING_BALLOTS_H
#define ANKETA_MATCHING_BALLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Ballots: the votes of a meeting, each a ranking with ties or an approval.
 *
 * Rank 0 is best; candidates not ranked are below all ranked and equal to each
 * other. An approval ballot is a ballot whose ranks are all 0. A ballot that
 * ranks nobody counts as cast, and for nothing.
 *
 * Sizes    Thirty voters and seven nominees; limits below.
 * Threads  Read-only once filled.
 */
#define BALLOTS_MAX_CANDIDATES 64
#define BALLOTS_MAX 1000000
#define BALLOTS_UNRANKED UINT8_MAX

struct ballots {
    uint32_t candidates;
    uint32_t count;
    uint8_t *rank; /* owned; ballot by ballot, `candidates` each */
};

/* All unranked. STATUS_E_LIMIT beyond the limits. */
MUST_CHECK enum status
ballots_init(struct ballots *b, uint32_t candidates, uint32_t count);

void
ballots_deinit(struct ballots *b);

static inline uint8_t *
ballots_at(const struct ballots *b, uint32_t ballot)
{
    return b->rank + (size_t)ballot * b->candidates;
}

/* Sets of candidates: candidate c is bit c, 0 to 63. */
static inline uint64_t
ballots_bit(uint32_t candidate)
{
    return (uint64_t)1 << (candidate & (BALLOTS_MAX_CANDIDATES - 1));
}

static inline uint32_t
ballots_bits(uint64_t set)
{
    uint32_t count = 0;
    for (; set; set &= set - 1) {
        count++;
    }
    return count;
}

#endif
