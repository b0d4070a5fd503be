#include "xlsform/xlsx_writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"

#define CELL_MAX_CHARACTERS 32767 /* a limit of the format */
#define WIDTH_MIN 10
#define WIDTH_MAX 60
#define PATH_MAX_BYTES 4096
#define VALIDATED_ROWS 2000

struct formats {
    lxw_format *header;
    lxw_format *text;
    lxw_format *group;
    lxw_format *title;
};

struct writer {
    const struct workbook *wb;
    struct diag *d;
    lxw_workbook *book;
    struct formats format;
    enum status st;
};

static void
check(struct writer *w, lxw_error error)
{
    if (error != LXW_NO_ERROR && w->st >= 0) {
        log_error("xlsx", "%s", lxw_strerror(error));
        w->st = error == LXW_ERROR_MEMORY_MALLOC_FAILED ? STATUS_E_NOMEM
                                                        : STATUS_E_IO;
    }
}

static void
make_formats(struct writer *w)
{
    lxw_format **all[] = {&w->format.header, &w->format.text, &w->format.group,
                          &w->format.title};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        *all[i] = workbook_add_format(w->book);
        if (!*all[i]) {
            w->st = STATUS_E_NOMEM;
            return;
        }
        format_set_text_wrap(*all[i]);
        format_set_align(*all[i], LXW_ALIGN_VERTICAL_TOP);
        format_set_num_format(*all[i], "@");
    }
    format_set_bold(w->format.header);
    format_set_bg_color(w->format.header, 0xDCE6F1);
    format_set_bottom(w->format.header, LXW_BORDER_THIN);
    format_set_bold(w->format.group);
    format_set_bg_color(w->format.group, 0xF2F2F2);
    format_set_bold(w->format.title);
    format_set_font_size(w->format.title, 14);
}

static bool
is_group_row(const struct workbook_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        const char *text = row->cell[i];
        if (text
            && (strncmp(text, "begin", 5) == 0 || strncmp(text, "end_", 4) == 0
                || strncmp(text, "end ", 4) == 0)) {
            return true;
        }
    }
    return false;
}

static void
write_row(struct writer *w, lxw_worksheet *sheet,
          const struct workbook_sheet *from, const struct workbook_row *row,
          lxw_format *format)
{
    for (size_t i = 0; i < row->count; i++) {
        const char *text = row->cell[i];
        if (!text) {
            continue;
        }
        if (utf8_count(text, strlen(text)) > CELL_MAX_CHARACTERS) {
            struct diag_where at = {.file = w->wb->file,
                                    .sheet = from->name,
                                    .row = row->file_row,
                                    .column = w->wb->column_base + (int)i};
            w->st = diag_add(w->d, DIAG_ERROR, &at,
                             N_("The text is too long for a cell of .xlsx: at "
                                "most %d characters fit."),
                             CELL_MAX_CHARACTERS);
            return;
        }
        check(w, worksheet_write_string(sheet, (lxw_row_t)(row->number - 1),
                                        (lxw_col_t)i, text, format));
    }
}

static void
widen(const struct workbook_row *row, size_t *width, size_t count)
{
    for (size_t i = 0; i < row->count && i < count; i++) {
        size_t len =
            row->cell[i] ? utf8_count(row->cell[i], strlen(row->cell[i])) : 0;
        width[i] = len > width[i] ? len : width[i];
    }
}

static void
set_widths(struct writer *w, lxw_worksheet *sheet,
           const struct workbook_sheet *from)
{
    size_t width[WORKBOOK_COLUMNS_MAX] = {0};
    size_t count = from->header->count;
    widen(from->header, width, count);
    for (const struct workbook_row *row = from->first; row; row = row->next) {
        widen(row, width, count);
    }
    for (size_t i = 0; i < count; i++) {
        size_t chars = width[i] + 2;
        chars = chars < WIDTH_MIN ? WIDTH_MIN : chars;
        chars = chars > WIDTH_MAX ? WIDTH_MAX : chars;
        check(w, worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i,
                                      (double)chars, NULL));
    }
}

