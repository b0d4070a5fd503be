/*
 * Fills every scenario of the conformance data from its spreadsheet and
 * leaves, in OUT, FORM-SCRIPT.xml (submission) and FORM-SCRIPT.tsv (state).
 * scenarios.py compares.
 *
 * usage: xlsform_scenarios SCENARIOS OUT
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "form/filling.h"
#include "form/form.h"
#include "form/scenario.h"
#include "xlsform/xlsform.h"

#define PATH_BYTES 4096
#define TEXT_MAX_BYTES ((size_t)1 << 26)

struct folder {
    const char *path;
    const char *name;
};

static enum status
read_part(const struct folder *f, const char *name, struct buf *out)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s/%s", f->path, f->name, name);
    return file_read(path, out);
}

static enum status
read_media(void *self, const char *name, struct buf *out)
{
    return read_part(self, name, out);
}

static void
save(const char *out_dir, const struct folder *f, char script,
     const char *extension, const struct buf *text)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s-%c.%s", out_dir, f->name, script,
                   extension);
    FILE *file = fopen(path, "wb");
    if (file) {
        (void)fwrite(text->data, 1, text->len, file);
        (void)fclose(file);
    }
}

static enum status
load(struct folder *f, const char *source, struct diag *d, struct form **out)
{
    char name[PATH_BYTES];
    struct buf in;
    struct buf xml;
    enum xlsform_format format = XLSFORM_CSV;
    struct form_env env = {.read_file = read_media, .self = f};
    buf_init(&in, TEXT_MAX_BYTES);
    buf_init(&xml, TEXT_MAX_BYTES);
    (void)snprintf(name, sizeof(name), "form.%s", source);
    enum status st = xlsform_format_of(name, &format);
    st = st < 0 ? st : read_part(f, name, &in);
    st = st < 0 ? st : xlsform_compile(in.data, in.len, format, NULL, d, &xml);
    st = st < 0 ? st : form_load(xml.data, xml.len, &env, d, out);
    buf_deinit(&xml);
    buf_deinit(&in);
    return st;
}

static enum status
run_script(const struct folder *f, const struct form *form, char script,
           const char *out_dir, struct diag *d)
{
    char name[] = "steps?.tsv";
    struct buf steps;
    struct buf out;
    struct filling *filling = NULL;
    name[5] = script;
    buf_init(&steps, TEXT_MAX_BYTES);
    buf_init(&out, TEXT_MAX_BYTES);
    enum status st = read_part(f, name, &steps);
    st = st < 0 ? st : filling_new(form, NULL, &filling);
    st = st < 0 ? st : scenario_apply(filling, steps.data, steps.len, d);
    st = st < 0 ? st : filling_submission(filling, &out);
    if (st >= 0) {
        save(out_dir, f, script, "xml", &out);
        buf_clear(&out);
        st = scenario_state(filling, &out);
    }
    if (st >= 0) {
        save(out_dir, f, script, "tsv", &out);
    }
    filling_free(filling);
    buf_deinit(&out);
    buf_deinit(&steps);
    return st;
}

static int
run_folder(struct folder *f, const char *source, const char *scripts,
           const char *out_dir)
{
    struct diag d;
    struct form *form = NULL;
    struct buf text;
    diag_init(&d, I18N_EN);
    buf_init(&text, TEXT_MAX_BYTES);
    enum status st = load(f, source, &d, &form);
    for (const char *c = scripts; st >= 0 && *c; c++) {
        if (*c >= '1' && *c <= '9') {
            st = run_script(f, form, *c, out_dir, &d);
        }
    }
    if (st < 0) {
        diag_print(&d, &text);
        (void)printf("%s: %s\n%s", f->name, status_name(st), text.data);
    }
    form_free(form);
    buf_deinit(&text);
    diag_deinit(&d);
    return st < 0;
}

int
main(int argc, char **argv)
{
    char line[PATH_BYTES];
    char path[PATH_BYTES];
    if (argc != 3) {
        (void)fputs("usage: xlsform_scenarios SCENARIOS OUT\n", stderr);
        return 2;
    }
    (void)snprintf(path, sizeof(path), "%s/index.tsv", argv[1]);
    FILE *index = fopen(path, "r");
    if (!index) {
        perror(path);
        return 2;
    }
    int failed = 0;
    while (fgets(line, sizeof(line), index)) {
        char *at = NULL;
        const char *cell[5] = {NULL};
        cell[0] = strtok_r(line, "\t\n", &at);
        for (size_t i = 1; i < 5; i++) {
            cell[i] = strtok_r(NULL, "\t\n", &at);
        }
        struct folder f = {.path = argv[1], .name = cell[0]};
        if (cell[4] && strcmp(cell[0], "form") != 0) {
            failed |= run_folder(&f, cell[1], cell[4], argv[2]);
        }
    }
    (void)fclose(index);
    return failed;
}
