#ifndef ANKETA_COLLECTOR_WEB_PAGES_PREVIEW_H
#define ANKETA_COLLECTOR_WEB_PAGES_PREVIEW_H

#include "collector/http/request.h"

/*
 * The preview of a questionnaire: /questionnaires/preview/3 is the page,
 * /questionnaires/preview/3/ru/7 its
 * seventh picture. `self` is the desk.
 */
void
pages_preview(void *self, const struct request *rq, struct response *rs);

#endif
