#ifndef ANKETA_COLLECTOR_WEB_BREAKDOWN_H
#define ANKETA_COLLECTOR_WEB_BREAKDOWN_H

#include "collector/web/monitoring_item.h"

/*
 * Breakdown: the scales of a wave by its group questions. Part of monitoring.c.
 *
 * A group question is a single choice marked with the indicator "group". All
 * groups of all of them are decided together by summary/suppress.h, question
 * by question, before anything is shown: small groups are hidden, and with
 * them whatever would give them away. Where the full distribution would tell
 * too much, only the share at the upper end is shown.
 *
 * Cost  One walk over the answers, and only for waves with group questions.
 */
#define BREAKDOWN_GROUPS_MAX 3
#define BREAKDOWN_SCALES_MAX 60
#define BREAKDOWN_ITEMS_MAX \
    ((size_t)BREAKDOWN_GROUPS_MAX * BREAKDOWN_SCALES_MAX)

/* Write at most BREAKDOWN_ITEMS_MAX items. */
MUST_CHECK enum status
breakdown_items(struct monitoring_source *src, struct report_item *out,
                size_t *out_count);

/* Is this field a group question? */
bool
breakdown_is_group(const struct catalogue_form *form, size_t field);

#endif
