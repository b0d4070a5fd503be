#ifndef ANKETA_SCREENS_LETTERS_H
#define ANKETA_SCREENS_LETTERS_H

#include "screens/control.h"

/*
 * Letters: the jump into a long list by the first letter of what is wanted.
 *
 * A button beside the search opens a page of the letters that the list has; a
 * touch shows the choices that begin with it, "All" the whole list again. The
 * letter is kept in the session until the question is left.
 */
#define LETTERS_MAX 64
/* Arguments of KIOSK_CONTROL from here on are the letters', not choices'. */
#define LETTERS_ARG (1 << 28)

/* Whether the list has enough different letters to jump by. */
bool
letters_offered(const struct control *c);
/* Whether a choice begins with the letter that was asked for. */
bool
letters_match(const struct control *c, const char *label);

/* The button that opens the letters: "А–Я", with the one chosen. */
void
letters_button(const struct control *c, struct widgets_button *out, char *label,
               size_t size);

/* Rows of keys, of `kind`, in place of the list. */
void
letters_rows(const struct control *c, int kind, struct flow *flow);
void
letters_draw(const struct control *c, const struct flow_row *row,
             struct geom_rect rect);
void
letters_act(const struct control *c, const struct ui_event *event);

#endif
