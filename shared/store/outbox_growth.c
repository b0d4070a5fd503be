#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/log.h"
#include "base/random.h"
#include "store/outbox_private.h"

/* Dealing anew writes every slot; beyond so many it would hold up the kiosk,
 * and that many answers hide each other well enough. */
#define DEAL_MAX_SLOTS 16384

/* All slots that can be read: their rows, and the contents of the used. */
struct deck {
    int64_t *row; /* owned */
    size_t rows;
    struct slot *used; /* owned; wiped */
    size_t used_count;
};

static void
deck_clear(struct deck *deck)
{
    if (deck->used) {
        buf_wipe(deck->used, deck->used_count * sizeof(deck->used[0]));
    }
    free(deck->used);
    free(deck->row);
}

static enum status
deck_read(struct outbox *ob, int64_t slots, struct deck *deck)
{
    deck->row = calloc((size_t)slots, sizeof(deck->row[0]));
    deck->used = calloc((size_t)slots, sizeof(deck->used[0]));
    if (!deck->row || !deck->used) {
        return log_oom("outbox");
    }
    for (int64_t row = 1; row <= slots; row++) {
        struct slot *slot = &deck->used[deck->used_count];
        enum status st = outbox_slot_read(ob, row, slot);
        if (st == STATUS_E_AUTH) {
            continue; /* damaged: left where it is */
        }
        if (st < 0) {
            return st;
        }
        deck->row[deck->rows] = row;
        deck->rows++;
        deck->used_count += slot->state != SLOT_FREE;
    }
    return STATUS_OK;
}

/*
 * Without this, whoever has the key could tell the answers given before a
 * growth from those given after: the former cannot be in the new extents.
 */
static enum status
deal(struct outbox *ob, int64_t slots)
{
    static const struct slot empty; /* SLOT_FREE */
    struct deck deck = {.rows = 0};
    enum status st = deck_read(ob, slots, &deck);
    if (st == STATUS_OK && deck.rows > 0) {
        random_shuffle(deck.row, deck.rows, sizeof(deck.row[0]));
    }
    for (size_t i = 0; i < deck.rows && st == STATUS_OK; i++) {
        st = outbox_slot_write(ob, OUTBOX_STMT_WRITE, deck.row[i],
                               i < deck.used_count ? &deck.used[i] : &empty);
    }
    deck_clear(&deck);
    return st;
}

enum status
outbox_grow(struct outbox *ob)
{
    int64_t slots = 0;
    int64_t add = 0;
    enum status st = db_begin(ob->db);
    if (st == STATUS_OK) {
        st = outbox_slots_count(ob, &slots);
    }
    if (st == STATUS_OK) {
        /* In proportion, so that a growing outbox is not always growing. */
        add = (1 + slots / 4 / OUTBOX_EXTENT_SLOTS) * OUTBOX_EXTENT_SLOTS;
        st = outbox_slots_add(ob, slots, add);
    }
    if (st == STATUS_OK && slots + add <= DEAL_MAX_SLOTS) {
        st = deal(ob, slots + add);
    }
    if (st == STATUS_OK) {
        st = db_commit(ob->db);
    }
    db_rollback(ob->db);
    if (st == STATUS_OK) {
        ob->scan_version = -1; /* the index points to the old places */
    }
    return st;
}

enum status
outbox_reserve(struct outbox *ob)
{
    enum status st = outbox_scan(ob);
    while (st == STATUS_OK && ob->free_slots < ob->slots / 4) {
        st = outbox_grow(ob);
        if (st == STATUS_OK) {
            st = outbox_scan(ob);
        }
    }
    return st;
}
