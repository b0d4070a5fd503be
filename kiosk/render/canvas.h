#ifndef ANKETA_RENDER_CANVAS_H
#define ANKETA_RENDER_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/draw_list.h"
#include "ui/geom.h"

/*
 * Canvas: shapes with clean edges on 32-bit pixels (0x00RRGGBB).
 *
 * A pixel's share of a shape is its signed distance to the outline, cut to one
 * pixel: exact enough for circles and straight strokes, and needs no
 * supersampling. Nothing outside `clip` is touched.
 *
 * Threads  One at a time; the pixels belong to the caller.
 */
struct canvas {
    uint32_t *pixels; /* borrowed */
    int width;
    int height;
    int stride; /* in pixels */
    struct geom_rect clip;
    int shift_px; /* paint(): all but the ground stands that much to the right */
};

struct canvas_box {
    struct geom_rect rect;
    int radius_px;
    int edge_px;
    bool has_fill;
    bool dashed;
    uint32_t fill;
    uint32_t edge;
};

void
canvas_box(struct canvas *c, const struct canvas_box *box);

void
canvas_icon(struct canvas *c, struct geom_rect rect, enum draw_list_icon icon,
            int level, uint32_t colour);

/* Coverage 0..255 per pixel, `pitch` bytes a row. */
struct canvas_mask {
    const uint8_t *bytes;
    int width;
    int height;
    int pitch;
};
void
canvas_mask(struct canvas *c, const struct canvas_mask *mask, int x, int y,
            uint32_t colour);

#endif
