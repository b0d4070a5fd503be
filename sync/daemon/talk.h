#ifndef ANKETA_DAEMON_TALK_H
#define ANKETA_DAEMON_TALK_H

#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "daemon/session.h"
#include "daemon/transport.h"
#include "store/sync_state.h"

/*
 * Talk: one request and its answer, and what it means when it fails. Used by
 * the parts of a session.
 *
 * Threads  One.
 */

/* "<dir>/<name>"; initialises `out`, which is to be released. */
MUST_CHECK enum status
talk_path(const struct session *s, const char *name, struct buf *out);

/* STATUS_OK: 200 with a body; STATUS_NONE: 204. Otherwise state.fault is set.
 * Initialises answer->body, which is to be released. */
MUST_CHECK enum status
talk_exchange(struct session *s, const struct transport_request *request,
              struct transport_answer *answer, size_t max);

/* `what` came but could not be read or used, for the reason `st`. Sets
 * state.fault and returns `st`. */
MUST_CHECK enum status
talk_unreadable(struct session *s, const char *what, enum status st);

/* Set state.fault and log; returns `st`. */
MUST_CHECK enum status
talk_fail(struct session *s, enum sync_fault fault, const char *detail,
          enum status st);
void
talk_detail(struct session *s, const char *detail);

#endif
