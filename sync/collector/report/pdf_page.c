#include "collector/report/pdf_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/log.h"
#include "base/utf8.h"

#define CHART_SCALE 0.72 /* of a chart's units to points: 14 px is 10 pt */
#define CHART_ROOM_ABOVE 120.0 /* for the words above a chart, in points */
#define SHORT_WORD 2 /* letters; such a word stays with the next one */

static const struct {
    double size;
    double line; /* factor of the natural line height */
    PangoWeight weight;
    const char *family;
} styles[PDF_STYLE_COUNT] = {
    [PDF_STYLE_TITLE] = {30.0, 0.95, PANGO_WEIGHT_BOLD, "Inter Display, Inter"},
    [PDF_STYLE_PART] = {20.0, 1.0, PANGO_WEIGHT_BOLD, "Inter Display, Inter"},
    [PDF_STYLE_HEADING] = {12.5, 1.05, PANGO_WEIGHT_SEMIBOLD, "Inter"},
    [PDF_STYLE_LEAD] = {13.0, 1.2, PANGO_WEIGHT_NORMAL, "Inter"},
    [PDF_STYLE_BODY] = {10.0, 1.2, PANGO_WEIGHT_NORMAL, "Inter"},
    [PDF_STYLE_SMALL] = {8.5, 1.1, PANGO_WEIGHT_NORMAL, "Inter"},
    [PDF_STYLE_FIGURE] = {24.0, 1.0, PANGO_WEIGHT_BOLD, "Inter Display, Inter"},
    [PDF_STYLE_FORMULA] = {10.0, 1.2, PANGO_WEIGHT_NORMAL,
                           "Inter, DejaVu Sans"},
    [PDF_STYLE_CODE] = {25.0, 1.0, PANGO_WEIGHT_BOLD, "Inter Display, Inter"},
    [PDF_STYLE_LETTERS] = {24.0, 1.0, PANGO_WEIGHT_BOLD, "DejaVu Sans Mono"},
    [PDF_STYLE_TINY] = {7.5, 1.0, PANGO_WEIGHT_NORMAL, "Inter"},
};

static PangoFontDescription *
font(const char *family, double size, PangoWeight weight)
{
    PangoFontDescription *d = pango_font_description_new();
    pango_font_description_set_family_static(d, family);
    pango_font_description_set_weight(d, weight);
    pango_font_description_set_absolute_size(d, size * PANGO_SCALE);
    return d;
}

static cairo_status_t
output_write(void *self, const unsigned char *data, unsigned len)
{
    struct pdf_output *o = self;
    if (o->status == STATUS_OK) {
        o->status = o->sink->write(o->sink->self, data, len);
    }
    return o->status == STATUS_OK ? CAIRO_STATUS_SUCCESS
                                  : CAIRO_STATUS_WRITE_ERROR;
}

enum status
pdf_output_open(struct pdf_output *o, const struct dataset_sink *sink,
                const char *title)
{
    *o = (struct pdf_output){.sink = sink};
    o->surface = cairo_pdf_surface_create_for_stream(
        output_write, o, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT);
    if (cairo_surface_status(o->surface) != CAIRO_STATUS_SUCCESS) {
        return log_oom("pdf");
    }
    cairo_pdf_surface_set_metadata(o->surface, CAIRO_PDF_METADATA_TITLE, title);
    return STATUS_OK;
}

enum status
pdf_output_close(struct pdf_output *o, enum status st)
{
    cairo_surface_finish(o->surface);
    if (st == STATUS_OK) {
        st = o->status;
    }
    if (st == STATUS_OK
        && cairo_surface_status(o->surface) != CAIRO_STATUS_SUCCESS) {
        log_error("pdf", "%s",
                  cairo_status_to_string(cairo_surface_status(o->surface)));
        st = STATUS_E_IO;
    }
    cairo_surface_destroy(o->surface);
    return st;
}

