#ifndef ANKETA_COLLECTOR_WEB_PAGES_KIOSKS_H
#define ANKETA_COLLECTOR_WEB_PAGES_KIOSKS_H

#include "collector/http/request.h"

/*
 * Pages: the kiosks, for coordinator and technician. `self` is the desk.
 *
 *   /kiosks         who is enrolled and when each was last heard of; POST makes
 *                   an enrolment code
 *   /kiosks/revoke  POST: a lost kiosk is let in no more
 */
void
pages_kiosks_list(void *self, const struct request *rq, struct response *rs);
void
pages_kiosks_revoke(void *self, const struct request *rq, struct response *rs);

#endif
