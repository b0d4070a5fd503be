#include "form/xpath_date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/day.h"
#include "base/utf8.h"
#include "form/tree.h"
#include "form/xpath_function.h"

/* ------------------------------------------------------------- calendar */

void
xpath_date_from_wall(int64_t wall_ms, struct xpath_date *out)
{
    int64_t s = wall_ms / 1000;
    int64_t ms = wall_ms % 1000;
    if (ms < 0) {
        ms += 1000;
        s--;
    }
    time_t at = (time_t)s;
    struct tm local = {0};
    *out = (struct xpath_date){.has_date = true, .has_time = true};
    if (!localtime_r(&at, &local)) {
        return;
    }
    out->days = day_number(
        (struct day){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday});
    int32_t seconds = local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
    out->ms = seconds * 1000 + (int32_t)ms;
}

/* Minutes that local time is ahead of UTC then. */
static int
local_offset(int64_t days, int32_t ms)
{
    const struct day d = day_of(days);
    struct tm local = {
        .tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day};
    local.tm_hour = ms / 3600000;
    local.tm_min = ms / 60000 % 60;
    local.tm_sec = ms / 1000 % 60;
    local.tm_isdst = -1;
    time_t utc = mktime(&local);
    int64_t wanted = days * 86400 + ms / 1000;
    return utc == (time_t)-1 ? 0 : (int)((wanted - (int64_t)utc) / 60);
}

/* -------------------------------------------------------------- reading */

/* Exactly `count` digits. */
static bool
read_digits(const char **at, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if ((*at)[i] < '0' || (*at)[i] > '9') {
            return false;
        }
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool
read_char(const char **at, char c)
{
    if (**at != c) {
        return false;
    }
    (*at)++;
    return true;
}

/* "Z", "+03", "+0300", "+03:00" or nothing. */
static bool
read_zone(const char **at, bool *out_given, int *out_minutes)
{
    int hours = 0;
    int minutes = 0;
    *out_given = **at != '\0';
    *out_minutes = 0;
    if (!*out_given || read_char(at, 'Z')) {
        return true;
    }
    int sign = **at == '-' ? -1 : 1;
    if (**at != '+' && **at != '-') {
        return false;
    }
    (*at)++;
    if (!read_digits(at, 2, &hours)) {
        return false;
    }
    (void)read_char(at, ':');
    if (**at != '\0' && !read_digits(at, 2, &minutes)) {
        return false;
    }
    *out_minutes = sign * (hours * 60 + minutes);
    return hours < 24 && minutes < 60;
}

/* "18:16", "18:16:12", "18:16:12.493", then a zone; becomes local. */
static bool
read_time(const char **at, struct xpath_date *d)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    int ms = 0;
    if (!read_digits(at, 2, &hour) || !read_char(at, ':')
        || !read_digits(at, 2, &minute)) {
        return false;
    }
    if (read_char(at, ':') && !read_digits(at, 2, &second)) {
        return false;
    }
    if (read_char(at, '.')) {
        int scale = 100;
        for (; **at >= '0' && **at <= '9'; (*at)++, scale /= 10) {
            ms += (**at - '0') * scale;
        }
    }
    bool given = false;
    int zone = 0;
    if (!read_zone(at, &given, &zone) || hour > 23 || minute > 59
        || second > 59) {
        return false;
    }
    d->ms = (hour * 3600 + minute * 60 + second) * 1000 + ms;
    d->has_time = true;
    if (given) {
        int64_t utc = d->days * DAY_MS + d->ms - (int64_t)zone * 60000;
        struct xpath_date local;
        xpath_date_from_wall(utc, &local);
        bool has_date = d->has_date;
        *d = local;
        d->has_date = has_date;
    }
    return true;
}

bool
xpath_date_parse(const char *text, struct xpath_date *out)
{
    int year = 0;
    int month = 0;
    int day = 0;
    const char *at = text;
    *out = (struct xpath_date){0};
    if (!read_digits(&at, 4, &year) || !read_char(&at, '-')
        || !read_digits(&at, 2, &month) || !read_char(&at, '-')
        || !read_digits(&at, 2, &day) || month < 1 || month > 12 || day < 1
        || day > day_count(year, month)) {
        return false;
    }
    out->days = day_number((struct day){year, month, day});
    out->has_date = true;
    if (*at == '\0') {
        return true;
    }
    return (read_char(&at, 'T') || read_char(&at, ' ')) && read_time(&at, out)
           && *at == '\0';
}

