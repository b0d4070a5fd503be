#ifndef ANKETA_COLLECTOR_WEB_JSON_API_H
#define ANKETA_COLLECTOR_WEB_JSON_API_H

#include "collector/http/request.h"

/*
 * JSON API: the figures of closed waves for other systems.
 *
 *     GET /api/v1/waves           every closed anonymous wave that is shown
 *     GET /api/v1/waves/NAME      its figures; ?lang=ru or en
 *     Authorization: Bearer TOKEN
 *
 * Tokens are made and revoked at the desk (pages_tokens.h) and do nothing but
 * this. The figures are those of web/figures.h: what is closed on the page is
 * closed here, and no open answer leaves. Errors are JSON too:
 * {"error": {"status": 404, "message": "..."}}. `self` is the desk.
 */
#define JSON_API_PREFIX "/api/"
#define JSON_API_TOKEN_PREFIX "anketa_"

void
json_api_waves(void *self, const struct request *rq, struct response *rs);
void
json_api_wave(void *self, const struct request *rq, struct response *rs);

/* The body of an error answer; rs->status is set. */
void
json_api_explain(struct response *rs);

#endif
