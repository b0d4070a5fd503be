#include "collector/store/store_openrosa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/sql.h"

/* --- accounts ------------------------------------------------------------- */

static enum status
copy_hash(sqlite3_stmt *stmt, int column,
          char out[STORE_OPENROSA_HASH_CHARS + 1])
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    int n = snprintf(out, STORE_OPENROSA_HASH_CHARS + 1, "%s",
                     text ? (const char *)text : "");
    return n >= 0 && n <= STORE_OPENROSA_HASH_CHARS ? STATUS_OK : STATUS_E_IO;
}

static enum status
fill_user(sqlite3_stmt *stmt, void *item)
{
    struct store_openrosa_user *u = item;
    u->login = sql_text(stmt, 0);
    u->person = sqlite3_column_int64(stmt, 3);
    u->name = sql_text(stmt, 4);
    if (!u->login || !u->name) {
        return log_oom("store");
    }
    enum status st = copy_hash(stmt, 1, u->sha256);
    return st == STATUS_OK ? copy_hash(stmt, 2, u->md5) : st;
}

void
store_openrosa_user_clear(struct store_openrosa_user *user)
{
    free(user->login);
    free(user->name);
    buf_wipe(user, sizeof(*user));
}

static void
clear_user(void *item)
{
    store_openrosa_user_clear(item);
}

void
store_openrosa_users_free(struct store_openrosa_user *users, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_openrosa_user_clear(&users[i]);
    }
    free(users);
}

enum status
store_openrosa_user_put(struct store *s, const struct store_openrosa_user *user)
{
    enum status st =
        sql_room(s, SQL_OPENROSA_USER_COUNT, STORE_OPENROSA_USERS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_OPENROSA_USER_PUT);
    sql_bind_text(stmt, 1, user->login);
    sql_bind_text(stmt, 2, user->sha256);
    sql_bind_text(stmt, 3, user->md5);
    if (user->person != 0) {
        sqlite3_bind_int64(stmt, 4, user->person);
    }
    return db_run(s->db, stmt);
}

enum status
store_openrosa_user(struct store *s, const char *login,
                    struct store_openrosa_user *out)
{
    memset(out, 0, sizeof(*out));
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_OPENROSA_USER_GET);
    sql_bind_text(stmt, 1, login);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = fill_user(stmt, out);
    }
    if (st < 0) {
        store_openrosa_user_clear(out);
    }
    db_reset(stmt);
    return st;
}

enum status
store_openrosa_user_drop(struct store *s, const char *login)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_OPENROSA_USER_DROP);
    sql_bind_text(stmt, 1, login);
    return sql_one(s, stmt);
}

enum status
store_openrosa_users(struct store *s, struct store_openrosa_user **out,
                     size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_OPENROSA_USER_LIST),
                 &(const struct sql_item){sizeof(struct store_openrosa_user),
                                          fill_user, clear_user},
                 &items, out_count);
    *out = items;
    return st;
}

/* --- files of named answers ----------------------------------------------- */

static sqlite3_stmt *
for_answer(struct store *s, enum sql_stmt which, int64_t wave, int64_t person)
{
    sqlite3_stmt *stmt = db_stmt(s->db, which);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, person);
    return stmt;
}

enum status
store_file_put(struct store *s, int64_t wave, int64_t person, const char *name,
               const void *data, size_t len)
{
    int64_t count = 0;
    enum status st =
        sql_number(s, for_answer(s, SQL_FILE_COUNT, wave, person), &count);
    if (st < 0) {
        return st;
    }
    if (count >= STORE_FILES_MAX) {
        return STATUS_E_LIMIT;
    }
    sqlite3_stmt *stmt = for_answer(s, SQL_FILE_PUT, wave, person);
    sql_bind_text(stmt, 3, name);
    sql_bind_blob(stmt, 4, data, len);
    return db_run(s->db, stmt);
}

enum status
store_files_drop(struct store *s, int64_t wave, int64_t person)
{
    return db_run(s->db, for_answer(s, SQL_FILE_DROP, wave, person));
}

enum status
store_file(struct store *s, int64_t wave, int64_t person, const char *name,
           struct buf *out)
{
    sqlite3_stmt *stmt = for_answer(s, SQL_FILE_GET, wave, person);
    sql_bind_text(stmt, 3, name);
    return sql_blob(s, stmt, out);
}

