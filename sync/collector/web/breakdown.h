#ifndef ANKETA_COLLECTOR_WEB_BREAKDOWN_H
#define ANKETA_COLLECTOR_WEB_BREAKDOWN_H

#include "collector/web/groups.h"

/*
 * Breakdown: the questions of a wave by its group questions, in words and
 * charts. Part of monitoring.c; what may be shown says groups.h.
 *
 * A scale is shown as the mean of each group with its interval, or, where
 * distributions would tell too much, as the share at its upper end; a choice as
 * the share of each option.
 */
#define BREAKDOWN_QUESTIONS_MAX 120
#define BREAKDOWN_ITEMS_MAX \
    ((size_t)CATALOGUE_GROUPS_MAX * BREAKDOWN_QUESTIONS_MAX)

/* Write at most BREAKDOWN_ITEMS_MAX items; none for `g` NULL. */
MUST_CHECK enum status
breakdown_items(const struct groups *g, struct report_item *out,
                size_t *out_count);

/* The group question itself: how many answered of each group that is shown. */
MUST_CHECK enum status
breakdown_groups(struct monitoring_source *src, const struct groups *g,
                 size_t field, struct report_item *out);

#endif
