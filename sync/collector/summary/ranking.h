#ifndef ANKETA_SUMMARY_RANKING_H
#define ANKETA_SUMMARY_RANKING_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/summary/proportion.h"

/*
 * Ranking: a question whose answer is an order of its options.
 *
 * Keeps two tables of counts that add up over people: how often each option
 * stood at each place, and how many put one option above another. From them:
 * first-choice shares, mean places, Borda points, the Condorcet winner and the
 * order by Schulze's beat-path method (2011), which agrees with Condorcet
 * whenever there is a winner. Options left out of an answer stand below those
 * named and are equal among themselves; they earn no Borda points.
 */
#define RANKING_OPTIONS_MAX 24

struct ranking_counts {
    size_t options;
    uint64_t n;
    uint64_t place[RANKING_OPTIONS_MAX][RANKING_OPTIONS_MAX];
    uint64_t above[RANKING_OPTIONS_MAX][RANKING_OPTIONS_MAX];
};

struct ranking_option {
    struct proportion first; /* share of first places */
    uint64_t named;          /* people who gave it a place */
    double mean_place;       /* 1 = first, of those who named it; or NAN */
    uint64_t borda;          /* options - place, summed up */
    size_t schulze;          /* options that beat it by paths: 0 = nobody; equal
                     * numbers are ties */
};

struct ranking {
    size_t options;
    uint64_t n;
    struct ranking_option option[RANKING_OPTIONS_MAX];
    size_t condorcet; /* index of the winner of all duels, or `options` */
};

MUST_CHECK enum status
ranking_init(struct ranking_counts *c, size_t options);

/* One person's order, best first. STATUS_E_INVALID (nothing counted) if an
 * option is out of range or named twice. */
MUST_CHECK enum status
ranking_add(struct ranking_counts *c, const size_t *order, size_t named);

void
ranking_compute(const struct ranking_counts *c, double level,
                struct ranking *out);

#endif
