#ifndef ANKETA_TESTS_UNIT_SUMMARY_ATTACK_H
#define ANKETA_TESTS_UNIT_SUMMARY_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glpk.h>

/*
 * Attack: what somebody can work out from published counts by linear
 * programming.
 *
 * The unknowns are how many people of each stratum are of each kind. A kind is
 * an answer, or a whole row of answers that was published without saying whose.
 * Known from the start: how many there are of each kind, and how many people
 * each stratum has (the staff list). Every published count is one equation
 * more; then the least and the greatest number of people of some kinds in some
 * strata is asked for. Failures end the test.
 */
struct attack {
    glp_prob *lp;
    size_t strata;
    size_t kinds;
    const uint32_t *size; /* borrowed, of each stratum */
    const uint32_t *of;   /* borrowed, people of each kind */
};

/* Some strata and some kinds; NULL: all. */
struct attack_set {
    const bool *stratum;
    const bool *kind;
};

void
attack_open(struct attack *a, size_t strata, const uint32_t *size, size_t kinds,
            const uint32_t *of);
void
attack_close(struct attack *a);

/* "So many people of these strata are of these kinds" was published. */
void
attack_know(struct attack *a, const struct attack_set *set, uint32_t count);

struct attack_range {
    double low;
    double high;
};

struct attack_range
attack_infer(struct attack *a, const struct attack_set *set);

/* The same from nothing but the whole and the sizes. */
struct attack_range
attack_before(const struct attack *a, const struct attack_set *set);

/* Is `truth` now known to within one, by more than was known before? */
bool
attack_recovers(struct attack *a, const struct attack_set *set, uint32_t truth);

#endif
