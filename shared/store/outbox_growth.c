#include <string.h>

#include "base/random.h"
#include "store/outbox_private.h"

/* Dealing moves every slot; beyond so many it would go on for minutes, and
 * that many answers hide each other well enough. */
#define DEAL_MAX_SLOTS 16384
/* A step is one change; between two of them an answer can be sent. It touches
 * two pages a slot at most. */
#define DEAL_STEP_SLOTS 64
#define DEAL_STEPS 32 /* a call */

_Static_assert(2 * DEAL_STEP_SLOTS + 1 <= PAGES_CHANGE_MAX, "");

enum status
outbox_grow(struct outbox *ob)
{
    struct outbox_control control = ob->control;
    /* In proportion, so that a growing outbox is not always growing. */
    int64_t add = (1 + control.slots / 4 / OUTBOX_EXTENT_SLOTS)
                  * (int64_t)OUTBOX_EXTENT_SLOTS;
    enum status st = outbox_slots_append(ob, control.slots, add);
    if (st < 0) {
        return st;
    }
    control.slots += add;
    control.to_deal = control.slots <= DEAL_MAX_SLOTS ? control.slots : 0;
    st = outbox_control_write(ob, &control);
    if (st == STATUS_OK) {
        st = outbox_commit(ob);
    }
    if (st == STATUS_OK) {
        ob->control = control;
        ob->slots += (size_t)add;
        ob->free_slots += (size_t)add;
    }
    return st;
}

/* Exchange what two slots hold. Damaged ones are left where they are. */
static enum status
exchange(struct outbox *ob, int64_t a, int64_t b)
{
    struct slot x;
    struct slot y;
    enum status st = outbox_slot_view(ob, a, &x);
    if (st == STATUS_OK) {
        st = outbox_slot_view(ob, b, &y);
    }
    if (st == STATUS_OK) {
        st = outbox_slot_write(ob, a, &y);
    }
    if (st == STATUS_OK) {
        st = outbox_slot_write(ob, b, &x);
    }
    buf_wipe(&x, sizeof(x));
    buf_wipe(&y, sizeof(y));
    return st == STATUS_E_AUTH ? STATUS_OK : st;
}

/*
 * One step of dealing all slots anew (Fisher-Yates, from the last slot down).
 * Without it, whoever has the key could tell the answers given before a growth
 * from those given after: the former cannot be in the new extents.
 * STATUS_NONE: all are dealt.
 */
static enum status
deal_step(struct outbox *ob)
{
    enum status st = outbox_lock(ob);
    struct outbox_control control = ob->control;
    if (st == STATUS_OK && control.to_deal == 0) {
        st = STATUS_NONE;
    }
    for (int i = 0;
         i < DEAL_STEP_SLOTS && control.to_deal > 0 && st == STATUS_OK; i++) {
        int64_t with = 1 + (int64_t)random_below((uint32_t)control.to_deal);
        if (with != control.to_deal) {
            st = exchange(ob, control.to_deal, with);
        }
        control.to_deal--;
    }
    if (st == STATUS_OK) {
        st = outbox_control_write(ob, &control);
    }
    if (st == STATUS_OK) {
        st = outbox_commit(ob);
        ob->scan_version = -1; /* the index points to the old places */
    }
    outbox_unlock(ob);
    return st;
}

enum status
outbox_reserve(struct outbox *ob)
{
    enum status st = outbox_rescan(ob);
    while (st == STATUS_OK && ob->free_slots < ob->slots / 4) {
        st = outbox_lock(ob);
        if (st == STATUS_OK) {
            st = outbox_grow(ob);
        }
        outbox_unlock(ob);
    }
    for (int i = 0; i < DEAL_STEPS && st == STATUS_OK; i++) {
        if (i > 0) {
            pages_yield();
        }
        st = deal_step(ob);
    }
    return st < 0 ? st : STATUS_OK;
}
