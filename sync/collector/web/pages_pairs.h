#ifndef ANKETA_COLLECTOR_WEB_PAGES_PAIRS_H
#define ANKETA_COLLECTOR_WEB_PAGES_PAIRS_H

#include "collector/http/request.h"

/*
 * Page of pairs and groups: the list for the order, who is left without a
 * pair, and the feedback that is being gathered. A handler for site.c.
 */

/* All pairs, and who is left; the psychologist sees the latter alone. POST
 * forms a pair by hand. */
void
pages_pairs_list(void *self, const struct request *rq, struct response *rs);

#endif
