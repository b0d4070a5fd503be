#include "xlsform/md_book.h"

#include <string.h>

#include "base/utf8.h"

struct reader {
    struct workbook *wb;
    struct diag *d;
    struct workbook_sheet *sheet;
    int line;
    const char *cell[WORKBOOK_COLUMNS_MAX + 1];
    size_t count;
};

/* Bounds of what stands between the first and the last bar of a line. */
static bool
table_row(const char *line, size_t len, size_t *out_from, size_t *out_to)
{
    size_t from = 0;
    while (from < len
           && (line[from] == ' ' || line[from] == '\t' || line[from] == '\r')) {
        from++;
    }
    size_t to = len;
    while (to > from && line[to - 1] != '|') {
        to--;
    }
    if (from >= len || line[from] != '|' || to - from < 2) {
        return false;
    }
    *out_from = from + 1;
    *out_to = to - 1;
    return true;
}

static bool
is_ruler(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '-' && text[i] != '|') {
            return false;
        }
    }
    return len > 0;
}

static const char *
cell_text(struct reader *r, const char *text, size_t len)
{
    const char *cell = workbook_text(r->wb, text, len, r->d);
    if (!cell || !strstr(cell, "\\|")) {
        return cell;
    }
    char *plain = pool_alloc(&r->wb->pool, strlen(cell) + 1);
    if (!plain) {
        return cell;
    }
    size_t n = 0;
    for (const char *c = cell; *c; c++) {
        if (c[0] == '\\' && c[1] == '|') {
            continue;
        }
        plain[n++] = *c;
    }
    return plain;
}

static void
split(struct reader *r, const char *text, size_t len)
{
    r->count = 0;
    size_t from = 0;
    for (size_t i = 0; i <= len; i++) {
        bool bar = i < len && text[i] == '|' && (i == 0 || text[i - 1] != '\\');
        if (i < len && !bar) {
            continue;
        }
        if (r->count <= WORKBOOK_COLUMNS_MAX) {
            r->cell[r->count++] = cell_text(r, text + from, i - from);
        }
        from = i + 1;
    }
}

static enum status
place_line(struct reader *r, const char *line, size_t len)
{
    size_t from = 0;
    size_t to = 0;
    if (!table_row(line, len, &from, &to) || is_ruler(line + from, to - from)) {
        return STATUS_OK;
    }
    split(r, line + from, to - from);
    if (r->cell[0]) {
        r->sheet =
            workbook_add_sheet(r->wb, r->cell[0], strlen(r->cell[0]), r->d);
        if (!r->sheet) {
            return r->wb->pool.failed ? STATUS_E_NOMEM : STATUS_E_LIMIT;
        }
    }
    if (r->sheet) {
        struct workbook_cells cells = {
            .cell = &r->cell[1], .count = r->count - 1, .file_row = r->line};
        workbook_add_row(r->wb, r->sheet, &cells, r->d);
    }
    return STATUS_OK;
}

/* A table is part of a letter: the row of the table says more than the line of
 * the letter. */
static void
number_rows(struct workbook *wb)
{
    for (struct workbook_sheet *s = wb->first; s; s = s->next) {
        if (s->header) {
            s->header->file_row = 1;
        }
        for (struct workbook_row *row = s->first; row; row = row->next) {
            row->file_row = row->number;
        }
    }
}

enum status
md_book_read(struct workbook *wb, const char *data, size_t len, struct diag *d)
{
    struct reader r = {.wb = wb, .d = d};
    if (!utf8_valid(data, len)) {
        struct diag_where at = {.file = wb->file};
        return diag_add(d, DIAG_ERROR, &at, N_("The file is not UTF-8."));
    }
    enum status st = STATUS_OK;
    size_t at = 0;
    while (at < len && st >= 0 && !wb->cut) {
        const char *end = memchr(data + at, '\n', len - at);
        size_t line = end ? (size_t)(end - (data + at)) : len - at;
        r.line++;
        st = place_line(&r, data + at, line);
        at += line + 1;
    }
    number_rows(wb);
    if (st >= 0 && wb->pool.failed) {
        st = STATUS_E_NOMEM;
    }
    return st >= 0 && wb->cut ? STATUS_E_LIMIT : st;
}
