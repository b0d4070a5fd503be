#include "collector/report/xlsx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/log.h"
#include "base/utf8.h"
#include "collector/report/method.h"

#define CHART_WIDTH 560.0 /* pixels */
#define ROW_HEIGHT 20.0   /* pixels, of a default row */
#define CHART_ROWS 13
#define PAPER_A4 9          /* number of the format in Excel */
#define CHART_COLUMN 5      /* charts stand to the right of the tables */
#define PARAGRAPH_SIZE 10.0 /* points */
#define PARAGRAPH_LINE 14.0
#define SHEET_COLUMNS 9
#define SHEET_CHARACTERS 110.0
#define METHOD_CHARACTERS 70.0
#define CELL_MAX_BYTES 4096
#define DESCRIPTION_MAX_BYTES 250
#define METHOD_MAX_BYTES 16384

struct book {
    lxw_workbook *workbook; /* owned until closed */
    lxw_worksheet *sheet;
    const char *sheet_name;
    lxw_format *title;
    lxw_format *heading;
    lxw_format *quiet;
    lxw_format *wrap;
    lxw_format *head;
    lxw_format *percent;
    lxw_format *decimal;
    lxw_error error; /* the first one */
    lxw_row_t row;
};

static void
note_error(struct book *b, lxw_error error)
{
    if (b->error == LXW_NO_ERROR) {
        b->error = error;
    }
}

