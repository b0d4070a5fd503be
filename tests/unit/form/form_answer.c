/*
 * form_answer FORM [STEPS] [--state|--read|--again]: fills a form by the steps
 * and prints the submission, or what the respondent sees, or the submission as a second
 * filling writes it that has read the first, or as it is after everything was
 * computed once more. Files the form asks for are read
 * from its folder. The driver of conformance.py.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "form/scenario.h"
#include "form/tree.h"

#define FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)

static enum status
read_beside(void *self, const char *name, struct buf *out)
{
    const char *form = self;
    const char *slash = strrchr(form, '/');
    size_t folder = slash ? (size_t)(slash - form) + 1 : 0;
    size_t len = strlen(name);
    char path[4096];
    if (folder + len >= sizeof(path)) {
        return STATUS_E_LIMIT;
    }
    memcpy(path, form, folder);
    memcpy(path + folder, name, len + 1);
    return file_exists(path) ? file_read(path, out) : STATUS_E_NOT_FOUND;
}

enum mode {
    MODE_SUBMISSION,
    MODE_STATE,
    MODE_READ,
    MODE_AGAIN,
};

static enum status
read_back(struct filling *f, struct diag *d, struct buf *out)
{
    struct filling *copy = NULL;
    enum status st = filling_new(filling_form(f), NULL, &copy);
    if (st == STATUS_OK) {
        st = filling_read(copy, out->data, out->len, d);
    }
    if (st == STATUS_OK) {
        buf_clear(out);
        st = filling_submission(copy, out);
    }
    filling_free(copy);
    return st;
}

static enum status
answer(struct filling *f, const char *steps_path, enum mode mode,
       struct diag *d, struct buf *out)
{
    struct buf steps;
    buf_init(&steps, FILE_MAX_BYTES);
    enum status st = STATUS_OK;
    if (steps_path) {
        st = file_read(steps_path, &steps);
        if (st == STATUS_OK) {
            st = scenario_apply(f, steps.data, steps.len, d);
        }
    }
    if (st == STATUS_OK && mode == MODE_AGAIN) {
        tree_changed_all(f);
        st = tree_run(f);
    }
    if (st == STATUS_OK) {
        st = mode == MODE_STATE ? scenario_state(f, out)
                                : filling_submission(f, out);
    }
    if (st == STATUS_OK && mode == MODE_READ) {
        st = read_back(f, d, out);
    }
    buf_deinit(&steps);
    return st;
}

int
main(int argc, char **argv)
{
    const char *path[2] = {NULL, NULL};
    size_t paths = 0;
    enum mode mode = MODE_SUBMISSION;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--state") == 0) {
            mode = MODE_STATE;
        } else if (strcmp(argv[i], "--read") == 0) {
            mode = MODE_READ;
        } else if (strcmp(argv[i], "--again") == 0) {
            mode = MODE_AGAIN;
        } else if (paths < 2) {
            path[paths++] = argv[i];
        }
    }
    if (!path[0]) {
        (void)fprintf(
            stderr,
            "usage: form_answer FORM [STEPS] [--state|--read|--again]\n");
        return 2;
    }
    struct buf xml;
    struct buf out;
    struct diag d;
    struct form *form = NULL;
    struct filling *f = NULL;
    struct form_env env = {read_beside, argv[1]};
    buf_init(&xml, FORM_XML_MAX_BYTES);
    buf_init(&out, FILE_MAX_BYTES);
    diag_init(&d, I18N_EN);
    enum status st = file_read(path[0], &xml);
    if (st == STATUS_OK) {
        st = form_load(xml.data, xml.len, &env, &d, &form);
    }
    if (st == STATUS_OK) {
        st = filling_new(form, NULL, &f);
    }
    if (st == STATUS_OK) {
        st = answer(f, path[1], mode, &d, &out);
    }
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_clear(&out);
    diag_print(&d, &out);
    (void)fputs(out.data, stderr);
    if (st < 0) {
        (void)fprintf(stderr, "form_answer: %s\n", status_name(st));
    }
    filling_free(f);
    form_free(form);
    diag_deinit(&d);
    buf_deinit(&xml);
    buf_deinit(&out);
    return st < 0;
}
