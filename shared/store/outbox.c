#include "store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "seal/record.h"
#include "store/outbox_0001.h"
#include "store/outbox_private.h"

/* A busier outbox than this is grown at once rather than searched longer. */
#define PROBES_PER_CHUNK 64
#define KEY_TRIES 512
#define FIRST_EXTENTS 2
#define KEY_FILE_MODE 0600
#define CHUNKS_MAX (OUTBOX_RECORD_MAX_BYTES / SLOT_PAYLOAD_BYTES)

static const char *const statements[OUTBOX_STMTS] = {
    /* Ids have no gaps; max() costs a walk down the tree, count() all pages. */
    [OUTBOX_STMT_COUNT_SLOTS] = "SELECT coalesce(max(id), 0) FROM slot",
    [OUTBOX_STMT_READ] = "SELECT box FROM slot WHERE id = ?1",
    [OUTBOX_STMT_WRITE] = "UPDATE slot SET box = ?2 WHERE id = ?1",
    [OUTBOX_STMT_ADD] = "INSERT INTO slot (id, box) VALUES (?1, ?2)",
    [OUTBOX_STMT_SCAN] =
        "SELECT id, box FROM slot WHERE id > ?1 ORDER BY id LIMIT ?2",
};

static const char *const migrations[] = {outbox_0001};

/* -- one slot ---------------------------------------------------------------- */

enum status
outbox_slots_count(struct outbox *ob, int64_t *out)
{
    sqlite3_stmt *stmt = db_stmt(ob->db, OUTBOX_STMT_COUNT_SLOTS);
    enum status st = db_step(ob->db, stmt);
    if (st == STATUS_OK) {
        *out = sqlite3_column_int64(stmt, 0);
        db_reset(stmt);
    }
    return st;
}

enum status
outbox_slot_read(struct outbox *ob, int64_t row, struct slot *out)
{
    sqlite3_stmt *stmt = db_stmt(ob->db, OUTBOX_STMT_READ);
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

enum status
outbox_slot_write(struct outbox *ob, enum outbox_stmt how, int64_t row,
                  const struct slot *slot)
{
    uint8_t box[SLOT_BOX_BYTES];
    slot_lock(slot, &ob->key, row, box);
    sqlite3_stmt *stmt = db_stmt(ob->db, how);
    sqlite3_bind_int64(stmt, 1, row);
    sqlite3_bind_blob(stmt, 2, box, sizeof(box), SQLITE_STATIC);
    return db_run(ob->db, stmt);
}

enum status
outbox_slots_add(struct outbox *ob, int64_t have, int64_t add)
{
    static const struct slot empty; /* SLOT_FREE */
    if (have + add > OUTBOX_MAX_SLOTS) {
        log_error("outbox", "%lld slots are all it may have",
                  (long long)OUTBOX_MAX_SLOTS);
        return STATUS_E_FULL;
    }
    enum status st = STATUS_OK;
    for (int64_t i = 1; i <= add && st == STATUS_OK; i++) {
        st = outbox_slot_write(ob, OUTBOX_STMT_ADD, have + i, &empty);
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
        st = outbox_slots_add(ob, 0,
                              (int64_t)FIRST_EXTENTS * OUTBOX_EXTENT_SLOTS);
    }
    return st;
}

/* Any readable slot will do: a few may be damaged. */
static enum status
try_key(struct outbox *ob, int64_t slots)
{
    struct slot slot;
    for (int64_t row = 1; row <= slots && row <= KEY_TRIES; row++) {
        enum status st = outbox_slot_read(ob, row, &slot);
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
        st = outbox_slots_count(ob, &slots);
    }
    if (st == STATUS_OK && slots == 0) {
        st = db_begin(ob->db);
        if (st == STATUS_OK) {
            st = outbox_slots_count(ob, &slots);
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
        .journal = DB_JOURNAL_TRUNCATE,
        .busy_ms = OUTBOX_BUSY_MS,
        .migrations = migrations,
        .migration_count = sizeof(migrations) / sizeof(migrations[0]),
        .statements = statements,
        .statement_count = OUTBOX_STMTS,
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
 * one is answered by another throw. STATUS_NONE: too few are free. */
static enum status
choose(struct outbox *ob, int64_t slots, struct choice *choice)
{
    struct slot slot;
    for (int tries = 0; tries < PROBES_PER_CHUNK; tries++) {
        int64_t row = 1 + random_below((uint32_t)slots);
        if (chosen(choice, row)) {
            continue;
        }
        enum status st = outbox_slot_read(ob, row, &slot);
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
    return STATUS_NONE;
}

static enum status
find_slip(struct outbox *ob, const struct seal_hash *slip)
{
    enum status found = STATUS_NONE;
    enum status st = STATUS_OK;
    sqlite3_stmt *stmt = db_stmt(ob->db, OUTBOX_STMT_SCAN);
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

/* Within a transaction. STATUS_NONE: too few slots are free. */
static enum status
put_chunks(struct outbox *ob, struct slot *slot, const uint8_t *sealed,
           size_t len)
{
    struct choice choice = {.count = 0};
    int64_t slots = 0;
    enum status st = outbox_slots_count(ob, &slots);
    bool slip = slot->state == SLOT_SLIP;
    slot->chunks = slip ? 1 : (uint16_t)(len / SLOT_PAYLOAD_BYTES);
    for (uint16_t i = 0; i < slot->chunks && st == STATUS_OK; i++) {
        st = choose(ob, slots, &choice);
        if (st != STATUS_OK) {
            break;
        }
        slot->chunk = i;
        if (!slip) {
            memcpy(slot->payload, sealed + (size_t)i * SLOT_PAYLOAD_BYTES,
                   SLOT_PAYLOAD_BYTES);
        }
        st = outbox_slot_write(ob, OUTBOX_STMT_WRITE, choice.row[i], slot);
    }
    return st;
}

/* One transaction. STATUS_NONE: too few slots are free; nothing is stored. */
static enum status
try_put(struct outbox *ob, struct slot *slot, const struct seal_hash *slip,
        const uint8_t *sealed, size_t len)
{
    enum status st = db_begin(ob->db);
    if (st < 0) {
        return st;
    }
    if (slip) {
        struct slot mark = {
            .state = SLOT_SLIP, .form_tag = slot->form_tag, .id = *slip};
        st = find_slip(ob, slip);
        if (st == STATUS_OK) {
            st = STATUS_E_CONFLICT;
        } else if (st == STATUS_NONE) {
            st = put_chunks(ob, &mark, NULL, 0);
        }
    }
    if (st == STATUS_OK) {
        st = put_chunks(ob, slot, sealed, len);
    }
    if (st == STATUS_OK) {
        st = db_commit(ob->db);
    }
    db_rollback(ob->db);
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
    enum status st = try_put(ob, &slot, slip, sealed, len);
    while (st == STATUS_NONE) { /* every round adds an extent */
        st = outbox_grow(ob);
        if (st == STATUS_OK) {
            st = try_put(ob, &slot, slip, sealed, len);
        }
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
outbox_slip_used(struct outbox *ob, const struct seal_hash *slip)
{
    return find_slip(ob, slip);
}

enum status
outbox_version(struct outbox *ob, int64_t *out)
{
    return db_data_version(ob->db, out);
}
