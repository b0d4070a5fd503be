#ifndef ANKETA_COLLECTOR_WEB_PAGES_PROPOSALS_H
#define ANKETA_COLLECTOR_WEB_PAGES_PROPOSALS_H

#include "collector/web/meeting_desk.h"
#include "collector/web/visit.h"

/*
 * Proposals of a meeting side by side, why each person has her partner, and
 * the coordinator's own hand on them. `m` is loaded, its wave is closed.
 */
#define PAGES_PROPOSALS_PATH_MAX_BYTES 128

void
pages_proposals_show(struct visit *v, struct meeting_desk *m);

/* The pairs of a proposal to change by hand; POST checks or fixes them. */
void
pages_proposals_edit(struct visit *v, struct meeting_desk *m);

/* "/meetings/<id><rest>" */
void
pages_proposals_path(const struct meeting_desk *m, const char *rest,
                     char out[PAGES_PROPOSALS_PATH_MAX_BYTES]);

#endif
