#include "collector/ingest/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_fixture.h"
#include "collector/web/publish.h"
#include "harness/harness.h"
#include "seal/record.h"

#define BOXES_MAX_BYTES ((size_t)8 * 1024 * 1024)

static struct batch_fixture fixture;
static struct buf boxes;

static int
open_anonymous(void **state)
{
    (void)state;
    batch_fixture_open(&fixture, RECORD_ANONYMOUS);
    buf_init(&boxes, BOXES_MAX_BYTES);
    return 0;
}

static int
open_named(void **state)
{
    (void)state;
    batch_fixture_open(&fixture, RECORD_NAMED);
    buf_init(&boxes, BOXES_MAX_BYTES);
    return 0;
}

static int
open_slip(void **state)
{
    (void)state;
    batch_fixture_open(&fixture, RECORD_SLIP);
    buf_init(&boxes, BOXES_MAX_BYTES);
    return 0;
}

static int
close_all(void **state)
{
    (void)state;
    buf_deinit(&boxes);
    batch_fixture_close(&fixture);
    return 0;
}

/* Take in what is in `boxes` and return the outcome of the first record. */
static enum receipt_outcome
take_one(void)
{
    struct receipt receipt;
    batch_fixture_take(&fixture, &boxes, &receipt);
    assert_true(receipt.count > 0);
    enum receipt_outcome outcome = receipt.item[0].outcome;
    receipt_clear(&receipt);
    return outcome;
}

static int64_t
answers(void)
{
    struct store_wave w = {0};
    assert_int_equal(store_wave(fixture.reader, fixture.wave.name, &w),
                     STATUS_OK);
    int64_t n = w.answers;
    store_wave_clear(&w);
    return n;
}

static void
what_is_sent_is_counted(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        const struct batch_fixture_answers a = {
            .glad = i % 4 == 0 ? "no" : "yes",
            .score = i % 2 ? "7" : "8",
            .why = i % 4 == 0 ? "because" : NULL,
        };
        batch_fixture_seal(&fixture, &a, &boxes);
    }
    struct receipt receipt;
    batch_fixture_take(&fixture, &boxes, &receipt);
    assert_int_equal(receipt.count, 200);
    assert_int_equal(receipt.epoch, 7);
    assert_int_equal(receipt.position, 1);
    for (size_t i = 0; i < receipt.count; i++) {
        struct seal_hash id;
        size_t size = record_bucket_bytes[0];
        record_id(boxes.data + i * size, size, &id);
        assert_int_equal(receipt.item[i].outcome, RECEIPT_ACCEPTED);
        assert_memory_equal(&receipt.item[i].record, &id, sizeof(id));
    }
    receipt_clear(&receipt);
    assert_int_equal(answers(), 200);
    assert_int_equal(
        batch_fixture_count(&fixture, "/data/glad", STORE_TALLY_CHOICE, 0),
        150);
    assert_int_equal(batch_fixture_count(&fixture, "/data/score",
                                         STORE_TALLY_NUMBER,
                                         8 * STORE_NUMBER_UNIT),
                     100);
    assert_int_equal(
        batch_fixture_count(&fixture, "/data/why", STORE_TALLY_ANSWERED, 0),
        50);
}

static void
nothing_is_counted_twice(void **state)
{
    (void)state;
    const struct batch_fixture_answers a = {
        .glad = "yes",
        .instance_id = "uuid:11111111-1111-4111-8111-111111111111"};
    batch_fixture_seal(&fixture, &a, &boxes);
    assert_int_equal(take_one(), RECEIPT_ACCEPTED);
    assert_int_equal(take_one(), RECEIPT_REPEAT);
    /* The same answer under another seal. */
    buf_clear(&boxes);
    batch_fixture_seal(&fixture, &a, &boxes);
    assert_int_equal(take_one(), RECEIPT_REPEAT);
    /* Twice in one batch. */
    buf_clear(&boxes);
    const struct batch_fixture_answers b = {.glad = "no"};
    batch_fixture_seal(&fixture, &b, &boxes);
    size_t len = boxes.len;
    char *copy = malloc(len);
    assert_non_null(copy);
    memcpy(copy, boxes.data, len);
    buf_put(&boxes, copy, len);
    free(copy);
    struct receipt receipt;
    batch_fixture_take(&fixture, &boxes, &receipt);
    assert_int_equal(receipt.count, 2);
    assert_int_equal(receipt.item[0].outcome + receipt.item[1].outcome,
                     RECEIPT_ACCEPTED + RECEIPT_REPEAT);
    receipt_clear(&receipt);
    assert_int_equal(answers(), 2);
}

