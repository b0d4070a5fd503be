#ifndef ANKETA_STORE_OUTBOX_H
#define ANKETA_STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"
#include "store/slot.h"

/*
 * Outbox: sealed records on their way to the collector, in slots that tell
 * nothing.
 *
 * All slots have one size and are locked under the kiosk's key, free ones too
 * (slot.h). A record takes one slot or, if it is longer, several, each a
 * random free one, and is overwritten in place when it is freed. Whoever lacks
 * the key sees how many slots there are and nothing else: neither which are
 * used, nor by how long a record, nor in what order. Nothing holds a time or
 * a number. The key is a file beside it, "outbox.key" (0600).
 *
 * Sizes       A kiosk has some hundred records waiting; a year without network
 *             200,000. Slots are added in extents, before they are needed
 *             (outbox_reserve), and never taken away. With that all records
 *             are dealt to new places: else the new extents would show which
 *             answers are new.
 * Durability  When outbox_put returns STATUS_OK the record is on the disk, for
 *             one sync of it (pages.h). What remains to be done then, writing
 *             it to its place and wiping the log, outbox_tidy does: call it
 *             at once. Until then the log tells, with the key, which answer was
 *             the last.
 * Processes   The kiosk puts, the sync daemon reads and settles; both may have
 *             the file open. A writer waits PAGES_BUSY_MS for the other.
 * Threads     An outbox belongs to the thread that opened it.
 */
#define OUTBOX_EXTENT_SLOTS 252 /* 42 pages */
#define OUTBOX_MAX_SLOTS ((int64_t)4 * 1024 * 1024)
#define OUTBOX_RECORD_MAX_BYTES ((size_t)131072)

struct outbox;

/* Creates the file with its first extents, and its key, if it does not exist.
 * STATUS_E_AUTH: the key is missing or is not the one the file was made with;
 * nothing is changed then. STATUS_E_UNSUPPORTED: of another version.
 * STATUS_E_INVALID: cut short. */
MUST_CHECK enum status
outbox_open(const char *path, struct outbox **out);
/* The same over a named SQLite VFS, for tests. */
MUST_CHECK enum status
outbox_open_vfs(const char *path, const char *vfs, struct outbox **out);
void
outbox_close(struct outbox *ob);

/*
 * Store one sealed record of exactly one bucket size. `form_tag` says which
 * form it belongs to (library_form_tag), for the rule that at least k of a
 * form leave together; it is kept locked like all else.
 * STATUS_E_FULL: the disk is full and nothing was stored.
 */
MUST_CHECK enum status
outbox_put(struct outbox *ob, const struct seal_hash *form_tag,
           const void *sealed, size_t len);

/* The same, and mark a slip as used in the one commit. `slip` is the hash the
 * library lists. STATUS_E_CONFLICT: used before; nothing was stored. */
MUST_CHECK enum status
outbox_put_slip(struct outbox *ob, const struct seal_hash *form_tag,
                const struct seal_hash *slip, const void *sealed, size_t len);

/* Look for the place of the next record before somebody touches Send. Waits for
 * nobody: a put without it takes some microseconds more. */
MUST_CHECK enum status
outbox_prepare(struct outbox *ob);

/* Finish what a put left to do. Any later call would, too. */
MUST_CHECK enum status
outbox_tidy(struct outbox *ob);

/* Was this slip used on this kiosk? STATUS_OK: yes; STATUS_NONE: no. */
MUST_CHECK enum status
outbox_slip_used(struct outbox *ob, const struct seal_hash *slip);

/* Add extents so that a quarter of the slots is free, and deal the slots anew if
 * there are new ones, some of them a call. The kiosk calls it when nobody is
 * using it. Looks at every slot if another process has changed the file. */
MUST_CHECK enum status
outbox_reserve(struct outbox *ob);

/* -- the daemon's view ---------------------------------------------------- */

struct outbox_counts {
    size_t slots;
    size_t free;
    size_t waiting; /* records, as the two below */
    size_t held;
    size_t refused;
    size_t slips;   /* used ones */
    size_t damaged; /* slots that cannot be unlocked; left as they are */
};

/* Sorted by id, which is a hash: the order tells
 * nothing. */
struct outbox_record {
    struct seal_hash id;
    struct seal_hash form_tag;
    enum slot_state state;
    uint8_t reason;
    uint16_t tag; /* index of form_tag: below outbox_tag_count() */
    uint16_t day;
    uint16_t chunks; /* slots it takes; 512 bytes each */
    uint64_t position;
    uint64_t epoch;
};

/* Look at every slot, in steps that let the kiosk write in between. What is
 * put meanwhile may or may not be seen. */
MUST_CHECK enum status
outbox_scan(struct outbox *ob);

/* As of the last scan and what was settled since. */
void
outbox_counts(const struct outbox *ob, struct outbox_counts *out);
size_t
outbox_record_count(const struct outbox *ob);
/* The form tags there are, each once. */
size_t
outbox_tag_count(const struct outbox *ob);
const struct seal_hash *
outbox_tag(const struct outbox *ob, size_t index);
/* index < outbox_record_count(). */
void
outbox_record(const struct outbox *ob, size_t index, struct outbox_record *out);

/* Append the sealed bytes. STATUS_E_STALE: it has been moved since the scan;
 * scan again. STATUS_E_INVALID: damaged since. */
MUST_CHECK enum status
outbox_read(struct outbox *ob, size_t index, struct buf *out);

/* What is to become of a record. */
struct outbox_verdict {
    struct seal_hash id;
    enum slot_state state; /* SLOT_FREE overwrites it */
    uint8_t reason;        /* of SLOT_REFUSED */
    uint16_t day;          /* of SLOT_HELD, as the next two */
    uint64_t position;
    uint64_t epoch;
};

/* Carry out the verdicts, each wholly or not at all, in steps that let the kiosk
 * write in between. A record that is not there (any more) is passed over, so
 * that a repeated receipt does no harm. */
MUST_CHECK enum status
outbox_settle(struct outbox *ob, const struct outbox_verdict *verdict,
              size_t count);

/* Moves when another process has changed the file. */
MUST_CHECK enum status
outbox_version(struct outbox *ob, int64_t *out);

#endif
