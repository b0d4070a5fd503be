/* anketa-collector export: a wave as a file for people, spreadsheets and
 * statistics programs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/report/csv.h"
#include "collector/report/pdf.h"
#include "collector/report/sav.h"
#include "collector/report/xlsx.h"
#include "collector/web/change.h"
#include "collector/web/monitoring.h"
#include "collector/web/package.h"
#include "collector/web/rows.h"

#define HOUSE_MAX_BYTES 4096

enum format {
    FORMAT_PDF,
    FORMAT_XLSX,
    FORMAT_ROWS_XLSX,
    FORMAT_CSV,
    FORMAT_EXCEL_CSV,
    FORMAT_SAV,
    FORMAT_DDI,
    FORMAT_PACKAGE,
    FORMAT_UNKNOWN
};

struct job {
    struct store *store;
    struct catalogue *catalogue;
    const struct store_wave *wave;
    const struct store_wave *before; /* NULL: no comparison */
    enum format format;
    const char *path;
    int64_t now_ms;
};

static enum format
format_of(const char *path, bool rows, bool excel)
{
    const char *dot = strrchr(path, '.');
    if (!dot || strchr(dot, '/')) {
        return FORMAT_UNKNOWN;
    }
    if (strcmp(dot, ".pdf") == 0) {
        return FORMAT_PDF;
    }
    if (strcmp(dot, ".xlsx") == 0) {
        return rows ? FORMAT_ROWS_XLSX : FORMAT_XLSX;
    }
    if (strcmp(dot, ".csv") == 0) {
        return excel ? FORMAT_EXCEL_CSV : FORMAT_CSV;
    }
    if (strcmp(dot, ".sav") == 0) {
        return FORMAT_SAV;
    }
    if (strcmp(dot, ".zip") == 0) {
        return FORMAT_PACKAGE;
    }
    return strcmp(dot, ".xml") == 0 ? FORMAT_DDI : FORMAT_UNKNOWN;
}

static enum status
file_write(void *self, const void *data, size_t len)
{
    return fwrite(data, 1, len, self) == len ? STATUS_OK
                                             : log_errno("export", "write");
}

static enum status
write_rows(const struct job *j, const struct rows *r,
           const struct dataset_sink *sink)
{
    const struct dataset *d = rows_dataset(r);
    if (j->format == FORMAT_SAV) {
        return sav_write(d, command_lang(), sink);
    }
    if (j->format == FORMAT_DDI) {
        struct buf house;
        buf_init(&house, HOUSE_MAX_BYTES);
        enum status st = store_text(j->store, STORE_HOUSE, &house);
        if (st == STATUS_OK) {
            struct ddi_study study = rows_study(j->wave, house.data);
            st = ddi_write(d, &study, sink);
        }
        buf_deinit(&house);
        return st;
    }
    bool excel = j->format == FORMAT_EXCEL_CSV;
    struct csv_options options = {
        .lang = command_lang(), .excel = excel, .labels = excel};
    return csv_write(d, &options, sink);
}

/* What goes through a sink into the file: a report or rows. */
static enum status
write_stream(const struct job *j, const struct report *report,
             const struct rows *r)
{
    FILE *f = fopen(j->path, "wb");
    if (!f) {
        return log_errno("export", j->path);
    }
    const struct dataset_sink sink = {file_write, f};
    enum status st =
        report ? pdf_write(report, &sink) : write_rows(j, r, &sink);
    if (fclose(f) != 0 && st == STATUS_OK) {
        st = log_errno("export", j->path);
    }
    if (st < 0 && unlink(j->path) != 0) {
        log_warn("export", "%s: left behind", j->path);
    }
    return st;
}

static enum status
export_report(const struct job *j, const struct report *r)
{
    return j->format == FORMAT_XLSX ? xlsx_report(r, j->path)
                                    : write_stream(j, r, NULL);
}

static enum status
export_change(const struct job *j)
{
    struct change *c = NULL;
    const struct store_wave *const wave[] = {j->before, j->wave};
    enum status st = change_open(j->store, j->catalogue, wave, command_lang(),
                                 j->now_ms, &c);
    if (st == STATUS_OK) {
        st = export_report(j, change_report(c));
    }
    change_free(c);
    return st;
}

