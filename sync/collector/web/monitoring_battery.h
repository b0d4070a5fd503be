#ifndef ANKETA_COLLECTOR_WEB_MONITORING_BATTERY_H
#define ANKETA_COLLECTOR_WEB_MONITORING_BATTERY_H

#include <stdbool.h>

#include "collector/web/monitoring_item.h"

/*
 * Monitoring battery: single choices whose options are in order, from one pole
 * to the other, as diverging bars aligned at the middle; neighbours with the
 * same options share one picture, a row each. And scales: the mean of several
 * items. Part of monitoring.c.
 *
 * The options are in order where the question has the appearance "likert" or is
 * an item of a scale. Lists begin with the strongest yes, unless the name of
 * the first option says no ("no", "never", "strongly_disagree", "1" ...), or its
 * label begins so ("Not at all", "Совсем нет").
 */

/* Is the question part of such a picture? */
bool
monitoring_battery_has(const struct monitoring_source *src, size_t field);

/* The options in order, from the strongest no to the strongest yes, without
 * "hard to say"; 0: they have no such order. */
size_t
monitoring_battery_poles(const struct monitoring_source *src, size_t field,
                         size_t choice[CHART_SEGMENTS_MAX]);

/* The picture that begins with this question; STATUS_NONE: it stands in an
 * earlier one. */
MUST_CHECK enum status
monitoring_battery_item(struct monitoring_source *src, size_t field,
                        struct report_item *out);

/* The scale whose last item is this question; STATUS_NONE: there is none. */
MUST_CHECK enum status
monitoring_battery_scale(struct monitoring_source *src, size_t field,
                         struct report_item *out);

#endif
