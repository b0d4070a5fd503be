#ifndef ANKETA_COLLECTOR_WEB_PAGES_DOCUMENTS_H
#define ANKETA_COLLECTOR_WEB_PAGES_DOCUMENTS_H

#include "collector/http/request.h"

/*
 * Pages of the programme's documents, filled from what the collector knows: to
 * print, as PDF, and for a word processor. Handlers for site.c.
 */

/* All of them, and what is filled in once; POST saves that. */
void
pages_documents_list(void *self, const struct request *rq, struct response *rs);

/* <name>, <name>.pdf, <name>.docx; POST saves its day and number. */
void
pages_documents_one(void *self, const struct request *rq, struct response *rs);

#endif
