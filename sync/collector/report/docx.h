#ifndef ANKETA_REPORT_DOCX_H
#define ANKETA_REPORT_DOCX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * Docx: a paper for a word processor (WordprocessingML in an OPC package,
 * ECMA-376 parts 1 and 2; no macros, nothing linked).
 *
 *     docx_begin(&d);
 *     docx_paragraph(&d, DOCX_TITLE);
 *     docx_text(&d, text, len, false);
 *     docx_paragraph_end(&d);
 *     st = docx_finish(&d, out);
 *
 * The same paper gives the same bytes. Errors stay until docx_finish(), which
 * must be called in any case.
 */
enum docx_style {
    DOCX_TEXT,
    DOCX_TITLE,
    DOCX_HEADING,
    DOCX_ITEM, /* hangs behind its mark, which is the first text and a tab */
    DOCX_CELL,
};

struct docx {
    struct buf body;
    bool page_break; /* before the next paragraph */
};

void
docx_begin(struct docx *d);
void
docx_paragraph(struct docx *d, enum docx_style style);
void
docx_text(struct docx *d, const char *text, size_t len, bool strong);
void
docx_tab(struct docx *d);
void
docx_paragraph_end(struct docx *d);
void
docx_page_break(struct docx *d);
/* A table over the width of the page, with columns as wide beside each other as
 * `width` says; rows hold cells, cells hold one paragraph each, which
 * docx_cell() begins. */
void
docx_table(struct docx *d, const int *width, size_t columns);
void
docx_row(struct docx *d, bool head);
void
docx_cell(struct docx *d);
void
docx_cell_end(struct docx *d);
void
docx_row_end(struct docx *d);
void
docx_table_end(struct docx *d);

/* Appends the package to `out`. */
MUST_CHECK enum status
docx_finish(struct docx *d, struct buf *out);

#endif
