#include "collector/report/sav.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <readstat.h>

#include "base/log.h"
#include "base/utf8.h"

#define TITLE_MAX_BYTES 64 /* of the format */
#define TEXT_BYTES 255

struct writer {
    const struct dataset *dataset;
    const struct dataset_sink *sink;
    readstat_writer_t *readstat; /* owned by sav_write */
    size_t rows;                 /* written so far */
    enum status status;          /* of the sink; sticky */
};

struct name {
    char text[DATASET_NAME_MAX_BYTES + 1];
};

static ssize_t
sink_write(const void *data, size_t len, void *self)
{
    struct writer *w = self;
    if (w->status == STATUS_OK) {
        w->status = w->sink->write(w->sink->self, data, len);
    }
    return w->status == STATUS_OK ? (ssize_t)len : 0; /* less is failure */
}

/* At most `max` bytes of `text`, never part of a letter. */
static size_t
cut(const char *text, size_t max)
{
    size_t len = strlen(text);
    if (len <= max) {
        return len;
    }
    while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80) {
        max--;
    }
    return max;
}

/* Both languages, or as much of the reader's as fits. */
static void
both_labels(const char *const label[I18N_LANG_COUNT], const char *name,
            enum i18n_lang lang, size_t max, char *out)
{
    const char *first = dataset_label(label, name, lang);
    size_t len = cut(first, max);
    memcpy(out, first, len);
    out[len] = '\0';
    for (size_t i = 0; i < I18N_LANG_COUNT; i++) {
        const char *other = label[i];
        if (other && other[0] != '\0' && strcmp(other, first) != 0
            && len + strlen(" | ") + strlen(other) <= max) {
            len += (size_t)snprintf(out + len, max + 1 - len, " | %s", other);
        }
    }
}