static void
a_test_record_is_taken_but_not_counted(void **state)
{
    (void)state;
    const struct batch_fixture_answers a = {.glad = "yes", .test = true};
    batch_fixture_seal(&fixture, &a, &boxes);
    assert_int_equal(take_one(), RECEIPT_ACCEPTED);
    assert_int_equal(take_one(), RECEIPT_REPEAT);
    assert_int_equal(answers(), 0);
}

static int64_t
put_aside(void)
{
    int64_t n = 0;
    assert_int_equal(store_quarantine_count(fixture.reader, &n), STATUS_OK);
    return n;
}

static void
what_cannot_be_taken_is_refused_and_kept(void **state)
{
    (void)state;
    const struct batch_fixture_answers broken = {.break_rules = true};
    batch_fixture_seal(&fixture, &broken, &boxes);
    assert_int_equal(take_one(), RECEIPT_REFUSED_ANSWERS);

    buf_clear(&boxes);
    const struct batch_fixture_answers stray = {.wave = "elsewhere"};
    batch_fixture_seal(&fixture, &stray, &boxes);
    assert_int_equal(take_one(), RECEIPT_REFUSED_FORM);

    /* One flipped bit. */
    buf_clear(&boxes);
    const struct batch_fixture_answers good = {.glad = "yes"};
    batch_fixture_seal(&fixture, &good, &boxes);
    boxes.data[100] = (char)(boxes.data[100] ^ 1);
    assert_int_equal(take_one(), RECEIPT_REFUSED_SEAL);
    assert_int_equal(take_one(), RECEIPT_REFUSED_SEAL);

    assert_int_equal(put_aside(), 3);
    assert_int_equal(answers(), 0);
}

static void
a_good_record_among_bad_ones_is_taken(void **state)
{
    (void)state;
    const struct batch_fixture_answers good = {.glad = "yes"};
    const struct batch_fixture_answers broken = {.break_rules = true};
    for (int i = 0; i < 100; i++) {
        batch_fixture_seal(&fixture, i % 10 == 3 ? &broken : &good, &boxes);
    }
    struct receipt receipt;
    batch_fixture_take(&fixture, &boxes, &receipt);
    for (size_t i = 0; i < receipt.count; i++) {
        assert_int_equal(receipt.item[i].outcome, i % 10 == 3
                                                      ? RECEIPT_REFUSED_ANSWERS
                                                      : RECEIPT_ACCEPTED);
    }
    receipt_clear(&receipt);
    assert_int_equal(answers(), 90);
}

static void
what_was_put_aside_is_taken_once_its_wave_is_there(void **state)
{
    (void)state;
    const struct batch_fixture_answers early = {.glad = "yes", .wave = "t-2"};
    batch_fixture_seal(&fixture, &early, &boxes);
    assert_int_equal(take_one(), RECEIPT_REFUSED_FORM);
    const struct publish_terms terms = {.kind = -1};
    struct store_wave second = {0};
    size_t taken = 0;
    assert_int_equal(publish_wave(fixture.store, fixture.wave.form, NULL,
                                  &terms, 1, &second),
                     STATUS_OK);
    assert_string_equal(second.name, "t-2");
    assert_int_equal(
        ingest_retry(&fixture.ingest, fixture.reader, fixture.store, &taken),
        STATUS_OK);
    assert_int_equal(taken, 1);
    assert_int_equal(put_aside(), 0);
    /* The kiosk, told so before, offers it again. */
    assert_int_equal(take_one(), RECEIPT_REPEAT);
    store_wave_clear(&second);
}

static void
records_under_an_old_key_can_be_read(void **state)
{
    (void)state;
    const struct batch_fixture_answers a = {.glad = "yes"};
    batch_fixture_seal(&fixture, &a, &boxes);
    assert_int_equal(keys_rotate_seal(&fixture.keys), STATUS_OK);
    batch_fixture_seal(&fixture, &a, &boxes);
    struct receipt receipt;
    batch_fixture_take(&fixture, &boxes, &receipt);
    assert_int_equal(receipt.item[0].outcome, RECEIPT_ACCEPTED);
    assert_int_equal(receipt.item[1].outcome, RECEIPT_ACCEPTED);
    receipt_clear(&receipt);
}

