#ifndef ANKETA_COLLECTOR_WEB_PREVIEW_H
#define ANKETA_COLLECTOR_WEB_PREVIEW_H

#include "collector/web/visit.h"

/*
 * Preview: what a questionnaire asks, in the order of the kiosk, with every
 * choice and under which condition nothing is hidden: a paper form, so that
 * the coordinator can read it through and print it.
 */
void
preview_form(struct visit *v, int64_t form);

#endif
