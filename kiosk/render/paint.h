#ifndef ANKETA_RENDER_PAINT_H
#define ANKETA_RENDER_PAINT_H

#include "render/canvas.h"
#include "render/fonts.h"
#include "ui/draw_list.h"
#include "ui/theme.h"

/*
 * Paint: a draw list in the colours of a theme, into pixels.
 *
 * Only what meets the canvas's clip is drawn.
 */

/* An image of the form's media as ARGB pixels, or NULL; borrowed until the next
 * call. */
struct paint_image {
    const uint32_t *pixels;
    int width;
    int height;
};
struct paint_images {
    const struct paint_image *(*find)(void *self, const char *name,
                                      int max_width, int max_height);
    void *self;
};

/* `images` may be NULL. What cannot be shown is a frame with a warning. */
void
paint(struct canvas *c, struct fonts *fonts, const struct paint_images *images,
      const struct draw_list *list, enum theme_id theme);

#endif
