#include "wire/enrol.h"

#include <string.h>

#include "harness/harness.h"

static struct seal_sign_pair collector;
static struct seal_sign_pair kiosk;

static struct enrol_identity
identity(void)
{
    struct enrol_identity who = {
        .sign = collector.public_key, .tls_pin = {5, 6}, .epoch = 2};
    who.seal.bytes[0] = 77;
    return who;
}

static void
a_code_is_read_however_it_was_typed(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        enum status want;
    } rows[] = {
        {"empty", "", STATUS_E_INVALID},
        {"too short", "ABCE", STATUS_E_INVALID},
        {"foreign letters", "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ", STATUS_E_INVALID},
        {"out of range", "YYYY-YYYY-YYYY-YYYY-YYYY-YYYY", STATUS_E_INVALID},
    };
    struct enrol_code got;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        assert_int_equal(enrol_code_parse(rows[i].text, &got), rows[i].want);
    }

    static const char *const cyrillic[] = {"А", "В", "С", "е", "н", "К",
                                           "М", "о", "Р", "т", "х", "У"};
    static const char latin[] = "ABCEHKMOPTXY";
    struct enrol_identity who = identity();
    for (int round = 0; round < 200; round++) {
        struct enrol_code code;
        char text[ENROL_CODE_CHARS + 1];
        struct buf typed;
        buf_init(&typed, 100);
        enrol_code_new(&who, &code);
        enrol_code_print(&code, text);
        assert_int_equal(strlen(text), ENROL_CODE_CHARS);
        assert_int_equal(enrol_code_parse(text, &got), STATUS_OK);
        assert_memory_equal(&got, &code, sizeof(code));
        for (size_t i = 0; i < ENROL_CODE_CHARS; i++) {
            const char *at = strchr(latin, text[i]);
            buf_puts(&typed, at ? cyrillic[at - latin] : " ");
        }
        assert_int_equal(enrol_code_parse(typed.data, &got), STATUS_OK);
        buf_deinit(&typed);
        assert_memory_equal(&got, &code, sizeof(code));
    }
}

static void
a_typing_error_is_noticed(void **state)
{
    (void)state;
    struct enrol_identity who = identity();
    size_t missed = 0;
    size_t tried = 0;
    for (int round = 0; round < 100; round++) {
        struct enrol_code code;
        struct enrol_code got;
        char text[ENROL_CODE_CHARS + 1];
        enrol_code_new(&who, &code);
        enrol_code_print(&code, text);
        for (size_t i = 0; i < ENROL_CODE_CHARS; i++) {
            char was = text[i];
            if (was == '-') {
                continue;
            }
            text[i] = was == 'A' ? 'K' : 'A';
            missed += enrol_code_parse(text, &got) == STATUS_OK;
            tried++;
            text[i] = was;
        }
    }
    assert_int_equal(tried, 2400);
    assert_true(missed <= 8); /* one in 4096 is expected */
}

static void
a_code_knows_its_collector(void **state)
{
    (void)state;
    struct enrol_identity who = identity();
    struct enrol_code code;
    enrol_code_new(&who, &code);
    who.epoch = 99;
    assert_int_equal(enrol_code_check(&code, &who), STATUS_OK);
    who.tls_pin[31] ^= 1;
    assert_int_equal(enrol_code_check(&code, &who), STATUS_E_AUTH);
    who = identity();
    who.sign = kiosk.public_key;
    assert_int_equal(enrol_code_check(&code, &who), STATUS_E_AUTH);
}

static void
messages_arrive_and_resist_change(void **state)
{
    (void)state;
    struct enrol_identity who = identity();
    struct enrol_identity got;
    struct enrol_request request = {.secret = {1, 2, 3, 4, 5},
                                    .name = "Учительская, 2 этаж"};
    struct enrol_request got_request;
    struct buf b;
    buf_init(&b, ENROL_MAX_BYTES);

    assert_int_equal(enrol_identity_encode(&who, &b), STATUS_OK);
    assert_int_equal(enrol_identity_decode(b.data, b.len, &got), STATUS_OK);
    assert_memory_equal(&got, &who, sizeof(who));
    assert_true(enrol_identity_decode(b.data, b.len - 1, &got) < 0);

    buf_clear(&b);
    assert_int_equal(enrol_request_encode(&request, &kiosk, &b), STATUS_OK);
    assert_int_equal(enrol_request_decode(b.data, b.len, &got_request),
                     STATUS_OK);
    assert_string_equal(got_request.name, request.name);
    assert_memory_equal(got_request.secret, request.secret, 5);
    assert_memory_equal(&got_request.kiosk, &kiosk.public_key, 32);
    for (size_t i = 0; i < b.len; i++) {
        b.data[i] ^= 2;
        assert_true(enrol_request_decode(b.data, b.len, &got_request) < 0);
        b.data[i] ^= 2;
    }

    buf_clear(&b);
    const struct enrol_answer answer = {.who = who, .name = "Кабинет 12"};
    struct enrol_answer told;
    assert_int_equal(
        enrol_answer_encode(&answer, &kiosk.public_key, &collector, &b),
        STATUS_OK);
    assert_int_equal(
        enrol_answer_decode(b.data, b.len, &kiosk.public_key, &told),
        STATUS_OK);
    assert_memory_equal(&told.who, &who, sizeof(who));
    assert_string_equal(told.name, answer.name);
    assert_int_equal(
        enrol_answer_decode(b.data, b.len, &collector.public_key, &told),
        STATUS_E_AUTH);
    assert_string_equal(told.name, "");
    buf_deinit(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_read_however_it_was_typed),
        cmocka_unit_test(a_typing_error_is_noticed),
        cmocka_unit_test(a_code_knows_its_collector),
        cmocka_unit_test(messages_arrive_and_resist_change),
    };
    if (seal_init() < 0) {
        return 1;
    }
    seal_sign_pair_new(&collector);
    seal_sign_pair_new(&kiosk);
    return cmocka_run_group_tests_name("wire/enrol", tests, NULL, NULL);
}
