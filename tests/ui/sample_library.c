#include "sample_library.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "form/form.h"
#include "store/library.h"
#include "wire/bundle.h"
#include "xlsform/xlsform.h"

#define PATH_BYTES 4096
#define MEDIA_MAX 256

struct sample {
    struct bundle bundle;
    struct bundle_media media[MEDIA_MAX];
    struct buf data[MEDIA_MAX];
    char name[MEDIA_MAX][256];
    struct buf xml[SAMPLE_LIBRARY_FORMS_MAX];
    struct form *form[SAMPLE_LIBRARY_FORMS_MAX];
    struct bundle_survey survey[SAMPLE_LIBRARY_FORMS_MAX];
    struct bundle_form forms[SAMPLE_LIBRARY_FORMS_MAX];
    struct bundle_person person[SAMPLE_LIBRARY_FORMS_MAX];
    struct bundle_slips slips[SAMPLE_LIBRARY_FORMS_MAX];
    struct seal_hash slip[SAMPLE_LIBRARY_FORMS_MAX];
};

static enum status
read_xform(const char *file, struct diag *d, struct buf *out)
{
    const char *dot = strrchr(file, '.');
    if (dot && strcmp(dot, ".xml") == 0) {
        return file_read(file, out);
    }
    struct buf in;
    enum xlsform_format format = XLSFORM_CSV;
    buf_init(&in, FORM_XML_MAX_BYTES);
    enum status st = xlsform_format_of(file, &format);
    if (st >= 0) {
        st = file_read(file, &in);
    }
    if (st >= 0) {
        struct xlsform_options options = {.file = file};
        st = xlsform_compile(in.data, in.len, format, &options, d, out);
    }
    buf_deinit(&in);
    return st;
}

static void
media_path(const char *form, const char *name, struct buf *out)
{
    const char *slash = strrchr(form, '/');
    buf_init(out, PATH_BYTES);
    if (slash) {
        buf_put(out, form, (size_t)(slash - form) + 1);
    }
    buf_printf(out, "media/%s", name);
}

/* "media" beside the form's file. */
static enum status
media_file(void *self, const char *name, struct buf *out)
{
    struct buf path;
    if (strchr(name, '/')) {
        return STATUS_E_NOT_FOUND;
    }
    media_path(self, name, &path);
    enum status st = buf_status(&path);
    if (st >= 0) {
        st = file_read(path.data, out);
    }
    buf_deinit(&path);
    return st;
}

/* Every file in "media" beside the form. */
static enum status
add_media(struct sample *s, const char *form_id, const char *file)
{
    struct buf path;
    media_path(file, "", &path);
    DIR *dir = buf_status(&path) == STATUS_OK ? opendir(path.data) : NULL;
    buf_deinit(&path);
    enum status st = STATUS_OK;
    /* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (struct dirent *e = dir ? readdir(dir) : NULL; e && st >= 0;
         e = readdir(dir)) { /* NOLINT(concurrency-mt-unsafe) */
        size_t i = s->bundle.media_count;
        if (e->d_name[0] == '.' || i == MEDIA_MAX) {
            continue;
        }
        buf_init(&s->data[i], BUNDLE_MAX_BYTES);
        (void)snprintf(s->name[i], sizeof(s->name[i]), "%s", e->d_name);
        st = media_file((void *)(uintptr_t)file, e->d_name, &s->data[i]);
        s->media[i] = (struct bundle_media){.form_id = form_id,
                                            .name = s->name[i],
                                            .data = s->data[i].data,
                                            .len = s->data[i].len};
        s->bundle.media_count++;
    }
    if (dir) {
        (void)closedir(dir);
    }
    return st;
}

static enum record_kind
kind_of(const struct form *f)
{
    const char *kind = form_extension(f, "kind");
    if (!kind || strcmp(kind, "anonymous") == 0) {
        return RECORD_ANONYMOUS;
    }
    if (strcmp(kind, "slip") == 0) {
        return RECORD_SLIP;
    }
    return strcmp(kind, "ballot") == 0 ? RECORD_BALLOT : RECORD_NAMED;
}

