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

/* How many wait, are held, were refused, into the state: where no talk came
 * about, or a stick has carried some meanwhile. The outbox must be open. */
MUST_CHECK enum status
delivery_count(struct session *s);

/* -- by hand (stick.h): the outbox must be open ------------------------------ */

/* A batch of so many records to be carried; `message` is borrowed for the
 * call. */
typedef enum status
delivery_sink(void *self, const struct seal_hash *id, size_t records,
              const struct buf *message);

/* All that may leave, in one or more batches; an empty one if nothing may. The
 * records stay as they are until a receipt comes back. */
MUST_CHECK enum status
delivery_export(struct session *s, delivery_sink *sink, void *self);

/* A receipt that was carried back. The outbox must have been scanned. */
MUST_CHECK enum status
delivery_take_receipt(struct session *s, const struct buf *message);

#endif
