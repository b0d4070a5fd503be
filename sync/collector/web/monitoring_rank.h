#ifndef ANKETA_COLLECTOR_WEB_MONITORING_RANK_H
#define ANKETA_COLLECTOR_WEB_MONITORING_RANK_H

#include "collector/web/monitoring_item.h"

/*
 * Monitoring rank: a question whose answer is an order. First places as bars,
 * with mean place and Borda points, and the order by pairs in words. Part of
 * monitoring_item.c.
 */
/* Did (almost) all put the same option at the same place, whichever? Then only
 * the band is shown. */
bool
monitoring_rank_is_unanimous(const struct monitoring_counts *counts);

MUST_CHECK enum status
monitoring_rank_item(struct monitoring_source *src, size_t field,
                     const struct form_field *f,
                     const struct monitoring_counts *counts,
                     struct report_item *item);

#endif
