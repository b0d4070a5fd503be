#include "xlsform/json_book.h"

#include <jansson.h>
#include <string.h>

struct columns {
    const char *name[WORKBOOK_COLUMNS_MAX];
    size_t count;
};

static size_t
column_of(const struct columns *cols, const char *name)
{
    size_t i = 0;
    while (i < cols->count && strcmp(cols->name[i], name) != 0) {
        i++;
    }
    return i;
}

static void
collect_columns(struct workbook *wb, json_t *rows, struct columns *cols)
{
    cols->count = 0;
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        const char *key = NULL;
        json_t *value = NULL;
        json_object_foreach(row, key, value)
        {
            if (column_of(cols, key) == cols->count
                && cols->count < WORKBOOK_COLUMNS_MAX) {
                cols->name[cols->count++] = pool_dup(&wb->pool, key);
            }
        }
    }
}

static const char *
value_text(struct workbook *wb, const json_t *value, struct diag *d)
{
    switch (json_typeof(value)) {
    case JSON_STRING: {
        const char *text = json_string_value(value);
        return workbook_text(wb, text, strlen(text), d);
    }
    case JSON_INTEGER:
        return pool_printf(&wb->pool, "%lld",
                           (long long)json_integer_value(value));
    case JSON_REAL:
        return pool_printf(&wb->pool, "%.15g", json_real_value(value));
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
    default:
        return NULL;
    }
}

static void
add_rows(struct workbook *wb, struct workbook_sheet *sheet, json_t *rows,
         struct columns *cols, struct diag *d)
{
    collect_columns(wb, rows, cols);
    struct workbook_cells cells = {
        .cell = cols->name, .count = cols->count, .number = 1, .file_row = 1};
    workbook_add_row(wb, sheet, &cells, d);
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        const char *cell[WORKBOOK_COLUMNS_MAX] = {NULL};
        const char *key = NULL;
        json_t *value = NULL;
        json_object_foreach(row, key, value)
        {
            size_t at = column_of(cols, key);
            if (at < cols->count) {
                cell[at] = value_text(wb, value, d);
            }
        }
        cells.cell = cell;
        cells.number = (int)i + 2;
        cells.file_row = (int)i + 2;
        workbook_add_row(wb, sheet, &cells, d);
    }
}

static void
add_sheets(struct workbook *wb, json_t *root, struct columns *cols,
           struct diag *d)
{
    const char *name = NULL;
    json_t *rows = NULL;
    json_object_foreach(root, name, rows)
    {
        struct workbook_sheet *sheet =
            workbook_add_sheet(wb, name, strlen(name), d);
        if (sheet && json_is_array(rows)) {
            add_rows(wb, sheet, rows, cols, d);
        }
    }
}

enum status
json_book_read(struct workbook *wb, const char *data, size_t len,
               struct diag *d)
{
    enum status st = STATUS_OK;
    json_error_t error;
    json_t *root = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
    struct columns *cols = pool_alloc(&wb->pool, sizeof(*cols));
    if (!json_is_object(root)) {
        struct diag_where at = {.file = wb->file, .row = error.line};
        st = diag_add(d, DIAG_ERROR, &at,
                      N_("Not a JSON object with a list of rows for each "
                         "sheet."));
    } else if (cols) {
        add_sheets(wb, root, cols, d);
    }
    json_decref(root);
    if (st >= 0 && wb->pool.failed) {
        st = STATUS_E_NOMEM;
    }
    return st >= 0 && wb->cut ? STATUS_E_LIMIT : st;
}
