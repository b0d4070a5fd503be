#ifndef ANKETA_BASE_DAY_H
#define ANKETA_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Day: calendar days and their numbers, without a clock and without a zone.
 *
 * Proleptic Gregorian. Days are counted from 1970-01-01, which is 0; years are
 * reckoned from March, so that the leap day comes last (the usual way).
 *
 * Threads  Pure.
 */
#define DAY_MS (INT64_C(24) * 3600 * 1000)

struct day {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* Of an impossible day that of one some days later: 31 April is 1 May. */
int64_t
day_number(struct day d);
struct day
day_of(int64_t number);

/* The day in UTC of milliseconds since 1970, also of those before. */
struct day
day_of_ms(int64_t ms);

/* Days of a month. */
int
day_count(int year, int month);

/* Is there such a day, from 1900 to 9998? */
bool
day_valid(struct day d);

#endif
