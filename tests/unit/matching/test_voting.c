/*
 * Ties stay ties, lotteries are repeatable, STV explains its rounds.
 */
#include <string.h>

#include <jansson.h>

#include "collector/matching/ballots_json.h"
#include "harness/harness.h"

static json_t *
count(const char *text, const uint64_t *seed)
{
    struct ballots_json b;
    struct diag d;
    json_t *root = json_loads(text, 0, NULL);
    json_t *result = NULL;
    diag_init(&d, I18N_EN);
    assert_non_null(root);
    assert_int_equal(ballots_json_read(root, &d, &b), STATUS_OK);
    assert_int_equal(ballots_json_count(&b, seed, &result), STATUS_OK);
    ballots_json_deinit(&b);
    json_decref(root);
    diag_deinit(&d);
    return result;
}

static const char tied_profile[] =
    "{\"kind\":\"ranked\",\"candidates\":[\"А\",\"Б\"],"
    "\"ballots\":[[[\"А\"]],[[\"Б\"]],[]]}";

static void
a_tie_is_reported_and_only_the_lottery_breaks_it(void **state)
{
    (void)state;
    json_t *r = count(tied_profile, NULL);
    const json_t *decision = json_object_get(r, "decision");
    assert_true(json_is_true(json_object_get(decision, "tied")));
    assert_true(json_is_null(json_object_get(decision, "winners")));
    assert_int_equal(json_integer_value(json_object_get(r, "blank")), 1);
    json_decref(r);

    const uint64_t seed = 42;
    json_t *first = count(tied_profile, &seed);
    json_t *second = count(tied_profile, &seed);
    assert_true(json_equal(first, second));
    decision = json_object_get(first, "decision");
    assert_int_equal(json_array_size(json_object_get(decision, "winners")), 1);
    json_decref(first);
    json_decref(second);
}

static void
equal_ranks_share_points_exactly(void **state)
{
    (void)state;
    json_t *r = count("{\"kind\":\"ranked\",\"candidates\":3,"
                      "\"ballots\":[[[0],[1,2]]]}",
                      NULL);
    json_t *want = json_pack("[i, f, f]", 2, 0.5, 0.5);
    assert_true(json_equal(json_object_get(r, "borda_scores"), want));
    json_decref(want);
    json_decref(r);
}

/* Worked by hand: quota 3; 0 is elected with 4, a quarter of each of its
 * papers goes on; then 1 goes out. */
static void
stv_transfers_the_surplus_at_a_fraction(void **state)
{
    (void)state;
    json_t *r = count("{\"kind\":\"stv\",\"candidates\":4,\"seats\":2,"
                      "\"ballots\":[[[0],[1]],[[0],[1]],[[0],[2]],[[0],[2]],"
                      "[[1]],[[2]],[[2]],[[3],[1]]]}",
                      NULL);
    const json_t *rounds = json_object_get(r, "rounds");
    const json_t *second = json_array_get(rounds, 1);
    const json_t *votes = json_object_get(second, "votes");
    assert_int_equal(json_integer_value(json_object_get(r, "quota")), 3);
    assert_string_equal(json_string_value(json_object_get(second, "action")),
                        "surplus");
    assert_string_equal(json_string_value(json_array_get(votes, 0)), "3.00000");
    assert_string_equal(json_string_value(json_array_get(votes, 1)), "1.50000");
    assert_string_equal(json_string_value(json_array_get(votes, 2)), "2.50000");
    json_t *want = json_pack("[i, i]", 0, 2);
    assert_true(json_equal(json_object_get(r, "stv_scottish"), want));
    json_decref(want);
    json_decref(r);
}

static void
bad_profiles_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{}",
        "{\"kind\":\"guess\",\"candidates\":2,\"ballots\":[]}",
        "{\"kind\":\"ranked\",\"candidates\":0,\"ballots\":[]}",
        "{\"kind\":\"ranked\",\"candidates\":65,\"ballots\":[]}",
        "{\"kind\":\"ranked\",\"candidates\":2,\"ballots\":[[[2]]]}",
        "{\"kind\":\"ranked\",\"candidates\":2,\"ballots\":[[[0],[0]]]}",
        "{\"kind\":\"ranked\",\"candidates\":2,\"ballots\":[3]}",
        "{\"kind\":\"approval\",\"candidates\":2,\"ballots\":[[[0]]]}",
        "{\"kind\":\"stv\",\"candidates\":2,\"seats\":3,\"ballots\":[]}",
        "{\"kind\":\"ranked\",\"candidates\":[\"a\",\"a\"],\"ballots\":[]}",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ballots_json b;
        struct diag d;
        json_t *root = json_loads(rows[i], 0, NULL);
        harness_row(rows[i]);
        diag_init(&d, I18N_EN);
        assert_int_equal(ballots_json_read(root, &d, &b), STATUS_E_INVALID);
        assert_int_equal(d.errors, 1);
        json_decref(root);
        diag_deinit(&d);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tie_is_reported_and_only_the_lottery_breaks_it),
        cmocka_unit_test(equal_ranks_share_points_exactly),
        cmocka_unit_test(stv_transfers_the_surplus_at_a_fraction),
        cmocka_unit_test(bad_profiles_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
