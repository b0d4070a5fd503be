/*
 * The collector's figures and files: raw rows as CSV, the summary from tallies,
 * rank tests and suppression, the PDF and the workbook.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "collector/report/csv.h"
#include "collector/report/pdf.h"
#include "collector/report/sav.h"
#include "collector/report/svg.h"
#include "collector/report/xlsx.h"
#include "collector/summary/compare.h"
#include "collector/summary/describe.h"
#include "collector/summary/proportion.h"
#include "collector/summary/suppress.h"
#include "report/sample_report.h"

#define QUESTIONS 30
#define COLUMNS 12

static double
now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static long
peak_kib(void)
{
    struct rusage u;
    return getrusage(RUSAGE_SELF, &u) == 0 ? u.ru_maxrss : 0;
}

static void
line(const char *what, double ms, const char *more)
{
    printf("  %-52s %9.2f ms  %s\n", what, ms, more);
}

static enum status
count_bytes(void *self, const void *data, size_t len)
{
    (void)data;
    *(size_t *)self += len;
    return STATUS_OK;
}

/* Rows made on the fly: eleven scales and a choice. */
struct rows {
    size_t left;
    uint32_t state;
};

static enum status
next_row(void *self, struct dataset_cell *cell)
{
    struct rows *r = self;
    if (r->left == 0) {
        return STATUS_NONE;
    }
    r->left--;
    for (size_t i = 0; i < COLUMNS; i++) {
        r->state = r->state * UINT32_C(1664525) + UINT32_C(1013904223);
        uint32_t n = r->state >> 16;
        cell[i] = (struct dataset_cell){n % 17 == 0, 1.0 + n % 4, NULL};
    }
    return STATUS_OK;
}

static const struct dataset_value values[] = {
    {1, "weekly", {"Каждую неделю", "Every week"}},
    {2, "monthly", {"Раз в месяц", "Once a month"}},
    {3, "rarely", {"Реже", "Less often"}},
    {4, "never", {"Никогда", "Never"}},
};

static void
raw_rows(size_t rows)
{
    struct dataset_column column[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        column[i] = (struct dataset_column){"question",
                                            {"Вопрос", "Question"},
                                            DATASET_NUMBER,
                                            NULL,
                                            0,
                                            true,
                                            0,
                                            0};
    }
    column[0].type = DATASET_CHOICE;
    column[0].value = values;
    column[0].values = sizeof(values) / sizeof(values[0]);
    struct rows source = {rows, 1};
    struct dataset d = {
        .name = "bench",
        .title = {"Замер", "Bench"},
        .column = column,
        .columns = COLUMNS,
        .rows = rows,
        .next = next_row,
        .self = &source,
    };
    size_t bytes = 0;
    struct dataset_sink sink = {count_bytes, &bytes};
    struct csv_options options = {I18N_RU, true, true};
    char more[192];

    long before = peak_kib();
    double start = now_ms();
    enum status st = csv_write(&d, &options, &sink);
    double ms = now_ms() - start;
    (void)snprintf(more, sizeof(more),
                   "%lu rows/s, %lu MB, memory grew by %ld KiB%s",
                   (unsigned long)((double)rows / ms * 1e3),
                   (unsigned long)(bytes / 1000000), peak_kib() - before,
                   st == STATUS_OK ? "" : " FAILED");
    char what[64];
    (void)snprintf(what, sizeof(what), "CSV, %zu rows of %d", rows, COLUMNS);
    line(what, ms, more);

    source = (struct rows){rows, 1};
    bytes = 0;
    before = peak_kib();
    start = now_ms();
    st = sav_write(&d, I18N_RU, &sink);
    ms = now_ms() - start;
    (void)snprintf(more, sizeof(more),
                   "%lu rows/s, %lu MB, memory grew by %ld KiB%s",
                   (unsigned long)((double)rows / ms * 1e3),
                   (unsigned long)(bytes / 1000000), peak_kib() - before,
                   st == STATUS_OK ? "" : " FAILED");
    (void)snprintf(what, sizeof(what), "SPSS, %zu rows of %d", rows, COLUMNS);
    line(what, ms, more);
}

