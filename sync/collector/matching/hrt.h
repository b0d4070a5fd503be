#ifndef ANKETA_MATCHING_HRT_H
#define ANKETA_MATCHING_HRT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "collector/matching/preferences.h"

/*
 * Hrt: preferences made ready for the algorithms.
 *
 * Only acceptable pairs are left, each once: one-sided entries, forbidden
 * pairs and whatever a forced pair settles are gone, and forced places are
 * taken off the capacity. People are numbered by lottery and not by row, so
 * that no algorithm can see the order of the input or the names.
 *
 * Sizes    400,000 pairs for a city; built in time linear in them but for the
 *          sorting of the lottery numbers.
 * Threads  Immutable once built; any number of readers.
 */
#define HRT_NONE UINT32_MAX

/* rank_by_mentee is the place that the mentee gives to the mentor, 0 best;
 * equal ranks are a tie. */
struct hrt_pair {
    uint32_t mentee;
    uint32_t mentor;
    uint32_t rank_by_mentee;
    uint32_t rank_by_mentor;
};

struct hrt {
    struct arena mem;
    uint32_t mentees;
    uint32_t mentors;
    uint32_t pairs;
    uint32_t *mentee_first; /* pairs of mentee e: [first[e], first[e + 1]) */
    struct hrt_pair *pair;  /* by mentee, rank_by_mentee, mentor */
    uint32_t *mentor_first; /* the same, into by_mentor */
    uint32_t *by_mentor;    /* pairs by mentor, rank_by_mentor, mentee */
    uint32_t *place;        /* where a pair stands in by_mentor */
    int64_t *weight;        /* by pair: score, and a bonus for staying */
    uint32_t *capacity;
    uint32_t *minimum;
    uint32_t *mentee_row; /* row in the preferences (of a part: its parent) */
    uint32_t *mentor_row;
    uint32_t *pair_row; /* of a part: the pair of the parent; else NULL */
};

/* All memory of an hrt is from its arena. */
MUST_CHECK enum status
hrt_build(const struct preferences *p, uint64_t seed, struct hrt *out);

/* The people of `whole` named by `mentee` and `mentor`, in rising order, and
 * the pairs between them with keep[pair] != 0; keep == NULL keeps all. */
struct hrt_choice {
    const uint32_t *mentee;
    uint32_t mentees;
    const uint32_t *mentor;
    uint32_t mentors;
    const unsigned char *keep;
    uint32_t *local_mentor; /* scratch, one for each mentor of `whole` */
};

MUST_CHECK enum status
hrt_part(const struct hrt *whole, const struct hrt_choice *choice,
         struct hrt *out);

void
hrt_deinit(struct hrt *h);

/* A matching is an array with the pair of each mentee, or HRT_NONE. */
uint32_t
hrt_size(const struct hrt *h, const uint32_t *match);

int64_t
hrt_weight(const struct hrt *h, const uint32_t *match);

/* How many have each mentor; `out_load` has one entry a mentor. */
void
hrt_load(const struct hrt *h, const uint32_t *match, uint32_t *out_load);

/* The worst rank that each mentor holds; UINT64_MAX with a free place. */
MUST_CHECK enum status
hrt_worst(const struct hrt *h, const uint32_t *match, uint64_t *out_worst);

/* The number of weakly blocking pairs: both would strictly rather be together.
 * closed[mentor] != 0 exempts a mentor; NULL exempts none. One pass. */
MUST_CHECK enum status
hrt_blocking(const struct hrt *h, const uint32_t *match,
             const unsigned char *closed, uint32_t *out_count);

#endif
