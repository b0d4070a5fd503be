#include "collector/web/paper_pdf.h"

#include <string.h>

#include "collector/report/pdf_page.h"

#define GAP 9.0
#define CLOSE_GAP 3.0
#define PART_GAP 16.0
#define INDENT 14.0
#define CELL_PADDING 4.0
#define LINE_ROOM 40.0 /* a paragraph begins no lower than that */
#define NARROW 0.35
#define NARROW_BYTES ((size_t)6) /* of its head */
#define CELL_MAX_BYTES ((size_t)32 * 1024)

struct setter {
    struct pdf_page *page;
    enum i18n_lang lang;
    struct buf text;
    bool all_bold;                 /* of the text just read */
    double width[PAPER_CELLS_MAX]; /* of the columns of this table */
};

/* A cell as plain text. */
static const char *
plain(struct setter *s, const char *cell)
{
    struct paper_run run;
    bool bold = false;
    char name[TEMPLATE_NAME_MAX_BYTES];
    buf_clear(&s->text);
    s->all_bold = true;
    while (paper_next(&cell, &bold, &run)) {
        s->all_bold = s->all_bold && run.bold;
        if (run.missing && run.len < sizeof(name)) {
            memcpy(name, run.text, run.len);
            name[run.len] = '\0';
            buf_printf(&s->text, "[%s]",
                       i18n_text(s->lang, paper_desk_label(name)));
        } else {
            buf_put(&s->text, run.text, run.len);
        }
    }
    return s->text.data ? s->text.data : "";
}

static void
set_text(struct setter *s, const struct paper_block *b)
{
    struct pdf_page *p = s->page;
    const char *text = plain(s, b->cell[0]);
    const enum pdf_style style =
        s->all_bold && *text ? PDF_STYLE_HEADING : PDF_STYLE_BODY;
    p->y += b->close ? CLOSE_GAP : GAP;
    pdf_page_need(p, LINE_ROOM);
    pdf_page_paragraph(p, style, CHART_INK, text);
}

static void
set_point(struct setter *s, const struct paper_block *b)
{
    struct pdf_page *p = s->page;
    struct pdf_box box = {PDF_PAGE_LEFT, p->y, INDENT, CHART_START, CHART_INK};
    pdf_page_need(p, LINE_ROOM);
    box.y = p->y + 2.0;
    (void)pdf_page_text(p, PDF_STYLE_BODY, &box, "–");
    box.x += INDENT;
    box.width = PDF_PAGE_TEXT_WIDTH - INDENT;
    p->y = box.y + pdf_page_text(p, PDF_STYLE_BODY, &box, plain(s, b->cell[0]));
}

static void
set_heading(struct setter *s, const struct paper_block *b)
{
    struct pdf_page *p = s->page;
    const bool title = b->kind == PAPER_TITLE;
    struct pdf_box box = {PDF_PAGE_LEFT, 0.0, PDF_PAGE_TEXT_WIDTH,
                          title ? CHART_MIDDLE : CHART_START, CHART_INK};
    p->y += p->y > PDF_PAGE_TOP ? PART_GAP : 0.0;
    pdf_page_need(p, 2 * LINE_ROOM);
    box.y = p->y;
    p->y += pdf_page_text(p, PDF_STYLE_HEADING, &box, plain(s, b->cell[0]));
}

/* Columns share the width, those for a number or a mark get less. */
static void
share_width(struct setter *s, const struct paper_block *heads)
{
    double sum = 0.0;
    for (size_t i = 0; i < heads->cells; i++) {
        s->width[i] = strlen(heads->cell[i]) <= NARROW_BYTES ? NARROW : 1.0;
        sum += s->width[i];
    }
    for (size_t i = 0; i < heads->cells; i++) {
        s->width[i] *= PDF_PAGE_TEXT_WIDTH / sum;
    }
}

static void
set_row(struct setter *s, const struct paper_block *b)
{
    struct pdf_page *p = s->page;
    const bool heads = b->kind == PAPER_HEADS;
    const enum pdf_style style = heads ? PDF_STYLE_SMALL : PDF_STYLE_BODY;
    double height = 0.0;
    if (heads) {
        share_width(s, b);
    }
    for (size_t i = 0; i < b->cells; i++) {
        const double tall = pdf_page_text_height(
            p, style, s->width[i] - 2 * CELL_PADDING, plain(s, b->cell[i]));
        height = tall > height ? tall : height;
    }
    height += 2 * CELL_PADDING;
    p->y += heads ? GAP : 0.0;
    pdf_page_need(p, height + 2.0);
    double x = PDF_PAGE_LEFT;
    for (size_t i = 0; i < b->cells; i++) {
        const struct pdf_box box = {x + CELL_PADDING, p->y + CELL_PADDING,
                                    s->width[i] - 2 * CELL_PADDING, CHART_START,
                                    heads ? CHART_QUIET : CHART_INK};
        (void)pdf_page_text(p, style, &box, plain(s, b->cell[i]));
        x += s->width[i];
    }
    pdf_page_rule(p, PDF_PAGE_LEFT, p->y, PDF_PAGE_TEXT_WIDTH);
    p->y += height;
    pdf_page_rule(p, PDF_PAGE_LEFT, p->y, PDF_PAGE_TEXT_WIDTH);
}

static void
set_block(void *self, const struct paper_block *b)
{
    struct setter *s = self;
    switch (b->kind) {
    case PAPER_TITLE:
    case PAPER_PART:
        set_heading(s, b);
        break;
    case PAPER_TEXT:
        set_text(s, b);
        break;
    case PAPER_POINT:
        set_point(s, b);
        break;
    case PAPER_HEADS:
    case PAPER_ROW:
        set_row(s, b);
        break;
    case PAPER_TABLE_END:
        s->page->y += GAP;
        break;
    }
}

enum status
paper_pdf_write(const struct paper_desk *p, const char *title,
                enum i18n_lang lang, const struct dataset_sink *sink)
{
    struct pdf_output output;
    struct pdf_page page;
    struct setter s = {.page = &page, .lang = lang};
    enum status st = pdf_output_open(&output, sink, title);
    if (st < 0) {
        return st;
    }
    buf_init(&s.text, CELL_MAX_BYTES);
    st = pdf_page_open(&page, output.surface, false);
    for (size_t i = 0; i < p->copies && st == STATUS_OK; i++) {
        st = paper_read(&p->copy[i], set_block, &s);
        pdf_page_turn(&page);
    }
    if (st == STATUS_OK) {
        st = buf_status(&s.text);
    }
    pdf_page_close(&page);
    buf_deinit(&s.text);
    return pdf_output_close(&output, st);
}
