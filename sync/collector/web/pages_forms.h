#ifndef ANKETA_COLLECTOR_WEB_PAGES_FORMS_H
#define ANKETA_COLLECTOR_WEB_PAGES_FORMS_H

#include "collector/http/request.h"

/*
 * Pages: questionnaires and their waves, for the coordinator. `self` is the
 * desk.
 *
 *   /questionnaires     the list, and a place to upload one; its faults by cell
 *   /questionnaires/ID  what it asks, its waves, and a form to open one
 *   /waves/close        POST
 *   /waves/link         POST: an address that opens one summary
 */
#define PAGES_FORMS_UPLOAD_MAX_BYTES ((size_t)24 * 1024 * 1024)

void
pages_forms_list(void *self, const struct request *rq, struct response *rs);
void
pages_forms_one(void *self, const struct request *rq, struct response *rs);
void
pages_forms_close(void *self, const struct request *rq, struct response *rs);
void
pages_forms_link(void *self, const struct request *rq, struct response *rs);

#endif
