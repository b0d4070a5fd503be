/*
 * What the coordinator sees of a proposal: reasons, faults, repeatability.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "bench/matching_generator.h"
#include "collector/matching/checker.h"
#include "collector/matching/preferences_json.h"
#include "collector/matching/proposal.h"
#include "collector/matching/proposal_json.h"
#include "harness/harness.h"

static struct proposal_options
options(void)
{
    return (struct proposal_options){
        .objective = PROPOSAL_MAX_SCORE,
        .seed = 3,
        .seconds = 10,
        .steps = 5000,
        .threads = 1,
        .use_solver = true,
    };
}

static enum status
read_text(const char *text, struct diag *d, struct preferences *out)
{
    json_t *root = NULL;
    enum status st =
        preferences_json_parse(text, strlen(text), "in.json", d, &root);
    if (st >= 0) {
        st = preferences_json_read(root, d, out);
    }
    json_decref(root);
    return st;
}

static json_t *
propose(const char *text)
{
    struct preferences p;
    struct proposal x;
    struct diag d;
    json_t *result = NULL;
    const struct proposal_options o = options();
    diag_init(&d, I18N_EN);
    assert_int_equal(read_text(text, &d, &p), STATUS_OK);
    assert_int_equal(proposal_make(&p, &o, &x), STATUS_OK);
    assert_int_equal(proposal_json_write(&p, &x, &o, I18N_EN, &result),
                     STATUS_OK);
    proposal_deinit(&x);
    preferences_deinit(&p);
    diag_deinit(&d);
    return result;
}

static const char *
text_at(const json_t *list, size_t at, const char *key)
{
    return json_string_value(json_object_get(json_array_get(list, at), key));
}

static void
says_why_somebody_is_left(void **state)
{
    (void)state;
    json_t *r = propose(
        "{\"mentees\":[{\"id\":\"a\",\"prefs\":[[\"x\"]]},"
        "{\"id\":\"b\",\"prefs\":[[\"x\"]]},{\"id\":\"c\",\"prefs\":[]},"
        "{\"id\":\"d\",\"prefs\":[[\"y\"]]}],"
        "\"mentors\":[{\"id\":\"x\",\"capacity\":1,"
        "\"prefs\":[[\"a\"],[\"b\"]]},"
        "{\"id\":\"y\",\"capacity\":2,\"prefs\":[]}],"
        "\"score\":{\"y\":{\"b\":70}}}");
    const json_t *left = json_object_get(r, "unmatched");
    assert_int_equal(json_array_size(left), 3);
    assert_string_equal(text_at(left, 0, "id"), "b");
    assert_non_null(strstr(text_at(left, 0, "why"), "taken"));
    assert_string_equal(text_at(left, 0, "next"), "y");
    assert_string_equal(text_at(left, 1, "why"), "chose nobody");
    assert_string_equal(text_at(left, 2, "why"), "no mentor chose this person");
    const json_t *b = json_array_get(json_object_get(r, "mentees"), 1);
    const json_t *missed = json_object_get(b, "missed");
    assert_int_equal(json_array_size(missed), 1);
    assert_string_equal(text_at(missed, 0, "id"), "x");
    json_decref(r);
}

static void
a_group_below_its_minimum_stays_closed(void **state)
{
    (void)state;
    json_t *r =
        propose("{\"mentees\":[{\"id\":\"a\",\"prefs\":[[\"x\"],[\"y\"]]},"
                "{\"id\":\"b\",\"prefs\":[[\"y\"]]}],"
                "\"mentors\":[{\"id\":\"x\",\"capacity\":3,\"min\":2,"
                "\"prefs\":[[\"a\"]]},{\"id\":\"y\",\"capacity\":2,"
                "\"prefs\":[[\"a\",\"b\"]]}]}");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(r, "closed"), 0)),
        "x");
    assert_int_equal(json_integer_value(json_object_get(r, "size")), 2);
    assert_true(json_is_true(json_object_get(r, "stable")));
    json_decref(r);
}

static void
a_hand_edit_names_the_pairs_it_wrongs(void **state)
{
    (void)state;
    struct preferences p;
    struct diag d;
    struct checker c;
    uint32_t mentor_of[] = {1, 0};
    diag_init(&d, I18N_EN);
    assert_int_equal(
        read_text("{\"mentees\":[{\"id\":\"a\",\"prefs\":[[\"x\"],[\"y\"]]},"
                  "{\"id\":\"b\",\"prefs\":[[\"x\"],[\"y\"]]}],"
                  "\"mentors\":[{\"id\":\"x\",\"prefs\":[[\"a\"],[\"b\"]]},"
                  "{\"id\":\"y\",\"prefs\":[[\"a\",\"b\"]]}]}",
                  &d, &p),
        STATUS_OK);
    assert_int_equal(checker_run(&p, mentor_of, &c), STATUS_OK);
    assert_int_equal(c.blocking[CHECKER_WEAK].count, 1);
    assert_int_equal(c.blocking[CHECKER_WEAK].pair[0].mentee, 0);
    assert_int_equal(c.blocking[CHECKER_WEAK].pair[0].mentor, 0);
    checker_deinit(&c);
    preferences_deinit(&p);
    diag_deinit(&d);
}

static void
bad_input_is_named_and_nothing_else_happens(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
    } rows[] = {
        {"not JSON", "{\"mentees\": ["},
        {"no lists", "{}"},
        {"no id", "{\"mentees\":[{}],\"mentors\":[]}"},
        {"two alike", "{\"mentees\":[{\"id\":\"a\"},{\"id\":\"a\"}],"
                      "\"mentors\":[]}"},
        {"unknown choice", "{\"mentees\":[{\"id\":\"a\",\"prefs\":[[\"z\"]]}],"
                           "\"mentors\":[]}"},
        {"flat list", "{\"mentees\":[{\"id\":\"a\",\"prefs\":[\"x\"]}],"
                      "\"mentors\":[{\"id\":\"x\"}]}"},
        {"chosen twice",
         "{\"mentees\":[{\"id\":\"a\",\"prefs\":[[\"x\"],[\"x\"]]}],"
         "\"mentors\":[{\"id\":\"x\"}]}"},
        {"capacity", "{\"mentees\":[],\"mentors\":[{\"id\":\"x\","
                     "\"capacity\":-1}]}"},
        {"score", "{\"mentees\":[{\"id\":\"a\"}],\"mentors\":[{\"id\":\"x\"}],"
                  "\"score\":{\"x\":{\"a\":1.5}}}"},
        {"fixed and forbidden",
         "{\"mentees\":[{\"id\":\"a\"}],\"mentors\":[{\"id\":\"x\"}],"
         "\"locks\":{\"forced\":[[\"a\",\"x\"]],"
         "\"forbidden\":[[\"a\",\"x\"]]}}"},
        {"more fixed than places",
         "{\"mentees\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
         "\"mentors\":[{\"id\":\"x\",\"capacity\":1}],"
         "\"locks\":{\"forced\":[[\"a\",\"x\"],[\"b\",\"x\"]]}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct preferences p;
        struct diag d;
        harness_row(rows[i].label);
        diag_init(&d, I18N_EN);
        assert_int_equal(read_text(rows[i].text, &d, &p), STATUS_E_INVALID);
        assert_int_equal(d.errors, 1);
        diag_deinit(&d);
    }
}

static void
unlisted_people_come_last_when_lists_are_completed(void **state)
{
    (void)state;
    struct preferences p;
    struct diag d;
    diag_init(&d, I18N_EN);
    assert_int_equal(
        read_text("{\"mentees\":[{\"id\":\"a\",\"prefs\":[[\"y\"]]}],"
                  "\"mentors\":[{\"id\":\"x\"},{\"id\":\"y\"},{\"id\":\"z\"}],"
                  "\"score\":{\"x\":{\"a\":10},\"z\":{\"a\":20}}}",
                  &d, &p),
        STATUS_OK);
    assert_int_equal(preferences_complete(&p), STATUS_OK);
    const struct preferences_list *list = &p.mentee_list[0];
    static const uint32_t order[] = {1, 2, 0};
    assert_int_equal(list->count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(list->entry[i].who, order[i]);
        assert_int_equal(list->entry[i].rank, i);
    }
    preferences_deinit(&p);
    diag_deinit(&d);
}

/* Threads and preschools solved together change nothing. */
static void
a_region_is_its_preschools(void **state)
{
    (void)state;
    struct lottery_draw draw = {11};
    struct preferences p;
    struct proposal one;
    struct proposal four;
    struct proposal_options o = options();
    o.objective = PROPOSAL_MAX_SIZE;
    /* The solver forks, and the sanitizer's allocator does not stand a fork
     * from among threads as the C library's does. */
    o.use_solver = false;
    matching_generator_region(matching_generator_find("M"), 30, 12, &draw, &p);
    assert_int_equal(proposal_make(&p, &o, &one), STATUS_OK);
    o.threads = 4;
    assert_int_equal(proposal_make(&p, &o, &four), STATUS_OK);
    assert_true(one.components >= 12);
    assert_memory_equal(one.mentor_of, four.mentor_of,
                        p.mentees * sizeof(*one.mentor_of));
    proposal_deinit(&one);
    proposal_deinit(&four);
    preferences_deinit(&p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_why_somebody_is_left),
        cmocka_unit_test(a_group_below_its_minimum_stays_closed),
        cmocka_unit_test(a_hand_edit_names_the_pairs_it_wrongs),
        cmocka_unit_test(bad_input_is_named_and_nothing_else_happens),
        cmocka_unit_test(unlisted_people_come_last_when_lists_are_completed),
        cmocka_unit_test(a_region_is_its_preschools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
