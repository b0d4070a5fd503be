#ifndef ANKETA_DAEMON_DELIVERY_H
#define ANKETA_DAEMON_DELIVERY_H

#include "base/status.h"
#include "daemon/session.h"

/*
 * Delivery: batches out, receipts in, until nothing may leave.
 *
 * Threads  One.
 */
MUST_CHECK enum status
delivery_run(struct session *s);

#endif
