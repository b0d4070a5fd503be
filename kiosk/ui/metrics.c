#include "ui/metrics.h"

#include <math.h>

static const double text_scale[METRICS_SIZE_COUNT] = {
    [METRICS_SMALL] = 0.8,
    [METRICS_NORMAL] = 1.0,
    [METRICS_LARGE] = 1.3,
    [METRICS_HUGE] = 1.7,
};

/* A panel this many millimetres high takes normal text; larger text needs a
 * higher one in proportion, or a page would hold a line or two. */
#define LARGEST_SHARE_MM 62.0

/* Capitals in millimetres at normal size, and how strongly the role follows
 * the chosen text size: what is large already need not grow in full. */
static const struct {
    enum metrics_face face;
    double cap_mm;
    double line; /* in ems */
    double follow;
} roles[METRICS_ROLE_COUNT] = {
    [METRICS_POSTER] = {METRICS_DISPLAY, 11.2, 1.12, 0.35},
    [METRICS_HEADLINE] = {METRICS_DISPLAY, 8.8, 1.16, 0.35},
    [METRICS_LEDE] = {METRICS_REGULAR, 5.6, 1.32, 0.8},
    [METRICS_QUESTION] = {METRICS_SEMIBOLD, 5.2, 1.2, 0.9},
    [METRICS_BODY] = {METRICS_REGULAR, 4.85, 1.3, 1.0},
    [METRICS_BODY_STRONG] = {METRICS_SEMIBOLD, 4.85, 1.3, 1.0},
    [METRICS_HINT] = {METRICS_REGULAR, 3.7, 1.32, 1.0},
    [METRICS_HINT_STRONG] = {METRICS_SEMIBOLD, 3.7, 1.32, 1.0},
    [METRICS_LABEL] = {METRICS_SEMIBOLD, 3.8, 1.25, 0.6},
    [METRICS_BUTTON] = {METRICS_SEMIBOLD, 4.9, 1.25, 0.5},
    [METRICS_FIGURE] = {METRICS_SEMIBOLD, 6.6, 1.2, 0.6},
    [METRICS_KEY] = {METRICS_REGULAR, 4.4, 1.2, 0.1},
};

/* A large panel is looked at from further away and has room: everything on it
 * is drawn larger, up to a quarter, instead of leaving dead areas. */
#define REFERENCE_SHORT_MM 137.0
#define REFERENCE_LONG_MM 219.0
#define LARGEST_GROWTH 1.25

static double
drawn_px_per_mm(const struct metrics *m)
{
    double wide = fmax(m->width_px, m->height_px) / m->px_per_mm;
    double high = fmin(m->width_px, m->height_px) / m->px_per_mm;
    double growth = fmin(wide / REFERENCE_LONG_MM, high / REFERENCE_SHORT_MM);
    return m->px_per_mm * fmax(1.0, fmin(growth, LARGEST_GROWTH));
}

int
metrics_mm(const struct metrics *m, double mm)
{
    return (int)lround(mm * drawn_px_per_mm(m));
}

struct metrics_type
metrics_type(const struct metrics *m, enum metrics_role role)
{
    double short_mm = fmin(m->width_px, m->height_px) / m->px_per_mm;
    double chosen = fmin(text_scale[m->size], short_mm / LARGEST_SHARE_MM);
    double scale = 1.0 + (chosen - 1.0) * roles[role].follow;
    double cap = roles[role].cap_mm * drawn_px_per_mm(m) * scale;
    /* A headline's capitals never take more than a twelfth of the panel's
     * short side. */
    double short_side = fmin(m->width_px, m->height_px);
    if (role == METRICS_HEADLINE || role == METRICS_POSTER) {
        cap = fmin(cap, short_side / 12.0);
    }
    double em = cap / METRICS_CAP;
    struct metrics_type t = {
        .face = roles[role].face,
        .em_px = (int)lround(em),
        .line_px = (int)lround(em * roles[role].line),
    };
    t.baseline_px = (int)lround(((double)t.line_px + cap) / 2.0);
    return t;
}

double
metrics_density(int width_px, int height_px, double inches)
{
    return hypot(width_px, height_px) / (inches * 25.4);
}
