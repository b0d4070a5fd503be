#include "store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "seal/record.h"
#include "store/db.h"
#include "store/outbox_0001.h"

/* A busier outbox than this is grown at once rather than searched longer. */
#define PROBES_PER_CHUNK 64
#define SCAN_STEP 512
#define FIRST_EXTENTS 2
#define KEY_FILE_MODE 0600
#define CHUNKS_MAX (OUTBOX_RECORD_MAX_BYTES / SLOT_PAYLOAD_BYTES)

enum stmt {
    STMT_COUNT_SLOTS,
    STMT_READ,
    STMT_WRITE,
    STMT_ADD,
    STMT_SCAN,
    STMTS
};

static const char *const statements[STMTS] = {
    /* Ids have no gaps; max() costs a walk down the tree, count() all pages. */
    [STMT_COUNT_SLOTS] = "SELECT coalesce(max(id), 0) FROM slot",
    [STMT_READ] = "SELECT box FROM slot WHERE id = ?1",
    [STMT_WRITE] = "UPDATE slot SET box = ?2 WHERE id = ?1",
    [STMT_ADD] = "INSERT INTO slot (id, box) VALUES (?1, ?2)",
    [STMT_SCAN] = "SELECT id, box FROM slot WHERE id > ?1 ORDER BY id LIMIT ?2",
};

static const char *const migrations[] = {outbox_0001};

/* One used slot, as the last scan saw it. There may be hundreds of thousands:
 * form tags are kept once each. */
struct entry {
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
    struct db *db;            /* owned */
    struct seal_lock_key key; /* wiped */
    struct entry *entry;      /* owned; sorted by id, then chunk */
    size_t entry_count;
    size_t entry_cap;
    uint32_t *first; /* owned; where each complete record starts in `entry` */
    size_t record_count;
    struct seal_hash *tag; /* owned */
    size_t tag_count;
    size_t slots;
    size_t free_slots;
    size_t damaged;
};

/* -- one slot ---------------------------------------------------------------- */

static enum status
count_slots(struct outbox *ob, int64_t *out)
{
    sqlite3_stmt *stmt = db_stmt(ob->db, STMT_COUNT_SLOTS);
    enum status st = db_step(ob->db, stmt);
    if (st == STATUS_OK) {
        *out = sqlite3_column_int64(stmt, 0);
        db_reset(stmt);
    }
    return st;
}

/* STATUS_E_AUTH: damaged. */
static enum status
read_slot(struct outbox *ob, int64_t row, struct slot *out)
{
    sqlite3_stmt *stmt = db_stmt(ob->db, STMT_READ);
    sqlite3_bind_int64(stmt, 1, row);
    enum status st = db_step(ob->db, stmt);
    if (st == STATUS_NONE) {
        return STATUS_E_AUTH;
    }
    if (st < 0) {
        return st;
    }
    const void *box = sqlite3_column_blob(stmt, 0);
    if (!box || sqlite3_column_bytes(stmt, 0) != SLOT_BOX_BYTES) {
        st = STATUS_E_AUTH;
    } else {
        st = slot_unlock(box, &ob->key, row, out);
    }
    db_reset(stmt);
    return st;
}

static enum status
write_slot(struct outbox *ob, enum stmt how, int64_t row,
           const struct slot *slot)
{
    uint8_t box[SLOT_BOX_BYTES];
    slot_lock(slot, &ob->key, row, box);
    sqlite3_stmt *stmt = db_stmt(ob->db, how);
    sqlite3_bind_int64(stmt, 1, row);
    sqlite3_bind_blob(stmt, 2, box, sizeof(box), SQLITE_STATIC);
    return db_run(ob->db, stmt);
}

/* Within a transaction. */
static enum status
add_slots(struct outbox *ob, int64_t have, int64_t add)
{
    static const struct slot empty; /* SLOT_FREE */
    if (have + add > OUTBOX_MAX_SLOTS) {
        log_error("outbox", "%lld slots are all it may have",
                  (long long)OUTBOX_MAX_SLOTS);
        return STATUS_E_FULL;
    }
    enum status st = STATUS_OK;
    for (int64_t i = 1; i <= add && st == STATUS_OK; i++) {
        st = write_slot(ob, STMT_ADD, have + i, &empty);
    }
    return st;
}

