#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/log.h"

enum own_stmt {
    OWN_BEGIN,
    OWN_BEGIN_READ,
    OWN_COMMIT,
    OWN_ROLLBACK,
    OWN_DATA_VERSION,
    OWN_COUNT
};

static const char *const own_sql[OWN_COUNT] = {
    [OWN_BEGIN] = "BEGIN IMMEDIATE",
    [OWN_BEGIN_READ] = "BEGIN",
    [OWN_COMMIT] = "COMMIT",
    [OWN_ROLLBACK] = "ROLLBACK",
    [OWN_DATA_VERSION] = "PRAGMA data_version",
};

struct db {
    sqlite3 *sql;          /* owned */
    char *path;            /* owned; for the log */
    const char *component; /* borrowed */
    sqlite3_stmt *own[OWN_COUNT];
    sqlite3_stmt **stmt;     /* owned, with their statements */
    const char *const *text; /* borrowed; of those */
    size_t stmt_count;
};

enum status
db_failed(const struct db *db, const char *doing)
{
    int rc = sqlite3_errcode(db->sql) & 0xff;
    if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
        return STATUS_E_BUSY;
    }
    if (rc == SQLITE_CONSTRAINT) {
        return STATUS_E_CONFLICT;
    }
    log_error(db->component, "%s: %s: %s (%d)", db->path, doing,
              sqlite3_errmsg(db->sql), sqlite3_extended_errcode(db->sql));
    if (rc == SQLITE_FULL) {
        return STATUS_E_FULL;
    }
    return rc == SQLITE_NOMEM ? STATUS_E_NOMEM : STATUS_E_IO;
}

static enum status
exec(struct db *db, const char *sql)
{
    if (sqlite3_exec(db->sql, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return db_failed(db, sql);
    }
    return STATUS_OK;
}

static enum status
prepare(struct db *db, const char *sql, sqlite3_stmt **out)
{
    int rc = sqlite3_prepare_v3(db->sql, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                out, NULL);
    return rc == SQLITE_OK ? STATUS_OK : db_failed(db, sql);
}

static enum status
one_int(struct db *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = prepare(db, sql, &stmt);
    if (st == STATUS_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
    } else if (st == STATUS_OK) {
        st = db_failed(db, sql);
    }
    sqlite3_finalize(stmt);
    return st;
}

static enum status
migrate(struct db *db, const struct db_options *o)
{
    int64_t version = 0;
    enum status st = one_int(db, "PRAGMA user_version", &version);
    if (st < 0) {
        return st;
    }
    if (version < 0 || (uint64_t)version > o->migration_count) {
        log_error(db->component,
                  "%s: schema %lld is newer than this program knows (%zu)",
                  db->path, (long long)version, o->migration_count);
        return STATUS_E_UNSUPPORTED;
    }
    if (version == 0 && o->readonly && o->migration_count > 0) {
        return STATUS_E_NOT_FOUND; /* who made it did not live to fill it */
    }
    if ((uint64_t)version == o->migration_count || o->readonly) {
        return STATUS_OK;
    }

    st = exec(db, "BEGIN EXCLUSIVE");
    if (st < 0) {
        return st;
    }
    /* Another process may have been faster. */
    st = one_int(db, "PRAGMA user_version", &version);
    for (size_t i = (size_t)version; st == STATUS_OK && i < o->migration_count;
         i++) {
        st = exec(db, o->migrations[i]);
        if (st == STATUS_OK) {
            st = one_int(db, "PRAGMA user_version", &version);
        }
        if (st == STATUS_OK && (size_t)version != i + 1) {
            log_error(db->component, "migration %zu says it is %lld", i + 1,
                      (long long)version);
            st = STATUS_E_INVALID;
        }
    }
    if (st == STATUS_OK) {
        st = exec(db, "COMMIT");
    }
    if (st < 0 && !sqlite3_get_autocommit(db->sql)) {
        sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
    }
    return st;
}

static enum status
configure(struct db *db, const struct db_options *o)
{
    static const char common[] = "PRAGMA secure_delete = ON;"
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA foreign_keys = ON;"
                                 "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA cell_size_check = ON;";
    static const char *const journal[] = {
        [DB_JOURNAL_DELETE] = "PRAGMA journal_mode = DELETE;"
                              "PRAGMA synchronous = EXTRA;",
        [DB_JOURNAL_WAL] = "PRAGMA journal_mode = WAL;"
                           "PRAGMA synchronous = FULL;",
    };
    sqlite3_extended_result_codes(db->sql, 1);
    sqlite3_busy_timeout(db->sql, o->busy_ms);
    sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);

    enum status st = exec(db, common);
    if (st == STATUS_OK && o->vfs) {
        /* A disk of our own has no memory to share: a log needs none then. */
        st = exec(db, "PRAGMA locking_mode = EXCLUSIVE;");
    }
    if (st == STATUS_OK) {
        st = exec(db, o->readonly ? "PRAGMA query_only = ON;"
                                  : journal[o->journal]);
    }
    return st;
}

/* SQLite commits the files of a transaction in their order, the main one first
 * (vdbeCommit); tests/unit/ingest/test_power would see another. */
static enum status
attach(struct db *db, const struct db_options *o)
{
    sqlite3_stmt *stmt = NULL;
    enum status st = prepare(db, "ATTACH ?1 AS ?2", &stmt);
    if (st == STATUS_OK) {
        sqlite3_bind_text(stmt, 1, o->attach, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, o->attach_as, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) != SQLITE_DONE) {
            st = db_failed(db, "attach");
        }
    }
    sqlite3_finalize(stmt);
    return st;
}

