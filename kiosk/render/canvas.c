#include "render/canvas.h"

#include <math.h>

static uint32_t
mix(uint32_t under, uint32_t over, uint32_t share)
{
    /* share 0..256; red and blue travel together. */
    uint32_t rb =
        ((under & 0xFF00FFu) * (256u - share) + (over & 0xFF00FFu) * share)
        >> 8;
    uint32_t g =
        ((under & 0x00FF00u) * (256u - share) + (over & 0x00FF00u) * share)
        >> 8;
    return (rb & 0xFF00FFu) | (g & 0x00FF00u);
}

static uint32_t
share_of(double coverage)
{
    double clamped = fmin(fmax(coverage, 0.0), 1.0);
    return (uint32_t)lround(clamped * 256.0);
}

static uint32_t *
row_of(const struct canvas *c, int y)
{
    return c->pixels + (long)y * c->stride;
}

static struct geom_rect
visible(const struct canvas *c, struct geom_rect r)
{
    struct geom_rect all = {0, 0, c->width, c->height};
    return geom_meet(geom_meet(r, c->clip), all);
}

/* Inside share of the rounded rectangle at a pixel's centre. */
static double
rounded_coverage(struct geom_rect r, double radius, double px, double py)
{
    double half_w = (double)r.w / 2.0;
    double half_h = (double)r.h / 2.0;
    double qx = fabs(px - ((double)r.x + half_w)) - (half_w - radius);
    double qy = fabs(py - ((double)r.y + half_h)) - (half_h - radius);
    double outside = hypot(fmax(qx, 0.0), fmax(qy, 0.0));
    double inside = fmin(fmax(qx, qy), 0.0);
    return 0.5 - (outside + inside - radius);
}

static void
fill_span(uint32_t *row, int from, int to, uint32_t colour)
{
    for (int x = from; x < to; x++) {
        row[x] = colour;
    }
}

static void
blend_pixel(uint32_t *pixel, const struct canvas_box *box, double outer,
            double inner)
{
    uint32_t out_share = share_of(outer);
    uint32_t in_share = box->edge_px > 0 ? share_of(inner) : out_share;
    if (box->edge_px > 0 && box->has_fill) {
        *pixel = mix(*pixel, mix(box->edge, box->fill, in_share), out_share);
    } else if (box->edge_px > 0) {
        uint32_t ring = out_share > in_share ? out_share - in_share : 0;
        *pixel = mix(*pixel, box->edge, ring);
    } else if (box->has_fill) {
        *pixel = mix(*pixel, box->fill, out_share);
    }
}

static bool
dash_gap(const struct canvas_box *box, int along)
{
    int dash = geom_max(4, box->edge_px * 4);
    return box->dashed && (along / dash) % 2 == 1;
}

/* The straight part of one row: edge left and right, fill between. */
static void
straight_row(uint32_t *row, const struct canvas_box *box, int y,
             struct geom_rect part)
{
    struct geom_rect r = box->rect;
    bool edge_row =
        y < r.y + box->edge_px || y >= geom_bottom(r) - box->edge_px;
    for (int x = part.x; x < geom_right(part); x++) {
        bool left = x < r.x + box->edge_px;
        bool right = x >= geom_right(r) - box->edge_px;
        if (edge_row || left || right) {
            bool gap = edge_row ? dash_gap(box, x) : dash_gap(box, y);
            if (!gap) {
                row[x] = box->edge;
            } else if (box->has_fill) {
                row[x] = box->fill;
            }
        } else if (box->has_fill) {
            int end = geom_min(geom_right(part), geom_right(r) - box->edge_px);
            fill_span(row, x, end, box->fill);
            x = end - 1;
        } else {
            x = geom_max(
                x,
                geom_min(geom_right(part), geom_right(r) - box->edge_px) - 1);
        }
    }
}

static void
corner_span(uint32_t *row, const struct canvas_box *box, int y,
            struct geom_rect part)
{
    struct geom_rect inner = geom_inset(box->rect, box->edge_px);
    double radius = box->radius_px;
    double inner_radius = fmax(radius - box->edge_px, 0.0);
    for (int x = part.x; x < geom_right(part); x++) {
        double px = (double)x + 0.5;
        double py = (double)y + 0.5;
        blend_pixel(&row[x], box, rounded_coverage(box->rect, radius, px, py),
                    rounded_coverage(inner, inner_radius, px, py));
    }
}

