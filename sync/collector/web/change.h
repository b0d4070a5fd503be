#ifndef ANKETA_COLLECTOR_WEB_CHANGE_H
#define ANKETA_COLLECTOR_WEB_CHANGE_H

#include "base/i18n.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/report/report.h"
#include "collector/store/store.h"

/*
 * Change: two waves side by side, before and after.
 *
 * Scales are compared by the names of their questions: two waves of one form,
 * or two forms that name the same items alike (a form says so with its
 * attribute "compare"). The two waves are taken as answers of different people,
 * unless both asked for a code that people keep themselves (web/linked.h) and it
 * links k of them, with nobody or k of them in one wave only. The p values of all items are adjusted by Holm.
 * A question with fewer than k answers on either side, or a unanimous one,
 * stays closed, and so does everything before both waves are over.
 *
 * Threads  As the store passed in; the result is plain data.
 */
#define CHANGE_ITEMS_MAX 200

struct change;

/* wave[0] is before, wave[1] after; both must outlive the result.
 * STATUS_E_AUTH: one of them is still open or has too few answers. */
MUST_CHECK enum status
change_open(struct store *reader, struct catalogue *catalogue,
            const struct store_wave *const wave[2], enum i18n_lang lang,
            int64_t now_ms, struct change **out);
void
change_free(struct change *c);

/* Borrowed; an item for each scale both waves have. */
const struct report *
change_report(const struct change *c);

/*
 * The wave that `after` is compared with unless somebody chooses another: the
 * latest closed one, opened before it, of the form it names as "compare", else
 * of its own form. STATUS_NONE: there is none. Clear with store_wave_clear().
 */
MUST_CHECK enum status
change_find_before(struct store *reader, struct catalogue *catalogue,
                   const struct store_wave *after, struct store_wave *out);

#endif
