#include "collector/report/chart.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define TEXT_SIZE 14.0
#define LINE_HEIGHT 18.0
#define ASCENT 11.0 /* from the top of a line box to its baseline, less lead */
#define BAR_THICK 18.0
#define ROW_GAP 12.0
#define LABEL_SHARE 0.38 /* of the width, at most */
#define GAP 10.0
#define LABEL_LINES_MAX 4

unsigned
chart_colour(enum chart_role role)
{
    static const unsigned colour[CHART_ROLE_COUNT] = {
        [CHART_INK] = 0x16202A,       [CHART_QUIET] = 0x48525A,
        [CHART_EDGE] = 0x767B73,      [CHART_BAR] = 0x063F3B,
        [CHART_BAR_SOFT] = 0x9DB2AC,  [CHART_DIVERGE_0] = 0x7A4508,
        [CHART_DIVERGE_1] = 0xDDBB82, [CHART_DIVERGE_2] = 0xDCDAD2,
        [CHART_DIVERGE_3] = 0x8CBFB4, [CHART_DIVERGE_4] = 0x063F3B,
        [CHART_ON_DARK] = 0xFFFFFF,   [CHART_ON_LIGHT] = 0x16202A,
        [CHART_PAPER] = 0xFFFFFF,
    };
    return colour[role];
}

/* Advance of a code point in thousandths of the size, by kind of letter; close
 * enough to leave room and break lines. */
static int
advance(uint32_t cp)
{
    static const char narrow[] = " .,:;'|!iljtf()[]-";
    static const char wide[] = "mwMW@%";
    if (cp < 0x80) {
        if (strchr(narrow, (int)cp)) {
            return 300;
        }
        if (strchr(wide, (int)cp)) {
            return 900;
        }
        return cp >= 'A' && cp <= 'Z' ? 660 : 575;
    }
    switch (cp) {
    case 0x416: /* Ж */
    case 0x428: /* Ш */
    case 0x429: /* Щ */
    case 0x42B: /* Ы */
    case 0x42E: /* Ю */
    case 0x436: /* ж */
    case 0x448: /* ш */
    case 0x449: /* щ */
    case 0x44B: /* ы */
    case 0x44E: /* ю */
        return 820;
    case 0xA0: /* no-break space */
        return 330;
    case 0x2009: /* thin space */
    case 0x202F:
        return 200;
    default:
        return cp >= 0x410 && cp <= 0x42F ? 690 : 580;
    }
}

double
chart_text_width(const char *text, size_t len, double size)
{
    long sum = 0;
    size_t at = 0;
    while (at < len) {
        uint32_t cp = 0;
        at += utf8_decode(text + at, len - at, &cp);
        sum += advance(cp);
    }
    return (double)sum * size / 1000.0;
}

/* Bytes of `text` that fit in one line of `width`: up to a space if there is
 * one, and never nothing. */
static size_t
fitting(const char *text, size_t len, double width)
{
    double used = 0.0;
    size_t at = 0;
    size_t space = 0;
    while (at < len) {
        uint32_t cp = 0;
        size_t step = utf8_decode(text + at, len - at, &cp);
        used += advance(cp) * TEXT_SIZE / 1000.0;
        if (used > width && at > 0) {
            return space > 0 ? space : at;
        }
        if (cp == ' ') {
            space = at;
        }
        at += step;
    }
    return len;
}

struct label_lines {
    const char *text[LABEL_LINES_MAX];
    size_t len[LABEL_LINES_MAX];
    size_t count;
};

static void
break_label(const char *text, double width, struct label_lines *out)
{
    out->count = 0;
    size_t rest = strlen(text);
    while (rest > 0 && out->count < LABEL_LINES_MAX) {
        /* The last line takes all that is left rather than lose words. */
        size_t len = out->count + 1 < LABEL_LINES_MAX
                         ? fitting(text, rest, width)
                         : rest;
        out->text[out->count] = text;
        out->len[out->count] = len;
        out->count++;
        text += len;
        rest -= len;
        while (rest > 0 && *text == ' ') {
            text++;
            rest--;
        }
    }
}

static double
label_height(const char *text, double width)
{
    struct label_lines lines;
    break_label(text, width, &lines);
    return (double)(lines.count > 0 ? lines.count : 1) * LINE_HEIGHT;
}

