#include "store/pages.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/log.h"

#define HEAD_PAGE 1
#define LOG_PAGE 2
#define BUSY_STEP_US 200
#define YIELD_US 500 /* longer: who waits looks at least once meanwhile */
#define HEAD_PLAIN_BYTES \
    (sizeof(uint32_t) * (1 + PAGES_CHANGE_MAX) + SEAL_HASH_BYTES)
#define HEAD_BOX_BYTES (HEAD_PLAIN_BYTES + SEAL_LOCK_OVERHEAD_BYTES)
/* The unix VFS transfers less than 128 KiB in a call. */
#define TRANSFER_BYTES ((size_t)16 * PAGES_BYTES)
#define MARK_BYTES 8 /* of the head: random, so new at every change */

_Static_assert(HEAD_BOX_BYTES <= PAGES_BYTES, "the head is one page");

static const char about_head[] = "redo";

struct pages {
    sqlite3_file *file;           /* owned */
    const sqlite3_io_methods *io; /* the file's; NULL: not open */
    const char *path; /* owned; as sqlite3_create_filename() makes it */
    struct seal_lock_key key;
    /* The head of the log and behind it the pages of a change: what is written
     * to the log in one piece. Owned. */
    uint8_t *stage;
    uint32_t stage_cap; /* pages, without the head */
    uint32_t page[PAGES_CHANGE_MAX];
    uint32_t count; /* collected, or committed and not finished */
    uint8_t view[PAGES_BYTES];
    uint32_t viewed;          /* which page that is, as of `mark`; 0: none */
    uint8_t mark[MARK_BYTES]; /* of the last change known here */
    int64_t version;
    bool clean; /* the log was empty at `mark`, and the stage has its head */
    bool locked;
    bool pending;  /* committed, not finished */
    bool doubtful; /* a commit failed and its log could not be wiped */
};

/* -- the disk ---------------------------------------------------------------- */

static enum status
failed(const struct pages *p, const char *doing, int rc)
{
    log_error("pages", "%s: %s: %s (%d)", p->path, doing, sqlite3_errstr(rc),
              rc);
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return STATUS_E_FULL;
    case SQLITE_NOMEM:
        return STATUS_E_NOMEM;
    default:
        return STATUS_E_IO;
    }
}

/* Bytes [done, len) of a transfer, but no more than one call may ask for. */
static int
piece_of(size_t done, size_t len)
{
    return (int)(len - done < TRANSFER_BYTES ? len - done : TRANSFER_BYTES);
}

static enum status
disk_write(struct pages *p, uint32_t page, const uint8_t *data, uint32_t count)
{
    size_t len = (size_t)count * PAGES_BYTES;
    for (size_t done = 0; done < len; done += TRANSFER_BYTES) {
        int rc = p->io->xWrite(p->file, data + done, piece_of(done, len),
                               (sqlite3_int64)page * PAGES_BYTES
                                   + (sqlite3_int64)done);
        if (rc != SQLITE_OK) {
            return failed(p, "write", rc);
        }
    }
    return STATUS_OK;
}

static enum status
disk_sync(struct pages *p)
{
    int rc = p->io->xSync(p->file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    return rc == SQLITE_OK ? STATUS_OK : failed(p, "sync", rc);
}

/* What lies beyond the end is zeros. */
static enum status
disk_read(struct pages *p, sqlite3_int64 at, uint8_t *out, size_t len)
{
    for (size_t done = 0; done < len; done += TRANSFER_BYTES) {
        int rc = p->io->xRead(p->file, out + done, piece_of(done, len),
                              at + (sqlite3_int64)done);
        if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) {
            return failed(p, "read", rc);
        }
    }
    return STATUS_OK;
}

enum status
pages_read(struct pages *p, uint32_t first, uint32_t count, uint8_t *out)
{
    return disk_read(p, (sqlite3_int64)first * PAGES_BYTES, out,
                     (size_t)count * PAGES_BYTES);
}

enum status
pages_count(struct pages *p, uint32_t *out)
{
    sqlite3_int64 size = 0;
    int rc = p->io->xFileSize(p->file, &size);
    if (rc != SQLITE_OK) {
        return failed(p, "size", rc);
    }
    sqlite3_int64 count = size / PAGES_BYTES;
    *out = count > PAGES_MAX ? PAGES_MAX : (uint32_t)count;
    return STATUS_OK;
}

