#ifndef ANKETA_COLLECTOR_WEB_PAGES_LEFT_H
#define ANKETA_COLLECTOR_WEB_PAGES_LEFT_H

#include "base/status.h"
#include "collector/web/visit.h"

/*
 * Who would be left without a pair by the first proposal of a meeting whose
 * pairs are not fixed yet, why, and the next best to talk to. A part of the
 * page of pairs, for the psychologist as for the coordinator.
 */

/* Writes nothing if no such meeting is there. */
MUST_CHECK enum status
pages_left(struct visit *v);

#endif
