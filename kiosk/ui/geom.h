#ifndef ANKETA_UI_GEOM_H
#define ANKETA_UI_GEOM_H

#include <stdbool.h>

/*
 * Geom: rectangles in pixels, origin at the top left, y downwards.
 */
struct geom_rect {
    int x;
    int y;
    int w;
    int h;
};

static inline int
geom_min(int a, int b)
{
    return a < b ? a : b;
}

static inline int
geom_max(int a, int b)
{
    return a > b ? a : b;
}

static inline int
geom_right(struct geom_rect r)
{
    return r.x + r.w;
}

static inline int
geom_bottom(struct geom_rect r)
{
    return r.y + r.h;
}

static inline bool
geom_contains(struct geom_rect r, int x, int y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

static inline bool
geom_empty(struct geom_rect r)
{
    return r.w <= 0 || r.h <= 0;
}

/* Shrinks by `by` on every side; a negative value grows. */
static inline struct geom_rect
geom_inset(struct geom_rect r, int by)
{
    return (struct geom_rect){r.x + by, r.y + by, r.w - 2 * by, r.h - 2 * by};
}

static inline struct geom_rect
geom_meet(struct geom_rect a, struct geom_rect b)
{
    int x = geom_max(a.x, b.x);
    int y = geom_max(a.y, b.y);
    int right = geom_min(geom_right(a), geom_right(b));
    int bottom = geom_min(geom_bottom(a), geom_bottom(b));
    return (struct geom_rect){x, y, right - x, bottom - y};
}

/* Smallest rectangle around both; an empty one does not count. */
static inline struct geom_rect
geom_join(struct geom_rect a, struct geom_rect b)
{
    if (geom_empty(a)) {
        return b;
    }
    if (geom_empty(b)) {
        return a;
    }
    int x = geom_min(a.x, b.x);
    int y = geom_min(a.y, b.y);
    int right = geom_max(geom_right(a), geom_right(b));
    int bottom = geom_max(geom_bottom(a), geom_bottom(b));
    return (struct geom_rect){x, y, right - x, bottom - y};
}

/* Cuts `h` pixels off the top or the bottom of *r and returns them. */
static inline struct geom_rect
geom_cut_top(struct geom_rect *r, int h)
{
    struct geom_rect cut = {r->x, r->y, r->w, h};
    r->y += h;
    r->h -= h;
    return cut;
}

static inline struct geom_rect
geom_cut_bottom(struct geom_rect *r, int h)
{
    r->h -= h;
    return (struct geom_rect){r->x, r->y + r->h, r->w, h};
}

static inline struct geom_rect
geom_cut_left(struct geom_rect *r, int w)
{
    struct geom_rect cut = {r->x, r->y, w, r->h};
    r->x += w;
    r->w -= w;
    return cut;
}

static inline struct geom_rect
geom_cut_right(struct geom_rect *r, int w)
{
    r->w -= w;
    return (struct geom_rect){r->x + r->w, r->y, w, r->h};
}

#endif
