#ifndef ANKETA_COLLECTOR_WEB_PAGES_LOCKS_H
#define ANKETA_COLLECTOR_WEB_PAGES_LOCKS_H

#include "collector/web/meeting_desk.h"
#include "collector/web/visit.h"

/*
 * What is decided beforehand at a meeting: who stays together, who never. Once
 * the vote is closed, each change keeps in mind the pairs proposed until then,
 * so that the next proposal changes as few of them as it can.
 */

/* `m` is loaded; POST adds or takes back a lock, or forgets the pairs kept in
 * mind. */
void
pages_locks(struct visit *v, struct meeting_desk *m);

#endif
