#ifndef ANKETA_COLLECTOR_WEB_PAGES_SESSION_H
#define ANKETA_COLLECTOR_WEB_PAGES_SESSION_H

#include "collector/http/request.h"
#include "collector/store/store_training.h"

/*
 * Page of one training session: who is invited, what is to be read, who signed;
 * its signing is opened and ended here. A handler for site.c.
 */
#define PAGES_SESSION_BODY_MAX_BYTES (STORE_MATERIAL_MAX_BYTES * 8)

/* <id>, <id>/invitations to print; POST changes it. */
void
pages_session(void *self, const struct request *rq, struct response *rs);

#endif
