#ifndef ANKETA_COLLECTOR_WEB_PAGES_INDICATORS_H
#define ANKETA_COLLECTOR_WEB_PAGES_INDICATORS_H

#include "collector/http/request.h"

/* The programme's indicators by school year: everybody who reads summaries sees
 * them, the coordinator enters counts and targets. */
void
pages_indicators(void *self, const struct request *rq, struct response *rs);

#endif
