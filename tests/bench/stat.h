#ifndef ANKETA_TESTS_BENCH_STAT_H
#define ANKETA_TESTS_BENCH_STAT_H

#include <stddef.h>

/* Stat: samples of a figure, and rows of the table that reports them. */
#define STAT_SAMPLES_MAX 4096

struct stat_sample {
    double value[STAT_SAMPLES_MAX];
    size_t count;
};

void
stat_add(struct stat_sample *s, double value);

void
stat_print_head(const char *title);
/* Median, least, greatest, n. `peer` is the figure to compare with, or "". */
void
stat_print_row(const char *what, struct stat_sample *s, const char *unit,
               const char *peer);
void
stat_print_value(const char *what, double value, const char *unit,
                 const char *peer);

#endif
