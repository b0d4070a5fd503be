/*
 * count: the votes of a meeting, by every rule that their kind allows.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "collector/command.h"
#include "collector/matching/ballots_json.h"
#include "collector/matching/preferences_json.h"

static const char usage[] =
    N_("Usage: anketa-collector count IN.json [--seed N] [--lang ru|en]\n"
       "Ties are reported as ties; with --seed they are broken by lottery.");

struct arguments {
    const char *input;
    enum i18n_lang lang;
    bool seeded;
    uint64_t seed;
};

static bool
parse_seed(const char *text, struct arguments *a)
{
    char *end = NULL;
    if (*text < '0' || *text > '9') {
        return false;
    }
    errno = 0;
    a->seed = strtoull(text, &end, 10);
    a->seeded = true;
    return errno == 0 && *end == '\0' && a->seed <= INT64_MAX;
}

static bool
parse_arguments(int argc, char **argv, struct arguments *a)
{
    for (int i = 1; i < argc; i++) {
        const bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--lang") == 0 && has_value) {
            a->lang = i18n_lang_from_tag(argv[++i]);
        } else if (strcmp(argv[i], "--seed") == 0 && has_value) {
            if (!parse_seed(argv[++i], a)) {
                return false;
            }
        } else if (argv[i][0] != '-' && !a->input) {
            a->input = argv[i];
        } else {
            return false;
        }
    }
    return a->input != NULL;
}

static enum status
read_ballots(const char *path, struct diag *d, struct ballots_json *out)
{
    struct buf b;
    json_t *root = NULL;
    buf_init(&b, PREFERENCES_JSON_MAX_BYTES);
    enum status st = file_read(path, &b);
    if (st < 0) {
        st = diag_add(d, DIAG_ERROR, &(struct diag_where){.file = path},
                      N_("the file cannot be read; is the name right?"));
    } else {
        st = preferences_json_parse(b.data, b.len, path, d, &root);
    }
    if (st >= 0) {
        st = ballots_json_read(root, d, out);
    }
    json_decref(root);
    buf_deinit(&b);
    return st;
}

int
command_count(int argc, char **argv)
{
    struct arguments a = {.lang = command_lang()};
    struct ballots_json ballots = {0};
    struct diag d;
    struct buf faults;
    json_t *result = NULL;
    int code = COMMAND_OK;
    if (!parse_arguments(argc, argv, &a)) {
        return command_usage(usage);
    }
    diag_init(&d, a.lang);
    buf_init(&faults, (size_t)DIAG_MAX * 2 * DIAG_TEXT_MAX_BYTES);
    enum status st = read_ballots(a.input, &d, &ballots);
    if (st >= 0) {
        st = ballots_json_count(&ballots, a.seeded ? &a.seed : NULL, &result);
    }
    diag_print(&d, &faults);
    (void)fputs(faults.data, stderr);
    if (st < 0) {
        code = d.errors > 0 ? COMMAND_FAILED
                            : command_fail(N_("there is not enough memory"));
    } else if (json_dumpf(result, stdout,
                          JSON_INDENT(1) | JSON_REAL_PRECISION(15))
                   != 0
               || fputc('\n', stdout) == EOF || fflush(stdout) != 0) {
        code = command_fail(N_("the result could not be written"));
    }
    json_decref(result);
    ballots_json_deinit(&ballots);
    buf_deinit(&faults);
    diag_deinit(&d);
    return code;
}
