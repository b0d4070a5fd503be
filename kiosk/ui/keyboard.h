#ifndef ANKETA_UI_KEYBOARD_H
#define ANKETA_UI_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/edit.h"
#include "ui/ui.h"

/*
 * Keyboard: letters on the screen, ЙЦУКЕН and QWERTY, signs, and a number pad.
 *
 * On panels narrower than twelve keys of METRICS_KEY_MM the letters stand in
 * shorter rows, in the order of the same layout: keys never shrink below what
 * a finger can hit.
 */
enum keyboard_layer {
    KEYBOARD_RUSSIAN,
    KEYBOARD_LATIN,
    KEYBOARD_SIGNS,
    KEYBOARD_LAYER_COUNT
};

struct keyboard {
    enum keyboard_layer layer;
    enum keyboard_layer letters; /* where "letters" leads back to */
    bool shift;
};

/* Keys that are no character; others are an index into the layer. */
enum keyboard_key {
    KEYBOARD_BACKSPACE = 1000,
    KEYBOARD_SHIFT,
    KEYBOARD_SWITCH_LETTERS,
    KEYBOARD_SWITCH_SIGNS,
    KEYBOARD_SPACE,
    KEYBOARD_LEFT,
    KEYBOARD_RIGHT,
    KEYBOARD_ENTER,
    KEYBOARD_DONE,
};

void
keyboard_init(struct keyboard *k, bool russian);

/* Whether the keys keep their size in `width_px`, or want all of the panel. */
bool
keyboard_fits(const struct ui *ui, int width_px);

int
keyboard_height(const struct ui *ui, const struct keyboard *k);

/* Targets carry `verb` and a key in action.arg. `done` labels the key that
 * closes; `space` the space bar. */
struct keyboard_labels {
    const char *done;
    const char *space;
    int verb;
};
void
keyboard_draw(struct ui *ui, const struct keyboard *k,
              const struct keyboard_labels *labels, struct geom_rect rect);

/* Apply a key. True if the text or the keyboard changed. KEYBOARD_DONE is the
 * caller's. */
bool
keyboard_press(struct keyboard *k, int key, struct edit *e);

#endif
