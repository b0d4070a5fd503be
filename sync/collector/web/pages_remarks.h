#ifndef ANKETA_COLLECTOR_WEB_PAGES_REMARKS_H
#define ANKETA_COLLECTOR_WEB_PAGES_REMARKS_H

#include "collector/http/request.h"

/*
 * The coordinator's work on open answers: /remarks/WAVE lists the questions,
 * /remarks/WAVE/FIELD shows the answers to one, a page at a time, to be
 * redacted and put under themes. `self` is the desk.
 *
 * Only of closed waves that are shown, and only from k_text answers on. The
 * first look moves the texts out of the rows (store/store_remarks.h).
 */
#define PAGES_REMARKS_BODY_MAX_BYTES ((size_t)1024 * 1024)

void
pages_remarks(void *self, const struct request *rq, struct response *rs);

#endif
