#define _GNU_SOURCE /* memmem */
/*
 * Slips: how codes are made, what the collector's folder keeps of them, and
 * whether an examiner of its database can tell which slip gave which answer.
 */
#include "collector/web/slips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/random.h"
#include "batch_fixture.h"
#include "collector/report/pdf.h"
#include "collector/web/publish.h"
#include "harness/harness.h"

#define FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BOXES_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define NOW_MS INT64_C(1795000000000)

static struct batch_fixture fixture;

static int
open_slip(void **state)
{
    (void)state;
    batch_fixture_open(&fixture, RECORD_SLIP);
    return 0;
}

static int
open_anonymous(void **state)
{
    (void)state;
    batch_fixture_open(&fixture, RECORD_ANONYMOUS);
    return 0;
}

static int
close_all(void **state)
{
    (void)state;
    batch_fixture_close(&fixture);
    return 0;
}

static enum status
issue(size_t count, int64_t now_ms, struct slips *out)
{
    assert_int_equal(store_begin(fixture.store), STATUS_OK);
    enum status st =
        slips_issue(fixture.store, fixture.wave.name, count, now_ms, out);
    if (st == STATUS_OK) {
        assert_int_equal(store_commit(fixture.store), STATUS_OK);
    }
    store_rollback(fixture.store);
    return st;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void
codes_are_eight_digits_and_each_is_new(void **state)
{
    (void)state;
    enum {
        EACH = 3000,
        TIMES = 3
    };
    char(*all)[BUNDLE_SLIP_CHARS + 1] = calloc((size_t)EACH * TIMES, 9);
    size_t leading[10] = {0};
    int64_t issued = 0;
    int64_t used = 0;
    assert_non_null(all);
    for (size_t t = 0; t < TIMES; t++) {
        struct slips slips;
        assert_int_equal(issue(EACH, NOW_MS, &slips), STATUS_OK);
        assert_int_equal(slips.count, EACH);
        memcpy(all + t * EACH, slips.code, (size_t)EACH * 9);
        slips_clear(&slips);
    }
    assert_int_equal(
        store_slips_count(fixture.reader, fixture.wave.id, &issued, &used),
        STATUS_OK);
    assert_int_equal(issued, EACH * TIMES);
    assert_int_equal(used, 0);
    qsort(all, (size_t)EACH * TIMES, 9, by_text);
    for (size_t i = 0; i < (size_t)EACH * TIMES; i++) {
        assert_int_equal(strspn(all[i], "0123456789"), BUNDLE_SLIP_CHARS);
        assert_true(i == 0 || strcmp(all[i - 1], all[i]) != 0);
        leading[all[i][0] - '0']++;
    }
    /* 900 each; six standard deviations are 171. */
    for (size_t d = 0; d < 10; d++) {
        assert_in_range(leading[d], 729, 1071);
    }
    free(all);
}

static void
says_why_there_are_none(void **state)
{
    (void)state;
    struct slips slips;
    assert_int_equal(issue(0, NOW_MS, &slips), STATUS_E_LIMIT);
    assert_int_equal(issue(BUNDLE_MAX_SLIPS + 1, NOW_MS, &slips),
                     STATUS_E_LIMIT);
    assert_int_equal(issue(10, NOW_MS, &slips), STATUS_OK);
    slips_clear(&slips);
    assert_int_equal(issue(BUNDLE_MAX_SLIPS - 9, NOW_MS, &slips),
                     STATUS_E_LIMIT);
    assert_int_equal(
        slips_issue(fixture.store, "no such wave", 1, NOW_MS, &slips),
        STATUS_NONE);
    assert_int_equal(
        store_wave_close(fixture.store, fixture.wave.id, NOW_MS + 1),
        STATUS_OK);
    assert_int_equal(issue(1, NOW_MS + 2, &slips), STATUS_E_STALE);
    int64_t issued = 0;
    int64_t used = 0;
    assert_int_equal(
        store_slips_count(fixture.reader, fixture.wave.id, &issued, &used),
        STATUS_OK);
    assert_int_equal(issued, 10);
}

static void
only_a_wave_of_slips_has_them(void **state)
{
    (void)state;
    struct slips slips;
    assert_int_equal(issue(1, NOW_MS, &slips), STATUS_E_INVALID);
}

static void
read_database(const char *name, struct buf *out)
{
    char path[HARNESS_PATH_MAX + 64];
    buf_init(out, FILE_MAX_BYTES);
    (void)snprintf(path, sizeof(path), "%s/%s", fixture.dir, name);
    if (file_exists(path)) {
        assert_int_equal(file_read(path, out), STATUS_OK);
    }
}

static enum status
nowhere(void *self, const void *data, size_t len)
{
    (void)data;
    *(size_t *)self += len;
    return STATUS_OK;
}

static void
no_code_is_in_the_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"collector.db", "collector.db-wal",
                                        "collector.db-shm"};
    struct slips slips;
    size_t printed = 0;
    const struct dataset_sink sink = {nowhere, &printed};
    assert_int_equal(issue(50, NOW_MS, &slips), STATUS_OK);
    assert_int_equal(slips_print(&slips, I18N_RU, &sink), STATUS_OK);
    assert_true(printed > 1000);
    for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        struct buf file;
        read_database(files[f], &file);
        for (size_t i = 0; i < slips.count; i++) {
            assert_null(
                memmem(file.data, file.len, slips.code[i], BUNDLE_SLIP_CHARS));
        }
        buf_deinit(&file);
    }
    slips_clear(&slips);
}

/* --- the examiner --------------------------------------------------------- */

#define TRIALS 60
#define PEOPLE 10 /* as many as the form has scores */