/* Everything a summary page shows, from tallies to SVG and sentences. */
static void
summary(uint64_t scale, const char *what)
{
    double start = now_ms();
    struct sample_report s;
    sample_report_init(&s, QUESTIONS, scale);
    struct buf page;
    buf_init(&page, (size_t)4 << 20);
    for (size_t i = 0; i < s.report.items; i++) {
        if (s.report.item[i].chart) {
            svg_chart(&page, s.report.item[i].chart, 530.0);
            svg_table(&page, s.report.item[i].chart, "a", "b");
        }
    }
    char more[64];
    (void)snprintf(more, sizeof(more), "%zu bytes of SVG and tables", page.len);
    line(what, now_ms() - start, more);
    buf_deinit(&page);
    sample_report_deinit(&s);
}

static void
comparison(uint64_t per_value, const char *what)
{
    struct tally_value a[10];
    struct tally_value b[10];
    for (int i = 0; i < 10; i++) {
        a[i] = (struct tally_value){i + 1, per_value};
        b[i] = (struct tally_value){i + 1, per_value + (i > 5 ? per_value : 0)};
    }
    struct tally first = {a, 10, 0, 0};
    struct tally second = {b, 10, 0, 0};
    struct compare c;
    double start = now_ms();
    enum status st = STATUS_OK;
    for (int i = 0; i < QUESTIONS && st == STATUS_OK; i++) {
        st = compare_unlinked(&first, &second, INTERVAL_LEVEL, &c);
    }
    char more[64];
    (void)snprintf(more, sizeof(more), "%s, p = %.3g",
                   c.test.exact ? "exact" : "approximate", c.test.p);
    line(what, now_ms() - start, st == STATUS_OK ? more : "FAILED");
}

static void
suppression(void)
{
    enum {
        STRATA = 24,
        CATEGORIES = 11
    };
    static uint32_t count[(size_t)STRATA * CATEGORIES];
    struct suppress_groups g = {
        .strata = STRATA, .segments = 10, .k = SUPPRESS_K};
    for (size_t i = 0; i < (size_t)STRATA * CATEGORIES; i++) {
        count[i] = (uint32_t)(i * 7919 % 5 / 3);
        g.size[i / CATEGORIES] += count[i];
    }
    for (size_t s = 0; s < STRATA; s++) {
        suppress_include(&g.segment[s % 4], s);
        suppress_include(&g.segment[4 + s / 4], s);
        g.segment[4 + s / 4].question = 1;
    }
    uint8_t coarse[CATEGORIES] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2};
    const struct suppress_table t = {CATEGORIES, 10, true, count, coarse};
    double start = now_ms();
    enum suppress_detail detail = SUPPRESS_CLOSED;
    enum status st = suppress_choose(&g);
    for (int i = 0; i < QUESTIONS && st == STATUS_OK; i++) {
        st = suppress_question(&g, &t, &detail);
    }
    line("suppression, 30 questions x 24 strata x 10 segments",
         now_ms() - start, st == STATUS_OK ? "" : "FAILED");
}

static void
documents(void)
{
    struct sample_report s;
    sample_report_init(&s, QUESTIONS, 1);
    size_t bytes = 0;
    struct dataset_sink sink = {count_bytes, &bytes};
    static const char *const what[] = {
        "PDF, 30 questions, first in the process (fonts read)",
        "PDF, 30 questions, again"};
    char more[64];
    for (size_t i = 0; i < 2; i++) {
        bytes = 0;
        double start = now_ms();
        enum status st = pdf_write(&s.report, &sink);
        double ms = now_ms() - start;
        (void)snprintf(more, sizeof(more), "%zu bytes%s", bytes,
                       st == STATUS_OK ? "" : " FAILED");
        line(what[i], ms, more);
    }
    char path[] = "/tmp/anketa-bench-XXXXXX";
    int fd = mkstemp(path);
    double start = now_ms();
    enum status st = fd >= 0 ? xlsx_report(&s.report, path) : STATUS_E_IO;
    line("XLSX, 30 questions with native charts", now_ms() - start,
         st == STATUS_OK ? "" : "FAILED");
    (void)remove(path);
    sample_report_deinit(&s);
}

int
main(void)
{
    sample_report_locale();
    printf("Report and summary\n");
    summary(50, "summary of 30 questions, 1,000 answers each");
    summary(50000, "summary of 30 questions, 1,000,000 answers each");
    comparison(3, "30 comparisons of waves, 30 + 42 answers");
    comparison(100000, "30 comparisons of waves, 1.0 M + 1.4 M answers");
    suppression();
    raw_rows(11540);
    raw_rows(1000000);
    documents();
    printf("  peak memory of all of it: %ld KiB\n", peak_kib());
    return 0;
}
