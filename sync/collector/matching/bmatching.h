#ifndef ANKETA_MATCHING_BMATCHING_H
#define ANKETA_MATCHING_BMATCHING_H

#include "base/status.h"
#include "collector/matching/hrt.h"

/*
 * Bmatching: the largest number of pairs when nobody asks for stability.
 *
 * Hopcroft, Karp (1973) with places. No stable matching is larger; when one is
 * as large, that proves it the largest. The proof is a cover (Koenig 1931): all
 * pairs touch a covered mentee or a covered mentor, so that no matching has
 * more pairs than covered mentees plus places of covered mentors.
 */
struct bmatching {
    uint32_t size;
    unsigned char *mentee_cover; /* by mentee; both may be NULL: not asked */
    unsigned char *mentor_cover;
};

/* `match` is any matching on entry, often nearly the largest, and a largest
 * one on return. */
MUST_CHECK enum status
bmatching_run(const struct hrt *h, uint32_t *match, struct bmatching *out);

#endif