enum status
pdf_page_open(struct pdf_page *p, struct _cairo_surface *surface, bool dry)
{
    *p = (struct pdf_page){.number = 1, .y = PDF_PAGE_TOP, .dry = dry};
    p->cr = cairo_create(surface);
    if (cairo_status(p->cr) != CAIRO_STATUS_SUCCESS) {
        return log_oom("pdf");
    }
    p->layout = pango_cairo_create_layout(p->cr);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(p->layout),
                                         options);
    cairo_font_options_destroy(options);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes,
                           pango_attr_font_features_new("tnum=1, cv11=0"));
    pango_layout_set_attributes(p->layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
    for (size_t i = 0; i < PDF_STYLE_COUNT; i++) {
        p->font[i] = font(styles[i].family, styles[i].size, styles[i].weight);
    }
    p->chart_font[0] = font("Inter", 14.0, PANGO_WEIGHT_NORMAL);
    p->chart_font[1] = font("Inter", 14.0, PANGO_WEIGHT_SEMIBOLD);
    return STATUS_OK;
}

void
pdf_page_close(struct pdf_page *p)
{
    for (size_t i = 0; i < PDF_STYLE_COUNT; i++) {
        pango_font_description_free(p->font[i]);
    }
    pango_font_description_free(p->chart_font[0]);
    pango_font_description_free(p->chart_font[1]);
    if (p->layout) {
        g_object_unref(p->layout);
    }
    if (p->cr) {
        cairo_destroy(p->cr);
    }
}

static void
colour(struct pdf_page *p, unsigned rgb)
{
    cairo_set_source_rgb(p->cr, (rgb >> 16 & 0xFF) / 255.0,
                         (rgb >> 8 & 0xFF) / 255.0, (rgb & 0xFF) / 255.0);
}

/* Put no-break spaces after short words and before dashes, so that no line
 * ends in «в» or «и» or begins with a dash.
 * The result is to be freed; NULL when memory is out. */
static char *
keep_short_words(const char *text)
{
    size_t len = strlen(text);
    char *out = malloc(2 * len + 1);
    if (!out) {
        return NULL;
    }
    size_t at = 0;
    size_t letters = 0;
    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t step = utf8_decode(text + i, len - i, &cp);
        if (cp == ' ' && letters > 0 && letters <= SHORT_WORD && i + 1 < len) {
            memcpy(out + at, "\xC2\xA0", 2);
            at += 2;
        } else {
            memcpy(out + at, text + i, step);
            at += step;
        }
        bool letter = cp > 0x40 && cp != 0xA0 && !(cp >= 0x2000 && cp < 0x2070);
        letters = letter ? letters + 1 : 0;
        i += step;
    }
    out[at] = '\0';
    return out;
}

static void
prepare(struct pdf_page *p, enum pdf_style style, double width,
        const char *text)
{
    char *kept = keep_short_words(text);
    pango_layout_set_font_description(p->layout, p->font[style]);
    pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_line_spacing(p->layout, (float)styles[style].line);
    pango_layout_set_text(p->layout, kept ? kept : text, -1);
    free(kept);
}

