#ifndef ANKETA_SCREENS_WRITING_H
#define ANKETA_SCREENS_WRITING_H

#include "screens/kiosk.h"

/*
 * Writing: the page with the keyboard, where a text answer or the search in a
 * long list is typed. Every key reaches the filling at once, so nothing is
 * lost by leaving.
 */
void
writing_open(struct kiosk *k, size_t entry, bool search);
void
writing_draw(struct kiosk *k);
/* False if the event means nothing here. */
bool
writing_act(struct kiosk *k, const struct ui_event *event);

#endif
