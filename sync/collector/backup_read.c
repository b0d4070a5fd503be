#define _GNU_SOURCE /* O_TMPFILE */
#include "collector/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/backup_format.h"
#include "collector/store/people_veil.h"

#define MODE 0600

struct reader {
    int fd;
    struct seal_stream stream;
    struct seal_hash about;
    uint8_t box[BACKUP_BOX_BYTES];
    uint8_t chunk[BACKUP_CHUNK_BYTES];
    size_t at;
    size_t filled;
    bool last; /* this is the last chunk */
    const struct keyslots_opener *opener;
    struct backup_inside *inside;
    char scratch[HOME_PATH_MAX]; /* folder to check in; "": into a home */
};

/* STATUS_E_INVALID: cut off or changed. */
static enum status
next_chunk(struct reader *r)
{
    size_t got = 0;
    if (r->last) {
        return STATUS_E_INVALID;
    }
    enum status st = backup_read_some(r->fd, r->box, sizeof(r->box), &got);
    if (st < 0) {
        return st;
    }
    st = seal_stream_take(&r->stream, &r->about, r->box, got, r->chunk,
                          &r->last);
    if (st < 0 || (!r->last && got < sizeof(r->box))) {
        return STATUS_E_INVALID;
    }
    r->at = 0;
    r->filled = got - SEAL_STREAM_OVERHEAD_BYTES;
    return STATUS_OK;
}

/* The next bytes, up to `max` and at least one. */
static enum status
take(struct reader *r, size_t max, const uint8_t **out, size_t *out_len)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && r->at == r->filled) {
        st = next_chunk(r);
    }
    if (st < 0) {
        return st;
    }
    size_t left = r->filled - r->at;
    *out = r->chunk + r->at;
    *out_len = left < max ? left : max;
    r->at += *out_len;
    return STATUS_OK;
}

static enum status
take_exactly(struct reader *r, void *to, size_t len)
{
    uint8_t *at = to;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && len > 0) {
        const uint8_t *piece = NULL;
        size_t got = 0;
        st = take(r, len, &piece, &got);
        if (st == STATUS_OK) {
            memcpy(at, piece, got);
            at += got;
            len -= got;
        }
    }
    return st;
}

/* Which of our files it is; NULL: none that this version knows. */
static const char *
known_name(const char *name)
{
    for (size_t i = 0; i < home_database_count; i++) {
        if (strcmp(home_database[i], name) == 0) {
            return home_database[i];
        }
    }
    if (strcmp(name, HOME_PEOPLE_KEYS) == 0) {
        return HOME_PEOPLE_KEYS;
    }
    return strcmp(name, HOME_KEYS) == 0 ? HOME_KEYS : NULL;
}

/* STATUS_NONE: that was all. */
static enum status
take_name(struct reader *r, const char **out_name, uint64_t *out_size)
{
    char name[BACKUP_NAME_MAX_BYTES + 1] = "";
    uint8_t size[BACKUP_SIZE_BYTES] = {0};
    uint8_t len = 0;
    enum status st = take_exactly(r, &len, 1);
    if (st == STATUS_OK && len == 0) {
        return r->last && r->at == r->filled ? STATUS_NONE : STATUS_E_INVALID;
    }
    if (st == STATUS_OK && len > BACKUP_NAME_MAX_BYTES) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        st = take_exactly(r, name, len);
    }
    if (st == STATUS_OK) {
        st = take_exactly(r, size, sizeof(size));
    }
    if (st < 0) {
        return st;
    }
    *out_size = 0;
    for (size_t i = 0; i < BACKUP_SIZE_BYTES; i++) {
        *out_size = *out_size << 8 | size[i];
    }
    *out_name = known_name(name);
    return *out_name ? STATUS_OK : STATUS_E_UNSUPPORTED;
}

static enum status
part_path(const char *dir, const char *name, char out[HOME_PATH_MAX])
{
    char part[BACKUP_NAME_MAX_BYTES + sizeof(FILE_PART)];
    (void)snprintf(part, sizeof(part), "%s" FILE_PART, name);
    return home_path(dir, part, out);
}

/* --- what is inside ------------------------------------------------------- */

static enum status
check_keys(struct reader *r, const char *path)
{
    struct keys keys;
    enum status st = keys_load(path, &keys);
    if (st == STATUS_OK && keys.locked && r->opener->recovery) {
        st = keys_unlock(&keys, r->opener);
    }
    if (st == STATUS_OK) {
        r->inside->keys_open = !keys.locked;
        keys_wipe(&keys);
    }
    return st < 0 ? STATUS_E_INVALID : STATUS_OK;
}

/* `drop`: it loses its name as soon as it is open. */
static enum status
check_inside(struct reader *r, const char *path, const char *name, bool drop)
{
    enum status st = STATUS_OK;
    if (strcmp(name, HOME_KEYS) != 0) {
        st = store_check(path, drop, &r->inside->holds);
    } else {
        st = check_keys(r, path);
        if (drop && unlink(path) != 0) {
            log_warn("backup", "%s: left behind", path);
        }
    }
    if (st == STATUS_E_INVALID) {
        r->inside->damaged = name;
    }
    return st;
}

