#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/log.h"
#include "store/outbox_private.h"

#define SCAN_STEP 512
#define SCAN_TRIES 4

static enum status
tag_index(struct outbox *ob, const struct seal_hash *tag, uint16_t *out)
{
    for (size_t i = ob->tag_count; i > 0; i--) {
        if (memcmp(&ob->tag[i - 1], tag, sizeof(*tag)) == 0) {
            *out = (uint16_t)(i - 1);
            return STATUS_OK;
        }
    }
    if (ob->tag_count == UINT16_MAX) {
        return STATUS_E_LIMIT;
    }
    struct seal_hash *grown =
        realloc(ob->tag, (ob->tag_count + 1) * sizeof(ob->tag[0]));
    if (!grown) {
        return log_oom("outbox");
    }
    ob->tag = grown;
    ob->tag[ob->tag_count] = *tag;
    *out = (uint16_t)ob->tag_count;
    ob->tag_count++;
    return STATUS_OK;
}

static enum status
note_slot(struct outbox *ob, int64_t row, const struct slot *slot)
{
    if (ob->entry_count == ob->entry_cap) {
        size_t cap = ob->entry_cap ? ob->entry_cap * 2 : 1024;
        struct outbox_entry *grown =
            realloc(ob->entry, cap * sizeof(ob->entry[0]));
        if (!grown) {
            return log_oom("outbox");
        }
        ob->entry = grown;
        ob->entry_cap = cap;
    }
    struct outbox_entry *entry = &ob->entry[ob->entry_count];
    *entry = (struct outbox_entry){
        .id = slot->id,
        .position = slot->position,
        .epoch = slot->epoch,
        .row = (uint32_t)row,
        .chunk = slot->chunk,
        .chunks = slot->chunks,
        .day = slot->day,
        .state = (uint8_t)slot->state,
        .reason = slot->reason,
    };
    enum status st = tag_index(ob, &slot->form_tag, &entry->tag);
    if (st == STATUS_OK) {
        ob->entry_count++;
    }
    return st;
}

/* Up to SCAN_STEP slots above *row; STATUS_NONE when there are no more. */
static enum status
scan_step(struct outbox *ob, int64_t *row)
{
    struct slot slot;
    size_t seen = 0;
    sqlite3_stmt *stmt = db_stmt(ob->db, OUTBOX_STMT_SCAN);
    sqlite3_bind_int64(stmt, 1, *row);
    sqlite3_bind_int64(stmt, 2, SCAN_STEP);
    enum status st = db_step(ob->db, stmt);
    while (st == STATUS_OK) {
        *row = sqlite3_column_int64(stmt, 0);
        const void *box = sqlite3_column_blob(stmt, 1);
        seen++;
        if (!box || sqlite3_column_bytes(stmt, 1) != SLOT_BOX_BYTES
            || slot_unlock(box, &ob->key, *row, &slot) < 0) {
            ob->damaged++;
        } else if (slot.state == SLOT_FREE) {
            ob->free_slots++;
        } else {
            st = note_slot(ob, *row, &slot);
        }
        if (st == STATUS_OK) {
            st = db_step(ob->db, stmt);
        }
    }
    db_reset(stmt);
    buf_wipe(&slot, sizeof(slot));
    ob->slots += seen;
    if (st == STATUS_NONE && seen > 0) {
        st = STATUS_OK;
    }
    return st;
}