void
pages_noise(uint8_t *out, size_t len)
{
    static const uint8_t zeros[PAGES_BYTES];
    uint8_t box[PAGES_BYTES + SEAL_LOCK_OVERHEAD_BYTES];
    struct seal_lock_key once;
    seal_lock_key_new(&once);
    while (len > 0) {
        size_t piece = len < PAGES_BYTES ? len : PAGES_BYTES;
        seal_lock(&once, NULL, 0, zeros, piece, box);
        memcpy(out, box, piece);
        out += piece;
        len -= piece;
    }
    buf_wipe(&once, sizeof(once));
}

/* -- life -------------------------------------------------------------------- */

static enum status
room_for(struct pages *p, uint32_t pages)
{
    if (p->stage && pages <= p->stage_cap) {
        return STATUS_OK;
    }
    uint32_t cap = p->stage_cap ? p->stage_cap : 4;
    while (cap < pages) {
        cap *= 2;
    }
    uint8_t *grown = realloc(p->stage, (size_t)(cap + 1) * PAGES_BYTES);
    if (!grown) {
        return log_oom("pages");
    }
    p->stage = grown;
    p->stage_cap = cap;
    return STATUS_OK;
}

static enum status
open_file(struct pages *p, const char *path, const char *name)
{
    char full[4096];
    int flags = 0;
    sqlite3_vfs *vfs = sqlite3_vfs_find(name); /* starts SQLite */
    if (!vfs || vfs->mxPathname >= (int)sizeof(full)) {
        return STATUS_E_IO;
    }
    int rc = vfs->xFullPathname(vfs, path, (int)sizeof(full), full);
    if ((rc & 0xff) != SQLITE_OK) {
        log_error("pages", "%s: %s", path, sqlite3_errstr(rc));
        return STATUS_E_IO;
    }
    p->path = sqlite3_create_filename(full, "", "", 0, NULL);
    p->file = calloc(1, (size_t)vfs->szOsFile);
    if (!p->path || !p->file) {
        return log_oom("pages");
    }
    rc = vfs->xOpen(vfs, p->path, p->file,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                        | SQLITE_OPEN_MAIN_DB,
                    &flags);
    if (rc != SQLITE_OK) {
        return failed(p, "open", rc);
    }
    p->io = p->file->pMethods;
    if (flags & SQLITE_OPEN_READONLY) {
        log_error("pages", "%s: may not be written", p->path);
        return STATUS_E_IO;
    }
    return STATUS_OK;
}

enum status
pages_open(const char *path, const char *vfs, struct pages **out)
{
    *out = NULL;
    struct pages *p = calloc(1, sizeof(*p));
    if (!p) {
        return log_oom("pages");
    }
    enum status st = room_for(p, 1);
    if (st == STATUS_OK) {
        st = open_file(p, path, vfs);
    }
    if (st < 0) {
        pages_close(p);
        return st;
    }
    *out = p;
    return STATUS_OK;
}

void
pages_close(struct pages *p)
{
    if (!p) {
        return;
    }
    pages_unlock(p);
    if (p->io) {
        (void)p->io->xClose(p->file);
    }
    sqlite3_free_filename(p->path);
    free(p->file);
    free(p->stage);
    buf_wipe(&p->key, sizeof(p->key));
    free(p);
}

void
pages_set_key(struct pages *p, const struct seal_lock_key *key)
{
    p->key = *key;
}

/* -- the redo log ------------------------------------------------------------ */

static void
put_u32(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint32_t
get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16
           | (uint32_t)at[3] << 24;
}

/* Another's mark: its change is news. */
static void
note_mark(struct pages *p, const uint8_t mark[MARK_BYTES])
{
    if (memcmp(p->mark, mark, MARK_BYTES) != 0) {
        memcpy(p->mark, mark, MARK_BYTES);
        p->version++;
    }
}

static enum status
write_head_and_log(struct pages *p, uint32_t count)
{
    memcpy(p->mark, p->stage, MARK_BYTES); /* ours: no news */
    enum status st = disk_write(p, HEAD_PAGE, p->stage, 1 + count);
    return st < 0 ? st : disk_sync(p);
}

static enum status
wipe_log(struct pages *p, uint32_t count)
{
    pages_noise(p->stage, (size_t)(1 + count) * PAGES_BYTES);
    enum status st = write_head_and_log(p, count);
    p->doubtful = st < 0;
    p->clean = st == STATUS_OK;
    return st;
}

