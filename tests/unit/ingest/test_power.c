/*
 * The power goes, or the disk fails, at any change while the collector takes a
 * batch in: what a receipt said is there, the rest the kiosk sends again, and
 * in the end every answer counts once.
 *
 * Usage: test_ingest_power [all]; "all" tries every change.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "batch_fixture.h"
#include "harness/harness.h"
#include "harness/power.h"

#define RECORDS 7
#define BEFORE 9 /* records there already */
#define CHANGES_TRIED 24
#define SEEDS 2
#define SEEDS_ALL 8

static bool try_all;

struct disaster {
    struct batch_fixture f;
    struct buf before;
    struct buf boxes; /* of the batch under test */
    enum record_kind kind;
};

static enum status
take(struct disaster *d, const struct buf *boxes, struct receipt *out)
{
    struct batch_record record[BEFORE + RECORDS];
    struct batch batch = {.record = record};
    struct ingest_batch *opened = NULL;
    size_t size = record_bucket_bytes[0];
    *out = (struct receipt){0};
    for (size_t at = 0; at < boxes->len; at += size) {
        record[batch.count].box = (const uint8_t *)boxes->data + at;
        record[batch.count++].len = size;
    }
    enum status st = ingest_open(&d->f.ingest, d->f.store, &batch, &opened);
    if (st == STATUS_OK) {
        st = ingest_commit(opened, d->f.store, out);
    }
    ingest_free(opened);
    return st;
}

/* A batch, then the log into the database: both may be struck. */
static enum status
work(struct disaster *d, bool *out_confirmed)
{
    struct receipt receipt;
    enum status st = take(d, &d->boxes, &receipt);
    *out_confirmed = st == STATUS_OK;
    receipt_clear(&receipt);
    return st == STATUS_OK ? store_forget(d->f.store) : st;
}

