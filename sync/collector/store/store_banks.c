#include "collector/store/store_banks.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/sql.h"
#include "store/library.h"

/* --- consents ------------------------------------------------------------- */

enum status
store_consent_put(struct store *s, const struct store_consent *c)
{
    int64_t text = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CONSENT_TEXT);
    sql_bind_text(stmt, 1, c->version);
    sql_bind_text(stmt, 2, c->body);
    enum status st = sql_number(s, stmt, &text);
    if (st < 0) {
        return st;
    }
    stmt = db_stmt(s->db, SQL_CONSENT_PUT);
    sqlite3_bind_int64(stmt, 1, c->person);
    sqlite3_bind_int(stmt, 2, (int)c->bank);
    sqlite3_bind_int64(stmt, 3, text);
    sqlite3_bind_int64(stmt, 4, c->given_ms);
    sqlite3_bind_int(stmt, 5, (int)c->way);
    sql_bind_text(stmt, 6, c->recorder);
    return db_run(s->db, stmt);
}

enum status
store_consent_drop(struct store *s, int64_t person, enum store_bank bank)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CONSENT_DROP);
    sqlite3_bind_int64(stmt, 1, person);
    sqlite3_bind_int(stmt, 2, (int)bank);
    return sql_one(s, stmt);
}

static enum status
fill_consent(sqlite3_stmt *stmt, void *item)
{
    struct store_consent *c = item;
    c->person = sqlite3_column_int64(stmt, 0);
    c->bank =
        sqlite3_column_int(stmt, 1) ? STORE_BANK_MENTORS : STORE_BANK_MENTEES;
    c->version = sql_text(stmt, 2);
    c->body = sql_text(stmt, 3);
    c->given_ms = sqlite3_column_int64(stmt, 4);
    c->way = sqlite3_column_int(stmt, 5) ? STORE_BY_PAPER : STORE_BY_KIOSK;
    c->recorder = sql_text(stmt, 6);
    return c->version && c->body && c->recorder ? STATUS_OK : log_oom("store");
}

static void
clear_consent(void *item)
{
    struct store_consent *c = item;
    free(c->version);
    free(c->body);
    free(c->recorder);
}

enum status
store_consents(struct store *s, int64_t person, struct store_consent **out,
               size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CONSENT_LIST);
    sqlite3_bind_int64(stmt, 1, person);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_consent),
                                          fill_consent, clear_consent},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_consents_free(struct store_consent *c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_consent(&c[i]);
    }
    free(c);
}

/* --- entries -------------------------------------------------------------- */

static enum status
note_change(struct store *s, int64_t entry, int64_t now_ms, const char *who)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHANGE_ADD);
    sqlite3_bind_int64(stmt, 1, entry);
    sqlite3_bind_int64(stmt, 2, now_ms);
    sql_bind_text(stmt, 3, who);
    return db_run(s->db, stmt);
}

enum status
store_entry_open(struct store *s, int64_t person, enum store_bank bank,
                 int64_t now_ms, int64_t *out_id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_ENTRY_CURRENT);
    sqlite3_bind_int64(stmt, 1, person);
    sqlite3_bind_int(stmt, 2, (int)bank);
    enum status st = sql_number(s, stmt, out_id);
    if (st < 0 || *out_id != 0) {
        return st;
    }
    stmt = db_stmt(s->db, SQL_ENTRY_ADD);
    sqlite3_bind_int64(stmt, 1, person);
    sqlite3_bind_int(stmt, 2, (int)bank);
    sqlite3_bind_int64(stmt, 3, now_ms);
    return sql_number(s, stmt, out_id);
}

enum status
store_entry_set(struct store *s, const struct store_entry *entry,
                int64_t now_ms, const char *who)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_ENTRY_SET);
    sqlite3_bind_int64(stmt, 1, entry->id);
    sql_bind_text(stmt, 2, entry->topics);
    sql_bind_text(stmt, 3, entry->main_topic);
    sql_bind_text(stmt, 4, entry->request);
    sql_bind_text(stmt, 5, entry->merits);
    sql_bind_text(stmt, 6, entry->interests);
    sql_bind_text(stmt, 7, entry->times);
    sql_bind_text(stmt, 8, entry->form);
    sqlite3_bind_int(stmt, 9, entry->places);
    sqlite3_bind_int(stmt, 10, entry->hours);
    sql_bind_text(stmt, 11, entry->wishes);
    sql_bind_text(stmt, 12, entry->results);
    enum status st = db_run(s->db, stmt);
    return st == STATUS_OK ? note_change(s, entry->id, now_ms, who) : st;
}

enum status
store_entry_end(struct store *s, int64_t id, int64_t now_ms, const char *who)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_ENTRY_END);
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, now_ms);
    enum status st = db_run(s->db, stmt);
    return st == STATUS_OK ? note_change(s, id, now_ms, who) : st;
}

