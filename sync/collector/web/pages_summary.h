#ifndef ANKETA_COLLECTOR_WEB_PAGES_SUMMARY_H
#define ANKETA_COLLECTOR_WEB_PAGES_SUMMARY_H

#include "collector/http/request.h"
#include "collector/report/report.h"
#include "collector/web/visit.h"

/*
 * Pages: what the monitoring says. `self` is the desk.
 *
 *   /                     the waves, newest first
 *   /summary/WAVE         the summary of one, for the screen and for print
 *   /summary/WAVE-groups  its questions by group
 *   /summary/WAVE-change  what changed since the wave before
 *   /summary/WAVE.csv     its figures; with ?key=... readable without an account
 */
void
pages_summary_list(void *self, const struct request *rq, struct response *rs);
void
pages_summary_wave(void *self, const struct request *rq, struct response *rs);

/* Cards of a report's items. */
void
pages_summary_items(struct visit *v, const struct report_item *item,
                    size_t count);

#endif
