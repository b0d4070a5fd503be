#include "collector/backup_format.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pack.h"

#define VERSION 1

/* --- bytes of a file ------------------------------------------------------ */

enum status
backup_write_all(int fd, const void *data, size_t len)
{
    const char *at = data;
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return log_errno("backup", "write");
        }
        at += n;
        len -= (size_t)n;
    }
    return STATUS_OK;
}

enum status
backup_read_some(int fd, void *data, size_t max, size_t *out_len)
{
    char *at = data;
    *out_len = 0;
    while (*out_len < max) {
        ssize_t n = read(fd, at + *out_len, max - *out_len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return log_errno("backup", "read");
        }
        if (n == 0) {
            break;
        }
        *out_len += (size_t)n;
    }
    return STATUS_OK;
}

/* --- the front ------------------------------------------------------------ */

enum status
backup_front_write(const struct backup_info *info, struct backup_front *out)
{
    struct buf head;
    buf_init(&head, BACKUP_HEAD_MAX_BYTES);
    pack_array(&head, 7);
    pack_uint(&head, VERSION);
    pack_uint(&head, (uint64_t)info->made_ms);
    pack_uint(&head, info->epoch);
    pack_uint(&head, (uint64_t)info->position);
    pack_text(&head, info->house);
    pack_bytes(&head, info->recovery.bytes,
               info->has_recovery ? SEAL_PUBLIC_BYTES : 0);
    keyslots_pack(&info->slots, &head);
    enum status st = buf_status(&head);
    if (st == STATUS_OK) {
        memcpy(out->bytes, BACKUP_MAGIC, BACKUP_MAGIC_BYTES);
        out->bytes[BACKUP_MAGIC_BYTES] = (uint8_t)(head.len >> 8);
        out->bytes[BACKUP_MAGIC_BYTES + 1] = (uint8_t)head.len;
        memcpy(out->bytes + BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES, head.data,
               head.len);
        out->len = BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES + head.len;
        seal_hash(out->bytes, out->len, NULL, 0, &out->hash);
    }
    buf_deinit(&head);
    return st;
}

static enum status
front_parse(const uint8_t *head, size_t len, struct backup_info *out)
{
    struct pack_reader r;
    size_t got = 0;
    *out = (struct backup_info){0};
    pack_open(&r, head, len);
    pack_expect_array(&r, 7);
    pack_expect_version(&r, VERSION);
    out->made_ms = (int64_t)pack_read_uint(&r, INT64_MAX);
    out->epoch = pack_read_uint(&r, INT64_MAX);
    out->position = (int64_t)pack_read_uint(&r, INT64_MAX);
    const char *house = pack_read_text(&r, BACKUP_HOUSE_MAX_BYTES, &got);
    memcpy(out->house, house, got);
    const uint8_t *key = pack_read_bytes(&r, SEAL_PUBLIC_BYTES, &got);
    out->has_recovery = got == SEAL_PUBLIC_BYTES;
    if (out->has_recovery) {
        memcpy(out->recovery.bytes, key, SEAL_PUBLIC_BYTES);
    }
    keyslots_read(&r, &out->slots);
    return pack_end(&r);
}

enum status
backup_front_read(int fd, struct backup_front *front, struct backup_info *out)
{
    size_t got = 0;
    enum status st = backup_read_some(
        fd, front->bytes, BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES, &got);
    if (st < 0) {
        return st;
    }
    /* The digit is the version of the whole format. */
    if (got < BACKUP_MAGIC_BYTES
        || memcmp(front->bytes, BACKUP_MAGIC, BACKUP_MAGIC_BYTES - 2) != 0) {
        return STATUS_E_NOT_FOUND;
    }
    if (memcmp(front->bytes, BACKUP_MAGIC, BACKUP_MAGIC_BYTES) != 0) {
        return STATUS_E_UNSUPPORTED;
    }
    if (got < BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES) {
        return STATUS_E_INVALID;
    }
    size_t len = (size_t)front->bytes[BACKUP_MAGIC_BYTES] << 8
                 | front->bytes[BACKUP_MAGIC_BYTES + 1];
    if (len > BACKUP_HEAD_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    uint8_t *head = front->bytes + BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES;
    st = backup_read_some(fd, head, len, &got);
    if (st == STATUS_OK && got < len) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        front->len = BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES + len;
        seal_hash(front->bytes, front->len, NULL, 0, &front->hash);
        st = front_parse(head, len, out);
    }
    return st == STATUS_E_LIMIT ? STATUS_E_INVALID : st;
}

enum status
backup_inspect(int fd, struct backup_info *out)
{
    struct backup_front front;
    return backup_front_read(fd, &front, out);
}