static enum status
export_summary(const struct job *j)
{
    struct monitoring *m = NULL;
    enum status st = monitoring_open(j->store, j->catalogue, j->wave,
                                     command_lang(), j->now_ms, &m);
    if (st == STATUS_OK && monitoring_state(m) == MONITORING_OPEN) {
        st = STATUS_E_AUTH;
    } else if (st == STATUS_OK) {
        st = export_report(j, monitoring_report(m));
    }
    monitoring_free(m);
    return st;
}

static enum status
export_rows(const struct job *j, size_t *out_withheld)
{
    struct rows *r = NULL;
    enum status st = rows_open(j->store, j->catalogue, j->wave, j->now_ms, &r);
    if (st == STATUS_OK && j->format == FORMAT_ROWS_XLSX) {
        st = xlsx_dataset(rows_dataset(r), command_lang(), j->path);
    } else if (st == STATUS_OK && j->format == FORMAT_PACKAGE) {
        st = package_write(j->store, j->wave, rows_dataset(r), j->path);
    } else if (st == STATUS_OK) {
        st = write_stream(j, NULL, r);
    }
    *out_withheld = st == STATUS_OK ? rows_withheld(r) : 0;
    rows_close(r);
    return st;
}

static int
run(struct job *j)
{
    size_t withheld = 0;
    enum status st = catalogue_new(&j->catalogue);
    bool summary = j->format == FORMAT_PDF || j->format == FORMAT_XLSX;
    if (st == STATUS_OK && !summary) {
        st = export_rows(j, &withheld);
    } else if (st == STATUS_OK) {
        st = j->before ? export_change(j) : export_summary(j);
    }
    catalogue_free(j->catalogue);
    pdf_shutdown();
    if (st == STATUS_E_AUTH) {
        return command_fail(N_("%s: nothing may leave this wave: it is open,"
                               " has too few answers or is not anonymous"),
                            j->wave->name);
    }
    if (st < 0) {
        return command_fail_status(st, j->path);
    }
    if (withheld > 0) {
        (void)fprintf(stderr,
                      i18n_plural(command_lang(),
                                  "%zu question was left out, because it could"
                                  " point at a person.\n",
                                  "%zu questions were left out, because they"
                                  " could point at a person.\n",
                                  (unsigned long)withheld),
                      withheld);
    }
    return COMMAND_OK;
}

int
command_export(int argc, char **argv)
{
    bool rows = command_flag(&argc, argv, "--rows");
    bool excel = command_flag(&argc, argv, "--excel");
    const char *before = command_option(&argc, argv, "--before");
    struct job j = {.format = FORMAT_UNKNOWN};
    if (argc == 4) {
        j.format = format_of(argv[3], rows, excel);
        j.path = argv[3];
    }
    if (j.format == FORMAT_UNKNOWN) {
        return command_usage(N_(
            "Usage: anketa-collector export FOLDER WAVE FILE [--before WAVE]"
            " [--rows] [--excel]\n"
            "  .pdf .xlsx   the summary; with --before what changed since that"
            " wave\n"
            "  .csv .sav    the answers, shuffled (.xlsx with --rows);\n"
            "               --excel: a .csv that Russian Excel opens\n"
            "  .xml         their description, DDI-Codebook\n"
            "  .zip         all of it with the questionnaire, as a data "
            "package"));
    }
    struct home home;
    struct store_wave w = {0};
    struct store_wave earlier = {0};
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    int code = COMMAND_FAILED;
    j.now_ms = clock_wall_ms(clock_system());
    st = home_store(&home, false, &j.store);
    if (st == STATUS_OK) {
        st = monitoring_wave(j.store, argv[2], j.now_ms, &w);
    }
    if (st == STATUS_OK && before) {
        st = monitoring_wave(j.store, before, j.now_ms, &earlier);
        j.before = &earlier;
    }
    if (st == STATUS_OK) {
        j.wave = &w;
        code = run(&j);
    } else {
        code = command_fail_status(st, argv[2]);
    }
    store_wave_clear(&earlier);
    store_wave_clear(&w);
    store_close(j.store);
    home_close(&home);
    return code;
}
