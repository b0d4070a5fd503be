#include "store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "seal/record.h"
#include "store/outbox_private.h"

/* A busier outbox than this is grown at once rather than searched longer. */
#define PROBES_PER_CHUNK 64
#define SLIP_TRIES 8

_Static_assert(OUTBOX_RECORD_MAX_BYTES / SLOT_PAYLOAD_BYTES + 2
                   <= PAGES_CHANGE_MAX,
               "the longest record, a slip and page 0 are one change");

enum status
outbox_open_vfs(const char *path, const char *vfs, struct outbox **out)
{
    *out = NULL;
    struct outbox *ob = calloc(1, sizeof(*ob));
    if (!ob) {
        return log_oom("outbox");
    }
    ob->scan_version = -1;
    ob->control_version = -1;
    enum status st = outbox_file_open(ob, path, vfs);
    if (st < 0) {
        outbox_close(ob);
        return st;
    }
    *out = ob;
    return STATUS_OK;
}

enum status
outbox_open(const char *path, struct outbox **out)
{
    return outbox_open_vfs(path, NULL, out);
}

void
outbox_close(struct outbox *ob)
{
    if (!ob) {
        return;
    }
    pages_close(ob->pages);
    free(ob->entry);
    free(ob->first);
    free(ob->tag);
    free(ob->stay);
    free(ob->slip);
    buf_wipe(&ob->key, sizeof(ob->key));
    free(ob);
}

/* -- putting ------------------------------------------------------------------ */

/* A free slot, uniform over all of them, because a used one is answered by
 * another throw. STATUS_NONE: too few are free. */
static enum status
choose(struct outbox *ob, int64_t *out_row)
{
    struct slot slot;
    if (ob->ready_row > 0 && ob->ready_version == ob->control_version) {
        *out_row = ob->ready_row;
        return STATUS_OK;
    }
    for (int tries = 0; tries < PROBES_PER_CHUNK; tries++) {
        int64_t row = 1 + random_below((uint32_t)ob->control.slots);
        enum status st = outbox_slot_view(ob, row, &slot);
        bool is_free = st == STATUS_OK && slot.state == SLOT_FREE;
        buf_wipe(&slot, sizeof(slot));
        if (st < 0 && st != STATUS_E_AUTH) {
            return st;
        }
        if (is_free) {
            *out_row = row;
            return STATUS_OK;
        }
    }
    return STATUS_NONE;
}

enum status
outbox_prepare(struct outbox *ob)
{
    int64_t row = 0;
    enum status st = outbox_lock_if_free(ob);
    if (st == STATUS_OK) {
        st = choose(ob, &row);
        ob->ready_row = row;
        ob->ready_version = ob->control_version;
    }
    outbox_unlock(ob);
    return st < 0 && st != STATUS_E_BUSY ? st : STATUS_OK;
}

/* Is it among the used ones, as of the last scan and what was put since? */
static bool
find_slip(const struct outbox *ob, const struct seal_hash *slip)
{
    bool found = false;
    for (size_t i = 0; i < ob->slip_count; i++) {
        found |= seal_equal(&ob->slip[i], slip, sizeof(*slip));
    }
    return found;
}

enum status
outbox_rescan(struct outbox *ob)
{
    int64_t version = 0;
    enum status st = pages_version(ob->pages, &version);
    if (st == STATUS_OK && version != ob->scan_version) {
        st = outbox_scan(ob);
    }
    return st;
}

enum status
outbox_slip_used(struct outbox *ob, const struct seal_hash *slip)
{
    enum status st = outbox_rescan(ob);
    if (st < 0) {
        return st;
    }
    return find_slip(ob, slip) ? STATUS_OK : STATUS_NONE;
}