static void
put(const struct chart_canvas *cv, const struct chart_words *at,
    const char *text)
{
    if (text) {
        cv->words(cv->self, at, text, strlen(text));
    }
}

/* The lines of a label in a box of `height`, centred. */
static void
put_label(const struct chart_canvas *cv, const char *text, double y,
          double height, double width)
{
    struct label_lines lines;
    break_label(text, width, &lines);
    double top = y + (height - (double)lines.count * LINE_HEIGHT) / 2.0;
    for (size_t i = 0; i < lines.count; i++) {
        struct chart_words at = {
            0.0,       top + (double)i * LINE_HEIGHT + ASCENT + 2.0,
            TEXT_SIZE, CHART_START,
            CHART_INK, false,
        };
        cv->words(cv->self, &at, lines.text[i], lines.len[i]);
    }
}

static double
widest(double so_far, const char *text)
{
    return text ? fmax(so_far, chart_text_width(text, strlen(text), TEXT_SIZE))
                : so_far;
}

static double
row_height(const char *label, double label_width)
{
    return fmax(label_height(label, label_width), BAR_THICK);
}

/* Bars. */

static double
bars_label_width(const struct chart_bars *b, double width)
{
    double label = 0.0;
    for (size_t i = 0; i < b->count; i++) {
        label = widest(label, b->bar[i].label);
    }
    return fmin(label + 2.0, LABEL_SHARE * width);
}

static double
bars_height(const struct chart_bars *b, double width)
{
    double label = bars_label_width(b, width);
    double h = 0.0;
    for (size_t i = 0; i < b->count; i++) {
        h += row_height(b->bar[i].label, label) + ROW_GAP;
    }
    return h > 0.0 ? h - ROW_GAP : 0.0;
}

static void
bars_draw(const struct chart_bars *b, double width,
          const struct chart_canvas *cv)
{
    double label = bars_label_width(b, width);
    double text = 0.0;
    double max = b->max;
    for (size_t i = 0; i < b->count; i++) {
        text = widest(text, b->bar[i].text);
        max = fmax(max, b->bar[i].value);
    }
    double left = label + GAP;
    double room = fmax(width - left - text * 1.1 - GAP, 20.0);
    double y = 0.0;
    for (size_t i = 0; i < b->count; i++) {
        const struct chart_bar *bar = &b->bar[i];
        double h = row_height(bar->label, label);
        double len = max > 0.0 ? room * bar->value / max : 0.0;
        put_label(cv, bar->label, y, h, label);
        double top = y + (h - BAR_THICK) / 2.0;
        if (len > 0.0) {
            cv->rect(cv->self, (double[]){left, top, len, BAR_THICK},
                     bar->strong ? CHART_BAR : CHART_BAR_SOFT);
        }
        struct chart_words at = {
            left + len + 8.0, top + ASCENT + 2.0, TEXT_SIZE,
            CHART_START,      CHART_INK,          true,
        };
        put(cv, &at, bar->text);
        y += h + ROW_GAP;
    }
    cv->line(cv->self, (double[]){left, 0.0, left, fmax(y - ROW_GAP, 0.0)}, 1.0,
             CHART_EDGE);
}

/* Columns. */

#define COLUMNS_PLOT 130.0
#define COLUMNS_TOP 22.0
#define COLUMNS_BELOW 24.0
#define COLUMNS_MARK 26.0
#define COLUMN_MAX_STEP 46.0
#define LINE_TOLD_MAX 12
#define LINE_MARGIN 6.0 /* between words, and beyond the ends */

static bool
has_marks(const struct chart_columns *c)
{
    return !isnan(c->median);
}

/* Where the words about the median go: right of the box, left of it, or, when
 * neither side has room, on a line of their own. */
enum marks_side {
    MARKS_RIGHT,
    MARKS_LEFT,
    MARKS_BELOW
};

static double
columns_step(const struct chart_columns *c, double width)
{
    return fmin(width / (double)c->count, COLUMN_MAX_STEP);
}

