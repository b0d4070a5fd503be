#ifndef ANKETA_COLLECTOR_WEB_PAGES_TOKENS_H
#define ANKETA_COLLECTOR_WEB_PAGES_TOKENS_H

#include "collector/http/request.h"

/*
 * Read tokens of other systems (json_api.h): made, shown once, revoked, by the
 * coordinator. `self` is the desk.
 */
void
pages_tokens(void *self, const struct request *rq, struct response *rs);
void
pages_tokens_revoke(void *self, const struct request *rq, struct response *rs);

#endif
