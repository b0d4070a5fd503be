#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/outbox_private.h"

#define SCAN_PAGES 64 /* read at a time */
#define SCAN_TRIES 4
#define SETTLE_TRIES 3
#define STAY_LOOK 256

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

/* Neighbours are mostly of one batch or a few: the last stays are looked at. */
static enum status
stay_index(struct outbox *ob, const struct outbox_stay *stay, uint32_t *out)
{
    size_t look = ob->stay_count < STAY_LOOK ? ob->stay_count : STAY_LOOK;
    for (size_t i = ob->stay_count; i > ob->stay_count - look; i--) {
        const struct outbox_stay *known = &ob->stay[i - 1];
        if (known->position == stay->position && known->epoch == stay->epoch
            && known->day == stay->day) {
            *out = (uint32_t)(i - 1);
            return STATUS_OK;
        }
    }
    if (ob->stay_count == ob->stay_cap) {
        size_t cap = ob->stay_cap ? ob->stay_cap * 2 : 64;
        struct outbox_stay *grown = realloc(ob->stay, cap * sizeof(*grown));
        if (!grown) {
            return log_oom("outbox");
        }
        ob->stay = grown;
        ob->stay_cap = cap;
    }
    ob->stay[ob->stay_count] = *stay;
    *out = (uint32_t)ob->stay_count;
    ob->stay_count++;
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
        .row = (uint32_t)row,
        .chunk = slot->chunk,
        .chunks = slot->chunks,
        .state = (uint8_t)slot->state,
        .reason = slot->reason,
    };
    enum status st = tag_index(ob, &slot->form_tag, &entry->tag);
    if (st == STATUS_OK && slot->state == SLOT_HELD) {
        const struct outbox_stay stay = {slot->position, slot->epoch,
                                         slot->day};
        st = stay_index(ob, &stay, &entry->stay);
    }
    if (st == STATUS_OK) {
        ob->entry_count++;
    }
    return st;
}

enum status
outbox_note_slip(struct outbox *ob, const struct seal_hash *slip)
{
    if (ob->slip_count == ob->slip_cap) {
        size_t cap = ob->slip_cap ? ob->slip_cap * 2 : 64;
        struct seal_hash *grown = realloc(ob->slip, cap * sizeof(*grown));
        if (!grown) {
            return log_oom("outbox");
        }
        ob->slip = grown;
        ob->slip_cap = cap;
    }
    ob->slip[ob->slip_count] = *slip;
    ob->slip_count++;
    return STATUS_OK;
}

/* `box` is NULL if its page cannot be read. */
static enum status
scan_slot(struct outbox *ob, int64_t row, const uint8_t *box)
{
    struct slot slot;
    enum status st =
        box ? slot_unlock(box, &ob->key, row, &slot) : STATUS_E_AUTH;
    if (st == STATUS_E_AUTH) { /* damaged, or being written just now */
        st = outbox_slot_read(ob, row, &slot);
    }
    if (st == STATUS_E_AUTH || st == STATUS_E_IO) {
        ob->damaged++;
        st = STATUS_OK;
    } else if (st == STATUS_OK && slot.state == SLOT_FREE) {
        ob->free_slots++;
    } else if (st == STATUS_OK && slot.state == SLOT_SLIP) {
        st = outbox_note_slip(ob, &slot.id);
    } else if (st == STATUS_OK) {
        st = note_slot(ob, row, &slot);
    }
    buf_wipe(&slot, sizeof(slot));
    ob->slots++;
    return st;
}

/* The slots of SCAN_PAGES pages, from the one after *row. `data` has room. */
static enum status
scan_step(struct outbox *ob, int64_t *row, uint8_t *data)
{
    const int64_t slots = (int64_t)SCAN_PAGES * OUTBOX_PAGE_SLOTS;
    uint32_t first = outbox_page_of(*row + 1);
    /* A bad sector must not hide the others: its slots are tried singly. */
    bool readable = pages_read(ob->pages, first, SCAN_PAGES, data) == STATUS_OK;
    enum status st = STATUS_OK;
    for (int64_t i = 0;
         i < slots && *row < ob->control.slots && st == STATUS_OK; i++) {
        ++*row;
        const uint8_t *box =
            data + (size_t)(outbox_page_of(*row) - first) * PAGES_BYTES
            + outbox_place_of(*row);
        st = scan_slot(ob, *row, readable ? box : NULL);
    }
    return st;
}

