#ifndef ANKETA_COLLECTOR_WEB_FIRST_LOOK_H
#define ANKETA_COLLECTOR_WEB_FIRST_LOOK_H

#include "collector/web/visit.h"

/*
 * First look: every page that shows figures of a wave asks here before it reads
 * any.
 *
 * If nobody has seen figures of the wave, it is published and read anew from a
 * later point of the store: an answer that came between would else tell itself
 * in the next summary (monitoring_unseen()). Fills in `w` again.
 */
MUST_CHECK enum status
first_look(struct visit *v, struct store_wave *w);

#endif
