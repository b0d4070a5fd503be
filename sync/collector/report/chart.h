#ifndef ANKETA_REPORT_CHART_H
#define ANKETA_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/summary/interval.h"

/*
 * Chart: what a picture shows, and where each line and word of it goes.
 *
 * A chart is plain data with ready-made texts; chart_draw() lays it out and
 * hands rectangles, lines, dots and words to a canvas (report/svg.h for pages,
 * report/pdf.c for paper), so that screen and print show the same picture.
 * Bars always start at zero, figures stand beside what they measure, colour
 * never carries a meaning alone.
 *
 * Units    One unit is a CSS pixel or, on paper, a point; y grows downwards.
 *          The width is the caller's, the height is chart_height().
 * Lifetime Everything is borrowed during the call.
 */
#define CHART_SEGMENTS_MAX 11
#define CHART_WIDTH_MIN 240.0

enum chart_role {
    CHART_INK,       /* words */
    CHART_QUIET,     /* secondary words, still 7:1 on the card */
    CHART_EDGE,      /* axes and hairlines, never words */
    CHART_BAR,       /* what the sentence above speaks of */
    CHART_BAR_SOFT,  /* the rest of the same question */
    CHART_DIVERGE_0, /* from the strongest "no" ... */
    CHART_DIVERGE_1,
    CHART_DIVERGE_2, /* ... over the middle ... */
    CHART_DIVERGE_3,
    CHART_DIVERGE_4, /* ... to the strongest "yes" */
    CHART_ON_DARK,   /* words on CHART_BAR, _DIVERGE_0 and _DIVERGE_4 */
    CHART_ON_LIGHT,  /* words on _DIVERGE_1 to _3 in every theme */
    CHART_PAPER,     /* the inside of a hollow dot */
    CHART_ROLE_COUNT
};

enum chart_anchor {
    CHART_START,
    CHART_MIDDLE,
    CHART_END
};

struct chart_words {
    double x;
    double y; /* baseline */
    double size;
    enum chart_anchor anchor;
    enum chart_role role;
    bool bold;
};

struct chart_canvas {
    void *self;
    void (*rect)(void *self, const double xywh[4], enum chart_role fill);
    void (*line)(void *self, const double xyxy[4], double width,
                 enum chart_role stroke);
    void (*dot)(void *self, double x, double y, double radius, bool hollow);
    void (*words)(void *self, const struct chart_words *at, const char *text,
                  size_t len);
};

/* Horizontal bars: an option each. */
struct chart_bar {
    const char *label;
    double value;     /* >= 0 */
    const char *text; /* stands at the end of the bar: "9 (45 %)" */
    bool strong;
};

struct chart_bars {
    const struct chart_bar *bar;
    size_t count;
    double max; /* value of a full-width bar; 0: the largest */
};

/* Columns on a numeric axis: a scale of 1-10, a histogram. */
struct chart_column {
    const char *label; /* below; NULL for none */
    double value;
    const char *text; /* above; NULL for none */
    bool strong;
};

struct chart_columns {
    const struct chart_column *column;
    size_t count;
    /* Positions in columns (2.5 = middle between the third and the fourth
     * column's centre); NAN to leave them out. */
    double median;
    double q1;
    double q3;
    const char *median_text; /* "медиана 8"; NULL for none */
};

/* Likert rows as bars diverging from the middle category. */
struct chart_diverging_row {
    const char *label;
    double share[CHART_SEGMENTS_MAX];     /* 0..1, in order of the scale */
    const char *text[CHART_SEGMENTS_MAX]; /* "45 %"; left out if too narrow */
    const char *low_text;                 /* sum on the left side */
    const char *high_text;                /* sum on the right side */
};

struct chart_diverging {
    const struct chart_diverging_row *row;
    size_t count;
    const char *const *segment; /* names of the categories */
    size_t segments;            /* 2..CHART_SEGMENTS_MAX */
};

/* Dots with their intervals on one axis: waves, groups, before and after. */
struct chart_dot {
    const char *label;
    double value;
    struct interval interval; /* NAN ends: none */
    const char *text;         /* "7,9 (7,1–8,7)" */
    bool hollow;              /* the earlier one, or the weaker */
};

struct chart_dots {
    const struct chart_dot *dot;
    size_t count;
    double low; /* ends of the axis */
    double high;
    double step; /* between ticks */
};

/* A line over equal steps of time. */
struct chart_point {
    const char *label; /* below; NULL for none */
    double value;      /* >= 0; NAN leaves a gap */
    const char *text;  /* above; NULL for none */
};

struct chart_line {
    const struct chart_point *point;
    size_t count;
};

enum chart_kind {
    CHART_KIND_BARS,
    CHART_KIND_COLUMNS,
    CHART_KIND_DIVERGING,
    CHART_KIND_DOTS,
    CHART_KIND_LINE
};

struct chart {
    enum chart_kind kind;
    const char *title; /* read aloud instead of the picture */
    union {
        struct chart_bars bars;
        struct chart_columns columns;
        struct chart_diverging diverging;
        struct chart_dots dots;
        struct chart_line line;
    } u;
};

double
chart_height(const struct chart *c, double width);

/* Draw with the upper left corner at (0, 0). */
void
chart_draw(const struct chart *c, double width, const struct chart_canvas *cv);

/* Colour of a role on white paper, 0xRRGGBB. */
unsigned
chart_colour(enum chart_role role);

/* Estimated width of `len` bytes of text set in Inter. */
double
chart_text_width(const char *text, size_t len, double size);

#endif