static double
prepared_height(const struct pdf_page *p)
{
    int height = 0;
    pango_layout_get_size(p->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double
pdf_page_text(struct pdf_page *p, enum pdf_style style,
              const struct pdf_box *box, const char *text)
{
    static const PangoAlignment alignment[] = {
        [CHART_START] = PANGO_ALIGN_LEFT,
        [CHART_MIDDLE] = PANGO_ALIGN_CENTER,
        [CHART_END] = PANGO_ALIGN_RIGHT,
    };
    pango_layout_set_alignment(p->layout, alignment[box->align]);
    prepare(p, style, box->width, text);
    double height = prepared_height(p);
    if (!p->dry) {
        colour(p, chart_colour(box->role));
        cairo_move_to(p->cr, box->x, box->y);
        pango_cairo_show_layout(p->cr, p->layout);
    }
    pango_layout_set_alignment(p->layout, PANGO_ALIGN_LEFT);
    return height;
}

double
pdf_page_text_lines(struct pdf_page *p, enum pdf_style style,
                    const struct pdf_box *box, const char *text, int lines)
{
    pango_layout_set_ellipsize(p->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(p->layout, -lines);
    double height = pdf_page_text(p, style, box, text);
    pango_layout_set_ellipsize(p->layout, PANGO_ELLIPSIZE_NONE);
    return height;
}

double
pdf_page_text_height(struct pdf_page *p, enum pdf_style style, double width,
                     const char *text)
{
    prepare(p, style, width, text);
    return prepared_height(p);
}

void
pdf_page_paragraph(struct pdf_page *p, enum pdf_style style,
                   enum chart_role role, const char *text)
{
    struct pdf_box box = {
        PDF_PAGE_LEFT, p->y, PDF_PAGE_TEXT_WIDTH, CHART_START, role,
    };
    p->y += pdf_page_text(p, style, &box, text);
}

static void
footer(struct pdf_page *p)
{
    double y = PDF_PAGE_HEIGHT - 48.0;
    char number[16];
    (void)snprintf(number, sizeof(number), "%d", p->number);
    struct pdf_box box = {
        PDF_PAGE_LEFT, y, PDF_PAGE_TEXT_WIDTH, CHART_END, CHART_QUIET,
    };
    (void)pdf_page_text(p, PDF_STYLE_SMALL, &box, number);
    box.align = CHART_START;
    box.width -= 40.0;
    (void)pdf_page_text_lines(p, PDF_STYLE_SMALL, &box, p->running_title, 1);
}

void
pdf_page_turn(struct pdf_page *p)
{
    if (!p->dry) {
        if (p->footer) {
            footer(p);
        }
        cairo_show_page(p->cr);
    }
    p->number++;
    p->y = PDF_PAGE_TOP;
}

void
pdf_page_need(struct pdf_page *p, double height)
{
    if (p->y > PDF_PAGE_TOP && p->y + height > PDF_PAGE_BOTTOM) {
        pdf_page_turn(p);
    }
}

void
pdf_page_rect(struct pdf_page *p, const double xywh[4], unsigned rgb)
{
    if (!p->dry) {
        colour(p, rgb);
        cairo_rectangle(p->cr, xywh[0], xywh[1], xywh[2], xywh[3]);
        cairo_fill(p->cr);
    }
}

void
pdf_page_rule(struct pdf_page *p, double x, double y, double width)
{
    pdf_page_rect(p, (double[]){x, y, width, 0.6}, chart_colour(CHART_EDGE));
}

void
pdf_page_cut(struct pdf_page *p, const double xyxy[4])
{
    static const double dashes[] = {3.0, 3.0};
    if (p->dry) {
        return;
    }
    cairo_save(p->cr);
    colour(p, chart_colour(CHART_EDGE));
    cairo_set_line_width(p->cr, 0.4);
    cairo_set_dash(p->cr, dashes, 2, 0.0);
    cairo_move_to(p->cr, xyxy[0], xyxy[1]);
    cairo_line_to(p->cr, xyxy[2], xyxy[3]);
    cairo_stroke(p->cr);
    cairo_restore(p->cr);
}

/* Canvas: charts in their own units, scaled to the page. */

static void
page_rect(void *self, const double xywh[4], enum chart_role fill)
{
    pdf_page_rect(self, xywh, chart_colour(fill));
}

static void
page_line(void *self, const double xyxy[4], double width,
          enum chart_role stroke)
{
    struct pdf_page *p = self;
    colour(p, chart_colour(stroke));
    cairo_set_line_width(p->cr, width);
    cairo_move_to(p->cr, xyxy[0], xyxy[1]);
    cairo_line_to(p->cr, xyxy[2], xyxy[3]);
    cairo_stroke(p->cr);
}

static void
page_dot(void *self, double x, double y, double radius, bool hollow)
{
    struct pdf_page *p = self;
    cairo_new_path(p->cr);
    cairo_arc(p->cr, x, y, hollow ? radius - 1.0 : radius, 0.0,
              6.283185307179586);
    if (!hollow) {
        colour(p, chart_colour(CHART_BAR));
        cairo_fill(p->cr);
        return;
    }
    colour(p, chart_colour(CHART_PAPER));
    cairo_fill_preserve(p->cr);
    colour(p, chart_colour(CHART_BAR));
    cairo_set_line_width(p->cr, 2.5);
    cairo_stroke(p->cr);
}

static void
page_words(void *self, const struct chart_words *at, const char *text,
           size_t len)
{
    struct pdf_page *p = self;
    pango_layout_set_font_description(p->layout,
                                      p->chart_font[at->bold ? 1 : 0]);
    pango_layout_set_width(p->layout, -1);
    pango_layout_set_line_spacing(p->layout, 0.0F);
    pango_layout_set_text(p->layout, text, (int)len);
    int width = 0;
    pango_layout_get_size(p->layout, &width, NULL);
    double shift = 0.0;
    if (at->anchor != CHART_START) {
        shift =
            (double)width / PANGO_SCALE * (at->anchor == CHART_END ? 1.0 : 0.5);
    }
    double baseline = (double)pango_layout_get_baseline(p->layout);
    colour(p, chart_colour(at->role));
    cairo_move_to(p->cr, at->x - shift, at->y - baseline / PANGO_SCALE);
    pango_cairo_show_layout(p->cr, p->layout);
}

/* Points per unit: smaller where a long chart would overflow a page. */
static double
chart_scale(const struct chart *c)
{
    double room = PDF_PAGE_BOTTOM - PDF_PAGE_TOP - CHART_ROOM_ABOVE;
    double height = chart_height(c, PDF_PAGE_TEXT_WIDTH / CHART_SCALE);
    return height * CHART_SCALE > room ? room / height : CHART_SCALE;
}

double
pdf_page_chart_height(const struct chart *c)
{
    return chart_scale(c) * chart_height(c, PDF_PAGE_TEXT_WIDTH / CHART_SCALE);
}

void
pdf_page_chart(struct pdf_page *p, const struct chart *c)
{
    if (!p->dry) {
        struct chart_canvas canvas = {p, page_rect, page_line, page_dot,
                                      page_words};
        double scale = chart_scale(c);
        cairo_save(p->cr);
        cairo_translate(p->cr, PDF_PAGE_LEFT, p->y);
        cairo_scale(p->cr, scale, scale);
        chart_draw(c, PDF_PAGE_TEXT_WIDTH / CHART_SCALE, &canvas);
        cairo_restore(p->cr);
        pango_cairo_update_layout(p->cr, p->layout);
    }
    p->y += pdf_page_chart_height(c);
}

void
pdf_page_anchor(struct pdf_page *p, size_t index)
{
    if (!p->dry) {
        char attributes[64];
        (void)snprintf(attributes, sizeof(attributes), "name='i%zu' x=%d y=%d",
                       index, (int)PDF_PAGE_LEFT, (int)p->y);
        cairo_tag_begin(p->cr, CAIRO_TAG_DEST, attributes);
        cairo_tag_end(p->cr, CAIRO_TAG_DEST);
    }
}

void
pdf_page_link_begin(struct pdf_page *p, size_t index)
{
    if (!p->dry) {
        char attributes[32];
        (void)snprintf(attributes, sizeof(attributes), "dest='i%zu'", index);
        cairo_tag_begin(p->cr, CAIRO_TAG_LINK, attributes);
    }
}

void
pdf_page_link_end(struct pdf_page *p)
{
    if (!p->dry) {
        cairo_tag_end(p->cr, CAIRO_TAG_LINK);
    }
}