enum status
store_files_each(struct store *s, int64_t wave, int64_t person, bool with_data,
                 store_file_visit *visit, void *self)
{
    sqlite3_stmt *stmt = for_answer(s, SQL_FILE_LIST, wave, person);
    sqlite3_bind_int(stmt, 3, with_data);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        char *name = sql_text(stmt, 1);
        const void *data = with_data ? sqlite3_column_blob(stmt, 3) : NULL;
        st = name ? visit(self, sqlite3_column_int64(stmt, 0), name, data,
                          (size_t)sqlite3_column_int64(stmt, 2))
                  : log_oom("store");
        free(name);
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_named(struct store *s, int64_t wave, int64_t person, struct buf *out_xml)
{
    return sql_blob(s, for_answer(s, SQL_NAMED_GET, wave, person), out_xml);
}

/* --- the outbox ----------------------------------------------------------- */

enum status
store_forward_put(struct store *s, int64_t wave, int64_t person,
                  int64_t next_ms)
{
    sqlite3_stmt *stmt = for_answer(s, SQL_FORWARD_PUT, wave, person);
    sqlite3_bind_int64(stmt, 3, next_ms);
    sqlite3_bind_int(stmt, 4, RECORD_NAMED);
    sql_bind_text(stmt, 5, STORE_FORWARD_URL);
    return db_run(s->db, stmt);
}

enum status
store_forward_all(struct store *s, int64_t *out_count)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORWARD_ALL);
    sqlite3_bind_int(stmt, 1, RECORD_NAMED);
    enum status st = db_run(s->db, stmt);
    *out_count = st == STATUS_OK ? sqlite3_changes64(db_handle(s->db)) : 0;
    return st;
}

enum status
store_forward_due(struct store *s, int64_t now_ms, struct store_forward *out,
                  struct buf *xml, int64_t *out_next_ms)
{
    memset(out, 0, sizeof(*out));
    *out_next_ms = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORWARD_DUE);
    sqlite3_bind_int(stmt, 1, RECORD_NAMED);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        *out_next_ms = sqlite3_column_int64(stmt, 4);
        st = *out_next_ms <= now_ms ? STATUS_OK : STATUS_NONE;
    }
    if (st == STATUS_OK) {
        out->wave = sqlite3_column_int64(stmt, 0);
        out->person = sqlite3_column_int64(stmt, 1);
        out->revision = sqlite3_column_int64(stmt, 2);
        out->tries = sqlite3_column_int64(stmt, 3);
        out->next_ms = *out_next_ms;
        out->detail = sql_text(stmt, 5);
        buf_put(xml, sqlite3_column_blob(stmt, 6),
                (size_t)sqlite3_column_bytes(stmt, 6));
        st = out->detail ? buf_status(xml) : log_oom("store");
    }
    db_reset(stmt);
    if (st < 0) {
        store_forward_clear(out);
    }
    return st;
}

void
store_forward_clear(struct store_forward *f)
{
    free(f->detail);
    *f = (struct store_forward){0};
}

enum status
store_forward_note(struct store *s, const struct store_forward *f)
{
    sqlite3_stmt *stmt = for_answer(s, SQL_FORWARD_NOTE, f->wave, f->person);
    sqlite3_bind_int64(stmt, 3, f->revision);
    sqlite3_bind_int(stmt, 4, (int)f->state);
    sqlite3_bind_int64(stmt, 5, f->tries);
    sqlite3_bind_int64(stmt, 6, f->next_ms);
    sql_bind_text(stmt, 7, f->detail);
    return db_run(s->db, stmt);
}

enum status
store_forward_retry(struct store *s)
{
    return db_run(s->db, db_stmt(s->db, SQL_FORWARD_RETRY));
}

enum status
store_forward_stop(struct store *s)
{
    return db_run(s->db, db_stmt(s->db, SQL_FORWARD_STOP));
}

enum status
store_forward_count(struct store *s, struct store_forward_counts *out)
{
    memset(out, 0, sizeof(*out));
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORWARD_COUNT);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        out->waiting = sqlite3_column_int64(stmt, 0);
        out->done = sqlite3_column_int64(stmt, 1);
        out->refused = sqlite3_column_int64(stmt, 2);
        const unsigned char *detail = sqlite3_column_text(stmt, 3);
        (void)snprintf(out->detail, sizeof(out->detail), "%s",
                       detail ? (const char *)detail : "");
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}
