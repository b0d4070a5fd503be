#ifndef ANKETA_SUMMARY_SUPPRESS_H
#define ANKETA_SUMMARY_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Suppress: what may be shown of a wave, so that no table and no combination
 * of tables tells about fewer than k people.
 *
 * Model. People are divided into strata: the finest groups that the group
 * questions of a wave tell apart. A segment is a union of strata that a table
 * has a row for: an option of a group question. Strata that lie in the same
 * shown segments form a class. What is shown never depends on who asks.
 *
 * Rules.
 * 1. Base. A figure stands on k answers at least (k frozen when the wave
 *    opened), verbatim texts on more. The threshold is on the base, not on the
 *    cell: "1 of 20 chose X" points at nobody, as long as nobody knows which of
 *    the twenty. What does point at people is a cell that holds all of them:
 * 2. Unanimity. When all answers, or all but one, are the same, only that is
 *    said, and not which of the two: of an order, the same option at one place;
 *    of several choices, for each option by itself; of a scale, the same value
 *    among those who answered all its items.
 * 3. Groups. Which segments are shown is chosen once for the wave, from the
 *    sizes of the strata alone, so that the choice tells nothing about an
 *    answer, and is the same for all questions. A segment needs k people; so
 *    does every class, that is, whatever adding and subtracting shown segments
 *    can leave over.
 * 4. Questions. The table of a question by group is shown whole or not at all:
 *    only if in every class it has k answers that are not unanimous, and if the
 *    promise below holds with it. Else it is tried merged into fewer answers.
 *
 * Promise. Protected is every set of people that the group questions can point
 * at (a stratum, a segment, what two of them share or differ by, what is left
 * of the whole) with fewer than k answers to the question. Even an attacker who
 * knows the size of every stratum, all tables of all questions, and every row
 * of raw answers that left (web/rows.h lets only the columns out that pass rule
 * 4 in full) cannot pin the number of people of a protected set with an answer,
 * or at and above a step of a scale, down to within one of the truth, unless
 * the table of the whole wave already did, and then the rest adds nothing.
 *
 * Proof. People of one class can exchange their strata without changing
 * anything that was published: rule 3 makes the classes the same for all
 * tables, so this is true of all of them at once. The range that such exchanges
 * reach is computed exactly and must go beyond +-1, or be what it was before.
 * A merged table binds its own question only, and people of any class with the
 * same merged answer can exchange the finer one. An attacker's ranges are wider
 * still. tests/unit/summary/test_suppress.c and tests/unit/web/test_attack.c
 * attack it by linear programming.
 *
 * Units    Counts of people. Sizes: see the maxima.
 * Threads  Pure; no state.
 */
#define SUPPRESS_K 5         /* least answers behind a figure */
#define SUPPRESS_COMMENTS 10 /* least answers behind texts and raw rows */
#define SUPPRESS_STRATA_MAX 256
#define SUPPRESS_SEGMENTS_MAX 64
#define SUPPRESS_CATEGORIES_MAX 64

enum suppress_state {
    SUPPRESS_SHOWN,
    SUPPRESS_TOO_FEW, /* under k answers */
    SUPPRESS_SHIELD,  /* hidden because it would give a smaller one away */
};

struct suppress_segment {
    uint64_t member[SUPPRESS_STRATA_MAX / 64]; /* bit s: stratum s is in it */
    unsigned question;         /* of one group question; first come first */
    enum suppress_state state; /* out */
};

void
suppress_include(struct suppress_segment *s, size_t stratum);
bool
suppress_includes(const struct suppress_segment *s, size_t stratum);

/* The groups of a wave. */
struct suppress_groups {
    size_t strata;
    uint32_t size[SUPPRESS_STRATA_MAX]; /* people of each */
    struct suppress_segment segment[SUPPRESS_SEGMENTS_MAX];
    size_t segments;
    uint32_t k;
    uint8_t class_of[SUPPRESS_STRATA_MAX]; /* out */
    size_t classes;                        /* out; 1: no segment is shown */
};

/*
 * Rule 3: choose the segments to show, question by question in the order of
 * `question`, within one from the largest to the smallest. Fills in the states
 * and the classes. STATUS_E_LIMIT beyond a maximum.
 */
MUST_CHECK enum status
suppress_choose(struct suppress_groups *g);

/* The answers of all people to one question. */
struct suppress_table {
    size_t categories;
    size_t answers; /* the first so many categories are answers; the others,
                     * "hard to say" and missing, do not count towards k */
    bool ordered;   /* a scale: sums from a step upwards are protected too */
    const uint32_t *count; /* borrowed; strata x categories, row by row */
    /* Category c is merged into coarse[c] < categories, answers with answers
     * only. NULL: there is no merged shape. Borrowed. */
    const uint8_t *coarse;
};

enum suppress_detail {
    SUPPRESS_FULL,   /* every category by group; may leave in raw rows */
    SUPPRESS_MERGED, /* only the merged categories by group */
    SUPPRESS_CLOSED, /* the whole wave only */
};

/* Rule 4, after suppress_choose(). */
MUST_CHECK enum status
suppress_question(const struct suppress_groups *g,
                  const struct suppress_table *t, enum suppress_detail *out);

/* Rule 2: only the band "n - 1 or n of n" may be shown, no counts, mean or
 * median. False for n < 1. */
bool
suppress_unanimous(uint64_t mode_count, uint64_t n);

/* May a total of `now` answers replace a published one of `before`? Only when
 * as many as k, or none, came in between. */
bool
suppress_may_update(uint64_t before, uint64_t now, uint32_t k);

/*
 * May the change between two waves be shown? Each wave needs k answers. When
 * people are linked, `matched` of them are in both (else pass 0): the matched
 * need k, and who is only in one wave must be nobody or k as well.
 */
bool
suppress_may_compare(uint64_t n1, uint64_t n2, bool linked, uint64_t matched,
                     uint32_t k);

#endif
