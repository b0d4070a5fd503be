#ifndef ANKETA_COLLECTOR_WEB_PAGES_OPENROSA_H
#define ANKETA_COLLECTOR_WEB_PAGES_OPENROSA_H

#include "collector/http/request.h"

/*
 * Page: other OpenRosa programs, for the coordinator. `self` is the desk.
 *
 *   /phones          accounts of ODK Collect and Enketo, and what is passed on
 *                    to another server; POST makes an account
 *   /phones/remove   POST: an account is let in no more
 *   /phones/forward, /phones/retry, /phones/stop   POST: of passing on
 */
#define PAGES_OPENROSA_PATH "/phones"

void
pages_openrosa(void *self, const struct request *rq, struct response *rs);
void
pages_openrosa_change(void *self, const struct request *rq,
                      struct response *rs);

#endif
