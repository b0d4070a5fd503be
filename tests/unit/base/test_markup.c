#include "base/markup.h"

#include <string.h>

#include "harness/harness.h"

static void
texts_are_escaped_as_their_place_needs(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        unsigned how;
        const char *want;
    } rows[] = {
        {"nothing to escape", "Да, «очень»", MARKUP_TEXT, "Да, «очень»"},
        {"empty", "", MARKUP_QUOTE, ""},
        {"content", "a<b> & \"c\" 'd'", MARKUP_TEXT,
         "a&lt;b&gt; &amp; \"c\" 'd'"},
        {"attribute", "a\"b'c", MARKUP_QUOTE, "a&quot;b'c"},
        {"either quote", "a\"b'c", MARKUP_QUOTE | MARKUP_APOSTROPHE,
         "a&quot;b&#39;c"},
        {"breaks stay", "a\r\n\tb", MARKUP_TEXT, "a\r\n\tb"},
        {"CR alone", "a\r\n\tb", MARKUP_RETURN, "a&#13;\n\tb"},
        {"all breaks", "a\r\n\tb", MARKUP_RETURN | MARKUP_BREAKS,
         "a&#13;&#10;&#9;b"},
        {"control characters", "\1a\37\177", MARKUP_TEXT,
         "\xEF\xBF\xBD"
         "a\xEF\xBF\xBD\177"},
        {"U+FFFE and U+FFFF", "a\xEF\xBF\xBE\xEF\xBF\xBF", MARKUP_TEXT,
         "a\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"U+FFFD and U+FEFF", "\xEF\xBF\xBD\xEF\xBB\xBF", MARKUP_TEXT,
         "\xEF\xBF\xBD\xEF\xBB\xBF"},
        {"cut off", "a\xEF\xBF", MARKUP_TEXT, "a\xEF\xBF"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        struct buf out;
        buf_init(&out, 256);
        markup_put(&out, rows[i].text, strlen(rows[i].text), rows[i].how);
        assert_string_equal(out.data, rows[i].want);
        buf_deinit(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped_as_their_place_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
