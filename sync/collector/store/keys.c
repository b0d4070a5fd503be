#include "collector/store/keys.h"

#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/pack.h"

#define MAGIC "ANKETA KEYS 2\n"
#define MAGIC_BYTES (sizeof(MAGIC) - 1)
#define VERSION 1
#define PART_MAX_BYTES (2 * KEYS_PEM_MAX_BYTES + 4096)
#define FILE_MAX_BYTES (2 * PART_MAX_BYTES + 4096)
#define MODE 0600

static void
init(struct keys *k)
{
    memset(k, 0, sizeof(*k));
    buf_init(&k->tls.key, KEYS_PEM_MAX_BYTES);
    buf_init(&k->tls.cert, KEYS_PEM_MAX_BYTES);
    buf_init(&k->next_tls.key, KEYS_PEM_MAX_BYTES);
    buf_init(&k->next_tls.cert, KEYS_PEM_MAX_BYTES);
    buf_init(&k->box, PART_MAX_BYTES);
    buf_init(&k->about, PART_MAX_BYTES);
}

void
keys_new(struct keys *out)
{
    init(out);
    seal_sign_pair_new(&out->sign);
    seal_pair_new(&out->seal[0]);
    out->seal_count = 1;
}

void
keys_wipe(struct keys *keys)
{
    buf_deinit(&keys->tls.key);
    buf_deinit(&keys->tls.cert);
    buf_deinit(&keys->next_tls.key);
    buf_deinit(&keys->next_tls.cert);
    buf_deinit(&keys->box);
    buf_deinit(&keys->about);
    buf_wipe(keys, sizeof(*keys));
}

/* --- the public part ------------------------------------------------------ */

static void
pack_buf(struct buf *out, const struct buf *b)
{
    pack_bytes(out, b->data, b->len);
}

static void
read_buf(struct pack_reader *r, struct buf *out)
{
    size_t len = 0;
    const uint8_t *bytes = pack_read_bytes(r, KEYS_PEM_MAX_BYTES, &len);
    buf_put(out, bytes, len);
}

/* A thing of fixed length that may be missing. */
static bool
read_optional(struct pack_reader *r, uint8_t *out, size_t len)
{
    size_t got = 0;
    const uint8_t *bytes = pack_read_bytes(r, len, &got);
    if (got == len) {
        memcpy(out, bytes, len);
    } else if (got != 0) {
        pack_fail(r, STATUS_E_INVALID);
    }
    return got == len;
}

