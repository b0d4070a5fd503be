#include "collector/web/paper_docx.h"

#include <string.h>

#include "collector/report/docx.h"

#define GAP "________"
#define POINT "–"
/* Columns whose head is short hold a number or a mark. */
#define NARROW_BYTES ((size_t)6)
#define NARROW 1
#define WIDE 3

static void
runs(struct docx *d, const char *cell)
{
    struct paper_run run;
    bool bold = false;
    while (paper_next(&cell, &bold, &run)) {
        if (run.missing) {
            docx_text(d, GAP, sizeof(GAP) - 1, false);
        } else {
            docx_text(d, run.text, run.len, run.bold);
        }
    }
}

static void
row(struct docx *d, const struct paper_block *b)
{
    int width[PAPER_CELLS_MAX];
    const bool heads = b->kind == PAPER_HEADS;
    for (size_t i = 0; heads && i < b->cells; i++) {
        width[i] = strlen(b->cell[i]) <= NARROW_BYTES ? NARROW : WIDE;
    }
    if (heads) {
        docx_table(d, width, b->cells);
    }
    docx_row(d, heads);
    for (size_t i = 0; i < b->cells; i++) {
        docx_cell(d);
        runs(d, b->cell[i]);
        docx_cell_end(d);
    }
    docx_row_end(d);
}

static void
set_block(void *self, const struct paper_block *b)
{
    static const enum docx_style style[] = {[PAPER_TITLE] = DOCX_TITLE,
                                            [PAPER_PART] = DOCX_HEADING,
                                            [PAPER_TEXT] = DOCX_TEXT,
                                            [PAPER_POINT] = DOCX_ITEM};
    struct docx *d = self;
    if (b->kind == PAPER_HEADS || b->kind == PAPER_ROW) {
        row(d, b);
        return;
    }
    if (b->kind == PAPER_TABLE_END) {
        docx_table_end(d);
        return;
    }
    docx_paragraph(d, style[b->kind]);
    if (b->kind == PAPER_POINT) {
        docx_text(d, POINT, sizeof(POINT) - 1, false);
        docx_tab(d);
    }
    runs(d, b->cell[0]);
    docx_paragraph_end(d);
}

enum status
paper_docx_write(const struct paper_desk *p, struct buf *out)
{
    struct docx d;
    enum status st = STATUS_OK;
    docx_begin(&d);
    for (size_t i = 0; i < p->copies && st == STATUS_OK; i++) {
        if (i > 0) {
            docx_page_break(&d);
        }
        st = paper_read(&p->copy[i], set_block, &d);
    }
    enum status finished = docx_finish(&d, out);
    return st < 0 ? st : finished;
}
