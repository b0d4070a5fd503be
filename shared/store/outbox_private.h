#ifndef ANKETA_STORE_OUTBOX_PRIVATE_H
#define ANKETA_STORE_OUTBOX_PRIVATE_H

#include "store/db.h"
#include "store/outbox.h"

/*
 * What the files of the outbox share: outbox.c opens and puts,
 * outbox_growth.c adds slots, outbox_index.c is the daemon's view. Nobody else includes this.
 */
enum outbox_stmt {
    OUTBOX_STMT_COUNT_SLOTS,
    OUTBOX_STMT_READ,
    OUTBOX_STMT_WRITE,
    OUTBOX_STMT_ADD,
    OUTBOX_STMT_SCAN,
    OUTBOX_STMTS
};

/* One used slot, as the last scan saw it. There may be hundreds of thousands:
 * form tags are kept once each. */
struct outbox_entry {
    struct seal_hash id;
    uint64_t position;
    uint64_t epoch;
    uint32_t row;
    uint16_t chunk;
    uint16_t chunks;
    uint16_t tag; /* index in outbox.tag */
    uint16_t day;
    uint8_t state;
    uint8_t reason;
};

struct outbox {
    struct db *db;              /* owned */
    struct seal_lock_key key;   /* wiped */
    struct outbox_entry *entry; /* owned; sorted by id, then chunk */
    size_t entry_count;
    size_t entry_cap;
    uint32_t *first; /* owned; where each complete record starts in `entry` */
    size_t record_count;
    struct seal_hash *tag; /* owned */
    size_t tag_count;
    size_t slots;
    size_t free_slots;
    size_t damaged;
    int64_t scan_version; /* of the file when it was last scanned */
};

/* STATUS_E_AUTH: damaged. */
MUST_CHECK enum status
outbox_slot_read(struct outbox *ob, int64_t row, struct slot *out);
/* `how`: OUTBOX_STMT_WRITE or _ADD. */
MUST_CHECK enum status
outbox_slot_write(struct outbox *ob, enum outbox_stmt how, int64_t row,
                  const struct slot *slot);

MUST_CHECK enum status
outbox_slots_count(struct outbox *ob, int64_t *out);
/* Within a transaction. */
MUST_CHECK enum status
outbox_slots_add(struct outbox *ob, int64_t have, int64_t add);

/* Add extents and deal the used slots anew (outbox_growth.c). */
MUST_CHECK enum status
outbox_grow(struct outbox *ob);

#endif
