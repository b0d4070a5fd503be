#ifndef ANKETA_PROGRAMME_CALENDAR_H
#define ANKETA_PROGRAMME_CALENDAR_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/status.h"

/*
 * Calendar: the roadmap as an .ics file (RFC 5545), for any calendar program.
 *
 * Measures last whole days. The same measure keeps its identity from one file
 * to the next, so that importing again moves it instead of doubling it. Nothing
 * here reads a clock: DTSTAMP is the day the caller names.
 *
 * Text of any length; lines are folded at 75 bytes between characters.
 */
struct calendar_event {
    const char *uid; /* unique and lasting, [A-Za-z0-9._@-] */
    const char *title;
    const char *details; /* NULL: none */
    struct day first;
    struct day last; /* included */
};

/* Append the head, any number of events, the end. */
void
calendar_begin(struct buf *out, const char *name);

/* STATUS_E_INVALID, appending nothing: a day does not exist, the last is before
 * the first, or the uid has other characters. */
MUST_CHECK enum status
calendar_put(struct buf *out, const struct calendar_event *event,
             struct day stamp);

void
calendar_end(struct buf *out);

#endif