static void
pack_public(const struct keys *k, struct buf *out)
{
    pack_array(out, 7);
    pack_uint(out, VERSION);
    pack_bytes(out, k->sign.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
    pack_bytes(out, k->seal[0].public_key.bytes, SEAL_PUBLIC_BYTES);
    pack_buf(out, &k->tls.cert);
    pack_bytes(out, k->recovery.bytes, k->has_recovery ? SEAL_PUBLIC_BYTES : 0);
    pack_bytes(out, k->previous_pin, k->switched ? KEYS_PIN_BYTES : 0);
    pack_array(out, k->announced ? 2 : 0);
    if (k->announced) {
        pack_bytes(out, k->next_sign.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
        pack_buf(out, &k->next_tls.cert);
    }
}

static enum status
read_public(struct keys *k)
{
    struct pack_reader r;
    pack_open(&r, k->about.data, k->about.len);
    pack_expect_array(&r, 7);
    pack_expect_version(&r, VERSION);
    pack_copy_bytes(&r, k->sign.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
    pack_copy_bytes(&r, k->seal[0].public_key.bytes, SEAL_PUBLIC_BYTES);
    read_buf(&r, &k->tls.cert);
    k->has_recovery =
        read_optional(&r, k->recovery.bytes, sizeof(k->recovery.bytes));
    k->switched = read_optional(&r, k->previous_pin, sizeof(k->previous_pin));
    size_t next = pack_read_array(&r, 2);
    if (next == 2) {
        pack_copy_bytes(&r, k->next_sign.public_key.bytes,
                        SEAL_SIGN_PUBLIC_BYTES);
        read_buf(&r, &k->next_tls.cert);
        k->announced = true;
    } else if (next != 0) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    return pack_end(&r);
}

/* --- the secret part ------------------------------------------------------ */

static void
pack_secret(const struct keys *k, struct buf *out)
{
    pack_array(out, 4);
    pack_bytes(out, k->sign.secret, SEAL_SIGN_SECRET_BYTES);
    pack_buf(out, &k->tls.key);
    pack_array(out, k->seal_count);
    for (size_t i = 0; i < k->seal_count; i++) {
        pack_array(out, 2);
        pack_bytes(out, k->seal[i].public_key.bytes, SEAL_PUBLIC_BYTES);
        pack_bytes(out, k->seal[i].secret, SEAL_SECRET_BYTES);
    }
    pack_array(out, k->announced ? 2 : 0);
    if (k->announced) {
        pack_bytes(out, k->next_sign.secret, SEAL_SIGN_SECRET_BYTES);
        pack_buf(out, &k->next_tls.key);
    }
}

static enum status
read_secret(struct keys *k, const void *data, size_t len)
{
    struct pack_reader r;
    pack_open(&r, data, len);
    pack_expect_array(&r, 4);
    pack_copy_bytes(&r, k->sign.secret, SEAL_SIGN_SECRET_BYTES);
    read_buf(&r, &k->tls.key);
    k->seal_count = pack_read_array(&r, KEYS_SEAL_MAX);
    for (size_t i = 0; i < k->seal_count; i++) {
        pack_expect_array(&r, 2);
        pack_copy_bytes(&r, k->seal[i].public_key.bytes, SEAL_PUBLIC_BYTES);
        pack_copy_bytes(&r, k->seal[i].secret, SEAL_SECRET_BYTES);
    }
    if (k->seal_count == 0) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    pack_expect_array(&r, k->announced ? 2 : 0);
    if (k->announced) {
        pack_copy_bytes(&r, k->next_sign.secret, SEAL_SIGN_SECRET_BYTES);
        read_buf(&r, &k->next_tls.key);
    }
    return pack_end(&r);
}

/* --- the file ------------------------------------------------------------- */

static enum status
read_parts(struct keys *k, const struct buf *file)
{
    struct pack_reader r;
    size_t len = 0;
    if (file->len < MAGIC_BYTES
        || memcmp(file->data, MAGIC, MAGIC_BYTES) != 0) {
        return STATUS_E_INVALID;
    }
    pack_open(&r, file->data + MAGIC_BYTES, file->len - MAGIC_BYTES);
    pack_expect_array(&r, 3);
    const uint8_t *bytes = pack_read_bytes(&r, PART_MAX_BYTES, &len);
    buf_put(&k->about, bytes, len);
    keyslots_read(&r, &k->slots);
    bytes = pack_read_bytes(&r, PART_MAX_BYTES, &len);
    buf_put(&k->box, bytes, len);
    enum status st = pack_end(&r);
    return st < 0 ? st : read_public(k);
}

enum status
keys_load(const char *path, struct keys *out)
{
    struct buf file;
    init(out);
    buf_init(&file, FILE_MAX_BYTES);
    enum status st = file_read(path, &file);
    if (st == STATUS_OK) {
        st = read_parts(out, &file);
        out->guarded = out->slots.by_passphrase;
        if (st == STATUS_OK && out->guarded) {
            out->locked = true;
        } else if (st == STATUS_OK) {
            st = read_secret(out, out->box.data, out->box.len);
        }
        if (st < 0) {
            log_error("keys", "%s: not a key file of the collector", path);
        }
    }
    buf_deinit(&file);
    return st;
}

enum status
keys_unlock(struct keys *keys, const struct keyslots_opener *opener)
{
    struct buf plain;
    if (!keys->locked) {
        return STATUS_OK;
    }
    buf_init(&plain, PART_MAX_BYTES);
    enum status st = keyslots_open(&keys->slots, opener, &keys->lock);
    if (st == STATUS_OK && keys->box.len < SEAL_LOCK_OVERHEAD_BYTES) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        size_t len = keys->box.len - SEAL_LOCK_OVERHEAD_BYTES;
        char *to = buf_extend(&plain, len);
        st =
            to ? seal_unlock(&keys->lock, keys->about.data, keys->about.len,
                             (const uint8_t *)keys->box.data, keys->box.len, to)
               : buf_status(&plain);
    }
    if (st == STATUS_OK) {
        st = read_secret(keys, plain.data, plain.len);
    }
    keys->locked = st < 0;
    buf_deinit(&plain);
    return st;
}

/* Append the secret part as it stands in the file. */
static enum status
lock_secret(const struct keys *k, const struct buf *about, struct buf *out)
{
    struct buf plain;
    buf_init(&plain, PART_MAX_BYTES);
    pack_secret(k, &plain);
    enum status st = buf_status(&plain);
    if (st == STATUS_OK && k->guarded) {
        char *to = buf_extend(out, plain.len + SEAL_LOCK_OVERHEAD_BYTES);
        if (to) {
            seal_lock(&k->lock, about->data, about->len, plain.data, plain.len,
                      (uint8_t *)to);
        }
    } else if (st == STATUS_OK) {
        buf_put(out, plain.data, plain.len);
    }
    buf_deinit(&plain);
    return st < 0 ? st : buf_status(out);
}

enum status
keys_save(const char *path, const struct keys *keys)
{
    static const struct keyslots none;
    struct buf file;
    struct buf about;
    struct buf box;
    assert(!keys->locked);
    buf_init(&file, FILE_MAX_BYTES);
    buf_init(&about, PART_MAX_BYTES);
    buf_init(&box, PART_MAX_BYTES);
    pack_public(keys, &about);
    enum status st = buf_status(&about);
    if (st == STATUS_OK) {
        st = lock_secret(keys, &about, &box);
    }
    if (st == STATUS_OK) {
        buf_put(&file, MAGIC, MAGIC_BYTES);
        pack_array(&file, 3);
        pack_buf(&file, &about);
        keyslots_pack(keys->guarded ? &keys->slots : &none, &file);
        pack_buf(&file, &box);
        st = buf_status(&file);
    }
    if (st == STATUS_OK) {
        st = file_replace(path, file.data, file.len, MODE);
    }
    buf_deinit(&box);
    buf_deinit(&about);
    buf_deinit(&file);
    return st;
}

/* --- changes -------------------------------------------------------------- */

enum status
keys_guard(struct keys *keys, const char *passphrase)
{
    struct keyslots slots = {0};
    struct seal_lock_key lock;
    seal_lock_key_new(&lock);
    enum status st = keyslots_set_passphrase(&slots, passphrase, &lock);
    if (st == STATUS_OK && keys->has_recovery) {
        st = keyslots_set_recovery(&slots, &keys->recovery, &lock);
    }
    if (st == STATUS_OK) {
        keys->slots = slots;
        keys->lock = lock;
        keys->guarded = true;
    }
    buf_wipe(&lock, sizeof(lock));
    return st;
}

void
keys_unguard(struct keys *keys)
{
    keys->guarded = false;
    keys->slots = (struct keyslots){0};
    buf_wipe(&keys->lock, sizeof(keys->lock));
}

enum status
keys_set_recovery(struct keys *keys, const struct seal_public *recovery)
{
    enum status st = STATUS_OK;
    if (keys->guarded) {
        st = keyslots_set_recovery(&keys->slots, recovery, &keys->lock);
    }
    if (st == STATUS_OK) {
        keys->recovery = *recovery;
        keys->has_recovery = true;
    }
    return st;
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

enum status
keys_announce(struct keys *keys)
{
    if (keys->announced) {
        return STATUS_REPEAT;
    }
    seal_sign_pair_new(&keys->next_sign);
    keys->announced = true;
    return STATUS_OK;
}

enum status
keys_switch(struct keys *keys, const uint8_t pin[KEYS_PIN_BYTES])
{
    if (!keys->announced) {
        return STATUS_NONE;
    }
    memcpy(keys->previous_pin, pin, KEYS_PIN_BYTES);
    keys->switched = true;
    keys->announced = false;
    keys->sign = keys->next_sign;
    seal_sign_wipe(&keys->next_sign);
    struct keys_tls old = keys->tls;
    keys->tls = keys->next_tls;
    buf_deinit(&old.key);
    buf_deinit(&old.cert);
    buf_init(&keys->next_tls.key, KEYS_PEM_MAX_BYTES);
    buf_init(&keys->next_tls.cert, KEYS_PEM_MAX_BYTES);
    return STATUS_OK;
}
