#ifndef ANKETA_COLLECTOR_WEB_FIGURES_H
#define ANKETA_COLLECTOR_WEB_FIGURES_H

#include "base/buf.h"
#include "base/i18n.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/store.h"

/*
 * Figures: the counts behind a summary, for a spreadsheet or a program.
 *
 * CSV with the columns item, question, value, answer, n: a row for each answer
 * of each question, in form order; the value is empty for all who answered.
 * Closed is closed here too: no row of a question below k answers, of a
 * unanimous one, or of a wave that is not shown.
 */
MUST_CHECK enum status
figures_csv(struct store *reader, struct catalogue *catalogue,
            const struct store_wave *wave, enum i18n_lang lang, int64_t now_ms,
            struct buf *out);

#endif