static enum status
make_scratch(struct reader *r)
{
    const char *tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) */
    enum status st = home_path(tmp && *tmp ? tmp : "/tmp",
                               "anketa-verify-XXXXXX", r->scratch);
    if (st == STATUS_OK && !mkdtemp(r->scratch)) {
        st = log_errno("backup", r->scratch);
        r->scratch[0] = '\0';
    }
    return st;
}

/* Without a name, where the file system can do that. */
static int
open_scratch(const struct reader *r, const char *path)
{
    int fd = open(r->scratch, O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
    return fd >= 0 ? fd
                   : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
}

/* A name for the moment in which it is opened. */
static enum status
name_scratch(int fd, const char *path)
{
    char from[64];
    (void)snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
    if (!file_exists(path)
        && linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0) {
        return log_errno("backup", path);
    }
    return STATUS_OK;
}

/* --- the files ------------------------------------------------------------ */

static enum status
pour(struct reader *r, int fd, uint64_t size)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && size > 0) {
        const uint8_t *piece = NULL;
        size_t got = 0;
        st = take(r,
                  size < BACKUP_CHUNK_BYTES ? (size_t)size : BACKUP_CHUNK_BYTES,
                  &piece, &got);
        size -= got;
        if (st == STATUS_OK) {
            st = backup_write_all(fd, piece, got);
        }
    }
    return st;
}

/* Look at it, and keep nothing. */
static enum status
try_file(struct reader *r, const char *name, uint64_t size)
{
    char path[HOME_PATH_MAX];
    enum status st = home_path(r->scratch, name, path);
    if (st < 0) {
        return st;
    }
    int fd = open_scratch(r, path);
    if (fd < 0) {
        return log_errno("backup", path);
    }
    st = pour(r, fd, size);
    if (st == STATUS_OK) {
        st = name_scratch(fd, path);
    }
    if (st == STATUS_OK) {
        st = check_inside(r, path, name, true);
    } else if (unlink(path) != 0 && errno != ENOENT) {
        log_warn("backup", "%s: left behind", path);
    }
    close(fd);
    return st;
}

static enum status
take_file(struct reader *r, const char *dir, const char *name, uint64_t size)
{
    char path[HOME_PATH_MAX];
    if (!dir) {
        return try_file(r, name, size);
    }
    enum status st = part_path(dir, name, path);
    if (st < 0) {
        return st;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE);
    if (fd < 0) {
        return log_errno("backup", path);
    }
    st = pour(r, fd, size);
    if (st == STATUS_OK && fsync(fd) != 0) {
        st = log_errno("backup", path);
    }
    close(fd);
    return st == STATUS_OK ? check_inside(r, path, name, false) : st;
}

/* A collector needs its first database and its keys. */
static enum status
take_files(struct reader *r, const char *dir)
{
    const char *name = NULL;
    uint64_t size = 0;
    bool database = false;
    bool keys = false;
    enum status st = take_name(r, &name, &size);
    while (st == STATUS_OK) {
        if (strcmp(name, HOME_PEOPLE_KEYS) == 0) {
            return STATUS_E_INVALID; /* a file of keys is no backup */
        }
        database = database || strcmp(name, home_database[0]) == 0;
        keys = keys || strcmp(name, HOME_KEYS) == 0;
        st = take_file(r, dir, name, size);
        if (st == STATUS_OK) {
            st = take_name(r, &name, &size);
        }
    }
    if (st == STATUS_NONE) {
        st = database && keys ? STATUS_OK : STATUS_E_INVALID;
    }
    return st;
}

/* Everything is there and sound: give the files their names, the keys last. */
static enum status
settle(const char *dir, const char *name)
{
    char from[HOME_PATH_MAX];
    char to[HOME_PATH_MAX];
    enum status st = part_path(dir, name, from);
    if (st == STATUS_OK) {
        st = home_path(dir, name, to);
    }
    if (st == STATUS_OK && file_exists(from) && rename(from, to) != 0) {
        st = log_errno("backup", to);
    }
    return st;
}

/* STATUS_NONE: there is somebody, and no keys were given. */
static enum status
unveil(const char *dir, const struct people_keys *people)
{
    char part[HOME_PATH_MAX];
    char keys[HOME_PATH_MAX];
    bool needed = false;
    enum status st = part_path(dir, STORE_PEOPLE_FILE, part);
    if (st == STATUS_OK && !file_exists(part)) {
        return STATUS_OK; /* of a version that had people elsewhere */
    }
    if (st == STATUS_OK) {
        st = people_veil_needs_keys(part, &needed);
    }
    if (st == STATUS_OK && needed && !people) {
        return STATUS_NONE;
    }
    if (st == STATUS_OK) {
        st = people_veil_open(part, people);
    }
    if (st == STATUS_OK && people && people->count > 0) {
        st = home_path(dir, HOME_PEOPLE_KEYS, keys);
        if (st == STATUS_OK) {
            st = people_keys_save(keys, people);
        }
    }
    return st;
}

