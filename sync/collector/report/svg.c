#include "collector/report/svg.h"

#include <math.h>
#include <string.h>

#include "base/markup.h"

/* Short, as a page may hold a thousand of them; ink needs none. */
static const char *
role_class(enum chart_role role)
{
    static const char *const name[CHART_ROLE_COUNT] = {
        [CHART_INK] = "",         [CHART_QUIET] = "q",
        [CHART_EDGE] = "e",       [CHART_BAR] = "b",
        [CHART_BAR_SOFT] = "s",   [CHART_DIVERGE_0] = "d0",
        [CHART_DIVERGE_1] = "d1", [CHART_DIVERGE_2] = "d2",
        [CHART_DIVERGE_3] = "d3", [CHART_DIVERGE_4] = "d4",
        [CHART_ON_DARK] = "w",    [CHART_ON_LIGHT] = "l",
        [CHART_PAPER] = "p",
    };
    return name[role];
}

void
svg_escape(struct buf *out, const char *text, size_t len)
{
    markup_put(out, text, len, MARKUP_QUOTE | MARKUP_APOSTROPHE);
}

/* A coordinate with at most one decimal. */
static void
number(struct buf *out, double v)
{
    double tenths = round(v * 10.0);
    double whole = trunc(tenths / 10.0);
    int digit = (int)fabs(tenths - whole * 10.0);
    if (digit == 0) {
        buf_printf(out, "%.0f", whole + 0.0);
    } else {
        buf_printf(out, "%s%.0f.%d", tenths < 0.0 ? "-" : "", fabs(whole),
                   digit);
    }
}

static void
attribute(struct buf *out, const char *name, double v)
{
    buf_printf(out, " %s=\"", name);
    number(out, v);
    buf_putc(out, '"');
}

/* A class attribute of up to three names; nothing without any. */
static void
classes(struct buf *out, const char *a, const char *b, const char *c)
{
    const char *const name[] = {a, b, c};
    const char *glue = " class=\"";
    for (size_t i = 0; i < 3; i++) {
        if (*name[i]) {
            buf_printf(out, "%s%s", glue, name[i]);
            glue = " ";
        }
    }
    buf_puts(out, *a || *b || *c ? "\"" : "");
}

static void
svg_rect(void *self, const double xywh[4], enum chart_role fill)
{
    struct buf *out = self;
    buf_puts(out, "<path");
    classes(out, role_class(fill), "", "");
    buf_puts(out, " d=\"M");
    number(out, xywh[0]);
    buf_putc(out, ' ');
    number(out, xywh[1]);
    buf_putc(out, 'h');
    number(out, xywh[2]);
    buf_putc(out, 'v');
    number(out, xywh[3]);
    buf_putc(out, 'h');
    number(out, -xywh[2]);
    buf_puts(out, "z\"/>");
}

static void
svg_line(void *self, const double xyxy[4], double width, enum chart_role stroke)
{
    struct buf *out = self;
    buf_puts(out, "<line");
    classes(out, role_class(stroke), "", "");
    if (width > 1.0 || width < 1.0) {
        attribute(out, "stroke-width", width);
    }
    attribute(out, "x1", xyxy[0]);
    attribute(out, "y1", xyxy[1]);
    attribute(out, "x2", xyxy[2]);
    attribute(out, "y2", xyxy[3]);
    buf_puts(out, "/>");
}

static void
svg_dot(void *self, double x, double y, double radius, bool hollow)
{
    struct buf *out = self;
    buf_puts(out, "<circle");
    classes(out, hollow ? "h" : "b", "", "");
    attribute(out, "cx", x);
    attribute(out, "cy", y);
    attribute(out, "r", hollow ? radius - 1.0 : radius);
    buf_puts(out, "/>");
}

