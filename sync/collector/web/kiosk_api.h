#ifndef ANKETA_COLLECTOR_WEB_KIOSK_API_H
#define ANKETA_COLLECTOR_WEB_KIOSK_API_H

#include "collector/http/request.h"

/*
 * Kiosk API: the four requests of a kiosk's sync daemon, as shared/wire's
 * README.md says. `self` is the desk.
 */
#define KIOSK_API_IDENTITY "/sync/v1/identity"
#define KIOSK_API_ENROL "/sync/v1/enrol"
#define KIOSK_API_LIBRARY "/sync/v1/library"
#define KIOSK_API_BATCH "/sync/v1/batch"

void
kiosk_api_identity(void *self, const struct request *rq, struct response *rs);
void
kiosk_api_enrol(void *self, const struct request *rq, struct response *rs);
void
kiosk_api_library(void *self, const struct request *rq, struct response *rs);
void
kiosk_api_batch(void *self, const struct request *rq, struct response *rs);

#endif
