#include "collector/programme/template.h"

#include <string.h>

#include "harness/harness.h"

static void
put(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "<%s=%s>", name, value);
}

static void
fields_are_put_in_and_what_is_none_stays(void **state)
{
    (void)state;
    static const struct template_field field[] = {{"a", "1"}, {"b", NULL}};
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"x{{a}}y{{b}}{{c}}z", "x<a=1>y<b=><c=>z"},
        {"{{a", "{{a"},
        {"{a}} {{a}}", "{a}} <a=1>"},
        {"{{{a}}}", "<{a=>}"},
        {"{{}}", "<=>"},
        {"{{a234567890123456789012345678901234}} {{a}}",
         "{{a234567890123456789012345678901234}} {{a}}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out;
        buf_init(&out, 1000);
        template_fill(cases[i].text, strlen(cases[i].text), field, 2, put,
                      &out);
        assert_string_equal(out.data ? out.data : "", cases[i].want);
        buf_deinit(&out);
    }
}

static void
a_part_is_cut_out_without_its_lines(void **state)
{
    (void)state;
    struct template_section s;
    assert_true(
        template_section("before\n{{#x}}\nrow\n{{/x}}\nafter", "x", &s));
    assert_int_equal(s.before_len, strlen("before\n"));
    assert_int_equal(s.body_len, strlen("row\n"));
    assert_memory_equal(s.body, "row\n", s.body_len);
    assert_string_equal(s.after, "after");
    assert_false(template_section("{{#x}}\nrow\n", "x", &s));
    assert_false(template_section("{{#x}}\nrow\n{{/x}}\n", "y", &s));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_put_in_and_what_is_none_stays),
        cmocka_unit_test(a_part_is_cut_out_without_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
