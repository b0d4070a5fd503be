#include "form/secondary.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/utf8.h"
#include "form/vec.h"

enum status
secondary_init(struct secondary *s, const char *id, const char *src)
{
    *s = (struct secondary){.id = id, .src = src};
    buf_init(&s->text, SECONDARY_FILE_MAX_BYTES + SECONDARY_NODES_MAX);
    buf_putc(&s->text, '\0');
    uint32_t document = 0;
    enum status st = buf_status(&s->text);
    return st < 0
               ? st
               : secondary_open(s, SECONDARY_NONE, SECONDARY_NONE, &document);
}

void
secondary_deinit(struct secondary *s)
{
    for (uint32_t i = 0; i < s->index_count; i++) {
        free(s->index[i].head);
        free(s->index[i].next);
    }
    free(s->node);
    buf_deinit(&s->text);
}

enum status
secondary_open(struct secondary *s, uint32_t parent, uint32_t name,
               uint32_t *out_node)
{
    enum status st = vec_reserve(&s->node, &s->cap, (size_t)s->count + 1,
                                 sizeof(*s->node), SECONDARY_NODES_MAX);
    if (st < 0) {
        return st;
    }
    s->node[s->count] = (struct secondary_node){
        .name = name, .parent = parent, .end = s->count + 1};
    *out_node = s->count++;
    return STATUS_OK;
}

enum status
secondary_set_text(struct secondary *s, uint32_t node, const char *text,
                   size_t len)
{
    if (len == 0) {
        return STATUS_OK;
    }
    s->node[node].text = (uint32_t)s->text.len;
    buf_put(&s->text, text, len);
    buf_putc(&s->text, '\0');
    return buf_status(&s->text);
}

void
secondary_close(struct secondary *s, uint32_t node)
{
    s->node[node].end = s->count;
}

const char *
secondary_text(const struct secondary *s, uint32_t node)
{
    return s->text.data + s->node[node].text;
}

uint32_t
secondary_first(const struct secondary *s, uint32_t node)
{
    return node + 1 < s->node[node].end ? node + 1 : SECONDARY_NONE;
}

uint32_t
secondary_next(const struct secondary *s, uint32_t node)
{
    uint32_t parent = s->node[node].parent;
    if (parent == SECONDARY_NONE || s->node[node].end >= s->node[parent].end) {
        return SECONDARY_NONE;
    }
    return s->node[node].end;
}

uint32_t
secondary_child(const struct secondary *s, uint32_t node, uint32_t name)
{
    uint32_t end = s->node[node].end;
    for (uint32_t at = node + 1; at < end; at = s->node[at].end) {
        if (s->node[at].name == name) {
            return at;
        }
    }
    return SECONDARY_NONE;
}

/* ------------------------------------------------------------------ index */

static const char *
column_text(const struct secondary *s, const struct secondary_index *ix,
            uint32_t row)
{
    uint32_t cell = secondary_child(s, row, ix->column);
    return cell == SECONDARY_NONE ? NULL : secondary_text(s, cell);
}

static enum status
fill_index(struct secondary *s, struct secondary_index *ix, uint32_t rows)
{
    uint32_t size = 16;
    while (size < rows && size < (UINT32_C(1) << 30)) {
        size *= 2;
    }
    uint32_t end = s->node[ix->parent].end;
    ix->base = ix->parent;
    ix->mask = size - 1;
    ix->head = malloc(size * sizeof(*ix->head));
    ix->next = malloc((size_t)(end - ix->base) * sizeof(*ix->next));
    uint32_t *tail = malloc(size * sizeof(*tail));
    if (!ix->head || !ix->next || !tail) {
        free(ix->head);
        free(ix->next);
        free(tail);
        return log_oom("form");
    }
    memset(ix->head, 0xFF, size * sizeof(*ix->head));
    for (uint32_t at = ix->parent + 1; at < end; at = s->node[at].end) {
        const char *text = column_text(s, ix, at);
        if (s->node[at].name != ix->row || !text) {
            continue;
        }
        uint32_t h = names_hash(text, strlen(text)) & ix->mask;
        ix->next[at - ix->base] = SECONDARY_NONE;
        if (ix->head[h] == SECONDARY_NONE) {
            ix->head[h] = at;
        } else {
            ix->next[tail[h] - ix->base] = at;
        }
        tail[h] = at;
    }
    free(tail);
    return STATUS_OK;
}

