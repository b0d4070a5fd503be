#ifndef ANKETA_COLLECTOR_WEB_PAGES_KEYS_H
#define ANKETA_COLLECTOR_WEB_PAGES_KEYS_H

#include "collector/http/request.h"

/*
 * Pages: keys. `self` is the desk.
 *
 *   /keys        what guards the collector's keys, and which there are
 *   /keys/renew  POST: new keys at once; `what` is a number of
 *                collector/renewal.h, `anyway` leaves kiosks behind (coordinator)
 */
void
pages_keys(void *self, const struct request *rq, struct response *rs);
void
pages_keys_renew(void *self, const struct request *rq, struct response *rs);

#endif
