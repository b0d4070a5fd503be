#include "collector/report/pdf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include "base/buf.h"
#include "base/log.h"
#include "collector/report/method.h"
#include "collector/report/pdf_page.h"

#define SOFT 0xE1EEEA /* the soft accent of the desk, behind figures */
#define FIGURE_HEIGHT 74.0
#define METHOD_MAX_BYTES 16384
#define FIGURES_A_ROW 3

/* Anchors beyond the items. */
enum place {
    PLACE_SUMMARY,
    PLACE_SWOT,
    PLACE_METHOD,
    PLACE_COUNT
};

struct document {
    const struct report *r;
    struct pdf_page *page;
    int *item_page; /* owned; filled by the dry pass */
    int place_page[PLACE_COUNT];
};

static const char *
tr(const struct document *d, const char *msgid)
{
    return i18n_text(d->r->lang, msgid);
}

static bool
has_swot(const struct report *r)
{
    size_t n = 0;
    for (size_t i = 0; i < REPORT_SWOT_COUNT; i++) {
        n += r->swot[i].count;
    }
    return n > 0;
}

static void
outline(struct document *d, cairo_surface_t *surface, int parent,
        const char *text, size_t index, int *out_id)
{
    if (!d->page->dry) {
        char link[48];
        (void)snprintf(link, sizeof(link), "dest='i%zu'", index);
        /* No flag of the enumeration means "closed, regular". */
        cairo_pdf_outline_flags_t plain = (cairo_pdf_outline_flags_t)0;
        int id =
            cairo_pdf_surface_add_outline(surface, parent, text, link, plain);
        if (out_id) {
            *out_id = id;
        }
    }
}

/* Large figures in soft boxes, three to a row. */
static void
figures(struct document *d, double y)
{
    size_t n = d->r->figures;
    if (n > REPORT_FIGURES_MAX) {
        n = REPORT_FIGURES_MAX;
    }
    double gap = 12.0;
    double width =
        (PDF_PAGE_TEXT_WIDTH - gap * (FIGURES_A_ROW - 1)) / FIGURES_A_ROW;
    for (size_t i = 0; i < n; i++) {
        const struct report_figure *f = &d->r->figure[i];
        double x = PDF_PAGE_LEFT + (double)(i % FIGURES_A_ROW) * (width + gap);
        double top =
            y + floor((double)i / FIGURES_A_ROW) * (FIGURE_HEIGHT + gap);
        pdf_page_rect(d->page, (double[]){x, top, width, FIGURE_HEIGHT}, SOFT);
        struct pdf_box box = {
            x + 12.0, top + 10.0, width - 24.0, CHART_START, CHART_BAR,
        };
        (void)pdf_page_text(d->page, PDF_STYLE_FIGURE, &box, f->value);
        box.y += 34.0;
        box.role = CHART_INK;
        (void)pdf_page_text(d->page, PDF_STYLE_SMALL, &box, f->caption);
    }
}

static void
cover(struct document *d)
{
    struct pdf_page *p = d->page;
    const struct report *r = d->r;
    p->footer = false;
    pdf_page_paragraph(p, PDF_STYLE_BODY, CHART_QUIET, r->organisation);
    p->y = 230.0;
    pdf_page_paragraph(p, PDF_STYLE_HEADING, CHART_BAR,
                       tr(d, "Monitoring of the mentoring programme"));
    p->y += 10.0;
    pdf_page_paragraph(p, PDF_STYLE_TITLE, CHART_INK, r->title);
    p->y += 12.0;
    pdf_page_paragraph(p, PDF_STYLE_LEAD, CHART_QUIET, r->subtitle);
    figures(d, fmax(p->y + 36.0, 460.0));
    struct pdf_box box = {
        PDF_PAGE_LEFT, PDF_PAGE_BOTTOM, PDF_PAGE_TEXT_WIDTH,
        CHART_START,   CHART_QUIET,
    };
    (void)pdf_page_text(p, PDF_STYLE_BODY, &box, r->date);
    pdf_page_turn(p);
    p->footer = true;
}

