#include "collector/web/package.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/log.h"
#include "collector/report/csv.h"
#include "collector/report/ddi.h"
#include "collector/web/rows.h"
#include "form/form.h"

#define HOUSE_MAX_BYTES 4096
#define NAME_MAX_BYTES 512

struct package {
    zip_t *zip;
    size_t bytes; /* of the files so far */
};

/* Takes what is in `file`. */
static enum status
add_file(struct package *p, const char *name, struct buf *file)
{
    size_t len = 0;
    enum status st = buf_status(file);
    if (st < 0) {
        return st;
    }
    char *data = buf_take(file, &len);
    p->bytes += len;
    if (!data || p->bytes > PACKAGE_MAX_BYTES) {
        free(data);
        return data ? STATUS_E_LIMIT : log_oom("package");
    }
    zip_source_t *source = zip_source_buffer(p->zip, data, len, 1);
    if (!source) {
        free(data);
        return log_oom("package");
    }
    zip_int64_t at = zip_file_add(p->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return STATUS_E_INVALID;
    }
    /* No file of the package tells when it was made. */
    (void)zip_file_set_dostime(p->zip, (zip_uint64_t)at, 0, 0x21, 0);
    return STATUS_OK;
}

static enum status
add_medium(void *self, const char *name, const void *data, size_t len)
{
    struct buf file;
    char path[NAME_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "media/%s", name);
    if (n < 0 || n >= NAME_MAX_BYTES || strchr(name, '/')) {
        return STATUS_OK; /* no tool would look for it */
    }
    buf_init(&file, PACKAGE_MAX_BYTES);
    buf_put(&file, data, len);
    enum status st = add_file(self, path, &file);
    buf_deinit(&file);
    return st;
}

/* --- datapackage.json ----------------------------------------------------- */

static json_t *
column_json(const struct dataset_column *c)
{
    static const char *const types[] = {
        [DATASET_NUMBER] = "number",
        [DATASET_CHOICE] = "string",
        [DATASET_TEXT] = "string",
    };
    json_t *column = json_pack(
        "{s:s, s:s, s:s, s:s}", "name", c->name, "type", types[c->type],
        "title", dataset_label(c->label, c->name, I18N_RU), "title_en",
        dataset_label(c->label, c->name, I18N_EN));
    if (c->type == DATASET_CHOICE && column) {
        json_t *values = json_array();
        for (size_t i = 0; i < c->values; i++) {
            json_array_append_new(values, json_string(c->value[i].name));
        }
        json_object_set_new(column, "constraints",
                            json_pack("{s:o}", "enum", values));
    }
    return column;
}

static enum status
add_description(struct package *p, const struct store_wave *w,
                const struct dataset *d)
{
    struct buf file;
    json_t *fields = json_array();
    for (size_t i = 0; i < d->columns; i++) {
        json_array_append_new(fields, column_json(&d->column[i]));
    }
    json_t *root =
        json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:{s:o}}]}",
                  "profile", "tabular-data-package", "name", d->name, "title",
                  dataset_label(d->title, w->form_title, I18N_RU), "resources",
                  "name", "submissions", "path", "submissions.csv", "profile",
                  "tabular-data-resource", "encoding", "utf-8", "schema",
                  "fields", fields);
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    buf_init(&file, PACKAGE_MAX_BYTES);
    buf_puts(&file, text ? text : "");
    enum status st =
        text ? add_file(p, "datapackage.json", &file) : log_oom("package");
    free(text);
    buf_deinit(&file);
    return st;
}

/* --- the other files ------------------------------------------------------ */

static enum status
add_rows(struct package *p, const struct dataset *d)
{
    const struct csv_options options = {.lang = I18N_EN};
    struct buf file;
    buf_init(&file, PACKAGE_MAX_BYTES);
    const struct dataset_sink sink = {dataset_to_buf, &file};
    enum status st = csv_write(d, &options, &sink);
    if (st == STATUS_OK) {
        st = add_file(p, "submissions.csv", &file);
    }
    buf_deinit(&file);
    return st;
}

static enum status
add_codebook(struct package *p, struct store *reader,
             const struct store_wave *w, const struct dataset *d)
{
    struct buf house;
    struct buf file;
    buf_init(&house, HOUSE_MAX_BYTES);
    buf_init(&file, PACKAGE_MAX_BYTES);
    const struct dataset_sink sink = {dataset_to_buf, &file};
    enum status st = store_text(reader, STORE_HOUSE, &house);
    if (st == STATUS_OK) {
        struct ddi_study study = rows_study(w, house.data);
        st = ddi_write(d, &study, &sink);
    }
    if (st == STATUS_OK) {
        st = add_file(p, "codebook.xml", &file);
    }
    buf_deinit(&house);
    buf_deinit(&file);
    return st;
}

static enum status
add_form(struct package *p, struct store *reader, int64_t form)
{
    struct buf file;
    buf_init(&file, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(reader, form, &file);
    if (st == STATUS_OK) {
        st = add_file(p, "form.xml", &file);
    }
    buf_deinit(&file);
    return st;
}

/* --- the zip -------------------------------------------------------------- */

static enum status
send_zip(zip_source_t *source, const struct dataset_sink *sink)
{
    char part[16384];
    if (zip_source_open(source) != 0) {
        return STATUS_E_IO;
    }
    enum status st = STATUS_OK;
    zip_int64_t got = 1;
    while (st == STATUS_OK && got > 0) {
        got = zip_source_read(source, part, sizeof(part));
        if (got > 0) {
            st = sink->write(sink->self, part, (size_t)got);
        }
    }
    (void)zip_source_close(source);
    return got < 0 ? STATUS_E_IO : st;
}

enum status
package_write(struct store *reader, const struct store_wave *wave,
              const struct dataset *d, const struct dataset_sink *sink)
{
    zip_error_t fault;
    zip_error_init(&fault);
    struct package p = {0};
    enum status st = STATUS_OK;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &fault);
    if (source) {
        p.zip = zip_open_from_source(source, ZIP_TRUNCATE, &fault);
    }
    if (!p.zip) {
        zip_source_free(source);
        st = log_oom("package");
        goto out;
    }
    zip_source_keep(source); /* it is read after the zip is closed */
    st = add_description(&p, wave, d);
    if (st == STATUS_OK) {
        st = add_rows(&p, d);
    }
    if (st == STATUS_OK) {
        st = add_form(&p, reader, wave->form);
    }
    if (st == STATUS_OK) {
        st = store_media_each(reader, wave->form, add_medium, &p);
    }
    if (st == STATUS_OK) {
        st = add_codebook(&p, reader, wave, d);
    }
    if (st == STATUS_OK && zip_close(p.zip) != 0) {
        log_error("package", "%s", zip_strerror(p.zip));
        st = STATUS_E_IO;
    }
    if (st == STATUS_OK) {
        st = send_zip(source, sink);
    } else {
        zip_discard(p.zip);
    }
    zip_source_free(source);

out:
    zip_error_fini(&fault);
    return st;
}
