#ifndef ANKETA_COLLECTOR_WEB_SITE_H
#define ANKETA_COLLECTOR_WEB_SITE_H

#include "collector/http/server.h"

/*
 * Site: which request goes where. `self` of every handler is the desk.
 */
const struct server_route *
site_routes(size_t *out_count);

/* A page for an answer that is an error. */
void
site_explain(void *self, const struct request *rq, struct response *rs);

#endif
