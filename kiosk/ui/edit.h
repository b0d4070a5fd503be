#ifndef ANKETA_UI_EDIT_H
#define ANKETA_UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Edit: a line or paragraph of text being typed, with a cursor.
 *
 * Held in place, so that it can be overwritten; no more than EDIT_MAX_CHARS
 * characters go in, the rest is refused.
 */
#define EDIT_MAX_CHARS ((size_t)1000)
#define EDIT_MAX_BYTES (EDIT_MAX_CHARS * 4)

struct edit {
    char text[EDIT_MAX_BYTES + 1];
    size_t len;
    size_t cursor; /* bytes from the start, at a character's edge */
};

void
edit_init(struct edit *e);
void
edit_wipe(struct edit *e);

/* Cut to the maximum; the cursor goes to the end. */
void
edit_set(struct edit *e, const char *text);

/* False if it does not fit: nothing is inserted then. */
bool
edit_insert(struct edit *e, const char *text);
bool
edit_backspace(struct edit *e);
bool
edit_delete(struct edit *e);
bool
edit_left(struct edit *e);
bool
edit_right(struct edit *e);
void
edit_place(struct edit *e, size_t byte);

size_t
edit_chars_left(const struct edit *e);

#endif
