#include "xlsform/xlsform.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "xlsform/body.h"
#include "xlsform/choices.h"
#include "xlsform/csv_book.h"
#include "xlsform/entities.h"
#include "xlsform/json_book.h"
#include "xlsform/lexer.h"
#include "xlsform/loops.h"
#include "xlsform/md_book.h"
#include "xlsform/media.h"
#include "xlsform/model.h"
#include "xlsform/question.h"
#include "xlsform/reach.h"
#include "xlsform/refs.h"
#include "xlsform/rows.h"
#include "xlsform/survey.h"
#include "xlsform/workbook.h"
#include "xlsform/xlsx_book.h"
#include "xlsform/xml_writer.h"

#define DEFAULT_NAME "data"
#define DEFAULT_ID "data"
#define DEFAULT_LANGUAGE "default"

enum status
xlsform_format_of(const char *file, enum xlsform_format *out)
{
    static const struct {
        const char *extension;
        enum xlsform_format format;
    } formats[] = {
        {".xlsx", XLSFORM_XLSX}, {".xlsm", XLSFORM_XLSX}, {".csv", XLSFORM_CSV},
        {".md", XLSFORM_MD},     {".json", XLSFORM_JSON},
    };
    const char *dot = strrchr(file, '.');
    for (size_t i = 0; dot && i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcasecmp(dot, formats[i].extension) == 0) {
            *out = formats[i].format;
            return STATUS_OK;
        }
    }
    return STATUS_E_UNSUPPORTED;
}

enum status
xlsform_read(const void *data, size_t len, enum xlsform_format format,
             struct diag *d, struct workbook *wb)
{
    if (len > WORKBOOK_FILE_MAX_BYTES) {
        struct diag_where at = {.file = wb->file};
        (void)diag_add(d, DIAG_ERROR, &at,
                       N_("The file is too large: at most %d MiB are read."),
                       (int)(WORKBOOK_FILE_MAX_BYTES >> 20));
        return STATUS_E_LIMIT;
    }
    switch (format) {
    case XLSFORM_XLSX:
        return xlsx_book_read(wb, data, len, d);
    case XLSFORM_CSV:
        return csv_book_read(wb, data, len, d);
    case XLSFORM_MD:
        return md_book_read(wb, data, len, d);
    case XLSFORM_JSON:
        return json_book_read(wb, data, len, d);
    }
    return STATUS_E_UNSUPPORTED;
}

/* ---- sheets ---- */

static struct workbook_sheet *
find_sheet(const struct workbook *wb, const char *name)
{
    for (struct workbook_sheet *s = wb->first; s; s = s->next) {
        if (strcasecmp(s->name, name) == 0) {
            return s;
        }
    }
    bool only = wb->only_sheet_is_survey && wb->sheet_count == 1
                && strcmp(name, "survey") == 0;
    return only ? wb->first : NULL;
}

static void
read_table(struct survey *s, enum table_kind kind, bool squeeze)
{
    const struct workbook_sheet *sheet = find_sheet(s->wb, table_name(kind));
    if (sheet && (sheet->first || kind == TABLE_SURVEY)) {
        s->table[kind] =
            table_read(s->wb, sheet, kind, s->language, squeeze, s->d);
    }
}

static enum status
check_survey_sheet(struct survey *s)
{
    const struct workbook_sheet *sheet = find_sheet(s->wb, "survey");
    if (sheet && sheet->header) {
        return STATUS_OK;
    }
    struct diag_where at = {.file = s->wb->file};
    const char *similar = survey_similar_sheets(s, "survey");
    return diag_add(
        s->d, DIAG_ERROR, &at,
        *similar ? N_("You must have a sheet named “survey”. The following "
                      "sheets have similar names: %s.")
                 : N_("You must have a sheet named “survey”.%s"),
        similar);
}

/* ---- settings ---- */

