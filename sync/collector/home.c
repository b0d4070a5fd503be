#include "collector/home.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "collector/http/certificate.h"

#define DB_FILE "collector.db"
#define KEYS_FILE "collector.keys"
#define TLS_KEY_FILE "tls.key"
#define TLS_CERT_FILE "tls.crt"
#define SECRET_MODE 0600
#define PUBLIC_MODE 0644

enum status
home_path(const char *dir, const char *name, char out[HOME_PATH_MAX])
{
    int n = snprintf(out, HOME_PATH_MAX, "%s/%s", dir, name);
    return n > 0 && n < HOME_PATH_MAX ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
write_file(const char *dir, const char *name, const struct buf *content,
           unsigned mode)
{
    char path[HOME_PATH_MAX];
    enum status st = home_path(dir, name, path);
    return st < 0 ? st : file_replace(path, content->data, content->len, mode);
}

static enum status
create_tls(const char *dir, const char *host)
{
    struct buf key;
    struct buf cert;
    buf_init(&key, CERTIFICATE_PEM_MAX_BYTES);
    buf_init(&cert, CERTIFICATE_PEM_MAX_BYTES);
    enum status st = certificate_new(host, &key, &cert);
    if (st == STATUS_OK) {
        st = write_file(dir, TLS_KEY_FILE, &key, SECRET_MODE);
    }
    if (st == STATUS_OK) {
        st = write_file(dir, TLS_CERT_FILE, &cert, PUBLIC_MODE);
    }
    buf_deinit(&key);
    buf_deinit(&cert);
    return st;
}

static enum status
set_new_epoch(struct store *s)
{
    /* Greater than any before, even of a life that the backup knows nothing
     * of: kiosks refuse what comes from an earlier epoch. */
    int64_t before = 0;
    int64_t now_ms = clock_wall_ms(clock_system());
    enum status st = store_number(s, STORE_EPOCH, &before);
    if (st < 0) {
        return st;
    }
    return store_number_set(s, STORE_EPOCH,
                            now_ms > before ? now_ms : before + 1);
}

static enum status
create_store(const char *path, const char *house)
{
    struct store *s = NULL;
    enum status st = store_open(path, false, &s);
    if (st == STATUS_OK) {
        st = store_text_set(s, STORE_HOUSE, house);
    }
    if (st == STATUS_OK) {
        st = set_new_epoch(s);
    }
    if (st == STATUS_OK) {
        st = store_number_set(s, STORE_SERIAL, 1);
    }
    store_close(s);
    return st;
}

enum status
home_create(const char *dir, const char *house, const char *host)
{
    char db[HOME_PATH_MAX];
    char keys_path[HOME_PATH_MAX];
    enum status st = home_path(dir, DB_FILE, db);
    if (st == STATUS_OK) {
        st = home_path(dir, KEYS_FILE, keys_path);
    }
    if (st == STATUS_OK && (file_exists(db) || file_exists(keys_path))) {
        st = STATUS_E_CONFLICT;
    }
    if (st == STATUS_OK) {
        st = file_make_dirs(dir);
    }
    if (st == STATUS_OK) {
        st = create_tls(dir, host);
    }
    if (st == STATUS_OK) {
        st = create_store(db, house);
    }
    if (st < 0) {
        return st;
    }
    /* The keys come last: without them it is no collector yet. */
    struct keys keys;
    keys_new(&keys);
    st = keys_save(keys_path, &keys);
    keys_wipe(&keys);
    return st;
}

static enum status
read_file(const char *dir, const char *name, struct buf *out)
{
    char path[HOME_PATH_MAX];
    enum status st = home_path(dir, name, path);
    return st < 0 ? st : file_read(path, out);
}

static enum status
identify(struct home *home)
{
    struct store *s = NULL;
    int64_t epoch = 0;
    enum status st = home_store(home, true, &s);
    if (st == STATUS_OK) {
        st = store_number(s, STORE_EPOCH, &epoch);
    }
    store_close(s);
    home->identity.epoch = (uint64_t)epoch;
    home->identity.sign = home->keys.sign.public_key;
    home->identity.seal = home->keys.seal[0].public_key;
    return st == STATUS_OK
               ? certificate_pin(&home->tls_cert, home->identity.tls_pin)
               : st;
}

enum status
home_open(const char *dir, struct home *out)
{
    memset(out, 0, sizeof(*out));
    buf_init(&out->tls_key, CERTIFICATE_PEM_MAX_BYTES);
    buf_init(&out->tls_cert, CERTIFICATE_PEM_MAX_BYTES);
    char path[HOME_PATH_MAX];
    enum status st = home_path(dir, KEYS_FILE, path);
    if (st == STATUS_OK && !file_exists(path)) {
        st = STATUS_E_NOT_FOUND;
    }
    if (st == STATUS_OK) {
        memcpy(out->dir, dir, strlen(dir) + 1);
        st = keys_load(path, &out->keys);
    }
    if (st == STATUS_OK) {
        st = read_file(dir, TLS_KEY_FILE, &out->tls_key);
    }
    if (st == STATUS_OK) {
        st = read_file(dir, TLS_CERT_FILE, &out->tls_cert);
    }
    if (st == STATUS_OK) {
        st = identify(out);
    }
    if (st < 0) {
        home_close(out);
    }
    return st;
}

void
home_close(struct home *home)
{
    keys_wipe(&home->keys);
    buf_deinit(&home->tls_key);
    buf_deinit(&home->tls_cert);
}

enum status
home_store(const struct home *home, bool readonly, struct store **out)
{
    char path[HOME_PATH_MAX];
    *out = NULL;
    enum status st = home_path(home->dir, DB_FILE, path);
    return st < 0 ? st : store_open(path, readonly, out);
}

enum status
home_copy(const struct home *home, struct store *s, const char *dir)
{
    char db[HOME_PATH_MAX];
    char keys_path[HOME_PATH_MAX];
    enum status st = home_path(dir, DB_FILE, db);
    if (st == STATUS_OK) {
        st = home_path(dir, KEYS_FILE, keys_path);
    }
    if (st == STATUS_OK && (file_exists(db) || file_exists(keys_path))) {
        st = STATUS_E_CONFLICT;
    }
    if (st == STATUS_OK) {
        st = file_make_dirs(dir);
    }
    if (st == STATUS_OK) {
        st = store_backup(s, db);
    }
    if (st == STATUS_OK) {
        st = write_file(dir, TLS_KEY_FILE, &home->tls_key, SECRET_MODE);
    }
    if (st == STATUS_OK) {
        st = write_file(dir, TLS_CERT_FILE, &home->tls_cert, PUBLIC_MODE);
    }
    return st == STATUS_OK ? keys_save(keys_path, &home->keys) : st;
}

enum status
home_renew(const char *dir)
{
    char db[HOME_PATH_MAX];
    struct store *s = NULL;
    enum status st = home_path(dir, DB_FILE, db);
    if (st == STATUS_OK) {
        st = store_open(db, false, &s);
    }
    if (st == STATUS_OK) {
        st = store_begin(s);
    }
    if (st == STATUS_OK) {
        st = set_new_epoch(s);
    }
    if (st == STATUS_OK) {
        st = store_number_set(s, STORE_POSITION, 0);
    }
    if (st == STATUS_OK) {
        st = store_number_set(s, STORE_COVERED, 0);
    }
    int64_t serial = 0;
    if (st == STATUS_OK) {
        st = store_number_next(s, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    store_close(s);
    return st;
}
