#ifndef ANKETA_APP_SWITCHES_H
#define ANKETA_APP_SWITCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/ui.h"

/*
 * Switches: one or two buttons in place of a keyboard, for whoever cannot
 * touch. Boxes for switches are keyboards with the keys Space and Enter.
 *
 * The library's setting "input.switches" says what they mean:
 *   "two"  Space moves, Enter selects.
 *   "one"  the focus moves by itself every "input.scan_seconds" (1 to 20,
 *          usually 2) from the first press on; both keys select.
 * Anything else: they are ordinary keys. What moves by itself is not somebody's
 * presence: the idle clock runs on.
 */
struct core;

/* True if the key was a switch; *out is what it activated, or UI_NOTHING. */
bool
switches_key(struct core *c, enum ui_key key, struct ui_event *out);

/* Whether a typed text is nothing but a switch. */
bool
switches_text(const struct core *c, const char *text);

/* Monotonic milliseconds of the next step, -1 if none is due. */
int64_t
switches_deadline(const struct core *c);
void
switches_tick(struct core *c, int64_t now);

#endif
