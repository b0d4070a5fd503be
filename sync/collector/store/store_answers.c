/* The store's answers by column, their tallies, and what was seen before. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/store/sql.h"
#include "collector/summary/suppress.h"

/* A chunk below this many records is rewritten, in a new order, to take in
 * more; larger ones stay as they are. */
#define CHUNK_OPEN_ROWS 64
#define SEEN_BYTES 16
/* Of what waits until figures already shown may move. */
#define CHUNK_WAITING (-1)

static enum status
chunk_rows(struct store *s, int64_t wave, int64_t chunk, int64_t *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHUNK_ROWS);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, chunk);
    return sql_number(s, stmt, out);
}

/* Append the raw column; nothing if the chunk does not exist. */
static enum status
chunk_read(struct store *s, int64_t wave, int64_t field, int64_t chunk,
           struct buf *raw)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHUNK_GET);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, field);
    sqlite3_bind_int64(stmt, 3, chunk);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = column_unpack(s->zip, sqlite3_column_blob(stmt, 1),
                           (size_t)sqlite3_column_bytes(stmt, 1), raw);
        if (st == STATUS_E_INVALID) {
            log_error("store", "a column of answers is damaged");
            st = STATUS_E_IO;
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

static enum status
chunk_write(struct store *s, int64_t wave, int64_t field, int64_t chunk,
            size_t rows, const struct buf *body)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHUNK_PUT);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, field);
    sqlite3_bind_int64(stmt, 3, chunk);
    sqlite3_bind_int64(stmt, 4, (int64_t)rows);
    sql_bind_blob(stmt, 5, body->data, body->len);
    return db_run(s->db, stmt);
}

/* Working memory of one append. */
struct growth {
    int64_t wave;
    int64_t chunk;
    size_t old_rows;
    size_t joining; /* rows of CHUNK_WAITING that come along */
    size_t total;
    uint32_t *order;   /* owned; a permutation of all rows */
    const char **cell; /* owned; old rows, joining ones, new ones */
    struct buf old;    /* the old column, unpacked, and the joining one */
    struct buf raw;
    struct buf body;
};

static enum status
grow_column(struct store *s, struct growth *g, const struct store_rows *rows,
            size_t field)
{
    buf_clear(&g->old);
    buf_clear(&g->raw);
    buf_clear(&g->body);
    enum status st = STATUS_OK;
    if (g->old_rows > 0) {
        st = chunk_read(s, g->wave, (int64_t)field, g->chunk, &g->old);
    }
    if (st == STATUS_OK && g->joining > 0) {
        st = chunk_read(s, g->wave, (int64_t)field, CHUNK_WAITING, &g->old);
    }
    size_t known = g->old_rows + g->joining;
    struct column_reader reader = {g->old.data, g->old.data + g->old.len};
    for (size_t i = 0; st == STATUS_OK && i < known; i++) {
        st = column_next(&reader, &g->cell[i]);
    }
    if (st != STATUS_OK) {
        return st < 0 ? st : STATUS_E_IO;
    }
    for (size_t i = 0; i < rows->rows; i++) {
        g->cell[known + i] = rows->cell[i * rows->fields + field];
    }
    for (size_t i = 0; i < g->total; i++) {
        column_put(&g->raw, g->cell[g->order[i]]);
    }
    st = buf_status(&g->raw);
    if (st == STATUS_OK) {
        st = column_pack(
            s->zip, &g->raw,
            g->chunk != CHUNK_WAITING && g->total < CHUNK_OPEN_ROWS, &g->body);
    }
    if (st == STATUS_OK) {
        st = chunk_write(s, g->wave, (int64_t)field, g->chunk, g->total,
                         &g->body);
    }
    return st;
}

static enum status
wave_grow(struct store *s, int64_t wave, size_t rows, int64_t chunks)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_GROW);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, (int64_t)rows);
    sqlite3_bind_int64(stmt, 3, chunks);
    return db_run(s->db, stmt);
}

static enum status
wave_wait(struct store *s, int64_t wave, size_t rows)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_WAIT);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, (int64_t)rows);
    return db_run(s->db, stmt);
}

