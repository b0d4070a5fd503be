#ifndef ANKETA_STORE_DB_H
#define ANKETA_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sqlite3;
struct sqlite3_stmt;

/*
 * Db: an SQLite file opened our way.
 *
 * Foreign keys on, secure_delete on, temporary data in memory only, a busy
 * time-out, defensive mode, and the schema brought up to date by numbered
 * migrations (PRAGMA user_version counts them). Statements stand in a table,
 * are prepared at open and named by an enum; nothing builds SQL at run time.
 *
 * Binding   Results of sqlite3_bind_* need no check: a bind that fails leaves
 *           NULL, STRICT NOT NULL columns refuse it, and the step reports it.
 * Threads   A db belongs to one thread at a time.
 * Errors    Logged here, once, with the file and what was being done. Mapped:
 *           SQLITE_FULL -> STATUS_E_FULL, BUSY and LOCKED -> STATUS_E_BUSY,
 *           CONSTRAINT -> STATUS_E_CONFLICT, NOMEM -> STATUS_E_NOMEM, NOTADB
 *           and CORRUPT and all others -> STATUS_E_IO. A busy file and a
 *           broken constraint are answers and are not logged.
 */
struct db;

enum db_journal {
    /* Rollback journal, deleted at commit, folder synced (synchronous=EXTRA):
     * what commit returned is on the disk and the old page images are not. */
    DB_JOURNAL_DELETE,
    /* Write-ahead log, synchronous=FULL: readers never wait. Only for data
     * whose order of arrival is no secret. */
    DB_JOURNAL_WAL,
};

struct db_options {
    const char *component; /* for the log: "outbox" */
    enum db_journal journal;
    bool readonly; /* the file must exist; no migrations */
    int busy_ms;
    /* SQL of migration 1, 2, ...; each runs in the one transaction that brings
     * the file up to date and ends with "PRAGMA user_version = <its number>".
     * A newer file is STATUS_E_UNSUPPORTED. */
    const char *const *migrations;
    size_t migration_count;
    /* Statements to prepare; index them with db_stmt(). Must outlive the db. */
    const char *const *statements;
    size_t statement_count;
    /* Prepare each statement when it is first named: opens sooner and needs
     * less memory where few of many are used. One that cannot be prepared is
     * then reported by its step. */
    bool lazy;
    /* A second file on the same connection, under this schema name; it is there
     * already, and a write-ahead log of its own. One transaction covers both:
     * with two logs each file is whole after a crash, and the first one is
     * never behind the second. NULL: none. */
    const char *attach;
    const char *attach_as;
    /* NULL: the default; tests put a failing disk here, which is theirs alone */
    const char *vfs;
};

/* STATUS_E_NOT_FOUND: read-only and no such file, or one that was never filled. */
MUST_CHECK enum status
db_open(const char *path, const struct db_options *options, struct db **out);

/* NULL is fine. */
void
db_close(struct db *db);

struct sqlite3 *
db_handle(struct db *db);

/* Borrowed; reset, with its bindings cleared. */
struct sqlite3_stmt *
db_stmt(struct db *db, size_t index);

/* STATUS_OK: a row is there; STATUS_NONE: no (more) rows, and the statement
 * is reset. */
MUST_CHECK enum status
db_step(struct db *db, struct sqlite3_stmt *stmt);

/* Step to the end and reset, for statements whose rows do not matter. */
MUST_CHECK enum status
db_run(struct db *db, struct sqlite3_stmt *stmt);

/* End with db_reset() a statement whose rows were not all read: an open
 * statement keeps the file locked. */
void
db_reset(struct sqlite3_stmt *stmt);

/* BEGIN IMMEDIATE: the writer's lock is taken now, not at the first write. */
MUST_CHECK enum status
db_begin(struct db *db);
/* BEGIN: a consistent view for several reads. */
MUST_CHECK enum status
db_begin_read(struct db *db);
/* On failure the transaction is rolled back. */
MUST_CHECK enum status
db_commit(struct db *db);
/* Nothing happens outside a transaction, so `out:` may always call it. */
void
db_rollback(struct db *db);

/* The file's data_version: moves when another connection commits a change. */
MUST_CHECK enum status
db_data_version(struct db *db, int64_t *out);

/* Log the last error of `db` as "<path>: <doing>: ..." and map it. */
MUST_CHECK enum status
db_failed(const struct db *db, const char *doing);

#endif
