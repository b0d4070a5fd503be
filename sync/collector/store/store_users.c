/* The store's users, sessions, reading links and audit list. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/sql.h"

static enum status
fill_user(sqlite3_stmt *stmt, void *item)
{
    struct store_user *u = item;
    u->id = sqlite3_column_int64(stmt, 0);
    u->login = sql_text(stmt, 1);
    u->name = sql_text(stmt, 2);
    u->role = (enum store_role)sqlite3_column_int(stmt, 3);
    sql_bytes(stmt, 4, u->salt, sizeof(u->salt));
    sql_bytes(stmt, 5, u->hash.bytes, sizeof(u->hash.bytes));
    u->enabled = sqlite3_column_int(stmt, 6) != 0;
    return u->login && u->name ? STATUS_OK : log_oom("store");
}

void
store_user_clear(struct store_user *user)
{
    free(user->login);
    free(user->name);
    *user = (struct store_user){0};
}

static void
clear_user(void *item)
{
    store_user_clear(item);
}

void
store_users_free(struct store_user *users, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_user_clear(&users[i]);
    }
    free(users);
}

enum status
store_user_add(struct store *s, const struct store_user *user, int64_t *out_id)
{
    *out_id = 0;
    enum status st = sql_room(s, SQL_USER_COUNT, STORE_USERS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_USER_ADD);
    sql_bind_text(stmt, 1, user->login);
    sql_bind_text(stmt, 2, user->name);
    sqlite3_bind_int(stmt, 3, (int)user->role);
    sql_bind_blob(stmt, 4, user->salt, sizeof(user->salt));
    sql_bind_blob(stmt, 5, user->hash.bytes, sizeof(user->hash.bytes));
    sqlite3_bind_int(stmt, 6, user->enabled);
    return sql_number(s, stmt, out_id);
}

static enum status
one_user(struct store *s, sqlite3_stmt *stmt, struct store_user *out)
{
    *out = (struct store_user){0};
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = fill_user(stmt, out);
    }
    if (st < 0) {
        store_user_clear(out);
    }
    db_reset(stmt);
    return st;
}

enum status
store_user(struct store *s, const char *login, struct store_user *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_USER_GET);
    sql_bind_text(stmt, 1, login);
    return one_user(s, stmt, out);
}

enum status
store_users(struct store *s, struct store_user **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_USER_LIST),
                 &(const struct sql_item){sizeof(struct store_user), fill_user,
                                          clear_user},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_user_update(struct store *s, const struct store_user *user)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_USER_UPDATE);
    sqlite3_bind_int64(stmt, 1, user->id);
    sql_bind_blob(stmt, 2, user->salt, sizeof(user->salt));
    sql_bind_blob(stmt, 3, user->hash.bytes, sizeof(user->hash.bytes));
    sqlite3_bind_int(stmt, 4, user->enabled);
    enum status st = db_run(s->db, stmt);
    if (st == STATUS_OK) {
        stmt = db_stmt(s->db, SQL_USER_SIGN_OUT);
        sqlite3_bind_int64(stmt, 1, user->id);
        st = db_run(s->db, stmt);
    }
    return st;
}

/* --- sessions and links --------------------------------------------------- */

enum status
store_session_add(struct store *s, const struct seal_hash *token, int64_t user,
                  int64_t expires_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SESSION_ADD);
    sql_bind_blob(stmt, 1, token->bytes, sizeof(token->bytes));
    sqlite3_bind_int64(stmt, 2, user);
    sqlite3_bind_int64(stmt, 3, expires_ms);
    return db_run(s->db, stmt);
}

enum status
store_session_user(struct store *s, const struct seal_hash *token,
                   int64_t now_ms, struct store_user *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SESSION_USER);
    sql_bind_blob(stmt, 1, token->bytes, sizeof(token->bytes));
    sqlite3_bind_int64(stmt, 2, now_ms);
    return one_user(s, stmt, out);
}

enum status
store_session_end(struct store *s, const struct seal_hash *token)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SESSION_END);
    sql_bind_blob(stmt, 1, token->bytes, sizeof(token->bytes));
    return db_run(s->db, stmt);
}

enum status
store_sessions_expire(struct store *s, int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SESSION_EXPIRE);
    sqlite3_bind_int64(stmt, 1, now_ms);
    return db_run(s->db, stmt);
}

enum status
store_link_add(struct store *s, const struct seal_hash *token, int64_t wave,
               int64_t expires_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_LINK_ADD);
    sql_bind_blob(stmt, 1, token->bytes, sizeof(token->bytes));
    sqlite3_bind_int64(stmt, 2, wave);
    sqlite3_bind_int64(stmt, 3, expires_ms);
    return db_run(s->db, stmt);
}

enum status
store_link_check(struct store *s, const struct seal_hash *token, int64_t wave,
                 int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_LINK_CHECK);
    sql_bind_blob(stmt, 1, token->bytes, sizeof(token->bytes));
    sqlite3_bind_int64(stmt, 2, wave);
    sqlite3_bind_int64(stmt, 3, now_ms);
    return sql_one(s, stmt);
}

/* --- audit ---------------------------------------------------------------- */

enum status
store_audit_add(struct store *s, int64_t at_ms, const char *who,
                const char *action, const char *detail)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_AUDIT_ADD);
    sqlite3_bind_int64(stmt, 1, at_ms);
    sql_bind_text(stmt, 2, who);
    sql_bind_text(stmt, 3, action);
    sql_bind_text(stmt, 4, detail);
    return db_run(s->db, stmt);
}

static enum status
fill_audit(sqlite3_stmt *stmt, void *item)
{
    struct store_audit *a = item;
    a->id = sqlite3_column_int64(stmt, 0);
    a->at_ms = sqlite3_column_int64(stmt, 1);
    a->who = sql_text(stmt, 2);
    a->action = sql_text(stmt, 3);
    a->detail = sql_text(stmt, 4);
    return a->who && a->action && a->detail ? STATUS_OK : log_oom("store");
}

static void
clear_audit(void *item)
{
    struct store_audit *a = item;
    free(a->who);
    free(a->action);
    free(a->detail);
}

enum status
store_audit_list(struct store *s, int64_t before_id, struct store_audit **out,
                 size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_AUDIT_LIST);
    sqlite3_bind_int64(stmt, 1, before_id);
    sqlite3_bind_int(stmt, 2, STORE_AUDIT_PAGE);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_audit),
                                          fill_audit, clear_audit},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_audit_free(struct store_audit *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_audit(&entries[i]);
    }
    free(entries);
}
