#ifndef ANKETA_DAEMON_SESSION_H
#define ANKETA_DAEMON_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"
#include "daemon/account.h"
#include "daemon/find.h"
#include "daemon/transport.h"
#include "store/outbox.h"
#include "store/sync_state.h"

/*
 * Session: what the daemon does when it talks to the collector, whatever the
 * way there.
 *
 * session_run() fetches a newer library and sends batches until nothing may
 * leave. Every step may be cut off anywhere and repeated: the collector
 * answers repeats, and a slot is freed for a verified receipt only.
 *
 * Threads  One.
 * Errors   Kept in session->state and written to sync.state; never fatal.
 */
#define SESSION_PATH_BYTES 4096
#define SESSION_BATCH_MIN_RECORDS 64
#define SESSION_BATCH_MAX_RECORDS 2048
#define SESSION_BATCH_MAX_BYTES ((size_t)1024 * 1024)
#define SESSION_KEEP_DAYS 30
#define SESSION_RETRY_FIRST_MS INT64_C(2000)
#define SESSION_RETRY_MAX_MS INT64_C(900000)

struct session {
    char dir[SESSION_PATH_BYTES];
    const struct clock *clock;         /* borrowed */
    const struct transport *transport; /* borrowed */
    const struct finder *finder; /* borrowed; NULL: the address never changes */
    struct account account;
    struct outbox *outbox;  /* owned; NULL until it could be opened */
    int64_t outbox_version; /* at the last look; -1 never looked */
    struct sync_state state;
    unsigned failures;    /* in a row */
    size_t batch_records; /* doubles with success, halves with failure */
    uint64_t seen_epoch;  /* of the last receipt, as the next two; 0: none */
    uint64_t seen_covered;
    uint32_t seen_day;
    size_t least; /* the kiosk's own floor under k (config.h) */
    const volatile sig_atomic_t *stop; /* borrowed; may be NULL */
};

/* Loads the account, if there is one. `dir` is the installation folder. */
MUST_CHECK enum status
session_init(struct session *s, const char *dir, const struct clock *clock,
             const struct transport *transport);
void
session_deinit(struct session *s);

/*
 * Trade an enrolment code for an account at `address`, and save it. On failure
 * the old account stays and state.fault says why.
 */
MUST_CHECK enum status
session_enrol(struct session *s, const char *code, const char *address,
              const char *name);

/* What the kiosk is called: by the coordinator, else by its own settings. */
void
session_take_name(struct session *s, const char *own);

/* Talk once, to the end. STATUS_OK, or the failure that state.fault names. */
MUST_CHECK enum status
session_run(struct session *s);

/* Has the kiosk written since the last run? */
MUST_CHECK enum status
session_outbox_changed(struct session *s, bool *out);

/* Does "sync.key" say something else than this session knows and has saved?
 * Then somebody has enrolled the kiosk anew. */
bool
session_account_replaced(const struct session *s);

/* After a failure: how long to wait, capped and jittered. */
int64_t
session_retry_ms(const struct session *s);

/* The one place where the phase changes; writes sync.state. */
void
session_set_phase(struct session *s, enum sync_phase phase);

/* -- for the parts of a session (talk.h, delivery.h, stick.h) ---------------------- */

MUST_CHECK enum status
session_save_account(struct session *s);
MUST_CHECK enum status
session_open_outbox(struct session *s);
/* Take over what a library says that was just installed: its number, and the
 * keys it announces. */
MUST_CHECK enum status
session_note_library(struct session *s);
/* Days since 1970. */
uint32_t
session_today(const struct session *s);

#endif
