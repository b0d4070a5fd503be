#ifndef ANKETA_MATCHING_TIESEARCH_H
#define ANKETA_MATCHING_TIESEARCH_H

#include "base/status.h"
#include "collector/matching/hrt.h"
#include "collector/matching/lottery.h"

/*
 * Tiesearch: a walk among weakly stable matchings, from tie to tie.
 *
 * Every step changes one decision between equals (an unmatched mentee takes the
 * place of an equally ranked one; a mentee moves between equally good mentors)
 * and then lets the displaced person and the vacated place settle as deferred
 * acceptance does, so that each visited matching is weakly stable. Chains that
 * lose a pair are undone. The idea of searching over tie-breakings is that of
 * TBLS (Qiu 2024, arXiv 2409.10575); following single chains instead of running
 * Gale-Shapley anew makes a step cost about a microsecond.
 *
 * The walk ends after a number of steps, never after a time: the same seed
 * gives the same matching on every machine.
 */
struct tiesearch {
    uint64_t steps;
    uint32_t size_bound;  /* stop at this size; with by_weight, go on */
    bool by_weight;       /* at the best size, look for more weight */
    int64_t weight_bound; /* with by_weight: stop at this weight too */
};

/* `match` is weakly stable on entry; the best one met on return. */
MUST_CHECK enum status
tiesearch_run(const struct hrt *h, const struct tiesearch *options,
              struct lottery_draw *draw, uint32_t *match);

#endif