static enum marks_side
marks_side(const struct chart_columns *c, double width)
{
    double step = columns_step(c, width);
    double end = (fmax(isnan(c->q3) ? 0.0 : c->q3, c->median) + 0.5) * step;
    double from =
        (fmin(isnan(c->q1) ? c->median : c->q1, c->median) + 0.5) * step;
    double len = 12.0 + widest(0.0, c->median_text);
    if (end + len <= width) {
        return MARKS_RIGHT;
    }
    return from >= len ? MARKS_LEFT : MARKS_BELOW;
}

static double
columns_height(const struct chart_columns *c, double width)
{
    double h = COLUMNS_TOP + COLUMNS_PLOT + COLUMNS_BELOW;
    if (!has_marks(c) || c->count == 0) {
        return h;
    }
    bool below = marks_side(c, width) == MARKS_BELOW;
    return h + COLUMNS_MARK + (below ? LINE_HEIGHT : 0.0);
}

/* The box of the middle half with the median, below the axis labels. */
static void
columns_marks(const struct chart_columns *c, double width,
              const struct chart_canvas *cv)
{
    double step = columns_step(c, width);
    double y = COLUMNS_TOP + COLUMNS_PLOT + COLUMNS_BELOW + 10.0;
    double x = (c->median + 0.5) * step;
    double from = x;
    double end = x;
    if (!isnan(c->q1) && !isnan(c->q3)) {
        from = fmin((c->q1 + 0.5) * step, x);
        end = fmax((c->q3 + 0.5) * step, x);
        cv->rect(cv->self, (double[]){from, y - 3.0, end - from, 6.0},
                 CHART_BAR_SOFT);
    }
    cv->dot(cv->self, x, y, 6.0, false);
    struct chart_words at = {0.0,         y + 5.0,     TEXT_SIZE,
                             CHART_START, CHART_QUIET, false};
    switch (marks_side(c, width)) {
    case MARKS_RIGHT:
        at.x = end + 12.0;
        break;
    case MARKS_LEFT:
        at.x = from - 12.0;
        at.anchor = CHART_END;
        break;
    case MARKS_BELOW:
        at.y += LINE_HEIGHT;
        break;
    }
    put(cv, &at, c->median_text);
}

static void
columns_draw(const struct chart_columns *c, double width,
             const struct chart_canvas *cv)
{
    if (c->count == 0) {
        return;
    }
    double step = columns_step(c, width);
    double max = 0.0;
    for (size_t i = 0; i < c->count; i++) {
        max = fmax(max, c->column[i].value);
    }
    double base = COLUMNS_TOP + COLUMNS_PLOT;
    double thick = fmax(step - fmin(6.0, 0.15 * step), 1.0);
    for (size_t i = 0; i < c->count; i++) {
        const struct chart_column *col = &c->column[i];
        double x = (double)i * step;
        double h = max > 0.0 ? COLUMNS_PLOT * col->value / max : 0.0;
        if (h > 0.0) {
            cv->rect(cv->self,
                     (double[]){x + (step - thick) / 2.0, base - h, thick, h},
                     col->strong ? CHART_BAR : CHART_BAR_SOFT);
        }
        struct chart_words at = {
            x + step / 2.0, base - h - 6.0, TEXT_SIZE,
            CHART_MIDDLE,   CHART_INK,      false,
        };
        put(cv, &at, col->text);
        at.y = base + 18.0;
        put(cv, &at, col->label);
    }
    cv->line(cv->self, (double[]){0.0, base, step * (double)c->count, base},
             1.0, CHART_INK);
    if (has_marks(c)) {
        columns_marks(c, width, cv);
    }
}

/* Diverging bars. */

#define DIVERGING_THICK 24.0
#define SWATCH 12.0

/* The five-step palette for any number of categories; -1 is the middle. */
static enum chart_role
segment_role(size_t i, size_t segments)
{
    size_t half = segments / 2;
    bool odd = segments % 2 == 1;
    if (odd && i == half) {
        return CHART_DIVERGE_2;
    }
    if (i < half) {
        return 2 * i < half ? CHART_DIVERGE_0 : CHART_DIVERGE_1;
    }
    size_t from_end = segments - 1 - i;
    return 2 * from_end < half ? CHART_DIVERGE_4 : CHART_DIVERGE_3;
}

static enum chart_role
role_on(enum chart_role fill)
{
    return fill == CHART_DIVERGE_0 || fill == CHART_DIVERGE_4 ? CHART_ON_DARK
                                                              : CHART_ON_LIGHT;
}

