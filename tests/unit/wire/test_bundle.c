#include "wire/bundle.h"

#include <string.h>

#include "base/pack.h"
#include "harness/harness.h"
#include "wire/envelope.h"

static struct seal_sign_pair collector;
static struct seal_sign_pair kiosk;

static void
encode(struct buf *out)
{
    static struct bundle_survey survey[] = {
        {"interim", "3", "autumn", RECORD_ANONYMOUS, 5, 4, false},
        {"ballot", "1", "", RECORD_BALLOT, 0, 2, true},
    };
    static struct bundle_form form[] = {{"interim", "3", "<h:html/>", 9}};
    static struct bundle_media media[] = {{"interim", "a.png", "\x89PNG", 4}};
    static struct bundle_setting setting[] = {{"kiosk.name", "Учительская"}};
    static struct seal_hash slip[] = {{{1}}, {{2}}};
    static struct bundle_slips slips[] = {{"vote", "w", {3}, slip, 2}};
    static struct bundle_person person[] = {
        {"ballot", {{4}}, "Анна Петровна", "mentor"}};
    const struct bundle bundle = {
        .serial = 12,
        .epoch = 2,
        .seal = {{8}},
        .rotates = true,
        .next_sign = {{9}},
        .next_tls_pin = {10},
        .survey = survey,
        .survey_count = 2,
        .form = form,
        .form_count = 1,
        .media = media,
        .media_count = 1,
        .setting = setting,
        .setting_count = 1,
        .slips = slips,
        .slips_count = 1,
        .person = person,
        .person_count = 1,
    };
    buf_init(out, BUNDLE_MAX_BYTES);
    assert_int_equal(bundle_encode(&bundle, &collector, out), STATUS_OK);
}

static void
arrives_as_it_left(void **state)
{
    (void)state;
    struct buf message;
    struct bundle got;
    encode(&message);
    assert_int_equal(
        bundle_decode(message.data, message.len, &collector.public_key, &got),
        STATUS_OK);
    assert_int_equal(got.serial, 12);
    assert_int_equal(got.epoch, 2);
    assert_int_equal(got.seal.bytes[0], 8);
    assert_true(got.rotates);
    assert_int_equal(got.next_sign.bytes[0], 9);
    assert_int_equal(got.next_tls_pin[0], 10);
    assert_int_equal(got.survey_count, 2);
    assert_string_equal(got.survey[0].form_id, "interim");
    assert_string_equal(got.survey[0].wave, "autumn");
    assert_int_equal(got.survey[0].k, 5);
    assert_int_equal(got.survey[1].kind, RECORD_BALLOT);
    assert_true(got.survey[1].closed);
    assert_int_equal(got.form[0].xform_len, 9);
    assert_memory_equal(got.form[0].xform, "<h:html/>", 9);
    assert_string_equal(got.media[0].name, "a.png");
    assert_string_equal(got.setting[0].value, "Учительская");
    assert_int_equal(got.slips[0].count, 2);
    assert_int_equal(got.slips[0].hash[1].bytes[0], 2);
    assert_string_equal(got.person[0].name, "Анна Петровна");
    bundle_clear(&got);
    buf_deinit(&message);
}

static void
every_cut_and_every_flipped_bit_is_refused(void **state)
{
    (void)state;
    struct buf message;
    struct bundle got;
    encode(&message);
    for (size_t i = 0; i < message.len; i++) {
        assert_true(bundle_decode(message.data, i, &collector.public_key, &got)
                    < 0);
        message.data[i] ^= 0x20;
        assert_true(bundle_decode(message.data, message.len,
                                  &collector.public_key, &got)
                    < 0);
        message.data[i] ^= 0x20;
    }
    assert_int_equal(
        bundle_decode(message.data, message.len, &kiosk.public_key, &got),
        STATUS_E_AUTH);
    buf_deinit(&message);
}

static void
an_empty_library_is_a_library(void **state)
{
    (void)state;
    struct buf message;
    const struct bundle empty = {.serial = 1, .epoch = 1};
    struct bundle got;
    buf_init(&message, BUNDLE_MAX_BYTES);
    assert_int_equal(bundle_encode(&empty, &collector, &message), STATUS_OK);
    assert_int_equal(
        bundle_decode(message.data, message.len, &collector.public_key, &got),
        STATUS_OK);
    assert_false(got.rotates);
    assert_int_equal(got.survey_count, 0);
    bundle_clear(&got);
    buf_deinit(&message);
}