static void
a_personal_code_names_one_answer(void **state)
{
    (void)state;
    char code[] = "123456";
    char name[] = "Анна";
    char role[] = "mentee";
    const struct store_person person = {
        .code = code, .name = name, .role = role};
    int64_t id = 0;
    assert_int_equal(store_person_add(fixture.store, &person, &id), STATUS_OK);

    const struct batch_fixture_answers stranger = {.glad = "yes",
                                                   .code = "654321"};
    batch_fixture_seal(&fixture, &stranger, &boxes);
    assert_int_equal(take_one(), RECEIPT_REFUSED_CODE);

    const struct batch_fixture_answers first = {.glad = "yes", .code = code};
    for (int i = 0; i < 2; i++) {
        buf_clear(&boxes);
        batch_fixture_seal(&fixture, &first, &boxes);
        assert_int_equal(take_one(), RECEIPT_ACCEPTED);
    }
    assert_int_equal(answers(), 1);
}

static void
a_slip_is_used_once(void **state)
{
    (void)state;
    struct batch_fixture_answers a = {.glad = "yes"};
    seal_hash("12345678", 8, NULL, 0, &a.slip);
    batch_fixture_seal(&fixture, &a, &boxes);
    assert_int_equal(take_one(), RECEIPT_REFUSED_SLIP);
    assert_int_equal(store_slip_add(fixture.store, fixture.wave.id, &a.slip),
                     STATUS_OK);
    assert_int_equal(take_one(), RECEIPT_ACCEPTED);
    assert_int_equal(take_one(), RECEIPT_REPEAT);
    buf_clear(&boxes);
    batch_fixture_seal(&fixture, &a, &boxes);
    assert_int_equal(take_one(), RECEIPT_REFUSED_SLIP);
    int64_t issued = 0;
    int64_t used = 0;
    assert_int_equal(
        store_slips_count(fixture.store, fixture.wave.id, &issued, &used),
        STATUS_OK);
    assert_int_equal(issued, 1);
    assert_int_equal(used, 1);
    assert_int_equal(answers(), 1);
}

/* --- order ---------------------------------------------------------------- */

#define TRIALS 40
#define PEOPLE 20

struct places {
    int at;
    int first; /* where the first of the batch ended up */
};

static enum status
find_first(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct places *p = self;
    if (cell[0] && strcmp(cell[0], "10") == 0) {
        p->first = p->at;
    }
    p->at++;
    return STATUS_OK;
}

static void
the_order_of_a_batch_is_not_kept(void **state)
{
    (void)state;
    size_t field = form_field_find(fixture.form, "/data/score");
    const uint32_t column = (uint32_t)field;
    int stayed = 0;
    for (int t = 0; t < TRIALS; t++) {
        /* A wave of its own for each trial. */
        const struct publish_terms terms = {.kind = -1};
        struct store_wave wave = {0};
        struct store_wave kept = fixture.wave;
        assert_int_equal(publish_wave(fixture.store, fixture.wave.form, NULL,
                                      &terms, 1, &wave),
                         STATUS_OK);
        fixture.wave = wave;
        buf_clear(&boxes);
        for (int i = 0; i < PEOPLE; i++) {
            const struct batch_fixture_answers a = {.score = i ? "3" : "10"};
            batch_fixture_seal(&fixture, &a, &boxes);
        }
        struct receipt receipt;
        batch_fixture_take(&fixture, &boxes, &receipt);
        receipt_clear(&receipt);
        struct places p = {0};
        assert_int_equal(store_answers_each(fixture.reader, wave.id, &column, 1,
                                            find_first, &p),
                         STATUS_OK);
        assert_int_equal(p.at, PEOPLE);
        stayed += p.first == 0;
        fixture.wave = kept;
        store_wave_clear(&wave);
    }
    /* By chance one in twenty; ten of forty would be one in 60,000. */
    assert_true(stayed < 10);
}

int
main(void)
{
#define ANONYMOUS(name) \
    cmocka_unit_test_setup_teardown(name, open_anonymous, close_all)
    const struct CMUnitTest tests[] = {
        ANONYMOUS(what_is_sent_is_counted),
        ANONYMOUS(nothing_is_counted_twice),
        ANONYMOUS(a_test_record_is_taken_but_not_counted),
        ANONYMOUS(what_cannot_be_taken_is_refused_and_kept),
        ANONYMOUS(a_good_record_among_bad_ones_is_taken),
        ANONYMOUS(what_was_put_aside_is_taken_once_its_wave_is_there),
        ANONYMOUS(records_under_an_old_key_can_be_read),
        cmocka_unit_test_setup_teardown(a_personal_code_names_one_answer,
                                        open_named, close_all),
        cmocka_unit_test_setup_teardown(a_slip_is_used_once, open_slip,
                                        close_all),
        ANONYMOUS(the_order_of_a_batch_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
