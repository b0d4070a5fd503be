#ifndef ANKETA_COLLECTOR_WEB_PAGES_PAIR_H
#define ANKETA_COLLECTOR_WEB_PAGES_PAIR_H

#include "collector/http/request.h"

/*
 * Page of one pair: its state, individual plan and journal of meetings. A
 * handler for site.c.
 */

/* <id>; POST changes state or plan, or enters a meeting and opens the
 * questionnaire that follows it. */
void
pages_pair(void *self, const struct request *rq, struct response *rs);

#endif