/* Put the collected pages into the log's form. */
static void
lock_head(struct pages *p)
{
    uint8_t plain[HEAD_PLAIN_BYTES] = {0};
    struct seal_hash hash;
    put_u32(plain, p->count);
    for (uint32_t i = 0; i < p->count; i++) {
        put_u32(plain + 4 + (size_t)4 * i, p->page[i]);
    }
    seal_hash(p->stage + PAGES_BYTES, (size_t)p->count * PAGES_BYTES, NULL, 0,
              &hash);
    memcpy(plain + HEAD_PLAIN_BYTES - SEAL_HASH_BYTES, hash.bytes,
           SEAL_HASH_BYTES);
    /* Behind it stays what read_log() found: random bytes. */
    seal_lock(&p->key, about_head, sizeof(about_head), plain, sizeof(plain),
              p->stage);
}

static enum status
read_mark(struct pages *p, uint8_t out[MARK_BYTES])
{
    return disk_read(p, (sqlite3_int64)HEAD_PAGE * PAGES_BYTES, out,
                     MARK_BYTES);
}

/* Read a change that was committed and not finished into the stage; p->count
 * is 0 if there is none. */
static enum status
read_log(struct pages *p)
{
    uint8_t plain[HEAD_PLAIN_BYTES];
    struct seal_hash hash;
    uint8_t mark[MARK_BYTES];
    p->count = 0;
    enum status st = read_mark(p, mark);
    if (st == STATUS_OK && p->clean && memcmp(mark, p->mark, MARK_BYTES) == 0) {
        return STATUS_OK; /* nobody has been here since */
    }
    p->clean = false;
    p->viewed = 0;
    if (st == STATUS_OK) {
        st = pages_read(p, HEAD_PAGE, 1, p->stage);
    }
    if (st < 0) {
        return st;
    }
    note_mark(p, p->stage);
    if (seal_unlock(&p->key, about_head, sizeof(about_head), p->stage,
                    HEAD_BOX_BYTES, plain)
        < 0) {
        p->clean = true;
        return STATUS_OK;
    }
    uint32_t count = get_u32(plain);
    if (count == 0 || count > PAGES_CHANGE_MAX) {
        return STATUS_OK;
    }
    st = room_for(p, count);
    if (st == STATUS_OK) {
        st = pages_read(p, LOG_PAGE, count, p->stage + PAGES_BYTES);
    }
    if (st < 0) {
        return st;
    }
    seal_hash(p->stage + PAGES_BYTES, (size_t)count * PAGES_BYTES, NULL, 0,
              &hash);
    if (seal_equal(hash.bytes, plain + HEAD_PLAIN_BYTES - SEAL_HASH_BYTES,
                   SEAL_HASH_BYTES)) {
        for (uint32_t i = 0; i < count; i++) {
            p->page[i] = get_u32(plain + 4 + (size_t)4 * i);
        }
        p->count = count;
    }
    return STATUS_OK;
}

/* -- changing ---------------------------------------------------------------- */

static void
nap(long us)
{
    const struct timespec t = {.tv_nsec = us * 1000};
    (void)nanosleep(&t, NULL); /* woken early: so much the better */
}

void
pages_yield(void)
{
    nap(YIELD_US);
}

static enum status
lock_within(struct pages *p, int patience_ms)
{
    const sqlite3_io_methods *m = p->io;
    int64_t waited_us = 0;
    int rc = SQLITE_OK;
    for (;;) {
        rc = m->xLock(p->file, SQLITE_LOCK_SHARED);
        if (rc == SQLITE_OK) {
            rc = m->xLock(p->file, SQLITE_LOCK_RESERVED);
        }
        if (rc == SQLITE_OK) {
            p->locked = true;
            return STATUS_OK;
        }
        (void)m->xUnlock(p->file, SQLITE_LOCK_NONE);
        if (rc != SQLITE_BUSY) {
            return failed(p, "lock", rc);
        }
        if (waited_us >= (int64_t)patience_ms * 1000) {
            return STATUS_E_BUSY;
        }
        waited_us += BUSY_STEP_US;
        nap(BUSY_STEP_US);
    }
}

enum status
pages_lock_raw(struct pages *p)
{
    return lock_within(p, PAGES_BUSY_MS);
}

/* The rest of locking, given how the lock itself went. */
static enum status
catch_up(struct pages *p, enum status st)
{
    if (st == STATUS_OK && p->doubtful) {
        /* It was reported as failed, so it must not be made now. Others may have
         * been here since, whose mark is lost with it. */
        st = wipe_log(p, 0);
        p->viewed = 0;
        p->version++;
    }
    if (st == STATUS_OK) {
        st = read_log(p);
    }
    if (st == STATUS_OK) {
        p->pending = p->count > 0;
        st = pages_finish(p);
    }
    if (st < 0) {
        pages_unlock(p);
    }
    return st;
}