/* Where a wave stands, for those that come now. */
struct standing {
    int64_t waiting;
    int64_t answers;
    int64_t settled;
    uint32_t k;
    bool published;
};

static enum status
wave_standing(struct store *s, int64_t wave, struct standing *out)
{
    *out = (struct standing){.settled = -1};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_WAITING);
    sqlite3_bind_int64(stmt, 1, wave);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        out->waiting = sqlite3_column_int64(stmt, 0);
        out->published = sqlite3_column_int(stmt, 1) != 0;
        out->k = (uint32_t)sqlite3_column_int64(stmt, 2);
        out->answers = sqlite3_column_int64(stmt, 3);
        out->settled = sqlite3_column_int64(stmt, 4);
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

/* Which chunk takes the new rows, and how many it has. */
static enum status
choose_chunk(struct store *s, struct growth *g, int64_t *out_chunks)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_CHUNKS);
    sqlite3_bind_int64(stmt, 1, g->wave);
    enum status st = db_step(s->db, stmt);
    int64_t settled = -1;
    if (st == STATUS_OK) {
        *out_chunks = sqlite3_column_int64(stmt, 0);
        settled = sqlite3_column_int64(stmt, 1);
    }
    db_reset(stmt);
    if (st < 0) {
        return st;
    }
    st = STATUS_OK;
    int64_t rows = 0;
    if (*out_chunks > 0 && *out_chunks > settled) {
        st = chunk_rows(s, g->wave, *out_chunks - 1, &rows);
    }
    if (st == STATUS_OK && rows > 0 && rows < CHUNK_OPEN_ROWS) {
        g->chunk = *out_chunks - 1;
        g->old_rows = (size_t)rows;
    } else {
        g->chunk = *out_chunks;
        *out_chunks += 1;
    }
    return st;
}

/* Write the old rows of a chunk, those that join and the new ones, in a fresh
 * random order. */
static enum status
grow_chunk(struct store *s, struct growth *g, const struct store_rows *rows)
{
    buf_init(&g->old, COLUMN_RAW_MAX_BYTES);
    buf_init(&g->raw, COLUMN_RAW_MAX_BYTES);
    buf_init(&g->body, COLUMN_RAW_MAX_BYTES);
    g->total = g->old_rows + g->joining + rows->rows;
    g->order = calloc(g->total, sizeof(*g->order));
    g->cell = calloc(g->total, sizeof(*g->cell));
    enum status st = g->order && g->cell ? STATUS_OK : log_oom("store");
    for (size_t i = 0; g->order && i < g->total; i++) {
        g->order[i] = (uint32_t)i;
    }
    if (st == STATUS_OK) {
        random_shuffle(g->order, g->total, sizeof(*g->order));
    }
    for (size_t f = 0; st == STATUS_OK && f < rows->fields; f++) {
        st = grow_column(s, g, rows, f);
    }
    free(g->order);
    free(g->cell);
    buf_deinit(&g->old);
    buf_deinit(&g->raw);
    buf_deinit(&g->body);
    return st;
}

enum status
store_answers_add(struct store *s, int64_t wave, const struct store_rows *rows)
{
    if (rows->rows == 0) {
        return STATUS_OK;
    }
    if (rows->rows > STORE_ROWS_MAX) {
        return STATUS_E_LIMIT;
    }
    struct growth g = {.wave = wave};
    struct standing w;
    int64_t chunks = 0;
    enum status st = wave_standing(s, wave, &w);
    if (st == STATUS_OK && w.published) {
        g.chunk = CHUNK_WAITING;
        g.old_rows = (size_t)w.waiting;
    } else if (st == STATUS_OK) {
        st = choose_chunk(s, &g, &chunks);
    }
    if (st == STATUS_OK) {
        st = grow_chunk(s, &g, rows);
    }
    if (st == STATUS_OK) {
        st = w.published ? wave_wait(s, wave, rows->rows)
                         : wave_grow(s, wave, rows->rows, chunks);
    }
    return st;
}

