#include "collector/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/backup_format.h"
#include "collector/store/people_veil.h"
#include "collector/store/store.h"

struct writer {
    int fd;
    struct seal_stream stream;
    struct seal_hash about;
    uint8_t chunk[BACKUP_CHUNK_BYTES];
    size_t filled;
    uint8_t box[BACKUP_BOX_BYTES];
};

static enum status
flush(struct writer *w, bool last)
{
    seal_stream_put(&w->stream, &w->about, w->chunk, w->filled, last, w->box);
    enum status st =
        backup_write_all(w->fd, w->box, w->filled + SEAL_STREAM_OVERHEAD_BYTES);
    w->filled = 0;
    return st;
}

static enum status
put(struct writer *w, const void *data, size_t len)
{
    const uint8_t *at = data;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && len > 0) {
        if (w->filled == BACKUP_CHUNK_BYTES) {
            st = flush(w, false);
        }
        size_t room = BACKUP_CHUNK_BYTES - w->filled;
        size_t n = len < room ? len : room;
        memcpy(w->chunk + w->filled, at, n);
        w->filled += n;
        at += n;
        len -= n;
    }
    return st;
}

static enum status
put_name(struct writer *w, const char *name, uint64_t size)
{
    uint8_t bytes[BACKUP_SIZE_BYTES];
    const uint8_t len = (uint8_t)strlen(name);
    for (size_t i = 0; i < BACKUP_SIZE_BYTES; i++) {
        bytes[i] = (uint8_t)(size >> (8 * (BACKUP_SIZE_BYTES - 1 - i)));
    }
    enum status st = put(w, &len, 1);
    if (st == STATUS_OK) {
        st = put(w, name, len);
    }
    return st == STATUS_OK && len > 0 ? put(w, bytes, sizeof(bytes)) : st;
}

static enum status
put_file(struct writer *w, const char *name, int fd)
{
    struct stat about;
    uint8_t piece[4096];
    if (fstat(fd, &about) != 0) {
        return log_errno("backup", name);
    }
    uint64_t left = (uint64_t)about.st_size;
    enum status st = put_name(w, name, left);
    while (st == STATUS_OK && left > 0) {
        size_t got = 0;
        size_t want = left < sizeof(piece) ? (size_t)left : sizeof(piece);
        st = backup_read_some(fd, piece, want, &got);
        if (st == STATUS_OK && got < want) {
            log_error("backup", "%s: shorter than it was", name);
            st = STATUS_E_IO;
        }
        if (st == STATUS_OK) {
            st = put(w, piece, got);
            left -= got;
        }
    }
    buf_wipe(piece, sizeof(piece));
    return st;
}

/* What open() gave; closes it. */
static enum status
put_open_file(struct writer *w, const char *name, int fd)
{
    if (fd < 0) {
        return log_errno("backup", name);
    }
    enum status st = put_file(w, name, fd);
    close(fd);
    return st;
}

/* Whoever is erased later must not be found in the backup. */
static enum status
veil(const char *dir, const char *copy)
{
    char path[HOME_PATH_MAX];
    struct people_keys keys = {0};
    enum status st = home_forget_people(dir);
    if (st == STATUS_OK) {
        st = home_path(dir, HOME_PEOPLE_KEYS, path);
    }
    if (st == STATUS_OK) {
        st = people_keys_load(path, &keys);
    }
    if (st == STATUS_OK) {
        st = people_veil_seal(copy, &keys);
    }
    people_keys_clear(&keys);
    return st;
}

/* A consistent copy of a database while others write it; nameless as soon as it
 * is there. */
static enum status
put_database(struct writer *w, const char *dir, const char *name)
{
    char from[HOME_PATH_MAX];
    char to[FILE_PATH_MAX_BYTES];
    int held = -1;
    int fd = -1;
    enum status st = home_path(dir, name, from);
    if (st == STATUS_OK) {
        st = file_part_open(from, to, &held);
    }
    if (st < 0) {
        return st;
    }
    st = store_copy(from, to);
    if (st == STATUS_OK && strcmp(name, STORE_PEOPLE_FILE) == 0) {
        st = veil(dir, to);
    }
    if (st == STATUS_OK) {
        fd = open(to, O_RDONLY | O_CLOEXEC);
    }
    if (unlink(to) != 0) {
        log_warn("backup", "%s: left behind", to);
    }
    close(held);
    return st < 0 ? st : put_open_file(w, name, fd);
}

static enum status
put_keys(struct writer *w, const char *dir, const char *name)
{
    char path[HOME_PATH_MAX];
    enum status st = home_path(dir, name, path);
    return st < 0 ? st
                  : put_open_file(w, name, open(path, O_RDONLY | O_CLOEXEC));
}

