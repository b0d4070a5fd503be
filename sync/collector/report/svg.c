#include "collector/report/svg.h"

#include <math.h>
#include <string.h>

static const char *
role_class(enum chart_role role)
{
    static const char *const name[CHART_ROLE_COUNT] = {
        [CHART_INK] = "chart-ink",
        [CHART_QUIET] = "chart-quiet",
        [CHART_EDGE] = "chart-edge",
        [CHART_BAR] = "chart-bar",
        [CHART_BAR_SOFT] = "chart-bar-soft",
        [CHART_DIVERGE_0] = "chart-diverge-0",
        [CHART_DIVERGE_1] = "chart-diverge-1",
        [CHART_DIVERGE_2] = "chart-diverge-2",
        [CHART_DIVERGE_3] = "chart-diverge-3",
        [CHART_DIVERGE_4] = "chart-diverge-4",
        [CHART_ON_DARK] = "chart-on-dark",
        [CHART_ON_LIGHT] = "chart-on-light",
        [CHART_PAPER] = "chart-paper",
    };
    return name[role];
}

void
svg_escape(struct buf *out, const char *text, size_t len)
{
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        const char *entity = NULL;
        switch (text[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        buf_put(out, text + plain, i - plain);
        buf_puts(out, entity);
        plain = i + 1;
    }
    buf_put(out, text + plain, len - plain);
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

static void
svg_rect(void *self, const double xywh[4], enum chart_role fill)
{
    struct buf *out = self;
    buf_printf(out, "<rect class=\"%s\" fill=\"#%06X\"", role_class(fill),
               chart_colour(fill));
    attribute(out, "x", xywh[0]);
    attribute(out, "y", xywh[1]);
    attribute(out, "width", xywh[2]);
    attribute(out, "height", xywh[3]);
    buf_puts(out, "/>");
}

static void
svg_line(void *self, const double xyxy[4], double width, enum chart_role stroke)
{
    struct buf *out = self;
    buf_printf(out, "<line class=\"%s\" stroke=\"#%06X\"", role_class(stroke),
               chart_colour(stroke));
    attribute(out, "stroke-width", width);
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
    attribute(out, "cx", x);
    attribute(out, "cy", y);
    attribute(out, "r", hollow ? radius - 1.0 : radius);
    if (hollow) {
        buf_printf(out,
                   " class=\"chart-hollow\" fill=\"#%06X\" stroke=\"#%06X\""
                   " stroke-width=\"2.5\"/>",
                   chart_colour(CHART_PAPER), chart_colour(CHART_BAR));
    } else {
        buf_printf(out, " class=\"chart-bar\" fill=\"#%06X\"/>",
                   chart_colour(CHART_BAR));
    }
}

static void
svg_words(void *self, const struct chart_words *at, const char *text,
          size_t len)
{
    static const char *const anchor[] = {
        [CHART_START] = "",
        [CHART_MIDDLE] = " text-anchor=\"middle\"",
        [CHART_END] = " text-anchor=\"end\"",
    };
    struct buf *out = self;
    buf_printf(out, "<text class=\"%s\" fill=\"#%06X\"%s%s",
               role_class(at->role), chart_colour(at->role), anchor[at->anchor],
               at->bold ? " font-weight=\"600\"" : "");
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
    buf_puts(out, " font-size=\"14\">");
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
    cell(out, "<tr><th scope=\"row\">", label, "</th>");
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
        cell(out, "<tr><th scope=\"row\">", d->row[i].label, "</th>");
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
            table_row(out, c->u.columns.column[i].label,
                      c->u.columns.column[i].text);
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
    cell(out, "<caption>", c->title, "</caption>");
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