enum status
pages_lock(struct pages *p)
{
    return catch_up(p, pages_lock_raw(p));
}

enum status
pages_lock_if_free(struct pages *p)
{
    return catch_up(p, lock_within(p, 0));
}

void
pages_unlock(struct pages *p)
{
    if (p && p->locked && p->io) {
        (void)p->io->xUnlock(p->file, SQLITE_LOCK_NONE);
        p->locked = false;
        p->pending = false;
        p->count = 0;
    }
}

/* Where a page is collected, or NULL. */
static uint8_t *
collected(const struct pages *p, uint32_t page)
{
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->page[i] == page) {
            return p->stage + (size_t)(1 + i) * PAGES_BYTES;
        }
    }
    return NULL;
}

enum status
pages_view(struct pages *p, uint32_t page, const uint8_t **out)
{
    *out = collected(p, page);
    if (*out) {
        return STATUS_OK;
    }
    enum status st = pages_read(p, page, 1, p->view);
    p->viewed = st == STATUS_OK ? page : 0;
    *out = p->view;
    return st;
}

enum status
pages_edit(struct pages *p, uint32_t page, uint8_t **out)
{
    *out = collected(p, page);
    if (*out) {
        return STATUS_OK;
    }
    if (p->count == PAGES_CHANGE_MAX || p->pending) {
        return STATUS_E_LIMIT;
    }
    enum status st = room_for(p, p->count + 1);
    if (st == STATUS_OK && p->stage) {
        uint8_t *at = p->stage + (size_t)(1 + p->count) * PAGES_BYTES;
        if (page != 0 && page == p->viewed) {
            memcpy(at, p->view, PAGES_BYTES);
        } else {
            st = pages_read(p, page, 1, at);
        }
        *out = at;
    }
    if (st == STATUS_OK) {
        p->page[p->count] = page;
        p->count++;
    }
    return st;
}

size_t
pages_edited(const struct pages *p)
{
    return p->count;
}

enum status
pages_commit(struct pages *p)
{
    if (p->count == 0) {
        return STATUS_OK;
    }
    p->clean = false;
    lock_head(p);
    enum status st = write_head_and_log(p, p->count);
    if (st == STATUS_OK) {
        p->pending = true;
    } else if (wipe_log(p, 0) < 0) { /* the log may have arrived all the same */
        log_warn("pages", "%s: a failed change could not be taken back yet",
                 p->path);
    }
    return st;
}

enum status
pages_finish(struct pages *p)
{
    enum status st = STATUS_OK;
    if (!p->pending) {
        return STATUS_OK;
    }
    uint32_t count = p->count;
    p->viewed = 0;
    for (uint32_t i = 0; i < count && st == STATUS_OK; i++) {
        st = disk_write(p, p->page[i], p->stage + (size_t)(1 + i) * PAGES_BYTES,
                        1);
    }
    if (st == STATUS_OK) {
        st = disk_sync(p);
    }
    if (st == STATUS_OK) {
        /* If this fails, the next lock finds the log and does it all again. */
        p->pending = false;
        p->count = 0;
        st = wipe_log(p, count);
        p->doubtful = false;
    }
    return st;
}

enum status
pages_append(struct pages *p, uint32_t first, uint32_t count,
             const uint8_t *data)
{
    if (count > PAGES_MAX || first > PAGES_MAX - count) {
        return STATUS_E_LIMIT;
    }
    p->viewed = 0;
    return disk_write(p, first, data, count);
}

enum status
pages_sync(struct pages *p)
{
    return disk_sync(p);
}

void
pages_cut(struct pages *p, uint32_t count)
{
    p->viewed = 0;
    (void)p->io->xTruncate(p->file, (sqlite3_int64)count * PAGES_BYTES);
}

enum status
pages_version(struct pages *p, int64_t *out)
{
    uint8_t mark[MARK_BYTES];
    /* Whoever holds the lock looked when he took it. */
    enum status st = p->locked ? STATUS_OK : read_mark(p, mark);
    if (st == STATUS_OK && !p->locked) {
        note_mark(p, mark);
    }
    if (st == STATUS_OK) {
        *out = p->version;
    }
    return st;
}