/* Offers values without insisting: a type may name a list. */
static void
offer(struct writer *w, lxw_worksheet *sheet, size_t column,
      const char *const *values)
{
    const char *list[16] = {NULL};
    for (size_t i = 0; values[i] && i < 15; i++) {
        list[i] = values[i];
    }
    lxw_data_validation rule = {
        .validate = LXW_VALIDATION_TYPE_LIST,
        .error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION,
        .show_error = LXW_VALIDATION_OFF,
        .value_list = (void *)list, /* const only in later versions */
    };
    check(w, worksheet_data_validation_range(sheet, 1, (lxw_col_t)column,
                                             VALIDATED_ROWS, (lxw_col_t)column,
                                             &rule));
}

static void
add_offers(struct writer *w, lxw_worksheet *sheet,
           const struct workbook_sheet *from)
{
    static const char *const types[] = {
        "text",       "integer",         "decimal",     "date",
        "select_one", "select_multiple", "range",       "rank",
        "note",       "calculate",       "acknowledge", "begin_group",
        "end_group",  "begin_repeat",    "end_repeat",  NULL};
    static const char *const yes[] = {"yes", "no", NULL};
    if (strcasecmp(from->name, "survey") != 0) {
        return;
    }
    for (size_t i = 0; i < from->header->count; i++) {
        const char *name = from->header->cell[i];
        if (name && strcmp(name, "type") == 0) {
            offer(w, sheet, i, types);
        } else if (name && strcmp(name, "required") == 0) {
            offer(w, sheet, i, yes);
        }
    }
}

static void
write_sheet(struct writer *w, const struct workbook_sheet *from)
{
    lxw_worksheet *sheet = workbook_add_worksheet(w->book, from->name);
    if (!sheet) {
        struct diag_where at = {.file = w->wb->file, .sheet = from->name};
        w->st = diag_add(w->d, DIAG_ERROR, &at,
                         N_("The sheet's name does not fit into an .xlsx file: "
                            "at most 31 characters and none of []:*?/\\."));
        return;
    }
    if (!from->header) {
        return;
    }
    write_row(w, sheet, from, from->header, w->format.header);
    bool survey = strcasecmp(from->name, "survey") == 0;
    for (const struct workbook_row *row = from->first; row && w->st >= 0;
         row = row->next) {
        write_row(w, sheet, from, row,
                  survey && is_group_row(row) ? w->format.group
                                              : w->format.text);
    }
    set_widths(w, sheet, from);
    add_offers(w, sheet, from);
    worksheet_freeze_panes(sheet, 1, survey ? 2 : 0);
}

/* ---- help ---- */

struct help {
    const char *term; /* as it is written in the form; NULL for a heading */
    const char *text;
};

