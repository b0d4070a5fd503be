#ifndef ANKETA_COLLECTOR_WEB_PAGES_TRAINING_H
#define ANKETA_COLLECTOR_WEB_PAGES_TRAINING_H

#include "collector/http/request.h"

/*
 * Pages of the training of mentors: all sessions, and the list for
 * certificates. Handlers for site.c.
 */
/* All sessions; POST enters one. */
void
pages_training_list(void *self, const struct request *rq, struct response *rs);

/* Who signed at which sessions; "certificates.csv" as a file. */
void
pages_training_certificates(void *self, const struct request *rq,
                            struct response *rs);

#endif
