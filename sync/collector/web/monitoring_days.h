#ifndef ANKETA_COLLECTOR_WEB_MONITORING_DAYS_H
#define ANKETA_COLLECTOR_WEB_MONITORING_DAYS_H

#include "collector/web/monitoring_item.h"

/*
 * Monitoring days: a question whose answer is a date, as a line over equal
 * steps of time: days, months or years, whichever are not too many. Part of
 * monitoring_item.c.
 */
MUST_CHECK enum status
monitoring_days_item(struct monitoring_source *src,
                     const struct monitoring_counts *counts,
                     struct report_item *item);

#endif