void
canvas_box(struct canvas *c, const struct canvas_box *box)
{
    struct canvas_box b = *box;
    b.radius_px = geom_min(b.radius_px, geom_min(b.rect.w, b.rect.h) / 2);
    b.edge_px = geom_min(b.edge_px, geom_min(b.rect.w, b.rect.h) / 2);
    struct geom_rect seen = visible(c, b.rect);
    if (geom_empty(seen)) {
        return;
    }
    int corner = geom_max(b.radius_px, b.radius_px > 0 ? b.edge_px : 0);
    for (int y = seen.y; y < geom_bottom(seen); y++) {
        uint32_t *row = row_of(c, y);
        bool curved =
            y < b.rect.y + corner || y >= geom_bottom(b.rect) - corner;
        if (!curved) {
            straight_row(row, &b, y, (struct geom_rect){seen.x, y, seen.w, 1});
            continue;
        }
        struct geom_rect line = {b.rect.x, y, b.rect.w, 1};
        struct geom_rect left = geom_cut_left(&line, corner);
        struct geom_rect right = geom_cut_right(&line, corner);
        corner_span(row, &b, y, geom_meet(left, seen));
        corner_span(row, &b, y, geom_meet(right, seen));
        straight_row(row, &b, y, geom_meet(line, seen));
    }
}

void
canvas_mask(struct canvas *c, const struct canvas_mask *mask, int x, int y,
            uint32_t colour)
{
    struct geom_rect seen =
        visible(c, (struct geom_rect){x, y, mask->width, mask->height});
    for (int row = seen.y; row < geom_bottom(seen); row++) {
        const uint8_t *bytes = mask->bytes + (long)(row - y) * mask->pitch;
        uint32_t *pixels = row_of(c, row);
        for (int col = seen.x; col < geom_right(seen); col++) {
            uint32_t share = bytes[col - x];
            if (share > 0) {
                pixels[col] = mix(pixels[col], colour, share + (share >> 7));
            }
        }
    }
}

/*
 * Icons: strokes, rings and solids in a square of side 1, y downwards.
 */
#define STROKES_MAX 16

struct stroke {
    double ax;
    double ay;
    double bx;
    double by;
};

struct ring {
    double x;
    double y;
    double radius; /* 0: none */
    bool solid;
};

struct icon_shape {
    struct stroke strokes[STROKES_MAX];
    int count;
    struct ring rings[3];
    double width; /* of the strokes; 0: the usual */
    bool right_half_solid;
};

#define USUAL_WIDTH 0.1

