#ifndef ANKETA_COLLECTOR_WEB_PAGES_SUMMARY_H
#define ANKETA_COLLECTOR_WEB_PAGES_SUMMARY_H

#include "collector/http/request.h"

/*
 * Pages: what the monitoring says. `self` is the desk.
 *
 *   /                   the waves, newest first
 *   /summary/WAVE       the summary of one, for the screen and for print
 *   /summary/WAVE.csv   its figures; with ?key=... readable without an account
 */
void
pages_summary_list(void *self, const struct request *rq, struct response *rs);
void
pages_summary_wave(void *self, const struct request *rq, struct response *rs);

#endif
