/*
 * form: questionnaires on the command line - compile a spreadsheet, check it,
 * answer it, write it back as a workbook.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "collector/command.h"
#include "xlsform/workbook.h"
#include "xlsform/xlsform.h"

#define FORM_OUT_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct arguments {
    const char *in;
    const char *second; /* STEPS.tsv of "answer" */
    const char *out;    /* NULL: standard output */
    const char *name;
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
        return command_fail(N_("%s is not a spreadsheet this program reads: it "
                               "must be .xlsx, .csv, .md or .json"),
                            a->in);
    }
    struct buf in;
    buf_init(&in, WORKBOOK_FILE_MAX_BYTES);
    int result = COMMAND_FAILED;
    if (file_read(a->in, &in) < 0) {
        result = command_fail(N_("cannot read %s"), a->in);
    } else {
        struct xlsform_options options = {.file = base_name(a->in),
                                          .name = a->name};
        enum status st =
            xlsform_compile(in.data, in.len, format, &options, d, out);
        result = st < 0 ? COMMAND_FAILED : COMMAND_OK;
    }
    buf_deinit(&in);
    return result;
}

static int
run_compile(const struct arguments *a)
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

struct subcommand {
    const char *name;
    int (*run)(const struct arguments *a);
    bool needs_second;
};

static const struct subcommand subcommands[] = {
    {"compile", run_compile, false},
};

static bool
parse_arguments(int argc, char **argv, struct arguments *a)
{
    for (int i = 2; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--name") == 0 && has_value) {
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
        if (strcmp(s->name, argv[1]) == 0
            && (a.second != NULL) == s->needs_second) {
            return s->run(&a);
        }
    }
    return command_usage(N_(
        "Usage: anketa-collector form compile IN [--name ROOT] [-o OUT.xml]\n"
        "       anketa-collector form add FOLDER FILE [OPTION…]"));
}
