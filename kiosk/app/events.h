#ifndef ANKETA_APP_EVENTS_H
#define ANKETA_APP_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/*
 * Events: the last lines of the log since this start, for the staff menu.
 *
 * What the log may say it says here: no answer, name, code, touch or time. The
 * oldest line makes room for the newest.
 *
 * Threads  Any; one events at a time listens.
 */
#define EVENTS_LINES 60
#define EVENTS_LINE_BYTES 200

struct events;

/* Listens from now on. */
MUST_CHECK enum status
events_open(struct events **out);
void
events_close(struct events *e);

/* Copies line `back` (0: the newest); false if there is none. */
bool
events_line(struct events *e, size_t back, char out[EVENTS_LINE_BYTES]);

#endif
