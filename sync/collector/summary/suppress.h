#ifndef ANKETA_SUMMARY_SUPPRESS_H
#define ANKETA_SUMMARY_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Suppress: which breakdowns of a question may be shown, so that no table and
 * no combination of tables tells about fewer than k people.
 *
 * Model. People are divided into strata: the finest groups that the group
 * questions of a wave tell apart. A segment is a union of strata that somebody
 * can ask for: a row of a cross-tabulation, a filter, the people linked to
 * another wave. All segments that can be asked for are declared together and
 * decided once, before anything is shown; what is shown never depends on who
 * asks. For every question the counts of the whole wave are published, and for
 * each shown segment the counts of its answers, in full or merged into coarser
 * categories.
 *
 * Protected are all sets of people with 1 to k - 1 answers that the declared
 * segments can point at: the segments themselves, the difference of two of
 * which one lies inside the other, and the rest that no shown segment covers.
 *
 * Promise. Even an attacker who knows the exact size of every stratum (the
 * staff list) cannot pin the number of answers of a category in a protected
 * set down to within one of the truth, unless the published whole already did,
 * and then the breakdown adds nothing. Proof: people whose strata lie in the
 * same shown segments can exchange their answers without changing any
 * published count; the range that such exchanges reach is computed exactly
 * and must go beyond +-1, or be what it was without the breakdown. (The ranges
 * of an attacker are wider still, so the rule errs on the safe side.)
 * tests/unit/summary/test_suppress.c attacks it by linear programming.
 *
 * Method. Segments under k answers are hidden (primary). The others are taken
 * from the largest to the smallest, and each is shown if the promise still
 * holds with it, hidden if not (complementary).
 *
 * Units    Counts of people. Sizes: see the maxima.
 * Threads  Pure; no state.
 */
#define SUPPRESS_K 5         /* least answers behind a figure */
#define SUPPRESS_COMMENTS 10 /* least answers behind verbatim texts */
#define SUPPRESS_STRATA_MAX 256
#define SUPPRESS_SEGMENTS_MAX 128
#define SUPPRESS_CATEGORIES_MAX 64

/* The answers of all people to one question. */
struct suppress_table {
    size_t strata;
    size_t categories;
    size_t answers; /* the first so many categories are answers; the others,
                     * "hard to say" and missing, do not count towards k */
    const uint32_t *count; /* borrowed; strata x categories, row by row */
    /* What a segment publishes: category c is merged into coarse[c] <
     * categories. NULL: nothing is merged. Borrowed. */
    const uint8_t *coarse;
    uint32_t k; /* frozen when the wave opened */
};

enum suppress_state {
    SUPPRESS_SHOWN,
    SUPPRESS_TOO_FEW, /* under k answers */
    SUPPRESS_SHIELD,  /* hidden because it would give a smaller one away */
};

struct suppress_segment {
    uint64_t member[SUPPRESS_STRATA_MAX / 64]; /* bit s: stratum s is in it */
    enum suppress_state state;                 /* out */
};

void
suppress_include(struct suppress_segment *s, size_t stratum);
bool
suppress_includes(const struct suppress_segment *s, size_t stratum);

/*
 * Decide every segment. *out_whole is SUPPRESS_TOO_FEW when the whole wave has
 * fewer than k answers; everything is hidden then.
 * STATUS_E_LIMIT beyond a maximum, STATUS_E_NOMEM.
 */
MUST_CHECK enum status
suppress_decide(const struct suppress_table *t,
                struct suppress_segment *segment, size_t count,
                enum suppress_state *out_whole);

/*
 * Decide in full, and if that hides a segment of k answers or more, try again
 * with `coarse`; keep whichever shows more segments. *out_merged tells which:
 * only that shape may then be published, never both. t->coarse is ignored.
 */
MUST_CHECK enum status
suppress_plan(const struct suppress_table *t, const uint8_t *coarse,
              struct suppress_segment *segment, size_t count, bool *out_merged);

/*
 * Unanimity: when all answers, or all but one, are the same, only the band
 * "n - 1 or n of n" is shown, no counts, mean or median; the same band for
 * both, so that it does not say which. False for n < 1.
 */
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
