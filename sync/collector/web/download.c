#include "collector/web/download.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/report/csv.h"
#include "collector/report/pdf.h"
#include "collector/report/sav.h"
#include "collector/report/xlsx.h"
#include "collector/web/change.h"
#include "collector/web/figures.h"
#include "collector/web/monitoring.h"
#include "collector/web/package.h"
#include "collector/web/rows.h"

#define HOUSE_MAX_BYTES 4096
#define NAME_MAX_BYTES 320

enum format {
    FORMAT_PDF,
    FORMAT_XLSX,
    FORMAT_CSV,
    FORMAT_SAV,
    FORMAT_DDI,
    FORMAT_PACKAGE
};

struct download {
    const char *suffix;
    const char *type;
    enum format format;
    bool rows;
};

#define XLSX_TYPE \
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* The longer suffix of two comes first. */
static const struct download downloads[] = {
    {"-answers.csv", "text/csv; charset=utf-8", FORMAT_CSV, true},
    {"-answers.xlsx", XLSX_TYPE, FORMAT_XLSX, true},
    {"-answers.sav", "application/x-spss-sav", FORMAT_SAV, true},
    {"-answers.xml", "application/xml", FORMAT_DDI, true},
    {"-answers.zip", "application/zip", FORMAT_PACKAGE, true},
    {".pdf", "application/pdf", FORMAT_PDF, false},
    {".xlsx", XLSX_TYPE, FORMAT_XLSX, false},
    {".csv", "text/csv; charset=utf-8", FORMAT_CSV, false},
};

const struct download *
download_find(const char *tail, size_t *out_name_len)
{
    size_t len = strlen(tail);
    for (size_t i = 0; i < sizeof(downloads) / sizeof(downloads[0]); i++) {
        size_t suffix = strlen(downloads[i].suffix);
        if (len > suffix
            && strcmp(tail + len - suffix, downloads[i].suffix) == 0) {
            *out_name_len = len - suffix;
            return &downloads[i];
        }
    }
    *out_name_len = len;
    return NULL;
}

bool
download_is_rows(const struct download *d)
{
    return d->rows;
}

const char *
download_suffix(const struct download *d)
{
    return d->suffix;
}

/* Send the file, which has no name from now on. */
static enum status
send_file(struct visit *v, const char *path)
{
    FILE *f = fopen(path, "rb");
    long len = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (len < 0 || fseek(f, 0, SEEK_SET) != 0) {
        enum status st = log_errno("download", path);
        if (f) {
            (void)fclose(f);
        }
        return st;
    }
    v->rs->file = f;
    v->rs->file_len = (size_t)len;
    return STATUS_OK;
}

/* Libraries for workbooks and zips write to a name: it comes and goes. One of
 * `r` and `d`; `w`: a package of the rows. */
static enum status
through_file(struct visit *v, const struct report *r, const struct dataset *d,
             const struct store_wave *w)
{
    char path[FILE_TEMPORARY_MAX_BYTES];
    enum status st = file_temporary(path);
    if (st < 0) {
        return st;
    }
    if (r) {
        st = xlsx_report(r, path);
    } else {
        st = w ? package_write(v->reader, w, d, path)
               : xlsx_dataset(d, v->lang, path);
    }
    if (st == STATUS_OK) {
        st = send_file(v, path);
    }
    if (file_exists(path) && unlink(path) != 0) {
        log_warn("download", "%s: left behind", path);
    }
    return st;
}

enum status
download_workbook(struct visit *v, const struct dataset *d)
{
    return through_file(v, NULL, d, NULL);
}

static enum status
send_report(struct visit *v, const struct download *d, const struct report *r)
{
    const struct dataset_sink sink = {dataset_to_buf, &v->rs->body};
    return d->format == FORMAT_PDF ? pdf_write(r, &sink)
                                   : through_file(v, r, NULL, NULL);
}