/* -- opening ------------------------------------------------------------------ */

/* "outbox.db" -> "outbox.key". */
static enum status
key_path(const char *path, struct buf *out)
{
    size_t len = strlen(path);
    if (len > 3 && strcmp(path + len - 3, ".db") == 0) {
        len -= 3;
    }
    buf_put(out, path, len);
    buf_puts(out, ".key");
    return buf_status(out);
}

static enum status
load_key(struct outbox *ob, const char *path)
{
    struct buf bytes;
    buf_init(&bytes, SEAL_LOCK_KEY_BYTES);
    enum status st = file_read(path, &bytes);
    if (st == STATUS_OK && bytes.len != SEAL_LOCK_KEY_BYTES) {
        st = STATUS_E_AUTH;
    }
    if (st == STATUS_OK) {
        memcpy(ob->key.bytes, bytes.data, SEAL_LOCK_KEY_BYTES);
    }
    buf_deinit(&bytes);
    return st;
}

/* The file has no slots yet: make a key (on the disk before any slot is) and
 * the first extents. Runs inside a transaction, so that the kiosk and the
 * daemon cannot both do it. */
static enum status
furnish(struct outbox *ob, const char *path)
{
    enum status st = STATUS_OK;
    if (file_exists(path)) {
        st = load_key(ob, path);
    } else {
        seal_lock_key_new(&ob->key);
        st = file_replace(path, ob->key.bytes, sizeof(ob->key.bytes),
                          KEY_FILE_MODE);
    }
    if (st == STATUS_OK) {
        st = add_slots(ob, 0, (int64_t)FIRST_EXTENTS * OUTBOX_EXTENT_SLOTS);
    }
    return st;
}

/* Any readable slot will do: a few may be damaged. */
static enum status
try_key(struct outbox *ob, int64_t slots)
{
    struct slot slot;
    for (int64_t row = 1; row <= slots && row <= SCAN_STEP; row++) {
        enum status st = read_slot(ob, row, &slot);
        if (st != STATUS_E_AUTH) {
            buf_wipe(&slot, sizeof(slot));
            return st;
        }
    }
    return STATUS_E_AUTH;
}

static enum status
unlock(struct outbox *ob, const char *path)
{
    struct buf key;
    int64_t slots = 0;
    buf_init(&key, 4096);
    enum status st = key_path(path, &key);
    if (st == STATUS_OK) {
        st = count_slots(ob, &slots);
    }
    if (st == STATUS_OK && slots == 0) {
        st = db_begin(ob->db);
        if (st == STATUS_OK) {
            st = count_slots(ob, &slots);
        }
        if (st == STATUS_OK && slots == 0) {
            st = furnish(ob, key.data);
        }
        if (st == STATUS_OK) {
            st = db_commit(ob->db);
        }
        db_rollback(ob->db);
    }
    if (st == STATUS_OK && slots > 0) {
        st = file_exists(key.data) ? load_key(ob, key.data) : STATUS_E_AUTH;
        if (st == STATUS_OK) {
            st = try_key(ob, slots);
        }
        if (st == STATUS_E_AUTH || st == STATUS_E_LIMIT) {
            log_error("outbox",
                      "%s: missing, or not the key that %s was made with; "
                      "put the right one back, or move both files away",
                      key.data, path);
            st = STATUS_E_AUTH;
        }
    }
    buf_deinit(&key);
    return st;
}

