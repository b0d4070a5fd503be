#include "collector/programme/calendar.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 75

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

bool
calendar_day_valid(struct calendar_day d)
{
    return d.year >= 1900 && d.year <= 9998 && d.month >= 1 && d.month <= 12
           && d.day >= 1 && d.day <= days_in(d.year, d.month);
}

struct calendar_day
calendar_day_after(struct calendar_day d)
{
    if (++d.day > days_in(d.year, d.month)) {
        d.day = 1;
        if (++d.month > 12) {
            d.month = 1;
            d.year++;
        }
    }
    return d;
}

int
calendar_day_compare(struct calendar_day a, struct calendar_day b)
{
    const int x = (a.year * 100 + a.month) * 100 + a.day;
    const int y = (b.year * 100 + b.month) * 100 + b.day;
    return x < y ? -1 : x > y;
}

/* One content line: escaped if it is text, folded before a character that
 * would pass the limit. */
struct line {
    struct buf *out;
    size_t used;
};

static void
line_put(struct line *l, const char *bytes, size_t len)
{
    if (l->used + len > LINE_MAX_BYTES) {
        buf_puts(l->out, "\r\n ");
        l->used = 1;
    }
    buf_put(l->out, bytes, len);
    l->used += len;
}

/* Bytes of the UTF-8 character that begins here. */
static size_t
character_bytes(const char *text)
{
    size_t len = 1;
    while (((unsigned char)text[len] & 0xC0) == 0x80) {
        len++;
    }
    return len;
}

static void
put_text(struct buf *out, const char *property, const char *text)
{
    struct line l = {out, 0};
    line_put(&l, property, strlen(property));
    line_put(&l, ":", 1);
    while (*text) {
        const size_t len = character_bytes(text);
        if (*text == '\n') {
            line_put(&l, "\\n", 2);
        } else if (*text == '\\' || *text == ';' || *text == ',') {
            const char escaped[] = {'\\', *text};
            line_put(&l, escaped, sizeof(escaped));
        } else if ((unsigned char)*text >= ' ') {
            line_put(&l, text, len);
        }
        text += len;
    }
    buf_puts(out, "\r\n");
}

static void
put_day(struct buf *out, const char *property, struct calendar_day d)
{
    buf_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", property, d.year, d.month,
               d.day);
}

static bool
is_uid(const char *uid)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        "0123456789._@-";
    return *uid && uid[strspn(uid, allowed)] == '\0';
}

void
calendar_begin(struct buf *out, const char *name)
{
    buf_puts(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                  "PRODID:-//Anketa//Roadmap//RU\r\nCALSCALE:GREGORIAN\r\n");
    put_text(out, "X-WR-CALNAME", name);
}

enum status
calendar_put(struct buf *out, const struct calendar_event *event,
             struct calendar_day stamp)
{
    if (!calendar_day_valid(event->first) || !calendar_day_valid(event->last)
        || !calendar_day_valid(stamp) || !is_uid(event->uid)
        || calendar_day_compare(event->last, event->first) < 0) {
        return STATUS_E_INVALID;
    }
    buf_puts(out, "BEGIN:VEVENT\r\n");
    put_text(out, "UID", event->uid);
    buf_printf(out, "DTSTAMP:%04d%02d%02dT000000Z\r\n", stamp.year, stamp.month,
               stamp.day);
    put_day(out, "DTSTART", event->first);
    /* The end is the first day no longer in it. */
    put_day(out, "DTEND", calendar_day_after(event->last));
    put_text(out, "SUMMARY", event->title);
    if (event->details) {
        put_text(out, "DESCRIPTION", event->details);
    }
    buf_puts(out, "END:VEVENT\r\n");
    return buf_status(out);
}

void
calendar_end(struct buf *out)
{
    buf_puts(out, "END:VCALENDAR\r\n");
}
