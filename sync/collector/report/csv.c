#include "collector/report/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BOM "\xEF\xBB\xBF"
#define NUMBER_MAX_BYTES 40
#define WHOLE_MAX 1e15 /* whole numbers below are written digit by digit */

struct writer {
    const struct dataset *dataset;
    const struct csv_options *options;
    const struct dataset_sink *sink;
    char separator;
    enum status status; /* sticky */
    size_t len;
    char *buffer; /* owned; CSV_BUFFER_BYTES */
};

static void
flush(struct writer *w)
{
    if (w->status == STATUS_OK && w->len > 0) {
        w->status = w->sink->write(w->sink->self, w->buffer, w->len);
    }
    w->len = 0;
}

static void
put(struct writer *w, const char *data, size_t len)
{
    if (len <= CSV_BUFFER_BYTES - w->len) {
        memcpy(w->buffer + w->len, data, len);
        w->len += len;
        return;
    }
    while (len > 0) {
        if (w->len == CSV_BUFFER_BYTES) {
            flush(w);
        }
        size_t room = CSV_BUFFER_BYTES - w->len;
        size_t part = len < room ? len : room;
        memcpy(w->buffer + w->len, data, part);
        w->len += part;
        data += part;
        len -= part;
    }
}

static void
putc_csv(struct writer *w, char c)
{
    if (w->len == CSV_BUFFER_BYTES) {
        flush(w);
    }
    w->buffer[w->len++] = c;
}

static bool
runs_as_formula(const char *text)
{
    text += strspn(text, " ");
    return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

static void
put_text(struct writer *w, const char *text)
{
    const char special[] = {'"', '\r', '\n', w->separator, '\0'};
    size_t len = strlen(text);
    bool formula = runs_as_formula(text);
    bool spaces = len > 0 && (text[0] == ' ' || text[len - 1] == ' ');
    if (!formula && !spaces && strcspn(text, special) == len) {
        put(w, text, len);
        return;
    }
    putc_csv(w, '"');
    if (formula) {
        putc_csv(w, '\'');
    }
    for (size_t plain = strcspn(text, "\""); plain < len;
         plain = strcspn(text, "\"")) {
        put(w, text, plain + 1);
        putc_csv(w, '"');
        text += plain + 1;
        len -= plain + 1;
    }
    put(w, text, len);
    putc_csv(w, '"');
}

static void
put_whole(struct writer *w, double value)
{
    char digits[NUMBER_MAX_BYTES];
    size_t at = sizeof(digits);
    uint64_t rest = (uint64_t)fabs(value);
    do {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    if (value < 0.0) {
        digits[--at] = '-';
    }
    put(w, digits + at, sizeof(digits) - at);
}

static void
put_number(struct writer *w, double value)
{
    if (!isfinite(value)) {
        return;
    }
    if (value >= 0.0 && value < 10.0 && value <= (int)value) {
        putc_csv(w, (char)('0' + (int)value)); /* most answers */
        return;
    }
    if (fabs(value) < WHOLE_MAX && fabs(value - trunc(value)) <= 0.0) {
        put_whole(w, value);
        return;
    }
    /* The shortest text that reads back as the same number. */
    char text[NUMBER_MAX_BYTES];
    int len = snprintf(text, sizeof(text), "%.15g", value);
    if (strtod(text, NULL) < value || strtod(text, NULL) > value) {
        len = snprintf(text, sizeof(text), "%.17g", value);
    }
    for (int i = 0; i < len; i++) {
        if (w->options->excel && text[i] == '.') {
            text[i] = ',';
        }
        putc_csv(w, text[i]);
    }
}

static void
put_cell(struct writer *w, const struct dataset_column *c,
         const struct dataset_cell *cell)
{
    if (cell->missing) {
        return;
    }
    if (c->type == DATASET_TEXT) {
        put_text(w, cell->text);
        return;
    }
    const struct dataset_value *v =
        c->type == DATASET_CHOICE ? dataset_value_of(c, cell->number) : NULL;
    if (!v) {
        put_number(w, cell->number);
    } else if (w->options->labels) {
        put_text(w, dataset_label(v->label, v->name, w->options->lang));
    } else {
        put_text(w, v->name);
    }
}

static void
put_header(struct writer *w, const struct dataset *d)
{
    if (w->options->excel) {
        put(w, BOM, strlen(BOM));
    }
    for (size_t i = 0; i < d->columns; i++) {
        const struct dataset_column *c = &d->column[i];
        if (i > 0) {
            putc_csv(w, w->separator);
        }
        put_text(w, w->options->labels
                        ? dataset_label(c->label, c->name, w->options->lang)
                        : c->name);
    }
    put(w, "\r\n", 2);
}

static enum status
put_row(void *self, const struct dataset_cell *cell)
{
    struct writer *w = self;
    for (size_t i = 0; i < w->dataset->columns; i++) {
        if (i > 0) {
            putc_csv(w, w->separator);
        }
        put_cell(w, &w->dataset->column[i], &cell[i]);
    }
    put(w, "\r\n", 2);
    return w->status;
}

enum status
csv_write(const struct dataset *d, const struct csv_options *options,
          const struct dataset_sink *sink)
{
    if (d->columns == 0 || d->columns > DATASET_COLUMNS_MAX) {
        return STATUS_E_LIMIT;
    }
    struct writer w = {
        .dataset = d,
        .options = options,
        .sink = sink,
        .separator = options->excel ? ';' : ',',
        .buffer = malloc(CSV_BUFFER_BYTES),
    };
    if (!w.buffer) {
        return log_oom("csv");
    }
    put_header(&w, d);
    enum status st = dataset_each(d, put_row, &w);
    flush(&w);
    free(w.buffer);
    return st < 0 ? st : w.status;
}
