#include "collector/store/people_file.h"

#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/store/people_0001.h"
#include "collector/store/people_0002.h"
#include "collector/store/people_0003.h"
#include "collector/store/people_0004.h"
#include "collector/store/people_0005.h"
#include "collector/store/people_apart.h"
#include "collector/store/sql.h"

#define BUSY_MS 10000
#define PATH_MAX_BYTES 4096

static const char *const migrations[] = {people_0001, people_0002, people_0003,
                                         people_0004, people_0005};

static enum status
beside(const char *path, char out[PATH_MAX_BYTES])
{
    const char *slash = strrchr(path, '/');
    size_t dir = slash ? (size_t)(slash - path) + 1 : 0;
    if (dir + sizeof(STORE_PEOPLE_FILE) > PATH_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    memcpy(out, path, dir);
    memcpy(out + dir, STORE_PEOPLE_FILE, sizeof(STORE_PEOPLE_FILE));
    return STATUS_OK;
}

static enum status
run(struct db *db, const char *sql)
{
    return sqlite3_exec(db_handle(db), sql, NULL, NULL, NULL) == SQLITE_OK
               ? STATUS_OK
               : db_failed(db, "people apart");
}

/* Does the statement find a row? */
static enum status
finds(struct db *db, const char *sql, bool *out)
{
    sqlite3_stmt *stmt = NULL;
    *out = false;
    if (sqlite3_prepare_v2(db_handle(db), sql, -1, &stmt, NULL) != SQLITE_OK) {
        return db_failed(db, "people apart");
    }
    enum status st = db_step(db, stmt);
    *out = st == STATUS_OK;
    sqlite3_finalize(stmt);
    return st < 0 ? st : STATUS_OK;
}

static enum status
move_apart(struct db *db)
{
    bool together = false;
    enum status st = db_begin(db);
    if (st == STATUS_OK) {
        st = finds(db,
                   "SELECT 1 FROM collector.sqlite_schema WHERE type = 'table' "
                   "AND name = 'person'",
                   &together);
    }
    if (st == STATUS_OK && together) {
        st = run(db, people_apart);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    db_rollback(db);
    return st;
}

static enum status
compact(struct db *db)
{
    bool due = false;
    enum status st = finds(
        db, "SELECT 1 FROM collector.setting WHERE key = 'compact'", &due);
    if (st == STATUS_OK && due) {
        st = run(db, "VACUUM collector;"
                     "PRAGMA wal_checkpoint(TRUNCATE);"
                     "DELETE FROM collector.setting WHERE key = 'compact';");
    }
    return st;
}

static enum status
update_first(const char *path, const char *vfs)
{
    struct db *db = NULL;
    const struct db_options options = {
        .component = "store",
        .journal = DB_JOURNAL_WAL,
        .busy_ms = BUSY_MS,
        .migrations = sql_migrations,
        .migration_count = sql_migration_count,
        .vfs = vfs,
    };
    enum status st = db_open(path, &options, &db);
    db_close(db);
    return st;
}

static enum status
open_both(const char *path, const char *people, bool readonly, const char *vfs,
          struct db **out)
{
    const struct db_options options = {
        .component = "store",
        .journal = DB_JOURNAL_WAL,
        .readonly = readonly,
        .busy_ms = BUSY_MS,
        .migrations = migrations,
        .migration_count = sizeof(migrations) / sizeof(migrations[0]),
        .statements = sql_statements,
        .statement_count = SQL_COUNT,
        .lazy = true,
        .attach = path,
        .attach_as = "collector",
        .vfs = vfs,
    };
    enum status st = readonly ? STATUS_OK : update_first(path, vfs);
    if (st == STATUS_OK) {
        st = db_open(people, &options, out);
    }
    if (st == STATUS_OK && !readonly) {
        st = move_apart(*out);
        if (st == STATUS_OK) {
            st = compact(*out);
        }
        if (st < 0) {
            db_close(*out);
            *out = NULL;
        }
    }
    return st;
}

enum status
people_file_open(const char *path, bool readonly, const char *vfs,
                 struct db **out)
{
    char people[PATH_MAX_BYTES];
    *out = NULL;
    enum status st = beside(path, people);
    if (st == STATUS_OK && readonly && !file_exists(path)) {
        st = STATUS_E_NOT_FOUND;
    }
    if (st == STATUS_OK && readonly && !file_exists(people)) {
        st = open_both(path, people, false, vfs, out);
        db_close(*out);
        *out = NULL;
    }
    return st == STATUS_OK ? open_both(path, people, readonly, vfs, out) : st;
}
