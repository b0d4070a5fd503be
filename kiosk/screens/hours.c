#include "screens/hours.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#define MINUTE_MS INT64_C(60000)

/* Milliseconds since local midnight. */
static int64_t
day_ms(int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm local;
    if (!localtime_r(&seconds, &local)) {
        return 0;
    }
    return ((local.tm_hour * INT64_C(60) + local.tm_min) * 60 + local.tm_sec)
               * 1000
           + wall_ms % 1000;
}

static bool
open_at(const struct hours *h, int64_t minute)
{
    if (h->from == h->to) {
        return true;
    }
    if (h->from < h->to) {
        return minute >= h->from && minute < h->to;
    }
    return minute >= h->from || minute < h->to;
}

bool
hours_open(const struct hours *h, int64_t wall_ms)
{
    return open_at(h, day_ms(wall_ms) / MINUTE_MS);
}

int64_t
hours_change_ms(const struct hours *h, int64_t wall_ms)
{
    if (h->from == h->to) {
        return -1;
    }
    int64_t now = day_ms(wall_ms);
    int edge = open_at(h, now / MINUTE_MS) ? h->to : h->from;
    int64_t left = edge * MINUTE_MS - now;
    return left > 0 ? left : left + HOURS_DAY_MINUTES * MINUTE_MS;
}

static int
minutes_of(const char *text)
{
    static const char shape[] = "00:00";
    for (size_t i = 0; i < 5; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '0' ? !digit : text[i] != shape[i]) {
            return -1;
        }
    }
    int hour = (text[0] - '0') * 10 + (text[1] - '0');
    int minute = (text[3] - '0') * 10 + (text[4] - '0');
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

bool
hours_parse(const char *text, struct hours *out)
{
    if (strlen(text) != 11 || text[5] != '-') {
        return false;
    }
    int from = minutes_of(text);
    int to = minutes_of(text + 6);
    if (from < 0 || to < 0) {
        return false;
    }
    *out = (struct hours){from, to};
    return true;
}
