/*
 * match: pairs out of the preferences of a meeting, or a check of given pairs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "collector/command.h"
#include "collector/matching/checker.h"
#include "collector/matching/preferences_json.h"
#include "collector/matching/proposal.h"
#include "collector/matching/proposal_json.h"

/* The bound is checked with a table of all mentees by all mentors. */
#define PROOF_MAX_CELLS ((uint64_t)50 * 1000 * 1000)

static const char usage[] =
    N_("Usage: anketa-collector match IN.json [--objective max-score|"
       "max-size|mentee-optimal|mentor-optimal|flow]\n"
       "           [--time SECONDS] [--seed N] [--complete] [--no-solver] "
       "[--lang ru|en]\n"
       "       anketa-collector match --check IN.json RESULT.json");

struct arguments {
    const char *input;
    const char *result; /* with --check */
    bool check;
    bool complete;
    enum i18n_lang lang;
    struct proposal_options options;
};

static bool
parse_number(const char *text, unsigned long long max, unsigned long long *out)
{
    char *end = NULL;
    if (*text < '0' || *text > '9') {
        return false;
    }
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *out <= max;
}

static bool
parse_seconds(const char *text, double *out)
{
    char *end = NULL;
    errno = 0;
    *out = strtod(text, &end);
    return errno == 0 && end != text && *end == '\0' && *out >= 0
           && *out <= PROPOSAL_MAX_SECONDS;
}

/* Options with a value; false if the value is missing or makes no sense. */
static bool
parse_option(struct arguments *a, const char *name, const char *value)
{
    unsigned long long seed = 0;
    if (!value) {
        return false;
    }
    if (strcmp(name, "--objective") == 0) {
        return proposal_objective_from_name(value, &a->options.objective) >= 0;
    }
    if (strcmp(name, "--time") == 0) {
        return parse_seconds(value, &a->options.seconds);
    }
    if (strcmp(name, "--lang") == 0) {
        a->lang = i18n_lang_from_tag(value);
        return true;
    }
    if (strcmp(name, "--seed") == 0 && parse_number(value, INT64_MAX, &seed)) {
        a->options.seed = seed;
        return true;
    }
    return false;
}

static bool
parse_arguments(int argc, char **argv, struct arguments *a)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--check") == 0) {
            a->check = true;
        } else if (strcmp(argv[i], "--complete") == 0) {
            a->complete = true;
        } else if (strcmp(argv[i], "--no-solver") == 0) {
            a->options.use_solver = false;
        } else if (strncmp(argv[i], "--", 2) == 0) {
            const char *value = i + 1 < argc ? argv[i + 1] : NULL;
            if (!parse_option(a, argv[i], value)) {
                return false;
            }
            i++;
        } else if (!a->input) {
            a->input = argv[i];
        } else if (!a->result) {
            a->result = argv[i];
        } else {
            return false;
        }
    }
    return a->input && a->check == (a->result != NULL);
}

static enum status
read_json(const char *path, struct diag *d, json_t **out)
{
    struct buf b;
    buf_init(&b, PREFERENCES_JSON_MAX_BYTES);
    enum status st = file_read(path, &b);
    if (st >= 0) {
        st = preferences_json_parse(b.data, b.len, path, d, out);
    } else {
        st = diag_add(d, DIAG_ERROR, &(struct diag_where){.file = path},
                      N_("the file cannot be read; is the name right?"));
    }
    buf_deinit(&b);
    return st;
}

static int
print_json(const json_t *value)
{
    if (json_dumpf(value, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) != 0
        || fputc('\n', stdout) == EOF || fflush(stdout) != 0) {
        return command_fail(N_("the result could not be written"));
    }
    return COMMAND_OK;
}

static int
propose(const struct preferences *p, const struct arguments *a)
{
    struct proposal x = {0};
    json_t *result = NULL;
    int code = COMMAND_OK;
    enum status st = proposal_make(p, &a->options, &x);
    if (st >= 0) {
        st = proposal_json_write(p, &x, &a->options, a->lang, &result);
    }
    code = st < 0 ? command_fail(N_("there is not enough memory for so many "
                                    "people"))
                  : print_json(result);
    json_decref(result);
    proposal_deinit(&x);
    return code;
}

static enum status
prove(const struct preferences *p, const json_t *root, struct diag *d)
{
    struct preferences_json_proof proof = {0};
    if ((uint64_t)p->mentees * p->mentors > PROOF_MAX_CELLS) {
        return STATUS_NONE;
    }
    enum status st = preferences_json_read_proof(root, p, d, &proof);
    if (st == STATUS_OK) {
        st = checker_prove(p, &proof.proof);
    }
    preferences_json_proof_free(&proof);
    return st;
}

static int
check(const struct preferences *p, const struct arguments *a, struct diag *d)
{
    struct checker c = {0};
    uint32_t *mentor_of = NULL;
    json_t *root = NULL;
    json_t *result = NULL;
    int code = COMMAND_FAILED;
    enum status st = read_json(a->result, d, &root);
    if (st < 0) {
        goto out;
    }
    st = preferences_json_read_matching(root, p, d, &mentor_of);
    if (st < 0) {
        goto out;
    }
    st = checker_run(p, mentor_of, &c);
    if (st < 0) {
        goto out;
    }
    st = proposal_json_check(p, &c, prove(p, root, d), &result);
    if (st >= 0) {
        code = print_json(result);
    }
out:
    json_decref(result);
    json_decref(root);
    free(mentor_of);
    checker_deinit(&c);
    return code;
}

static void
print_faults(const struct diag *d)
{
    struct buf b;
    buf_init(&b, (size_t)DIAG_MAX * 2 * DIAG_TEXT_MAX_BYTES);
    diag_print(d, &b);
    (void)fputs(b.data, stderr);
    buf_deinit(&b);
}

static unsigned
processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1                      ? 1
           : n > PROPOSAL_MAX_THREADS ? PROPOSAL_MAX_THREADS
                                      : (unsigned)n;
}

int
command_match(int argc, char **argv)
{
    struct arguments a = {
        .lang = command_lang(),
        .options =
            {
                .objective = PROPOSAL_MAX_SCORE,
                .seed = 1,
                .seconds = PROPOSAL_DEFAULT_SECONDS,
                .threads = processors(),
                .use_solver = true,
            },
    };
    struct preferences p = {0};
    struct diag d;
    json_t *root = NULL;
    int code = COMMAND_FAILED;
    if (!parse_arguments(argc, argv, &a)) {
        return command_usage(usage);
    }
    diag_init(&d, a.lang);
    enum status st = read_json(a.input, &d, &root);
    if (st >= 0) {
        st = preferences_json_read(root, &d, &p);
    }
    if (st >= 0 && a.complete) {
        st = preferences_complete(&p);
    }
    json_decref(root);
    if (st >= 0) {
        code = a.check ? check(&p, &a, &d) : propose(&p, &a);
    } else if (d.errors == 0) {
        code = command_fail(N_("there is not enough memory for so many "
                               "people"));
    }
    print_faults(&d);
    preferences_deinit(&p);
    diag_deinit(&d);
    return code;
}
