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
 * each option (chosen or not, or its place). Nothing leaves before the wave is
 * over, nor below k_text answers: a row tells as much as a text does. Left out
 * are
 *   - group questions, and those marked with the indicator "identifying";
 *   - texts, dates and codes: a style or a day may give a person away;
 *   - questions whose figures are not shown: fewer than k answers, or a band;
 *     of a multiple choice the options that have one;
 *   - where groups are shown, every question whose table by group is not shown
 *     in full: rows would undo what web/groups.h decides;
 *   - of choices and numbers without an indicator (they may be an age or a
 *     workplace), those by which fewer than k rows could be told apart together
 *     (web/anonymity.h).
 * Opinions (scales, orders, what has an indicator) stay. Named waves and ballots
 * do not leave this way at all. The store keeps the answers shuffled and without
 * times, and fixed since the first look at the closed wave.
 *
 * Memory  One row, and while opening what web/anonymity.h says.
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

/* Questions of which columns were withheld. */
size_t
rows_withheld(const struct rows *r);

/* What DDI says about the wave; borrows from it and from `house`. */
struct ddi_study
rows_study(const struct store_wave *wave, const char *house);

#endif
