#ifndef ANKETA_COLLECTOR_WEB_PAGES_MEETINGS_H
#define ANKETA_COLLECTOR_WEB_PAGES_MEETINGS_H

#include "collector/http/request.h"

/*
 * Pages of group meetings: who was there, how many have voted, the proposals
 * and the fixing of pairs (pages_proposals.c). Handlers for site.c.
 */

/* GET: all meetings; POST: open one. */
void
pages_meetings_list(void *self, const struct request *rq, struct response *rs);

/* <id>, <id>/wall, <id>/proposals, <id>/pairs */
void
pages_meetings_one(void *self, const struct request *rq, struct response *rs);

#endif
