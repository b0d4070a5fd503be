#include "wire/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/pack.h"
#include "base/random.h"
#include "harness/harness.h"
#include "wire/envelope.h"

static struct seal_sign_pair kiosk;

static void
encode_two(struct buf *out, struct batch *batch, uint8_t boxes[2][2048])
{
    static struct batch_record record[2];
    random_bytes(boxes, (size_t)2 * 2048);
    record[0] = (struct batch_record){boxes[0], 512};
    record[1] = (struct batch_record){boxes[1], 2048};
    *batch = (struct batch){.epoch = 7, .record = record, .count = 2};
    buf_init(out, BATCH_MAX_BYTES);
    assert_int_equal(batch_encode(batch, &kiosk, out), STATUS_OK);
}

static void
arrives_as_it_left(void **state)
{
    (void)state;
    struct buf message;
    struct batch sent;
    struct batch got;
    uint8_t boxes[2][2048];
    encode_two(&message, &sent, boxes);
    assert_int_equal(batch_decode(message.data, message.len, &got), STATUS_OK);
    assert_memory_equal(&got.kiosk, &kiosk.public_key, sizeof(got.kiosk));
    assert_memory_equal(&got.id, &sent.id, sizeof(got.id));
    assert_int_equal(got.epoch, 7);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.record[0].len, 512);
    assert_memory_equal(got.record[0].box, boxes[0], 512);
    assert_memory_equal(got.record[1].box, boxes[1], 2048);
    batch_clear(&got);
    buf_deinit(&message);
}

static void
every_cut_and_every_flipped_bit_is_refused(void **state)
{
    (void)state;
    struct buf message;
    struct batch sent;
    struct batch got;
    uint8_t boxes[2][2048];
    encode_two(&message, &sent, boxes);
    for (size_t i = 0; i < message.len; i++) {
        assert_true(batch_decode(message.data, i, &got) < 0);
        message.data[i] ^= 0x04;
        assert_true(batch_decode(message.data, message.len, &got) < 0);
        message.data[i] ^= 0x04;
    }
    buf_putc(&message, 0);
    assert_int_equal(batch_decode(message.data, message.len, &got),
                     STATUS_E_INVALID);
    buf_deinit(&message);
}

static void
an_empty_one_asks_for_news(void **state)
{
    (void)state;
    struct buf message;
    struct batch batch = {.epoch = 0};
    struct batch got;
    buf_init(&message, BATCH_MAX_BYTES);
    assert_int_equal(batch_encode(&batch, &kiosk, &message), STATUS_OK);
    assert_int_equal(batch_decode(message.data, message.len, &got), STATUS_OK);
    assert_int_equal(got.count, 0);
    batch_clear(&got);
    buf_deinit(&message);
}

static void
keeps_its_limits(void **state)
{
    (void)state;
    static struct batch_record record[BATCH_MAX_RECORDS + 1];
    static uint8_t box[131072];
    struct buf message;
    struct batch batch = {.record = record};
    buf_init(&message, (size_t)2 * BATCH_MAX_BYTES);
    for (size_t i = 0; i < BATCH_MAX_RECORDS + 1; i++) {
        record[i] = (struct batch_record){box, 512};
    }
    batch.count = BATCH_MAX_RECORDS + 1;
    assert_int_equal(batch_encode(&batch, &kiosk, &message), STATUS_E_LIMIT);
    for (size_t i = 0; i < 40; i++) {
        record[i].len = sizeof(box);
    }
    batch.count = 40; /* five megabytes */
    assert_int_equal(batch_encode(&batch, &kiosk, &message), STATUS_E_LIMIT);
    record[0].len = 513;
    batch.count = 1;
    assert_int_equal(batch_encode(&batch, &kiosk, &message), STATUS_E_INVALID);
    buf_deinit(&message);
}

/* What an enrolled but hostile kiosk could sign. */
static void
a_signed_payload_must_still_be_a_batch(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint64_t version;
        size_t record_len;
        bool extra;
        enum status want;
    } rows[] = {
        {"well-formed", 1, 512, false, STATUS_OK},
        {"later version", 2, 512, false, STATUS_E_UNSUPPORTED},
        {"no version", 0, 512, false, STATUS_E_INVALID},
        {"no bucket", 1, 511, false, STATUS_E_INVALID},
        {"something behind", 1, 512, true, STATUS_E_INVALID},
    };
    static const uint8_t box[512];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        struct buf payload;
        struct buf message;
        struct batch got;
        buf_init(&payload, 4096);
        buf_init(&message, 4096);
        pack_array(&payload, 4);
        pack_uint(&payload, rows[i].version);
        pack_bytes(&payload, kiosk.public_key.bytes, SEAL_SIGN_PUBLIC_BYTES);
        pack_uint(&payload, 1);
        pack_array(&payload, 1);
        pack_bytes(&payload, box, rows[i].record_len);
        if (rows[i].extra) {
            pack_uint(&payload, 0);
        }
        assert_int_equal(envelope_sign(&kiosk, "anketa batch", payload.data,
                                       payload.len, &message),
                         STATUS_OK);
        assert_int_equal(batch_decode(message.data, message.len, &got),
                         rows[i].want);
        batch_clear(&got);
        buf_deinit(&payload);
        buf_deinit(&message);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrives_as_it_left),
        cmocka_unit_test(every_cut_and_every_flipped_bit_is_refused),
        cmocka_unit_test(an_empty_one_asks_for_news),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(a_signed_payload_must_still_be_a_batch),
    };
    if (seal_init() < 0) {
        return 1;
    }
    seal_sign_pair_new(&kiosk);
    return cmocka_run_group_tests_name("wire/batch", tests, NULL, NULL);
}
