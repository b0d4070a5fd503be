#ifndef ANKETA_COLLECTOR_WEB_PAGES_KEYS_H
#define ANKETA_COLLECTOR_WEB_PAGES_KEYS_H

#include "collector/http/request.h"

/*
 * Pages: keys. `self` is the desk.
 *
 *   /keys         what guards the collector's keys, and which there are
 *   /keys/rotate  POST: renew the sealing key when the collector starts the
 *                 next time (nobody reads it then); `on` empty: do not
 *                 (coordinator)
 */
void
pages_keys(void *self, const struct request *rq, struct response *rs);
void
pages_keys_rotate(void *self, const struct request *rq, struct response *rs);

#endif
