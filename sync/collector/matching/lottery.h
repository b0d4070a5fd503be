#ifndef ANKETA_MATCHING_LOTTERY_H
#define ANKETA_MATCHING_LOTTERY_H

#include <stdint.h>

#include "base/status.h"

/*
 * Lottery: chance that anybody can draw again.
 *
 * A person's number is SipHash-2-4 (Aumasson, Bernstein 2012) of the id under
 * the published seed: it depends neither on the row she stands in nor on where
 * her name falls in the alphabet, and it cannot be steered without trying
 * seeds. Searches take their random steps from the same seed, so a result is
 * repeated by repeating the seed.
 *
 * Threads  Pure functions; a draw belongs to one thread.
 */
uint64_t
lottery_number(uint64_t seed, const char *id);

/* SplitMix64 (Steele, Lea, Flood 2014). */
struct lottery_draw {
    uint64_t state;
};

uint64_t
lottery_next(struct lottery_draw *draw);

/* In [0, bound), bound > 0. */
uint32_t
lottery_below(struct lottery_draw *draw, uint32_t bound);

/*
 * The indices of `count` ids in the order of their numbers, and the numbers
 * themselves by index.
 */
MUST_CHECK enum status
lottery_order(uint64_t seed, const char *const *id, uint32_t count,
              uint64_t *out_number, uint32_t *out_order);

#endif
