#include "collector/store/store_remarks.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/store/sql.h"

/* --- out of the rows ------------------------------------------------------ */

struct taken {
    char **text; /* owned, and its strings */
    size_t count;
};

static enum status
take_cell(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct taken *t = self;
    if (!cell[0]) {
        return STATUS_OK;
    }
    if (t->count == STORE_REMARKS_MAX) {
        return STATUS_E_LIMIT;
    }
    t->text[t->count] = strdup(cell[0]);
    return t->text[t->count++] ? STATUS_OK : log_oom("store");
}

/* A column of as many cells, all without an answer. */
static enum status
blank_column(struct store *s, int64_t rows, struct buf *body)
{
    struct buf raw;
    buf_init(&raw, COLUMN_RAW_MAX_BYTES);
    for (int64_t i = 0; i < rows; i++) {
        column_put(&raw, NULL);
    }
    enum status st = buf_status(&raw);
    if (st == STATUS_OK) {
        st = column_pack(s->zip, &raw, false, body);
    }
    buf_deinit(&raw);
    return st;
}

struct chunk {
    int64_t number;
    int64_t rows;
};

static enum status
fill_chunk(sqlite3_stmt *stmt, void *item)
{
    struct chunk *c = item;
    c->number = sqlite3_column_int64(stmt, 0);
    c->rows = sqlite3_column_int64(stmt, 1);
    return STATUS_OK;
}

static void
clear_chunk(void *item)
{
    (void)item;
}

static enum status
blank_field(struct store *s, int64_t wave, uint32_t field)
{
    void *items = NULL;
    size_t count = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHUNK_LIST);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, field);
    enum status st = sql_list(
        s, stmt,
        &(const struct sql_item){sizeof(struct chunk), fill_chunk, clear_chunk},
        &items, &count);
    const struct chunk *chunk = items;
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        struct buf body;
        buf_init(&body, COLUMN_RAW_MAX_BYTES);
        st = blank_column(s, chunk[i].rows, &body);
        if (st == STATUS_OK) {
            stmt = db_stmt(s->db, SQL_CHUNK_PUT);
            sqlite3_bind_int64(stmt, 1, wave);
            sqlite3_bind_int64(stmt, 2, field);
            sqlite3_bind_int64(stmt, 3, chunk[i].number);
            sqlite3_bind_int64(stmt, 4, chunk[i].rows);
            sql_bind_blob(stmt, 5, body.data, body.len);
            st = db_run(s->db, stmt);
        }
        buf_deinit(&body);
    }
    free(items);
    return st;
}

static enum status
add_remark(struct store *s, int64_t wave, uint32_t field, const char *text)
{
    uint64_t id = 0;
    random_bytes(&id, sizeof(id));
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_REMARK_ADD);
    sqlite3_bind_int64(stmt, 1, (int64_t)(id >> 1));
    sqlite3_bind_int64(stmt, 2, wave);
    sqlite3_bind_int64(stmt, 3, field);
    sql_bind_text(stmt, 4, text);
    return db_run(s->db, stmt);
}

enum status
store_remarks_take(struct store *s, int64_t wave, uint32_t field, int64_t least)
{
    struct taken t = {.text = calloc(STORE_REMARKS_MAX, sizeof(char *))};
    enum status st = t.text
                         ? store_answers_each(s, wave, &field, 1, take_cell, &t)
                         : log_oom("store");
    if (st == STATUS_OK && (int64_t)t.count < least) {
        st = STATUS_NONE;
    }
    if (st == STATUS_OK) {
        random_shuffle(t.text, t.count, sizeof(*t.text));
        st = blank_field(s, wave, field);
    }
    for (size_t i = 0; st == STATUS_OK && i < t.count; i++) {
        st = add_remark(s, wave, field, t.text[i]);
    }
    for (size_t i = 0; i < t.count; i++) {
        if (t.text[i]) {
            buf_wipe(t.text[i], strlen(t.text[i]));
        }
        free(t.text[i]);
    }
    free(t.text);
    return st;
}

/* --- reading and writing -------------------------------------------------- */

static enum status
fill_remark(sqlite3_stmt *stmt, void *item)
{
    struct store_remark *r = item;
    r->id = sqlite3_column_int64(stmt, 0);
    r->text = sql_text(stmt, 1);
    r->themes = sql_text(stmt, 2);
    return r->text && r->themes ? STATUS_OK : log_oom("store");
}

static void
clear_remark(void *item)
{
    struct store_remark *r = item;
    free(r->text);
    free(r->themes);
}

enum status
store_remarks(struct store *s, int64_t wave, uint32_t field,
              struct store_remark **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_REMARK_LIST);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, field);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_remark),
                                          fill_remark, clear_remark},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_remarks_free(struct store_remark *remarks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_remark(&remarks[i]);
    }
    free(remarks);
}

static enum status
add_theme(struct store *s, int64_t remark, const char *name, size_t len)
{
    char theme[STORE_THEME_MAX_BYTES + 1];
    while (len > 0 && name[len - 1] == ' ') {
        len--;
    }
    if (len == 0) {
        return STATUS_OK;
    }
    if (len > STORE_THEME_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    memcpy(theme, name, len);
    theme[len] = '\0';
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_THEME_ADD);
    sqlite3_bind_int64(stmt, 1, remark);
    sql_bind_text(stmt, 2, theme);
    return db_run(s->db, stmt);
}

enum status
store_remark_set(struct store *s, int64_t wave,
                 const struct store_remark *remark)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_REMARK_SET);
    sqlite3_bind_int64(stmt, 1, remark->id);
    sqlite3_bind_int64(stmt, 2, wave);
    sql_bind_text(stmt, 3, remark->text);
    enum status st = sql_one(s, stmt);
    if (st != STATUS_OK) {
        return st < 0 ? st : STATUS_OK;
    }
    stmt = db_stmt(s->db, SQL_THEME_CLEAR);
    sqlite3_bind_int64(stmt, 1, remark->id);
    st = db_run(s->db, stmt);
    const char *at = remark->themes;
    while (st == STATUS_OK && *at) {
        at += strspn(at, ", ");
        size_t len = strcspn(at, ",");
        st = add_theme(s, remark->id, at, len);
        at += len;
    }
    return st;
}

static enum status
fill_theme(sqlite3_stmt *stmt, void *item)
{
    struct store_theme *t = item;
    t->name = sql_text(stmt, 0);
    t->n = sqlite3_column_int64(stmt, 1);
    return t->name ? STATUS_OK : log_oom("store");
}

static void
clear_theme(void *item)
{
    free(((struct store_theme *)item)->name);
}

enum status
store_themes(struct store *s, int64_t wave, uint32_t field,
             struct store_theme **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_THEME_LIST);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, field);
    sqlite3_bind_int64(stmt, 3, STORE_THEMES_MAX);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_theme),
                                          fill_theme, clear_theme},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_themes_free(struct store_theme *themes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_theme(&themes[i]);
    }
    free(themes);
}
