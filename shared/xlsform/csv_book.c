#include "xlsform/csv_book.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

struct reader {
    struct workbook *wb;
    struct diag *d;
    const char *data;
    size_t len;
    size_t at;
    char separator;
    int line; /* row in a spreadsheet program: records, not lines */
    struct workbook_sheet *sheet;
    struct buf field;
    const char *cell[WORKBOOK_COLUMNS_MAX + 1];
    size_t count;
};

static char
find_separator(const char *data, size_t len)
{
    bool quoted = false;
    bool semicolon = false;
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && data[i] == ',') {
            return ',';
        } else if (!quoted && data[i] == ';') {
            semicolon = true;
        } else if (!quoted && data[i] == '\n' && semicolon) {
            break;
        }
    }
    return semicolon ? ';' : ',';
}

/* One field into r->field; leaves r->at on the separator or line end. */
static enum status
read_field(struct reader *r)
{
    buf_clear(&r->field);
    bool quoted = r->at < r->len && r->data[r->at] == '"';
    r->at += quoted;
    while (r->at < r->len) {
        char c = r->data[r->at];
        if (quoted && c == '"') {
            bool twice = r->at + 1 < r->len && r->data[r->at + 1] == '"';
            if (twice) {
                r->at++;
            } else {
                quoted = false;
                r->at++;
                continue;
            }
        } else if (!quoted && (c == r->separator || c == '\n' || c == '\r')) {
            break;
        }
        buf_putc(&r->field, c);
        r->at++;
    }
    if (quoted) {
        struct diag_where at = {.file = r->wb->file, .row = r->line};
        return diag_add(r->d, DIAG_ERROR, &at,
                        N_("A quotation mark opened here is never closed."));
    }
    return buf_status(&r->field);
}

static enum status
read_record(struct reader *r)
{
    r->count = 0;
    for (;;) {
        enum status st = read_field(r);
        if (st < 0) {
            return st;
        }
        if (r->count <= WORKBOOK_COLUMNS_MAX) {
            r->cell[r->count++] =
                workbook_text(r->wb, r->field.data, r->field.len, r->d);
        }
        if (r->at < r->len && r->data[r->at] == r->separator) {
            r->at++;
            continue;
        }
        break;
    }
    if (r->at < r->len && r->data[r->at] == '\r') {
        r->at++;
    }
    if (r->at < r->len && r->data[r->at] == '\n') {
        r->at++;
    }
    return STATUS_OK;
}

static enum status
place_record(struct reader *r)
{
    if (r->cell[0]) {
        r->sheet = workbook_find(r->wb, r->cell[0]);
        if (!r->sheet) {
            r->sheet =
                workbook_add_sheet(r->wb, r->cell[0], strlen(r->cell[0]), r->d);
        }
        if (!r->sheet) {
            return r->wb->pool.failed ? STATUS_E_NOMEM : STATUS_E_LIMIT;
        }
    }
    bool empty = true;
    for (size_t i = 1; i < r->count; i++) {
        empty = empty && !r->cell[i];
    }
    if (empty) {
        return STATUS_OK;
    }
    if (!r->sheet) {
        struct diag_where at = {
            .file = r->wb->file, .row = r->line, .column = 1};
        return diag_add(
            r->d, DIAG_ERROR, &at,
            N_("Cells before the first sheet: write the sheet's name (such as "
               "“survey”) into the first column of a row above."));
    }
    struct workbook_cells cells = {
        .cell = &r->cell[1], .count = r->count - 1, .file_row = r->line};
    workbook_add_row(r->wb, r->sheet, &cells, r->d);
    return STATUS_OK;
}

enum status
csv_book_read(struct workbook *wb, const char *data, size_t len, struct diag *d)
{
    struct reader r = {.wb = wb, .d = d, .data = data, .len = len};
    if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        r.at = 3;
    }
    if (!utf8_valid(data + r.at, len - r.at)) {
        struct diag_where at = {.file = wb->file};
        return diag_add(d, DIAG_ERROR, &at,
                        N_("The file is not UTF-8. Save it again and choose "
                           "“CSV UTF-8” or the encoding “UTF-8”."));
    }
    wb->column_base = 2;
    r.separator = find_separator(data + r.at, len - r.at);
    buf_init(&r.field, WORKBOOK_FILE_MAX_BYTES);
    enum status st = STATUS_OK;
    while (r.at < len && st >= 0 && !wb->cut) {
        r.line++;
        st = read_record(&r);
        if (st >= 0) {
            st = place_record(&r);
        }
    }
    buf_deinit(&r.field);
    if (st >= 0 && wb->pool.failed) {
        st = STATUS_E_NOMEM;
    }
    return st >= 0 && wb->cut ? STATUS_E_LIMIT : st;
}
