#ifndef ANKETA_COLLECTOR_WEB_ROWS_H
#define ANKETA_COLLECTOR_WEB_ROWS_H

#include "base/i18n.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/report/dataset.h"
#include "collector/report/ddi.h"
#include "collector/store/store.h"

/*
 * Rows: the raw answers of an anonymous wave as a data set for the writers of
 * report/.
 *
 * A column for each question; for a multiple choice or an order a column for
 * each option (chosen or not, or its place). Nothing leaves before the wave
 * closes or below k answers. Group questions stay behind: what they may tell is
 * decided for all tables together (web/breakdown.h), and rows would undo it.
 * Texts and dates stay behind too, since a style or a day beside the other
 * answers may give a person away. Named waves and ballots do not leave this way
 * at all. The store keeps the answers shuffled and without times.
 *
 * Memory  One row.
 */
struct rows;

/* STATUS_E_AUTH: nothing of this wave may leave (yet). */
MUST_CHECK enum status
rows_open(struct store *reader, struct catalogue *catalogue,
          const struct store_wave *wave, int64_t now_ms, struct rows **out);
void
rows_close(struct rows *r);

/* Borrowed; may be read any number of times. */
const struct dataset *
rows_dataset(const struct rows *r);

/* Columns of questions that were withheld. */
size_t
rows_withheld(const struct rows *r);

/* What DDI says about the wave; borrows from it and from `house`. */
struct ddi_study
rows_study(const struct store_wave *wave, const char *house);

#endif