static int
compare_entries(const void *a, const void *b)
{
    const struct outbox_entry *x = a;
    const struct outbox_entry *y = b;
    int order = memcmp(&x->id, &y->id, sizeof(x->id));
    if (order != 0) {
        return order;
    }
    return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* Are all chunks of the record that starts at `at` here? A record that is
 * being written or freed may show in part; the next scan sees it whole. */
static bool
complete(const struct outbox *ob, size_t at)
{
    const struct outbox_entry *first = &ob->entry[at];
    if (first->chunk != 0 || at + first->chunks > ob->entry_count) {
        return false;
    }
    for (size_t i = 1; i < first->chunks; i++) {
        const struct outbox_entry *entry = first + i;
        if (entry->chunk != i || entry->state != first->state
            || memcmp(&entry->id, &first->id, sizeof(entry->id)) != 0) {
            return false;
        }
    }
    return first->chunks > 0;
}

/* Find the records among the sorted entries. */
static enum status
index_records(struct outbox *ob)
{
    free(ob->first);
    ob->first = NULL;
    ob->record_count = 0;
    if (ob->entry_count == 0) {
        return STATUS_OK;
    }
    ob->first = calloc(ob->entry_count, sizeof(ob->first[0]));
    if (!ob->first) {
        return log_oom("outbox");
    }
    for (size_t at = 0; at < ob->entry_count;) {
        if (complete(ob, at)) {
            ob->first[ob->record_count] = (uint32_t)at;
            ob->record_count++;
            at += ob->entry[at].chunks;
        } else {
            at++;
        }
        /* Seen twice because it was moved while we looked. */
        while (at > 0 && at < ob->entry_count
               && memcmp(&ob->entry[at].id, &ob->entry[at - 1].id,
                         sizeof(ob->entry[at].id))
                      == 0) {
            at++;
        }
    }
    return STATUS_OK;
}

static enum status
scan_once(struct outbox *ob)
{
    int64_t row = 0;
    enum status st = db_data_version(ob->db, &ob->scan_version);
    ob->entry_count = 0;
    ob->record_count = 0;
    ob->tag_count = 0;
    ob->slots = 0;
    ob->free_slots = 0;
    ob->damaged = 0;
    while (st == STATUS_OK) {
        st = scan_step(ob, &row);
    }
    return st;
}

enum status
outbox_scan(struct outbox *ob)
{
    int64_t version = 0;
    enum status st = STATUS_OK;
    for (int tries = 0; tries < SCAN_TRIES; tries++) {
        st = scan_once(ob);
        if (st >= 0) {
            st = db_data_version(ob->db, &version);
        }
        /* Written meanwhile: a record may have been seen twice or not at all. */
        if (st < 0 || version == ob->scan_version) {
            break;
        }
    }
    if (st < 0) {
        return st;
    }
    if (ob->damaged > 0) {
        log_warn("outbox", "%zu of %zu slots cannot be read", ob->damaged,
                 ob->slots);
    }
    if (ob->entry_count > 0) {
        qsort(ob->entry, ob->entry_count, sizeof(ob->entry[0]),
              compare_entries);
    }
    return index_records(ob);
}

void
outbox_counts(const struct outbox *ob, struct outbox_counts *out)
{
    *out = (struct outbox_counts){
        .slots = ob->slots,
        .free = ob->free_slots,
        .damaged = ob->damaged,
    };
    size_t *const count[SLOT_STATE_COUNT] = {
        [SLOT_WAITING] = &out->waiting,
        [SLOT_HELD] = &out->held,
        [SLOT_REFUSED] = &out->refused,
        [SLOT_SLIP] = &out->slips,
    };
    for (size_t i = 0; i < ob->record_count; i++) {
        (*count[ob->entry[ob->first[i]].state])++;
    }
}

size_t
outbox_record_count(const struct outbox *ob)
{
    return ob->record_count;
}

void
outbox_record(const struct outbox *ob, size_t index, struct outbox_record *out)
{
    const struct outbox_entry *entry = &ob->entry[ob->first[index]];
    *out = (struct outbox_record){
        .id = entry->id,
        .form_tag = ob->tag[entry->tag],
        .state = (enum slot_state)entry->state,
        .reason = entry->reason,
        .day = entry->day,
        .chunks = entry->chunks,
        .position = entry->position,
        .epoch = entry->epoch,
    };
}

enum status
outbox_read(struct outbox *ob, size_t index, struct buf *out)
{
    const struct outbox_entry *entry = &ob->entry[ob->first[index]];
    size_t before = out->len;
    struct slot slot;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < entry->chunks && st == STATUS_OK; i++) {
        st = outbox_slot_read(ob, entry[i].row, &slot);
        if (st == STATUS_OK
            && (!seal_equal(&slot.id, &entry->id, sizeof(slot.id))
                || slot.chunk != i)) {
            st = STATUS_E_STALE;
        }
        if (st == STATUS_OK) {
            buf_put(out, slot.payload, sizeof(slot.payload));
            st = buf_status(out);
        }
    }
    if (st == STATUS_E_AUTH || st == STATUS_E_STALE) {
        int64_t version = 0;
        st = db_data_version(ob->db, &version);
        if (st == STATUS_OK) {
            st =
                version == ob->scan_version ? STATUS_E_INVALID : STATUS_E_STALE;
        }
    }
    if (st < 0 && buf_status(out) == STATUS_OK) {
        buf_truncate(out, before);
    }
    buf_wipe(&slot, sizeof(slot));
    return st;
}

