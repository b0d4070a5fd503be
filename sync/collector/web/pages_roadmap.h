#ifndef ANKETA_COLLECTOR_WEB_PAGES_ROADMAP_H
#define ANKETA_COLLECTOR_WEB_PAGES_ROADMAP_H

#include "collector/http/request.h"

/*
 * The roadmap board: eight stages, what really happened in each, and the
 * measures with their terms and people. Handlers for site.c.
 */

/* GET: the board; POST: a new measure, or the usual ones to begin with. */
void
pages_roadmap(void *self, const struct request *rq, struct response *rs);

/* <id>: one measure to change. */
void
pages_roadmap_one(void *self, const struct request *rq, struct response *rs);

/* The board as a calendar file. */
void
pages_roadmap_calendar(void *self, const struct request *rq,
                       struct response *rs);

#endif