/* One line of the contents. */
static void
contents_row(struct document *d, enum pdf_style style, double indent,
             const char *text, size_t anchor, int number)
{
    struct pdf_page *p = d->page;
    double number_width = 34.0;
    double width = PDF_PAGE_TEXT_WIDTH - indent - number_width;
    double height = pdf_page_text_height(p, style, width, text);
    pdf_page_need(p, height + 5.0);
    struct pdf_box box = {
        PDF_PAGE_LEFT + indent, p->y, width, CHART_START, CHART_INK,
    };
    pdf_page_link_begin(p, anchor);
    (void)pdf_page_text(p, style, &box, text);
    char digits[16];
    (void)snprintf(digits, sizeof(digits), "%d", number);
    box.x = PDF_PAGE_LEFT + PDF_PAGE_TEXT_WIDTH - number_width;
    box.width = number_width;
    box.align = CHART_END;
    (void)pdf_page_text(p, style, &box, digits);
    pdf_page_link_end(p);
    p->y += height + 5.0;
}

static void
contents(struct document *d)
{
    struct pdf_page *p = d->page;
    const struct report *r = d->r;
    pdf_page_paragraph(p, PDF_STYLE_PART, CHART_INK, tr(d, "Contents"));
    p->y += 16.0;
    contents_row(d, PDF_STYLE_HEADING, 0.0, tr(d, "In short"),
                 r->items + PLACE_SUMMARY, d->place_page[PLACE_SUMMARY]);
    for (size_t i = 0; i < r->items; i++) {
        if (r->item[i].part) {
            p->y += 6.0;
            contents_row(d, PDF_STYLE_HEADING, 0.0, r->item[i].part, i,
                         d->item_page[i]);
        }
        contents_row(d, PDF_STYLE_BODY, 14.0, r->item[i].heading, i,
                     d->item_page[i]);
    }
    p->y += 6.0;
    if (has_swot(r)) {
        contents_row(d, PDF_STYLE_HEADING, 0.0,
                     tr(d, "Strengths and weaknesses"), r->items + PLACE_SWOT,
                     d->place_page[PLACE_SWOT]);
    }
    contents_row(d, PDF_STYLE_HEADING, 0.0, tr(d, "How the figures were made"),
                 r->items + PLACE_METHOD, d->place_page[PLACE_METHOD]);
    pdf_page_turn(p);
}

/* The heading of a part on a fresh place, with anchor and outline entry. */
static void
place(struct document *d, cairo_surface_t *surface, enum place at,
      const char *text)
{
    struct pdf_page *p = d->page;
    d->place_page[at] = p->number;
    pdf_page_anchor(p, d->r->items + at);
    outline(d, surface, CAIRO_PDF_OUTLINE_ROOT, text, d->r->items + at, NULL);
    pdf_page_paragraph(p, PDF_STYLE_PART, CHART_INK, text);
    p->y += 14.0;
}

static double
text_height(struct document *d, enum pdf_style style, const char *text)
{
    return text
               ? pdf_page_text_height(d->page, style, PDF_PAGE_TEXT_WIDTH, text)
               : 0.0;
}

static double
item_height(struct document *d, const struct report_item *item)
{
    double h = text_height(d, PDF_STYLE_HEADING, item->heading)
               + text_height(d, PDF_STYLE_SMALL, item->base)
               + text_height(d, PDF_STYLE_BODY, item->text) + 24.0;
    if (item->chart) {
        h += pdf_page_chart_height(item->chart);
    }
    if (item->quotes.count > 0) {
        h += text_height(d, PDF_STYLE_BODY, item->quotes.text[0]);
    }
    return h;
}

