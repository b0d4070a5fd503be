#include "xlsform/workbook.h"

#include <string.h>

void
workbook_init(struct workbook *wb, const char *file)
{
    *wb = (struct workbook){.column_base = 1};
    pool_init(&wb->pool, WORKBOOK_POOL_MAX_BYTES);
    wb->file = pool_dup(&wb->pool, file ? file : "");
}

void
workbook_deinit(struct workbook *wb)
{
    pool_deinit(&wb->pool);
    *wb = (struct workbook){0};
}

struct workbook_sheet *
workbook_find(const struct workbook *wb, const char *name)
{
    for (struct workbook_sheet *s = wb->first; s; s = s->next) {
        if (strcmp(s->name, name) == 0) {
            return s;
        }
    }
    return NULL;
}

/* Say once that the file is larger than we take. */
static void
told_limit(struct workbook *wb, const char *sheet, const char *what, int max,
           struct diag *d)
{
    if (wb->cut) {
        return;
    }
    wb->cut = true;
    struct diag_where at = {.file = wb->file, .sheet = sheet};
    (void)diag_add(d, DIAG_ERROR, &at,
                   N_("The file is too large: at most %d %s are read."), max,
                   i18n_text(d ? d->lang : I18N_EN, what));
}

struct workbook_sheet *
workbook_add_sheet(struct workbook *wb, const char *name, size_t len,
                   struct diag *d)
{
    if (wb->sheet_count == WORKBOOK_SHEETS_MAX) {
        told_limit(wb, NULL, N_("sheets"), WORKBOOK_SHEETS_MAX, d);
        return NULL;
    }
    struct workbook_sheet *s = pool_alloc(&wb->pool, sizeof(*s));
    if (!s) {
        return NULL;
    }
    s->name = pool_dup_len(&wb->pool, name, len);
    if (wb->last) {
        wb->last->next = s;
    } else {
        wb->first = s;
    }
    wb->last = s;
    wb->sheet_count++;
    return s;
}

static size_t
used_cells(const char **cell, size_t count)
{
    while (count > 0 && !cell[count - 1]) {
        count--;
    }
    return count;
}

void
workbook_add_row(struct workbook *wb, struct workbook_sheet *sheet,
                 const struct workbook_cells *cells, struct diag *d)
{
    size_t used = used_cells(cells->cell, cells->count);
    if (sheet->row_count == WORKBOOK_ROWS_MAX) {
        told_limit(wb, sheet->name, N_("rows in a sheet"), WORKBOOK_ROWS_MAX,
                   d);
        return;
    }
    if (used > WORKBOOK_COLUMNS_MAX) {
        told_limit(wb, sheet->name, N_("columns"), WORKBOOK_COLUMNS_MAX, d);
        used = WORKBOOK_COLUMNS_MAX;
    }
    if (used == 0) {
        return;
    }
    struct workbook_row *row = pool_alloc(&wb->pool, sizeof(*row));
    const char **copy = pool_array(&wb->pool, used, sizeof(*copy));
    if (!row || !copy) {
        return;
    }
    memcpy(copy, cells->cell, used * sizeof(*copy));
    row->cell = copy;
    row->count = used;
    row->file_row = cells->file_row;
    if (!sheet->header) {
        row->number = 1;
        sheet->header = row;
        return;
    }
    const struct workbook_row *before = sheet->last;
    row->number =
        cells->number ? cells->number : (before ? before->number : 1) + 1;
    if (sheet->last) {
        sheet->last->next = row;
    } else {
        sheet->first = row;
    }
    sheet->last = row;
    sheet->row_count++;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v'
           || c == '\f';
}

const char *
workbook_text(struct workbook *wb, const char *text, size_t len, struct diag *d)
{
    while (len > 0 && is_blank(text[0])) {
        text++;
        len--;
    }
    while (len > 0 && is_blank(text[len - 1])) {
        len--;
    }
    if (len == 0) {
        return NULL;
    }
    if (len > WORKBOOK_CELL_MAX_BYTES) {
        told_limit(wb, NULL, N_("bytes in a cell"),
                   (int)WORKBOOK_CELL_MAX_BYTES, d);
        len = WORKBOOK_CELL_MAX_BYTES;
    }
    return pool_dup_len(&wb->pool, text, len);
}
