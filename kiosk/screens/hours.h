#ifndef ANKETA_SCREENS_HOURS_H
#define ANKETA_SCREENS_HOURS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Hours of service: when nobody is expected, the attract page sleeps dark.
 *
 * Minutes of the local day, on every day alike; `from` later than `to` runs
 * over midnight, both equal means always.
 *
 * Threads  Pure functions.
 */
#define HOURS_DAY_MINUTES 1440

struct hours {
    int from;
    int to;
};

bool
hours_open(const struct hours *h, int64_t wall_ms);

/* Milliseconds until it opens or closes; -1: never. */
int64_t
hours_change_ms(const struct hours *h, int64_t wall_ms);

/* "08:00-19:30"; false, and *out untouched, if it is something else. */
bool
hours_parse(const char *text, struct hours *out);

#endif
