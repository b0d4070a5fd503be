/*
 * form_answer FORM [STEPS]: fills a form by the steps and prints, each after a
 * form feed: the submission; the submission as it is after everything was
 * computed once more; the submission of a second filling that has read the
 * first; what the respondent sees. Files the form asks for are read from its
 * folder. The driver of conformance.py.
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

static enum status
apply_steps(struct filling *f, const char *path, struct diag *d)
{
    struct buf steps;
    buf_init(&steps, FILE_MAX_BYTES);
    enum status st = file_read(path, &steps);
    if (st == STATUS_OK) {
        st = scenario_apply(f, steps.data, steps.len, d);
    }
    buf_deinit(&steps);
    return st;
}

static enum status
read_back(const struct form *form, const struct buf *sent, struct diag *d,
          struct buf *out)
{
    struct filling *copy = NULL;
    enum status st = filling_new(form, NULL, &copy);
    if (st == STATUS_OK) {
        st = filling_read(copy, sent->data, sent->len, d);
    }
    if (st == STATUS_OK) {
        buf_putc(out, '\f');
        st = filling_submission(copy, out);
    }
    filling_free(copy);
    return st;
}

static enum status
print_all(struct filling *f, struct diag *d, struct buf *out)
{
    struct buf sent;
    buf_init(&sent, FILE_MAX_BYTES);
    enum status st = filling_submission(f, &sent);
    buf_put(out, sent.data, sent.len);
    if (st == STATUS_OK) {
        tree_changed_all(f);
        st = tree_run(f);
    }
    if (st == STATUS_OK) {
        buf_putc(out, '\f');
        st = filling_submission(f, out);
    }
    if (st == STATUS_OK) {
        st = read_back(filling_form(f), &sent, d, out);
    }
    if (st == STATUS_OK) {
        buf_putc(out, '\f');
        st = scenario_state(f, out);
    }
    buf_deinit(&sent);
    return st;
}

int
main(int argc, char **argv)
{
    struct buf xml;
    struct buf out;
    struct diag d;
    struct form *form = NULL;
    struct filling *f = NULL;
    if (argc < 2) {
        (void)fprintf(stderr, "usage: form_answer FORM [STEPS]\n");
        return 2;
    }
    struct form_env env = {read_beside, argv[1]};
    buf_init(&xml, FORM_XML_MAX_BYTES);
    buf_init(&out, FILE_MAX_BYTES);
    diag_init(&d, I18N_EN);
    enum status st = file_read(argv[1], &xml);
    if (st == STATUS_OK) {
        st = form_load(xml.data, xml.len, &env, &d, &form);
    }
    if (st == STATUS_OK) {
        st = filling_new(form, NULL, &f);
    }
    if (st == STATUS_OK && argc > 2) {
        st = apply_steps(f, argv[2], &d);
    }
    if (st == STATUS_OK) {
        st = print_all(f, &d, &out);
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
