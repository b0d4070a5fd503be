#ifndef ANKETA_REPORT_PDF_H
#define ANKETA_REPORT_PDF_H

#include "collector/report/dataset.h"
#include "collector/report/report.h"

/*
 * PDF: the report on A4, by cairo and pango: cover, contents with links, the
 * plain-words summary, one block per question with its chart as vectors, SWOT
 * page, method page. Set in Inter; text stays text (it can be searched and
 * read aloud), and the outline of the file holds the parts.
 *
 * The report is laid out twice: first to learn on which page each item falls,
 * for the contents, then to write.
 */
/* What pango and fontconfig keep for the next document is given back; before
 * the program ends, when no other thread writes any more. */
void
pdf_shutdown(void);

MUST_CHECK enum status
pdf_write(const struct report *r, const struct dataset_sink *sink);

#endif
