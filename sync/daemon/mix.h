#ifndef ANKETA_DAEMON_MIX_H
#define ANKETA_DAEMON_MIX_H

#include <stddef.h>

#include "base/status.h"
#include "seal/seal.h"
#include "store/library.h"

/*
 * Mix: which of the waiting records may leave together.
 *
 * Of an anonymous (or slip-coded) wave that is still open a batch carries none
 * or at least k (the library's or the kiosk's own, whichever is larger), and never leaves fewer than k behind unless none; of a closed
 * wave, of one the library no longer knows, and of named forms whatever there
 * is. The choice within a wave and the order of all are drawn by a CSPRNG.
 *
 * Threads  Pure function.
 */
struct mix_item {
    uint32_t index; /* the caller's; comes back in the choice */
    uint16_t tag;   /* index of the form's tag in the rules */
    uint32_t bytes;
};

/* What the choice goes by; all borrowed. */
struct mix_rules {
    const struct library_wave *wave;
    size_t wave_count;
    const struct seal_hash *tag; /* the form tags there are */
    size_t tag_count;
    size_t least; /* this kiosk's own k, however small the library's is */
    size_t max_records;
    size_t max_bytes;
};

/* How many of that tag leave together at least; 1: any number may. */
size_t
mix_least(const struct mix_rules *rules, const struct seal_hash *tag);

/* Reorders `item` and puts the chosen ones first, in the order in which they
 * shall go; their number in *out_chosen. */
MUST_CHECK enum status
mix_choose(struct mix_item *item, size_t count, const struct mix_rules *rules,
           size_t *out_chosen);

#endif