bool
xpath_date_parse_time(const char *text, struct xpath_date *out)
{
    const char *at = text;
    *out = (struct xpath_date){0};
    return read_time(&at, out) && *at == '\0';
}

bool
xpath_date_to_days(const char *text, double *out_days)
{
    struct xpath_date d;
    if (strlen(text) < 10 || text[4] != '-' || !xpath_date_parse(text, &d)) {
        return false;
    }
    *out_days = (double)d.days + (double)d.ms / DAY_MS;
    return true;
}

/* -------------------------------------------------------------- writing */

void
xpath_date_print(int64_t days, char out[XPATH_DATE_CHARS])
{
    const struct day d = day_of(days);
    (void)snprintf(out, XPATH_DATE_CHARS, "%04d-%02d-%02d", d.year, d.month,
                   d.day);
}

void
xpath_date_print_clock(int64_t days, int32_t ms, char out[XPATH_DATE_CHARS])
{
    int offset = local_offset(days, ms);
    int ahead = offset < 0 ? -offset : offset;
    (void)snprintf(out, XPATH_DATE_CHARS, "%02d:%02d:%02d.%03d%c%02d:%02d",
                   ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000,
                   offset < 0 ? '-' : '+', ahead / 60, ahead % 60);
}

void
xpath_date_print_time(int64_t days, int32_t ms, char out[XPATH_DATE_CHARS])
{
    char clock[XPATH_DATE_CHARS];
    xpath_date_print(days, out);
    xpath_date_print_clock(days, ms, clock);
    size_t len = strlen(out);
    (void)snprintf(out + len, XPATH_DATE_CHARS - len, "T%s", clock);
}

/* ------------------------------------------------------------ functions */

static void
give(struct xpath_eval *e, struct xpath_value *out, const char *text)
{
    *out = xpath_value_text(scratch_text(e->scratch, text, strlen(text)));
}

static struct xpath_date
now(struct xpath_eval *e)
{
    struct xpath_date d;
    xpath_date_from_wall(clock_wall_ms(e->filling->env.clock), &d);
    if (e->filling->env.anonymous) {
        d.ms = 0; /* the time of day could tell who answered */
    }
    return d;
}

XPATH_PLAIN(xpath_date_today)
{
    (void)args;
    (void)count;
    char text[XPATH_DATE_CHARS];
    xpath_date_print(now(e).days, text);
    give(e, out, text);
}

XPATH_PLAIN(xpath_date_now)
{
    (void)args;
    (void)count;
    char text[XPATH_DATE_CHARS];
    struct xpath_date d = now(e);
    xpath_date_print_time(d.days, d.ms, text);
    give(e, out, text);
}

/* What a date argument means: text in either form, or a count of days. */
static bool
arg_date(struct xpath_eval *e, const struct xpath_value *v,
         struct xpath_date *out)
{
    if (v->kind != XPATH_VALUE_NUMBER) {
        const char *text = xpath_eval_text(e, v);
        text += strspn(text, " ");
        if (xpath_date_parse(text, out)) {
            return true;
        }
    }
    double number = xpath_eval_number(e, v);
    *out = (struct xpath_date){.has_date = true, .has_time = true};
    if (!(fabs(number) < 3e6)) { /* beyond the year 9999 */
        return false;
    }
    out->days = (int64_t)floor(number);
    out->ms = (int32_t)floor((number - floor(number)) * DAY_MS + 0.5);
    if (out->ms >= DAY_MS) {
        out->ms -= (int32_t)DAY_MS;
        out->days++;
    }
    return true;
}

XPATH_PLAIN(xpath_date_date)
{
    (void)count;
    struct xpath_date d;
    char text[XPATH_DATE_CHARS] = "";
    if (arg_date(e, &args[0], &d)) {
        xpath_date_print(d.days, text);
    }
    give(e, out, text);
}

XPATH_PLAIN(xpath_date_date_time)
{
    (void)count;
    struct xpath_date d;
    char text[XPATH_DATE_CHARS] = "";
    if (arg_date(e, &args[0], &d)) {
        xpath_date_print_time(d.days, d.ms, text);
    }
    give(e, out, text);
}