static void
quotes(struct document *d, const struct report_list *list)
{
    struct pdf_page *p = d->page;
    double indent = 14.0;
    double width = PDF_PAGE_TEXT_WIDTH - indent;
    for (size_t i = 0; i < list->count; i++) {
        double h =
            pdf_page_text_height(p, PDF_STYLE_BODY, width, list->text[i]);
        pdf_page_need(p, h);
        pdf_page_rect(p, (double[]){PDF_PAGE_LEFT, p->y + 2.0, 2.0, h - 3.0},
                      chart_colour(CHART_BAR_SOFT));
        struct pdf_box box = {
            PDF_PAGE_LEFT + indent, p->y, width, CHART_START, CHART_INK,
        };
        (void)pdf_page_text(p, PDF_STYLE_BODY, &box, list->text[i]);
        p->y += h + 5.0;
    }
}

static void
item(struct document *d, const struct report_item *it)
{
    struct pdf_page *p = d->page;
    pdf_page_paragraph(p, PDF_STYLE_HEADING, CHART_INK, it->heading);
    p->y += 2.0;
    if (it->base) {
        pdf_page_paragraph(p, PDF_STYLE_SMALL, CHART_QUIET, it->base);
        p->y += 4.0;
    }
    if (it->text) {
        pdf_page_paragraph(p, PDF_STYLE_BODY, CHART_INK, it->text);
        p->y += 6.0;
    }
    if (it->chart) {
        p->y += 6.0;
        pdf_page_chart(p, it->chart);
    }
    if (it->quotes.count > 0) {
        p->y += 6.0;
        quotes(d, &it->quotes);
    }
    p->y += 22.0;
}

static void
items(struct document *d, cairo_surface_t *surface)
{
    struct pdf_page *p = d->page;
    int part = CAIRO_PDF_OUTLINE_ROOT;
    for (size_t i = 0; i < d->r->items; i++) {
        const struct report_item *it = &d->r->item[i];
        double h = item_height(d, it);
        if (it->part) {
            h += text_height(d, PDF_STYLE_PART, it->part) + 30.0;
        }
        pdf_page_need(p, h);
        d->item_page[i] = p->number;
        pdf_page_anchor(p, i);
        if (it->part) {
            outline(d, surface, CAIRO_PDF_OUTLINE_ROOT, it->part, i, &part);
            p->y += p->y > PDF_PAGE_TOP ? 10.0 : 0.0;
            pdf_page_paragraph(p, PDF_STYLE_PART, CHART_INK, it->part);
            p->y += 14.0;
        }
        outline(d, surface, part, it->heading, i, NULL);
        item(d, it);
    }
}

/* The height of a SWOT box; draws it too when `draw`. */
static double
swot_box(struct document *d, enum report_swot which, double x, double width,
         bool draw)
{
    static const char *const heading[REPORT_SWOT_COUNT] = {
        [REPORT_STRENGTHS] = N_("Strengths"),
        [REPORT_WEAKNESSES] = N_("Weaknesses"),
        [REPORT_OPPORTUNITIES] = N_("Opportunities"),
        [REPORT_THREATS] = N_("Threats"),
    };
    struct pdf_page *p = d->page;
    const struct report_list *list = &d->r->swot[which];
    const char *none = tr(d, "Nothing was named.");
    struct pdf_box box = {x + 12.0, p->y + 12.0, width - 24.0, CHART_START,
                          CHART_BAR};
    bool was_dry = p->dry;
    p->dry = was_dry || !draw;
    box.y +=
        pdf_page_text(p, PDF_STYLE_HEADING, &box, tr(d, heading[which])) + 6.0;
    box.role = CHART_INK;
    for (size_t i = 0; i < list->count; i++) {
        pdf_page_rect(p, (double[]){box.x, box.y + 6.0, 4.0, 4.0},
                      chart_colour(CHART_BAR));
        struct pdf_box text = box;
        text.x += 12.0;
        text.width -= 12.0;
        box.y += pdf_page_text(p, PDF_STYLE_BODY, &text, list->text[i]) + 4.0;
    }
    if (list->count == 0) {
        box.role = CHART_QUIET;
        box.y += pdf_page_text(p, PDF_STYLE_BODY, &box, none);
    }
    p->dry = was_dry;
    return box.y + 12.0 - p->y;
}