/* Take the lock such that nobody has used a slip since we looked. */
static enum status
lock_knowing_slips(struct outbox *ob)
{
    int64_t version = 0;
    for (int tries = 0; tries < SLIP_TRIES; tries++) {
        enum status st = outbox_rescan(ob);
        if (st == STATUS_OK) {
            st = outbox_lock(ob);
        }
        if (st == STATUS_OK) {
            st = pages_version(ob->pages, &version);
        }
        if (st < 0 || version == ob->scan_version) {
            return st;
        }
        outbox_unlock(ob);
    }
    return STATUS_E_BUSY;
}

/* STATUS_NONE: too few slots are free. */
static enum status
put_chunks(struct outbox *ob, struct slot *slot, const uint8_t *sealed,
           size_t len)
{
    enum status st = STATUS_OK;
    bool slip = slot->state == SLOT_SLIP;
    slot->chunks = slip ? 1 : (uint16_t)(len / SLOT_PAYLOAD_BYTES);
    for (uint16_t i = 0; i < slot->chunks && st == STATUS_OK; i++) {
        int64_t row = 0;
        st = choose(ob, &row);
        if (st != STATUS_OK) {
            break;
        }
        slot->chunk = i;
        if (!slip) {
            memcpy(slot->payload, sealed + (size_t)i * SLOT_PAYLOAD_BYTES,
                   SLOT_PAYLOAD_BYTES);
        }
        st = outbox_slot_write(ob, row, slot);
    }
    return st;
}

/* With the lock: one change, made when it returns STATUS_OK. STATUS_NONE: too
 * few slots are free. */
static enum status
change(struct outbox *ob, struct slot *slot, const struct seal_hash *slip,
       const uint8_t *sealed, size_t len)
{
    enum status st = STATUS_OK;
    if (slip) {
        struct slot mark = {
            .state = SLOT_SLIP, .form_tag = slot->form_tag, .id = *slip};
        if (find_slip(ob, slip)) {
            return STATUS_E_CONFLICT;
        }
        st = put_chunks(ob, &mark, NULL, 0);
    }
    if (st == STATUS_OK) {
        st = put_chunks(ob, slot, sealed, len);
    }
    return st == STATUS_OK ? pages_commit(ob->pages) : st;
}

static void
note_put(struct outbox *ob, const struct slot *slot,
         const struct seal_hash *slip)
{
    size_t taken = slot->chunks + (slip ? 1U : 0U);
    ob->free_slots -= taken < ob->free_slots ? taken : ob->free_slots;
    if (slip && outbox_note_slip(ob, slip) < 0) {
        ob->scan_version = -1; /* it is in the file: look there next time */
    }
}

static enum status
put(struct outbox *ob, const struct seal_hash *form_tag,
    const struct seal_hash *slip, const void *sealed, size_t len)
{
    if (!record_is_bucket(len)) {
        return STATUS_E_INVALID;
    }
    struct slot slot = {.state = SLOT_WAITING, .form_tag = *form_tag};
    record_id(sealed, len, &slot.id);
    enum status st = STATUS_NONE;
    for (bool room = true; st == STATUS_NONE; room = false) {
        st = slip ? lock_knowing_slips(ob) : outbox_lock(ob);
        if (st == STATUS_OK && !room) {
            st = outbox_grow(ob);
        }
        if (st == STATUS_OK) {
            st = change(ob, &slot, slip, sealed, len);
        }
        outbox_unlock(ob);
    }
    if (st == STATUS_OK) {
        note_put(ob, &slot, slip);
    }
    buf_wipe(&slot, sizeof(slot));
    return st;
}

enum status
outbox_put(struct outbox *ob, const struct seal_hash *form_tag,
           const void *sealed, size_t len)
{
    return put(ob, form_tag, NULL, sealed, len);
}

enum status
outbox_put_slip(struct outbox *ob, const struct seal_hash *form_tag,
                const struct seal_hash *slip, const void *sealed, size_t len)
{
    return put(ob, form_tag, slip, sealed, len);
}

enum status
outbox_tidy(struct outbox *ob)
{
    enum status st = outbox_lock(ob);
    outbox_unlock(ob);
    return st;
}

enum status
outbox_version(struct outbox *ob, int64_t *out)
{
    return pages_version(ob->pages, out);
}
