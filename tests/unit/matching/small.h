#ifndef ANKETA_TESTS_MATCHING_SMALL_H
#define ANKETA_TESTS_MATCHING_SMALL_H

/*
 * Small: random programmes of a handful of people, and what is best for them by
 * trying every matching. Nothing here is shared with the algorithms.
 */
#include "collector/matching/lottery.h"
#include "collector/matching/preferences.h"

#define SMALL_MAX 6

struct small {
    uint32_t mentees;
    uint32_t mentors;
    uint32_t capacity[SMALL_MAX];
    uint32_t minimum[SMALL_MAX];
    int mentee_rank[SMALL_MAX][SMALL_MAX]; /* [mentee][mentor]; -1: not */
    int mentor_rank[SMALL_MAX][SMALL_MAX]; /* [mentor][mentee] */
    int score[SMALL_MAX][SMALL_MAX];       /* [mentor][mentee] */
    int forced[SMALL_MAX];                 /* mentor by mentee, or -1 */
    bool forbidden[SMALL_MAX][SMALL_MAX];  /* [mentee][mentor] */
    int previous[SMALL_MAX];               /* mentor by mentee, or -1 */
    bool has_previous;
};

enum small_kind {
    SMALL_STRICT,
    SMALL_TIES,
    SMALL_LOCKS,    /* ties and locks */
    SMALL_MINIMUM,  /* ties and groups that need a minimum */
    SMALL_PREVIOUS, /* ties and pairs to keep */
    SMALL_KIND_COUNT
};

void
small_make(enum small_kind kind, struct lottery_draw *draw, struct small *out);

/* As preferences; row i is person order[i], so that rows can be shuffled. */
void
small_preferences(const struct small *s, const uint32_t *mentee_order,
                  const uint32_t *mentor_order, struct preferences *out);

struct small_best {
    int stable_size; /* -1: no stable matching */
    int stable_score;
    int stable_kept; /* the most pairs kept at that size, then score: */
    int kept_score;
    int size; /* without stability */
    int score;
    int best_rank[SMALL_MAX]; /* of each mentee over all stable ones */
    int worst_rank[SMALL_MAX];
};

void
small_try_all(const struct small *s, struct small_best *out);

#endif