enum status
secondary_index_add(struct secondary *s, uint32_t parent, uint32_t row,
                    uint32_t column, const struct secondary_index **out_index)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < s->index_count; i++) {
        struct secondary_index *ix = &s->index[i];
        if (ix->parent == parent && ix->row == row && ix->column == column) {
            *out_index = ix;
            return STATUS_OK;
        }
    }
    *out_index = NULL;
    if (s->index_count >= SECONDARY_INDEXES_MAX) {
        return STATUS_NONE;
    }
    uint32_t end = s->node[parent].end;
    for (uint32_t at = parent + 1; at < end; at = s->node[at].end) {
        rows++;
    }
    struct secondary_index *ix = &s->index[s->index_count];
    *ix = (struct secondary_index){
        .parent = parent, .row = row, .column = column};
    enum status st = fill_index(s, ix, rows);
    if (st < 0) {
        return st;
    }
    s->index_count++;
    *out_index = ix;
    return STATUS_OK;
}

static uint32_t
match_from(const struct secondary *s, const struct secondary_index *ix,
           uint32_t row, const char *value)
{
    while (row != SECONDARY_NONE
           && strcmp(column_text(s, ix, row), value) != 0) {
        row = ix->next[row - ix->base];
    }
    return row;
}

uint32_t
secondary_index_first(const struct secondary *s,
                      const struct secondary_index *ix, const char *value)
{
    uint32_t h = names_hash(value, strlen(value)) & ix->mask;
    return match_from(s, ix, ix->head[h], value);
}

uint32_t
secondary_index_next(const struct secondary *s,
                     const struct secondary_index *ix, uint32_t row,
                     const char *value)
{
    return match_from(s, ix, ix->next[row - ix->base], value);
}

/* -------------------------------------------------------------------- CSV */

struct csv {
    const char *at;
    const char *end;
    char separator;
    int row;
    struct buf cell;
};

enum csv_end {
    CSV_CELL, /* another cell follows in this row */
    CSV_ROW,
    CSV_FILE,
};

/* Read one cell into c->cell; *out_text spans the file itself where nothing had
 * to be unquoted. */
static enum csv_end
csv_cell(struct csv *c, const char **out_text, size_t *out_len)
{
    const char *start = c->at;
    if (c->at < c->end && *c->at == '"') {
        buf_clear(&c->cell);
        c->at++;
        while (c->at < c->end) {
            if (*c->at == '"') {
                c->at++;
                if (c->at == c->end || *c->at != '"') {
                    break;
                }
            }
            c->row += *c->at == '\n';
            buf_putc(&c->cell, *c->at);
            c->at++;
        }
        *out_text = c->cell.data;
        *out_len = c->cell.len;
        start = c->at;
    } else {
        *out_text = start;
        *out_len = 0;
    }
    while (c->at < c->end && *c->at != c->separator && *c->at != '\n'
           && *c->at != '\r') {
        c->at++;
    }
    if (*out_text == start) {
        *out_len = (size_t)(c->at - start);
    }
    if (c->at < c->end && *c->at == c->separator) {
        c->at++;
        return CSV_CELL;
    }
    if (c->at < c->end && *c->at == '\r') {
        c->at++;
    }
    if (c->at < c->end && *c->at == '\n') {
        c->at++;
    }
    c->row++;
    return c->at < c->end ? CSV_ROW : CSV_FILE;
}

static char
guess_separator(const char *at, const char *end)
{
    int commas = 0;
    int semicolons = 0;
    for (; at < end && *at != '\n'; at++) {
        commas += *at == ',';
        semicolons += *at == ';';
    }
    return semicolons > commas ? ';' : ',';
}

