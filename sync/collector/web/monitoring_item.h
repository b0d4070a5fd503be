#ifndef ANKETA_COLLECTOR_WEB_MONITORING_ITEM_H
#define ANKETA_COLLECTOR_WEB_MONITORING_ITEM_H

#include "base/arena.h"
#include "base/buf.h"
#include "collector/ingest/catalogue.h"
#include "collector/report/report.h"
#include "collector/store/store.h"
#include "collector/summary/tally.h"

/*
 * Monitoring item: one question of a summary, from its tallies to words and a
 * chart. Part of monitoring.c.
 *
 * Lifetime  Everything made lives in the arena.
 */
struct monitoring_source {
    struct store *reader;
    const struct catalogue_form *form;
    const struct store_wave *wave;
    enum i18n_lang lang;
    size_t form_lang; /* the form's language for `lang` */
    struct arena *arena;
    struct buf scratch; /* being written */
    const struct store_tally *tally;
    size_t tally_count;
    /* Texts and figures by group may be shown: the wave is over. */
    bool settled;
    const struct groups *groups; /* groups.h; NULL: there are none */
};

/* Is the option "hard to say" or the like? */
bool
monitoring_item_is_unsure(const struct form *f, size_t field, size_t choice);

/* What the field's tallies say. */
struct monitoring_counts {
    const struct store_tally *first; /* of this field */
    size_t count;
    uint64_t answered;
    uint64_t missing;
};
void
monitoring_item_counts(const struct monitoring_source *src, size_t field,
                       struct monitoring_counts *out);

/* May the figures of this field be shown one by one? Fills in the counts. */
MUST_CHECK enum status
monitoring_item_is_open(struct monitoring_source *src, size_t field,
                        struct monitoring_counts *counts, bool *out);

/* STATUS_NONE: a field that no summary shows (a note, an internal value). */
MUST_CHECK enum status
monitoring_item(struct monitoring_source *src, size_t field,
                struct report_item *out);

/* How many chose an option. */
uint64_t
monitoring_item_choice(const struct monitoring_counts *counts, size_t choice);

/* "7" or "7.5" */
const char *
monitoring_item_number(struct monitoring_source *src, double value);

/* Step between the ticks of an axis: that of the scale, or wider where there
 * would be too many. */
double
monitoring_item_ticks(double low, double high, double step);

/* The scratch as a string in the arena; the scratch is then empty. NULL when
 * memory is out. */
const char *
monitoring_item_text(struct monitoring_source *src);

/* The tally of a scale or number, in the arena. */
MUST_CHECK enum status
monitoring_item_numbers(struct monitoring_source *src,
                        const struct monitoring_counts *counts,
                        struct tally *out);

/* The same; and if they are (almost) all one, the item says so instead of being
 * drawn. *out_varied: there is something to draw. */
MUST_CHECK enum status
monitoring_item_varied(struct monitoring_source *src,
                       const struct monitoring_counts *counts,
                       struct report_item *item, struct tally *out,
                       bool *out_varied);

/* A chart of the item's own, titled by its heading. NULL: no memory. */
struct chart *
monitoring_item_chart(struct monitoring_source *src, enum chart_kind kind,
                      struct report_item *item);

/* "9 (45 %)" */
const char *
monitoring_item_count_text(struct monitoring_source *src, uint64_t hits,
                           uint64_t n);

#endif
