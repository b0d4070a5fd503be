/*
 * What a collector takes in and how fast its summary comes: sealed records in
 * batches, one record a batch, and the summary of small and large waves.
 *
 *   collector [RECORDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/ingest/ingest.h"
#include "collector/web/monitoring.h"
#include "collector/web/publish.h"
#include "sealed.h"
#include "xlsform/xlsform.h"

#define RECORDS_DEFAULT 20000
#define RECORDS_MAX 1000000
#define BATCH 1024
#define SINGLE 1000
#define SUMMARY_RUNS 20
#define LARGE_WAVE 1000000
#define NS_PER_S 1000000000.0

struct bench {
    char dir[64];
    char db[96];
    struct store *store;
    struct store *reader;
    struct catalogue *catalogue;
    struct keys keys;
    struct ingest ingest;
    struct store_wave wave;
    const struct catalogue_form *form;
    struct sealed sealed;
};

static double
seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / NS_PER_S;
}

static void
must(enum status st, const char *what)
{
    if (st < 0) {
        (void)fprintf(stderr, "%s: %s\n", what, status_name(st));
        exit(1);
    }
}

static void
publish(struct bench *b, const char *survey)
{
    struct buf sheet;
    struct buf xform;
    struct diag d;
    const struct publish_terms terms = {.kind = -1, .live = true};
    int64_t form = 0;
    buf_init(&sheet, FORM_XML_MAX_BYTES);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    diag_init(&d, I18N_EN);
    must(file_read(survey, &sheet), survey);
    must(xlsform_compile(sheet.data, sheet.len, XLSFORM_CSV, NULL, &d, &xform),
         "compile");
    must(publish_form(b->store, &xform, NULL, 1, &d, &form), "publish");
    must(publish_wave(b->store, form, NULL, &terms, 1, &b->wave), "wave");
    diag_deinit(&d);
    buf_deinit(&xform);
    buf_deinit(&sheet);
}

static void
start(struct bench *b, const char *survey)
{
    (void)snprintf(b->dir, sizeof(b->dir), "/tmp/anketa-bench-%ld",
                   (long)getpid());
    must(file_make_dirs(b->dir), "folder");
    (void)snprintf(b->db, sizeof(b->db), "%s/collector.db", b->dir);
    must(store_open(b->db, false, &b->store), "store");
    publish(b, survey);
    must(store_open(b->db, true, &b->reader), "reader");
    must(catalogue_new(&b->catalogue), "catalogue");
    must(catalogue_take(b->catalogue, b->reader, b->wave.form, &b->form),
         "form");
    keys_new(&b->keys);
    b->sealed = (struct sealed){&b->wave, b->form, &b->keys};
    b->ingest.keys = &b->keys;
    b->ingest.catalogue = b->catalogue;
    b->ingest.epoch = 1;
}

static void
finish(struct bench *b)
{
    static const char *const suffix[] = {"", "-wal", "-shm"};
    catalogue_give(b->catalogue, b->form);
    catalogue_free(b->catalogue);
    store_close(b->reader);
    store_close(b->store);
    store_wave_clear(&b->wave);
    for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s%s", b->db, suffix[i]);
        (void)unlink(path);
    }
    (void)rmdir(b->dir);
}

static void
take(struct bench *b, struct batch *batch)
{
    struct ingest_batch *opened = NULL;
    struct receipt receipt;
    must(ingest_open(&b->ingest, b->reader, batch, &opened), "open");
    must(ingest_commit(opened, b->store, &receipt), "commit");
    ingest_free(opened);
    for (size_t i = 0; i < receipt.count; i++) {
        if (receipt.item[i].outcome != RECEIPT_ACCEPTED) {
            (void)fprintf(stderr, "record refused: %d\n",
                          (int)receipt.item[i].outcome);
            exit(1);
        }
    }
    receipt_clear(&receipt);
}

/* Take in what stands in `boxes`, `per_batch` at a time; records a second. */
static double
ingest_rate(struct bench *b, const struct buf *boxes, size_t size,
            size_t per_batch)
{
    struct batch_record *record = calloc(per_batch, sizeof(*record));
    size_t total = boxes->len / size;
    struct batch batch = {.record = record};
    double from = seconds();
    for (size_t i = 0; record && i < total; i++) {
        record[batch.count].box = (const uint8_t *)boxes->data + i * size;
        record[batch.count++].len = size;
        if (batch.count == per_batch || i + 1 == total) {
            take(b, &batch);
            batch.count = 0;
        }
    }
    double rate = (double)total / (seconds() - from);
    free(record);
    return rate;
}