static uint32_t
number_of(const struct form *f, const char *name, uint32_t otherwise)
{
    const char *text = form_extension(f, name);
    return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

static enum status
add_form(struct sample *s, size_t i, const char *file)
{
    struct diag d;
    struct form_env env = {media_file, (void *)(uintptr_t)file};
    diag_init(&d, I18N_EN);
    buf_init(&s->xml[i], FORM_XML_MAX_BYTES);
    enum status st = read_xform(file, &d, &s->xml[i]);
    if (st >= 0) {
        st = form_load(s->xml[i].data, s->xml[i].len, &env, &d, &s->form[i]);
    }
    if (d.count > 0) {
        struct buf text;
        buf_init(&text, FORM_XML_MAX_BYTES);
        diag_print(&d, &text);
        (void)fprintf(stderr, "%s", text.data);
        buf_deinit(&text);
    }
    diag_deinit(&d);
    if (st < 0) {
        return st;
    }
    const struct form *f = s->form[i];
    const char *id = form_id(f);
    s->survey[i] =
        (struct bundle_survey){.form_id = id,
                               .version = form_version(f),
                               .wave = "sample",
                               .kind = kind_of(f),
                               .k = number_of(f, "k", 5),
                               .minutes = number_of(f, "minutes", 0)};
    s->forms[i] = (struct bundle_form){.form_id = id,
                                       .version = form_version(f),
                                       .xform = s->xml[i].data,
                                       .xform_len = s->xml[i].len};
    s->person[i] = (struct bundle_person){
        .form_id = id, .name = "Мария С.", .role = "mentee"};
    library_person_hash(id, SAMPLE_LIBRARY_PERSON, &s->person[i].code);
    if (s->survey[i].kind == RECORD_SLIP) {
        struct bundle_slips *slips = &s->slips[s->bundle.slips_count];
        *slips = (struct bundle_slips){
            .form_id = id, .wave = "sample", .hash = &s->slip[i], .count = 1};
        seal_hash(SAMPLE_LIBRARY_SLIP, strlen(SAMPLE_LIBRARY_SLIP), slips->key,
                  sizeof(slips->key), &s->slip[i]);
        s->bundle.slips_count++;
    }
    return add_media(s, id, file);
}

static enum status
write_library(const char *dir, const char *const *files, size_t count,
              uint64_t serial, struct seal_pair *out_keys)
{
    struct sample *s = calloc(1, sizeof(*s));
    struct seal_pair keys = {0};
    struct seal_sign_pair sign;
    struct bundle_setting setting = {"kiosk.name",
                                     "Детский сад № 00 · учительская"};
    struct buf message;
    char path[PATH_BYTES];
    if (!s || count > SAMPLE_LIBRARY_FORMS_MAX) {
        free(s);
        return STATUS_E_NOMEM;
    }
    buf_init(&message, BUNDLE_MAX_BYTES);
    enum status st = seal_init();
    for (size_t i = 0; st >= 0 && i < count; i++) {
        st = add_form(s, i, files[i]);
    }
    if (st >= 0) {
        seal_pair_new(&keys);
        seal_sign_pair_new(&sign);
        struct bundle *b = &s->bundle;
        b->serial = serial;
        b->epoch = 1;
        b->seal = keys.public_key;
        b->survey = s->survey;
        b->survey_count = count;
        b->form = s->forms;
        b->form_count = count;
        b->person = s->person;
        b->person_count = count;
        b->slips = s->slips;
        b->media = s->media;
        b->setting = &setting;
        b->setting_count = 1;
        st = bundle_encode(b, &sign, &message);
    }
    if (st >= 0) {
        (void)snprintf(path, sizeof(path), "%s/library.db", dir);
        st = library_install(path, message.data, message.len, &sign.public_key);
    }
    if (st >= 0 && out_keys) {
        *out_keys = keys;
    }
    for (size_t i = 0; i < count; i++) {
        form_free(s->form[i]);
        buf_deinit(&s->xml[i]);
    }
    for (size_t i = 0; i < s->bundle.media_count; i++) {
        buf_deinit(&s->data[i]);
    }
    buf_deinit(&message);
    free(s);
    return st;
}

enum status
sample_library_write(const char *dir, const char *const *files, size_t count,
                     struct seal_pair *out_keys)
{
    return write_library(dir, files, count, 1, out_keys);
}

enum status
sample_library_renew(const char *dir, const char *const *files, size_t count,
                     uint64_t serial)
{
    return write_library(dir, files, count, serial, NULL);
}