static void
swot(struct document *d, cairo_surface_t *surface)
{
    struct pdf_page *p = d->page;
    pdf_page_turn(p);
    place(d, surface, PLACE_SWOT, tr(d, "Strengths and weaknesses"));
    double gap = 12.0;
    double width = (PDF_PAGE_TEXT_WIDTH - gap) / 2.0;
    for (size_t row = 0; row < REPORT_SWOT_COUNT; row += 2) {
        enum report_swot one = (enum report_swot)row;
        enum report_swot two = (enum report_swot)(row + 1);
        double right = PDF_PAGE_LEFT + width + gap;
        double h = fmax(swot_box(d, one, PDF_PAGE_LEFT, width, false),
                        swot_box(d, two, right, width, false));
        h = fmax(h, 150.0);
        pdf_page_need(p, h);
        pdf_page_rect(p, (double[]){PDF_PAGE_LEFT, p->y, width, h}, SOFT);
        pdf_page_rect(p, (double[]){right, p->y, width, h}, SOFT);
        (void)swot_box(d, one, PDF_PAGE_LEFT, width, true);
        (void)swot_box(d, two, right, width, true);
        p->y += h + gap;
    }
}

static enum status
method(struct document *d, cairo_surface_t *surface)
{
    struct pdf_page *p = d->page;
    struct buf store;
    buf_init(&store, METHOD_MAX_BYTES);
    struct method_note note[METHOD_NOTES_MAX];
    size_t count = method_notes(d->r, &store, note);
    pdf_page_turn(p);
    place(d, surface, PLACE_METHOD, tr(d, "How the figures were made"));
    for (size_t i = 0; i < count; i++) {
        double h = text_height(d, PDF_STYLE_HEADING, note[i].heading)
                   + text_height(d, PDF_STYLE_BODY, note[i].text)
                   + text_height(d, PDF_STYLE_FORMULA, note[i].formula) + 2.0;
        pdf_page_need(p, h);
        pdf_page_paragraph(p, PDF_STYLE_HEADING, CHART_INK, note[i].heading);
        p->y += 1.0;
        pdf_page_paragraph(p, PDF_STYLE_BODY, CHART_INK, note[i].text);
        if (note[i].formula) {
            p->y += 1.0;
            pdf_page_paragraph(p, PDF_STYLE_FORMULA, CHART_BAR,
                               note[i].formula);
        }
        p->y += 7.0;
    }
    enum status st = buf_status(&store);
    buf_deinit(&store);
    pdf_page_turn(p);
    return st;
}

static enum status
lay_out(struct document *d, cairo_surface_t *surface, bool dry)
{
    struct pdf_page page;
    enum status st = pdf_page_open(&page, surface, dry);
    if (st == STATUS_OK) {
        d->page = &page;
        page.running_title = d->r->title;
        cover(d);
        contents(d);
        place(d, surface, PLACE_SUMMARY, tr(d, "In short"));
        pdf_page_paragraph(&page, PDF_STYLE_LEAD, CHART_INK, d->r->lead);
        page.y += 26.0;
        items(d, surface);
        if (has_swot(d->r)) {
            swot(d, surface);
        }
        st = method(d, surface);
    }
    pdf_page_close(&page);
    d->page = NULL;
    return st;
}

void
pdf_shutdown(void)
{
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
}

enum status
pdf_write(const struct report *r, const struct dataset_sink *sink)
{
    if (r->items > REPORT_ITEMS_MAX) {
        return STATUS_E_LIMIT;
    }
    struct document d = {.r = r};
    d.item_page = calloc(r->items + 1, sizeof(*d.item_page));
    if (!d.item_page) {
        return log_oom("pdf");
    }
    struct pdf_output output;
    enum status st = pdf_output_open(&output, sink, r->title);
    if (st == STATUS_OK) {
        cairo_pdf_surface_set_metadata(
            output.surface, CAIRO_PDF_METADATA_AUTHOR, r->organisation);
        st = lay_out(&d, output.surface, true);
    }
    if (st == STATUS_OK) {
        st = lay_out(&d, output.surface, false);
    }
    st = pdf_output_close(&output, st);
    free(d.item_page);
    return st;
}
