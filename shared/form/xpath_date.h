#ifndef ANKETA_FORM_XPATH_DATE_H
#define ANKETA_FORM_XPATH_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Dates and times in their XML Schema forms, in the local time zone.
 *
 * As a number a date is the count of days since 1970-01-01 and a dateTime has
 * the local time of day as fraction, as both engines of the field have it.
 */
struct xpath_date {
    int64_t days; /* of the local date since 1970-01-01 */
    int32_t ms;   /* of the local day */
    bool has_date;
    bool has_time;
};

/* "2026-11-23", "2026-11-23T18:16:12.493+03:00"; a time of another zone becomes
 * local. False if the text is neither. */
bool
xpath_date_parse(const char *text, struct xpath_date *out);

/* "18:16:12.493+03:00", seconds and zone optional. */
bool
xpath_date_parse_time(const char *text, struct xpath_date *out);

/* Days since 1970 of a date or dateTime. */
bool
xpath_date_to_days(const char *text, double *out_days);

#define XPATH_DATE_CHARS 48

/* "2026-11-23" */
void
xpath_date_print(int64_t days, char out[XPATH_DATE_CHARS]);
/* "2026-11-23T18:16:12.493+03:00" */
void
xpath_date_print_time(int64_t days, int32_t ms, char out[XPATH_DATE_CHARS]);
/* "18:16:12.493+03:00" with the offset of that instant */
void
xpath_date_print_clock(int64_t days, int32_t ms, char out[XPATH_DATE_CHARS]);

/* Local date and time of a UTC instant. */
void
xpath_date_from_wall(int64_t wall_ms, struct xpath_date *out);

#endif
