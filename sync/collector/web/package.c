#include "collector/web/package.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/report/csv.h"
#include "collector/report/ddi.h"
#include "collector/web/rows.h"
#include "form/form.h"

#define HOUSE_MAX_BYTES 4096
#define NAME_MAX_BYTES 512
#define FAST_LEVEL 3 /* twice as fast as the usual, a tenth larger */

/* The files are written one after the other into the spool, from where the zip
 * library fetches them when it closes the zip: only then does it compress. */
struct package {
    zip_t *zip;
    char spool_path[FILE_TEMPORARY_MAX_BYTES];
    FILE *spool;
    uint64_t bytes; /* in the spool */
    uint64_t start; /* of the file being written */
};

static enum status
to_spool(void *self, const void *data, size_t len)
{
    struct package *p = self;
    p->bytes += len;
    if (p->bytes > PACKAGE_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    return fwrite(data, 1, len, p->spool) == len
               ? STATUS_OK
               : log_errno("package", "spool");
}

/* What came into the spool since the last time is the file `name`. */
static enum status
add_file(struct package *p, const char *name)
{
    uint64_t start = p->start;
    p->start = p->bytes;
    if (fflush(p->spool) != 0) {
        return log_errno("package", "spool");
    }
    zip_source_t *source =
        p->bytes > start ? zip_source_file(p->zip, p->spool_path, start,
                                           (zip_int64_t)(p->bytes - start))
                         : zip_source_buffer(p->zip, "", 0, 0);
    if (!source) {
        return log_oom("package");
    }
    zip_int64_t at = zip_file_add(p->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return STATUS_E_INVALID;
    }
    /* No file of the package tells when it was made. */
    (void)zip_file_set_dostime(p->zip, (zip_uint64_t)at, 0, 0x21, 0);
    (void)zip_set_file_compression(p->zip, (zip_uint64_t)at, ZIP_CM_DEFLATE,
                                   FAST_LEVEL);
    return STATUS_OK;
}

static enum status
add_medium(void *self, const char *name, const void *data, size_t len)
{
    char path[NAME_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "media/%s", name);
    if (n < 0 || n >= NAME_MAX_BYTES || strchr(name, '/')) {
        return STATUS_OK; /* no tool would look for it */
    }
    enum status st = to_spool(self, data, len);
    return st == STATUS_OK ? add_file(self, path) : st;
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
    enum status st =
        text ? to_spool(p, text, strlen(text)) : log_oom("package");
    free(text);
    return st == STATUS_OK ? add_file(p, "datapackage.json") : st;
}

/* --- the other files ------------------------------------------------------ */

static enum status
add_rows(struct package *p, const struct dataset *d)
{
    const struct csv_options options = {.lang = I18N_EN};
    const struct dataset_sink sink = {to_spool, p};
    enum status st = csv_write(d, &options, &sink);
    return st == STATUS_OK ? add_file(p, "submissions.csv") : st;
}

static enum status
add_codebook(struct package *p, struct store *reader,
             const struct store_wave *w, const struct dataset *d)
{
    struct buf house;
    buf_init(&house, HOUSE_MAX_BYTES);
    const struct dataset_sink sink = {to_spool, p};
    enum status st = store_text(reader, STORE_HOUSE, &house);
    if (st == STATUS_OK) {
        struct ddi_study study = rows_study(w, house.data);
        st = ddi_write(d, &study, &sink);
    }
    if (st == STATUS_OK) {
        st = add_file(p, "codebook.xml");
    }
    buf_deinit(&house);
    return st;
}

static enum status
add_form(struct package *p, struct store *reader, int64_t form)
{
    struct buf file;
    buf_init(&file, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(reader, form, &file);
    if (st == STATUS_OK) {
        st = to_spool(p, file.data, file.len);
    }
    buf_deinit(&file);
    return st == STATUS_OK ? add_file(p, "form.xml") : st;
}

/* --- the zip -------------------------------------------------------------- */

static enum status
add_all(struct package *p, struct store *reader, const struct store_wave *wave,
        const struct dataset *d)
{
    enum status st = add_description(p, wave, d);
    if (st == STATUS_OK) {
        st = add_rows(p, d);
    }
    if (st == STATUS_OK) {
        st = add_form(p, reader, wave->form);
    }
    if (st == STATUS_OK) {
        st = store_media_each(reader, wave->form, add_medium, p);
    }
    return st == STATUS_OK ? add_codebook(p, reader, wave, d) : st;
}

static enum status
write_zip(struct package *p, struct store *reader,
          const struct store_wave *wave, const struct dataset *d,
          const char *path)
{
    int error = 0;
    p->zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (!p->zip) {
        log_error("package", "%s: the zip does not open (%d)", path, error);
        return STATUS_E_IO;
    }
    enum status st = add_all(p, reader, wave, d);
    if (st == STATUS_OK && zip_close(p->zip) == 0) {
        return STATUS_OK;
    }
    if (st == STATUS_OK) {
        log_error("package", "%s: %s", path, zip_strerror(p->zip));
        st = STATUS_E_IO;
    }
    zip_discard(p->zip);
    return st;
}

enum status
package_write(struct store *reader, const struct store_wave *wave,
              const struct dataset *d, const char *path)
{
    struct package p = {0};
    enum status st = file_temporary(p.spool_path);
    if (st < 0) {
        return st;
    }
    p.spool = fopen(p.spool_path, "wb");
    st = p.spool ? write_zip(&p, reader, wave, d, path)
                 : log_errno("package", p.spool_path);
    if (p.spool) {
        (void)fclose(p.spool);
    }
    if (unlink(p.spool_path) != 0) {
        log_warn("package", "%s: left behind", p.spool_path);
    }
    return st;
}