/* What lies left of the zero line: the "no" side and half of the middle. */
static double
left_share(const struct chart_diverging *d,
           const struct chart_diverging_row *row)
{
    double sum = 0.0;
    size_t half = d->segments / 2;
    for (size_t i = 0; i < half; i++) {
        sum += row->share[i];
    }
    return d->segments % 2 == 1 ? sum + row->share[half] / 2.0 : sum;
}

/* Lays the legend out; draws it when `cv` is given. Returns its height. */
static double
legend(const struct chart_diverging *d, double width,
       const struct chart_canvas *cv)
{
    double x = 0.0;
    double y = 0.0;
    for (size_t i = 0; i < d->segments; i++) {
        size_t len = strlen(d->segment[i]);
        double w = SWATCH + 6.0
                   + 1.05 * chart_text_width(d->segment[i], len, TEXT_SIZE);
        if (x > 0.0 && x + w > width) {
            x = 0.0;
            y += LINE_HEIGHT + 4.0;
        }
        if (cv) {
            cv->rect(cv->self, (double[]){x, y + 2.0, SWATCH, SWATCH},
                     segment_role(i, d->segments));
            struct chart_words at = {
                x + SWATCH + 6.0, y + ASCENT + 2.0, TEXT_SIZE,
                CHART_START,      CHART_INK,        false,
            };
            cv->words(cv->self, &at, d->segment[i], len);
        }
        x += w + 16.0;
    }
    return y + LINE_HEIGHT + ROW_GAP;
}

static double
diverging_label_width(const struct chart_diverging *d, double width)
{
    double label = 0.0;
    for (size_t i = 0; i < d->count; i++) {
        label = widest(label, d->row[i].label);
    }
    return fmin(label + 2.0, LABEL_SHARE * width);
}

static double
diverging_row_height(const struct chart_diverging_row *row, double label)
{
    return fmax(label_height(row->label, label), DIVERGING_THICK);
}

static double
diverging_height(const struct chart_diverging *d, double width)
{
    double label = diverging_label_width(d, width);
    double h = legend(d, width, NULL);
    for (size_t i = 0; i < d->count; i++) {
        h += diverging_row_height(&d->row[i], label) + ROW_GAP;
    }
    return h - (d->count > 0 ? ROW_GAP : 0.0);
}

static void
diverging_row_draw(const struct chart_diverging *d,
                   const struct chart_diverging_row *row, double x, double top,
                   double scale, const struct chart_canvas *cv)
{
    double start = x;
    struct chart_words at = {
        0.0,       top + DIVERGING_THICK / 2.0 + 5.0,
        TEXT_SIZE, CHART_MIDDLE,
        CHART_INK, false,
    };
    for (size_t i = 0; i < d->segments; i++) {
        double w = row->share[i] * scale;
        enum chart_role fill = segment_role(i, d->segments);
        if (w > 0.0) {
            cv->rect(cv->self, (double[]){x, top, w, DIVERGING_THICK}, fill);
        }
        const char *text = row->text[i];
        if (text && chart_text_width(text, strlen(text), TEXT_SIZE) + 6.0 < w) {
            at.x = x + w / 2.0;
            at.role = role_on(fill);
            put(cv, &at, text);
        }
        x += w;
    }
    at.role = CHART_INK;
    at.bold = true;
    at.x = start - 8.0;
    at.anchor = CHART_END;
    put(cv, &at, row->low_text);
    at.x = x + 8.0;
    at.anchor = CHART_START;
    put(cv, &at, row->high_text);
}

