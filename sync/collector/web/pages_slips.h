#ifndef ANKETA_COLLECTOR_WEB_PAGES_SLIPS_H
#define ANKETA_COLLECTOR_WEB_PAGES_SLIPS_H

#include "collector/http/request.h"

/*
 * Pages: slips. `self` is the desk.
 *
 *   /slips/WAVE   how many there are; POST: more of them, as PDF to print. Once
 *                 the wave is closed: issued = used + unused (coordinator)
 */
void
pages_slips(void *self, const struct request *rq, struct response *rs);

#endif
