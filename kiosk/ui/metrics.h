#ifndef ANKETA_UI_METRICS_H
#define ANKETA_UI_METRICS_H

#include <stdbool.h>

/*
 * Metrics: sizes in millimetres, turned into pixels of one panel.
 *
 * A finger and an eye do not shrink with the panel, so every size of the
 * interface is a length. Text is named by its role and set by the height of its
 * capitals; four sizes of text can be chosen at any moment.
 */
enum metrics_size {
    METRICS_SMALL,
    METRICS_NORMAL,
    METRICS_LARGE,
    METRICS_HUGE,
    METRICS_SIZE_COUNT
};

enum metrics_face {
    METRICS_REGULAR,
    METRICS_SEMIBOLD,
    METRICS_BOLD,
    METRICS_DISPLAY,
    METRICS_FACE_COUNT
};

enum metrics_role {
    METRICS_POSTER, /* the title of the page that waits */
    METRICS_HEADLINE,
    METRICS_LEDE, /* the sentence under a poster or a headline */
    METRICS_QUESTION,
    METRICS_BODY,
    METRICS_BODY_STRONG,
    METRICS_HINT,
    METRICS_HINT_STRONG,
    METRICS_LABEL, /* top line, progress */
    METRICS_BUTTON,
    METRICS_FIGURE, /* the number in a scale's cell */
    METRICS_KEY,
    METRICS_ROLE_COUNT
};

struct metrics {
    int width_px;
    int height_px;
    double px_per_mm;
    enum metrics_size size;
};

/* One line of text: its em size, the line's height and the part of that height
 * above the baseline; capitals stand in the middle of the line. */
struct metrics_type {
    enum metrics_face face;
    int em_px;
    int line_px;
    int baseline_px;
};

/* Height of capitals in ems, Inter. */
#define METRICS_CAP 0.727

#define METRICS_MARGIN_MM 5.5
#define METRICS_GAP_MM 2.6
#define METRICS_TARGET_MM 20.0
#define METRICS_KEY_MM 12.7
#define METRICS_TOP_MM 14.0
#define METRICS_CARD_RADIUS_MM 3.4
#define METRICS_BUTTON_RADIUS_MM 4.0
#define METRICS_LOW_PANEL_MM 100.0 /* height; a lower one gives up comforts */

int
metrics_mm(const struct metrics *m, double mm);

struct metrics_type
metrics_type(const struct metrics *m, enum metrics_role role);

/* Diagonal in inches and size in pixels to pixels per millimetre. */
double
metrics_density(int width_px, int height_px, double inches);

#endif
