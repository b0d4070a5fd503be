#include "base/utf8.h"

#include <string.h>

#include "harness/harness.h"

static void
accepts_exactly_what_rfc_3629_allows(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *bytes;
        bool valid;
        size_t count;
    } rows[] = {
        {"empty", "", true, 0},
        {"ascii", "abc", true, 3},
        {"cyrillic", "ёж", true, 2},
        {"four bytes", "\xF0\x9F\x99\x82", true, 1},
        {"last code point", "\xF4\x8F\xBF\xBF", true, 1},
        {"beyond the last", "\xF4\x90\x80\x80", false, 4},
        {"surrogate", "\xED\xA0\x80", false, 3},
        {"overlong two", "\xC0\xAF", false, 2},
        {"overlong three", "\xE0\x80\xAF", false, 3},
        {"cut short", "\xD1", false, 1},
        {"stray continuation", "a\x80z", false, 3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        size_t len = strlen(rows[i].bytes);
        assert_int_equal(utf8_valid(rows[i].bytes, len), rows[i].valid);
        assert_int_equal(utf8_count(rows[i].bytes, len), rows[i].count);
    }
}

static void
encodes_what_it_decodes(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x110000; cp++) {
        char bytes[UTF8_MAX_BYTES];
        size_t len = utf8_encode(cp, bytes);
        bool scalar = cp <= 0x10FFFF && !(cp >= 0xD800 && cp <= 0xDFFF);
        assert_int_equal(len > 0, scalar);
        if (scalar) {
            uint32_t back = 0;
            assert_int_equal(utf8_decode(bytes, len, &back), len);
            assert_int_equal(back, cp);
        }
    }
}

static void
folds_cyrillic(void **state)
{
    (void)state;
    assert_int_equal(utf8_fold(0x401), 0x451); /* Ё */
    assert_int_equal(utf8_fold(0x41F), 0x43F); /* П */
    assert_int_equal(utf8_fold(0x44F), 0x44F); /* я */
    assert_int_equal(utf8_fold('Q'), 'q');
    assert_int_equal(utf8_fold('7'), '7');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_exactly_what_rfc_3629_allows),
        cmocka_unit_test(encodes_what_it_decodes),
        cmocka_unit_test(folds_cyrillic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