static int
compare_entries(const struct outbox_entry *x, const struct outbox_entry *y)
{
    int order = memcmp(&x->id, &y->id, sizeof(x->id));
    if (order != 0) {
        return order;
    }
    return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* Let the entry at `at` sink to its place in the heap. */
static void
sift(struct outbox_entry *entry, size_t at, size_t count)
{
    struct outbox_entry sinking = entry[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count
            && compare_entries(&entry[child], &entry[child + 1]) < 0) {
            child++;
        }
        if (compare_entries(&sinking, &entry[child]) >= 0) {
            break;
        }
        entry[at] = entry[child];
        at = child;
    }
    entry[at] = sinking;
}

/* Heapsort: qsort() would take as much memory again. */
static void
sort_entries(struct outbox_entry *entry, size_t count)
{
    for (size_t i = count / 2; i > 0; i--) {
        sift(entry, i - 1, count);
    }
    for (size_t i = count; i > 1; i--) {
        struct outbox_entry last = entry[i - 1];
        entry[i - 1] = entry[0];
        entry[0] = last;
        sift(entry, 0, i - 1);
    }
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
    uint8_t *data = malloc((size_t)SCAN_PAGES * PAGES_BYTES);
    enum status st = data ? STATUS_OK : log_oom("outbox");
    ob->entry_count = 0;
    ob->record_count = 0;
    ob->tag_count = 0;
    ob->slip_count = 0;
    ob->stay_count = 0;
    ob->slots = 0;
    ob->free_slots = 0;
    ob->damaged = 0;
    while (st == STATUS_OK && row < ob->control.slots) {
        st = scan_step(ob, &row, data);
    }
    free(data);
    return st;
}

/* See what is committed, how many slots there are, and which version it is. */
static enum status
look(struct outbox *ob)
{
    enum status st = outbox_lock(ob);
    if (st == STATUS_OK) {
        st = pages_version(ob->pages, &ob->scan_version);
    }
    outbox_unlock(ob);
    return st;
}

enum status
outbox_scan(struct outbox *ob)
{
    int64_t version = 0;
    enum status st = STATUS_OK;
    for (int tries = 0; tries < SCAN_TRIES; tries++) {
        st = look(ob);
        if (st == STATUS_OK) {
            st = scan_once(ob);
        }
        if (st == STATUS_OK) {
            st = pages_version(ob->pages, &version);
        }
        /* Written meanwhile: a record may have been seen twice or not at all. */
        if (st < 0 || version == ob->scan_version) {
            break;
        }
    }
    if (st < 0) {
        ob->scan_version = -1;
        return st;
    }
    if (ob->damaged > 0) {
        log_warn("outbox", "%zu of %zu slots cannot be read", ob->damaged,
                 ob->slots);
    }
    if (ob->entry_count > 0) {
        sort_entries(ob->entry, ob->entry_count);
    }
    return index_records(ob);
}

void
outbox_counts(const struct outbox *ob, struct outbox_counts *out)
{
    *out = (struct outbox_counts){
        .slots = ob->slots,
        .free = ob->free_slots,
        .slips = ob->slip_count,
        .damaged = ob->damaged,
    };
    size_t *const count[SLOT_STATE_COUNT] = {
        [SLOT_WAITING] = &out->waiting,
        [SLOT_HELD] = &out->held,
        [SLOT_REFUSED] = &out->refused,
    };
    for (size_t i = 0; i < ob->record_count; i++) {
        size_t *of = count[ob->entry[ob->first[i]].state];
        if (of) {
            (*of)++;
        }
    }
}

size_t
outbox_record_count(const struct outbox *ob)
{
    return ob->record_count;
}

size_t
outbox_tag_count(const struct outbox *ob)
{
    return ob->tag_count;
}

const struct seal_hash *
outbox_tag(const struct outbox *ob, size_t index)
{
    return &ob->tag[index];
}

