#include "collector/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "collector/http/certificate.h"
#include "collector/store/people_veil.h"

#define DB_FILE "collector.db"

/* A backup copies them in this order: a named answer that comes in between is in
 * people.db uncounted, and the kiosk sends it again; counted and not there, it
 * would be lost. */
const char *const home_database[] = {DB_FILE, STORE_PEOPLE_FILE};
const size_t home_database_count =
    sizeof(home_database) / sizeof(home_database[0]);

enum status
home_path(const char *dir, const char *name, char out[HOME_PATH_MAX])
{
    int n = snprintf(out, HOME_PATH_MAX, "%s/%s", dir, name);
    return n > 0 && n < HOME_PATH_MAX ? STATUS_OK : STATUS_E_LIMIT;
}

bool
home_taken(const char *dir)
{
    static const char *const names[] = {DB_FILE, STORE_PEOPLE_FILE, HOME_KEYS};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[HOME_PATH_MAX];
        if (home_path(dir, names[i], path) < 0 || file_exists(path)) {
            return true;
        }
    }
    return false;
}

enum status
home_make_tls(struct keys_tls *tls, const char *host)
{
    return certificate_new(host, &tls->key, &tls->cert);
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

static enum status
create_keys(const char *path, const char *host)
{
    struct keys keys;
    keys_new(&keys);
    enum status st = home_make_tls(&keys.tls, host);
    if (st == STATUS_OK) {
        st = keys_save(path, &keys);
    }
    keys_wipe(&keys);
    return st;
}

enum status
home_create(const char *dir, const char *house, const char *host)
{
    char db[HOME_PATH_MAX];
    char keys_path[HOME_PATH_MAX];
    enum status st = home_path(dir, DB_FILE, db);
    if (st == STATUS_OK) {
        st = home_path(dir, HOME_KEYS, keys_path);
    }
    if (st == STATUS_OK && home_taken(dir)) {
        st = STATUS_E_CONFLICT;
    }
    if (st == STATUS_OK) {
        st = file_make_dirs(dir);
    }
    if (st == STATUS_OK) {
        st = create_store(db, house);
    }
    if (st == STATUS_OK) {
        st = home_forget_people(dir); /* makes the file */
    }
    /* The keys come last: without them it is no collector yet. */
    return st == STATUS_OK ? create_keys(keys_path, host) : st;
}

enum status
home_identify(struct home *home)
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
               ? certificate_pin(&home->keys.tls.cert, home->identity.tls_pin)
               : st;
}

enum status
home_open(const char *dir, struct home *out)
{
    char path[HOME_PATH_MAX];
    memset(out, 0, sizeof(*out));
    out->hold = -1;
    enum status st = home_path(dir, HOME_KEYS, path);
    if (st == STATUS_OK && !file_exists(path)) {
        st = STATUS_E_NOT_FOUND;
    }
    if (st < 0) {
        return st;
    }
    memcpy(out->dir, dir, strlen(dir) + 1);
    st = keys_load(path, &out->keys);
    if (st == STATUS_OK) {
        st = home_identify(out);
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
    if (home->hold >= 0) {
        close(home->hold); /* lets the folder go */
        home->hold = -1;
    }
}

enum status
home_hold(struct home *home, enum home_hold how)
{
    if (home->hold < 0) {
        home->hold = open(home->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (home->hold < 0) {
        return log_errno("home", home->dir);
    }
    if (flock(home->hold, (how == HOME_ALONE ? LOCK_EX : LOCK_SH) | LOCK_NB)
        != 0) {
        enum status st =
            errno == EWOULDBLOCK ? STATUS_E_BUSY : log_errno("home", home->dir);
        close(home->hold);
        home->hold = -1;
        return st;
    }
    return STATUS_OK;
}

enum status
home_next_pin(const struct home *home, uint8_t out[ENROL_TLS_PIN_BYTES])
{
    return certificate_pin(&home->keys.next_tls.cert, out);
}

enum status
home_save_keys(struct home *home)
{
    char path[HOME_PATH_MAX];
    enum status st = home_path(home->dir, HOME_KEYS, path);
    return st < 0 ? st : keys_save(path, &home->keys);
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
home_forget_people(const char *dir)
{
    char people[HOME_PATH_MAX];
    char keys[HOME_PATH_MAX];
    enum status st = home_path(dir, STORE_PEOPLE_FILE, people);
    if (st == STATUS_OK) {
        st = home_path(dir, HOME_PEOPLE_KEYS, keys);
    }
    return st == STATUS_OK ? people_veil_forget(people, keys) : st;
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
