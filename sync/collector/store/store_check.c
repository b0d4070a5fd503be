#include "collector/store/store_check.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/log.h"
#include "collector/store/column.h"

/* A table that is not in this file, or not yet, is passed over. */
static const struct count {
    const char *table;
    const char *sql;
    size_t to;
} counts[] = {
#define TO(member) offsetof(struct store_contents, member)
    {"form", "SELECT count(*) FROM form", TO(forms)},
    {"wave", "SELECT count(*) FROM wave", TO(waves)},
    {"wave", "SELECT ifnull(sum(answers), 0) FROM wave", TO(answers)},
    {"named", "SELECT count(*) FROM named", TO(named)},
    {"person", "SELECT count(*) FROM person", TO(people)},
    {"kiosk", "SELECT count(*) FROM kiosk", TO(kiosks)},
    {"quarantine", "SELECT count(*) FROM quarantine", TO(refused)},
#undef TO
};

/* Each must give no row. */
static const struct fault {
    const char *table;
    const char *sql;
    const char *what;
} faults[] = {
    {NULL,
     "SELECT * FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok'",
     "its pages do not fit together"},
    {NULL, "PRAGMA foreign_key_check", "a reference leads nowhere"},
    {"answer",
     "SELECT id FROM wave WHERE kind IN (0, 1) AND answers <> ifnull((SELECT "
     "sum(rows) FROM answer WHERE wave = wave.id AND field = 0 AND chunk >= "
     "0), 0)",
     "a wave has other answers than were counted"},
};

static bool
has(sqlite3 *db, const char *table)
{
    return !table
           || sqlite3_table_column_metadata(db, "main", table, NULL, NULL, NULL,
                                            NULL, NULL, NULL)
                  == SQLITE_OK;
}

/* One row of one number; *out_row false: there is none. */
static enum status
first_row(sqlite3 *db, const char *sql, bool *out_row, int64_t *out)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    *out_row = rc == SQLITE_ROW;
    *out = *out_row ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : STATUS_E_INVALID;
}

static bool
column_is_sound(struct column_zip *zip, sqlite3_stmt *stmt, struct buf *raw)
{
    buf_clear(raw);
    enum status st = column_unpack(zip, sqlite3_column_blob(stmt, 1),
                                   (size_t)sqlite3_column_bytes(stmt, 1), raw);
    struct column_reader r = {raw->data, raw->data + raw->len};
    int64_t cells = -1;
    while (st == STATUS_OK) {
        const char *cell = NULL;
        st = column_next(&r, &cell);
        cells++;
    }
    return st == STATUS_NONE && cells == sqlite3_column_int64(stmt, 0);
}

static enum status
check_columns(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    struct column_zip *zip = NULL;
    struct buf raw;
    buf_init(&raw, COLUMN_RAW_MAX_BYTES);
    enum status st = column_zip_new(&zip);
    if (st == STATUS_OK
        && sqlite3_prepare_v2(db, "SELECT rows, body FROM answer", -1, &stmt,
                              NULL)
               != SQLITE_OK) {
        st = STATUS_E_INVALID;
    }
    int rc = SQLITE_ROW;
    while (st == STATUS_OK && rc == SQLITE_ROW) {
        rc = sqlite3_step(stmt);
        if ((rc != SQLITE_ROW && rc != SQLITE_DONE)
            || (rc == SQLITE_ROW && !column_is_sound(zip, stmt, &raw))) {
            st = STATUS_E_INVALID;
        }
    }
    sqlite3_finalize(stmt);
    column_zip_free(zip);
    buf_deinit(&raw);
    return st;
}

static enum status
look(sqlite3 *db, struct store_contents *out, const char **what)
{
    enum status st = STATUS_OK;
    bool row = false;
    int64_t n = 0;
    *what = "it cannot be read";
    for (size_t i = 0;
         st == STATUS_OK && i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (has(db, faults[i].table)) {
            st = first_row(db, faults[i].sql, &row, &n);
            if (st == STATUS_OK && row) {
                *what = faults[i].what;
                st = STATUS_E_INVALID;
            }
        }
    }
    for (size_t i = 0;
         st == STATUS_OK && i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (has(db, counts[i].table)) {
            st = first_row(db, counts[i].sql, &row, &n);
            int64_t *to = (int64_t *)(void *)((char *)out + counts[i].to);
            *to += n;
        }
    }
    if (st == STATUS_OK && has(db, "answer")) {
        *what = "a column of answers is damaged";
        st = check_columns(db);
    }
    return st;
}

enum status
store_check(const char *path, bool drop, struct store_contents *out)
{
    sqlite3 *db = NULL;
    const char *what = "it is no database";
    enum status st = STATUS_OK;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                        NULL)
        != SQLITE_OK) {
        st = STATUS_E_INVALID;
    }
    if (drop && unlink(path) != 0) {
        log_warn("store", "%s: left behind", path);
    }
    if (st == STATUS_OK) {
        st = look(db, out, &what);
    }
    sqlite3_close(db);
    if (st == STATUS_E_INVALID) {
        log_error("store", "%s: %s", path, what);
    }
    return st;
}
