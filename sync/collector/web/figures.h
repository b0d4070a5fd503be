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
 * CSV with the columns item, question, value, answer, n, by, group: a row for
 * each answer of each question, in form order; the value is empty for all who
 * answered. Then the same by group: "by" is the group question and "group" the
 * options that make the row ("-" no answer, several parted by "|"). Where only
 * the upper end of a scale may be told by group, the value is its range, "7..10".
 * Closed is closed here too, by the same code as on the page (groups.h): no row
 * of a question below k answers, of a unanimous one, or of a wave that is not
 * shown. A closed wave answered by slips ends with three rows of the item
 * "slips": "made", "used" and "unused".
 */
MUST_CHECK enum status
figures_csv(struct store *reader, struct catalogue *catalogue,
            const struct store_wave *wave, enum i18n_lang lang, int64_t now_ms,
            struct buf *out);

/* The same rows one by one. Texts are borrowed for the call. */
struct figures_row {
    const char *item;
    const char *question;
    const char *value;
    const char *answer;
    const char *by;
    const char *group;
    int64_t n;
};
typedef enum status
figures_visit(void *ctx, const struct figures_row *row);
struct figures_from {
    struct store *reader;
    struct catalogue *catalogue;
    const struct store_wave *wave;
    enum i18n_lang lang;
    int64_t now_ms;
};
MUST_CHECK enum status
figures_each(const struct figures_from *from, figures_visit *visit, void *ctx);

#endif