static enum status
send_summary(struct visit *v, const struct download *d,
             const struct store_wave *w)
{
    if (d->format == FORMAT_CSV) {
        return figures_csv(v->reader, v->desk->catalogue, w, v->lang,
                           desk_now_ms(v->desk), &v->rs->body);
    }
    struct monitoring *m = NULL;
    enum status st = monitoring_open(v->reader, v->desk->catalogue, w, v->lang,
                                     desk_now_ms(v->desk), &m);
    if (st == STATUS_OK) {
        st = monitoring_state(m) == MONITORING_SHOWN
                 ? send_report(v, d, monitoring_report(m))
                 : STATUS_E_AUTH;
    }
    monitoring_free(m);
    return st;
}

static enum status
send_change(struct visit *v, const struct download *d,
            const struct store_wave *w, const struct store_wave *before)
{
    const struct store_wave *const wave[] = {before, w};
    struct change *c = NULL;
    enum status st = change_open(v->reader, v->desk->catalogue, wave, v->lang,
                                 desk_now_ms(v->desk), &c);
    if (st == STATUS_OK) {
        st = send_report(v, d, change_report(c));
    }
    change_free(c);
    return st;
}

static enum status
send_ddi(struct visit *v, const struct store_wave *w, const struct dataset *d,
         const struct dataset_sink *sink)
{
    struct buf house;
    buf_init(&house, HOUSE_MAX_BYTES);
    enum status st = store_text(v->reader, STORE_HOUSE, &house);
    if (st == STATUS_OK) {
        struct ddi_study study = rows_study(w, house.data);
        st = ddi_write(d, &study, sink);
    }
    buf_deinit(&house);
    return st;
}

/* Rows may be many: they do not stay in memory. */
static enum status
to_response(void *self, const void *data, size_t len)
{
    return response_write(self, data, len);
}

static enum status
send_rows(struct visit *v, const struct download *d, const struct store_wave *w)
{
    struct rows *r = NULL;
    enum status st =
        rows_open(v->reader, v->desk->catalogue, w, desk_now_ms(v->desk), &r);
    if (st < 0) {
        return st;
    }
    const struct dataset *data = rows_dataset(r);
    const struct dataset_sink sink = {to_response, v->rs};
    switch (d->format) {
    case FORMAT_SAV:
        st = sav_write(data, v->lang, &sink);
        break;
    case FORMAT_DDI:
        st = send_ddi(v, w, data, &sink);
        break;
    case FORMAT_PACKAGE:
        st = through_file(v, NULL, data, w);
        break;
    case FORMAT_XLSX:
        st = through_file(v, NULL, data, NULL);
        break;
    case FORMAT_CSV:
    case FORMAT_PDF: {
        /* A Russian reader's spreadsheet is set to semicolons and commas. */
        bool ru = v->lang == I18N_RU;
        const struct csv_options options = {
            .lang = v->lang, .excel = ru, .labels = ru};
        st = csv_write(data, &options, &sink);
        break;
    }
    }
    rows_close(r);
    return st;
}

void
download_answer(struct visit *v, const struct download *d,
                const struct store_wave *w, const struct store_wave *before)
{
    enum status st = STATUS_OK;
    if (d->rows) {
        st = send_rows(v, d, w);
    } else if (before && d->format != FORMAT_CSV) {
        st = send_change(v, d, w, before);
    } else {
        st = send_summary(v, d, w);
    }
    if (st == STATUS_E_AUTH) {
        response_clear(v->rs);
        visit_message(
            v, 403, visit_text(v, "Nothing may leave this wave yet"),
            visit_text(v, "It is still open, has too few answers, or is not"
                          " anonymous."));
        return;
    }
    if (st < 0) {
        response_clear(v->rs);
        visit_failed(v, st);
        return;
    }
    char name[NAME_MAX_BYTES];
    (void)snprintf(name, sizeof(name), "%.280s%s%s", w->name,
                   before ? "-change" : "", d->suffix);
    visit_download(v, d->type, name);
}
