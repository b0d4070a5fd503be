#include "collector/store/store_roadmap.h"

#include <stdlib.h>

#include "base/log.h"
#include "collector/store/sql.h"

static enum status
fill_measure(sqlite3_stmt *stmt, void *item)
{
    struct store_measure *m = item;
    m->id = sqlite3_column_int64(stmt, 0);
    m->stage = sqlite3_column_int(stmt, 1);
    m->text = sql_text(stmt, 2);
    m->responsible = sql_text(stmt, 3);
    m->first_day = sql_text(stmt, 4);
    m->last_day = sql_text(stmt, 5);
    m->done = sqlite3_column_int(stmt, 6) != 0;
    return m->text && m->responsible && m->first_day && m->last_day
               ? STATUS_OK
               : log_oom("store");
}

static void
clear_measure(void *item)
{
    struct store_measure *m = item;
    free(m->text);
    free(m->responsible);
    free(m->first_day);
    free(m->last_day);
}

void
store_measure_clear(struct store_measure *m)
{
    clear_measure(m);
    *m = (struct store_measure){0};
}

void
store_measures_free(struct store_measure *m, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_measure(&m[i]);
    }
    free(m);
}

static enum status
put(struct store *s, enum sql_stmt which, const struct store_measure *m)
{
    sqlite3_stmt *stmt = db_stmt(s->db, which);
    sqlite3_bind_int(stmt, 1, m->stage);
    sql_bind_text(stmt, 2, m->text);
    sql_bind_text(stmt, 3, m->responsible);
    sql_bind_text(stmt, 4, m->first_day);
    sql_bind_text(stmt, 5, m->last_day);
    sqlite3_bind_int(stmt, 6, m->done);
    if (which == SQL_MEASURE_UPDATE) {
        sqlite3_bind_int64(stmt, 7, m->id);
    }
    return db_run(s->db, stmt);
}

enum status
store_measure_add(struct store *s, const struct store_measure *m)
{
    enum status st = sql_room(s, SQL_MEASURE_COUNT, STORE_MEASURES_MAX);
    return st < 0 ? st : put(s, SQL_MEASURE_ADD, m);
}

enum status
store_measure_update(struct store *s, const struct store_measure *m)
{
    return put(s, SQL_MEASURE_UPDATE, m);
}

enum status
store_measure_drop(struct store *s, int64_t id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEASURE_DROP);
    sqlite3_bind_int64(stmt, 1, id);
    return db_run(s->db, stmt);
}

enum status
store_measures(struct store *s, struct store_measure **out, size_t *out_count)
{
    void *items = NULL;
    const struct sql_item kind = {sizeof(struct store_measure), fill_measure,
                                  clear_measure};
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_MEASURE_LIST), &kind, &items, out_count);
    *out = items;
    return st;
}

enum status
store_measure(struct store *s, int64_t id, struct store_measure *out)
{
    *out = (struct store_measure){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEASURE_GET);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_fill(s, stmt, fill_measure, out);
}
