#include "collector/store/store_desk.h"

#include <stdlib.h>

#include "base/log.h"
#include "collector/store/sql.h"

/* --- waves to come -------------------------------------------------------- */

static enum status
fill_plan(sqlite3_stmt *stmt, void *item)
{
    struct store_plan *p = item;
    p->id = sqlite3_column_int64(stmt, 0);
    p->form = sqlite3_column_int64(stmt, 1);
    p->title = sql_text(stmt, 2);
    p->kind = sqlite3_column_int(stmt, 3);
    p->k = sqlite3_column_int(stmt, 4);
    p->k_text = sqlite3_column_int(stmt, 5);
    p->invited = sqlite3_column_int(stmt, 6);
    p->live = sqlite3_column_int(stmt, 7) != 0;
    p->opens_ms = sqlite3_column_int64(stmt, 8);
    p->closes_ms = sqlite3_column_int64(stmt, 9);
    sql_text_copy(stmt, 10, p->groups, sizeof(p->groups));
    return p->title ? STATUS_OK : log_oom("store");
}

static void
clear_plan(void *item)
{
    free(((struct store_plan *)item)->title);
}

enum status
store_plan_add(struct store *s, const struct store_plan *plan)
{
    enum status st = sql_room(s, SQL_PLAN_COUNT, STORE_PLANS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PLAN_ADD);
    sqlite3_bind_int64(stmt, 1, plan->form);
    sql_bind_text(stmt, 2, plan->title);
    sqlite3_bind_int(stmt, 3, plan->kind);
    sqlite3_bind_int(stmt, 4, plan->k);
    sqlite3_bind_int(stmt, 5, plan->k_text);
    sqlite3_bind_int(stmt, 6, plan->invited);
    sqlite3_bind_int(stmt, 7, plan->live);
    sqlite3_bind_int64(stmt, 8, plan->opens_ms);
    sqlite3_bind_int64(stmt, 9, plan->closes_ms);
    sql_bind_text(stmt, 10, plan->groups);
    return db_run(s->db, stmt);
}

enum status
store_plans(struct store *s, struct store_plan **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_PLAN_LIST),
                 &(const struct sql_item){sizeof(struct store_plan), fill_plan,
                                          clear_plan},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_plans_free(struct store_plan *plans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_plan(&plans[i]);
    }
    free(plans);
}

/* Delete by number, and say whether it was there. */
static enum status
drop(struct store *s, enum sql_stmt which, int64_t id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, which);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_one(s, stmt);
}

enum status
store_plan_drop(struct store *s, int64_t id)
{
    return drop(s, SQL_PLAN_DROP, id);
}

/* --- conclusions ---------------------------------------------------------- */

enum status
store_swot_put(struct store *s, int64_t wave, int part, const char *text)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SWOT_PUT);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int(stmt, 2, part);
    sql_bind_text(stmt, 3, text);
    return db_run(s->db, stmt);
}

enum status
store_swot(struct store *s, int64_t wave, int part, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SWOT_GET);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int(stmt, 2, part);
    enum status st = sql_blob(s, stmt, out);
    return st < 0 ? st : STATUS_OK;
}

/* --- read tokens ---------------------------------------------------------- */

static enum status
fill_token(sqlite3_stmt *stmt, void *item)
{
    struct store_token *t = item;
    t->id = sqlite3_column_int64(stmt, 0);
    t->name = sql_text(stmt, 1);
    t->made_ms = sqlite3_column_int64(stmt, 2);
    t->used_ms = sqlite3_column_int64(stmt, 3);
    return t->name ? STATUS_OK : log_oom("store");
}

void
store_token_clear(struct store_token *token)
{
    free(token->name);
    *token = (struct store_token){0};
}

static void
clear_token(void *item)
{
    store_token_clear(item);
}

enum status
store_token_add(struct store *s, const struct seal_hash *hash, const char *name,
                int64_t now_ms)
{
    enum status st = sql_room(s, SQL_TOKEN_COUNT, STORE_TOKENS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TOKEN_ADD);
    sql_bind_blob(stmt, 1, hash->bytes, sizeof(hash->bytes));
    sql_bind_text(stmt, 2, name);
    sqlite3_bind_int64(stmt, 3, now_ms);
    return db_run(s->db, stmt);
}

enum status
store_tokens(struct store *s, struct store_token **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_TOKEN_LIST),
                 &(const struct sql_item){sizeof(struct store_token),
                                          fill_token, clear_token},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_tokens_free(struct store_token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_token_clear(&tokens[i]);
    }
    free(tokens);
}

enum status
store_token_find(struct store *s, const struct seal_hash *hash,
                 struct store_token *out)
{
    *out = (struct store_token){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TOKEN_FIND);
    sql_bind_blob(stmt, 1, hash->bytes, sizeof(hash->bytes));
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = fill_token(stmt, out);
    }
    db_reset(stmt);
    return st;
}

enum status
store_token_used(struct store *s, int64_t id, int64_t day_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_TOKEN_USED);
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, day_ms);
    return db_run(s->db, stmt);
}

enum status
store_token_drop(struct store *s, int64_t id)
{
    return drop(s, SQL_TOKEN_DROP, id);
}