static double
summary_ms(struct bench *b)
{
    double best = 1e9;
    struct store_wave w = {0};
    must(store_wave(b->reader, b->wave.name, &w), "wave");
    for (int i = 0; i < SUMMARY_RUNS; i++) {
        struct monitoring *m = NULL;
        double from = seconds();
        must(monitoring_open(b->reader, b->catalogue, &w, I18N_RU, 1, &m),
             "summary");
        double ms = (seconds() - from) * 1000.0;
        monitoring_free(m);
        best = ms < best ? ms : best;
    }
    store_wave_clear(&w);
    return best;
}

/* Rows straight into the store, until the wave has `want` answers. */
static void
fill_up(struct bench *b, int64_t want)
{
    struct store_wave w = {0};
    must(store_wave(b->reader, b->wave.name, &w), "wave");
    size_t fields = b->form->field_count;
    const char **cell = calloc(STORE_ROWS_MAX * fields, sizeof(*cell));
    struct store_tally *tally = calloc(fields, sizeof(*tally));
    for (size_t i = 0; cell && i < STORE_ROWS_MAX * fields; i++) {
        cell[i] = i % 3 ? "7" : NULL;
    }
    while (cell && tally && w.answers < want) {
        size_t rows = (size_t)(want - w.answers);
        rows = rows < STORE_ROWS_MAX ? rows : STORE_ROWS_MAX;
        const struct store_rows block = {cell, rows, fields};
        for (size_t i = 0; i < fields; i++) {
            tally[i] = (struct store_tally){(uint32_t)i, STORE_TALLY_ANSWERED,
                                            0, (int64_t)rows};
        }
        must(store_begin(b->store), "begin");
        must(store_answers_add(b->store, w.id, &block), "rows");
        must(store_tally_add(b->store, w.id, tally, fields), "tally");
        must(store_commit(b->store), "commit");
        w.answers += (int64_t)rows;
    }
    free(cell);
    free(tally);
    store_wave_clear(&w);
}

static enum status
count_row(void *self, const char *const *cell, size_t count)
{
    (void)cell;
    (void)count;
    size_t *n = self;
    ++*n;
    return STATUS_OK;
}

static double
cross_ms(struct bench *b)
{
    const uint32_t field[2] = {1, 2};
    size_t n = 0;
    double from = seconds();
    must(store_answers_each(b->reader, b->wave.id, field, 2, count_row, &n),
         "cross table");
    return (seconds() - from) * 1000.0;
}

int
main(int argc, char **argv)
{
    struct bench b = {0};
    long records = argc > 1 ? strtol(argv[1], NULL, 10) : RECORDS_DEFAULT;
    if (records < SINGLE || records > RECORDS_MAX) {
        records = RECORDS_DEFAULT;
    }
    const char *source = getenv("ANKETA_SOURCE");
    char survey[4096];
    (void)snprintf(survey, sizeof(survey),
                   "%s/assets/surveys/interim_mentee.csv",
                   source ? source : ".");
    log_set_level(LOG_ERROR);
    must(seal_init(), "crypto");
    start(&b, survey);

    struct buf boxes;
    buf_init(&boxes, (size_t)records * 4096 + BATCH_MAX_BYTES);
    double from = seconds();
    sealed_fill(&b.sealed, (size_t)records, &boxes);
    double sealed = (double)records / (seconds() - from);
    size_t size = boxes.len / (size_t)records;

    (void)printf("%-52s %12s\n", "collector", "measured");
    (void)printf("%-52s %10.0f /s\n", "fill and seal (kiosk's side)", sealed);
    (void)printf("%-52s %10.0f /s\n",
                 "taken in: batches of 1024, validated, durable",
                 ingest_rate(&b, &boxes, size, BATCH));
    (void)printf("%-52s %10.2f ms\n", "summary, first run of this size",
                 summary_ms(&b));
    buf_clear(&boxes);
    sealed_fill(&b.sealed, SINGLE, &boxes);
    (void)printf("%-52s %10.0f /s\n", "taken in: one record a batch, durable",
                 ingest_rate(&b, &boxes, size, 1));
    buf_deinit(&boxes);
    fill_up(&b, LARGE_WAVE);
    (void)printf("%-52s %10.2f ms\n", "summary of 1,000,000 answers",
                 summary_ms(&b));
    (void)printf("%-52s %10.0f ms\n", "two columns of 1,000,000 answers read",
                 cross_ms(&b));
    finish(&b);
    return 0;
}
