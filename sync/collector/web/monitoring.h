#ifndef ANKETA_COLLECTOR_WEB_MONITORING_H
#define ANKETA_COLLECTOR_WEB_MONITORING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/i18n.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/report/report.h"
#include "collector/store/store.h"

/*
 * Monitoring: the summary of one wave, ready for a page, for paper or a file.
 *
 * Reads the tallies, so it costs the same for a hundred answers and a million;
 * only open answers are read themselves, and at most MONITORING_QUOTES_MAX of a
 * question are shown. Small groups stay closed by the rules of
 * summary/suppress.h: nothing of a question below k answers, no text below
 * k_text, a band for unanimity, groups as groups.h says, and nothing at all
 * before the wave closes, unless it was opened as a live one; texts and groups
 * of a live one only when it has closed, and then as they were at first sight.
 *
 * Threads  As the store passed in; the result is plain data.
 */
#define MONITORING_QUOTES_MAX 500

struct monitoring;

enum monitoring_state {
    MONITORING_SHOWN,
    MONITORING_OPEN,    /* the wave goes on: only how many answered */
    MONITORING_TOO_FEW, /* closed with fewer than k answers */
};

/* What may be shown of a wave at all. */
enum monitoring_state
monitoring_state_of(const struct store_wave *wave, int64_t now_ms);

/* Has it ended? Only then texts, rows and figures by group are shown. */
bool
monitoring_is_over(const struct store_wave *wave, int64_t now_ms);

/* Would figures of the wave be shown for the first time, or for the first time
 * since it is over? Then it must be published and read again before any is: an
 * answer that came between would else tell itself in the next summary. */
bool
monitoring_unseen(const struct store_wave *wave, int64_t now_ms);
/* Publish it; `writer` is in no transaction. */
MUST_CHECK enum status
monitoring_publish(struct store *writer, const struct store_wave *wave,
                   int64_t now_ms);
/* Find a wave to show figures of, and publish it if need be. `s` can be written
 * and is in no transaction. STATUS_NONE: no such wave. */
MUST_CHECK enum status
monitoring_wave(struct store *s, const char *name, int64_t now_ms,
                struct store_wave *out);

MUST_CHECK enum status
monitoring_open(struct store *reader, struct catalogue *catalogue,
                const struct store_wave *wave, enum i18n_lang lang,
                int64_t now_ms, struct monitoring **out);
void
monitoring_free(struct monitoring *m);

enum monitoring_state
monitoring_state(const struct monitoring *m);
/* Index of the first item by group; the number of items if there is none. */
size_t
monitoring_groups_from(const struct monitoring *m);
/* Borrowed. Without items unless the state is MONITORING_SHOWN. */
const struct report *
monitoring_report(const struct monitoring *m);

/* What a wave is called: its own title, else the form's in `lang`. Borrowed
 * from either. */
const char *
monitoring_title(const struct form *form, const struct store_wave *wave,
                 enum i18n_lang lang);

/* "14 May 2027" in UTC; appends. */
void
monitoring_date(struct buf *out, enum i18n_lang lang, int64_t ms);

#endif