static const struct icon_shape icon_shapes[DRAW_LIST_ICON_COUNT] = {
    [DRAW_LIST_TICK] = {.strokes = {{.24, .53, .43, .72}, {.43, .72, .78, .31}},
                        .count = 2,
                        .width = .14},
    [DRAW_LIST_CIRCLE] = {.rings = {{.5, .5, .42, false}}},
    [DRAW_LIST_DOT] = {.rings = {{.5, .5, .28, true}}},
    [DRAW_LIST_CHEVRON_LEFT] = {.strokes = {{.6, .24, .34, .5},
                                            {.34, .5, .6, .76}},
                                .count = 2,
                                .width = .12},
    [DRAW_LIST_CHEVRON_RIGHT] = {.strokes = {{.4, .24, .66, .5},
                                             {.66, .5, .4, .76}},
                                 .count = 2,
                                 .width = .12},
    [DRAW_LIST_ARROW_UP] = {.strokes = {{.5, .84, .5, .18},
                                        {.5, .18, .24, .44},
                                        {.5, .18, .76, .44}},
                            .count = 3},
    [DRAW_LIST_ARROW_DOWN] = {.strokes = {{.5, .16, .5, .82},
                                          {.5, .82, .24, .56},
                                          {.5, .82, .76, .56}},
                              .count = 3},
    [DRAW_LIST_PLUS] = {.strokes = {{.5, .16, .5, .84}, {.16, .5, .84, .5}},
                        .count = 2,
                        .width = .12},
    [DRAW_LIST_MINUS] = {.strokes = {{.16, .5, .84, .5}},
                         .count = 1,
                         .width = .12},
    [DRAW_LIST_CROSS] = {.strokes = {{.24, .24, .76, .76},
                                     {.76, .24, .24, .76}},
                         .count = 2},
    [DRAW_LIST_CONTRAST] = {.rings = {{.5, .5, .38, false}},
                            .right_half_solid = true,
                            .width = .08},
    [DRAW_LIST_WARNING] = {.strokes = {{.5, .14, .1, .84},
                                       {.1, .84, .9, .84},
                                       {.9, .84, .5, .14},
                                       {.5, .4, .5, .58}},
                           .count = 4,
                           .rings = {{.5, .71, .05, true}},
                           .width = .09},
    [DRAW_LIST_BACKSPACE] = {.strokes = {{.34, .2, .94, .2},
                                         {.94, .2, .94, .8},
                                         {.94, .8, .34, .8},
                                         {.34, .8, .06, .5},
                                         {.06, .5, .34, .2},
                                         {.48, .38, .72, .62},
                                         {.72, .38, .48, .62}},
                             .count = 7,
                             .width = .08},
    [DRAW_LIST_SHIFT] = {.strokes = {{.5, .12, .12, .52},
                                     {.12, .52, .32, .52},
                                     {.32, .52, .32, .86},
                                     {.32, .86, .68, .86},
                                     {.68, .86, .68, .52},
                                     {.68, .52, .88, .52},
                                     {.88, .52, .5, .12}},
                         .count = 7,
                         .width = .08},
    [DRAW_LIST_SHIFT_ON] = {.strokes = {{.5, .12, .12, .52},
                                        {.12, .52, .88, .52},
                                        {.88, .52, .5, .12},
                                        {.5, .2, .5, .8},
                                        {.4, .4, .4, .86},
                                        {.6, .4, .6, .86},
                                        {.32, .52, .32, .86},
                                        {.68, .52, .68, .86},
                                        {.32, .86, .68, .86},
                                        {.5, .34, .3, .46},
                                        {.5, .34, .7, .46}},
                            .count = 11,
                            .width = .11},
    [DRAW_LIST_ENTER] = {.strokes = {{.84, .2, .84, .58},
                                     {.84, .58, .18, .58},
                                     {.18, .58, .4, .36},
                                     {.18, .58, .4, .8}},
                         .count = 4,
                         .width = .09},
    [DRAW_LIST_SEARCH] = {.strokes = {{.64, .64, .88, .88}},
                          .count = 1,
                          .rings = {{.42, .42, .28, false}}},
    [DRAW_LIST_SPEAKER] = {.strokes = {{.1, .38, .26, .38},
                                       {.26, .38, .5, .16},
                                       {.5, .16, .5, .84},
                                       {.5, .84, .26, .62},
                                       {.26, .62, .1, .62},
                                       {.1, .62, .1, .38},
                                       {.66, .36, .71, .5},
                                       {.71, .5, .66, .64},
                                       {.8, .24, .89, .5},
                                       {.89, .5, .8, .76}},
                           .count = 10,
                           .width = .08},
    [DRAW_LIST_SPEAKER_ON] = {.strokes = {{.14, .4, .28, .4},
                                          {.28, .4, .48, .22},
                                          {.48, .22, .48, .78},
                                          {.48, .78, .28, .6},
                                          {.28, .6, .14, .6},
                                          {.14, .6, .14, .4},
                                          {.2, .5, .42, .5},
                                          {.36, .42, .4, .58},
                                          {.66, .36, .71, .5},
                                          {.71, .5, .66, .64},
                                          {.84, .26, .91, .5},
                                          {.91, .5, .84, .74}},
                              .count = 12,
                              .width = .11},
    [DRAW_LIST_PLAY] = {.strokes = {{.28, .18, .78, .5},
                                    {.78, .5, .28, .82},
                                    {.28, .82, .28, .18},
                                    {.38, .34, .38, .66},
                                    {.48, .42, .48, .58},
                                    {.38, .5, .64, .5}},
                        .count = 6,
                        .width = .13},
    [DRAW_LIST_PAUSE] = {.strokes = {{.32, .18, .32, .82},
                                     {.68, .18, .68, .82}},
                         .count = 2,
                         .width = .18},
    [DRAW_LIST_REPEAT] = {.strokes = {{.74, .30, .83, .45},
                                      {.83, .45, .83, .63},
                                      {.83, .63, .74, .78},
                                      {.74, .78, .59, .87},
                                      {.59, .87, .41, .87},
                                      {.41, .87, .26, .78},
                                      {.26, .78, .17, .63},
                                      {.17, .63, .17, .45},
                                      {.17, .45, .26, .30},
                                      {.26, .30, .04, .32},
                                      {.26, .30, .24, .52}},
                          .count = 11,
                          .width = .1},
    [DRAW_LIST_LOCK] = {.strokes = {{.2, .46, .8, .46},
                                    {.8, .46, .8, .88},
                                    {.8, .88, .2, .88},
                                    {.2, .88, .2, .46},
                                    {.32, .46, .32, .3},
                                    {.32, .3, .42, .16},
                                    {.42, .16, .58, .16},
                                    {.58, .16, .68, .3},
                                    {.68, .3, .68, .46}},
                        .count = 9,
                        .width = .09},
    [DRAW_LIST_GRIP] = {.strokes = {{.2, .36, .8, .36}, {.2, .64, .8, .64}},
                        .count = 2,
                        .width = .09},
    [DRAW_LIST_MORE] = {.rings = {{.16, .8, .1, true},
                                  {.5, .8, .1, true},
                                  {.84, .8, .1, true}}},
    [DRAW_LIST_FACE] = {.rings = {{.5, .5, .44, false},
                                  {.35, .4, .055, true},
                                  {.65, .4, .055, true}},
                        .width = .07},
};

