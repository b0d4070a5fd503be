#ifndef ANKETA_COLLECTOR_WEB_PAGES_VOTES_H
#define ANKETA_COLLECTOR_WEB_PAGES_VOTES_H

#include "collector/http/request.h"

/*
 * Votes of a meeting by slip: nominations and best practices, counted after
 * the wave is closed. Questions with one or several choices are counted by
 * approval, rankings by Schulze over margins, or for several seats by the
 * Scottish single transferable vote. A tie is said to be one; lots are drawn
 * once, when the coordinator asks, by a seed that the page then shows for good.
 */

/* <wave>; POST draws lots. */
void
pages_votes(void *self, const struct request *rq, struct response *rs);

#endif