/* One chunk of several columns, read side by side. */
static enum status
visit_chunk(struct column_reader *reader, const char **cell, size_t count,
            store_row_visit *visit, void *self)
{
    for (;;) {
        for (size_t i = 0; i < count; i++) {
            enum status st = column_next(&reader[i], &cell[i]);
            if (st != STATUS_OK) {
                /* The columns of a chunk end together. */
                return st == STATUS_NONE && i == 0 ? STATUS_OK : STATUS_E_IO;
            }
        }
        enum status st = visit(self, cell, count);
        if (st != STATUS_OK) {
            return st;
        }
    }
}

enum status
store_answers_each(struct store *s, int64_t wave, const uint32_t *field,
                   size_t count, store_row_visit *visit, void *self)
{
    if (count == 0 || count > STORE_COLUMNS_MAX) {
        return STATUS_E_LIMIT;
    }
    enum status st = STATUS_OK;
    sqlite3_stmt *stmt = NULL;
    int64_t chunks = 0;
    struct buf *raw = calloc(count, sizeof(*raw));
    struct column_reader *reader = calloc(count, sizeof(*reader));
    const char **cell = calloc(count, sizeof(*cell));
    if (!raw || !reader || !cell) {
        st = log_oom("store");
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        buf_init(&raw[i], COLUMN_RAW_MAX_BYTES);
    }
    stmt = db_stmt(s->db, SQL_WAVE_CHUNKS_READ);
    sqlite3_bind_int64(stmt, 1, wave);
    st = sql_number(s, stmt, &chunks);
    for (int64_t c = 0; st == STATUS_OK && c < chunks; c++) {
        for (size_t i = 0; st == STATUS_OK && i < count; i++) {
            buf_clear(&raw[i]);
            st = chunk_read(s, wave, field[i], c, &raw[i]);
            reader[i].at = raw[i].data;
            reader[i].end = raw[i].data + raw[i].len;
        }
        if (st == STATUS_OK) {
            st = visit_chunk(reader, cell, count, visit, self);
        }
    }
    for (size_t i = 0; i < count; i++) {
        buf_deinit(&raw[i]);
    }

out:
    free(raw);
    free(reader);
    free(cell);
    return st;
}

/* --- rewriting ------------------------------------------------------------ */

static void
clear_nothing(void *item)
{
    (void)item;
}

struct place {
    int64_t chunk;
    int64_t rows;
};

static enum status
fill_place(sqlite3_stmt *stmt, void *item)
{
    struct place *p = item;
    p->chunk = sqlite3_column_int64(stmt, 0);
    p->rows = sqlite3_column_int64(stmt, 1);
    return STATUS_OK;
}

static enum status
map_chunk(struct store *s, int64_t wave, uint32_t field, const struct place *p,
          store_cell_map *map, void *self)
{
    struct buf old;
    struct buf raw;
    struct buf body;
    const char *cell = NULL;
    buf_init(&old, COLUMN_RAW_MAX_BYTES);
    buf_init(&raw, COLUMN_RAW_MAX_BYTES);
    buf_init(&body, COLUMN_RAW_MAX_BYTES);
    enum status st = chunk_read(s, wave, field, p->chunk, &old);
    struct column_reader reader = {old.data, old.data + old.len};
    for (int64_t i = 0; st == STATUS_OK && i < p->rows; i++) {
        st = column_next(&reader, &cell);
        if (st == STATUS_OK) {
            column_put(&raw, cell ? map(self, cell) : NULL);
        }
    }
    st = st == STATUS_NONE ? STATUS_E_IO : st;
    if (st == STATUS_OK) {
        st = buf_status(&raw);
    }
    if (st == STATUS_OK) {
        st = column_pack(s->zip, &raw, false, &body);
    }
    if (st == STATUS_OK) {
        st = chunk_write(s, wave, field, p->chunk, (size_t)p->rows, &body);
    }
    buf_deinit(&old);
    buf_deinit(&raw);
    buf_deinit(&body);
    return st;
}

enum status
store_answers_map(struct store *s, int64_t wave, uint32_t field,
                  store_cell_map *map, void *self)
{
    void *items = NULL;
    size_t count = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHUNK_ALL);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, field);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct place), fill_place,
                                          clear_nothing},
                 &items, &count);
    const struct place *place = items;
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        st = map_chunk(s, wave, field, &place[i], map, self);
    }
    free(items);
    return st;
}