static void
diverging_draw(const struct chart_diverging *d, double width,
               const struct chart_canvas *cv)
{
    assert(d->segments >= 2 && d->segments <= CHART_SEGMENTS_MAX);
    double label = diverging_label_width(d, width);
    double most_left = 0.0;
    double most_right = 0.0;
    double low = 0.0;
    double high = 0.0;
    for (size_t i = 0; i < d->count; i++) {
        double left = left_share(d, &d->row[i]);
        double all = 0.0;
        for (size_t s = 0; s < d->segments; s++) {
            all += d->row[i].share[s];
        }
        most_left = fmax(most_left, left);
        most_right = fmax(most_right, all - left);
        low = widest(low, d->row[i].low_text);
        high = widest(high, d->row[i].high_text);
    }
    double from = label + GAP + low * 1.1 + 8.0;
    double room = fmax(width - from - high * 1.1 - 8.0, 40.0);
    double whole = most_left + most_right;
    double scale = whole > 0.0 ? room / whole : 0.0;
    double zero = from + most_left * scale;
    double y = legend(d, width, cv);
    double first = y;
    for (size_t i = 0; i < d->count; i++) {
        const struct chart_diverging_row *row = &d->row[i];
        double h = diverging_row_height(row, label);
        put_label(cv, row->label, y, h, label);
        diverging_row_draw(d, row, zero - left_share(d, row) * scale,
                           y + (h - DIVERGING_THICK) / 2.0, scale, cv);
        y += h + ROW_GAP;
    }
    cv->line(
        cv->self,
        (double[]){zero, first - 4.0, zero, fmax(y - ROW_GAP, first) + 4.0},
        1.0, CHART_INK);
}

/* Dots with intervals. */

#define AXIS_HEIGHT 26.0
#define DOT_ROW 30.0
#define TICKS_MAX 50.0

static double
dots_label_width(const struct chart_dots *d, double width)
{
    double label = 0.0;
    for (size_t i = 0; i < d->count; i++) {
        label = widest(label, d->dot[i].label);
    }
    return fmin(label + 2.0, LABEL_SHARE * width);
}

static double
dots_height(const struct chart_dots *d, double width)
{
    double label = dots_label_width(d, width);
    double h = AXIS_HEIGHT;
    for (size_t i = 0; i < d->count; i++) {
        h += fmax(label_height(d->dot[i].label, label), DOT_ROW);
    }
    return h;
}

struct axis {
    double left;
    double scale;
    double low;
    double high;
};

static double
axis_at(const struct axis *a, double value)
{
    return a->left + (fmin(fmax(value, a->low), a->high) - a->low) * a->scale;
}

static void
dots_axis(const struct chart_dots *d, const struct axis *a, double y,
          const struct chart_canvas *cv)
{
    cv->line(cv->self, (double[]){a->left, y, axis_at(a, d->high), y}, 1.0,
             CHART_EDGE);
    if (!(d->step > 0.0)) {
        return;
    }
    int ticks = (int)fmin((d->high - d->low) / d->step + 1e-9, TICKS_MAX);
    for (int t = 0; t <= ticks; t++) {
        double value = d->low + t * d->step;
        double x = axis_at(a, value);
        cv->line(cv->self, (double[]){x, y, x, y + 4.0}, 1.0, CHART_EDGE);
        char text[32];
        int len = snprintf(text, sizeof(text), "%g", value);
        struct chart_words at = {
            x, y + 19.0, TEXT_SIZE, CHART_MIDDLE, CHART_QUIET, false,
        };
        if (len > 0) {
            cv->words(cv->self, &at, text, (size_t)len);
        }
    }
}

static void
dots_draw(const struct chart_dots *d, double width,
          const struct chart_canvas *cv)
{
    double label = dots_label_width(d, width);
    double text = 0.0;
    for (size_t i = 0; i < d->count; i++) {
        text = widest(text, d->dot[i].text);
    }
    struct axis a = {label + GAP + 8.0, 0.0, d->low, d->high};
    double room = fmax(width - a.left - text * 1.1 - 24.0, 60.0);
    a.scale = d->high > d->low ? room / (d->high - d->low) : 0.0;
    double y = 0.0;
    for (size_t i = 0; i < d->count; i++) {
        const struct chart_dot *dot = &d->dot[i];
        double h = fmax(label_height(dot->label, label), DOT_ROW);
        double middle = y + h / 2.0;
        put_label(cv, dot->label, y, h, label);
        cv->line(cv->self,
                 (double[]){a.left, middle, axis_at(&a, d->high), middle}, 0.5,
                 CHART_EDGE);
        if (!isnan(dot->interval.low) && !isnan(dot->interval.high)) {
            double from = axis_at(&a, dot->interval.low);
            double to = axis_at(&a, dot->interval.high);
            cv->rect(cv->self, (double[]){from, middle - 3.0, to - from, 6.0},
                     CHART_BAR_SOFT);
        }
        if (!isnan(dot->value)) {
            cv->dot(cv->self, axis_at(&a, dot->value), middle, 6.5,
                    dot->hollow);
        }
        struct chart_words at = {
            axis_at(&a, d->high) + 16.0,
            middle + 5.0,
            TEXT_SIZE,
            CHART_START,
            CHART_INK,
            !dot->hollow,
        };
        put(cv, &at, dot->text);
        y += h;
    }
    dots_axis(d, &a, y, cv);
}