/* Days since 1970 in UTC, with the time of day as fraction. */
XPATH_PLAIN(xpath_date_decimal_date_time)
{
    (void)count;
    struct xpath_date d;
    if (!arg_date(e, &args[0], &d)) {
        *out = xpath_value_number((double)NAN);
        return;
    }
    double minutes =
        args[0].kind == XPATH_VALUE_NUMBER ? 0 : local_offset(d.days, d.ms);
    *out = xpath_value_number((double)d.days
                              + ((double)d.ms - minutes * 60000) / DAY_MS);
}

XPATH_PLAIN(xpath_date_decimal_time)
{
    (void)count;
    struct xpath_date d;
    const char *text = xpath_eval_text(e, &args[0]);
    if (!xpath_date_parse_time(text, &d) && !xpath_date_parse(text, &d)) {
        *out = xpath_value_number((double)NAN);
        return;
    }
    *out = xpath_value_number((double)d.ms / DAY_MS);
}

/* Names in the language of the form's texts. */
static const char *
month_name(bool russian, int month)
{
    static const char *const english[] = {"Jan", "Feb", "Mar", "Apr",
                                          "May", "Jun", "Jul", "Aug",
                                          "Sep", "Oct", "Nov", "Dec"};
    static const char *const cyrillic[] = {"янв", "фев", "мар", "апр",
                                           "мая", "июн", "июл", "авг",
                                           "сен", "окт", "ноя", "дек"};
    return russian ? cyrillic[month - 1] : english[month - 1];
}

static const char *
day_name(bool russian, int64_t days)
{
    static const char *const english[] = {"Sun", "Mon", "Tue", "Wed",
                                          "Thu", "Fri", "Sat"};
    static const char *const cyrillic[] = {"вс", "пн", "вт", "ср",
                                           "чт", "пт", "сб"};
    int64_t day = (days % 7 + 7 + 4) % 7; /* 1970-01-01 was a Thursday */
    return russian ? cyrillic[day] : english[day];
}

static bool
speaks_russian(const struct filling *f)
{
    const struct form *form = f->form;
    return form->lang_count > 0
           && (strstr(form->lang[f->lang], "(ru)") != NULL
               || strcmp(form->lang[f->lang], "ru") == 0);
}

static void
format_one(char letter, const struct xpath_date *d, bool russian,
           struct buf *out)
{
    const struct day on = day_of(d->days);
    switch (letter) {
    case 'Y':
        buf_printf(out, "%04d", on.year);
        break;
    case 'y':
        buf_printf(out, "%02d", on.year % 100);
        break;
    case 'm':
        buf_printf(out, "%02d", on.month);
        break;
    case 'n':
        buf_printf(out, "%d", on.month);
        break;
    case 'b':
        buf_puts(out, month_name(russian, on.month));
        break;
    case 'd':
        buf_printf(out, "%02d", on.day);
        break;
    case 'e':
        buf_printf(out, "%d", on.day);
        break;
    case 'a':
        buf_puts(out, day_name(russian, d->days));
        break;
    case 'H':
        buf_printf(out, "%02d", d->ms / 3600000);
        break;
    case 'h':
        buf_printf(out, "%d", d->ms / 3600000);
        break;
    case 'M':
        buf_printf(out, "%02d", d->ms / 60000 % 60);
        break;
    case 'S':
        buf_printf(out, "%02d", d->ms / 1000 % 60);
        break;
    case '3':
        buf_printf(out, "%03d", d->ms % 1000);
        break;
    case '%':
        buf_putc(out, '%');
        break;
    default: /* an unknown letter stays as it is */
        buf_putc(out, '%');
        buf_putc(out, letter);
        break;
    }
}

#define FORMATTED_MAX_BYTES 4096

static void
format(struct xpath_eval *e, const struct xpath_value *args, bool with_time,
       struct xpath_value *out)
{
    struct xpath_date d;
    if (!arg_date(e, &args[0], &d)) {
        *out = xpath_value_text("");
        return;
    }
    if (!with_time) {
        d.ms = 0;
    }
    bool russian = speaks_russian(e->filling);
    struct buf made;
    buf_init(&made, FORMATTED_MAX_BYTES);
    for (const char *at = xpath_eval_text(e, &args[1]); *at; at++) {
        if (*at == '%' && at[1] != '\0') {
            at++;
            format_one(*at, &d, russian, &made);
        } else {
            buf_putc(&made, *at);
        }
    }
    give(e, out, made.data);
    buf_deinit(&made);
}

XPATH_PLAIN(xpath_date_format)
{
    (void)count;
    format(e, args, false, out);
}

XPATH_PLAIN(xpath_date_format_time)
{
    (void)count;
    format(e, args, true, out);
}
