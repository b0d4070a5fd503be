#ifndef ANKETA_MATCHING_PREFERENCES_H
#define ANKETA_MATCHING_PREFERENCES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"

/*
 * Preferences: what both sides of a meeting said, as they said it.
 *
 * The Hospitals/Residents problem with Ties, mentees as residents and mentors
 * as hospitals: everybody ranks any number of people of the other side, equal
 * ranks allowed, a mentor has places. A pair is acceptable only if each lists
 * the other. The coordinator adds locks: a forbidden pair counts as listed by
 * neither; a forced pair is fixed, its place is not contested, and its mentee
 * takes part in nothing else.
 *
 * Sizes    A preschool has up to 60 people, a city 100,000; limits below.
 * Memory   Everything hangs on `mem`; the caller fills the arrays given by
 *          preferences_init() with memory from there.
 * Threads  Read-only after preferences_check(): any number of readers.
 */
#define PREFERENCES_MAX_PEOPLE 1000000 /* a side */
#define PREFERENCES_MAX_ENTRIES 20000000
#define PREFERENCES_MAX_BYTES ((size_t)2 * 1024 * 1024 * 1024)
#define PREFERENCES_MAX_SCORE 1000000 /* absolute value */
#define PREFERENCES_NOBODY UINT32_MAX

/* `who` is a row of the other side; rank 0 is the best, equal ranks a tie.
 * Entries stand in the order of their ranks. */
struct preferences_entry {
    uint32_t who;
    uint32_t rank;
};

/* How well mentee row `who` suits the mentor whose list this is. */
struct preferences_score {
    uint32_t who;
    int32_t score;
};

struct preferences_list {
    uint32_t count;
    struct preferences_entry *entry;
};

struct preferences_scores {
    uint32_t count;
    struct preferences_score *score;
};

struct preferences_pair {
    uint32_t mentee;
    uint32_t mentor;
};

struct preferences {
    struct arena mem;
    uint32_t mentees;
    uint32_t mentors;
    const char **mentee_id; /* unique among mentees */
    const char **mentor_id;
    struct preferences_list *mentee_list;
    struct preferences_list *mentor_list;
    struct preferences_scores *scores; /* by mentor; a missing score is 0 */
    uint32_t *capacity;
    uint32_t *minimum; /* a group opens with at least so many; 0: any */
    struct preferences_pair *forced;
    uint32_t forced_count;
    struct preferences_pair *forbidden;
    uint32_t forbidden_count;
    uint32_t *previous; /* mentor row by mentee, to disrupt least; or NULL */
};

/* Arrays for so many people, all lists empty. */
MUST_CHECK enum status
preferences_init(struct preferences *p, uint32_t mentees, uint32_t mentors);

void
preferences_deinit(struct preferences *p);

/*
 * Check the rules that the algorithms rely on and say what breaks them: rows
 * in range, nobody twice in a list, ranks in order, forced pairs that are not
 * forbidden, one mentor to a mentee, within capacity. A forced pair that
 * neither side listed is only a warning. STATUS_E_INVALID after any error.
 */
MUST_CHECK enum status
preferences_check(const struct preferences *p, struct diag *d);

/*
 * Put everybody not listed at the end of every list, in ties of equal score,
 * better scores first; forbidden pairs stay forbidden. For coordinators who
 * would rather give an unknown partner than none.
 */
MUST_CHECK enum status
preferences_complete(struct preferences *p);

#endif
