#ifndef ANKETA_STORE_OUTBOX_PRIVATE_H
#define ANKETA_STORE_OUTBOX_PRIVATE_H

#include "store/outbox.h"
#include "store/pages.h"

/*
 * What the files of the outbox share: outbox.c puts, outbox_file.c opens and
 * makes the file and reads and writes its slots, outbox_growth.c adds slots,
 * outbox_index.c is the daemon's view. Nobody else includes this.
 *
 * Page 0 says in plain text what the file is, for people and for an earlier
 * version, and holds locked how many slots there are. Six slots fill a page, the
 * first one PAGES_FIRST.
 */
#define OUTBOX_PAGE_SLOTS 6
#define OUTBOX_EXTENT_PAGES (OUTBOX_EXTENT_SLOTS / OUTBOX_PAGE_SLOTS)

_Static_assert(OUTBOX_EXTENT_SLOTS % OUTBOX_PAGE_SLOTS == 0, "");
_Static_assert(OUTBOX_PAGE_SLOTS *SLOT_BOX_BYTES <= PAGES_BYTES, "");

struct outbox_control {
    int64_t slots;
    /* Slots above this one have been dealt since the last growth; 0: all. */
    int64_t to_deal;
};

/* When and where records were accepted: the same for all of a batch. */
struct outbox_stay {
    uint64_t position;
    uint64_t epoch;
    uint16_t day;
};

/* One used slot, as the last scan saw it. There may be hundreds of thousands:
 * form tags and stays are kept once each. */
struct outbox_entry {
    struct seal_hash id;
    uint32_t row;
    uint32_t stay;  /* index in outbox.stay, if held */
    uint16_t tag;   /* index in outbox.tag */
    uint16_t chunk; /* of `chunks` */
    uint16_t chunks;
    uint8_t state;
    uint8_t reason;
};

struct outbox {
    struct pages *pages;           /* owned */
    struct seal_lock_key key;      /* wiped */
    struct outbox_control control; /* as of the last lock or scan */
    int64_t control_version;       /* of the file then; -1: read it again */
    int64_t ready_row; /* free while the file has ready_version; 0 */
    int64_t ready_version;
    struct outbox_entry *entry; /* owned; sorted by id, then chunk */
    size_t entry_count;
    size_t entry_cap;
    uint32_t *first; /* owned; where each complete record starts in `entry` */
    size_t record_count;
    struct seal_hash *tag; /* owned */
    size_t tag_count;
    struct outbox_stay *stay; /* owned */
    size_t stay_count;
    size_t stay_cap;
    struct seal_hash *slip; /* owned; used ones */
    size_t slip_count;
    size_t slip_cap;
    size_t slots;
    size_t free_slots;
    size_t damaged;
    int64_t scan_version; /* of the file when it was last scanned; -1: never */
};

/* The writer's lock, with what another left finished and the control read. */
MUST_CHECK enum status
outbox_lock(struct outbox *ob);
/* The same without waiting. STATUS_E_BUSY: another has it. */
MUST_CHECK enum status
outbox_lock_if_free(struct outbox *ob);
void
outbox_unlock(struct outbox *ob);
/* Make the control part of the change under way. */
MUST_CHECK enum status
outbox_control_write(struct outbox *ob, const struct outbox_control *control);
/* Commit the change under way and write it where it belongs. */
MUST_CHECK enum status
outbox_commit(struct outbox *ob);

/* With the lock, as it will be. STATUS_E_AUTH: damaged. */
MUST_CHECK enum status
outbox_slot_view(struct outbox *ob, int64_t row, struct slot *out);
/* With the lock. */
MUST_CHECK enum status
outbox_slot_write(struct outbox *ob, int64_t row, const struct slot *slot);
/* Without the lock, as it is on the disk. STATUS_E_AUTH: damaged. */
MUST_CHECK enum status
outbox_slot_read(struct outbox *ob, int64_t row, struct slot *out);

uint32_t
outbox_page_of(int64_t row);
/* Where the slot's box lies within its page. */
size_t
outbox_place_of(int64_t row);

/* Write a file's or a growth's free slots, in whole extents, and sync them. */
MUST_CHECK enum status
outbox_slots_append(struct outbox *ob, int64_t have, int64_t add);

/* With the lock: add slots; dealing is left to outbox_reserve(). */
MUST_CHECK enum status
outbox_grow(struct outbox *ob);

/* Read the key, or make the file and its key (outbox_file.c). */
MUST_CHECK enum status
outbox_file_open(struct outbox *ob, const char *path, const char *vfs);

/* Scan, if another process has changed the file since the last scan. */
MUST_CHECK enum status
outbox_rescan(struct outbox *ob);
MUST_CHECK enum status
outbox_note_slip(struct outbox *ob, const struct seal_hash *slip);

#endif