static enum status
fill_entry(sqlite3_stmt *stmt, void *item)
{
    struct store_entry *e = item;
    e->id = sqlite3_column_int64(stmt, 0);
    e->person = sqlite3_column_int64(stmt, 1);
    e->name = sql_text(stmt, 2);
    e->contact = sql_text(stmt, 3);
    e->category = sql_text(stmt, 4);
    e->bank =
        sqlite3_column_int(stmt, 5) ? STORE_BANK_MENTORS : STORE_BANK_MENTEES;
    e->entered_ms = sqlite3_column_int64(stmt, 6);
    e->ended_ms = sqlite3_column_int64(stmt, 7);
    e->topics = sql_text(stmt, 8);
    e->main_topic = sql_text(stmt, 9);
    e->request = sql_text(stmt, 10);
    e->merits = sql_text(stmt, 11);
    e->interests = sql_text(stmt, 12);
    e->times = sql_text(stmt, 13);
    e->form = sql_text(stmt, 14);
    e->places = sqlite3_column_int(stmt, 15);
    e->hours = sqlite3_column_int(stmt, 16);
    e->wishes = sql_text(stmt, 17);
    e->results = sql_text(stmt, 18);
    e->consent = sqlite3_column_int(stmt, 19) != 0;
    return e->name && e->contact && e->category && e->topics && e->main_topic
                   && e->request && e->merits && e->interests && e->times
                   && e->form && e->wishes && e->results
               ? STATUS_OK
               : log_oom("store");
}

static void
clear_entry(void *item)
{
    struct store_entry *e = item;
    free(e->name);
    free(e->contact);
    free(e->category);
    free(e->topics);
    free(e->main_topic);
    free(e->request);
    free(e->merits);
    free(e->interests);
    free(e->times);
    free(e->form);
    free(e->wishes);
    free(e->results);
}

void
store_entry_clear(struct store_entry *entry)
{
    clear_entry(entry);
    *entry = (struct store_entry){0};
}

void
store_entries_free(struct store_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_entry(&entries[i]);
    }
    free(entries);
}

enum status
store_entry(struct store *s, int64_t id, struct store_entry *out)
{
    *out = (struct store_entry){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_ENTRY_GET);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_fill(s, stmt, fill_entry, out);
}

enum status
store_entries(struct store *s, enum store_bank bank, bool ended, int64_t person,
              struct store_entry **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_ENTRY_LIST);
    sqlite3_bind_int(stmt, 1, (int)bank);
    sqlite3_bind_int(stmt, 2, ended);
    sqlite3_bind_int64(stmt, 3, person);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_entry),
                                          fill_entry, clear_entry},
                 &items, out_count);
    *out = items;
    return st;
}

static enum status
fill_change(sqlite3_stmt *stmt, void *item)
{
    struct store_bank_change *c = item;
    c->id = sqlite3_column_int64(stmt, 0);
    c->at_ms = sqlite3_column_int64(stmt, 1);
    c->who = sql_text(stmt, 2);
    return c->who ? STATUS_OK : log_oom("store");
}

static void
clear_change(void *item)
{
    struct store_bank_change *c = item;
    free(c->who);
}

enum status
store_bank_changes(struct store *s, int64_t entry,
                   struct store_bank_change **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHANGE_LIST);
    sqlite3_bind_int64(stmt, 1, entry);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_bank_change),
                                          fill_change, clear_change},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_bank_changes_free(struct store_bank_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_change(&changes[i]);
    }
    free(changes);
}

/* --- named answers to be read --------------------------------------------- */

static enum status
fill_untaken(sqlite3_stmt *stmt, void *item)
{
    struct store_untaken *u = item;
    u->wave = sqlite3_column_int64(stmt, 0);
    u->person = sqlite3_column_int64(stmt, 1);
    u->form = sqlite3_column_int64(stmt, 2);
    u->form_id = sql_text(stmt, 3);
    u->version = sql_text(stmt, 4);
    u->role = sql_text(stmt, 5);
    u->code = sql_text(stmt, 6);
    buf_put(&u->xml, sqlite3_column_blob(stmt, 7),
            (size_t)sqlite3_column_bytes(stmt, 7));
    return u->form_id && u->version && u->role && u->code ? buf_status(&u->xml)
                                                          : log_oom("store");
}

void
store_untaken_clear(struct store_untaken *u)
{
    free(u->form_id);
    free(u->version);
    free(u->role);
    free(u->code);
    buf_deinit(&u->xml);
    *u = (struct store_untaken){0};
}

