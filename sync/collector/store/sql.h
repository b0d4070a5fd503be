#ifndef ANKETA_COLLECTOR_STORE_SQL_H
#define ANKETA_COLLECTOR_STORE_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/column.h"
#include "collector/store/store.h"
#include "store/db.h"

/*
 * SQL: every statement of the collector's store, and the few helpers that its
 * files share. Only for this folder.
 */
enum sql_stmt {
    SQL_SETTING_GET,
    SQL_SETTING_SET,
    SQL_SETTING_NEXT,
    SQL_FORGET,
    SQL_FORM_ADD,
    SQL_FORM_SAME,
    SQL_FORM_COUNT,
    SQL_FORM_LIST,
    SQL_FORM_GET,
    SQL_FORM_XML,
    SQL_MEDIA_PUT,
    SQL_MEDIA_GET,
    SQL_MEDIA_LIST,
    SQL_WAVE_ADD,
    SQL_WAVE_NAME,
    SQL_WAVE_COUNT,
    SQL_WAVE_GET,
    SQL_WAVE_BY_ID,
    SQL_WAVE_LIST,
    SQL_WAVE_CLOSE,
    SQL_WAVE_INVITE,
    SQL_WAVE_EXPIRE,
    SQL_WAVE_GROW,
    SQL_WAVE_WAIT,
    SQL_WAVE_WAITING,
    SQL_WAVE_PUBLISH,
    SQL_WAVE_SETTLE,
    SQL_WAVE_CHUNKS,
    SQL_WAVE_CHUNKS_READ,
    SQL_WAVE_COUNT_NAMED,
    SQL_CHUNK_ROWS,
    SQL_CHUNK_GET,
    SQL_CHUNK_PUT,
    SQL_CHUNK_FIELDS,
    SQL_CHUNK_DROP,
    SQL_CHUNK_ALL,
    SQL_TALLY_WAIT,
    SQL_TALLY_WAITING,
    SQL_TALLY_DROP,
    SQL_TALLY_JOIN,
    SQL_TALLY_JOINED,
    SQL_TALLY_ADD,
    SQL_TALLY_LIST,
    SQL_SEEN_ADD,
    SQL_SEEN_GET,
    SQL_QUARANTINE_PUT,
    SQL_QUARANTINE_COUNT,
    SQL_QUARANTINE_LIST,
    SQL_QUARANTINE_DROP,
    SQL_PERSON_ADD,
    SQL_PERSON_FIND,
    SQL_PERSON_COUNT,
    SQL_PERSON_LIST,
    SQL_PERSON_ERASE,
    SQL_PERSON_GET,
    SQL_PERSON_UPDATE,
    SQL_CODE_TAKEN,
    SQL_FORMER_ADD,
    SQL_FORMER_LIST,
    SQL_RETIRED_HAS,
    SQL_RETIRED_LIST,
    SQL_RETIRED_ADD,
    SQL_ERASURE_ADD,
    SQL_ERASURE_LIST,
    SQL_BANKS_OF,
    SQL_CONSENT_TEXT,
    SQL_CONSENT_PUT,
    SQL_CONSENT_DROP,
    SQL_CONSENT_LIST,
    SQL_ENTRY_ADD,
    SQL_ENTRY_SET,
    SQL_ENTRY_CURRENT,
    SQL_ENTRY_GET,
    SQL_ENTRY_LIST,
    SQL_ENTRY_END,
    SQL_CHANGE_ADD,
    SQL_CHANGE_LIST,
    SQL_UNTAKEN_NEXT,
    SQL_TAKEN_SET,
    SQL_NAMED_RECOUNT,
    SQL_NAMED_HAS,
    SQL_NAMED_PUT,
    SQL_NAMED_LIST,
    SQL_SLIP_ADD,
    SQL_SLIP_USE,
    SQL_SLIP_LIST,
    SQL_SLIP_COUNT,
    SQL_SLIP_KEY,
    SQL_SLIP_KEY_SET,
    SQL_CODE_ADD,
    SQL_CODE_GET,
    SQL_CODE_USE,
    SQL_MEETING_ADD,
    SQL_MEETING_COUNT,
    SQL_MEETING_GET,
    SQL_MEETING_LIST,
    SQL_MEETING_OF_WAVE,
    SQL_MEETING_COMPLETE,
    SQL_MEETING_FIX,
    SQL_MEETING_FORGET,
    SQL_PARTICIPANT_PUT,
    SQL_PARTICIPANT_LIST,
    SQL_LOCK_PUT,
    SQL_LOCK_DROP,
    SQL_LOCK_LIST,
    SQL_BEFORE_PUT,
    SQL_BEFORE_CLEAR,
    SQL_BEFORE_LIST,
    SQL_PAIR_ADD,
    SQL_PAIR_COUNT,
    SQL_PAIR_GET,
    SQL_PAIR_LIST,
    SQL_PAIR_UPDATE,
    SQL_JOURNAL_ADD,
    SQL_JOURNAL_COUNT,
    SQL_JOURNAL_LIST,
    SQL_TRAINING_ADD,
    SQL_TRAINING_COUNT,
    SQL_TRAINING_UPDATE,
    SQL_TRAINING_GET,
    SQL_TRAINING_LIST,
    SQL_GUEST_LIST,
    SQL_GUEST_ADD,
    SQL_GUEST_DROP,
    SQL_TRAINED_LIST,
    SQL_MATERIAL_ADD,
    SQL_MATERIAL_COUNT,
    SQL_MATERIAL_DROP,
    SQL_MATERIAL_LIST,
    SQL_MEASURE_ADD,
    SQL_MEASURE_COUNT,
    SQL_MEASURE_UPDATE,
    SQL_MEASURE_DROP,
    SQL_MEASURE_GET,
    SQL_MEASURE_LIST,
    SQL_KIOSK_ADD,
    SQL_KIOSK_COUNT,
    SQL_KIOSK_CHECK,
    SQL_KIOSK_TOUCH,
    SQL_KIOSK_LIST,
    SQL_KIOSK_PROGRAM,
    SQL_KIOSK_WAITING_CLEAR,
    SQL_KIOSK_WAITING_ADD,
    SQL_KIOSK_WAITING,
    SQL_KIOSK_REVOKE,
    SQL_USER_ADD,
    SQL_USER_COUNT,
    SQL_USER_GET,
    SQL_USER_LIST,
    SQL_USER_UPDATE,
    SQL_USER_SIGN_OUT,
    SQL_SESSION_ADD,
    SQL_SESSION_USER,
    SQL_SESSION_END,
    SQL_SESSION_EXPIRE,
    SQL_LINK_ADD,
    SQL_LINK_CHECK,
    SQL_AUDIT_ADD,
    SQL_AUDIT_LIST,
    SQL_CHUNK_LIST,
    SQL_REMARK_ADD,
    SQL_REMARK_LIST,
    SQL_REMARK_SET,
    SQL_THEME_ADD,
    SQL_THEME_CLEAR,
    SQL_THEME_LIST,
    SQL_PLAN_COUNT,
    SQL_PLAN_ADD,
    SQL_PLAN_LIST,
    SQL_PLAN_DROP,
    SQL_SWOT_PUT,
    SQL_SWOT_GET,
    SQL_TOKEN_COUNT,
    SQL_TOKEN_ADD,
    SQL_TOKEN_LIST,
    SQL_TOKEN_FIND,
    SQL_TOKEN_USED,
    SQL_TOKEN_DROP,
    SQL_OPENROSA_USER_PUT,
    SQL_OPENROSA_USER_GET,
    SQL_OPENROSA_USER_DROP,
    SQL_OPENROSA_USER_COUNT,
    SQL_OPENROSA_USER_LIST,
    SQL_FILE_PUT,
    SQL_FILE_GET,
    SQL_FILE_DROP,
    SQL_FILE_COUNT,
    SQL_FILE_LIST,
    SQL_NAMED_GET,
    SQL_FORWARD_PUT,
    SQL_FORWARD_ALL,
    SQL_FORWARD_DUE,
    SQL_FORWARD_NOTE,
    SQL_FORWARD_RETRY,
    SQL_FORWARD_STOP,
    SQL_FORWARD_COUNT,
    SQL_COUNT
};