static void
svg_words(void *self, const struct chart_words *at, const char *text,
          size_t len)
{
    static const char *const anchor[] = {
        [CHART_START] = "t", [CHART_MIDDLE] = "", [CHART_END] = "n"};
    struct buf *out = self;
    buf_puts(out, "<text");
    classes(out, role_class(at->role), anchor[at->anchor], at->bold ? "k" : "");
    attribute(out, "x", at->x);
    attribute(out, "y", at->y);
    buf_putc(out, '>');
    svg_escape(out, text, len);
    buf_puts(out, "</text>");
}

void
svg_chart(struct buf *out, const struct chart *c, double width)
{
    width = fmax(width, CHART_WIDTH_MIN);
    double height = chart_height(c, width);
    buf_puts(out, "<svg class=\"chart\" role=\"img\" aria-label=\"");
    svg_escape(out, c->title, strlen(c->title));
    buf_puts(out, "\" viewBox=\"0 0 ");
    number(out, width);
    buf_putc(out, ' ');
    number(out, ceil(height));
    buf_putc(out, '"');
    attribute(out, "width", width);
    attribute(out, "height", ceil(height));
    buf_putc(out, '>');
    struct chart_canvas canvas = {out, svg_rect, svg_line, svg_dot, svg_words};
    chart_draw(c, width, &canvas);
    buf_puts(out, "</svg>");
}

static void
cell(struct buf *out, const char *open, const char *text, const char *close)
{
    buf_puts(out, open);
    if (text) {
        svg_escape(out, text, strlen(text));
    }
    buf_puts(out, close);
}

static void
table_row(struct buf *out, const char *label, const char *text)
{
    cell(out, "<tr><th>", label, "</th>");
    cell(out, "<td>", text, "</td></tr>");
}

static void
table_diverging(struct buf *out, const struct chart_diverging *d,
                const char *label_head)
{
    cell(out, "<thead><tr><th scope=\"col\">", label_head, "</th>");
    for (size_t s = 0; s < d->segments; s++) {
        cell(out, "<th scope=\"col\">", d->segment[s], "</th>");
    }
    buf_puts(out, "</tr></thead><tbody>");
    for (size_t i = 0; i < d->count; i++) {
        cell(out, "<tr><th>", d->row[i].label, "</th>");
        for (size_t s = 0; s < d->segments; s++) {
            cell(out, "<td>", d->row[i].text[s], "</td>");
        }
        buf_puts(out, "</tr>");
    }
}

static void
table_pairs(struct buf *out, const struct chart *c)
{
    switch (c->kind) {
    case CHART_KIND_BARS:
        for (size_t i = 0; i < c->u.bars.count; i++) {
            table_row(out, c->u.bars.bar[i].label, c->u.bars.bar[i].text);
        }
        break;
    case CHART_KIND_COLUMNS:
        for (size_t i = 0; i < c->u.columns.count; i++) {
            const struct chart_column *col = &c->u.columns.column[i];
            table_row(out, col->label, col->text ? col->text : "0");
        }
        break;
    case CHART_KIND_DOTS:
        for (size_t i = 0; i < c->u.dots.count; i++) {
            table_row(out, c->u.dots.dot[i].label, c->u.dots.dot[i].text);
        }
        break;
    case CHART_KIND_LINE:
        for (size_t i = 0; i < c->u.line.count; i++) {
            table_row(out, c->u.line.point[i].label, c->u.line.point[i].text);
        }
        break;
    case CHART_KIND_DIVERGING:
        break;
    }
}

void
svg_table(struct buf *out, const struct chart *c, const char *label_head,
          const char *value_head)
{
    buf_puts(out, "<table class=\"chart-table\">");
    if (c->kind == CHART_KIND_DIVERGING) {
        table_diverging(out, &c->u.diverging, label_head);
    } else {
        cell(out, "<thead><tr><th scope=\"col\">", label_head, "</th>");
        cell(out, "<th scope=\"col\">", value_head,
             "</th></tr></thead><tbody>");
        table_pairs(out, c);
    }
    buf_puts(out, "</tbody></table>");
}
