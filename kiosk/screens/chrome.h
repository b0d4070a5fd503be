#ifndef ANKETA_SCREENS_CHROME_H
#define ANKETA_SCREENS_CHROME_H

#include "screens/flow.h"
#include "screens/kiosk.h"
#include "ui/widgets.h"

/*
 * Chrome: what stands around every page, always in the same place.
 */

/* Top line: `title` at the left; Start over (in a session), text size,
 * contrast and language at the right. Called last, so that keys reach the
 * answers first. */
void
chrome_top(struct kiosk *k, const char *title);

struct chrome_bottom {
    const char *back; /* NULL: no button */
    const char *next; /* NULL: no button */
    enum kiosk_verb next_verb;
    bool next_quiet; /* outlined: nothing answered so far */
    bool next_last;  /* no arrow: this one ends something */
    size_t done;     /* progress in pages; total 0: none */
    size_t total;
    size_t share; /* and as the bar shows it, of 1000 */
    int part;     /* of `parts` of a long page: "More" and "Up" */
    int parts;
    struct geom_rect area; /* where parts are shown; empty: the body */
};
void
chrome_bottom(struct kiosk *k, const struct chrome_bottom *wanted);

/* Between the two, margins taken off. */
struct geom_rect
chrome_body(const struct kiosk *k);
/* The same where there is no bottom line. */
struct geom_rect
chrome_tall_body(const struct kiosk *k);

/* A page's title at the top of `body`, which is cut; left out where cards need
 * the room. */
void
chrome_headline(struct kiosk *k, const char *title, struct geom_rect *body);

/* Height that "More" and "Up" take off the body: 0 where the bottom line has
 * room for them. */
int
chrome_parts_height(struct kiosk *k, const struct chrome_bottom *b);

/* The rows of a long page that stand in the part in view, one after another:
 *
 *     struct chrome_view view = chrome_view(k, &flow, body, &bottom);
 *     while (chrome_view_next(&view)) { ... view.row, view.box ... }
 */
struct chrome_view {
    const struct flow_row *row; /* borrowed from the flow */
    struct geom_rect box;
    /* Private. */
    const struct flow *flow;
    size_t first;
    size_t next;
    size_t end;
    int y;
    int room_px;
};

/* Writes the parts of the page into `bottom`. */
struct chrome_view
chrome_view(struct kiosk *k, const struct flow *flow, struct geom_rect body,
            struct chrome_bottom *bottom);
bool
chrome_view_next(struct chrome_view *v);

#endif
