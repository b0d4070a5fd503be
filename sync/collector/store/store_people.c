/* The store's people, their named answers, and the slips. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/sql.h"
#include "collector/store/store_banks.h"
#include "collector/store/store_openrosa.h"

static enum status
fill_person(sqlite3_stmt *stmt, void *item)
{
    struct store_person *p = item;
    p->id = sqlite3_column_int64(stmt, 0);
    p->code = sql_text(stmt, 1);
    p->name = sql_text(stmt, 2);
    p->role = sql_text(stmt, 3);
    p->category = sql_text(stmt, 4);
    p->contact = sql_text(stmt, 5);
    return p->code && p->name && p->role && p->category && p->contact
               ? STATUS_OK
               : log_oom("store");
}

static void
clear_person(void *item)
{
    struct store_person *p = item;
    free(p->code);
    free(p->name);
    free(p->role);
    free(p->category);
    free(p->contact);
}

void
store_person_clear(struct store_person *person)
{
    clear_person(person);
    *person = (struct store_person){0};
}

void
store_people_free(struct store_person *people, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_person(&people[i]);
    }
    free(people);
}

/* `person`: whose former codes do not count. */
static enum status
code_free(struct store *s, const char *code, int64_t person)
{
    bool retired = false;
    int64_t other = 0;
    enum status st = store_code_retired(s, code, &retired);
    if (st == STATUS_OK) {
        sqlite3_stmt *stmt = db_stmt(s->db, SQL_CODE_TAKEN);
        sql_bind_text(stmt, 1, code);
        st = sql_number(s, stmt, &other);
    }
    if (st < 0) {
        return st;
    }
    return retired || (other != 0 && other != person) ? STATUS_E_CONFLICT
                                                      : STATUS_OK;
}

enum status
store_person_add(struct store *s, const struct store_person *person,
                 int64_t *out_id)
{
    *out_id = 0;
    enum status st = sql_room(s, SQL_PERSON_COUNT, STORE_PEOPLE_MAX);
    if (st == STATUS_OK) {
        st = code_free(s, person->code, 0);
    }
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PERSON_ADD);
    sql_bind_text(stmt, 1, person->code);
    sql_bind_text(stmt, 2, person->name);
    sql_bind_text(stmt, 3, person->role);
    sql_bind_text(stmt, 4, person->category);
    sql_bind_text(stmt, 5, person->contact);
    return sql_number(s, stmt, out_id);
}

enum status
store_person(struct store *s, int64_t id, struct store_person *out)
{
    *out = (struct store_person){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PERSON_GET);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_fill(s, stmt, fill_person, out);
}

enum status
store_person_update(struct store *s, const struct store_person *person)
{
    enum status st = code_free(s, person->code, person->id);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORMER_ADD);
    sqlite3_bind_int64(stmt, 1, person->id);
    sql_bind_text(stmt, 2, person->code);
    st = db_run(s->db, stmt);
    if (st < 0) {
        return st;
    }
    stmt = db_stmt(s->db, SQL_PERSON_UPDATE);
    sqlite3_bind_int64(stmt, 1, person->id);
    sql_bind_text(stmt, 2, person->code);
    sql_bind_text(stmt, 3, person->name);
    sql_bind_text(stmt, 4, person->role);
    sql_bind_text(stmt, 5, person->category);
    sql_bind_text(stmt, 6, person->contact);
    return db_run(s->db, stmt);
}

enum status
store_person_find(struct store *s, const char *code, int64_t *out_id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PERSON_FIND);
    sql_bind_text(stmt, 1, code);
    enum status st = sql_number(s, stmt, out_id);
    return st == STATUS_OK && *out_id == 0 ? STATUS_NONE : st;
}

enum status
store_people(struct store *s, struct store_person **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_PERSON_LIST),
                 &(const struct sql_item){sizeof(struct store_person),
                                          fill_person, clear_person},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_people_count(struct store *s, int64_t *out)
{
    return sql_number(s, db_stmt(s->db, SQL_PERSON_COUNT), out);
}

enum status
store_person_erase(struct store *s, int64_t id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PERSON_ERASE);
    sqlite3_bind_int64(stmt, 1, id);
    return db_run(s->db, stmt);
}

enum status
store_named_put(struct store *s, int64_t wave, int64_t person, const void *xml,
                size_t len)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_NAMED_HAS);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, person);
    enum status had = sql_one(s, stmt);
    if (had < 0) {
        return had;
    }
    stmt = db_stmt(s->db, SQL_NAMED_PUT);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, person);
    sql_bind_blob(stmt, 3, xml, len);
    enum status st = db_run(s->db, stmt);
    if (st == STATUS_OK) {
        stmt = db_stmt(s->db, SQL_WAVE_COUNT_NAMED);
        sqlite3_bind_int64(stmt, 1, wave);
        st = db_run(s->db, stmt);
    }
    if (st == STATUS_OK) {
        st = store_forward_put(s, wave, person, 0);
    }
    if (st < 0) {
        return st;
    }
    return had == STATUS_OK ? STATUS_REPEAT : STATUS_OK;
}

enum status
store_named_each(struct store *s, int64_t wave, store_named_visit *visit,
                 void *self)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_NAMED_LIST);
    sqlite3_bind_int64(stmt, 1, wave);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        struct store_person p = {0};
        st = fill_person(stmt, &p);
        if (st == STATUS_OK) {
            st = visit(self, &p, sqlite3_column_blob(stmt, 6),
                       (size_t)sqlite3_column_bytes(stmt, 6));
        }
        clear_person(&p);
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

/* --- slips ---------------------------------------------------------------- */

enum status
store_slip_add(struct store *s, int64_t wave, const struct seal_hash *hash)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SLIP_ADD);
    sqlite3_bind_int64(stmt, 1, wave);
    sql_bind_blob(stmt, 2, hash->bytes, sizeof(hash->bytes));
    enum status st = sql_one(s, stmt);
    return st == STATUS_NONE ? STATUS_REPEAT : st;
}

enum status
store_slip_use(struct store *s, int64_t wave, const struct seal_hash *hash)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SLIP_USE);
    sqlite3_bind_int64(stmt, 1, wave);
    sql_bind_blob(stmt, 2, hash->bytes, sizeof(hash->bytes));
    return sql_one(s, stmt);
}

enum status
store_slips_each(struct store *s, int64_t wave, store_slip_visit *visit,
                 void *self)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SLIP_LIST);
    sqlite3_bind_int64(stmt, 1, wave);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        struct seal_hash hash;
        sql_bytes(stmt, 0, hash.bytes, sizeof(hash.bytes));
        st = visit(self, &hash);
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_slips_count(struct store *s, int64_t wave, int64_t *out_issued,
                  int64_t *out_used)
{
    *out_issued = 0;
    *out_used = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SLIP_COUNT);
    sqlite3_bind_int64(stmt, 1, wave);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        *out_issued = sqlite3_column_int64(stmt, 0);
        *out_used = sqlite3_column_int64(stmt, 1);
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_slip_key(struct store *s, int64_t wave, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SLIP_KEY);
    sqlite3_bind_int64(stmt, 1, wave);
    enum status st = sql_blob(s, stmt, out);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_slip_key_set(struct store *s, int64_t wave, const void *key, size_t len)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SLIP_KEY_SET);
    sqlite3_bind_int64(stmt, 1, wave);
    sql_bind_blob(stmt, 2, key, len);
    return db_run(s->db, stmt);
}
