#include "harness/harness.h"

#include "xlsform/lexer.h"
#include "xlsform/spelling.h"

static void
dynamic_defaults_are_told_from_literals(void **state)
{
    static const struct {
        const char *text;
        const char *type;
        bool dynamic;
    } rows[] = {
        {"now()", "dateTime", true},
        {"today()", "date", true},
        {"${a}", "text", true},
        {"1 + 1", "integer", true},
        {"a * b", "text", true},
        {"2020-01-02", "date", false},
        {"2020-01-02T10:11:12Z", "dateTime", false},
        {"-12", "integer", false},
        {"Mary-Jane", "text", false},
        {"a - b", "text", true},
        {"Привет", "text", false},
        {"jr://images/a.jpg", "image", false},
        {"concat('a', 'b')", "text", true},
        {"a (b)", "text", false},
        {"", "text", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].text);
        assert_int_equal(lexer_is_dynamic(rows[i].text, rows[i].type),
                         rows[i].dynamic);
    }
}

static void
names_follow_xml(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        {"a", true},   {"_a-1.b", true}, {"возраст", true}, {"odk:tag", true},
        {"1a", false}, {"a b", false},   {"", false},       {"a:", false},
        {"a$", false}, {"-a", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].text);
        assert_int_equal(lexer_is_name(rows[i].text), rows[i].valid);
    }
}

static void
references_are_whole_or_none(void **state)
{
    static const struct {
        const char *text;
        bool whole;
        bool has;
    } rows[] = {
        {"${a}", true, true},
        {" ${a} ", true, true},
        {"${last-saved#a}", true, true},
        {"${a} + 1", false, true},
        {"${}", false, false},
        {"${a", false, false},
        {"$a", false, false},
        {"${a b}", false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].text);
        assert_int_equal(lexer_is_reference(rows[i].text), rows[i].whole);
        assert_int_equal(lexer_has_reference(rows[i].text), rows[i].has);
    }
}

static void
nearest_word_is_found(void **state)
{
    static const char *const known[] = {"relevant", "required", "label", NULL};
    (void)state;
    assert_string_equal(spelling_nearest("relevnt", known), "relevant");
    assert_string_equal(spelling_nearest("Label", known), "label");
    assert_null(spelling_nearest("appearance", known));
    assert_int_equal(spelling_distance("kitten", "sitting", 5), 3);
    assert_int_equal(spelling_distance("ёж", "еж", 5), 1);
    assert_int_equal(spelling_distance("a", "abcdef", 2), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dynamic_defaults_are_told_from_literals),
        cmocka_unit_test(names_follow_xml),
        cmocka_unit_test(references_are_whole_or_none),
        cmocka_unit_test(nearest_word_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