/* --- tallies -------------------------------------------------------------- */

static enum status
fill_tally(sqlite3_stmt *stmt, void *item)
{
    struct store_tally *t = item;
    t->field = (uint32_t)sqlite3_column_int64(stmt, 0);
    t->kind = (enum store_tally_kind)sqlite3_column_int(stmt, 1);
    t->item = sqlite3_column_int64(stmt, 2);
    t->n = sqlite3_column_int64(stmt, 3);
    return STATUS_OK;
}

static enum status
tally_list(struct store *s, size_t statement, int64_t wave,
           struct store_tally **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, statement);
    sqlite3_bind_int64(stmt, 1, wave);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_tally),
                                          fill_tally, clear_nothing},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_tallies(struct store *s, int64_t wave, struct store_tally **out,
              size_t *out_count)
{
    return tally_list(s, SQL_TALLY_LIST, wave, out, out_count);
}

/* Could one question's figures move by what waits? `t`: its tallies, of which
 * there are `count`. */
static bool
question_may_join(const struct store_tally *t, size_t count, uint32_t k)
{
    uint64_t answered = 0;
    uint64_t counted = 0;
    uint64_t most = 0;
    uint64_t complete = 0; /* with all items of a scale */
    for (size_t i = 0; i < count; i++) {
        uint64_t n = (uint64_t)t[i].n;
        complete =
            t[i].kind == STORE_TALLY_SCALE && t[i].item == 0 ? n : complete;
        bool one = t[i].kind == STORE_TALLY_PLACE
                   || t[i].kind == STORE_TALLY_CHOICE
                   || t[i].kind == STORE_TALLY_NUMBER;
        answered = t[i].kind == STORE_TALLY_ANSWERED ? n : answered;
        counted += one ? n : 0;
        most = one && n > most ? n : most;
    }
    return answered == 0
           || (answered >= k && (complete == 0 || complete >= k)
               && (counted == 0 || !suppress_unanimous(most, answered)));
}

static enum status
tallies_may_join(struct store *s, int64_t wave, uint32_t k, bool *out)
{
    struct store_tally *t = NULL;
    size_t count = 0;
    enum status st = tally_list(s, SQL_TALLY_WAITING, wave, &t, &count);
    *out = true;
    for (size_t from = 0; st == STATUS_OK && *out && from < count;) {
        size_t to = from;
        while (to < count && t[to].field == t[from].field) {
            to++;
        }
        *out = question_may_join(t + from, to - from, k);
        from = to;
    }
    free(t);
    return st;
}

/* Rows and tallies that waited are among the others from now on. */
static enum status
join(struct store *s, int64_t wave, const struct standing *w)
{
    struct growth g = {.wave = wave, .joining = (size_t)w->waiting};
    int64_t chunks = 0;
    int64_t fields = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_CHUNK_FIELDS);
    sqlite3_bind_int64(stmt, 1, wave);
    sqlite3_bind_int64(stmt, 2, CHUNK_WAITING);
    enum status st = sql_number(s, stmt, &fields);
    if (st == STATUS_OK) {
        st = choose_chunk(s, &g, &chunks);
    }
    if (st == STATUS_OK) {
        const struct store_rows none = {.fields = (size_t)fields};
        st = grow_chunk(s, &g, &none);
    }
    if (st == STATUS_OK) {
        stmt = db_stmt(s->db, SQL_CHUNK_DROP);
        sqlite3_bind_int64(stmt, 1, wave);
        sqlite3_bind_int64(stmt, 2, CHUNK_WAITING);
        st = db_run(s->db, stmt);
    }
    if (st == STATUS_OK && w->settled >= 0) {
        stmt = db_stmt(s->db, SQL_TALLY_DROP);
        sqlite3_bind_int64(stmt, 1, wave);
        sqlite3_bind_int(stmt, 2, STORE_TALLY_STRATUM);
        st = db_run(s->db, stmt);
    }
    static const size_t step[] = {SQL_TALLY_JOIN, SQL_TALLY_JOINED};
    for (size_t i = 0; st == STATUS_OK && i < sizeof(step) / sizeof(*step);
         i++) {
        stmt = db_stmt(s->db, step[i]);
        sqlite3_bind_int64(stmt, 1, wave);
        st = db_run(s->db, stmt);
    }
    return st == STATUS_OK ? wave_grow(s, wave, (size_t)w->waiting, chunks)
                           : st;
}