enum status
outbox_open_vfs(const char *path, const char *vfs, struct outbox **out)
{
    static const struct db_options base = {
        .component = "outbox",
        .journal = DB_JOURNAL_DELETE,
        .busy_ms = OUTBOX_BUSY_MS,
        .migrations = migrations,
        .migration_count = sizeof(migrations) / sizeof(migrations[0]),
        .statements = statements,
        .statement_count = STMTS,
    };
    struct db_options options = base;
    options.vfs = vfs;
    *out = NULL;
    struct outbox *ob = calloc(1, sizeof(*ob));
    if (!ob) {
        return log_oom("outbox");
    }
    enum status st = db_open(path, &options, &ob->db);
    if (st == STATUS_OK) {
        st = unlock(ob, path);
    }
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
    db_close(ob->db);
    free(ob->entry);
    free(ob->first);
    free(ob->tag);
    buf_wipe(&ob->key, sizeof(ob->key));
    free(ob);
}

/* -- putting ------------------------------------------------------------------ */

/* Rows chosen for one put, so that none is chosen twice. */
struct choice {
    int64_t row[CHUNKS_MAX + 1];
    size_t count;
};

static bool
chosen(const struct choice *choice, int64_t row)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->row[i] == row) {
            return true;
        }
    }
    return false;
}

/* Add a free slot to the choice: uniform over all free ones, because a used
 * one is answered by another throw. */
static enum status
choose(struct outbox *ob, int64_t *slots, struct choice *choice)
{
    struct slot slot;
    int64_t base = 0; /* throws go above this row */
    for (int tries = 0;; tries++) {
        if (tries == PROBES_PER_CHUNK) {
            enum status st = add_slots(ob, *slots, OUTBOX_EXTENT_SLOTS);
            if (st < 0) {
                return st;
            }
            base = *slots;
            *slots += OUTBOX_EXTENT_SLOTS;
        }
        int64_t row = base + 1 + random_below((uint32_t)(*slots - base));
        if (chosen(choice, row)) {
            continue;
        }
        enum status st = read_slot(ob, row, &slot);
        bool is_free = st == STATUS_OK && slot.state == SLOT_FREE;
        buf_wipe(&slot, sizeof(slot));
        if (st < 0 && st != STATUS_E_AUTH) {
            return st;
        }
        if (is_free) {
            choice->row[choice->count] = row;
            choice->count++;
            return STATUS_OK;
        }
    }
}

static enum status
find_slip(struct outbox *ob, const struct seal_hash *slip)
{
    enum status found = STATUS_NONE;
    enum status st = STATUS_OK;
    sqlite3_stmt *stmt = db_stmt(ob->db, STMT_SCAN);
    sqlite3_bind_int64(stmt, 1, 0);
    sqlite3_bind_int64(stmt, 2, OUTBOX_MAX_SLOTS);
    struct slot slot;
    for (st = db_step(ob->db, stmt); st == STATUS_OK;
         st = db_step(ob->db, stmt)) {
        const void *box = sqlite3_column_blob(stmt, 1);
        if (!box || sqlite3_column_bytes(stmt, 1) != SLOT_BOX_BYTES
            || slot_unlock(box, &ob->key, sqlite3_column_int64(stmt, 0), &slot)
                   < 0) {
            continue; /* counted by outbox_scan() */
        }
        if (slot.state == SLOT_SLIP
            && seal_equal(&slot.id, slip, sizeof(slot.id))) {
            found = STATUS_OK; /* go on: the time tells nothing */
        }
    }
    buf_wipe(&slot, sizeof(slot));
    return st < 0 ? st : found;
}