static enum status
prepare_all(struct db *db, const struct db_options *o)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < OWN_COUNT; i++) {
        st = prepare(db, own_sql[i], &db->own[i]);
    }
    if (st < 0 || o->statement_count == 0) {
        return st;
    }
    db->stmt = calloc(o->statement_count, sizeof(sqlite3_stmt *));
    if (!db->stmt) {
        return log_oom(db->component);
    }
    db->stmt_count = o->statement_count;
    db->text = o->statements;
    for (size_t i = 0; !o->lazy && st == STATUS_OK && i < db->stmt_count; i++) {
        st = prepare(db, o->statements[i], &db->stmt[i]);
    }
    return st;
}

static bool
exists(const char *path, const char *vfs_name)
{
    int there = 0;
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name); /* starts SQLite */
    return !vfs
           || vfs->xAccess(vfs, path, SQLITE_ACCESS_EXISTS, &there) != SQLITE_OK
           || there;
}

enum status
db_open(const char *path, const struct db_options *options, struct db **out)
{
    *out = NULL;
    if (options->readonly && !exists(path, options->vfs)) {
        return STATUS_E_NOT_FOUND;
    }

    /* The power may have gone in the midst of a commit with a rollback journal:
     * whoever opens the file next takes it back, and must be able to write. That
     * nobody else does is query_only's work. */
    int flags = SQLITE_OPEN_READWRITE;
    if (options->readonly && options->journal == DB_JOURNAL_WAL) {
        flags = SQLITE_OPEN_READONLY;
    } else if (!options->readonly) {
        flags |= SQLITE_OPEN_CREATE;
    }
    enum status st = STATUS_OK;
    struct db *db = calloc(1, sizeof(*db));
    if (!db) {
        return log_oom(options->component);
    }
    db->component = options->component;
    db->path = strdup(path);
    if (!db->path) {
        st = log_oom(options->component);
        goto out;
    }
    if (sqlite3_open_v2(path, &db->sql, flags | SQLITE_OPEN_NOMUTEX,
                        options->vfs)
        != SQLITE_OK) {
        st = db->sql ? db_failed(db, "open") : log_oom(db->component);
        goto out;
    }
    st = configure(db, options);
    if (st == STATUS_OK) {
        st = migrate(db, options);
    }
    if (st == STATUS_OK && options->attach) {
        st = attach(db, options);
    }
    if (st == STATUS_OK) {
        st = prepare_all(db, options);
    }
    if (st == STATUS_OK) {
        *out = db;
        db = NULL;
    }

out:
    db_close(db);
    return st;
}

void
db_close(struct db *db)
{
    if (!db) {
        return;
    }
    for (size_t i = 0; i < OWN_COUNT; i++) {
        sqlite3_finalize(db->own[i]);
    }
    for (size_t i = 0; i < db->stmt_count; i++) {
        sqlite3_finalize(db->stmt[i]);
    }
    free(db->stmt);
    if (sqlite3_close(db->sql) != SQLITE_OK) {
        log_error(db->component, "%s: closed with an open statement", db->path);
    }
    free(db->path);
    free(db);
}

struct sqlite3 *
db_handle(struct db *db)
{
    return db->sql;
}

struct sqlite3_stmt *
db_stmt(struct db *db, size_t index)
{
    if (!db->stmt[index]) {
        enum status st = prepare(db, db->text[index], &db->stmt[index]);
        return st == STATUS_OK ? db->stmt[index] : NULL;
    }
    db_reset(db->stmt[index]);
    return db->stmt[index];
}

void
db_reset(struct sqlite3_stmt *stmt)
{
    if (!stmt) {
        return;
    }
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt); /* they may point into a caller's memory */
}

enum status
db_step(struct db *db, struct sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        return STATUS_OK;
    }
    enum status st =
        rc == SQLITE_DONE ? STATUS_NONE : db_failed(db, sqlite3_sql(stmt));
    db_reset(stmt);
    return st;
}

enum status
db_run(struct db *db, struct sqlite3_stmt *stmt)
{
    enum status st = STATUS_OK;
    do {
        st = db_step(db, stmt);
    } while (st == STATUS_OK);
    return st == STATUS_NONE ? STATUS_OK : st;
}

enum status
db_begin(struct db *db)
{
    return db_run(db, db->own[OWN_BEGIN]);
}

enum status
db_begin_read(struct db *db)
{
    return db_run(db, db->own[OWN_BEGIN_READ]);
}

enum status
db_commit(struct db *db)
{
    enum status st = db_run(db, db->own[OWN_COMMIT]);
    if (st < 0) {
        db_rollback(db);
    }
    return st;
}

void
db_rollback(struct db *db)
{
    /* SQLite rolls back by itself after some errors (disk full, I/O). */
    if (db && !sqlite3_get_autocommit(db->sql)) {
        enum status st = db_run(db, db->own[OWN_ROLLBACK]);
        if (st < 0) {
            log_warn(db->component, "%s: rollback did not end well", db->path);
        }
    }
}

enum status
db_data_version(struct db *db, int64_t *out)
{
    sqlite3_stmt *stmt = db->own[OWN_DATA_VERSION];
    enum status st = db_step(db, stmt);
    if (st == STATUS_OK) {
        *out = sqlite3_column_int64(stmt, 0);
        db_reset(stmt);
    }
    return st;
}
