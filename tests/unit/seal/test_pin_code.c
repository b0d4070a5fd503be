#include "seal/pin_code.h"

#include <string.h>

#include "harness/harness.h"

static void
weak_ones_are_known_and_told_why(void **unused)
{
    (void)unused;
    static const struct {
        const char *digits;
        const char *why; /* a word of the reason; NULL: none */
    } rows[] = {
        {"111111", "row"},     {"000000", "row"},     {"123456", "row"},
        {"654321", "row"},     {"098765", "row"},     {"135791", "row"},
        {"121212", "repeats"}, {"123123", "repeats"}, {"112233", "repeats"},
        {"123321", "repeats"}, {"111222", "repeats"}, {"120385", "day"},
        {"311299", "day"},     {"850312", "day"},     {"031285", "day"},
        {"199123", "year"},    {"201987", "year"},    {"147258", "keypad"},
        {"159357", "keypad"},  {"12345", "six"},      {"1234567", "six"},
        {"12345a", "six"},     {"", "six"},           {"271828", NULL},
        {"314159", NULL},      {"836194", NULL},      {"407586", NULL},
        {"958037", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].digits);
        const char *fault = pin_code_fault(rows[i].digits);
        assert_int_equal(fault == NULL, rows[i].why == NULL);
        assert_true(!fault || strstr(fault, rows[i].why));
    }
}

static void
it_is_known_again_and_no_other_is(void **unused)
{
    (void)unused;
    struct pin_code code;
    assert_int_equal(pin_code_new("271828", &code), STATUS_OK);
    assert_int_equal(pin_code_check(&code, "271828"), STATUS_OK);
    assert_int_equal(pin_code_check(&code, "271829"), STATUS_E_AUTH);
    assert_int_equal(pin_code_check(&code, ""), STATUS_E_AUTH);
}

static void
the_text_tells_it_and_not_the_digits(void **unused)
{
    (void)unused;
    struct pin_code code;
    struct pin_code other;
    struct pin_code back;
    struct buf text;
    struct buf again;
    buf_init(&text, 2 * PIN_CODE_TEXT_CHARS);
    buf_init(&again, 2 * PIN_CODE_TEXT_CHARS);
    assert_int_equal(pin_code_new("271828", &code), STATUS_OK);
    assert_int_equal(pin_code_new("271828", &other), STATUS_OK);
    pin_code_print(&code, &text);
    pin_code_print(&other, &again);
    assert_int_equal(buf_status(&text), STATUS_OK);
    assert_int_equal(text.len, PIN_CODE_TEXT_CHARS);
    assert_string_not_equal(text.data, again.data); /* salted */
    assert_null(strstr(text.data, "271828"));
    assert_int_equal(pin_code_read(text.data, &back), STATUS_OK);
    assert_memory_equal(&back, &code, sizeof(code));
    buf_deinit(&text);
    buf_deinit(&again);
}

static void
what_is_none_is_refused(void **unused)
{
    (void)unused;
    struct pin_code code;
    struct buf text;
    buf_init(&text, 2 * PIN_CODE_TEXT_CHARS);
    assert_int_equal(pin_code_new("271828", &code), STATUS_OK);
    pin_code_print(&code, &text);
    assert_int_equal(buf_status(&text), STATUS_OK);
    for (size_t i = 0; i < text.len; i++) {
        char kept = text.data[i];
        text.data[i] = 'X';
        assert_int_equal(pin_code_read(text.data, &code), STATUS_E_INVALID);
        text.data[i] = kept;
    }
    text.data[text.len - 1] = '\0';
    assert_int_equal(pin_code_read(text.data, &code), STATUS_E_INVALID);
    assert_int_equal(pin_code_read("", &code), STATUS_E_INVALID);
    assert_int_equal(pin_code_read("271828", &code), STATUS_E_INVALID);
    buf_deinit(&text);
}

static int
open_seal(void **unused)
{
    (void)unused;
    return seal_init() < 0 ? -1 : 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weak_ones_are_known_and_told_why),
        cmocka_unit_test(it_is_known_again_and_no_other_is),
        cmocka_unit_test(the_text_tells_it_and_not_the_digits),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, open_seal, NULL);
}