static bool
name_taken(const struct name *name, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(name[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_reserved(const char *text)
{
    static const char *const word[] = {"ALL", "AND", "BY",  "EQ", "GE",
                                       "GT",  "LE",  "LT",  "NE", "NOT",
                                       "OR",  "TO",  "WITH"};
    for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
        if (strcasecmp(word[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* A name SPSS accepts: a letter first, then letters, digits and underscores;
 * different from those before it, whatever the case of the letters. */
static void
make_name(struct name *name, size_t index, const char *wanted)
{
    char *out = name[index].text;
    size_t len = 0;
    if (!isalpha((unsigned char)wanted[0])) {
        out[len++] = 'v';
        out[len++] = '_';
    }
    for (size_t i = 0; wanted[i] != '\0' && len < DATASET_NAME_MAX_BYTES; i++) {
        out[len] = wanted[i];
        if (!isalnum((unsigned char)wanted[i])) {
            out[len] = '_';
        }
        len++;
    }
    out[len] = '\0';
    while (len > 2 && out[len - 1] == '_') {
        out[--len] = '\0';
    }
    if (!name_taken(name, index, out) && !is_reserved(out)) {
        return;
    }
    char suffix[24];
    int n = snprintf(suffix, sizeof(suffix), "_v%zu", index + 1);
    size_t room = DATASET_NAME_MAX_BYTES - (size_t)n;
    memcpy(out + (len < room ? len : room), suffix, (size_t)n + 1);
}

static size_t
text_bytes(const struct dataset_column *c)
{
    size_t wanted = c->text_bytes > 0 ? c->text_bytes : TEXT_BYTES;
    return wanted < DATASET_TEXT_MAX_BYTES ? wanted : DATASET_TEXT_MAX_BYTES;
}

static readstat_label_set_t *
add_values(readstat_writer_t *rs, const struct dataset_column *c,
           const char *name, enum i18n_lang lang)
{
    readstat_label_set_t *set =
        readstat_add_label_set(rs, READSTAT_TYPE_DOUBLE, name);
    for (size_t i = 0; i < c->values; i++) {
        char label[SAV_VALUE_LABEL_MAX_BYTES + 1];
        both_labels(c->value[i].label, c->value[i].name, lang,
                    SAV_VALUE_LABEL_MAX_BYTES, label);
        readstat_label_double_value(set, c->value[i].code, label);
    }
    return set;
}

static void
add_column(readstat_writer_t *rs, const struct dataset_column *c,
           const char *name, enum i18n_lang lang)
{
    bool text = c->type == DATASET_TEXT;
    readstat_variable_t *v = readstat_add_variable(
        rs, name, text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE,
        text ? text_bytes(c) : 0);
    char label[SAV_LABEL_MAX_BYTES + 1];
    both_labels(c->label, c->name, lang, SAV_LABEL_MAX_BYTES - 1, label);
    readstat_variable_set_label(v, label);
    if (c->type == DATASET_CHOICE) {
        readstat_variable_set_label_set(v, add_values(rs, c, name, lang));
    }
    if (!text) {
        char format[16];
        (void)snprintf(format, sizeof(format), "F8.%u",
                       c->decimals < 6U ? c->decimals : 6U);
        readstat_variable_set_format(v, format);
    }
    readstat_measure_t measure = READSTAT_MEASURE_NOMINAL;
    if (c->type == DATASET_NUMBER) {
        measure = READSTAT_MEASURE_SCALE;
    } else if (c->ordered) {
        measure = READSTAT_MEASURE_ORDINAL;
    }
    readstat_variable_set_measure(v, measure);
}

static readstat_error_t
insert(readstat_writer_t *rs, const struct dataset_column *c,
       const readstat_variable_t *v, const struct dataset_cell *cell)
{
    if (c->type != DATASET_TEXT) {
        return cell->missing || !isfinite(cell->number)
                   ? readstat_insert_missing_value(rs, v)
                   : readstat_insert_double_value(rs, v, cell->number);
    }
    char text[DATASET_TEXT_MAX_BYTES + 1] = "";
    if (!cell->missing) {
        size_t len = cut(cell->text, text_bytes(c));
        memcpy(text, cell->text, len);
        text[len] = '\0';
    }
    return readstat_insert_string_value(rs, v, text);
}

static enum status
failed(const struct writer *w, readstat_error_t error)
{
    if (w->status != STATUS_OK) {
        return w->status; /* said by the sink */
    }
    log_error("sav", "%s", readstat_error_message(error));
    return error == READSTAT_ERROR_MALLOC ? STATUS_E_NOMEM : STATUS_E_INVALID;
}

static enum status
write_row(void *self, const struct dataset_cell *cell)
{
    struct writer *w = self;
    const struct dataset *d = w->dataset;
    w->rows++;
    readstat_error_t error = readstat_begin_row(w->readstat);
    for (size_t i = 0; i < d->columns && error == READSTAT_OK; i++) {
        error = insert(w->readstat, &d->column[i],
                       readstat_get_variable(w->readstat, (int)i), &cell[i]);
    }
    if (error == READSTAT_OK) {
        error = readstat_end_row(w->readstat);
    }
    return error == READSTAT_OK ? STATUS_OK : failed(w, error);
}

static enum status
write_rows(struct writer *w)
{
    enum status st = dataset_each(w->dataset, write_row, w);
    if (st == STATUS_OK && w->rows != w->dataset->rows) {
        log_error("sav", "%zu rows were announced, %zu came", w->dataset->rows,
                  w->rows);
        return STATUS_E_INVALID;
    }
    return st;
}

enum status
sav_write(const struct dataset *d, enum i18n_lang lang,
          const struct dataset_sink *sink)
{
    struct writer w = {.dataset = d, .sink = sink};
    struct name *name = NULL;
    enum status st = STATUS_OK;
    readstat_error_t error = READSTAT_OK;
    char title[TITLE_MAX_BYTES + 1] = "";
    if (d->columns == 0 || d->columns > DATASET_COLUMNS_MAX
        || d->rows > INT32_MAX) {
        return STATUS_E_LIMIT;
    }
    readstat_writer_t *rs = readstat_writer_init();
    name = calloc(d->columns, sizeof(*name));
    if (!rs || !name) {
        st = log_oom("sav");
        goto out;
    }
    both_labels(d->title, d->name, lang, TITLE_MAX_BYTES, title);
    (void)readstat_set_data_writer(rs, sink_write);
    (void)readstat_writer_set_file_label(rs, title);
    (void)readstat_writer_set_compression(rs, READSTAT_COMPRESS_ROWS);
    /* No trace of when an answer may have been given. */
    (void)readstat_writer_set_file_timestamp(rs, 0);
    for (size_t i = 0; i < d->columns; i++) {
        make_name(name, i, d->column[i].name);
        add_column(rs, &d->column[i], name[i].text, lang);
    }
    error = readstat_begin_writing_sav(rs, &w, (long)d->rows);
    w.readstat = rs;
    st = error == READSTAT_OK ? write_rows(&w) : failed(&w, error);
    if (st == STATUS_OK) {
        error = readstat_end_writing(rs);
        st = error == READSTAT_OK ? w.status : failed(&w, error);
    }

out:
    free(name);
    if (rs) {
        readstat_writer_free(rs);
    }
    return st;
}
