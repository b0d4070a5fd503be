/*
 * form: questionnaires on the command line - compile a spreadsheet, check it,
 * answer it, write it back as a workbook.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "collector/command.h"
#include "form/filling.h"
#include "form/form.h"
#include "form/scenario.h"
#include "xlsform/workbook.h"
#include "xlsform/xlsform.h"
#include "xlsform/xlsx_writer.h"

#define FORM_PATH_MAX_BYTES 4096
#define FORM_OUT_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct arguments {
    const char *in;
    const char *second; /* STEPS.tsv of "answer" */
    const char *out;    /* NULL: standard output */
    const char *name;
    bool state;  /* print what a respondent sees, not the submission */
    bool advise; /* also look for what can never happen */
};

/* Findings, a line each, to standard error. */
static void
print_findings(const struct diag *d)
{
    struct buf text;
    buf_init(&text, FORM_OUT_MAX_BYTES);
    diag_print(d, &text);
    (void)fwrite(text.data, 1, text.len, stderr);
    buf_deinit(&text);
}

static int
write_result(const char *path, const struct buf *text)
{
    if (path) {
        return file_replace(path, text->data, text->len, 0644) < 0
                   ? command_fail(N_("cannot write %s"), path)
                   : COMMAND_OK;
    }
    size_t put = fwrite(text->data, 1, text->len, stdout);
    return put == text->len && fflush(stdout) == 0
               ? COMMAND_OK
               : command_fail(N_("cannot write %s"), "-");
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int
not_a_spreadsheet(const char *path)
{
    return command_fail(N_("%s is not a spreadsheet this program reads: it "
                           "must be .xlsx, .csv, .md or .json"),
                        path);
}

/* The file as an XForm: compiled from a spreadsheet, or read if it is one. */
static int
load_xform(const struct arguments *a, struct diag *d, struct buf *out)
{
    enum xlsform_format format = XLSFORM_XLSX;
    const char *dot = strrchr(a->in, '.');
    if (dot && strcmp(dot, ".xml") == 0) {
        return file_read(a->in, out) < 0
                   ? command_fail(N_("cannot read %s"), a->in)
                   : COMMAND_OK;
    }
    if (xlsform_format_of(a->in, &format) < 0) {
        return not_a_spreadsheet(a->in);
    }
    struct buf in;
    buf_init(&in, WORKBOOK_FILE_MAX_BYTES);
    int result = COMMAND_FAILED;
    if (file_read(a->in, &in) < 0) {
        result = command_fail(N_("cannot read %s"), a->in);
    } else {
        struct xlsform_options options = {
            .file = base_name(a->in), .name = a->name, .advise = a->advise};
        enum status st =
            xlsform_compile(in.data, in.len, format, &options, d, out);
        result = st < 0 ? COMMAND_FAILED : COMMAND_OK;
    }
    buf_deinit(&in);
    return result;
}

static int
run_compile(struct arguments *a)
{
    struct diag d;
    struct buf out;
    diag_init(&d, command_lang());
    buf_init(&out, FORM_OUT_MAX_BYTES);
    int result = load_xform(a, &d, &out);
    print_findings(&d);
    if (result == COMMAND_OK) {
        result = write_result(a->out, &out);
    }
    buf_deinit(&out);
    diag_deinit(&d);
    return result;
}

/* ---- check ---- */

static enum status
read_beside(void *self, const char *name, struct buf *out)
{
    const struct arguments *a = self;
    if (strchr(name, '/')) {
        return STATUS_E_NOT_FOUND;
    }
    struct buf path;
    buf_init(&path, FORM_PATH_MAX_BYTES);
    const char *slash = strrchr(a->in, '/');
    buf_put(&path, a->in, slash ? (size_t)(slash - a->in) + 1 : 0);
    buf_puts(&path, name);
    enum status st = buf_status(&path);
    if (st >= 0) {
        st = file_exists(path.data) ? file_read(path.data, out)
                                    : STATUS_E_NOT_FOUND;
    }
    buf_deinit(&path);
    return st;
}

/* What the engine found in the XForm, in the words of the spreadsheet. */
static void
place_findings(const struct arguments *a, struct diag *d, size_t first)
{
    enum xlsform_format format = XLSFORM_XLSX;
    struct buf in;
    buf_init(&in, WORKBOOK_FILE_MAX_BYTES);
    if (d->count > first && xlsform_format_of(a->in, &format) >= 0
        && file_read(a->in, &in) >= 0) {
        struct xlsform_options options = {.file = base_name(a->in),
                                          .name = a->name};
        xlsform_place(in.data, in.len, format, &options, d, first);
    }
    buf_deinit(&in);
}

/* Compile or read the form, and load it into the engine. */
static int
load_form(struct arguments *a, struct diag *d, struct form **out)
{
    struct buf xml;
    struct form_env env = {.read_file = read_beside, .self = a};
    buf_init(&xml, FORM_OUT_MAX_BYTES);
    int result = load_xform(a, d, &xml);
    size_t compiled = d->count;
    if (result == COMMAND_OK
        && form_load(xml.data, xml.len, &env, d, out) < 0) {
        result = COMMAND_FAILED;
    }
    place_findings(a, d, compiled);
    buf_deinit(&xml);
    return result;
}

static size_t
count_questions(const struct form *f)
{
    size_t questions = 0;
    struct form_field field;
    for (size_t i = 0; i < form_field_count(f); i++) {
        form_field_get(f, i, &field);
        questions += field.control != FORM_CONTROL_NONE
                     && field.control != FORM_CONTROL_NOTE;
    }
    return questions;
}

static void
print_count(const char *fmt, ...) PRINTF_LIKE(1, 2);

static void
print_count(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vprintf(fmt, args);
    va_end(args);
}

static int
run_check(struct arguments *a)
{
    struct diag d;
    struct form *form = NULL;
    diag_init(&d, command_lang());
    a->advise = true;
    int result = load_form(a, &d, &form);
    print_findings(&d);
    if (result == COMMAND_OK) {
        size_t n = count_questions(form);
        print_count(i18n_plural(command_lang(),
                                "The form is sound: %zu question.\n",
                                "The form is sound: %zu questions.\n", n),
                    n);
    } else {
        size_t n = d.errors;
        print_count(i18n_plural(command_lang(), "%zu fault to mend.\n",
                                "%zu faults to mend.\n", n),
                    n);
    }
    form_free(form);
    diag_deinit(&d);
    return result;
}

/* ---- answer ---- */

static int
answer(struct arguments *a, const struct form *form, struct diag *d,
       struct buf *out)
{
    struct buf steps;
    struct filling *f = NULL;
    buf_init(&steps, FORM_OUT_MAX_BYTES);
    int result = COMMAND_FAILED;
    if (file_read(a->second, &steps) < 0) {
        result = command_fail(N_("cannot read %s"), a->second);
    } else if (filling_new(form, NULL, &f) >= 0
               && scenario_apply(f, steps.data, steps.len, d) >= 0) {
        enum status st =
            a->state ? scenario_state(f, out) : filling_submission(f, out);
        result = st < 0 ? COMMAND_FAILED : COMMAND_OK;
    }
    filling_free(f);
    buf_deinit(&steps);
    return result;
}

static int
run_answer(struct arguments *a)
{
    struct diag d;
    struct buf out;
    struct form *form = NULL;
    diag_init(&d, command_lang());
    buf_init(&out, FORM_OUT_MAX_BYTES);
    int result = load_form(a, &d, &form);
    if (result == COMMAND_OK) {
        result = answer(a, form, &d, &out);
    }
    print_findings(&d);
    if (result == COMMAND_OK) {
        result = write_result(a->out, &out);
    }
    form_free(form);
    buf_deinit(&out);
    diag_deinit(&d);
    return result;
}

/* ---- xlsx ---- */

static int
save_xlsx(const struct arguments *a, struct diag *d)
{
    enum xlsform_format format = XLSFORM_XLSX;
    if (!a->out) {
        return command_fail(N_("say where to write the workbook: -o %s"),
                            "OUT.xlsx");
    }
    if (xlsform_format_of(a->in, &format) < 0) {
        return not_a_spreadsheet(a->in);
    }
    struct buf in;
    struct workbook wb;
    buf_init(&in, WORKBOOK_FILE_MAX_BYTES);
    workbook_init(&wb, base_name(a->in));
    int result = COMMAND_OK;
    if (file_read(a->in, &in) < 0) {
        result = command_fail(N_("cannot read %s"), a->in);
    } else if (xlsform_read(in.data, in.len, format, d, &wb) < 0) {
        result = COMMAND_FAILED;
    } else if (xlsx_writer_save(&wb, command_lang(), a->out, d) < 0) {
        result = command_fail(N_("cannot write %s"), a->out);
    }
    workbook_deinit(&wb);
    buf_deinit(&in);
    return result;
}

static int
run_xlsx(struct arguments *a)
{
    struct diag d;
    diag_init(&d, command_lang());
    int result = save_xlsx(a, &d);
    print_findings(&d);
    diag_deinit(&d);
    return result;
}

/* ---- dispatch ---- */

struct subcommand {
    const char *name;
    int (*run)(struct arguments *a);
    bool needs_second;
};

static const struct subcommand subcommands[] = {
    {"compile", run_compile, false},
    {"check", run_check, false},
    {"answer", run_answer, true},
    {"xlsx", run_xlsx, false},
};

static bool
parse_arguments(int argc, char **argv, struct arguments *a)
{
    for (int i = 2; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--state") == 0) {
            a->state = true;
        } else if (strcmp(argv[i], "--name") == 0 && has_value) {
            a->name = argv[++i];
        } else if (strcmp(argv[i], "-o") == 0 && has_value) {
            a->out = argv[++i];
        } else if (!a->in && (argv[i][0] != '-' || !argv[i][1])) {
            a->in = argv[i];
        } else if (!a->second && argv[i][0] != '-') {
            a->second = argv[i];
        } else {
            return false;
        }
    }
    return a->in != NULL;
}

int
command_form(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "add") == 0) {
        return command_form_add(argc - 1, argv + 1);
    }
    struct arguments a = {0};
    bool parsed = parse_arguments(argc, argv, &a);
    for (size_t i = 0;
         parsed && i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        const struct subcommand *s = &subcommands[i];
        if (argc > 1 && strcmp(s->name, argv[1]) == 0
            && (a.second != NULL) == s->needs_second) {
            return s->run(&a);
        }
    }
    return command_usage(N_(
        "Usage: anketa-collector form compile IN [--name ROOT] [-o OUT.xml]\n"
        "       anketa-collector form check IN\n"
        "       anketa-collector form answer FORM STEPS.tsv [--state] "
        "[-o OUT]\n"
        "       anketa-collector form xlsx IN -o OUT.xlsx\n"
        "       anketa-collector form add FOLDER FILE [OPTION…]"));
}
