#include "collector/store/people_veil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/log.h"
#include "collector/store/people_veil_sql.h"

/* "VEIL" as the application id of the file. */
#define SEALED 0x5645494C
#define TEXT_MAX_BYTES ((size_t)128 * 1024 * 1024)
#define BUSY_MS 10000

struct veil {
    sqlite3 *db; /* owned */
    const struct people_keys *keys;
    bool opening;
};

static enum status
failed(const struct veil *v, const char *doing)
{
    log_error("people", "%s: %s", doing,
              v->db ? sqlite3_errmsg(v->db) : "out of memory");
    return STATUS_E_IO;
}

static enum status
run(const struct veil *v, const char *sql)
{
    return sqlite3_exec(v->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? STATUS_OK
               : failed(v, "veil");
}

static enum status
number(const struct veil *v, const char *sql, int64_t *out)
{
    sqlite3_stmt *stmt = NULL;
    *out = 0;
    enum status st = STATUS_OK;
    if (sqlite3_prepare_v2(v->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        st = failed(v, sql);
    } else if (sqlite3_step(stmt) == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return st;
}

/* --- one value ------------------------------------------------------------ */

/* Texts stay texts, as hexadecimal digits: the columns are strict. */
static bool
unhex(const unsigned char *text, size_t len, uint8_t *out)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = text[i];
        int n = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                       : -1;
        if (n < 0) {
            return false;
        }
        out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | n : n << 4);
    }
    return len % 2 == 0;
}

static void
hex(const uint8_t *data, size_t len, char *out)
{
    static const char digit[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digit[data[i] >> 4];
        out[2 * i + 1] = digit[data[i] & 15u];
    }
}

/* Seal or open `len` bytes of `data` in place, which has room for what a seal
 * adds. */
static enum status
one_layer(const struct veil *v, int64_t person, uint8_t *data, size_t *len)
{
    static const char about[] = "anketa person";
    struct seal_lock_key key;
    if (v->opening && *len < SEAL_LOCK_OVERHEAD_BYTES) {
        return STATUS_E_INVALID;
    }
    enum status st = people_keys_of(v->keys, person, &key);
    if (st != STATUS_OK) {
        return STATUS_E_NOT_FOUND;
    }
    uint8_t *to = malloc(*len + SEAL_LOCK_OVERHEAD_BYTES);
    if (!to) {
        return log_oom("people");
    }
    if (v->opening) {
        st = seal_unlock(&key, about, sizeof(about), data, *len, to);
        *len -= SEAL_LOCK_OVERHEAD_BYTES;
    } else {
        seal_lock(&key, about, sizeof(about), data, *len, to);
        *len += SEAL_LOCK_OVERHEAD_BYTES;
    }
    if (st == STATUS_OK) {
        memcpy(data, to, *len);
    }
    buf_wipe(to, *len);
    free(to);
    buf_wipe(&key, sizeof(key));
    return st;
}

/* veil(value, person [, another]) */
static void
veil_value(sqlite3_context *context, int count, sqlite3_value **value)
{
    const struct veil *v = sqlite3_user_data(context);
    const bool text = sqlite3_value_type(value[0]) == SQLITE_TEXT;
    const void *given = text ? (const void *)sqlite3_value_text(value[0])
                             : sqlite3_value_blob(value[0]);
    const size_t given_len = (size_t)sqlite3_value_bytes(value[0]);
    size_t len = text && v->opening ? given_len / 2 : given_len;
    uint8_t *data = malloc(len + (size_t)2 * SEAL_LOCK_OVERHEAD_BYTES + 1);
    if (!data || given_len > TEXT_MAX_BYTES) {
        free(data);
        sqlite3_result_error_nomem(context);
        return;
    }
    enum status st = STATUS_OK;
    if (text && v->opening) {
        st = unhex(given, given_len, data) ? STATUS_OK : STATUS_E_INVALID;
    } else if (len > 0) {
        memcpy(data, given, len);
    }
    for (int i = 1; st == STATUS_OK && i < count; i++) {
        /* The last layer put on is the first to come off. */
        const int at = v->opening ? count - i : i;
        st = one_layer(v, sqlite3_value_int64(value[at]), data, &len);
    }
    if (st < 0) {
        sqlite3_result_error(context, "a value cannot be sealed or opened", -1);
    } else if (text && !v->opening) {
        char *digits = malloc(2 * len + 1);
        if (digits) {
            hex(data, len, digits);
            sqlite3_result_text(context, digits, (int)(2 * len),
                                SQLITE_TRANSIENT);
        } else {
            sqlite3_result_error_nomem(context);
        }
        free(digits);
    } else if (text) {
        sqlite3_result_text(context, (const char *)data, (int)len,
                            SQLITE_TRANSIENT);
    } else {
        sqlite3_result_blob(context, data, (int)len, SQLITE_TRANSIENT);
    }
    buf_wipe(data, len);
    free(data);
}

/* has_key(person) */
static void
has_key(sqlite3_context *context, int count, sqlite3_value **value)
{
    const struct veil *v = sqlite3_user_data(context);
    struct seal_lock_key key;
    (void)count;
    sqlite3_result_int(
        context,
        v->keys
            && people_keys_of(v->keys, sqlite3_value_int64(value[0]), &key)
                   == STATUS_OK);
    buf_wipe(&key, sizeof(key));
}

