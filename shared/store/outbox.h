#ifndef ANKETA_STORE_OUTBOX_H
#define ANKETA_STORE_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * Outbox: sealed records on their way to the collector, in slots that tell
 * nothing.
 *
 * Slots of a few fixed sizes are filled with random bytes when an extent is
 * made; a record overwrites a random free one in place and is overwritten with
 * fresh random bytes when it is freed. Whether a slot is used is itself kept
 * sealed from a reader: free and used look alike, in content and in layout, to
 * whoever lacks the kiosk's key. No column holds a time or a number.
 *
 * Durability  When outbox_put returns STATUS_OK the record is on the disk
 *             (rollback journal deleted on commit, synchronous=FULL).
 * Processes   The kiosk puts, the sync daemon takes and frees; both may have
 *             the file open. A writer waits OUTBOX_BUSY_MS for the other.
 * Threads     An outbox belongs to the thread that opened it.
 */
#define OUTBOX_BUSY_MS 5000

struct outbox;

/* Creates the file with its first extents if it does not exist. */
MUST_CHECK enum status
outbox_open(const char *path, struct outbox **out);
void
outbox_close(struct outbox *ob);

/*
 * Store one sealed record of exactly one bucket size. `form_tag` says which
 * form it belongs to, for the rule that at least k of a form leave together;
 * it is kept encrypted under the kiosk's key, not in the clear.
 * STATUS_E_FULL: the disk is full and nothing was stored.
 */
MUST_CHECK enum status
outbox_put(struct outbox *ob, const struct seal_hash *form_tag,
           const void *sealed, size_t len);

#endif