static enum status
join_if_it_may(struct store *s, int64_t wave, const struct standing *w)
{
    uint64_t before = (uint64_t)w->answers;
    uint64_t now = before + (uint64_t)w->waiting;
    bool may = false;
    if (w->waiting == 0 || !suppress_may_update(before, now, w->k)) {
        return STATUS_OK;
    }
    enum status st = tallies_may_join(s, wave, w->k, &may);
    may = may || w->waiting >= STORE_WAITING_MAX;
    return st == STATUS_OK && may ? join(s, wave, w) : st;
}

enum status
store_tally_add(struct store *s, int64_t wave, const struct store_tally *add,
                size_t count)
{
    struct standing w;
    enum status st = wave_standing(s, wave, &w);
    size_t add_to = w.published ? SQL_TALLY_WAIT : SQL_TALLY_ADD;
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        sqlite3_stmt *stmt = db_stmt(s->db, add_to);
        sqlite3_bind_int64(stmt, 1, wave);
        sqlite3_bind_int64(stmt, 2, add[i].field);
        sqlite3_bind_int(stmt, 3, (int)add[i].kind);
        sqlite3_bind_int64(stmt, 4, add[i].item);
        sqlite3_bind_int64(stmt, 5, add[i].n);
        st = db_run(s->db, stmt);
    }
    return st == STATUS_OK && w.published ? join_if_it_may(s, wave, &w) : st;
}

/* --- what was taken in, and what could not be ----------------------------- */

enum status
store_seen_add(struct store *s, const struct seal_hash *id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SEEN_ADD);
    sql_bind_blob(stmt, 1, id->bytes, SEEN_BYTES);
    enum status st = sql_one(s, stmt);
    return st == STATUS_NONE ? STATUS_REPEAT : st;
}

enum status
store_seen(struct store *s, const struct seal_hash *id, bool *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_SEEN_GET);
    sql_bind_blob(stmt, 1, id->bytes, SEEN_BYTES);
    enum status st = sql_one(s, stmt);
    *out = st == STATUS_OK;
    return st < 0 ? st : STATUS_OK;
}

enum status
store_quarantine_put(struct store *s, const struct seal_hash *id, int outcome,
                     const char *form_id, const void *box, size_t len)
{
    enum status st = sql_room(s, SQL_QUARANTINE_COUNT, STORE_QUARANTINE_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_QUARANTINE_PUT);
    sql_bind_blob(stmt, 1, id->bytes, SEEN_BYTES);
    sqlite3_bind_int(stmt, 2, outcome);
    sql_bind_text(stmt, 3, form_id);
    sql_bind_blob(stmt, 4, box, len);
    return db_run(s->db, stmt);
}

enum status
store_quarantine_each(struct store *s, store_quarantine_visit *visit,
                      void *self)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_QUARANTINE_LIST);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        struct store_quarantine q = {
            .outcome = sqlite3_column_int(stmt, 1),
            .form_id = sql_text(stmt, 2),
        };
        sql_bytes(stmt, 0, q.id.bytes, SEEN_BYTES);
        st = q.form_id ? visit(self, &q, sqlite3_column_blob(stmt, 3),
                               (size_t)sqlite3_column_bytes(stmt, 3))
                       : log_oom("store");
        free(q.form_id);
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

enum status
store_quarantine_count(struct store *s, int64_t *out)
{
    return sql_number(s, db_stmt(s->db, SQL_QUARANTINE_COUNT), out);
}

enum status
store_quarantine_drop(struct store *s, const struct seal_hash *id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_QUARANTINE_DROP);
    sql_bind_blob(stmt, 1, id->bytes, SEEN_BYTES);
    return db_run(s->db, stmt);
}
