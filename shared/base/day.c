#include "base/day.h"

/* 1970-01-01 counted from 0000-03-01, and the days of 400 years. */
#define EPOCH 719468
#define ERA_DAYS 146097

int64_t
day_number(struct day d)
{
    int64_t y = d.month <= 2 ? (int64_t)d.year - 1 : d.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t month = d.month > 2 ? d.month - 3 : d.month + 9;
    int64_t of_year = (153 * month + 2) / 5 + d.day - 1;
    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year
           - EPOCH;
}

struct day
day_of(int64_t number)
{
    int64_t z = number + EPOCH;
    int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t of_era = z - era * ERA_DAYS;
    int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct day d = {
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(of_year - (153 * month + 2) / 5 + 1),
    };
    d.year = (int)(year + era * 400 + (d.month <= 2 ? 1 : 0));
    return d;
}

struct day
day_of_ms(int64_t ms)
{
    return day_of((ms >= 0 ? ms : ms - (DAY_MS - 1)) / DAY_MS);
}

int
day_count(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30,
                                       31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool
day_valid(struct day d)
{
    return d.year >= 1900 && d.year <= 9998 && d.month >= 1 && d.month <= 12
           && d.day >= 1 && d.day <= day_count(d.year, d.month);
}
