#include "collector/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/people_file.h"
#include "collector/store/sql.h"

#define BUSY_MS 10000

enum status
store_open(const char *path, bool readonly, struct store **out)
{
    return store_open_vfs(path, readonly, NULL, out);
}

enum status
store_open_vfs(const char *path, bool readonly, const char *vfs,
               struct store **out)
{
    *out = NULL;
    struct store *s = calloc(1, sizeof(*s));
    if (!s) {
        return log_oom("store");
    }
    enum status st = column_zip_new(&s->zip);
    if (st == STATUS_OK) {
        /* Records are put into the write-ahead log in shuffled batches, so that
         * the log tells no more than the batches themselves. */
        st = people_file_open(path, readonly, vfs, &s->db);
    }
    if (st < 0) {
        store_close(s);
        return st;
    }
    *out = s;
    return STATUS_OK;
}

void
store_close(struct store *s)
{
    if (s) {
        db_close(s->db);
        column_zip_free(s->zip);
        free(s);
    }
}

enum status
store_begin(struct store *s)
{
    return db_begin(s->db);
}

enum status
store_begin_read(struct store *s)
{
    return db_begin_read(s->db);
}

enum status
store_commit(struct store *s)
{
    return db_commit(s->db);
}

void
store_rollback(struct store *s)
{
    if (s) {
        db_rollback(s->db);
    }
}

enum status
store_copy(const char *from, const char *to)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_open_v2(from, &db,
                             SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(db, BUSY_MS);
        rc = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &stmt, NULL);
    }
    if (rc == SQLITE_OK) {
        sql_bind_text(stmt, 1, to);
        rc = sqlite3_step(stmt);
    }
    if (rc != SQLITE_DONE) {
        log_error("store", "copy of %s: %s", from,
                  db ? sqlite3_errmsg(db) : "out of memory");
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    if (rc == SQLITE_DONE) {
        return STATUS_OK;
    }
    return rc == SQLITE_FULL ? STATUS_E_FULL : STATUS_E_IO;
}

#define FORGET "forget" /* 1: the logs could not be emptied so far */

enum status
store_forget(struct store *s)
{
    int64_t busy = 0;
    int64_t due = 0;
    enum status st = sql_number(s, db_stmt(s->db, SQL_FORGET), &busy);
    if (st == STATUS_OK) {
        st = store_number(s, FORGET, &due);
    }
    return st == STATUS_OK && due != busy ? store_number_set(s, FORGET, busy)
                                          : st;
}

enum status
store_forget_due(struct store *s)
{
    int64_t due = 0;
    enum status st = store_number(s, FORGET, &due);
    return st == STATUS_OK && due != 0 ? store_forget(s) : st;
}

/* --- single facts --------------------------------------------------------- */

enum status
store_number(struct store *s, const char *key, int64_t *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SETTING_GET);
    sql_bind_text(stmt, 1, key);
    return sql_number(s, stmt, out);
}

enum status
store_number_set(struct store *s, const char *key, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%lld", (long long)value);
    return store_text_set(s, key, text);
}

enum status
store_number_next(struct store *s, const char *key, int64_t *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SETTING_NEXT);
    sql_bind_text(stmt, 1, key);
    return sql_number(s, stmt, out);
}

enum status
store_text(struct store *s, const char *key, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SETTING_GET);
    sql_bind_text(stmt, 1, key);
    enum status st = sql_blob(s, stmt, out);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_text_set(struct store *s, const char *key, const char *value)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SETTING_SET);
    sql_bind_text(stmt, 1, key);
    sql_bind_text(stmt, 2, value);
    return db_run(s->db, stmt);
}