/* -- settling ---------------------------------------------------------------- */

/* Index of the record in ob->first, or record_count. */
static size_t
find_record(const struct outbox *ob, const struct seal_hash *id)
{
    size_t low = 0;
    size_t high = ob->record_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = memcmp(&ob->entry[ob->first[mid]].id, id, sizeof(*id));
        if (order == 0) {
            return mid;
        }
        if (order < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return ob->record_count;
}

/* Rewrite one slot by the verdict; passed over if it holds something else. */
static enum status
settle_slot(struct outbox *ob, const struct outbox_verdict *verdict,
            int64_t row)
{
    static const struct slot empty; /* SLOT_FREE */
    struct slot slot;
    enum status st = outbox_slot_read(ob, row, &slot);
    if (st == STATUS_E_AUTH
        || (st == STATUS_OK
            && !seal_equal(&slot.id, &verdict->id, sizeof(slot.id)))) {
        st = STATUS_OK;
        goto out;
    }
    if (st < 0) {
        goto out;
    }
    slot.state = verdict->state;
    slot.reason = verdict->state == SLOT_REFUSED ? verdict->reason : 0;
    slot.day = verdict->state == SLOT_HELD ? verdict->day : 0;
    slot.position = verdict->state == SLOT_HELD ? verdict->position : 0;
    slot.epoch = verdict->state == SLOT_HELD ? verdict->epoch : 0;
    st = outbox_slot_write(ob, OUTBOX_STMT_WRITE, row,
                           verdict->state == SLOT_FREE ? &empty : &slot);

out:
    buf_wipe(&slot, sizeof(slot));
    return st;
}

/* Let the index say what the file says now. */
static void
note_verdict(struct outbox *ob, const struct outbox_verdict *verdict,
             size_t index)
{
    struct outbox_entry *entry = &ob->entry[ob->first[index]];
    for (size_t i = 0; i < entry->chunks; i++) {
        entry[i].state = (uint8_t)verdict->state;
        entry[i].reason = verdict->reason;
        entry[i].day = verdict->day;
        entry[i].position = verdict->position;
        entry[i].epoch = verdict->epoch;
    }
}

/* Drop the records that were freed. */
static void
compact(struct outbox *ob)
{
    size_t kept = 0;
    for (size_t i = 0; i < ob->record_count; i++) {
        const struct outbox_entry *entry = &ob->entry[ob->first[i]];
        if (entry->state == SLOT_FREE) {
            ob->free_slots += entry->chunks;
        } else {
            ob->first[kept] = ob->first[i];
            kept++;
        }
    }
    ob->record_count = kept;
}

enum status
outbox_settle(struct outbox *ob, const struct outbox_verdict *verdict,
              size_t count)
{
    int64_t version = 0;
    enum status st = db_begin(ob->db);
    if (st < 0) {
        return st;
    }
    st = db_data_version(ob->db, &version);
    if (st == STATUS_OK && version != ob->scan_version) {
        st = outbox_scan(ob); /* the kiosk may have dealt the slots anew */
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        size_t at = find_record(ob, &verdict[i].id);
        if (!ob->first || at == ob->record_count) {
            continue;
        }
        const struct outbox_entry *entry = &ob->entry[ob->first[at]];
        for (size_t c = 0; c < entry->chunks && st == STATUS_OK; c++) {
            st = settle_slot(ob, &verdict[i], entry[c].row);
        }
    }
    if (st == STATUS_OK) {
        st = db_commit(ob->db);
    }
    db_rollback(ob->db);
    if (st < 0) {
        return st;
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = find_record(ob, &verdict[i].id);
        if (at < ob->record_count) {
            note_verdict(ob, &verdict[i], at);
        }
    }
    compact(ob);
    return STATUS_OK;
}