static void
open_again(struct disaster *d)
{
    store_close(d->f.store);
    d->f.store = NULL;
    assert_int_equal(store_open_vfs(d->f.path, false, POWER_VFS, &d->f.store),
                     STATUS_OK);
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

static enum status
count_named(void *self, const struct store_person *person, const char *xml,
            size_t len)
{
    (void)person;
    (void)xml;
    size_t *n = self;
    *n += len > 0;
    return STATUS_OK;
}

/* Rows, tallies and the wave's own number agree. */
static int64_t
counted(struct disaster *d)
{
    const uint32_t field[] = {0, 1};
    struct store_wave w = {0};
    struct store_tally *tally = NULL;
    size_t tallies = 0;
    size_t rows = 0;
    int64_t glad = 0;
    assert_int_equal(store_wave(d->f.store, d->f.wave.name, &w), STATUS_OK);
    int64_t answers = w.answers;
    store_wave_clear(&w);
    if (d->kind == RECORD_NAMED) {
        assert_int_equal(
            store_named_each(d->f.store, d->f.wave.id, count_named, &rows),
            STATUS_OK);
        assert_int_equal(rows, answers);
        return answers;
    }
    assert_int_equal(store_answers_each(d->f.store, d->f.wave.id, field, 2,
                                        count_row, &rows),
                     STATUS_OK);
    assert_int_equal(rows, answers);
    assert_int_equal(store_tallies(d->f.store, d->f.wave.id, &tally, &tallies),
                     STATUS_OK);
    for (size_t i = 0; i < tallies; i++) {
        glad += tally[i].field == 0 && tally[i].kind == STORE_TALLY_ANSWERED
                    ? tally[i].n
                    : 0;
    }
    free(tally);
    assert_int_equal(glad, answers);
    return answers;
}

/* What the kiosk does: send until there is a receipt, then once more. */
static void
kiosk_repeats(struct disaster *d, bool confirmed)
{
    for (int time = 0; time < 2; time++) {
        struct receipt receipt;
        assert_int_equal(take(d, &d->boxes, &receipt), STATUS_OK);
        assert_int_equal(receipt.count, RECORDS);
        for (size_t i = 0; i < receipt.count; i++) {
            enum receipt_outcome outcome = receipt.item[i].outcome;
            bool repeat = outcome == RECEIPT_REPEAT;
            assert_true(repeat || outcome == RECEIPT_ACCEPTED);
            assert_true(repeat || (!confirmed && time == 0));
        }
        receipt_clear(&receipt);
        assert_int_equal(counted(d), BEFORE + RECORDS);
    }
}

static void
fill(struct disaster *d, struct buf *boxes, size_t count, size_t from)
{
    for (size_t i = 0; i < count; i++) {
        char code[24];
        struct seal_hash slip = {{0}};
        (void)snprintf(code, sizeof(code), "%06zu", from + i);
        slip.bytes[0] = (uint8_t)(from + i + 1);
        const struct batch_fixture_answers a = {
            .glad = i % 2 ? "yes" : "no",
            .score = "7",
            .code = d->kind == RECORD_NAMED ? code : NULL,
            .slip = slip,
        };
        batch_fixture_seal(&d->f, &a, boxes);
    }
}

/* Who may answer: slips and persons for all records. */
static void
admit(struct disaster *d)
{
    for (size_t i = 0; i < BEFORE + RECORDS; i++) {
        char code[24];
        char none[] = "";
        int64_t id = 0;
        struct seal_hash slip = {{0}};
        (void)snprintf(code, sizeof(code), "%06zu", i);
        slip.bytes[0] = (uint8_t)(i + 1);
        const struct store_person p = {
            .code = code, .name = code, .role = none};
        if (d->kind == RECORD_SLIP) {
            assert_int_equal(store_slip_add(d->f.store, d->f.wave.id, &slip),
                             STATUS_OK);
        } else if (d->kind == RECORD_NAMED) {
            assert_int_equal(store_person_add(d->f.store, &p, &id), STATUS_OK);
        }
    }
}

static void
setup(struct disaster *d, enum record_kind kind)
{
    struct receipt receipt;
    memset(d, 0, sizeof(*d));
    d->kind = kind;
    power_reset(1);
    batch_fixture_open_vfs(&d->f, kind, POWER_VFS);
    buf_init(&d->before, BATCH_MAX_BYTES);
    buf_init(&d->boxes, BATCH_MAX_BYTES);
    admit(d);
    fill(d, &d->before, BEFORE, 0);
    fill(d, &d->boxes, RECORDS, BEFORE);
    assert_int_equal(take(d, &d->before, &receipt), STATUS_OK);
    receipt_clear(&receipt);
    store_close(d->f.store);
    d->f.store = NULL;
    power_save();
}

static void
teardown(struct disaster *d)
{
    buf_deinit(&d->before);
    buf_deinit(&d->boxes);
    batch_fixture_close(&d->f);
}

static void
again(struct disaster *d, uint64_t seed)
{
    store_close(d->f.store);
    d->f.store = NULL;
    power_load(seed);
    open_again(d);
}

static bool
worth_trying(size_t n, size_t total)
{
    size_t edge = CHANGES_TRIED / 3;
    return try_all || n <= edge || n + edge > total
           || n % (1 + total / edge) == 0;
}

static const enum record_kind kinds[] = {RECORD_ANONYMOUS, RECORD_SLIP,
                                         RECORD_NAMED};

static size_t
changes_of(struct disaster *d)
{
    bool confirmed = false;
    again(d, 1);
    power_arm(POWER_CUT, 0);
    assert_int_equal(work(d, &confirmed), STATUS_OK);
    return power_changes();
}

static void
every_answer_counts_once_when_the_power_goes(void **state)
{
    (void)state;
    size_t tried = 0;
    uint64_t seeds = try_all ? SEEDS_ALL : SEEDS;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        static struct disaster d;
        setup(&d, kinds[k]);
        size_t total = changes_of(&d);
        for (uint64_t n = 1; n <= total + 1; n++) {
            for (uint64_t seed = 1; seed <= seeds && worth_trying(n, total);
                 seed++) {
                bool confirmed = false;
                again(&d, seed * 7919 + n);
                power_arm(POWER_CUT, n);
                enum status st = work(&d, &confirmed);
                assert_true(power_struck() || st == STATUS_OK);
                store_close(d.f.store);
                d.f.store = NULL;
                power_restore();
                open_again(&d);
                kiosk_repeats(&d, confirmed);
                tried++;
            }
        }
        teardown(&d);
    }
    print_message("%zu power cuts\n", tried);
}

static void
a_failing_disk_is_an_answer(void **state)
{
    (void)state;
    static const enum power_fault faults[] = {POWER_FULL, POWER_ERROR};
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        static struct disaster d;
        setup(&d, kinds[k]);
        size_t total = changes_of(&d);
        for (uint64_t n = 1; n <= total + 1; n++) {
            for (size_t which = 0; which < 2 && worth_trying(n, total);
                 which++) {
                bool confirmed = false;
                again(&d, n);
                power_arm(faults[which], n);
                enum status st = work(&d, &confirmed);
                assert_true(power_struck() || st == STATUS_OK);
                power_arm(POWER_ERROR, 0);
                kiosk_repeats(&d, confirmed);
            }
        }
        teardown(&d);
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_counts_once_when_the_power_goes),
        cmocka_unit_test(a_failing_disk_is_an_answer),
    };
    try_all = argc > 1 && strcmp(argv[1], "all") == 0;
    /* The disaster is loud, and meant to be. */
    log_set_level(LOG_ERROR);
    if (seal_init() < 0 || !power_register()) {
        return 1;
    }
    int failed = cmocka_run_group_tests_name("ingest/power", tests, NULL, NULL);
    power_free();
    return failed;
}
