#ifndef ANKETA_COLLECTOR_WEB_CONCLUSIONS_H
#define ANKETA_COLLECTOR_WEB_CONCLUSIONS_H

#include "base/arena.h"
#include "collector/http/request.h"
#include "collector/report/report.h"
#include "collector/store/store.h"
#include "collector/web/visit.h"

/*
 * Conclusions: what the coordinator makes of a wave, as strengths, weaknesses,
 * opportunities and threats; for the page, the PDF and the workbook.
 */
#define CONCLUSIONS_ITEMS_MAX 40 /* lines of one part that are shown */
#define CONCLUSIONS_BODY_MAX_BYTES ((size_t)128 * 1024)

/* Fill in r->swot; the texts live in the arena. */
MUST_CHECK enum status
conclusions_read(struct store *reader, int64_t wave, struct arena *arena,
                 struct report *r);

/* The section of a summary's page; nothing if there are none. */
void
conclusions_write(struct visit *v, const struct report *r);

/* /conclusions/WAVE: the coordinator writes them. `self` is the desk. */
void
conclusions_page(void *self, const struct request *rq, struct response *rs);

#endif