enum status
store_untaken(struct store *s, struct store_untaken *out)
{
    *out = (struct store_untaken){0};
    buf_init(&out->xml, RECORD_XML_MAX_BYTES);
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_UNTAKEN_NEXT);
    sqlite3_bind_int(stmt, 1, RECORD_NAMED);
    enum status st = sql_fill(s, stmt, fill_untaken, out);
    if (st != STATUS_OK) {
        store_untaken_clear(out);
    }
    return st;
}

enum status
store_taken(struct store *s, int64_t wave, int64_t person)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TAKEN_SET);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, person);
    return db_run(s->db, stmt);
}

/* --- erasing -------------------------------------------------------------- */

enum status
store_code_retired(struct store *s, const char *code, bool *out)
{
    struct seal_hash hash;
    library_person_tag(code, &hash);
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_RETIRED_HAS);
    sql_bind_blob(stmt, 1, hash.bytes, sizeof(hash.bytes));
    enum status st = sql_one(s, stmt);
    *out = st == STATUS_OK;
    return st < 0 ? st : STATUS_OK;
}

/* The code she has and those she had. */
static enum status
retire_all(struct store *s, int64_t person)
{
    sqlite3_stmt *codes = db_stmt(s->db, SQL_FORMER_LIST);
    sqlite3_bind_int64(codes, 1, person);
    enum status st = db_step(s->db, codes);
    while (st == STATUS_OK) {
        struct seal_hash tag;
        const unsigned char *code = sqlite3_column_text(codes, 0);
        library_person_tag(code ? (const char *)code : "", &tag);
        sqlite3_stmt *stmt = db_stmt(s->db, SQL_RETIRED_ADD);
        sql_bind_blob(stmt, 1, tag.bytes, sizeof(tag.bytes));
        st = db_run(s->db, stmt);
        if (st == STATUS_OK) {
            st = db_step(s->db, codes);
        }
    }
    db_reset(codes);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_retired_each(struct store *s, store_retired_visit *visit, void *self)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_RETIRED_LIST);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        struct seal_hash tag;
        sql_bytes(stmt, 0, tag.bytes, sizeof(tag.bytes));
        st = visit(self, &tag);
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

static enum status
note_erasure(struct store *s, const char *day, int bank,
             enum store_consent_way way)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_ERASURE_ADD);
    sql_bind_text(stmt, 1, day);
    sqlite3_bind_int(stmt, 2, bank);
    sqlite3_bind_int(stmt, 3, (int)way);
    return db_run(s->db, stmt);
}

/* A fact for each bank she stood in, or one for none. */
static enum status
note_erasures(struct store *s, int64_t person, const char *day,
              enum store_consent_way way)
{
    int bank[STORE_BANK_COUNT] = {-1, -1};
    size_t count = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_BANKS_OF);
    sqlite3_bind_int64(stmt, 1, person);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK && count < STORE_BANK_COUNT) {
        bank[count++] = sqlite3_column_int(stmt, 0);
        st = db_step(s->db, stmt);
    }
    db_reset(stmt);
    st = st < 0 ? st : STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < (count > 0 ? count : 1); i++) {
        st = note_erasure(s, day, bank[i], way);
    }
    return st;
}

enum status
store_erase(struct store *s, int64_t person, const char *day,
            enum store_consent_way way)
{
    struct store_person p;
    enum status st = store_person(s, person, &p);
    if (st != STATUS_OK) {
        return st;
    }
    st = retire_all(s, person);
    if (st == STATUS_OK) {
        st = note_erasures(s, person, day, way);
    }
    if (st == STATUS_OK) {
        st = store_person_erase(s, person);
    }
    if (st == STATUS_OK) {
        sqlite3_stmt *stmt = db_stmt(s->db, SQL_NAMED_RECOUNT);
        sqlite3_bind_int(stmt, 1, RECORD_NAMED);
        sqlite3_bind_int(stmt, 2, RECORD_BALLOT);
        st = db_run(s->db, stmt);
    }
    store_person_clear(&p);
    return st;
}

static enum status
fill_erasure(sqlite3_stmt *stmt, void *item)
{
    struct store_erasure *e = item;
    e->id = sqlite3_column_int64(stmt, 0);
    e->day = sql_text(stmt, 1);
    e->bank = sqlite3_column_int(stmt, 2);
    e->way = sqlite3_column_int(stmt, 3) ? STORE_BY_PAPER : STORE_BY_KIOSK;
    return e->day ? STATUS_OK : log_oom("store");
}

static void
clear_erasure(void *item)
{
    struct store_erasure *e = item;
    free(e->day);
}

enum status
store_erasures(struct store *s, struct store_erasure **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_ERASURE_LIST),
                 &(const struct sql_item){sizeof(struct store_erasure),
                                          fill_erasure, clear_erasure},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_erasures_free(struct store_erasure *e, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_erasure(&e[i]);
    }
    free(e);
}
