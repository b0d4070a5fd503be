#include "store/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/log.h"
#include "store/db.h"
#include "store/library_0001.h"
#include "wire/bundle.h"

#define BUSY_MS 5000

enum stmt {
    STMT_HEAD,
    STMT_SURVEYS,
    STMT_FORM,
    STMT_MEDIA,
    STMT_SETTING,
    STMT_SLIP_KEY,
    STMT_SLIP,
    STMT_PERSON,
    STMT_CLEAR_HEAD,
    STMT_CLEAR_SURVEY,
    STMT_CLEAR_FORM,
    STMT_CLEAR_MEDIA,
    STMT_CLEAR_SETTING,
    STMT_CLEAR_SLIP_KEY,
    STMT_CLEAR_SLIP,
    STMT_CLEAR_PERSON,
    STMT_ADD_HEAD,
    STMT_ADD_SURVEY,
    STMT_ADD_FORM,
    STMT_ADD_MEDIA,
    STMT_ADD_SETTING,
    STMT_ADD_SLIP_KEY,
    STMT_ADD_SLIP,
    STMT_ADD_PERSON,
    STMTS
};

static const char *const statements[STMTS] = {
    [STMT_HEAD] = "SELECT serial, epoch, seal, next_sign, next_tls_pin"
                  " FROM head",
    [STMT_SURVEYS] = "SELECT form_id, version, wave, kind, k, minutes, closed"
                     " FROM survey ORDER BY place",
    [STMT_FORM] = "SELECT xform FROM form WHERE form_id = ?1 AND version = ?2",
    [STMT_MEDIA] = "SELECT data FROM media WHERE form_id = ?1 AND name = ?2",
    [STMT_SETTING] = "SELECT value FROM setting WHERE key = ?1",
    [STMT_SLIP_KEY] =
        "SELECT key FROM slip_key WHERE form_id = ?1 AND wave = ?2",
    [STMT_SLIP] = "SELECT 1 FROM slip WHERE hash = ?1",
    [STMT_PERSON] =
        "SELECT name, role FROM person WHERE form_id = ?1 AND code = ?2",
    [STMT_CLEAR_HEAD] = "DELETE FROM head",
    [STMT_CLEAR_SURVEY] = "DELETE FROM survey",
    [STMT_CLEAR_FORM] = "DELETE FROM form",
    [STMT_CLEAR_MEDIA] = "DELETE FROM media",
    [STMT_CLEAR_SETTING] = "DELETE FROM setting",
    [STMT_CLEAR_SLIP_KEY] = "DELETE FROM slip_key",
    [STMT_CLEAR_SLIP] = "DELETE FROM slip",
    [STMT_CLEAR_PERSON] = "DELETE FROM person",
    [STMT_ADD_HEAD] = "INSERT INTO head (one, serial, epoch, seal, next_sign,"
                      " next_tls_pin) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
    [STMT_ADD_SURVEY] =
        "INSERT INTO survey (place, form_id, version, wave, kind, k, minutes,"
        " closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [STMT_ADD_FORM] =
        "INSERT INTO form (form_id, version, xform) VALUES (?1, ?2, ?3)",
    [STMT_ADD_MEDIA] =
        "INSERT INTO media (form_id, name, data) VALUES (?1, ?2, ?3)",
    [STMT_ADD_SETTING] = "INSERT INTO setting (key, value) VALUES (?1, ?2)",
    [STMT_ADD_SLIP_KEY] =
        "INSERT INTO slip_key (form_id, wave, key) VALUES (?1, ?2, ?3)",
    [STMT_ADD_SLIP] = "INSERT INTO slip (hash) VALUES (?1)",
    [STMT_ADD_PERSON] = "INSERT INTO person (form_id, code, name, role)"
                        " VALUES (?1, ?2, ?3, ?4)",
};

static const char *const migrations[] = {library_0001};

static const struct db_options options = {
    .component = "library",
    .journal = DB_JOURNAL_DELETE,
    .busy_ms = BUSY_MS,
    .migrations = migrations,
    .migration_count = sizeof(migrations) / sizeof(migrations[0]),
    .statements = statements,
    .statement_count = STMTS,
};

struct library {
    struct db *db; /* owned */
};

static void
bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
    sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

/* Zero-length data must not become NULL. */
static void
bind_blob(sqlite3_stmt *stmt, int at, const void *data, size_t len)
{
    sqlite3_bind_blob64(stmt, at, len > 0 ? data : "", len, SQLITE_STATIC);
}

