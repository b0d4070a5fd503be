#ifndef ANKETA_COLLECTOR_WEB_PAGES_PAIRS_H
#define ANKETA_COLLECTOR_WEB_PAGES_PAIRS_H

#include "collector/http/request.h"

/*
 * Pages of pairs and groups: the list for the order, the state, plan and
 * journal of each pair, and who is left without one. Handlers for site.c.
 */

/* All pairs, and who is left; the psychologist sees the latter alone. */
void
pages_pairs_list(void *self, const struct request *rq, struct response *rs);

/* <id>; POST changes state or plan, or enters a meeting. */
void
pages_pairs_one(void *self, const struct request *rq, struct response *rs);

#endif