static const struct help help[] = {
    {NULL, N_("Question types (column “type” of the sheet “survey”)")},
    {"text", N_("A line of text; with the appearance multiline, several.")},
    {"integer, decimal", N_("A whole number; a number with a fraction.")},
    {"date, time, dateTime", N_("A date, a time, or both.")},
    {"select_one LIST", N_("One answer from a list of the sheet “choices”.")},
    {"select_multiple LIST", N_("Any number of answers from a list.")},
    {"rank LIST", N_("The answers of a list put in order.")},
    {"range", N_("A number on a scale: parameters “start=1 end=10 step=1”.")},
    {"note", N_("A text to read, without an answer.")},
    {"acknowledge", N_("A text with a tick to confirm it.")},
    {"calculate", N_("A hidden value computed from others: column "
                     "“calculation”.")},
    {"begin_group … end_group", N_("Questions that belong together.")},
    {"begin_repeat … end_repeat", N_("Questions asked several times over.")},
    {NULL, N_("Columns of the sheet “survey”")},
    {"name", N_("A short name in Latin letters, without blanks; formulas refer "
                "to it as ${name}.")},
    {"label, label::Русский (ru)", N_("The question as people see it, in the "
                                      "language after the colons.")},
    {"hint", N_("A shorter text below the question.")},
    {"required", N_("“yes” if the question must be answered.")},
    {"relevant", N_("When the question is asked, such as ${age} > 6.")},
    {"constraint", N_("Which answers are right, such as . <= 10; the column "
                      "“constraint_message” says why not.")},
    {"appearance", N_("How it looks: likert, minimal, columns, multiline, "
                      "field-list.")},
    {"choice_filter", N_("Which choices are offered, such as group = "
                         "${group}.")},
    {"anketa_indicator", N_("The indicator of the summary that the question "
                            "feeds.")},
    {"anketa_scale", N_("The same name for all questions that form a scale:"
                        " the summary shows their mean and how well they go"
                        " together.")},
    {NULL, N_("Columns of the sheet “choices”")},
    {"list_name, name, label", N_("The list, the value that is stored, and the "
                                  "answer as people see it.")},
    {NULL, N_("Columns of the sheet “settings”")},
    {"form_title, form_id, version", N_("Title, permanent name and version of "
                                        "the form.")},
    {"default_language", N_("The language shown first, such as Русский "
                            "(ru).")},
    {"anketa_kind, anketa_k, anketa_wave, anketa_slip",
     N_("Settings of this product: kind of questionnaire, smallest group that "
        "is shown, wave, slip codes.")},
};

static void
write_help(struct writer *w, enum i18n_lang lang)
{
    lxw_worksheet *sheet =
        workbook_add_worksheet(w->book, i18n_text(lang, N_("_help")));
    if (!sheet) {
        w->st = STATUS_E_INVALID;
        return;
    }
    lxw_row_t row = 0;
    for (size_t i = 0; i < sizeof(help) / sizeof(help[0]); i++) {
        const char *text = i18n_text(lang, help[i].text);
        row += !help[i].term && row > 0;
        if (help[i].term) {
            check(w, worksheet_write_string(sheet, row, 0, help[i].term,
                                            w->format.header));
            check(w,
                  worksheet_write_string(sheet, row, 1, text, w->format.text));
        } else {
            check(w, worksheet_write_string(sheet, row, 0, text, NULL));
            check(w, worksheet_set_row(sheet, row, 20, w->format.title));
        }
        row++;
    }
    check(w, worksheet_set_column(sheet, 0, 0, 36, NULL));
    check(w, worksheet_set_column(sheet, 1, 1, 80, NULL));
}

static bool
is_help(const struct writer *w, const struct workbook_sheet *s)
{
    (void)w;
    for (int lang = 0; lang < I18N_LANG_COUNT; lang++) {
        if (strcmp(s->name, i18n_text((enum i18n_lang)lang, N_("_help")))
            == 0) {
            return true;
        }
    }
    return false;
}

enum status
xlsx_writer_save(const struct workbook *wb, enum i18n_lang lang,
                 const char *path, struct diag *d)
{
    char part[PATH_MAX_BYTES];
    int n = snprintf(part, sizeof(part), "%s.part", path);
    if (n < 0 || (size_t)n >= sizeof(part)) {
        return STATUS_E_LIMIT;
    }
    lxw_workbook_options options = {.constant_memory = LXW_FALSE};
    struct writer w = {.wb = wb, .d = d};
    w.book = workbook_new_opt(part, &options);
    if (!w.book) {
        return log_oom("xlsx");
    }
    make_formats(&w);
    for (const struct workbook_sheet *s = wb->first; s && w.st >= 0;
         s = s->next) {
        if (!is_help(&w, s)) {
            write_sheet(&w, s);
        }
    }
    if (w.st >= 0) {
        write_help(&w, lang);
    }
    check(&w, workbook_close(w.book));
    if (w.st >= 0 && rename(part, path) != 0) {
        w.st = log_errno("xlsx", path);
    }
    if (w.st < 0) {
        (void)remove(part);
    }
    return w.st;
}
