#ifndef ANKETA_COLLECTOR_WEB_INDICATORS_H
#define ANKETA_COLLECTOR_WEB_INDICATORS_H

#include <stdint.h>

#include "base/i18n.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/report/report.h"
#include "collector/store/store.h"
#include "collector/summary/indicator.h"
#include "collector/web/indicators_count.h"

/*
 * Indicators: the programme's figures by school year, against the targets that
 * the coordinator set.
 *
 * Satisfaction comes from the waves: of those whose item has the indicator
 * "satisfaction" and whose questionnaire is for mentees or for mentors (or tells
 * them apart by a group question with the options "mentee" and "mentor"), the
 * latest closed one of the year whose summary has been opened; what that summary
 * keeps closed, stays so here. Everything else is counted from pairs and
 * journals (indicators_count.h); what the coordinator enters goes before it. A
 * school year begins in September and is named by the calendar year it begins in.
 *
 * Threads  As the store passed in; the result is plain data.
 */
#define INDICATORS_YEARS_MAX 8
#define INDICATORS_SEPTEMBER 9
#define INDICATORS_COUNT_MAX 1000000

struct indicators_entry {
    int64_t hits; /* counted kinds; -1: not entered */
    int64_t base; /* likewise */
    int target;   /* per cent; -1: none set */
};

int
indicators_year_of(int64_t ms);
/* Is it a count, entered or from the tables? */
bool
indicators_counted(enum indicator_kind kind);

/* The figure of a count: what was entered, else what was counted. False: one of
 * its two halves is unknown, or there are more hits than there can be. */
bool
indicators_figure(const struct indicators_entry *entry,
                  const struct indicators_count *count,
                  enum indicator_kind kind, struct indicators_entry *out);

/* What was entered. */
MUST_CHECK enum status
indicators_read(struct store *s, int year, enum indicator_kind kind,
                struct indicators_entry *out);
/* STATUS_E_INVALID: negative, too large, or more hits than there are. */
MUST_CHECK enum status
indicators_write(struct store *s, int year, enum indicator_kind kind,
                 const struct indicators_entry *e);

struct indicators;

MUST_CHECK enum status
indicators_open(struct store *reader, struct catalogue *catalogue,
                enum i18n_lang lang, int64_t now_ms, struct indicators **out);
void
indicators_free(struct indicators *in);
/* Borrowed: an item for each indicator with a figure or a target in any of the
 * last INDICATORS_YEARS_MAX years. */
const struct report *
indicators_report(const struct indicators *in);

#endif
