#include "harness/power.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define SECTOR_BYTES 512
#define PAGE_BYTES 4096
#define FILES_MAX 16
#define NAME_MAX_BYTES 512
#define SECTOR_SIZE_TOLD 4096

/* A write (data) or truncation (no data) that is not synced. */
struct pending {
    size_t offset;
    size_t len;
    uint8_t *data; /* owned; NULL: truncate to `offset` */
};

struct bytes {
    uint8_t *data; /* owned */
    size_t len;
    size_t cap;
};

struct file {
    char name[NAME_MAX_BYTES];
    bool exists;         /* as the program sees it */
    bool exists_durably; /* as the disk has it */
    struct bytes now;
    struct bytes durable;
    struct pending *pending; /* owned */
    size_t pending_count;
};

static struct disk {
    struct file file[FILES_MAX];
    uint64_t random;
    enum power_fault fault;
    size_t after;
    size_t changes;
    bool struck;
    bool off;
    bool spoils;
} disk;

static struct bytes saved[FILES_MAX];
static char saved_name[FILES_MAX][NAME_MAX_BYTES];

/* An open file as SQLite holds it. */
struct handle {
    sqlite3_file base;
    struct file *file;
    bool delete_on_close;
};

static void *
need(void *memory)
{
    if (!memory) {
        abort();
    }
    return memory;
}

/* splitmix64: the same seed, the same disaster. */
static uint64_t
draw(void)
{
    disk.random += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = disk.random;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* -- bytes ---------------------------------------------------------------- */

static void
bytes_resize(struct bytes *b, size_t len)
{
    if (len >= b->cap) {
        b->cap = 2 * len + SECTOR_BYTES;
        b->data = need(realloc(b->data, b->cap));
    }
    if (len > b->len) {
        memset(b->data + b->len, 0, len - b->len);
    }
    b->len = len;
}

static void
bytes_write(struct bytes *b, size_t offset, const uint8_t *data, size_t len)
{
    if (offset + len > b->len) {
        bytes_resize(b, offset + len);
    }
    memcpy(b->data + offset, data, len);
}

static void
bytes_copy(struct bytes *to, const struct bytes *from)
{
    bytes_resize(to, from->len);
    if (from->len > 0) {
        memcpy(to->data, from->data, from->len);
    }
}

/* -- the disk ---------------------------------------------------------------- */

static void
forget_pending(struct file *f)
{
    for (size_t i = 0; i < f->pending_count; i++) {
        free(f->pending[i].data);
    }
    free(f->pending);
    f->pending = NULL;
    f->pending_count = 0;
}

static void
add_pending(struct file *f, size_t offset, const uint8_t *data, size_t len)
{
    f->pending = need(
        realloc(f->pending, (f->pending_count + 1) * sizeof(f->pending[0])));
    struct pending *p = &f->pending[f->pending_count];
    f->pending_count++;
    *p = (struct pending){.offset = offset, .len = len};
    if (data) {
        p->data = need(malloc(len + 1));
        memcpy(p->data, data, len);
    }
}

/* All that was promised is on the disk. */
static void
arrive(struct file *f)
{
    for (size_t i = 0; i < f->pending_count; i++) {
        const struct pending *p = &f->pending[i];
        if (p->data) {
            bytes_write(&f->durable, p->offset, p->data, p->len);
        } else {
            bytes_resize(&f->durable, p->offset);
        }
    }
    forget_pending(f);
}

/* SQLITE_OK, or what the armed fault says. To be called before each change. */
static int
change(void)
{
    if (disk.off) {
        return SQLITE_IOERR;
    }
    disk.changes++;
    if (disk.after == 0 || disk.changes != disk.after) {
        return SQLITE_OK;
    }
    disk.struck = true;
    if (disk.fault == POWER_CUT) {
        disk.off = true;
    }
    return disk.fault == POWER_FULL ? SQLITE_FULL : SQLITE_IOERR;
}

/* All of the page that is on the disk is garbage, the bytes of others, too. */
static void
spoil_page(struct file *f, size_t offset)
{
    size_t from = offset - offset % PAGE_BYTES;
    for (size_t i = from; i < from + PAGE_BYTES && i < f->durable.len; i++) {
        f->durable.data[i] = (uint8_t)draw();
    }
}

/* Of an unsynced write, each sector reached the disk, did not, or is torn. */
static void
survive_write(struct file *f, const struct pending *p)
{
    size_t at = 0;
    while (at < p->len) {
        size_t in_sector = (p->offset + at) % SECTOR_BYTES;
        size_t piece = SECTOR_BYTES - in_sector;
        piece = piece < p->len - at ? piece : p->len - at;
        uint64_t fate = draw() % 8;
        if (fate < 4) {
            bytes_write(&f->durable, p->offset + at, p->data + at, piece);
        } else if (fate == 4) {
            uint8_t garbage[SECTOR_BYTES];
            for (size_t i = 0; i < piece; i++) {
                garbage[i] = (uint8_t)draw();
            }
            bytes_write(&f->durable, p->offset + at, garbage, piece);
            if (disk.spoils) {
                spoil_page(f, p->offset + at);
            }
        }
        at += piece;
    }
}

static void
survive(struct file *f)
{
    for (size_t i = f->pending_count; i > 1; i--) { /* any order */
        size_t j = draw() % i;
        struct pending kept = f->pending[i - 1];
        f->pending[i - 1] = f->pending[j];
        f->pending[j] = kept;
    }
    for (size_t i = 0; i < f->pending_count; i++) {
        const struct pending *p = &f->pending[i];
        if (p->data) {
            survive_write(f, p);
        } else if (draw() % 2 == 0) {
            bytes_resize(&f->durable, p->offset);
        }
    }
    forget_pending(f);
    if (f->exists != f->exists_durably && draw() % 2 == 0) {
        f->exists_durably = f->exists;
    }
    f->exists = f->exists_durably;
    bytes_copy(&f->now, &f->durable);
}

static struct file *
find(const char *name)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (strcmp(disk.file[i].name, name) == 0) {
            return &disk.file[i];
        }
    }
    return NULL;
}