/* Line. */

/* Centred words, moved in where they would leave the chart, unless they touch
 * the last ones. */
static void
put_apart(const struct chart_canvas *cv, struct chart_words *at,
          const char *text, double width, double *end)
{
    double half = widest(0.0, text) / 2.0;
    double x = fmax(fmin(at->x, width - half), half);
    if (text && x - half > *end) {
        const double anchor = at->x;
        at->x = x;
        put(cv, at, text);
        at->x = anchor;
        *end = x + half + LINE_MARGIN;
    }
}

static void
line_draw(const struct chart_line *l, double width,
          const struct chart_canvas *cv)
{
    if (l->count == 0) {
        return;
    }
    double max = 0.0;
    for (size_t i = 0; i < l->count; i++) {
        if (!isnan(l->point[i].value)) {
            max = fmax(max, l->point[i].value);
        }
    }
    double base = COLUMNS_TOP + COLUMNS_PLOT;
    double step = width / (double)l->count;
    double scale = max > 0.0 ? COLUMNS_PLOT / max : 0.0;
    for (size_t i = 0; i + 1 < l->count; i++) {
        double a = l->point[i].value;
        double b = l->point[i + 1].value;
        if (!isnan(a) && !isnan(b)) {
            double x = ((double)i + 0.5) * step;
            cv->line(
                cv->self,
                (double[]){x, base - a * scale, x + step, base - b * scale},
                2.0, CHART_BAR);
        }
    }
    cv->line(cv->self, (double[]){0.0, base, width, base}, 1.0, CHART_INK);
    double label_end = -HUGE_VAL;
    double text_end = -HUGE_VAL;
    for (size_t i = 0; i < l->count; i++) {
        const struct chart_point *p = &l->point[i];
        struct chart_words at = {
            ((double)i + 0.5) * step,
            base + 18.0,
            TEXT_SIZE,
            CHART_MIDDLE,
            CHART_QUIET,
            false,
        };
        put_apart(cv, &at, p->label, width, &label_end);
        if (!isnan(p->value)) {
            double y = base - p->value * scale;
            cv->dot(cv->self, at.x, y, 4.0, false);
            at.y = y - 9.0;
            at.role = CHART_INK;
            /* Of many points only the highest are told. */
            bool told = l->count <= LINE_TOLD_MAX || p->value >= max;
            put_apart(cv, &at, told ? p->text : NULL, width, &text_end);
        }
    }
}

double
chart_height(const struct chart *c, double width)
{
    width = fmax(width, CHART_WIDTH_MIN);
    switch (c->kind) {
    case CHART_KIND_BARS:
        return bars_height(&c->u.bars, width);
    case CHART_KIND_COLUMNS:
        return columns_height(&c->u.columns, width);
    case CHART_KIND_DIVERGING:
        return diverging_height(&c->u.diverging, width);
    case CHART_KIND_DOTS:
        return dots_height(&c->u.dots, width);
    case CHART_KIND_LINE:
        return COLUMNS_TOP + COLUMNS_PLOT + COLUMNS_BELOW;
    }
    return 0.0;
}

void
chart_draw(const struct chart *c, double width, const struct chart_canvas *cv)
{
    width = fmax(width, CHART_WIDTH_MIN);
    switch (c->kind) {
    case CHART_KIND_BARS:
        bars_draw(&c->u.bars, width, cv);
        break;
    case CHART_KIND_COLUMNS:
        columns_draw(&c->u.columns, width, cv);
        break;
    case CHART_KIND_DIVERGING:
        diverging_draw(&c->u.diverging, width, cv);
        break;
    case CHART_KIND_DOTS:
        dots_draw(&c->u.dots, width, cv);
        break;
    case CHART_KIND_LINE:
        line_draw(&c->u.line, width, cv);
        break;
    }
}
