#ifndef ANKETA_MATCHING_CHECKER_H
#define ANKETA_MATCHING_CHECKER_H

#include "base/status.h"
#include "collector/matching/preferences.h"

/*
 * Checker: whether a result is what it claims to be, by the definitions alone.
 *
 * It shares no code with the algorithms (nothing but preferences.h is included)
 * and is written to be read: no speed beyond what a region needs.
 *
 *   weak    both would strictly rather be together
 *   strong  one strictly, the other at least as gladly
 *   super   both at least as gladly
 *
 * A mentee would rather have any acceptable mentor than none; a mentor with a
 * free place would rather have anybody acceptable. Forced pairs block nothing,
 * their places are not contested; nor do mentors whose group did not open.
 */
enum checker_kind {
    CHECKER_WEAK,
    CHECKER_STRONG,
    CHECKER_SUPER,
    CHECKER_KIND_COUNT
};

struct checker_pairs {
    struct preferences_pair *pair; /* owned; by mentee row, then her list */
    uint32_t count;
    uint32_t max;
};

struct checker {
    struct checker_pairs blocking[CHECKER_KIND_COUNT];
    struct checker_pairs invalid; /* not acceptable to both, or forbidden */
    uint32_t overfull;            /* mentors with more people than places */
    uint32_t unkept;              /* forced pairs that are not together */
    uint32_t too_small;           /* groups open below their minimum */
};

/* `mentor_of` by mentee row. */
MUST_CHECK enum status
checker_run(const struct preferences *p, const uint32_t *mentor_of,
            struct checker *out);

void
checker_deinit(struct checker *c);

/*
 * A proof that no stable matching has more than `bound` pairs: pairs that
 * cannot be in one, in an order in which each follows by a rule from what is
 * left (see reduction.h), and people who touch every pair left.
 */
struct checker_step {
    struct preferences_pair deleted;
    struct preferences_pair because;
    bool offered; /* else by applications */
};

struct checker_proof {
    const struct checker_step *step;
    uint32_t steps;
    const unsigned char *mentee_cover; /* by row */
    const unsigned char *mentor_cover;
    uint32_t bound;
};

/* STATUS_OK: the proof holds. STATUS_E_INVALID: it does not. */
MUST_CHECK enum status
checker_prove(const struct preferences *p, const struct checker_proof *proof);

#endif