/* -- reading -------------------------------------------------------------- */

enum status
library_open(const char *path, struct library **out)
{
    struct db_options readonly = options;
    readonly.readonly = true;
    *out = NULL;
    struct library *lib = calloc(1, sizeof(*lib));
    if (!lib) {
        return log_oom("library");
    }
    enum status st = db_open(path, &readonly, &lib->db);
    if (st < 0) {
        library_close(lib);
        return st;
    }
    *out = lib;
    return STATUS_OK;
}

void
library_close(struct library *lib)
{
    if (lib) {
        db_close(lib->db);
        free(lib);
    }
}

/* Copy exactly `len` bytes; false if the column holds NULL or another length. */
static bool
column_bytes(sqlite3_stmt *stmt, int column, void *out, size_t len)
{
    const void *data = sqlite3_column_blob(stmt, column);
    if (!data || (size_t)sqlite3_column_bytes(stmt, column) != len) {
        return false;
    }
    memcpy(out, data, len);
    return true;
}

enum status
library_head(struct library *lib, struct library_head *out)
{
    *out = (struct library_head){0};
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_HEAD);
    enum status st = db_step(lib->db, stmt);
    if (st != STATUS_OK) {
        return st == STATUS_NONE ? STATUS_OK : st;
    }
    out->serial = sqlite3_column_int64(stmt, 0);
    out->epoch = sqlite3_column_int64(stmt, 1);
    out->rotates =
        column_bytes(stmt, 3, &out->next_sign, sizeof(out->next_sign))
        && column_bytes(stmt, 4, out->next_tls_pin, sizeof(out->next_tls_pin));
    db_reset(stmt);
    return STATUS_OK;
}

enum status
library_serial(struct library *lib, int64_t *out_serial)
{
    struct library_head head;
    enum status st = library_head(lib, &head);
    *out_serial = head.serial;
    return st;
}

enum status
library_seal_key(struct library *lib, struct seal_public *out)
{
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_HEAD);
    enum status st = db_step(lib->db, stmt);
    if (st == STATUS_NONE) {
        return STATUS_E_NOT_FOUND;
    }
    if (st == STATUS_OK) {
        st = column_bytes(stmt, 2, out, sizeof(*out)) ? STATUS_OK
                                                      : STATUS_E_INVALID;
        db_reset(stmt);
    }
    return st;
}

void
library_form_tag(const struct library_survey *survey, struct seal_hash *out)
{
    /* The NUL between the two keeps "a" + "bc" apart from "ab" + "c". */
    uint8_t text[2 * (BUNDLE_NAME_MAX_BYTES + 1)];
    size_t id_len = strnlen(survey->form_id, BUNDLE_NAME_MAX_BYTES);
    size_t wave_len = strnlen(survey->wave, BUNDLE_NAME_MAX_BYTES);
    memcpy(text, survey->form_id, id_len);
    text[id_len] = 0;
    memcpy(text + id_len + 1, survey->wave, wave_len);
    seal_hash(text, id_len + 1 + wave_len, NULL, 0, out);
}

/* Read the row under `stmt`. */
static enum status
read_survey(sqlite3_stmt *stmt, struct library_survey *out)
{
    const char *form_id = (const char *)sqlite3_column_text(stmt, 0);
    const char *version = (const char *)sqlite3_column_text(stmt, 1);
    const char *wave = (const char *)sqlite3_column_text(stmt, 2);
    if (!form_id || !version || !wave) {
        return log_oom("library");
    }
    *out = (struct library_survey){
        .form_id = strdup(form_id),
        .version = strdup(version),
        .wave = strdup(wave),
        .kind = (enum record_kind)sqlite3_column_int(stmt, 3),
        .k = sqlite3_column_int(stmt, 4),
        .minutes = sqlite3_column_int(stmt, 5),
    };
    return out->form_id && out->version && out->wave ? STATUS_OK
                                                     : log_oom("library");
}

/* A copy of `list` with room for one more, or NULL. */
static void *
grow(void *list, size_t count, size_t size)
{
    if (count >= BUNDLE_MAX_ITEMS) {
        return NULL;
    }
    void *grown = realloc(list, (count + 1) * size);
    if (grown) {
        memset((char *)grown + count * size, 0, size);
    }
    return grown;
}

