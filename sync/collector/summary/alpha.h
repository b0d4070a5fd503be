#ifndef ANKETA_SUMMARY_ALPHA_H
#define ANKETA_SUMMARY_ALPHA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/summary/interval.h"

/*
 * Alpha: reliability of a scale, Cronbach (1951), interval by Feldt (1965).
 *
 * Works on sums that can be kept with every commit and added up, so no answer
 * has to be read again. Only people who answered every item take part. Not
 * meant to be shown under ALPHA_MIN_ANSWERS: the interval is then so wide that
 * the figure misleads.
 */
#define ALPHA_ITEMS_MAX 40
#define ALPHA_MIN_ITEMS 2
#define ALPHA_MIN_ANSWERS 30

struct alpha_sums {
    size_t items;
    uint64_t n;
    double item[ALPHA_ITEMS_MAX];        /* sum of x */
    double item_square[ALPHA_ITEMS_MAX]; /* sum of x^2 */
    double total;                        /* sum of the row totals */
    double total_square;
};

struct alpha {
    uint64_t n;
    double alpha; /* NAN where the scale has no spread */
    struct interval interval;
    bool shown; /* n >= ALPHA_MIN_ANSWERS and there is a figure */
};

/* STATUS_E_LIMIT beyond ALPHA_ITEMS_MAX, STATUS_E_INVALID under two. */
MUST_CHECK enum status
alpha_init(struct alpha_sums *s, size_t items);

/* One person's answers, `s->items` of them. */
void
alpha_add(struct alpha_sums *s, const double *answer);

void
alpha_compute(const struct alpha_sums *s, double level, struct alpha *out);

/* The mean of one item, or of the scale (a person's score is the mean of the
 * items) for ALPHA_SCALE, with Student's interval. NAN for n = 0. */
#define ALPHA_SCALE SIZE_MAX

/* Could one value, a multiple of 1 from `low` to `high`, be that of all, or of
 * all but one? Told from the sums alone, so a few other sets of answers, small
 * ones, say yes as well. For ALPHA_SCALE: of the sum of a person's items. */
bool
alpha_unanimous(const struct alpha_sums *s, size_t item, double low,
                double high);

struct interval
alpha_mean(const struct alpha_sums *s, size_t item, double level,
           double *out_mean);

#endif
