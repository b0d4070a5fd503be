#ifndef ANKETA_SCREENS_WORDS_H
#define ANKETA_SCREENS_WORDS_H

#include "screens/kiosk.h"
#include "ui/widgets.h"

/*
 * Words: a title and a paragraph that have to fit where they stand.
 *
 * In the chosen size of text if there is room; else the paragraph in small
 * type, the title smaller, and at last one size of text less, until it fits.
 */
struct words {
    const char *title;
    const char *text; /* may be "" */
    bool headline;    /* the title is the page's, not a question's */
    bool poster;      /* a headline to be seen from across the room */
    int gap_px;       /* between the two */
};

/* Draws from the top; returns the height used. */
int
words_draw(struct kiosk *k, const struct words *w, struct geom_rect rect);

#endif
