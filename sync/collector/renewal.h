#ifndef ANKETA_COLLECTOR_RENEWAL_H
#define ANKETA_COLLECTOR_RENEWAL_H

#include "base/status.h"
#include "collector/home.h"
#include "collector/store/store.h"

/*
 * Renewal: the collector's keys give way to new ones, and the kiosks are told.
 *
 * The key that answers are sealed to changes at once: kiosks take the new one
 * with the next library, and what is sealed to the old ones stays readable. The
 * keys for signing and TLS are what kiosks know the collector by: they are
 * announced under the present signature first and taken into use later.
 *
 * Threads  Nobody else may read the keys meanwhile: hold the home alone, with
 *          no handler running.
 */
enum renewal { /* the numbers stand in the database as a wish */
    RENEWAL_NONE = 0,
    RENEWAL_SEAL = 1,
    RENEWAL_ANNOUNCE = 2,
    RENEWAL_SWITCH = 3
};

/*
 * Written first; then the kiosks are told, it is noted in the audit list, and
 * the wish (STORE_RENEWAL) is struck off: who is killed in between does it again. `host` goes into a new certificate; NULL: the
 * machine's name.
 * STATUS_E_LIMIT: KEYS_SEAL_MAX were made; STATUS_REPEAT: announced already;
 * STATUS_NONE: nothing was announced; the keys stay as they are. After
 * another failure these keys are not those in the file: close the home.
 */
MUST_CHECK enum status
renewal_run(struct home *home, struct store *writer, enum renewal what,
            const char *host);

/* Kiosks that have not heard of the announced keys yet, so that they would not
 * know the collector again. `visit` may be NULL. */
typedef void
renewal_visit(void *self, const char *kiosk);
MUST_CHECK enum status
renewal_behind(struct store *s, renewal_visit *visit, void *self,
               size_t *out_count);

#endif
