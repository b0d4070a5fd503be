#ifndef ANKETA_COLLECTOR_WEB_OPENROSA_API_H
#define ANKETA_COLLECTOR_WEB_OPENROSA_API_H

#include "collector/http/request.h"

/*
 * OpenRosa API: forms for, and submissions from, other clients. `self` is the
 * desk. docs.getodk.org/openrosa
 *
 * Under "/openrosa/KEY/", KEY being a secret that the command `openrosa` makes,
 * nobody is asked for anything more; the client stays nameless. Under
 * "/openrosa/" a client signs in by HTTP Digest, or over TLS by Basic, as an
 * account of store/store_openrosa.h. Everything beyond the challenge, HEAD
 * included, needs one of the two.
 *
 *   GET formList[?formID=&verbose=&listAllVersions=], form/ID, manifest/ID,
 *       media/ID/NAME
 *   HEAD submission   204, with the largest content taken
 *   POST submission   201 taken, 202 taken before (files that came with it are
 *                     kept), 409 the same instanceID with other answers, or
 *                     closed; 400 and 404 say why in the message
 *
 * Messages come in the language of Accept-Language.
 */
#define OPENROSA_API_PATH "/openrosa/"
#define OPENROSA_API_SETTING "openrosa.key" /* hash of the key, in hex */

void
openrosa_api(void *self, const struct request *rq, struct response *rs);

/* Body and headers of an answer that came about before the handler. */
void
openrosa_api_explain(const struct request *rq, struct response *rs);

#endif
