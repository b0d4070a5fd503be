#include "daemon/account.h"

#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/pack.h"

#define ACCOUNT_VERSION 1
#define COLLECTOR_ITEMS 6
#define COLLECTOR_ITEMS_UNNAMED 5 /* of accounts made before names */
#define ACCOUNT_MAX_BYTES 2048
#define ACCOUNT_FILE_MODE 0600

static void
put_collector(const struct account *a, struct buf *out)
{
    pack_array(out, a->enrolled ? COLLECTOR_ITEMS : 0);
    if (a->enrolled) {
        pack_text(out, a->address);
        pack_bytes(out, a->collector.sign.bytes, SEAL_SIGN_PUBLIC_BYTES);
        pack_bytes(out, a->collector.seal.bytes, SEAL_PUBLIC_BYTES);
        pack_bytes(out, a->collector.tls_pin, ENROL_TLS_PIN_BYTES);
        pack_uint(out, a->collector.epoch);
        pack_text(out, a->name);
    }
    pack_array(out, a->rotates ? 2 : 0);
    if (a->rotates) {
        pack_bytes(out, a->next_sign.bytes, SEAL_SIGN_PUBLIC_BYTES);
        pack_bytes(out, a->next_tls_pin, ENROL_TLS_PIN_BYTES);
    }
}

static void
read_collector(struct pack_reader *r, struct account *out)
{
    size_t items = pack_read_array(r, COLLECTOR_ITEMS);
    if (items >= COLLECTOR_ITEMS_UNNAMED) {
        size_t len = 0;
        const char *address =
            pack_read_text(r, ACCOUNT_ADDRESS_BYTES - 1, &len);
        memcpy(out->address, address, len);
        pack_copy_bytes(r, out->collector.sign.bytes, SEAL_SIGN_PUBLIC_BYTES);
        pack_copy_bytes(r, out->collector.seal.bytes, SEAL_PUBLIC_BYTES);
        pack_copy_bytes(r, out->collector.tls_pin, ENROL_TLS_PIN_BYTES);
        out->collector.epoch = pack_read_uint(r, UINT64_MAX);
        out->enrolled = true;
    }
    if (items == COLLECTOR_ITEMS) {
        size_t len = 0;
        const char *name = pack_read_text(r, ENROL_NAME_MAX_BYTES, &len);
        memcpy(out->name, name, len);
    }
    if (pack_read_array(r, 2) == 2) {
        pack_copy_bytes(r, out->next_sign.bytes, SEAL_SIGN_PUBLIC_BYTES);
        pack_copy_bytes(r, out->next_tls_pin, ENROL_TLS_PIN_BYTES);
        out->rotates = true;
    }
}

enum status
account_load(const char *path, struct account *out)
{
    *out = (struct account){.enrolled = false};
    if (!file_exists(path)) {
        return STATUS_NONE;
    }
    struct buf data;
    struct pack_reader r;
    buf_init(&data, ACCOUNT_MAX_BYTES);
    enum status st = file_read(path, &data);
    if (st == STATUS_OK) {
        pack_open(&r, data.data, data.len);
        pack_expect_array(&r, 5);
        pack_expect_version(&r, ACCOUNT_VERSION);
        pack_copy_bytes(&r, out->kiosk.public_key.bytes,
                        SEAL_SIGN_PUBLIC_BYTES);
        pack_copy_bytes(&r, out->kiosk.secret, SEAL_SIGN_SECRET_BYTES);
        read_collector(&r, out);
        st = pack_end(&r);
        if (st < 0) {
            log_error("account", "%s: damaged; restore it or enrol again",
                      path);
            account_wipe(out);
        }
    }
    buf_deinit(&data);
    return st;
}

static enum status
encode(const struct account *account, struct buf *out)
{
    pack_array(out, 5);
    pack_uint(out, ACCOUNT_VERSION);
    pack_bytes(out, account->kiosk.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
    pack_bytes(out, account->kiosk.secret, SEAL_SIGN_SECRET_BYTES);
    put_collector(account, out);
    return buf_status(out);
}

enum status
account_save(const char *path, const struct account *account)
{
    struct buf data;
    buf_init(&data, ACCOUNT_MAX_BYTES);
    enum status st = encode(account, &data);
    if (st == STATUS_OK) {
        st = file_replace(path, data.data, data.len, ACCOUNT_FILE_MODE);
    }
    buf_deinit(&data);
    return st;
}

bool
account_is_saved(const char *path, const struct account *account)
{
    struct buf mine;
    struct buf saved;
    buf_init(&mine, ACCOUNT_MAX_BYTES);
    buf_init(&saved, ACCOUNT_MAX_BYTES);
    bool same = !file_exists(path);
    if (!same && encode(account, &mine) == STATUS_OK
        && file_read(path, &saved) == STATUS_OK && mine.len == saved.len) {
        same = seal_equal(mine.data, saved.data, mine.len);
    }
    buf_deinit(&mine);
    buf_deinit(&saved);
    return same;
}

void
account_new(struct account *out)
{
    *out = (struct account){.enrolled = false};
    seal_sign_pair_new(&out->kiosk);
}

void
account_wipe(struct account *account)
{
    buf_wipe(account, sizeof(*account));
}
