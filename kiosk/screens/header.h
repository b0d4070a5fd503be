#ifndef ANKETA_SCREENS_HEADER_H
#define ANKETA_SCREENS_HEADER_H

#include "screens/control.h"

/*
 * Header: what is said about a question before it is answered: its section,
 * its words, its hint, and what is wrong with the answer.
 *
 * Lines are rows of the page's flow, so that even the longest question in the
 * largest type can be read to its end. The same rows stand in a column of
 * their own where the panel is wide enough.
 */
/* `number` from 1 stands where the page has no section label; 0: none. */
void
header_rows(const struct control *c, size_t number, struct flow *flow);
void
header_draw(const struct control *c, size_t number, const struct flow_row *row,
            struct geom_rect rect);

/* Whether a word of the question is wider than `width_px`. */
bool
header_breaks_word(const struct control *c);

/* Only what is wrong with the answer, if that is to be said. */
void
header_message_rows(const struct control *c, struct flow *flow);

/* Label of a group or repeat instance on a page of several questions. */
void
header_heading_rows(struct kiosk *k, size_t entry, int width_px,
                    struct flow *flow);
void
header_heading_draw(struct kiosk *k, const struct flow_row *row,
                    struct geom_rect rect);

#endif