extern const char *const sql_statements[SQL_COUNT];
extern const char *const sql_migrations[];
extern const size_t sql_migration_count;

struct store {
    struct db *db;          /* owned */
    struct column_zip *zip; /* owned */
};

void
sql_bind_text(sqlite3_stmt *stmt, int at, const char *text);
/* `data` must live until the statement is reset. */
void
sql_bind_blob(sqlite3_stmt *stmt, int at, const void *data, size_t len);

/* Owned copy of a text column; "" for NULL. NULL when memory is out. */
char *
sql_text(sqlite3_stmt *stmt, int column);
/* As much of a short text as fits. */
void
sql_text_copy(sqlite3_stmt *stmt, int column, char *out, size_t size);
/* Exactly `len` bytes, else zeros. */
void
sql_bytes(sqlite3_stmt *stmt, int column, void *out, size_t len);

/* Run, and say whether a row came back: STATUS_OK or STATUS_NONE. */
MUST_CHECK enum status
sql_one(struct store *s, sqlite3_stmt *stmt);
/* The first column of the one row; 0 without one. */
MUST_CHECK enum status
sql_number(struct store *s, sqlite3_stmt *stmt, int64_t *out);
/* Fill `item` from the one row; STATUS_NONE without one. */
MUST_CHECK enum status
sql_fill(struct store *s, sqlite3_stmt *stmt,
         enum status (*fill)(sqlite3_stmt *stmt, void *item), void *item);
/* Append the first column of the one row; STATUS_NONE without one. */
MUST_CHECK enum status
sql_blob(struct store *s, sqlite3_stmt *stmt, struct buf *out);
/* STATUS_E_LIMIT if the statement counts `max` or more. */
MUST_CHECK enum status
sql_room(struct store *s, enum sql_stmt count, int64_t max);

/* What a list is made of. */
struct sql_item {
    size_t size;
    enum status (*fill)(sqlite3_stmt *stmt, void *item); /* from one row */
    void (*clear)(void *item);                           /* its strings */
};

/* Read all rows into an array of items, which is the caller's. After a failure
 * there is none. */
MUST_CHECK enum status
sql_list(struct store *s, sqlite3_stmt *stmt, const struct sql_item *kind,
         void **out, size_t *out_count);

#endif