enum status
library_surveys(struct library *lib, struct library_survey **out,
                size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_SURVEYS);
    enum status st = db_step(lib->db, stmt);
    while (st == STATUS_OK) {
        if (sqlite3_column_int(stmt, 6) == 0) {
            struct library_survey *grown =
                grow(*out, *out_count, sizeof(**out));
            if (!grown) {
                st = log_oom("library");
                break;
            }
            *out = grown;
            st = read_survey(stmt, &grown[*out_count]);
            (*out_count)++;
        }
        if (st == STATUS_OK) {
            st = db_step(lib->db, stmt);
        }
    }
    db_reset(stmt);
    if (st < 0) {
        library_surveys_free(*out, *out_count);
        *out = NULL;
        *out_count = 0;
        return st;
    }
    return STATUS_OK;
}

void
library_surveys_free(struct library_survey *surveys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(surveys[i].form_id);
        free(surveys[i].version);
        free(surveys[i].wave);
    }
    free(surveys);
}

enum status
library_waves(struct library *lib, struct library_wave **out, size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_SURVEYS);
    enum status st = db_step(lib->db, stmt);
    while (st == STATUS_OK) {
        struct library_survey survey = {0};
        struct library_wave *grown = grow(*out, *out_count, sizeof(**out));
        if (!grown) {
            st = log_oom("library");
            break;
        }
        *out = grown;
        st = read_survey(stmt, &survey);
        if (st == STATUS_OK && survey.form_id && survey.wave) {
            struct library_wave *wave = &grown[*out_count];
            library_form_tag(&survey, &wave->form_tag);
            (void)snprintf(wave->form_id, sizeof(wave->form_id), "%s",
                           survey.form_id);
            wave->kind = survey.kind;
            wave->k = survey.k;
            wave->closed = sqlite3_column_int(stmt, 6) != 0;
            (*out_count)++;
        }
        free(survey.form_id);
        free(survey.version);
        free(survey.wave);
        if (st == STATUS_OK) {
            st = db_step(lib->db, stmt);
        }
    }
    db_reset(stmt);
    if (st < 0) {
        free(*out);
        *out = NULL;
        *out_count = 0;
        return st;
    }
    return STATUS_OK;
}

/* Append column 0 of the one row. */
static void
append_column(sqlite3_stmt *stmt, int column, struct buf *out)
{
    const void *data = sqlite3_column_blob(stmt, column);
    int len = sqlite3_column_bytes(stmt, column);
    if (data && len > 0) {
        buf_put(out, data, (size_t)len);
    }
}

static enum status
append_one(struct library *lib, sqlite3_stmt *stmt, struct buf *out)
{
    enum status st = db_step(lib->db, stmt);
    if (st == STATUS_OK) {
        append_column(stmt, 0, out);
        st = buf_status(out);
        db_reset(stmt);
    }
    return st;
}

static enum status
append_by_two(struct library *lib, enum stmt which, const char *first,
              const char *second, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(lib->db, which);
    bind_text(stmt, 1, first);
    bind_text(stmt, 2, second);
    enum status st = append_one(lib, stmt, out);
    return st == STATUS_NONE ? STATUS_E_NOT_FOUND : st;
}

enum status
library_form(struct library *lib, const char *form_id, const char *version,
             struct buf *out)
{
    return append_by_two(lib, STMT_FORM, form_id, version, out);
}

enum status
library_media(struct library *lib, const char *form_id, const char *name,
              struct buf *out)
{
    return append_by_two(lib, STMT_MEDIA, form_id, name, out);
}

enum status
library_setting(struct library *lib, const char *key, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_SETTING);
    bind_text(stmt, 1, key);
    return append_one(lib, stmt, out);
}

enum status
library_slip(struct library *lib, const struct library_survey *survey,
             const char *code, struct seal_hash *out)
{
    uint8_t key[BUNDLE_SLIP_KEY_BYTES];
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_SLIP_KEY);
    bind_text(stmt, 1, survey->form_id);
    bind_text(stmt, 2, survey->wave);
    *out = (struct seal_hash){{0}};
    enum status st = db_step(lib->db, stmt);
    if (st != STATUS_OK) {
        return st;
    }
    bool sound = column_bytes(stmt, 0, key, sizeof(key));
    db_reset(stmt);
    if (!sound) {
        return STATUS_E_INVALID;
    }
    bundle_slip_hash(key, code, out);
    buf_wipe(key, sizeof(key));

    stmt = db_stmt(lib->db, STMT_SLIP);
    bind_blob(stmt, 1, out->bytes, sizeof(out->bytes));
    st = db_step(lib->db, stmt);
    if (st == STATUS_OK) {
        db_reset(stmt);
    }
    return st;
}

