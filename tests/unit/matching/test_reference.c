/*
 * The instances and profiles of the data folder give what is expected there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/matching/ballots_json.h"
#include "collector/matching/checker.h"
#include "collector/matching/preferences_json.h"
#include "collector/matching/proposal.h"
#include "collector/matching/proposal_json.h"
#include "collector/matching/solver.h"
#include "harness/harness.h"

static json_t *
load(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    assert_non_null(root);
    return root;
}

static json_t *
expected(const json_t *instance, const char *key)
{
    return json_object_get(json_object_get(instance, "expected"), key);
}

static void
expect_number(const json_t *instance, const char *key, json_int_t value)
{
    const json_t *want = expected(instance, key);
    if (want) {
        assert_int_equal(value, json_integer_value(want));
    }
}

static json_t *
propose(const struct preferences *p, enum proposal_objective objective)
{
    const struct proposal_options o = {
        .objective = objective,
        .seed = 1,
        .seconds = 30,
        .steps = 20000,
        .threads = 1,
        .use_solver = true,
    };
    struct proposal x;
    json_t *result = NULL;
    assert_int_equal(proposal_make(p, &o, &x), STATUS_OK);
    assert_int_equal(proposal_json_write(p, &x, &o, I18N_RU, &result),
                     STATUS_OK);
    proposal_deinit(&x);
    return result;
}

static json_int_t
number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* The independent checker accepts the certificate of the result. */
static void
expect_proven(const struct preferences *p, const json_t *result)
{
    struct preferences_json_proof proof;
    struct diag d;
    diag_init(&d, I18N_EN);
    assert_int_equal(preferences_json_read_proof(result, p, &d, &proof),
                     STATUS_OK);
    assert_int_equal(checker_prove(p, &proof.proof), STATUS_OK);
    assert_true((json_int_t)proof.proof.bound >= number(result, "size"));
    proof.proof.bound = proof.proof.bound > 0 ? proof.proof.bound - 1 : 0;
    assert_int_equal(checker_prove(p, &proof.proof), STATUS_E_INVALID);
    preferences_json_proof_free(&proof);
    diag_deinit(&d);
}

static void
check_stable_best(const struct preferences *p, const json_t *instance)
{
    json_t *r = propose(p, PROPOSAL_MAX_SCORE);
    assert_true(json_is_true(json_object_get(r, "stable")));
    expect_proven(p, r);
    if (solver_name()) {
        expect_number(instance, "max_stable_size", number(r, "size"));
        expect_number(instance, "max_size_best_score", number(r, "score"));
        assert_true(json_is_true(json_object_get(r, "optimal")));
    }
    json_decref(r);
}

static void
check_others(const struct preferences *p, const json_t *instance)
{
    json_t *r = propose(p, PROPOSAL_FLOW);
    expect_number(instance, "max_matching_size", number(r, "size"));
    expect_number(instance, "max_matching_best_score", number(r, "score"));
    json_decref(r);
    static const struct {
        enum proposal_objective objective;
        const char *key;
    } rows[] = {
        {PROPOSAL_MENTEE_OPTIMAL, "mentee_optimal"},
        {PROPOSAL_MENTOR_OPTIMAL, "mentor_optimal"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const json_t *want = expected(instance, rows[i].key);
        r = propose(p, rows[i].objective);
        assert_true(json_is_true(json_object_get(r, "stable")));
        assert_true(!want || json_equal(want, json_object_get(r, "matching")));
        json_decref(r);
    }
}

static int
compare_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists of pairs as sets: their texts sorted. */
static void
expect_pairs(const json_t *want, const json_t *got)
{
    char *text[2][200];
    const size_t count = json_array_size(want);
    assert_int_equal(count, json_array_size(got));
    assert_true(count <= 200);
    for (size_t i = 0; i < count; i++) {
        text[0][i] = json_dumps(json_array_get(want, i), 0);
        text[1][i] = json_dumps(json_array_get(got, i), 0);
    }
    for (int k = 0; k < 2; k++) {
        qsort(text[k], count, sizeof(text[k][0]), compare_text);
    }
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(text[0][i], text[1][i]);
        free(text[0][i]);
        free(text[1][i]);
    }
}

static void
check_blocking(const struct preferences *p, const json_t *instance)
{
    struct checker c;
    struct diag d;
    uint32_t *mentor_of = NULL;
    json_t *r = NULL;
    diag_init(&d, I18N_EN);
    assert_int_equal(
        preferences_json_read_matching(instance, p, &d, &mentor_of), STATUS_OK);
    assert_int_equal(checker_run(p, mentor_of, &c), STATUS_OK);
    assert_int_equal(proposal_json_check(p, &c, STATUS_NONE, &r), STATUS_OK);
    static const char *const keys[] = {"blocking_weak", "blocking_strong",
                                       "blocking_super"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        expect_pairs(expected(instance, keys[i]), json_object_get(r, keys[i]));
    }
    json_decref(r);
    checker_deinit(&c);
    free(mentor_of);
    diag_deinit(&d);
}

static void
every_instance_gives_what_is_expected(void **state)
{
    (void)state;
    json_t *all = load(harness_data("matching/instances.json"));
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *instance = json_array_get(all, i);
        struct preferences p;
        struct diag d;
        diag_init(&d, I18N_EN);
        harness_row(json_string_value(json_object_get(instance, "id")));
        assert_int_equal(preferences_json_read(instance, &d, &p), STATUS_OK);
        if (json_object_get(instance, "matching")) {
            check_blocking(&p, instance);
        } else {
            check_stable_best(&p, instance);
            check_others(&p, instance);
        }
        preferences_deinit(&p);
        diag_deinit(&d);
    }
    json_decref(all);
}

static void
every_profile_has_the_expected_winners(void **state)
{
    (void)state;
    json_t *all = load(harness_data("matching/voting.json"));
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *profile = json_array_get(all, i);
        struct ballots_json b;
        struct diag d;
        json_t *r = NULL;
        const char *key = NULL;
        json_t *want = NULL;
        diag_init(&d, I18N_EN);
        harness_row(json_string_value(json_object_get(profile, "id")));
        assert_int_equal(ballots_json_read(profile, &d, &b), STATUS_OK);
        assert_int_equal(ballots_json_count(&b, NULL, &r), STATUS_OK);
        json_object_foreach(json_object_get(profile, "expected"), key, want)
        {
            /* Meek's rule is not offered. */
            assert_true(strcmp(key, "stv_meek") == 0
                        || json_equal(want, json_object_get(r, key)));
        }
        want = json_object_get(profile, "margins");
        assert_true(!want || json_equal(want, json_object_get(r, "margins")));
        json_decref(r);
        ballots_json_deinit(&b);
        diag_deinit(&d);
    }
    json_decref(all);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instance_gives_what_is_expected),
        cmocka_unit_test(every_profile_has_the_expected_winners),
    };
    if (!harness_data("matching/instances.json")) {
        return harness_skip("no matching data");
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