static void
a_request_is_signed_by_the_kiosk_it_names(void **state)
{
    (void)state;
    struct buf message;
    struct bundle_request request = {.tls_pin = {1, 2},
                                     .serial = 5,
                                     .epoch = 7,
                                     .program = "0.1",
                                     .form = {{"quality", BUNDLE_WAITING_500}},
                                     .form_count = 1};
    struct bundle_request got;
    buf_init(&message, BUNDLE_REQUEST_MAX_BYTES);
    assert_int_equal(bundle_request_encode(&request, &kiosk, &message),
                     STATUS_OK);
    assert_int_equal(bundle_request_decode(message.data, message.len, &got),
                     STATUS_OK);
    assert_memory_equal(&got.kiosk, &kiosk.public_key, sizeof(got.kiosk));
    assert_int_equal(got.serial, 5);
    assert_int_equal(got.tls_pin[1], 2);
    assert_int_equal(got.epoch, 7);
    assert_string_equal(got.program, "0.1");
    assert_int_equal(got.form_count, 1);
    assert_string_equal(got.form[0].form_id, "quality");
    assert_int_equal(got.form[0].waiting, BUNDLE_WAITING_500);
    for (size_t i = 0; i < message.len; i++) {
        message.data[i] ^= 1;
        assert_true(bundle_request_decode(message.data, message.len, &got) < 0);
        message.data[i] ^= 1;
    }
    buf_deinit(&message);
}

static void
a_request_of_the_version_before_is_understood(void **state)
{
    (void)state;
    static const uint8_t pin[ENROL_TLS_PIN_BYTES] = {3};
    for (uint64_t version = 1; version <= 3; version++) {
        struct buf payload;
        struct buf message;
        struct bundle_request got;
        buf_init(&payload, BUNDLE_REQUEST_MAX_BYTES);
        buf_init(&message, BUNDLE_REQUEST_MAX_BYTES);
        pack_array(&payload, 4);
        pack_uint(&payload, version);
        pack_bytes(&payload, kiosk.public_key.bytes,
                   sizeof(kiosk.public_key.bytes));
        pack_bytes(&payload, pin, sizeof(pin));
        pack_uint(&payload, 9);
        assert_int_equal(envelope_sign(&kiosk, "anketa library?", payload.data,
                                       payload.len, &message),
                         STATUS_OK);
        enum status st = bundle_request_decode(message.data, message.len, &got);
        assert_int_equal(st, version == 1 ? STATUS_OK : STATUS_E_UNSUPPORTED);
        assert_true(version > 1 || got.serial == 9);
        assert_int_equal(got.form_count, 0);
        buf_deinit(&message);
        buf_deinit(&payload);
    }
}

static void
what_waits_is_said_in_steps(void **state)
{
    (void)state;
    static const struct {
        uint64_t records;
        enum bundle_waiting want;
    } rows[] = {
        {0, BUNDLE_WAITING_FEW},           {1, BUNDLE_WAITING_FEW},
        {49, BUNDLE_WAITING_FEW},          {50, BUNDLE_WAITING_50},
        {499, BUNDLE_WAITING_50},          {500, BUNDLE_WAITING_500},
        {4999, BUNDLE_WAITING_500},        {5000, BUNDLE_WAITING_5000},
        {UINT64_MAX, BUNDLE_WAITING_5000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(bundle_waiting_of(rows[i].records), rows[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrives_as_it_left),
        cmocka_unit_test(every_cut_and_every_flipped_bit_is_refused),
        cmocka_unit_test(an_empty_library_is_a_library),
        cmocka_unit_test(a_request_is_signed_by_the_kiosk_it_names),
        cmocka_unit_test(a_request_of_the_version_before_is_understood),
        cmocka_unit_test(what_waits_is_said_in_steps),
    };
    if (seal_init() < 0) {
        return 1;
    }
    seal_sign_pair_new(&collector);
    seal_sign_pair_new(&kiosk);
    return cmocka_run_group_tests_name("wire/bundle", tests, NULL, NULL);
}
