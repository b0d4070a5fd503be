#include "wire/receipt.h"

#include <string.h>

#include "harness/harness.h"

static struct seal_sign_pair collector;
static struct seal_sign_pair kiosk;

static void
encode(struct buf *out)
{
    struct receipt_item item[] = {
        {{{1}}, RECEIPT_ACCEPTED},
        {{{2}}, RECEIPT_REPEAT},
        {{{3}}, RECEIPT_REFUSED_SLIP},
    };
    struct receipt receipt = {
        .kiosk = kiosk.public_key,
        .batch = {{9}},
        .epoch = 3,
        .position = 300,
        .covered = 299,
        .item = item,
        .count = 3,
    };
    buf_init(out, RECEIPT_MAX_BYTES);
    assert_int_equal(receipt_encode(&receipt, &collector, out), STATUS_OK);
}

static void
arrives_as_it_left(void **state)
{
    (void)state;
    struct buf message;
    struct receipt got;
    encode(&message);
    assert_int_equal(receipt_decode(message.data, message.len,
                                    &collector.public_key, &kiosk.public_key,
                                    &got),
                     STATUS_OK);
    assert_int_equal(got.batch.bytes[0], 9);
    assert_int_equal(got.epoch, 3);
    assert_int_equal(got.position, 300);
    assert_int_equal(got.covered, 299);
    assert_int_equal(got.count, 3);
    assert_int_equal(got.item[2].record.bytes[0], 3);
    assert_int_equal(got.item[2].outcome, RECEIPT_REFUSED_SLIP);
    assert_true(receipt_refused(got.item[2].outcome));
    assert_false(receipt_refused(RECEIPT_LATER));
    receipt_clear(&got);
    buf_deinit(&message);
}

static void
only_the_collectors_own_for_this_kiosk_counts(void **state)
{
    (void)state;
    struct buf message;
    struct receipt got;
    encode(&message);
    assert_int_equal(receipt_decode(message.data, message.len,
                                    &kiosk.public_key, &kiosk.public_key, &got),
                     STATUS_E_AUTH);
    assert_int_equal(receipt_decode(message.data, message.len,
                                    &collector.public_key,
                                    &collector.public_key, &got),
                     STATUS_E_AUTH);
    assert_null(got.item);
    for (size_t i = 0; i < message.len; i++) {
        assert_true(receipt_decode(message.data, i, &collector.public_key,
                                   &kiosk.public_key, &got)
                    < 0);
        message.data[i] ^= 0x10;
        assert_true(receipt_decode(message.data, message.len,
                                   &collector.public_key, &kiosk.public_key,
                                   &got)
                    < 0);
        message.data[i] ^= 0x10;
    }
    buf_deinit(&message);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrives_as_it_left),
        cmocka_unit_test(only_the_collectors_own_for_this_kiosk_counts),
    };
    if (seal_init() < 0) {
        return 1;
    }
    seal_sign_pair_new(&collector);
    seal_sign_pair_new(&kiosk);
    return cmocka_run_group_tests_name("wire/receipt", tests, NULL, NULL);
}