static double
stroke_distance(const struct stroke *s, double x, double y)
{
    double dx = s->bx - s->ax;
    double dy = s->by - s->ay;
    double t = ((x - s->ax) * dx + (y - s->ay) * dy) / (dx * dx + dy * dy);
    t = fmin(fmax(t, 0.0), 1.0);
    return hypot(x - (s->ax + t * dx), y - (s->ay + t * dy));
}

/* Signed distance to the icon's ink, in units of the square. */
static double
icon_distance(const struct icon_shape *shape, double x, double y)
{
    double half = (shape->width > 0.0 ? shape->width : USUAL_WIDTH) / 2.0;
    double nearest = 2.0;
    for (int i = 0; i < shape->count; i++) {
        nearest =
            fmin(nearest, stroke_distance(&shape->strokes[i], x, y) - half);
    }
    for (int i = 0; i < 3; i++) {
        const struct ring *ring = &shape->rings[i];
        if (ring->radius <= 0.0) {
            continue;
        }
        double d = hypot(x - ring->x, y - ring->y) - ring->radius;
        nearest = fmin(nearest, ring->solid ? d : fabs(d) - half);
        if (shape->right_half_solid && i == 0) {
            nearest = fmin(nearest, fmax(d, 0.5 - x));
        }
    }
    return nearest;
}

/* A mouth from frown to smile, as a curve of short strokes. */
static void
add_mouth(struct icon_shape *face, int level)
{
    double bend = ((double)level - 50.0) / 50.0 * 0.14;
    double middle = 0.66 - bend * 0.3;
    for (int i = 0; i < 8; i++) {
        double u = (double)i / 4.0 - 1.0;
        double v = (double)(i + 1) / 4.0 - 1.0;
        face->strokes[i] =
            (struct stroke){0.5 + u * 0.22, middle + bend * (1.0 - u * u),
                            0.5 + v * 0.22, middle + bend * (1.0 - v * v)};
    }
    face->count = 8;
}

void
canvas_icon(struct canvas *c, struct geom_rect rect, enum draw_list_icon icon,
            int level, uint32_t colour)
{
    struct icon_shape shape = icon_shapes[icon];
    if (icon == DRAW_LIST_FACE) {
        add_mouth(&shape, level);
    }
    struct geom_rect seen = visible(c, rect);
    double side = geom_min(rect.w, rect.h);
    for (int y = seen.y; y < geom_bottom(seen); y++) {
        uint32_t *row = row_of(c, y);
        for (int x = seen.x; x < geom_right(seen); x++) {
            double d =
                icon_distance(&shape, ((double)(x - rect.x) + 0.5) / side,
                              ((double)(y - rect.y) + 0.5) / side);
            uint32_t share = share_of(0.5 - d * side);
            if (share > 0) {
                row[x] = mix(row[x], colour, share);
            }
        }
    }
}