/* --- the file ------------------------------------------------------------- */

static enum status
open_file(struct veil *v, const char *path, bool readonly)
{
    const int flags = readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(path, &v->db, flags | SQLITE_OPEN_NOMUTEX, NULL)
            != SQLITE_OK
        || sqlite3_create_function(v->db, "veil", -1, SQLITE_UTF8, v,
                                   veil_value, NULL, NULL)
               != SQLITE_OK
        || sqlite3_create_function(v->db, "has_key", 1, SQLITE_UTF8, v, has_key,
                                   NULL, NULL)
               != SQLITE_OK) {
        return failed(v, path);
    }
    sqlite3_busy_timeout(v->db, BUSY_MS);
    return STATUS_OK;
}

enum status
people_veil_seal(const char *path, const struct people_keys *keys)
{
    struct veil v = {.keys = keys};
    enum status st = open_file(&v, path, false);
    if (st == STATUS_OK) {
        st = run(&v, "PRAGMA journal_mode = MEMORY;"
                     "PRAGMA secure_delete = ON;"
                     "PRAGMA temp_store = MEMORY;"
                     "PRAGMA ignore_check_constraints = ON;"
                     "PRAGMA foreign_keys = ON;"
                     "DELETE FROM person WHERE NOT has_key(id);"
                     "PRAGMA foreign_keys = OFF;"
                     "BEGIN;");
    }
    if (st == STATUS_OK) {
        st = run(&v, people_veil_sql);
    }
    if (st == STATUS_OK) {
        char mark[64];
        (void)snprintf(mark, sizeof(mark),
                       "COMMIT; PRAGMA application_id = %d; VACUUM;", SEALED);
        st = run(&v, mark);
    }
    sqlite3_close(v.db);
    return st;
}

static enum status
is_sealed(const struct veil *v, bool *out)
{
    int64_t id = 0;
    enum status st = number(v, "PRAGMA application_id", &id);
    *out = id == SEALED;
    return st;
}

enum status
people_veil_open(const char *path, const struct people_keys *keys)
{
    struct veil v = {.keys = keys, .opening = true};
    bool sealed = false;
    enum status st = open_file(&v, path, false);
    if (st == STATUS_OK) {
        st = is_sealed(&v, &sealed);
    }
    if (st == STATUS_OK && sealed) {
        st = run(&v, "PRAGMA journal_mode = MEMORY;"
                     "PRAGMA secure_delete = ON;"
                     "PRAGMA temp_store = MEMORY;"
                     "PRAGMA ignore_check_constraints = ON;"
                     "PRAGMA foreign_keys = ON;"
                     "BEGIN;"
                     "DELETE FROM person WHERE NOT has_key(id);"
                     "COMMIT;"
                     "PRAGMA foreign_keys = OFF;"
                     "BEGIN;");
        if (st == STATUS_OK) {
            st = run(&v, people_veil_sql);
        }
        if (st == STATUS_OK) {
            st = run(&v, "COMMIT; PRAGMA application_id = 0; VACUUM;");
        }
    }
    sqlite3_close(v.db);
    return st;
}

enum status
people_veil_needs_keys(const char *path, bool *out)
{
    struct veil v = {0};
    bool sealed = false;
    int64_t people = 0;
    enum status st = open_file(&v, path, true);
    if (st == STATUS_OK) {
        st = is_sealed(&v, &sealed);
    }
    if (st == STATUS_OK) {
        st = number(&v, "SELECT count(*) FROM person", &people);
    }
    *out = sealed && people > 0;
    sqlite3_close(v.db);
    return st;
}

static enum status
destroy_gaps(const struct veil *v, struct people_keys *keys, bool *out_changed)
{
    sqlite3_stmt *stmt = NULL;
    int64_t last = 0;
    int64_t next = 1;
    enum status st =
        number(v,
               "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = "
               "'person'), 0)",
               &last);
    if (st == STATUS_OK
        && sqlite3_prepare_v2(v->db, "SELECT id FROM person ORDER BY id", -1,
                              &stmt, NULL)
               != SQLITE_OK) {
        st = failed(v, "people");
    }
    while (st == STATUS_OK && next <= last) {
        const bool row = sqlite3_step(stmt) == SQLITE_ROW;
        const int64_t there = row ? sqlite3_column_int64(stmt, 0) : last + 1;
        for (; st == STATUS_OK && next < there && next <= last; next++) {
            enum status destroyed = people_keys_destroy(keys, next);
            *out_changed = *out_changed || destroyed == STATUS_OK;
            st = destroyed < 0 ? destroyed : STATUS_OK;
        }
        next++;
    }
    sqlite3_finalize(stmt);
    return st;
}

enum status
people_veil_forget(const char *path, const char *keys_path)
{
    struct veil v = {0};
    struct people_keys keys = {0};
    bool changed = false;
    enum status st = people_keys_load(keys_path, &keys);
    if (st == STATUS_OK) {
        st = open_file(&v, path, true);
    }
    if (st == STATUS_OK) {
        st = destroy_gaps(&v, &keys, &changed);
    }
    if (st == STATUS_OK && changed) {
        st = people_keys_save(keys_path, &keys);
    }
    sqlite3_close(v.db);
    people_keys_clear(&keys);
    return st;
}