static lxw_format *
format(struct book *b, double size, bool bold, unsigned rgb)
{
    lxw_format *f = workbook_add_format(b->workbook);
    if (!f) {
        note_error(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    format_set_font_name(f, "Arial");
    format_set_font_size(f, size);
    format_set_font_color(f, rgb);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    if (bold) {
        format_set_bold(f);
    }
    return f;
}

static enum status
finished(struct book *b, const char *path, enum status st)
{
    lxw_error error = b->workbook ? workbook_close(b->workbook)
                                  : LXW_ERROR_MEMORY_MALLOC_FAILED;
    note_error(b, error);
    if (b->error != LXW_NO_ERROR && (st == STATUS_OK || st == STATUS_E_IO)) {
        log_error("xlsx", "%s: %s", path, lxw_strerror(b->error));
        st = b->error == LXW_ERROR_MEMORY_MALLOC_FAILED ? STATUS_E_NOMEM
                                                        : STATUS_E_IO;
    }
    if (st < 0 && unlink(path) != 0) {
        log_warn("xlsx", "%s: left behind", path);
    }
    return st;
}

/* At most `max` bytes of `text`, never part of a letter, and a NUL. */
static void
copy_cut(const char *text, char *out, size_t max)
{
    size_t len = strlen(text);
    if (len > max) {
        len = max;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

/* A string cell, cut at Excel's limit rather than refused. */
static void
put(struct book *b, lxw_row_t row, lxw_col_t column, const char *text,
    lxw_format *f)
{
    if (!text) {
        return;
    }
    char cut[CELL_MAX_BYTES + 1];
    copy_cut(text, cut, CELL_MAX_BYTES);
    note_error(b, worksheet_write_string(b->sheet, row, column, cut, f));
}

static void
put_number(struct book *b, lxw_row_t row, lxw_col_t column, double value,
           lxw_format *f)
{
    if (isfinite(value)) {
        note_error(b, worksheet_write_number(b->sheet, row, column, value, f));
    }
}

/* A paragraph over `columns` cells that together are `width` characters wide,
 * in a row high enough for it: viewers do not measure merged cells. */
static void
paragraph(struct book *b, const char *text, lxw_col_t columns, double width)
{
    if (!text) {
        return;
    }
    double points = width * PARAGRAPH_SIZE * 0.56;
    double lines =
        ceil(chart_text_width(text, strlen(text), PARAGRAPH_SIZE) / points);
    note_error(b, worksheet_set_row(b->sheet, b->row,
                                    fmax(lines, 1.0) * PARAGRAPH_LINE, NULL));
    if (columns > 1) {
        note_error(b, worksheet_merge_range(b->sheet, b->row, 0, b->row,
                                            (lxw_col_t)(columns - 1), "",
                                            b->wrap));
    }
    put(b, b->row, 0, text, b->wrap);
    b->row++;
}

static bool
begin_sheet(struct book *b, const char *name, double first_width)
{
    b->sheet = workbook_add_worksheet(b->workbook, name);
    b->sheet_name = name;
    b->row = 0;
    if (!b->sheet) {
        note_error(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return false;
    }
    note_error(b, worksheet_set_column(b->sheet, 0, 0, first_width, NULL));
    note_error(b, worksheet_set_column(b->sheet, 1, 3, 14.0, NULL));
    worksheet_set_paper(b->sheet, PAPER_A4);
    worksheet_fit_to_pages(b->sheet, 1, 0);
    worksheet_gridlines(b->sheet, LXW_HIDE_ALL_GRIDLINES);
    return true;
}

/* A table of the chart's figures at the current row; returns how many rows of
 * figures follow its head. */
static size_t
table(struct book *b, const struct report_item *it)
{
    const struct chart *c = it->chart;
    lxw_row_t row = b->row;
    size_t count = 0;
    put(b, row, 0, it->label_head, b->head);
    put(b, row, 1, it->value_head, b->head);
    row++;
    switch (c->kind) {
    case CHART_KIND_BARS:
        for (; count < c->u.bars.count; count++, row++) {
            put(b, row, 0, c->u.bars.bar[count].label, b->wrap);
            put_number(b, row, 1, c->u.bars.bar[count].value, NULL);
        }
        break;
    case CHART_KIND_COLUMNS:
        for (; count < c->u.columns.count; count++, row++) {
            put(b, row, 0, c->u.columns.column[count].label, b->wrap);
            put_number(b, row, 1, c->u.columns.column[count].value, NULL);
        }
        break;
    case CHART_KIND_DIVERGING:
        for (size_t s = 0; s < c->u.diverging.segments; s++) {
            put(b, b->row, (lxw_col_t)(1 + s), c->u.diverging.segment[s],
                b->head);
        }
        for (; count < c->u.diverging.count; count++, row++) {
            const struct chart_diverging_row *r = &c->u.diverging.row[count];
            put(b, row, 0, r->label, b->wrap);
            for (size_t s = 0; s < c->u.diverging.segments; s++) {
                put_number(b, row, (lxw_col_t)(1 + s), r->share[s], b->percent);
            }
        }
        break;
    case CHART_KIND_DOTS:
        put(b, b->row, 2, "−95 %", b->head);
        put(b, b->row, 3, "+95 %", b->head);
        for (; count < c->u.dots.count; count++, row++) {
            const struct chart_dot *d = &c->u.dots.dot[count];
            put(b, row, 0, d->label, b->wrap);
            put_number(b, row, 1, d->value, b->decimal);
            put_number(b, row, 2, d->interval.low, b->decimal);
            put_number(b, row, 3, d->interval.high, b->decimal);
        }
        break;
    case CHART_KIND_LINE:
        for (; count < c->u.line.count; count++, row++) {
            put(b, row, 0, c->u.line.point[count].label, b->wrap);
            put_number(b, row, 1, c->u.line.point[count].value, NULL);
        }
        break;
    }
    return count;
}

static uint8_t
native_kind(enum chart_kind kind)
{
    switch (kind) {
    case CHART_KIND_BARS:
        return LXW_CHART_BAR;
    case CHART_KIND_COLUMNS:
        return LXW_CHART_COLUMN;
    case CHART_KIND_DIVERGING:
        return LXW_CHART_BAR_STACKED_PERCENT;
    case CHART_KIND_DOTS:
    case CHART_KIND_LINE:
        break;
    }
    return LXW_CHART_LINE;
}

/* Colours of a scale of `count` steps, as on the desk. */
static unsigned
step_colour(size_t i, size_t count)
{
    static const enum chart_role role[] = {
        CHART_DIVERGE_0, CHART_DIVERGE_1, CHART_DIVERGE_2,
        CHART_DIVERGE_3, CHART_DIVERGE_4,
    };
    size_t step = count > 1 ? (i * 4 + (count - 1) / 2) / (count - 1) : 4;
    return chart_colour(role[step < 5 ? step : 4]);
}

static void
series(struct book *b, lxw_chart *chart, const struct chart *c, size_t index,
       size_t rows)
{
    lxw_row_t first = b->row + 1;
    lxw_row_t last = b->row + (lxw_row_t)rows;
    lxw_col_t column = (lxw_col_t)(1 + index);
    lxw_chart_series *s = chart_add_series(chart, NULL, NULL);
    if (!s) {
        note_error(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    chart_series_set_categories(s, b->sheet_name, first, 0, last, 0);
    chart_series_set_values(s, b->sheet_name, first, column, last, column);
    chart_series_set_name_range(s, b->sheet_name, b->row, column);
    unsigned rgb = chart_colour(CHART_BAR);
    if (c->kind == CHART_KIND_DIVERGING) {
        rgb = step_colour(index, c->u.diverging.segments);
    }
    lxw_chart_fill fill = {.color = rgb};
    lxw_chart_line line = {.color = rgb, .width = 2.0F};
    lxw_chart_line none = {.none = LXW_TRUE};
    if (c->kind == CHART_KIND_DOTS || c->kind == CHART_KIND_LINE) {
        lxw_chart_fill dot = {.color = rgb};
        chart_series_set_marker_type(s, index == 0
                                            ? LXW_CHART_MARKER_CIRCLE
                                            : LXW_CHART_MARKER_SHORT_DASH);
        chart_series_set_marker_size(s, index == 0 ? 9 : 7);
        chart_series_set_marker_fill(s, &dot);
        chart_series_set_line(s, c->kind == CHART_KIND_DOTS ? &none : &line);
    } else {
        chart_series_set_fill(s, &fill);
    }
    if (c->kind != CHART_KIND_DOTS || index == 0) {
        chart_series_set_labels(s);
    }
}

static size_t
series_count(const struct chart *c)
{
    switch (c->kind) {
    case CHART_KIND_DIVERGING:
        return c->u.diverging.segments;
    case CHART_KIND_DOTS:
        return 3;
    case CHART_KIND_BARS:
    case CHART_KIND_COLUMNS:
    case CHART_KIND_LINE:
        break;
    }
    return 1;
}

static void
native_chart(struct book *b, const struct chart *c, size_t rows)
{
    lxw_chart *chart = workbook_add_chart(b->workbook, native_kind(c->kind));
    if (!chart) {
        note_error(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (size_t i = 0; i < series_count(c); i++) {
        series(b, chart, c, i, rows);
    }
    chart_title_off(chart);
    /* In a bar chart the library calls the vertical axis y as well, though it
     * carries the categories. */
    bool lying = c->kind == CHART_KIND_BARS || c->kind == CHART_KIND_DIVERGING;
    lxw_chart_axis *values = lying ? chart->x_axis : chart->y_axis;
    lxw_chart_line faint = {.color = 0xDDDDDD, .width = 0.75F};
    chart_axis_major_gridlines_set_line(values, &faint);
    if (c->kind == CHART_KIND_DIVERGING) {
        chart_legend_set_position(chart, LXW_CHART_LEGEND_TOP);
    } else {
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    }
    if (lying) {
        chart_axis_set_reverse(chart->y_axis); /* first option on top */
        chart_set_series_gap(chart, 40);
    }
    if (c->kind == CHART_KIND_COLUMNS) {
        chart_set_series_gap(chart, 15);
    }
    if (c->kind == CHART_KIND_DOTS) {
        chart_set_high_low_lines(chart, NULL);
        chart_axis_set_min(values, c->u.dots.low);
        chart_axis_set_max(values, c->u.dots.high);
    } else {
        chart_axis_set_min(values, 0.0);
    }
    /* Beside the table; a wide table has its chart below. */
    bool below = series_count(c) > CHART_COLUMN - 2;
    lxw_row_t at = below ? b->row + (lxw_row_t)rows + 2 : b->row;
    char description[DESCRIPTION_MAX_BYTES + 1];
    copy_cut(c->title, description, DESCRIPTION_MAX_BYTES);
    lxw_chart_options options = {
        .x_scale = CHART_WIDTH / 480.0,
        .y_scale = (CHART_ROWS - 1) * ROW_HEIGHT / 288.0,
        .description = description,
    };
    note_error(b, worksheet_insert_chart_opt(
                      b->sheet, at, below ? 0 : CHART_COLUMN, chart, &options));
    b->row = at;
}

static void
item(struct book *b, const struct report_item *it)
{
    if (it->part) {
        put(b, b->row, 0, it->part, b->title);
        b->row += 2;
    }
    put(b, b->row++, 0, it->heading, b->heading);
    if (it->base) {
        put(b, b->row++, 0, it->base, b->quiet);
    }
    if (it->text) {
        paragraph(b, it->text, SHEET_COLUMNS, SHEET_CHARACTERS);
    }
    b->row++;
    if (it->chart) {
        size_t rows = table(b, it);
        lxw_row_t end = b->row + (lxw_row_t)rows + 1;
        if (rows > 0) {
            native_chart(b, it->chart, rows);
        }
        b->row += CHART_ROWS;
        b->row = b->row > end ? b->row : end;
    }
    for (size_t i = 0; i < it->quotes.count; i++) {
        paragraph(b, it->quotes.text[i], SHEET_COLUMNS, SHEET_CHARACTERS);
    }
    b->row += 2;
}

static void
summary_sheet(struct book *b, const struct report *r)
{
    if (!begin_sheet(b, i18n_text(r->lang, "Summary"), 44.0)) {
        return;
    }
    put(b, b->row++, 0, r->organisation, b->quiet);
    put(b, b->row++, 0, r->title, b->title);
    put(b, b->row++, 0, r->subtitle, b->quiet);
    put(b, b->row++, 0, r->date, b->quiet);
    b->row++;
    paragraph(b, r->lead, SHEET_COLUMNS, SHEET_CHARACTERS);
    b->row++;
    for (size_t i = 0; i < r->figures; i++) {
        put(b, b->row, 0, r->figure[i].caption, b->wrap);
        put(b, b->row++, 1, r->figure[i].value, b->heading);
    }
    b->row += 2;
    for (size_t i = 0; i < r->items; i++) {
        item(b, &r->item[i]);
    }
}

static void
method_sheet(struct book *b, const struct report *r)
{
    struct buf store;
    buf_init(&store, METHOD_MAX_BYTES);
    struct method_note note[METHOD_NOTES_MAX];
    size_t count = method_notes(r, &store, note);
    if (begin_sheet(b, i18n_text(r->lang, "Method"), METHOD_CHARACTERS)) {
        for (size_t i = 0; i < count; i++) {
            put(b, b->row++, 0, note[i].heading, b->heading);
            paragraph(b, note[i].text, 1, METHOD_CHARACTERS);
            paragraph(b, note[i].formula, 1, METHOD_CHARACTERS);
            b->row++;
        }
    }
    buf_deinit(&store);
}

static void
begin_book(struct book *b, const char *path, bool streaming)
{
    lxw_workbook_options options = {.constant_memory =
                                        streaming ? LXW_TRUE : LXW_FALSE};
    *b = (struct book){.error = LXW_NO_ERROR};
    b->workbook = workbook_new_opt(path, &options);
    if (!b->workbook) {
        return;
    }
    b->title = format(b, 16.0, true, chart_colour(CHART_INK));
    b->heading = format(b, 12.0, true, chart_colour(CHART_INK));
    b->quiet = format(b, 10.0, false, chart_colour(CHART_QUIET));
    b->wrap = format(b, 10.0, false, chart_colour(CHART_INK));
    b->head = format(b, 10.0, true, chart_colour(CHART_INK));
    b->percent = format(b, 10.0, false, chart_colour(CHART_INK));
    b->decimal = format(b, 10.0, false, chart_colour(CHART_INK));
    if (b->error == LXW_NO_ERROR) {
        format_set_num_format(b->decimal, "0.0");
        format_set_text_wrap(b->wrap);
        format_set_text_wrap(b->head);
        format_set_bottom(b->head, LXW_BORDER_THIN);
        format_set_num_format(b->percent, "0%");
    }
}

enum status
xlsx_report(const struct report *r, const char *path)
{
    struct book b;
    begin_book(&b, path, false);
    if (b.workbook && b.error == LXW_NO_ERROR) {
        summary_sheet(&b, r);
        method_sheet(&b, r);
    }
    return finished(&b, path, STATUS_OK);
}

static void
put_cell(struct book *b, const struct dataset_column *c, lxw_col_t column,
         const struct dataset_cell *cell, enum i18n_lang lang)
{
    if (cell->missing) {
        return;
    }
    if (c->type == DATASET_TEXT) {
        put(b, b->row, column, cell->text, NULL);
        return;
    }
    const struct dataset_value *v =
        c->type == DATASET_CHOICE ? dataset_value_of(c, cell->number) : NULL;
    if (v) {
        put(b, b->row, column, dataset_label(v->label, v->name, lang), NULL);
    } else {
        put_number(b, b->row, column, cell->number, NULL);
    }
}

struct data_sheet {
    struct book *book;
    const struct dataset *dataset;
    enum i18n_lang lang;
};

static enum status
data_row(void *self, const struct dataset_cell *cell)
{
    struct data_sheet *s = self;
    struct book *b = s->book;
    b->row++;
    if (b->row > XLSX_ROWS_MAX) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < s->dataset->columns; i++) {
        put_cell(b, &s->dataset->column[i], (lxw_col_t)i, &cell[i], s->lang);
    }
    return b->error == LXW_NO_ERROR ? STATUS_OK : STATUS_E_IO;
}

enum status
xlsx_dataset(const struct dataset *d, enum i18n_lang lang, const char *path)
{
    if (d->columns == 0 || d->columns > DATASET_COLUMNS_MAX) {
        return STATUS_E_LIMIT;
    }
    struct book b;
    enum status st = STATUS_OK;
    begin_book(&b, path, true);
    if (b.workbook && begin_sheet(&b, i18n_text(lang, "Answers"), 24.0)) {
        for (size_t i = 0; i < d->columns; i++) {
            put(&b, 0, (lxw_col_t)i,
                dataset_label(d->column[i].label, d->column[i].name, lang),
                b.head);
        }
        worksheet_freeze_panes(b.sheet, 1, 0);
        struct data_sheet data = {&b, d, lang};
        st = dataset_each(d, data_row, &data);
    }
    return finished(&b, path, st);
}