void
outbox_record(const struct outbox *ob, size_t index, struct outbox_record *out)
{
    const struct outbox_entry *entry = &ob->entry[ob->first[index]];
    static const struct outbox_stay none;
    const struct outbox_stay *stay =
        entry->state == SLOT_HELD ? &ob->stay[entry->stay] : &none;
    *out = (struct outbox_record){
        .id = entry->id,
        .form_tag = ob->tag[entry->tag],
        .state = (enum slot_state)entry->state,
        .reason = entry->reason,
        .tag = entry->tag,
        .day = stay->day,
        .chunks = entry->chunks,
        .position = stay->position,
        .epoch = stay->epoch,
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
    if (st == STATUS_E_AUTH) {
        st = STATUS_E_INVALID;
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

/* Are all slots of the record where the index says? */
static enum status
still_there(struct outbox *ob, const struct outbox_entry *entry)
{
    struct slot slot;
    enum status st = STATUS_OK;
    for (uint16_t i = 0; i < entry->chunks && st == STATUS_OK; i++) {
        st = outbox_slot_view(ob, entry[i].row, &slot);
        if (st == STATUS_OK
            && (slot.state == SLOT_FREE || slot.chunk != i
                || !seal_equal(&slot.id, &entry->id, sizeof(slot.id)))) {
            st = STATUS_NONE;
        }
    }
    buf_wipe(&slot, sizeof(slot));
    return st == STATUS_E_AUTH ? STATUS_NONE : st;
}

/* Rewrite the slots of one record. STATUS_NONE: they are elsewhere. */
static enum status
settle_record(struct outbox *ob, const struct outbox_verdict *verdict,
              const struct outbox_entry *entry)
{
    static const struct slot empty; /* SLOT_FREE */
    bool held = verdict->state == SLOT_HELD;
    struct slot slot;
    enum status st = still_there(ob, entry);
    for (uint16_t i = 0; i < entry->chunks && st == STATUS_OK; i++) {
        st = outbox_slot_view(ob, entry[i].row, &slot);
        slot.state = verdict->state;
        slot.reason = verdict->state == SLOT_REFUSED ? verdict->reason : 0;
        slot.day = held ? verdict->day : 0;
        slot.position = held ? verdict->position : 0;
        slot.epoch = held ? verdict->epoch : 0;
        if (st == STATUS_OK) {
            st = outbox_slot_write(
                ob, entry[i].row, verdict->state == SLOT_FREE ? &empty : &slot);
        }
    }
    buf_wipe(&slot, sizeof(slot));
    return st;
}

/* Let the index say what the file says now. */
static enum status
note_verdict(struct outbox *ob, const struct outbox_verdict *verdict,
             size_t index)
{
    struct outbox_entry *entry = &ob->entry[ob->first[index]];
    const struct outbox_stay stay = {verdict->position, verdict->epoch,
                                     verdict->day};
    uint32_t at = 0;
    enum status st =
        verdict->state == SLOT_HELD ? stay_index(ob, &stay, &at) : STATUS_OK;
    for (size_t i = 0; i < entry->chunks && st == STATUS_OK; i++) {
        entry[i].state = (uint8_t)verdict->state;
        entry[i].reason = verdict->reason;
        entry[i].stay = at;
    }
    return st;
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

/* As many verdicts from *at on as one change can hold; *missed is set if a
 * record was not where the index says. */
static enum status
settle_some(struct outbox *ob, const struct outbox_verdict *verdict,
            size_t count, size_t *at, bool *missed)
{
    size_t from = *at;
    size_t next = from;
    enum status st = outbox_lock(ob);
    for (; next < count && st == STATUS_OK; next++) {
        size_t which = find_record(ob, &verdict[next].id);
        if (which == ob->record_count) {
            continue;
        }
        const struct outbox_entry *entry = &ob->entry[ob->first[which]];
        if (pages_edited(ob->pages) + entry->chunks > PAGES_CHANGE_MAX) {
            break;
        }
        st = settle_record(ob, &verdict[next], entry);
        if (st == STATUS_NONE) {
            *missed = true;
            st = STATUS_OK;
        }
    }
    if (st == STATUS_OK) {
        st = outbox_commit(ob);
    }
    outbox_unlock(ob);
    for (size_t i = from; i < next && st == STATUS_OK; i++) {
        size_t which = find_record(ob, &verdict[i].id);
        if (which < ob->record_count) {
            st = note_verdict(ob, &verdict[i], which);
        }
    }
    *at = next;
    return st;
}

enum status
outbox_settle(struct outbox *ob, const struct outbox_verdict *verdict,
              size_t count)
{
    enum status st = STATUS_OK;
    bool missed = true;
    for (int tries = 0; missed && st == STATUS_OK && tries < SETTLE_TRIES;
         tries++) {
        missed = false;
        if (tries > 0 || ob->scan_version < 0) {
            /* The slots may have been dealt anew. */
            st = outbox_scan(ob);
        }
        for (size_t at = 0; at < count && st == STATUS_OK;) {
            if (at > 0) {
                pages_yield();
            }
            st = settle_some(ob, verdict, count, &at, &missed);
        }
        compact(ob);
    }
    return st;
}