/* Within a transaction. */
static enum status
put_chunks(struct outbox *ob, struct slot *slot, const uint8_t *sealed,
           size_t len)
{
    struct choice choice = {.count = 0};
    int64_t slots = 0;
    enum status st = count_slots(ob, &slots);
    bool slip = slot->state == SLOT_SLIP;
    slot->chunks = slip ? 1 : (uint16_t)(len / SLOT_PAYLOAD_BYTES);
    for (uint16_t i = 0; i < slot->chunks && st == STATUS_OK; i++) {
        st = choose(ob, &slots, &choice);
        if (st < 0) {
            break;
        }
        slot->chunk = i;
        if (!slip) {
            memcpy(slot->payload, sealed + (size_t)i * SLOT_PAYLOAD_BYTES,
                   SLOT_PAYLOAD_BYTES);
        }
        st = write_slot(ob, STMT_WRITE, choice.row[i], slot);
    }
    return st;
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

    enum status st = db_begin(ob->db);
    if (st < 0) {
        return st;
    }
    if (slip) {
        struct slot mark = {
            .state = SLOT_SLIP, .form_tag = *form_tag, .id = *slip};
        st = find_slip(ob, slip);
        if (st == STATUS_OK) {
            st = STATUS_E_CONFLICT;
        } else if (st == STATUS_NONE) {
            st = put_chunks(ob, &mark, NULL, 0);
        }
    }
    if (st == STATUS_OK) {
        st = put_chunks(ob, &slot, sealed, len);
    }
    if (st == STATUS_OK) {
        st = db_commit(ob->db);
    }
    db_rollback(ob->db);
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
outbox_slip_used(struct outbox *ob, const struct seal_hash *slip)
{
    return find_slip(ob, slip);
}

/* -- the index ------------------------------------------------------------------ */

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
        struct entry *grown = realloc(ob->entry, cap * sizeof(ob->entry[0]));
        if (!grown) {
            return log_oom("outbox");
        }
        ob->entry = grown;
        ob->entry_cap = cap;
    }
    struct entry *entry = &ob->entry[ob->entry_count];
    *entry = (struct entry){
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
    sqlite3_stmt *stmt = db_stmt(ob->db, STMT_SCAN);
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
    const struct entry *x = a;
    const struct entry *y = b;
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
    const struct entry *first = &ob->entry[at];
    if (first->chunk != 0 || at + first->chunks > ob->entry_count) {
        return false;
    }
    for (size_t i = 1; i < first->chunks; i++) {
        const struct entry *entry = first + i;
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
    }
    return STATUS_OK;
}

enum status
outbox_scan(struct outbox *ob)
{
    int64_t row = 0;
    enum status st = STATUS_OK;
    ob->entry_count = 0;
    ob->record_count = 0;
    ob->tag_count = 0;
    ob->slots = 0;
    ob->free_slots = 0;
    ob->damaged = 0;
    while (st == STATUS_OK) {
        st = scan_step(ob, &row);
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
    const struct entry *entry = &ob->entry[ob->first[index]];
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
    const struct entry *entry = &ob->entry[ob->first[index]];
    size_t before = out->len;
    struct slot slot;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < entry->chunks && st == STATUS_OK; i++) {
        st = read_slot(ob, entry[i].row, &slot);
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
        st = STATUS_E_STALE; /* unreadable since the scan */
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
    enum status st = read_slot(ob, row, &slot);
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
    st = write_slot(ob, STMT_WRITE, row,
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
    struct entry *entry = &ob->entry[ob->first[index]];
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
        const struct entry *entry = &ob->entry[ob->first[i]];
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
    enum status st = db_begin(ob->db);
    if (st < 0) {
        return st;
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        size_t at = find_record(ob, &verdict[i].id);
        if (at == ob->record_count) {
            continue;
        }
        const struct entry *entry = &ob->entry[ob->first[at]];
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

enum status
outbox_version(struct outbox *ob, int64_t *out)
{
    return db_data_version(ob->db, out);
}

enum status
outbox_reserve(struct outbox *ob)
{
    enum status st = outbox_scan(ob);
    if (st < 0 || ob->free_slots >= ob->slots / 4) {
        return st;
    }
    int64_t slots = 0;
    st = db_begin(ob->db);
    if (st == STATUS_OK) {
        st = count_slots(ob, &slots);
    }
    if (st == STATUS_OK) {
        /* In proportion, so that a growing outbox is not always growing. */
        int64_t extents = 1 + slots / 4 / OUTBOX_EXTENT_SLOTS;
        st = add_slots(ob, slots, extents * OUTBOX_EXTENT_SLOTS);
        ob->slots = (size_t)(slots + extents * OUTBOX_EXTENT_SLOTS);
        ob->free_slots += (size_t)(extents * OUTBOX_EXTENT_SLOTS);
    }
    if (st == STATUS_OK) {
        st = db_commit(ob->db);
    }
    db_rollback(ob->db);
    return st;
}