/* All names of the one folder are synced together. */
static void
sync_names(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        disk.file[i].exists_durably = disk.file[i].exists;
    }
}

/* -- file methods ---------------------------------------------------------- */

static struct file *
of(sqlite3_file *file)
{
    return ((struct handle *)(void *)file)->file;
}

static int
file_close(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

static int
file_get(sqlite3_file *file, void *out, int len, sqlite3_int64 offset)
{
    struct file *f = of(file);
    size_t want = (size_t)len;
    size_t at = (size_t)offset;
    if (disk.off) {
        return SQLITE_IOERR_READ;
    }
    memset(out, 0, want);
    if (at >= f->now.len) {
        return SQLITE_IOERR_SHORT_READ;
    }
    size_t have = f->now.len - at;
    memcpy(out, f->now.data + at, have < want ? have : want);
    return have < want ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int
file_put(sqlite3_file *file, const void *data, int len, sqlite3_int64 offset)
{
    struct file *f = of(file);
    int rc = change();
    if (rc == SQLITE_OK || (disk.struck && disk.off)) {
        /* The write during which the power goes may be on the disk, too. */
        add_pending(f, (size_t)offset, data, (size_t)len);
    }
    if (rc == SQLITE_OK) {
        bytes_write(&f->now, (size_t)offset, data, (size_t)len);
    }
    return rc == SQLITE_IOERR ? SQLITE_IOERR_WRITE : rc;
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct file *f = of(file);
    int rc = change();
    if (rc == SQLITE_OK) {
        add_pending(f, (size_t)size, NULL, 0);
        bytes_resize(&f->now, (size_t)size);
    }
    return rc == SQLITE_OK ? rc : SQLITE_IOERR_TRUNCATE;
}

static int
file_sync(sqlite3_file *file, int flags)
{
    struct file *f = of(file);
    (void)flags;
    int rc = change();
    if (rc == SQLITE_OK) {
        arrive(f);
        sync_names(); /* as the unix VFS does after a file's creation */
    }
    return rc == SQLITE_OK ? rc : SQLITE_IOERR_FSYNC;
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)of(file)->now.len;
    return disk.off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
file_lock(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int
file_reserved(sqlite3_file *file, int *out)
{
    (void)file;
    *out = 0;
    return SQLITE_OK;
}

static int
file_control(sqlite3_file *file, int op, void *argument)
{
    (void)file;
    (void)op;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int
file_sector(sqlite3_file *file)
{
    (void)file;
    return SECTOR_SIZE_TOLD;
}

static int
file_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as the unix VFS says */
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_get,
    .xWrite = file_put,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_characteristics,
};

/* -- file system methods ---------------------------------------------------- */

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
         int *out_flags)
{
    struct handle *handle = (struct handle *)(void *)file;
    (void)vfs;
    *handle = (struct handle){.base = {NULL}};
    if (disk.off || !name) {
        return SQLITE_CANTOPEN;
    }
    struct file *f = find(name);
    if (!f || !f->exists) {
        if (!(flags & SQLITE_OPEN_CREATE) || change() != SQLITE_OK) {
            return SQLITE_CANTOPEN;
        }
        f = f ? f : find("");
        if (!f) {
            return SQLITE_CANTOPEN;
        }
        (void)snprintf(f->name, sizeof(f->name), "%s", name);
        f->exists = true;
        bytes_resize(&f->now, 0);
        if (!f->exists_durably) {
            bytes_resize(&f->durable, 0);
            forget_pending(f);
        } else { /* its deletion was not synced: the old bytes are there */
            add_pending(f, 0, NULL, 0);
        }
    }
    handle->file = f;
    handle->base.pMethods = &methods;
    if (out_flags) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct file *f = find(name);
    (void)vfs;
    if (!f || !f->exists) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    if (change() != SQLITE_OK) {
        return SQLITE_IOERR_DELETE;
    }
    f->exists = false;
    if (sync) {
        /* The sync of the folder is a moment of its own to fail in. */
        if (change() != SQLITE_OK) {
            return SQLITE_IOERR_DIR_FSYNC;
        }
        sync_names();
    }
    return SQLITE_OK;
}

static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    const struct file *f = find(name);
    (void)vfs;
    (void)flags;
    *out =
        f && f->exists && !(flags == SQLITE_ACCESS_EXISTS && f->now.len == 0);
    return disk.off ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int
vfs_path(sqlite3_vfs *vfs, const char *name, int len, char *out)
{
    (void)vfs;
    (void)snprintf(out, (size_t)len, "%s", name);
    return SQLITE_OK;
}

static int
vfs_random(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    for (int i = 0; i < len; i++) {
        out[i] = (char)(draw() & 0x7f);
    }
    return len;
}

static int
vfs_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int
vfs_time(sqlite3_vfs *vfs, double *out)
{
    (void)vfs;
    *out = 2460000.5;
    return SQLITE_OK;
}

static int
vfs_error(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    if (len > 0) {
        out[0] = '\0';
    }
    return 0;
}

bool
power_register(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = NAME_MAX_BYTES - 1,
        .zName = POWER_VFS,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_path,
        .xRandomness = vfs_random,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_error,
    };
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

void
power_reset(uint64_t seed)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct file *f = &disk.file[i];
        struct bytes now = f->now;
        struct bytes durable = f->durable;
        forget_pending(f);
        now.len = 0; /* the memory serves the next disk */
        durable.len = 0;
        *f = (struct file){.now = now, .durable = durable};
    }
    disk.random = seed;
    disk.fault = POWER_CUT;
    disk.after = 0;
    disk.changes = 0;
    disk.struck = false;
    disk.off = false;
    disk.spoils = false;
}

