#include "xlsform/spelling.h"

#include "harness/harness.h"

static void
counts_edits_and_exchanged_neighbours(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        size_t want; /* at most 4: one more than the limit */
    } rows[] = {
        {"name", "name", 0},      {"nmae", "name", 1},
        {"Name", "nAME", 0},      {"relevnt", "relevant", 1},
        {"тип", "типы", 1},       {"тпи", "тип", 1},
        {"", "abc", 3},           {"kitten", "sitting", 3},
        {"ca", "abc", 3},         {"abcdef", "uvwxyz", 4},
        {"choices", "choies", 1}, {"label", "lable", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].a);
        assert_int_equal(spelling_distance(rows[i].a, rows[i].b, 3),
                         rows[i].want);
        assert_int_equal(spelling_distance(rows[i].b, rows[i].a, 3),
                         rows[i].want);
    }
}

static void
names_the_nearest_or_nothing(void **state)
{
    (void)state;
    static const char *const known[] = {"name", "label", "required", NULL};
    assert_string_equal(spelling_nearest("nmae", known), "name");
    assert_string_equal(spelling_nearest("requird", known), "required");
    assert_null(spelling_nearest("colour", known));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_edits_and_exchanged_neighbours),
        cmocka_unit_test(names_the_nearest_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
