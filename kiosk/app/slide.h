#ifndef ANKETA_APP_SLIDE_H
#define ANKETA_APP_SLIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "screens/kiosk.h"

/*
 * Slide: the one motion there is. A new page settles from the side to which one
 * went, SLIDE_MM in SLIDE_MS, slower towards its end; so going on and going
 * back are felt without being read. The top and the bottom line stand still.
 *
 * None with the setting "motion" at "off", in the two themes of high contrast,
 * while a page is read aloud, and for dialogs, which must stand at once.
 */
#define SLIDE_MS 100
#define SLIDE_MM 8.0
#define SLIDE_FRAME_MS 16

struct slide {
    int direction; /* 1 on, -1 back; 0: still */
    int64_t start_ms;
    enum kiosk_place place; /* what was shown last */
    size_t page;
    bool dialog;
};

/* The kiosk's frame changed: does a page begin to slide? One under way ends. */
void
slide_begin(struct slide *s, const struct kiosk *k, int64_t now_ms);

/* By how many pixels the page stands to the right of its place; 0 at the end,
 * which also ends the slide. */
int
slide_shift(struct slide *s, const struct kiosk *k, int64_t now_ms);

/* Monotonic milliseconds of the next step; -1: still. */
int64_t
slide_deadline(const struct slide *s, int64_t now_ms);

/* What slides: all between the top and the bottom line. */
struct geom_rect
slide_area(const struct kiosk *k);

#endif