void
power_free(void)
{
    power_reset(0);
    for (size_t i = 0; i < FILES_MAX; i++) {
        free(disk.file[i].now.data);
        free(disk.file[i].durable.data);
        free(saved[i].data);
        disk.file[i].now = (struct bytes){0};
        disk.file[i].durable = (struct bytes){0};
        saved[i] = (struct bytes){0};
    }
}

void
power_arm(enum power_fault fault, size_t after)
{
    disk.fault = fault;
    disk.after = after;
    disk.changes = 0;
    disk.struck = false;
}

void
power_spoil_pages(void)
{
    disk.spoils = true;
}

bool
power_struck(void)
{
    return disk.struck;
}

size_t
power_changes(void)
{
    return disk.changes;
}

void
power_restore(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        survive(&disk.file[i]);
    }
    disk.off = false;
    disk.after = 0;
}

const uint8_t *
power_bytes(const char *name, size_t *out_len)
{
    const struct file *f = find(name);
    *out_len = f && f->exists ? f->now.len : 0;
    return f && f->exists ? f->now.data : NULL;
}

void
power_save(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        const struct file *f = &disk.file[i];
        bytes_resize(&saved[i], 0);
        saved_name[i][0] = '\0';
        if (f->exists) {
            bytes_copy(&saved[i], &f->now);
            memcpy(saved_name[i], f->name, sizeof(f->name));
        }
    }
}

void
power_load(uint64_t seed)
{
    power_reset(seed);
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct file *f = &disk.file[i];
        if (saved_name[i][0]) {
            memcpy(f->name, saved_name[i], sizeof(f->name));
            bytes_copy(&f->now, &saved[i]);
            bytes_copy(&f->durable, &saved[i]);
            f->exists = true;
            f->exists_durably = true;
        }
    }
}
