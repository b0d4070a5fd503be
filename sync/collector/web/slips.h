#ifndef ANKETA_COLLECTOR_WEB_SLIPS_H
#define ANKETA_COLLECTOR_WEB_SLIPS_H

#include <stddef.h>
#include <stdint.h>

#include "base/i18n.h"
#include "base/status.h"
#include "collector/report/dataset.h"
#include "collector/store/store.h"
#include "wire/bundle.h"

/*
 * Slips: codes on paper, drawn by hand out of a box, each good for one answer.
 *
 * The codes exist in memory from slips_issue() to slips_clear() and on the
 * paper, nowhere else: the store and the kiosks have keyed hashes. Eight digits
 * can be tried out by who has the wave's key, so the hash only keeps codes from
 * being read at a glance; that no code leads to a person is the box's work.
 *
 * Threads  As the store passed in.
 */
struct slips {
    char (*code)[BUNDLE_SLIP_CHARS + 1]; /* owned; in an order of their own */
    size_t count;
    char *title; /* owned; of the questionnaire */
};

/*
 * Make `count` more codes for a wave and number the library anew, within the
 * caller's transaction; commit it only once the paper is safe. STATUS_NONE: no
 * such wave. STATUS_E_INVALID: it is not answered by slips. STATUS_E_STALE: it
 * is closed. STATUS_E_LIMIT: 0, or more than BUNDLE_MAX_SLIPS in all.
 */
MUST_CHECK enum status
slips_issue(struct store *writer, const char *wave, size_t count,
            int64_t now_ms, struct slips *out);

/* The paper, as PDF. */
MUST_CHECK enum status
slips_print(const struct slips *slips, enum i18n_lang lang,
            const struct dataset_sink *sink);

/* Wipes. */
void
slips_clear(struct slips *slips);

#endif
