#ifndef ANKETA_UI_TEXT_H
#define ANKETA_UI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/metrics.h"

/*
 * Text: breaking paragraphs into lines, as Russian typography wants it.
 *
 * A line is never broken after a preposition or another word of one letter,
 * before a particle ("ли", "бы"), before a dash, between a number and what it
 * counts, or at a no-break space. A line break in the text stays one. A word
 * wider than the line is broken where the line ends.
 *
 * Widths come from the caller's measure, so that this room needs no fonts.
 */
struct text_measure {
    /* Advance width in pixels of `len` bytes of UTF-8. */
    int (*width)(void *self, enum metrics_face face, int em_px,
                 const char *text, size_t len);
    void *self;
};

#define TEXT_LINES_MAX 64

struct text_line {
    const char *text; /* within the paragraph; not NUL-terminated */
    size_t len;
    int width_px;
};

struct text_block {
    struct text_line lines[TEXT_LINES_MAX];
    size_t count;
    int width_px; /* of the widest line */
    bool cut;     /* more lines than TEXT_LINES_MAX */
    bool broken;  /* a word had to be broken */
};

void
text_wrap(const struct text_measure *measure, const struct metrics_type *type,
          const char *text, int width_px, struct text_block *out);

/* The same number of lines, as even as they can be: for headlines and
 * questions. */
void
text_wrap_even(const struct text_measure *measure,
               const struct metrics_type *type, const char *text, int width_px,
               struct text_block *out);

int
text_width(const struct text_measure *measure, const struct metrics_type *type,
           const char *text);

#endif
