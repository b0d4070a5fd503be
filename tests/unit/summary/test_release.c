#include "collector/summary/release.h"

#include "harness/harness.h"

static const struct {
    const char *label;
    size_t rows;
    size_t columns;
    uint32_t value[12][2];
    bool expected[2];
    bool may;
    bool texts;
} rows[] = {
    {"one column, two large groups",
     10,
     1,
     {{1}, {1}, {1}, {1}, {1}, {2}, {2}, {2}, {2}, {2}},
     {true, false},
     true,
     true},
    {"one column, a group of four",
     9,
     1,
     {{1}, {1}, {1}, {1}, {1}, {2}, {2}, {2}, {2}},
     {false, false},
     true,
     false},
    {"each alone is fine, together not",
     12,
     2,
     {{1, 1},
      {1, 1},
      {1, 1},
      {1, 2},
      {1, 2},
      {1, 2},
      {2, 1},
      {2, 1},
      {2, 1},
      {2, 2},
      {2, 2},
      {2, 2}},
     {true, false},
     true,
     true},
    {"the first is withheld, the second kept",
     11,
     2,
     {{1, 1},
      {2, 1},
      {3, 1},
      {1, 1},
      {1, 1},
      {1, 2},
      {1, 2},
      {1, 2},
      {1, 2},
      {1, 2},
      {1, 2}},
     {false, true},
     true,
     true},
    {"four rows stay where they are",
     4,
     1,
     {{1}, {1}, {1}, {1}},
     {false, false},
     false,
     false},
    {"no group columns", 6, 0, {{0}}, {false, false}, true, false},
};

static void
keeps_only_columns_that_leave_nobody_alone(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        harness_row(rows[r].label);
        uint32_t value[24] = {0};
        for (size_t i = 0; i < rows[r].rows; i++) {
            for (size_t c = 0; c < rows[r].columns; c++) {
                value[i * rows[r].columns + c] = rows[r].value[i][c];
            }
        }
        struct release out;
        assert_int_equal(
            release_decide(value, rows[r].rows, rows[r].columns, 5, &out),
            STATUS_OK);
        assert_int_equal(out.rows, rows[r].may);
        assert_int_equal(out.texts, rows[r].texts);
        for (size_t c = 0; c < rows[r].columns; c++) {
            assert_int_equal(out.column[c], rows[r].expected[c]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_only_columns_that_leave_nobody_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