static enum status
settle_all(const char *dir, const struct people_keys *people)
{
    enum status st = unveil(dir, people);
    for (size_t i = 0; st == STATUS_OK && i < home_database_count; i++) {
        st = settle(dir, home_database[i]);
    }
    if (st == STATUS_OK) {
        st = home_renew(dir);
    }
    return st == STATUS_OK ? settle(dir, HOME_KEYS) : st;
}

static void
drop_part(const char *dir, const char *name)
{
    char path[HOME_PATH_MAX];
    if (part_path(dir, name, path) == STATUS_OK && unlink(path) != 0
        && errno != ENOENT) {
        log_warn("backup", "%s: left behind", path);
    }
}

static void
drop_parts(const char *dir)
{
    for (size_t i = 0; i < home_database_count; i++) {
        drop_part(dir, home_database[i]);
    }
    drop_part(dir, HOME_KEYS);
}

static enum status
open_stream(struct reader *r, const struct keyslots_opener *opener,
            struct backup_info *info)
{
    uint8_t start[SEAL_STREAM_START_BYTES];
    struct seal_lock_key key;
    struct backup_front front;
    size_t got = 0;
    enum status st = backup_front_read(r->fd, &front, info);
    if (st == STATUS_OK) {
        r->about = front.hash;
        st = backup_read_some(r->fd, start, sizeof(start), &got);
    }
    if (st == STATUS_OK && got < sizeof(start)) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        st = keyslots_open(&info->slots, opener, &key);
    }
    if (st == STATUS_OK) {
        st = seal_stream_open(&r->stream, &key, start);
        st = st == STATUS_E_AUTH ? STATUS_E_INVALID : st;
    }
    buf_wipe(&key, sizeof(key));
    return st;
}

enum status
backup_read(int fd, const struct keyslots_opener *opener,
            const struct people_keys *people, const char *dir,
            struct backup_info *out, struct backup_inside *out_inside)
{
    *out_inside = (struct backup_inside){.damaged = NULL};
    struct reader *r = calloc(1, sizeof(*r));
    if (!r) {
        return log_oom("backup");
    }
    r->fd = fd;
    r->opener = opener;
    r->inside = out_inside;
    enum status st = dir && home_taken(dir) ? STATUS_E_CONFLICT : STATUS_OK;
    if (st == STATUS_OK) {
        st = open_stream(r, opener, out);
    }
    const bool made = st == STATUS_OK && dir && !file_exists(dir);
    if (st == STATUS_OK) {
        st = dir ? file_make_dirs(dir) : make_scratch(r);
    }
    if (st == STATUS_OK) {
        st = take_files(r, dir);
        if (st == STATUS_OK && dir) {
            st = settle_all(dir, people);
        }
        if (st != STATUS_OK && dir) {
            drop_parts(dir);
        }
        if (st != STATUS_OK && made && rmdir(dir) != 0) {
            log_warn("backup", "%s: left behind", dir);
        }
    }
    if (r->scratch[0] && rmdir(r->scratch) != 0) {
        log_warn("backup", "%s: left behind", r->scratch);
    }
    buf_wipe(r, sizeof(*r));
    free(r);
    return st;
}

static enum status
take_people(struct reader *r, struct people_keys *out)
{
    const char *name = NULL;
    uint64_t size = 0;
    enum status st = take_name(r, &name, &size);
    if (st != STATUS_OK || strcmp(name, HOME_PEOPLE_KEYS) != 0
        || size > PEOPLE_KEYS_FILE_MAX_BYTES) {
        return st < 0 ? st : STATUS_E_INVALID;
    }
    uint8_t *bytes = malloc((size_t)size + 1);
    if (!bytes) {
        return log_oom("backup");
    }
    st = take_exactly(r, bytes, (size_t)size);
    if (st == STATUS_OK) {
        st = people_keys_decode(bytes, (size_t)size, out);
    }
    if (st == STATUS_OK) {
        st = take_name(r, &name, &size);
        st = st == STATUS_NONE ? STATUS_OK : STATUS_E_INVALID;
    }
    buf_wipe(bytes, (size_t)size);
    free(bytes);
    return st;
}

enum status
backup_read_people(int fd, const struct keyslots_opener *opener,
                   struct people_keys *out)
{
    struct backup_info info;
    struct reader *r = calloc(1, sizeof(*r));
    *out = (struct people_keys){0};
    if (!r) {
        return log_oom("backup");
    }
    r->fd = fd;
    enum status st = open_stream(r, opener, &info);
    if (st == STATUS_OK) {
        st = take_people(r, out);
    }
    if (st < 0) {
        people_keys_clear(out);
    }
    buf_wipe(r, sizeof(*r));
    free(r);
    return st;
}