/* What the examiner ranks by: `clue[i]` of the slip that gave score i + 1. */
struct evidence {
    double clue[PEOPLE];
    double row[PEOPLE]; /* of that score in the chunk */
};

struct reading {
    int at;
    struct evidence *e;
};

static enum status
read_row(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct reading *r = self;
    long score = cell[0] ? strtol(cell[0], NULL, 10) : 0;
    assert_in_range(score, 1, PEOPLE);
    r->e->row[score - 1] = r->at++;
    return STATUS_OK;
}

/* Pairs in the same order less pairs in the other, of all pairs. */
static double
agreement(const double *a, const double *b)
{
    int sum = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        for (size_t j = i + 1; j < PEOPLE; j++) {
            double product = (a[i] - a[j]) * (b[i] - b[j]);
            sum += (product > 0) - (product < 0);
        }
    }
    return (double)sum / (PEOPLE * (PEOPLE - 1) / 2);
}

static double
place_in_file(const struct buf *file, const void *what, size_t len)
{
    const char *at = memmem(file->data, file->len, what, len);
    assert_non_null(at);
    return (double)(at - file->data);
}

/* One trial: everybody sends, and the examiner gets the whole database. */
static void
try_once(struct evidence *e)
{
    const struct publish_terms terms = {.kind = RECORD_SLIP};
    struct seal_hash hash[PEOPLE];
    struct store_wave kept = fixture.wave;
    struct receipt receipt;
    struct buf boxes;
    struct buf file;
    assert_int_equal(publish_wave(fixture.store, kept.form, NULL, &terms,
                                  NOW_MS, &fixture.wave),
                     STATUS_OK);
    buf_init(&boxes, BOXES_MAX_BYTES);
    for (int i = 0; i < PEOPLE; i++) {
        char score[16];
        struct batch_fixture_answers a = {.score = score};
        (void)snprintf(score, sizeof(score), "%d", i + 1);
        random_bytes(hash[i].bytes, sizeof(hash[i].bytes));
        a.slip = hash[i];
        assert_int_equal(
            store_slip_add(fixture.store, fixture.wave.id, &hash[i]),
            STATUS_OK);
        batch_fixture_seal(&fixture, &a, &boxes);
    }
    batch_fixture_take(&fixture, &boxes, &receipt);
    for (size_t i = 0; i < receipt.count; i++) {
        assert_int_equal(receipt.item[i].outcome, RECEIPT_ACCEPTED);
    }
    receipt_clear(&receipt);
    assert_int_equal(store_forget(fixture.store), STATUS_OK);
    read_database("collector.db", &file);
    for (size_t i = 0; i < PEOPLE; i++) {
        e->clue[i] = place_in_file(&file, hash[i].bytes, sizeof(hash[i].bytes));
    }
    const uint32_t column =
        (uint32_t)form_field_find(fixture.form, "/data/score");
    struct reading r = {.e = e};
    assert_int_equal(store_answers_each(fixture.reader, fixture.wave.id,
                                        &column, 1, read_row, &r),
                     STATUS_OK);
    assert_int_equal(r.at, PEOPLE);
    store_wave_clear(&fixture.wave);
    fixture.wave = kept;
    buf_deinit(&file);
    buf_deinit(&boxes);
}

static void
used_slips_do_not_point_at_answers(void **state)
{
    (void)state;
    double sum = 0;
    for (int t = 0; t < TRIALS; t++) {
        struct evidence e;
        try_once(&e);
        sum += agreement(e.clue, e.row);
    }
    /* By chance 0; one trial's standard deviation is 0.25 at ten people. */
    double mean = sum / TRIALS;
    print_message("agreement of slips and answers: %.3f\n", mean);
    assert_true(mean < 0.16 && mean > -0.16);
}

/* A list of used slips as one would write it: the same examiner reads it. */
static void
a_list_in_order_would_point_at_them(void **state)
{
    (void)state;
    char path[HARNESS_PATH_MAX + 32];
    struct evidence e;
    struct buf file;
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    uint8_t hash[PEOPLE][SEAL_HASH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/plain.db", fixture.dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "CREATE TABLE used (hash BLOB PRIMARY KEY) STRICT, "
                     "WITHOUT ROWID",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "INSERT INTO used VALUES (?1)", -1, &stmt, NULL),
        SQLITE_OK);
    for (size_t i = 0; i < PEOPLE; i++) {
        random_bytes(hash[i], sizeof(hash[i]));
        assert_int_equal(
            sqlite3_bind_blob(stmt, 1, hash[i], SEAL_HASH_BYTES, NULL),
            SQLITE_OK);
        assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
        assert_int_equal(sqlite3_reset(stmt), SQLITE_OK);
        e.row[i] = -(double)i; /* pages are filled from their end */
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    read_database("plain.db", &file);
    for (size_t i = 0; i < PEOPLE; i++) {
        e.clue[i] = place_in_file(&file, hash[i], SEAL_HASH_BYTES);
    }
    buf_deinit(&file);
    assert_true(agreement(e.clue, e.row) > 0.99);
}

int
main(void)
{
#define SLIPS(name) cmocka_unit_test_setup_teardown(name, open_slip, close_all)
    const struct CMUnitTest tests[] = {
        SLIPS(codes_are_eight_digits_and_each_is_new),
        SLIPS(says_why_there_are_none),
        cmocka_unit_test_setup_teardown(only_a_wave_of_slips_has_them,
                                        open_anonymous, close_all),
        SLIPS(no_code_is_in_the_folder),
        SLIPS(used_slips_do_not_point_at_answers),
        SLIPS(a_list_in_order_would_point_at_them),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pdf_shutdown();
    return failed;
}