static void
check_name(struct survey *s, const char *name, bool from_sheet)
{
    if (!name || lexer_is_name(name)) {
        return;
    }
    const struct table *t = s->table[TABLE_SETTINGS];
    struct diag_where at = {.file = s->wb->file};
    if (from_sheet && t) {
        at = table_where(t, t->first, "name", NULL);
    }
    (void)diag_add(
        s->d, DIAG_ERROR, &at,
        N_("The name “%s” is invalid. Names must begin with a letter or "
           "underscore. After the first character, names may contain letters, "
           "digits, underscores, hyphens, or periods."),
        name);
}

static const char *
setting_or(const struct survey *s, const char *name, const char *otherwise)
{
    const char *text = survey_setting(s, name);
    return text ? text : otherwise;
}

static void
read_settings(struct survey *s, const struct xlsform_options *options)
{
    const char *name = options && options->name ? options->name : DEFAULT_NAME;
    check_name(s, name, false);
    s->language = DEFAULT_LANGUAGE;
    read_table(s, TABLE_SETTINGS, false);
    const struct table *t = s->table[TABLE_SETTINGS];
    s->settings = t && t->first ? t->first->cells : NULL;
    check_name(s, survey_setting(s, "name"), true);
    s->language = setting_or(s, "default_language", DEFAULT_LANGUAGE);
    s->squeeze = survey_yes_no(setting_or(s, "clean_text_values", "yes")) != 0;
    s->name = setting_or(s, "name", name);
    s->id = DEFAULT_ID;
}

/* ---- compile ---- */

static void
check_type_column(struct survey *s)
{
    const struct table *t = s->table[TABLE_SURVEY];
    if (!t || table_has(t, "type", NULL)) {
        return;
    }
    struct diag_where at = table_where(t, NULL, NULL, NULL);
    (void)diag_add(s->d, DIAG_ERROR, &at,
                   N_("Invalid headers: the required column “%s” was not "
                      "found."),
                   "type");
}

/* A sheet that is missed silently loses all that is written in it. */
static void
advise_sheets(struct survey *s)
{
    static const enum table_kind kinds[] = {TABLE_SETTINGS, TABLE_CHOICES,
                                            TABLE_ENTITIES};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *name = table_name(kinds[i]);
        const char *similar =
            find_sheet(s->wb, name) ? "" : survey_similar_sheets(s, name);
        if (*similar) {
            struct diag_where at = {.file = s->wb->file};
            (void)diag_add(s->d, DIAG_WARNING, &at,
                           N_("There is no sheet “%s”, but one with a similar "
                              "name: %s. If it is meant to be something else, "
                              "prefix its name with an underscore."),
                           name, similar);
        }
    }
}

/* Columns that become attributes: bind::a:b, body::a:b, attribute::a:b. */
static void
check_prefixes(struct survey *s, const struct table *t)
{
    static const char *const branches[] = {"bind", "control", "instance",
                                           "attribute"};
    for (size_t i = 0; t && i < t->column_count; i++) {
        const struct table_column *col = &t->column[i];
        for (size_t k = 0; k < 4 && col->part_count > 1; k++) {
            if (strcmp(col->part[0], branches[k]) != 0
                || survey_prefix_known(s, col->part[1])) {
                continue;
            }
            struct diag_where at = {.file = t->file,
                                    .sheet = t->sheet,
                                    .row = 1,
                                    .column = t->column_base + (int)i,
                                    .column_name = col->name};
            (void)diag_add(s->d, DIAG_ERROR, &at,
                           N_("The part of “%s” before the colon is no known "
                              "prefix. Write the name without a colon, or "
                              "declare the prefix in the setting namespaces."),
                           col->part[1]);
        }
    }
}

