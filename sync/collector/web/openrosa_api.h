#ifndef ANKETA_COLLECTOR_WEB_OPENROSA_API_H
#define ANKETA_COLLECTOR_WEB_OPENROSA_API_H

#include "collector/http/request.h"

/*
 * OpenRosa API: forms for, and submissions from, other clients. `self` is the
 * desk. Everything stands under "/openrosa/KEY/", KEY being a secret that
 * the command `openrosa` makes; a client is given that address as its server.
 *
 *   GET formList, form/ID, manifest/ID, media/ID/NAME
 *   HEAD submission   204, with the largest content taken
 *   POST submission   201 taken, 202 taken before, 409 the same instanceID
 *                     with other answers
 */
#define OPENROSA_API_SETTING "openrosa.key" /* hash of the key, in hex */

void
openrosa_api(void *self, const struct request *rq, struct response *rs);

#endif
