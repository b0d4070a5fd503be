#ifndef ANKETA_SUMMARY_TALLY_H
#define ANKETA_SUMMARY_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Tally: how often each answer to one question was given.
 *
 * All that summaries read. A choice question counts its options in form order
 * (value = 0, 1, 2, ...), a scale or number its distinct values, ascending.
 * Who did not answer and who chose "hard to say" are counted apart: they never
 * enter a share or a mean.
 *
 * Sizes    Numbers with more than TALLY_EXACT_MAX distinct values are kept as
 *          tally_histogram bins by the caller.
 * Threads  Plain data.
 */
#define TALLY_EXACT_MAX 4096
#define TALLY_BINS_MAX 60

struct tally_value {
    double value;
    uint64_t count;
};

struct tally {
    const struct tally_value *value; /* borrowed; ascending, all different */
    size_t count;
    uint64_t missing; /* shown the question, gave no answer */
    uint64_t unsure;  /* "hard to say" and the like */
};

/* Answers that count. */
uint64_t
tally_total(const struct tally *t);

/* Answers with low <= value <= high. */
uint64_t
tally_between(const struct tally *t, double low, double high);

/* Answers at the largest single value. */
uint64_t
tally_mode_count(const struct tally *t);

struct tally_bin {
    double from; /* inclusive */
    double to;   /* exclusive, but inclusive in the last bin */
    uint64_t count;
};

/*
 * Equal bins on round limits (1, 2 or 5 times a power of ten), as few as give
 * about 1 + log2(n) of them (Sturges). Returns how many were written, at most
 * TALLY_BINS_MAX; 0 for an empty tally.
 */
size_t
tally_histogram(const struct tally *t, struct tally_bin out[TALLY_BINS_MAX]);

#endif