enum status
library_person(struct library *lib, const char *form_id, const char *code,
               struct buf *out_name, struct buf *out_role)
{
    struct seal_hash hash;
    library_person_hash(form_id, code, &hash);
    sqlite3_stmt *stmt = db_stmt(lib->db, STMT_PERSON);
    bind_text(stmt, 1, form_id);
    bind_blob(stmt, 2, hash.bytes, sizeof(hash.bytes));
    enum status st = db_step(lib->db, stmt);
    if (st == STATUS_OK) {
        append_column(stmt, 0, out_name);
        append_column(stmt, 1, out_role);
        st = buf_status(out_name) < 0 ? buf_status(out_name)
                                      : buf_status(out_role);
        db_reset(stmt);
    }
    return st;
}

void
library_person_tag(const char *code, struct seal_hash *out)
{
    static const char context[] = "anketa person tag";
    seal_hash(code, strlen(code), context, sizeof(context) - 1, out);
}

enum status
library_erased(struct library *lib, const struct seal_hash *tag)
{
    static const char digit[] = "0123456789abcdef";
    char hex[2 * SEAL_HASH_BYTES];
    struct buf tags;
    enum status st = STATUS_OK;
    bool found = false;
    for (size_t i = 0; i < SEAL_HASH_BYTES; i++) {
        hex[2 * i] = digit[tag->bytes[i] >> 4];
        hex[2 * i + 1] = digit[tag->bytes[i] & 15u];
    }
    buf_init(&tags, LIBRARY_ERASED_TAGS * sizeof(hex));
    for (unsigned n = 0; st == STATUS_OK && !found; n++) {
        char key[32];
        (void)snprintf(key, sizeof(key), LIBRARY_ERASED, n);
        buf_clear(&tags);
        st = library_setting(lib, key, &tags);
        for (size_t at = 0; st == STATUS_OK && at + sizeof(hex) <= tags.len;
             at += sizeof(hex)) {
            found = found || memcmp(tags.data + at, hex, sizeof(hex)) == 0;
        }
    }
    buf_deinit(&tags);
    return found ? STATUS_OK : st;
}

void
library_person_hash(const char *form_id, const char *code,
                    struct seal_hash *out)
{
    struct seal_hash key;
    seal_hash(form_id, strlen(form_id), NULL, 0, &key);
    seal_hash(code, strlen(code), key.bytes, sizeof(key.bytes), out);
}

/* -- installing --------------------------------------------------------------- */

static enum status
add_head(struct db *db, const struct bundle *b)
{
    sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_HEAD);
    sqlite3_bind_int64(stmt, 1, (int64_t)b->serial);
    sqlite3_bind_int64(stmt, 2, (int64_t)b->epoch);
    bind_blob(stmt, 3, b->seal.bytes, sizeof(b->seal.bytes));
    if (b->rotates) {
        bind_blob(stmt, 4, b->next_sign.bytes, sizeof(b->next_sign.bytes));
        bind_blob(stmt, 5, b->next_tls_pin, sizeof(b->next_tls_pin));
    }
    return db_run(db, stmt);
}

static enum status
add_surveys(struct db *db, const struct bundle *b)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < b->survey_count && st == STATUS_OK; i++) {
        const struct bundle_survey *s = &b->survey[i];
        sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_SURVEY);
        sqlite3_bind_int64(stmt, 1, (int64_t)i + 1);
        bind_text(stmt, 2, s->form_id);
        bind_text(stmt, 3, s->version);
        bind_text(stmt, 4, s->wave);
        sqlite3_bind_int64(stmt, 5, (int64_t)s->kind);
        sqlite3_bind_int64(stmt, 6, s->k);
        sqlite3_bind_int64(stmt, 7, s->minutes);
        sqlite3_bind_int64(stmt, 8, s->closed);
        st = db_run(db, stmt);
    }
    return st;
}

