#ifndef ANKETA_COLLECTOR_WEB_PAPER_PDF_H
#define ANKETA_COLLECTOR_WEB_PAPER_PDF_H

#include "collector/report/dataset.h"
#include "collector/web/paper_desk.h"

/*
 * Paper as PDF: every copy on a page of its own, set like an official paper.
 * Fields that are missing stand in brackets.
 */
MUST_CHECK enum status
paper_pdf_write(const struct paper_desk *p, const char *title,
                enum i18n_lang lang, const struct dataset_sink *sink);

#endif