static void
build(struct survey *s)
{
    advise_sheets(s);
    read_table(s, TABLE_EXTERNAL_CHOICES, false);
    read_table(s, TABLE_CHOICES, false);
    read_table(s, TABLE_ENTITIES, false);
    read_table(s, TABLE_OSM, false);
    read_table(s, TABLE_SURVEY, s->squeeze);
    if (!s->table[TABLE_SURVEY]) {
        return;
    }
    check_prefixes(s, s->table[TABLE_SURVEY]);
    check_prefixes(s, s->table[TABLE_SETTINGS]);
    choices_read_external(s);
    choices_read(s);
    check_type_column(s);
    if (s->d->errors > 0 && !table_has(s->table[TABLE_SURVEY], "type", NULL)) {
        return;
    }
    rows_read(s);
    entities_apply(s);
    loops_unroll(s);
    s->id = setting_or(s, "id_string", s->id);
    s->title = setting_or(s, "title", s->id);
    survey_index(s);
    question_link_triggers(s);
    media_check_references(s);
    refs_check(s);
    if (s->advise) {
        reach_check(s);
    }
}

static void
write_form(struct survey *s, struct buf *out)
{
    struct xml_writer w;
    xml_writer_init(&w, out);
    xml_writer_open(&w, "h:html");
    model_write_namespaces(s, &w);
    xml_writer_open(&w, "h:head");
    xml_writer_leaf(&w, "h:title", s->title);
    model_write(s, &w);
    xml_writer_close(&w);
    body_write(s, &w);
    xml_writer_close(&w);
}

/* Everything short of writing. */
static enum status
understand(struct survey *s, struct workbook *wb,
           const struct xlsform_options *options, struct diag *d)
{
    *s = (struct survey){.wb = wb, .pool = &wb->pool, .d = d};
    s->advise = options && options->advise;
    enum status st = check_survey_sheet(s);
    if (st < 0) {
        return st;
    }
    read_settings(s, options);
    build(s);
    return wb->pool.failed ? STATUS_E_NOMEM : STATUS_OK;
}

static enum status
compile(struct workbook *wb, const struct xlsform_options *options,
        struct diag *d, struct buf *out)
{
    size_t errors_before = d->errors;
    struct survey s;
    enum status st = understand(&s, wb, options, d);
    if (st < 0) {
        return st;
    }
    size_t start = out->len;
    if (s.root && s.id) {
        write_form(&s, out);
    }
    if (d->errors > errors_before) {
        buf_truncate(out, start);
        return STATUS_E_INVALID;
    }
    return wb->pool.failed ? STATUS_E_NOMEM : buf_status(out);
}

enum status
xlsform_compile(const void *data, size_t len, enum xlsform_format format,
                const struct xlsform_options *options, struct diag *d,
                struct buf *out)
{
    struct diag own;
    diag_init(&own, I18N_EN);
    d = d ? d : &own;
    struct workbook wb;
    workbook_init(&wb, options ? options->file : NULL);
    enum status st = xlsform_read(data, len, format, d, &wb);
    if (st >= 0) {
        st = compile(&wb, options, d, out);
    }
    workbook_deinit(&wb);
    diag_deinit(&own);
    return st;
}

static void
place_entry(const struct survey *s, struct diag_entry *entry)
{
    struct element *e = s->root;
    while (e && strcmp(e->path, entry->path) != 0) {
        e = survey_next(s->root, e);
    }
    if (!e || !e->row) {
        return;
    }
    char *sheet = strdup(table_name(TABLE_SURVEY));
    char *file = strdup(s->wb->file);
    if (sheet && file) {
        free(entry->file);
        free(entry->sheet);
        entry->sheet = sheet;
        entry->file = file;
        entry->row = e->row->file_row;
        entry->column = 0;
        return;
    }
    free(sheet);
    free(file);
}

void
xlsform_place(const void *data, size_t len, enum xlsform_format format,
              const struct xlsform_options *options, struct diag *d,
              size_t first)
{
    struct diag unused;
    struct workbook wb;
    struct survey s;
    diag_init(&unused, I18N_EN);
    workbook_init(&wb, options ? options->file : NULL);
    if (xlsform_read(data, len, format, &unused, &wb) >= 0
        && understand(&s, &wb, options, &unused) >= 0) {
        for (size_t i = first; i < d->count; i++) {
            if (d->entry[i].path && !d->entry[i].sheet) {
                place_entry(&s, &d->entry[i]);
            }
        }
    }
    workbook_deinit(&wb);
    diag_deinit(&unused);
}