static enum status
add_forms(struct db *db, const struct bundle *b)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < b->form_count && st == STATUS_OK; i++) {
        sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_FORM);
        bind_text(stmt, 1, b->form[i].form_id);
        bind_text(stmt, 2, b->form[i].version);
        bind_blob(stmt, 3, b->form[i].xform, b->form[i].xform_len);
        st = db_run(db, stmt);
    }
    for (size_t i = 0; i < b->media_count && st == STATUS_OK; i++) {
        sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_MEDIA);
        bind_text(stmt, 1, b->media[i].form_id);
        bind_text(stmt, 2, b->media[i].name);
        bind_blob(stmt, 3, b->media[i].data, b->media[i].len);
        st = db_run(db, stmt);
    }
    for (size_t i = 0; i < b->setting_count && st == STATUS_OK; i++) {
        sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_SETTING);
        bind_text(stmt, 1, b->setting[i].key);
        bind_text(stmt, 2, b->setting[i].value);
        st = db_run(db, stmt);
    }
    return st;
}

static enum status
add_slips(struct db *db, const struct bundle_slips *s)
{
    sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_SLIP_KEY);
    bind_text(stmt, 1, s->form_id);
    bind_text(stmt, 2, s->wave);
    bind_blob(stmt, 3, s->key, sizeof(s->key));
    enum status st = db_run(db, stmt);
    for (size_t i = 0; i < s->count && st == STATUS_OK; i++) {
        stmt = db_stmt(db, STMT_ADD_SLIP);
        bind_blob(stmt, 1, s->hash[i].bytes, sizeof(s->hash[i].bytes));
        st = db_run(db, stmt);
    }
    return st;
}

static enum status
add_people(struct db *db, const struct bundle *b)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < b->slips_count && st == STATUS_OK; i++) {
        st = add_slips(db, &b->slips[i]);
    }
    for (size_t i = 0; i < b->person_count && st == STATUS_OK; i++) {
        sqlite3_stmt *stmt = db_stmt(db, STMT_ADD_PERSON);
        bind_text(stmt, 1, b->person[i].form_id);
        bind_blob(stmt, 2, b->person[i].code.bytes, SEAL_HASH_BYTES);
        bind_text(stmt, 3, b->person[i].name);
        bind_text(stmt, 4, b->person[i].role);
        st = db_run(db, stmt);
    }
    return st;
}

/* Within a transaction. */
static enum status
replace_all(struct db *db, const struct bundle *b)
{
    enum status st = STATUS_OK;
    for (int clear = STMT_CLEAR_HEAD; clear <= STMT_CLEAR_PERSON; clear++) {
        st = db_run(db, db_stmt(db, (size_t)clear));
        if (st < 0) {
            return st;
        }
    }
    st = add_head(db, b);
    if (st == STATUS_OK) {
        st = add_surveys(db, b);
    }
    if (st == STATUS_OK) {
        st = add_forms(db, b);
    }
    if (st == STATUS_OK) {
        st = add_people(db, b);
    }
    /* Two entries under one key: a fault of the sender, not of the disk. */
    return st == STATUS_E_CONFLICT ? STATUS_E_INVALID : st;
}

/* A later epoch starts its serials anew: the collector was restored. */
static enum status
compare(const struct library_head *have, const struct bundle *b)
{
    int64_t epoch = (int64_t)b->epoch;
    int64_t serial = (int64_t)b->serial;
    if (epoch == have->epoch && serial == have->serial) {
        return STATUS_REPEAT;
    }
    return epoch > have->epoch
                   || (epoch == have->epoch && serial > have->serial)
               ? STATUS_OK
               : STATUS_E_STALE;
}

enum status
library_install(const char *path, const void *bundle, size_t len,
                const struct seal_sign_public *collector)
{
    struct bundle b;
    struct library lib = {NULL};
    struct library_head have;
    enum status st = bundle_decode(bundle, len, collector, &b);
    if (st < 0) {
        return st;
    }
    st = db_open(path, &options, &lib.db);
    if (st == STATUS_OK) {
        st = db_begin(lib.db);
    }
    if (st == STATUS_OK) {
        st = library_head(&lib, &have);
    }
    if (st == STATUS_OK && have.serial > 0) {
        st = compare(&have, &b);
    }
    if (st == STATUS_OK) {
        st = replace_all(lib.db, &b);
    }
    if (st == STATUS_OK) {
        st = db_commit(lib.db);
    }
    db_rollback(lib.db);
    db_close(lib.db);
    bundle_clear(&b);
    return st;
}
