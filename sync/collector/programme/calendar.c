#include "collector/programme/calendar.h"
#include "base/day.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 75

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
put_day(struct buf *out, const char *property, struct day d)
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
             struct day stamp)
{
    if (!day_valid(event->first) || !day_valid(event->last) || !day_valid(stamp)
        || !is_uid(event->uid)
        || day_number(event->last) < day_number(event->first)) {
        return STATUS_E_INVALID;
    }
    buf_puts(out, "BEGIN:VEVENT\r\n");
    put_text(out, "UID", event->uid);
    buf_printf(out, "DTSTAMP:%04d%02d%02dT000000Z\r\n", stamp.year, stamp.month,
               stamp.day);
    put_day(out, "DTSTART", event->first);
    /* The end is the first day no longer in it. */
    put_day(out, "DTEND", day_of(day_number(event->last) + 1));
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
