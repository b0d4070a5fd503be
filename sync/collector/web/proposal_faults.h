#ifndef ANKETA_COLLECTOR_WEB_PROPOSAL_FAULTS_H
#define ANKETA_COLLECTOR_WEB_PROPOSAL_FAULTS_H

#include "collector/matching/checker.h"
#include "collector/web/meeting_desk.h"
#include "collector/web/visit.h"

/*
 * Faults of a proposal, by the names of those they touch. `m` is weighed.
 */

/* Pairs by name under a line; nothing if there are none. */
void
proposal_faults_pairs(struct visit *v, const struct meeting_desk *m,
                      const struct checker_pairs *pairs, const char *title);

/* What a hand edit breaks. True: it must not be fixed as it is. */
bool
proposal_faults(struct visit *v, const struct meeting_desk *m,
                const struct checker *judged);

#endif
