#ifndef ANKETA_COLLECTOR_WEB_PAPER_DOCX_H
#define ANKETA_COLLECTOR_WEB_PAPER_DOCX_H

#include "base/buf.h"
#include "collector/web/paper_desk.h"

/*
 * Paper for a word processor: every copy begins a page, ready to be adapted to
 * the local acts. Fields that are missing are lines to write on. Appends to
 * `out`.
 */
MUST_CHECK enum status
paper_docx_write(const struct paper_desk *p, struct buf *out);

#endif
