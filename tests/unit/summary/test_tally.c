#include "collector/summary/tally.h"

#include <math.h>

#include "collector/summary/indicator.h"
#include "collector/summary/proportion.h"
#include "harness/harness.h"

static void
counts_between_limits_inclusively(void **state)
{
    (void)state;
    const struct tally_value v[] = {{1, 2}, {7, 3}, {9, 1}, {10, 4}};
    const struct tally t = {v, 4, 5, 6};
    assert_int_equal(tally_total(&t), 10);
    assert_int_equal(tally_between(&t, 9, 10), 5);
    assert_int_equal(tally_between(&t, 7, INFINITY), 8);
    assert_int_equal(tally_between(&t, 2, 6), 0);
    assert_int_equal(tally_mode_count(&t), 4);
}

static void
bins_hold_every_answer_once_on_round_limits(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct tally_value v[6];
        size_t count;
    } rows[] = {
        {"nothing", {{0, 0}}, 0},
        {"only empty values", {{3, 0}, {4, 0}}, 2},
        {"one value", {{42, 7}}, 1},
        {"years", {{1, 2}, {3, 5}, {12, 8}, {31, 1}}, 4},
        {"halves", {{0.5, 3}, {1.5, 3}, {2.5, 10}}, 3},
        {"below zero", {{-7, 4}, {0, 4}, {6, 4}}, 3},
        {"millions", {{0, 1}, {2e6, 1}, {9e6, 30}}, 3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        const struct tally t = {rows[i].v, rows[i].count, 0, 0};
        struct tally_bin bin[TALLY_BINS_MAX];
        size_t n = tally_histogram(&t, bin);
        uint64_t sum = 0;
        for (size_t b = 0; b < n; b++) {
            sum += bin[b].count;
        }
        assert_int_equal(sum, tally_total(&t));
        if (sum > 0) {
            assert_true(n > 0 && bin[0].from <= rows[i].v[0].value);
            assert_true(bin[n - 1].to >= rows[i].v[rows[i].count - 1].value);
        } else {
            assert_int_equal(n, 0);
        }
    }
}

static void
a_promoter_score_needs_zero_to_ten(void **state)
{
    (void)state;
    const struct tally_value half[] = {{7.5, 1}};
    const struct tally_value eleven[] = {{11, 1}};
    const struct tally a = {half, 1, 0, 0};
    const struct tally b = {eleven, 1, 0, 0};
    const struct tally none = {NULL, 0, 0, 0};
    struct proportion_nps nps;
    assert_int_equal(proportion_nps(&a, 0.95, &nps), STATUS_E_INVALID);
    assert_int_equal(proportion_nps(&b, 0.95, &nps), STATUS_E_INVALID);
    assert_int_equal(proportion_nps(&none, 0.95, &nps), STATUS_NONE);
}

static void
a_target_is_settled_only_when_the_interval_is_clear_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint64_t high;
        uint64_t low;
        double target;
        bool reached;
        bool settled;
    } rows[] = {
        {"far above", 19, 1, 0.5, true, true},
        {"just above", 15, 5, 0.7, true, false},
        {"just below", 13, 7, 0.7, false, false},
        {"far below", 2, 18, 0.7, false, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        const struct tally_value v[] = {{5, rows[i].low}, {7, rows[i].high}};
        const struct tally t = {v, 2, 0, 0};
        struct indicator n = indicator_satisfied(INDICATOR_SATISFIED_MENTORS,
                                                 &t, 7, rows[i].target);
        assert_int_equal(n.reached, rows[i].reached);
        assert_int_equal(n.settled, rows[i].settled);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_between_limits_inclusively),
        cmocka_unit_test(bins_hold_every_answer_once_on_round_limits),
        cmocka_unit_test(a_promoter_score_needs_zero_to_ten),
        cmocka_unit_test(
            a_target_is_settled_only_when_the_interval_is_clear_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
