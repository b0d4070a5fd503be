#ifndef ANKETA_COLLECTOR_WEB_MONITORING_TEXT_H
#define ANKETA_COLLECTOR_WEB_MONITORING_TEXT_H

#include "collector/web/monitoring_item.h"

/*
 * Monitoring text: what people wrote in answer to an open question. Part of
 * monitoring.c.
 *
 * Nothing is shown below k_text answers. Once the coordinator works on the
 * texts (store/store_remarks.h) they are shown as she left them, with the
 * themes that k people or more have in common; a theme of fewer is not named.
 */

/* A question answered in words. */
bool
monitoring_text_is(const struct catalogue_form *form, size_t field);

MUST_CHECK enum status
monitoring_text(struct monitoring_source *src, size_t field,
                const struct monitoring_counts *counts,
                struct report_item *item);

#endif
