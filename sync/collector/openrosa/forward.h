#ifndef ANKETA_COLLECTOR_OPENROSA_FORWARD_H
#define ANKETA_COLLECTOR_OPENROSA_FORWARD_H

#include "base/clock.h"
#include "base/status.h"
#include "collector/store/store.h"

/*
 * Forward: named answers on to another OpenRosa server, while the collector
 * serves.
 *
 * What is to go stands in the store's outbox, written by the commit that took
 * the answer in; ballots and anonymous answers never get there. The same bytes
 * go under the same instanceID until the server says 201 or 202, so that an
 * answer lost on the way is told apart from one taken: exactly once, as far as
 * the server keeps OpenRosa's rules. A wait doubles from FORWARD_WAIT_MS to
 * FORWARD_WAIT_MAX_MS, with chance in it. What the server refuses for good is
 * kept and shown.
 *
 * Threads  One of its own. It looks into the outbox when it is told to, when
 *          something is due, and every FORWARD_LOOK_MS, for what another
 *          process changed.
 */
#define FORWARD_WAIT_MS 1000
#define FORWARD_WAIT_MAX_MS ((int64_t)3600 * 1000)
#define FORWARD_LOOK_MS ((int64_t)60 * 1000)

struct forward;

/* Takes `s` over, a writer of its own, also when it fails. */
MUST_CHECK enum status
forward_start(struct store *s, const struct clock *clock, struct forward **out);
/* Ends a transfer under way. NULL is fine. */
void
forward_stop(struct forward *f);

/* Something may be in the outbox. Costs nothing while nothing is to be
 * forwarded. NULL is fine. */
void
forward_wake(struct forward *f);
/* Where to, or what of it, was changed. NULL is fine. */
void
forward_look(struct forward *f);

/* Where the answers are to go; all but `url` may be "". STATUS_E_INVALID: not
 * an https address, or too long. */
MUST_CHECK enum status
forward_set(struct store *s, const char *url, const char *login,
            const char *password, const char *ca);

#endif
