#include "base/day.h"

#include "harness/harness.h"

static void
days_have_their_numbers(void **state)
{
    (void)state;
    static const struct {
        struct day day;
        int64_t number;
    } table[] = {
        {{1970, 1, 1}, 0},        {{1969, 12, 31}, -1},
        {{2000, 2, 29}, 11016},   {{2000, 3, 1}, 11017},
        {{1600, 2, 29}, -135081}, {{-1, 12, 31}, -719529},
        {{2026, 9, 1}, 20697},    {{9998, 12, 31}, 2932531},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(day_number(table[i].day), table[i].number);
        struct day d = day_of(table[i].number);
        assert_int_equal(d.year, table[i].day.year);
        assert_int_equal(d.month, table[i].day.month);
        assert_int_equal(d.day, table[i].day.day);
    }
}

static void
every_day_follows_the_one_before(void **state)
{
    (void)state;
    struct day d = {1896, 1, 1};
    for (int64_t n = day_number(d); d.year < 2105; n++) {
        assert_int_equal(day_number(d), n);
        struct day back = day_of(n);
        assert_true(back.year == d.year && back.month == d.month
                    && back.day == d.day);
        if (++d.day > day_count(d.year, d.month)) {
            d.day = 1;
            d.year += d.month == 12 ? 1 : 0;
            d.month = d.month % 12 + 1;
        }
    }
}

static void
an_instant_is_on_the_day_that_has_begun(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        int64_t number;
    } table[] = {{0, 0},   {DAY_MS - 1, 0}, {DAY_MS, 1},
                 {-1, -1}, {-DAY_MS, -1},   {-DAY_MS - 1, -2}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(day_number(day_of_ms(table[i].ms)), table[i].number);
    }
}

static void
there_is_no_such_day(void **state)
{
    (void)state;
    static const struct {
        struct day day;
        bool valid;
    } table[] = {
        {{2028, 2, 29}, true}, {{2027, 2, 29}, false}, {{2100, 2, 29}, false},
        {{2000, 2, 29}, true}, {{2027, 4, 31}, false}, {{2027, 13, 1}, false},
        {{2027, 0, 1}, false}, {{2027, 1, 0}, false},  {{1899, 12, 31}, false}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(day_valid(table[i].day), table[i].valid);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_have_their_numbers),
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(an_instant_is_on_the_day_that_has_begun),
        cmocka_unit_test(there_is_no_such_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
