#ifndef ANKETA_COLLECTOR_WEB_PAGES_KIOSK_SETTINGS_H
#define ANKETA_COLLECTOR_WEB_PAGES_KIOSK_SETTINGS_H

#include "collector/http/request.h"

/*
 * Pages: what all kiosks are told to do, for coordinator and technician. `self`
 * is the desk.
 *
 *   /kiosks/settings  the voting session, the PIN of the staff menu, the hours
 *                     of service; POST sets one of them
 */
void
pages_kiosk_settings(void *self, const struct request *rq, struct response *rs);

#endif
