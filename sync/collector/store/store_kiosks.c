/* The store's kiosks and the codes that enrol them. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/sql.h"

#define HOUR_MS ((int64_t)3600 * 1000)
#define NAMELESS "kiosk" /* in the list of those that nobody has named */

enum status
store_enrol_code_add(struct store *s, const struct seal_hash *secret,
                     const char *name, int64_t expires_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CODE_ADD);
    sql_bind_blob(stmt, 1, secret->bytes, sizeof(secret->bytes));
    sql_bind_text(stmt, 2, name);
    sqlite3_bind_int64(stmt, 3, expires_ms);
    return db_run(s->db, stmt);
}

/* Whether the code may serve this kiosk; appends the name it was made for. */
static enum status
code_check(struct store *s, const struct seal_hash *secret,
           const struct seal_sign_public *kiosk, int64_t now_ms,
           struct buf *name)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CODE_GET);
    sql_bind_blob(stmt, 1, secret->bytes, sizeof(secret->bytes));
    enum status st = db_step(s->db, stmt);
    if (st != STATUS_OK) {
        db_reset(stmt);
        return st < 0 ? st : STATUS_E_AUTH;
    }
    const unsigned char *text = sqlite3_column_text(stmt, 0);
    buf_puts(name, text ? (const char *)text : "");
    if (sqlite3_column_type(stmt, 2) == SQLITE_NULL) {
        st = sqlite3_column_int64(stmt, 1) > now_ms ? STATUS_OK : STATUS_E_AUTH;
    } else {
        struct seal_sign_public used;
        sql_bytes(stmt, 2, used.bytes, sizeof(used.bytes));
        st = seal_equal(used.bytes, kiosk->bytes, sizeof(used.bytes))
                 ? STATUS_REPEAT
                 : STATUS_E_AUTH;
    }
    db_reset(stmt);
    return buf_status(name) < 0 ? buf_status(name) : st;
}

static enum status
code_use(struct store *s, const struct seal_hash *secret,
         const struct seal_sign_public *kiosk, const char *name, int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CODE_USE);
    sql_bind_blob(stmt, 1, secret->bytes, sizeof(secret->bytes));
    sql_bind_blob(stmt, 2, kiosk->bytes, sizeof(kiosk->bytes));
    enum status st = db_run(s->db, stmt);
    if (st < 0) {
        return st;
    }
    stmt = db_stmt(s->db, SQL_KIOSK_ADD);
    sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
    sql_bind_text(stmt, 2, name);
    sqlite3_bind_int64(stmt, 3, now_ms);
    return db_run(s->db, stmt);
}

enum status
store_enrol(struct store *s, const struct seal_hash *secret,
            const struct seal_sign_public *kiosk, const char *name,
            int64_t now_ms, struct buf *out_name)
{
    const char *called = name;
    struct buf given;
    buf_init(&given, 1024);
    enum status st = store_begin(s);
    if (st < 0) {
        goto out;
    }
    st = code_check(s, secret, kiosk, now_ms, &given);
    if (given.len > 0) {
        called = given.data;
    }
    if (st != STATUS_OK) {
        goto out;
    }
    st = sql_room(s, SQL_KIOSK_COUNT, STORE_KIOSKS_MAX);
    if (st == STATUS_OK) {
        st = code_use(s, secret, kiosk, *called ? called : NAMELESS, now_ms);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }

out:
    if (st >= 0 && out_name) {
        buf_puts(out_name, called);
        st = buf_status(out_name) < 0 ? buf_status(out_name) : st;
    }
    store_rollback(s);
    buf_deinit(&given);
    return st;
}

enum status
store_kiosk_check(struct store *s, const struct seal_sign_public *kiosk)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_KIOSK_CHECK);
    sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = sqlite3_column_int(stmt, 0) ? STATUS_E_AUTH : STATUS_OK;
    } else if (st == STATUS_NONE) {
        st = STATUS_E_AUTH;
    }
    db_reset(stmt);
    return st;
}

enum status
store_kiosk_touch(struct store *s, const struct seal_sign_public *kiosk,
                  int64_t serial, int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_KIOSK_TOUCH);
    sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
    sqlite3_bind_int64(stmt, 2, now_ms - now_ms % HOUR_MS);
    sqlite3_bind_int64(stmt, 3, serial);
    return db_run(s->db, stmt);
}

enum status
store_kiosk_describe(struct store *s, const struct seal_sign_public *kiosk,
                     const char *program,
                     const struct store_kiosk_waiting *waiting, size_t count)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_KIOSK_PROGRAM);
    sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
    sql_bind_text(stmt, 2, program);
    enum status st = db_run(s->db, stmt);
    if (st == STATUS_OK) {
        stmt = db_stmt(s->db, SQL_KIOSK_WAITING_CLEAR);
        sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
        st = db_run(s->db, stmt);
    }
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        stmt = db_stmt(s->db, SQL_KIOSK_WAITING_ADD);
        sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
        sql_bind_text(stmt, 2, waiting[i].form_id);
        sqlite3_bind_int(stmt, 3, waiting[i].step);
        st = db_run(s->db, stmt);
    }
    return st;
}

enum status
store_kiosk_waiting_each(struct store *s, const struct seal_sign_public *kiosk,
                         store_kiosk_waiting_visit *visit, void *self)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_KIOSK_WAITING);
    sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        const struct store_kiosk_waiting w = {
            (const char *)sqlite3_column_text(stmt, 0),
            sqlite3_column_int(stmt, 1),
        };
        st = w.form_id ? visit(self, &w) : log_oom("store");
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

static enum status
fill_kiosk(sqlite3_stmt *stmt, void *item)
{
    struct store_kiosk *k = item;
    sql_bytes(stmt, 0, k->key.bytes, sizeof(k->key.bytes));
    k->name = sql_text(stmt, 1);
    k->enrolled_ms = sqlite3_column_int64(stmt, 2);
    k->seen_ms = sqlite3_column_int64(stmt, 3);
    k->serial = sqlite3_column_int64(stmt, 4);
    k->revoked = sqlite3_column_int(stmt, 5) != 0;
    k->program = sql_text(stmt, 6);
    return k->name && k->program ? STATUS_OK : log_oom("store");
}

static void
clear_kiosk(void *item)
{
    struct store_kiosk *k = item;
    free(k->name);
    free(k->program);
}

enum status
store_kiosks(struct store *s, struct store_kiosk **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_KIOSK_LIST),
                 &(const struct sql_item){sizeof(struct store_kiosk),
                                          fill_kiosk, clear_kiosk},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_kiosks_free(struct store_kiosk *kiosks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_kiosk(&kiosks[i]);
    }
    free(kiosks);
}

enum status
store_kiosk_revoke(struct store *s, const struct seal_sign_public *kiosk)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_KIOSK_REVOKE);
    sql_bind_blob(stmt, 1, kiosk->bytes, sizeof(kiosk->bytes));
    return sql_one(s, stmt);
}
