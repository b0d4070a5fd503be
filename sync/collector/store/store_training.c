#include "collector/store/store_training.h"

#include <stdlib.h>

#include "base/log.h"
#include "collector/store/sql.h"

/* --- sessions ------------------------------------------------------------- */

static enum status
fill_training(sqlite3_stmt *stmt, void *item)
{
    struct store_training *t = item;
    t->id = sqlite3_column_int64(stmt, 0);
    t->kind = sqlite3_column_int(stmt, 1);
    t->title = sql_text(stmt, 2);
    t->day = sql_text(stmt, 3);
    t->clock = sql_text(stmt, 4);
    t->place = sql_text(stmt, 5);
    t->minutes = sqlite3_column_int(stmt, 6);
    t->wave = sqlite3_column_int64(stmt, 7);
    t->ended_ms = sqlite3_column_int64(stmt, 8);
    t->invited = sqlite3_column_int64(stmt, 9);
    t->came = sqlite3_column_int64(stmt, 10);
    return t->title && t->day && t->clock && t->place ? STATUS_OK
                                                      : log_oom("store");
}

static void
clear_training(void *item)
{
    struct store_training *t = item;
    free(t->title);
    free(t->day);
    free(t->clock);
    free(t->place);
}

void
store_training_clear(struct store_training *t)
{
    clear_training(t);
    *t = (struct store_training){0};
}

void
store_trainings_free(struct store_training *t, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_training(&t[i]);
    }
    free(t);
}

static void
bind_training(sqlite3_stmt *stmt, const struct store_training *t)
{
    sqlite3_bind_int(stmt, 1, t->kind);
    sql_bind_text(stmt, 2, t->title);
    sql_bind_text(stmt, 3, t->day);
    sql_bind_text(stmt, 4, t->clock);
    sql_bind_text(stmt, 5, t->place);
    sqlite3_bind_int(stmt, 6, t->minutes);
}

enum status
store_training_add(struct store *s, const struct store_training *t,
                   int64_t *out_id)
{
    *out_id = 0;
    enum status st = sql_room(s, SQL_TRAINING_COUNT, STORE_TRAININGS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TRAINING_ADD);
    bind_training(stmt, t);
    return sql_number(s, stmt, out_id);
}

enum status
store_training_update(struct store *s, const struct store_training *t)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TRAINING_UPDATE);
    bind_training(stmt, t);
    sqlite3_bind_int64(stmt, 7, t->wave);
    sqlite3_bind_int64(stmt, 8, t->ended_ms);
    sqlite3_bind_int64(stmt, 9, t->id);
    return db_run(s->db, stmt);
}

enum status
store_training(struct store *s, int64_t id, struct store_training *out)
{
    *out = (struct store_training){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TRAINING_GET);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_fill(s, stmt, fill_training, out);
}

enum status
store_trainings(struct store *s, struct store_training **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_TRAINING_LIST),
                 &(const struct sql_item){sizeof(struct store_training),
                                          fill_training, clear_training},
                 &items, out_count);
    *out = items;
    return st;
}

/* --- people --------------------------------------------------------------- */

static enum status
fill_guest(sqlite3_stmt *stmt, void *item)
{
    struct store_guest *g = item;
    g->person = sqlite3_column_int64(stmt, 0);
    g->name = sql_text(stmt, 1);
    g->role = sql_text(stmt, 2);
    g->invited = sqlite3_column_int(stmt, 3) != 0;
    g->came = sqlite3_column_int(stmt, 4) != 0;
    return g->name && g->role ? STATUS_OK : log_oom("store");
}

static void
clear_guest(void *item)
{
    struct store_guest *g = item;
    free(g->name);
    free(g->role);
}

enum status
store_guests(struct store *s, int64_t training, struct store_guest **out,
             size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_GUEST_LIST);
    sqlite3_bind_int64(stmt, 1, training);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_guest),
                                          fill_guest, clear_guest},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_guests_free(struct store_guest *guests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_guest(&guests[i]);
    }
    free(guests);
}

enum status
store_guest_put(struct store *s, int64_t training, int64_t person, bool invited)
{
    sqlite3_stmt *stmt =
        db_stmt(s->db, invited ? SQL_GUEST_ADD : SQL_GUEST_DROP);
    sqlite3_bind_int64(stmt, 1, training);
    sqlite3_bind_int64(stmt, 2, person);
    return db_run(s->db, stmt);
}

static enum status
fill_trained(sqlite3_stmt *stmt, void *item)
{
    struct store_trained *t = item;
    t->person = sqlite3_column_int64(stmt, 0);
    t->name = sql_text(stmt, 1);
    t->role = sql_text(stmt, 2);
    t->sessions = sqlite3_column_int64(stmt, 3);
    t->minutes = sqlite3_column_int64(stmt, 4);
    t->last_day = sql_text(stmt, 5);
    return t->name && t->role && t->last_day ? STATUS_OK : log_oom("store");
}

static void
clear_trained(void *item)
{
    struct store_trained *t = item;
    free(t->name);
    free(t->role);
    free(t->last_day);
}

enum status
store_trained(struct store *s, struct store_trained **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_TRAINED_LIST),
                 &(const struct sql_item){sizeof(struct store_trained),
                                          fill_trained, clear_trained},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_trained_free(struct store_trained *t, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_trained(&t[i]);
    }
    free(t);
}

/* --- materials ------------------------------------------------------------ */

static enum status
fill_material(sqlite3_stmt *stmt, void *item)
{
    struct store_material *m = item;
    m->number = sqlite3_column_int64(stmt, 0);
    m->title = sql_text(stmt, 1);
    m->text = sql_text(stmt, 2);
    return m->title && m->text ? STATUS_OK : log_oom("store");
}

static void
clear_material(void *item)
{
    struct store_material *m = item;
    free(m->title);
    free(m->text);
}

enum status
store_materials(struct store *s, int64_t training, struct store_material **out,
                size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MATERIAL_LIST);
    sqlite3_bind_int64(stmt, 1, training);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_material),
                                          fill_material, clear_material},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_materials_free(struct store_material *m, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_material(&m[i]);
    }
    free(m);
}

enum status
store_material_add(struct store *s, int64_t training,
                   const struct store_material *m)
{
    int64_t count = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MATERIAL_COUNT);
    sqlite3_bind_int64(stmt, 1, training);
    enum status st = sql_number(s, stmt, &count);
    if (st < 0 || count >= STORE_MATERIALS_MAX) {
        return st < 0 ? st : STATUS_E_LIMIT;
    }
    stmt = db_stmt(s->db, SQL_MATERIAL_ADD);
    sqlite3_bind_int64(stmt, 1, training);
    sql_bind_text(stmt, 2, m->title);
    sql_bind_text(stmt, 3, m->text);
    return db_run(s->db, stmt);
}

enum status
store_material_drop(struct store *s, int64_t training, int64_t number)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MATERIAL_DROP);
    sqlite3_bind_int64(stmt, 1, training);
    sqlite3_bind_int64(stmt, 2, number);
    return db_run(s->db, stmt);
}
