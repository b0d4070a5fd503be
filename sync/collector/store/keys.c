#include "collector/store/keys.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#define MAGIC "ANKETA KEYS 1\n"
#define MAGIC_BYTES (sizeof(MAGIC) - 1)
#define SIGN_BYTES ((size_t)SEAL_SIGN_PUBLIC_BYTES + SEAL_SIGN_SECRET_BYTES)
#define PAIR_BYTES ((size_t)SEAL_PUBLIC_BYTES + SEAL_SECRET_BYTES)
#define FILE_MAX_BYTES (MAGIC_BYTES + SIGN_BYTES + KEYS_SEAL_MAX * PAIR_BYTES)
#define MODE 0600

void
keys_new(struct keys *out)
{
    memset(out, 0, sizeof(*out));
    seal_sign_pair_new(&out->sign);
    seal_pair_new(&out->seal[0]);
    out->seal_count = 1;
}

enum status
keys_rotate_seal(struct keys *keys)
{
    if (keys->seal_count == KEYS_SEAL_MAX) {
        return STATUS_E_LIMIT;
    }
    memmove(&keys->seal[1], &keys->seal[0],
            keys->seal_count * sizeof(keys->seal[0]));
    seal_pair_new(&keys->seal[0]);
    keys->seal_count++;
    return STATUS_OK;
}

static const char *
take(const char *at, void *to, size_t len)
{
    memcpy(to, at, len);
    return at + len;
}

enum status
keys_load(const char *path, struct keys *out)
{
    memset(out, 0, sizeof(*out));
    const size_t fixed = MAGIC_BYTES + SIGN_BYTES;
    const char *at = NULL;
    struct buf file;
    buf_init(&file, FILE_MAX_BYTES);
    enum status st = file_read(path, &file);
    if (st < 0) {
        goto out;
    }

    if (file.len < fixed + PAIR_BYTES || (file.len - fixed) % PAIR_BYTES != 0
        || memcmp(file.data, MAGIC, MAGIC_BYTES) != 0) {
        log_error("keys", "%s: not a key file of the collector", path);
        st = STATUS_E_INVALID;
        goto out;
    }
    at = file.data + MAGIC_BYTES;
    at = take(at, out->sign.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
    at = take(at, out->sign.secret, SEAL_SIGN_SECRET_BYTES);
    out->seal_count = (file.len - fixed) / PAIR_BYTES;
    for (size_t i = 0; i < out->seal_count; i++) {
        at = take(at, out->seal[i].public_key.bytes, SEAL_PUBLIC_BYTES);
        at = take(at, out->seal[i].secret, SEAL_SECRET_BYTES);
    }

out:
    buf_deinit(&file);
    return st;
}

enum status
keys_save(const char *path, const struct keys *keys)
{
    struct buf file;
    buf_init(&file, FILE_MAX_BYTES);
    buf_puts(&file, MAGIC);
    buf_put(&file, keys->sign.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
    buf_put(&file, keys->sign.secret, SEAL_SIGN_SECRET_BYTES);
    for (size_t i = 0; i < keys->seal_count; i++) {
        buf_put(&file, keys->seal[i].public_key.bytes, SEAL_PUBLIC_BYTES);
        buf_put(&file, keys->seal[i].secret, SEAL_SECRET_BYTES);
    }
    enum status st = buf_status(&file);
    if (st == STATUS_OK) {
        st = file_replace(path, file.data, file.len, MODE);
    }
    buf_deinit(&file);
    return st;
}

void
keys_wipe(struct keys *keys)
{
    buf_wipe(keys, sizeof(*keys));
}
