#ifndef ANKETA_SCREENS_PAD_H
#define ANKETA_SCREENS_PAD_H

#include "screens/kiosk.h"
#include "screens/words.h"

/*
 * Pad: ten digits and a backspace for codes, and the window above them.
 *
 * Keys carry KIOSK_CODE with the digit, or a KIOSK_CODE_ key, in action.arg.
 */
struct pad {
    const char *code;
    size_t digits; /* wanted */
    bool hidden;   /* dots instead of digits */
};

/* Words at the left or above, then the window and its keys. */
void
pad_page(struct kiosk *k, const struct words *words, const struct pad *pad,
         struct geom_rect body);

/* The same event from a finger or from a real keyboard: true, with the digit
 * or key, if it was one. */
bool
pad_key(const struct ui_event *event, int *out);

/* Applies it to a code of up to `digits`. */
void
pad_type(char *code, size_t digits, int key);

#endif