static enum status
csv_header(struct csv *c, struct names *names, struct arena *arena,
           uint32_t column[SECONDARY_COLUMNS_MAX], uint32_t *out_count)
{
    enum csv_end end = CSV_CELL;
    uint32_t count = 0;
    while (end == CSV_CELL) {
        const char *text = NULL;
        size_t len = 0;
        end = csv_cell(c, &text, &len);
        if (count == SECONDARY_COLUMNS_MAX) {
            return STATUS_E_LIMIT;
        }
        enum status st = names_add(names, arena, text, len, &column[count]);
        if (st < 0) {
            return st;
        }
        count++;
    }
    *out_count = count;
    return end == CSV_FILE ? STATUS_NONE : STATUS_OK;
}

static enum status
csv_row(struct csv *c, struct secondary *s, uint32_t item,
        const uint32_t *column, uint32_t columns)
{
    enum csv_end end = CSV_CELL;
    for (uint32_t i = 0; end == CSV_CELL; i++) {
        const char *text = NULL;
        size_t len = 0;
        end = csv_cell(c, &text, &len);
        if (i >= columns) {
            continue;
        }
        uint32_t cell = 0;
        enum status st = secondary_open(s, item, column[i], &cell);
        if (st < 0) {
            return st;
        }
        st = secondary_set_text(s, cell, text, len);
        if (st < 0) {
            return st;
        }
    }
    return end == CSV_FILE ? STATUS_NONE : STATUS_OK;
}

static enum status
csv_rows(struct csv *c, struct secondary *s, struct names *names,
         struct arena *arena)
{
    uint32_t column[SECONDARY_COLUMNS_MAX];
    uint32_t columns = 0;
    uint32_t root_name = 0;
    uint32_t item_name = 0;
    uint32_t root = 0;
    enum status st = names_add(names, arena, "root", 4, &root_name);
    if (st == STATUS_OK) {
        st = names_add(names, arena, "item", 4, &item_name);
    }
    if (st == STATUS_OK) {
        st = secondary_open(s, 0, root_name, &root);
    }
    if (st == STATUS_OK) {
        st = csv_header(c, names, arena, column, &columns);
    }
    while (st == STATUS_OK) {
        uint32_t item = 0;
        if (*c->at == '\n' || *c->at == '\r') { /* an empty line is no row */
            c->at++;
            st = c->at < c->end ? STATUS_OK : STATUS_NONE;
            continue;
        }
        st = secondary_open(s, root, item_name, &item);
        if (st == STATUS_OK) {
            st = csv_row(c, s, item, column, columns);
            secondary_close(s, item);
        }
    }
    secondary_close(s, root);
    secondary_close(s, 0);
    return st < 0 ? st : STATUS_OK;
}

enum status
secondary_read_csv(struct secondary *s, struct names *names,
                   struct arena *arena, const struct buf *file, struct diag *d)
{
    struct csv c = {.at = file->data, .end = file->data + file->len, .row = 1};
    struct diag_where where = {.file = s->src};
    if (!utf8_valid(file->data, file->len)) {
        return diag_add(d, DIAG_ERROR, &where,
                        N_("The file is not UTF-8. Save it as “CSV UTF-8”."));
    }
    if (file->len >= 3 && memcmp(file->data, "\xEF\xBB\xBF", 3) == 0) {
        c.at += 3;
    }
    c.separator = guess_separator(c.at, c.end);
    buf_init(&c.cell, SECONDARY_FILE_MAX_BYTES);
    enum status st = csv_rows(&c, s, names, arena);
    if (st == STATUS_OK) {
        st = buf_status(&c.cell);
    }
    buf_deinit(&c.cell);
    if (st == STATUS_E_LIMIT) {
        where.row = c.row;
        enum status told = diag_add(
            d, DIAG_ERROR, &where,
            N_("The table is too large: at most %d columns and %d cells."),
            SECONDARY_COLUMNS_MAX, SECONDARY_NODES_MAX);
        (void)told;
    }
    return st;
}