static enum status
put_people_keys(struct writer *w, const char *dir)
{
    enum status st = home_forget_people(dir);
    if (st == STATUS_OK) {
        st = put_keys(w, dir, HOME_PEOPLE_KEYS);
    }
    if (st == STATUS_OK) {
        st = put_name(w, "", 0);
    }
    return st == STATUS_OK ? flush(w, true) : st;
}

static enum status
put_all(struct writer *w, const char *dir)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < home_database_count; i++) {
        st = put_database(w, dir, home_database[i]);
    }
    if (st == STATUS_OK) {
        st = put_keys(w, dir, HOME_KEYS);
    }
    if (st == STATUS_OK) {
        st = put_name(w, "", 0);
    }
    return st == STATUS_OK ? flush(w, true) : st;
}

static enum status
describe(const struct home *home, int64_t now_ms, struct backup_info *out)
{
    struct store *s = NULL;
    struct buf house;
    buf_init(&house, BACKUP_HOUSE_MAX_BYTES);
    *out = (struct backup_info){
        .made_ms = now_ms,
        .epoch = home->identity.epoch,
        .has_recovery = home->keys.has_recovery,
        .recovery = home->keys.recovery,
    };
    enum status st = home_store(home, true, &s);
    if (st == STATUS_OK) {
        /* Before the copy: what comes in meanwhile is not covered by it. */
        st = store_number(s, STORE_POSITION, &out->position);
    }
    if (st == STATUS_OK) {
        st = store_text(s, STORE_HOUSE, &house);
    }
    if (st == STATUS_OK) {
        memcpy(out->house, house.data, house.len + 1);
    }
    store_close(s);
    buf_deinit(&house);
    return st;
}

static enum status
wrap(const char *passphrase, const struct seal_lock_key *key,
     struct backup_info *info)
{
    enum status st = STATUS_OK;
    if (passphrase) {
        st = keyslots_set_passphrase(&info->slots, passphrase, key);
    }
    if (st == STATUS_OK && info->has_recovery) {
        st = keyslots_set_recovery(&info->slots, &info->recovery, key);
    }
    return st;
}

static enum status
make(const struct home *home, const char *passphrase, int64_t now_ms, int fd,
     enum status (*put_content)(struct writer *w, const char *dir),
     struct backup_info *out)
{
    if (!passphrase && !home->keys.has_recovery) {
        return STATUS_NONE;
    }
    uint8_t start[SEAL_STREAM_START_BYTES];
    struct seal_lock_key key;
    struct backup_front front;
    struct writer *w = calloc(1, sizeof(*w));
    if (!w) {
        return log_oom("backup");
    }
    w->fd = fd;
    seal_lock_key_new(&key);
    file_parts_sweep(home->dir); /* of a backup that was killed */
    enum status st = describe(home, now_ms, out);
    if (st == STATUS_OK) {
        st = wrap(passphrase, &key, out);
    }
    if (st == STATUS_OK) {
        st = backup_front_write(out, &front);
    }
    if (st == STATUS_OK) {
        w->about = front.hash;
        seal_stream_begin(&w->stream, &key, start);
        st = backup_write_all(fd, front.bytes, front.len);
    }
    if (st == STATUS_OK) {
        st = backup_write_all(fd, start, sizeof(start));
    }
    if (st == STATUS_OK) {
        st = put_content(w, home->dir);
    }
    if (st == STATUS_OK && fsync(fd) != 0) {
        st = log_errno("backup", "fsync");
    }
    buf_wipe(w, sizeof(*w));
    free(w);
    buf_wipe(&key, sizeof(key));
    return st;
}

enum status
backup_make(const struct home *home, const char *passphrase, int64_t now_ms,
            int fd, struct backup_info *out)
{
    return make(home, passphrase, now_ms, fd, put_all, out);
}

enum status
backup_make_people(const struct home *home, const char *passphrase,
                   int64_t now_ms, int fd, struct backup_info *out)
{
    return make(home, passphrase, now_ms, fd, put_people_keys, out);
}

enum status
backup_cover(struct store *writer, const struct backup_info *info,
             int64_t now_ms)
{
    int64_t epoch = 0;
    int64_t covered = 0;
    enum status st = store_begin(writer);
    if (st == STATUS_OK) {
        st = store_number(writer, STORE_EPOCH, &epoch);
    }
    if (st == STATUS_OK) {
        st = store_number(writer, STORE_COVERED, &covered);
    }
    if (st == STATUS_OK && (uint64_t)epoch == info->epoch) {
        if (info->position > covered) {
            st = store_number_set(writer, STORE_COVERED, info->position);
        }
        if (st == STATUS_OK) {
            st = store_number_set(writer, STORE_BACKUP, now_ms);
        }
    }
    if (st == STATUS_OK) {
        st = store_commit(writer);
    }
    store_rollback(writer);
    return st;
}
