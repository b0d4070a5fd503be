#include "collector/web/feedback.h"

#include "collector/programme/pair.h"
#include "harness/harness.h"
#include "wave_fixture.h"

/* How many waves there are, open ones apart; `invited` of the open one. */
struct seen {
    size_t open;
    size_t closed;
    int invited;
};

static struct seen
look(struct store *s, const char *form_id)
{
    struct store_wave *waves = NULL;
    struct seen seen = {0};
    size_t count = 0;
    assert_int_equal(store_waves(s, &waves, &count), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        seen.open += waves[i].closed_ms == 0;
        seen.closed += waves[i].closed_ms != 0;
    }
    const struct store_wave *open = feedback_open(waves, count, form_id);
    seen.invited = open ? open->invited : -1;
    store_waves_free(waves, count);
    return seen;
}

static void
opinions_gather_in_one_wave_that_the_first_meeting_opens(void **state)
{
    (void)state;
    struct wave_fixture f;
    bool opened = false;
    wave_fixture_open(&f);
    for (int kind = 0; kind < PAIR_MEETING_COUNT; kind++) {
        const char *form_id = pair_feedback((enum pair_meeting)kind);
        for (int pair = 0; pair < 3; pair++) {
            assert_int_equal(
                feedback_ask(f.store, form_id, 2, false, 5, &opened),
                STATUS_OK);
            assert_int_equal(opened, pair == 0);
        }
        assert_int_equal(look(f.store, form_id).invited, 6);
    }
    assert_int_equal(look(f.store, "meeting_first").open, PAIR_MEETING_COUNT);
    wave_fixture_close(&f);
}

static void
a_wave_is_closed_for_the_next_session_only_with_its_k_answers(void **state)
{
    (void)state;
    struct wave_fixture f;
    bool opened = false;
    struct store_wave *waves = NULL;
    size_t count = 0;
    wave_fixture_open(&f);
    for (int session = 0; session < 2; session++) {
        assert_int_equal(
            feedback_ask(f.store, FEEDBACK_SESSION, 4, true, 5, &opened),
            STATUS_OK);
    }
    assert_false(opened);
    assert_int_equal(look(f.store, FEEDBACK_SESSION).invited, 8);
    assert_int_equal(store_waves(f.store, &waves, &count), STATUS_OK);
    const char *cell[5] = {"9", "8", "7", "6", "5"};
    const struct store_rows rows = {.cell = cell, .rows = 5, .fields = 1};
    assert_int_equal(store_answers_add(f.store, waves[0].id, &rows), STATUS_OK);
    store_waves_free(waves, count);
    assert_int_equal(
        feedback_ask(f.store, FEEDBACK_SESSION, 7, true, 9, &opened),
        STATUS_OK);
    assert_true(opened);
    const struct seen seen = look(f.store, FEEDBACK_SESSION);
    assert_int_equal(seen.closed, 1);
    assert_int_equal(seen.open, 1);
    assert_int_equal(seen.invited, 7);
    wave_fixture_close(&f);
}

static void
a_questionnaire_of_the_house_goes_before_ours(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave own = {0};
    bool opened = true;
    wave_fixture_open(&f);
    wave_fixture_publish(&f, "meeting_first.csv", 2, &own);
    assert_int_equal(
        feedback_ask(f.store, "meeting_first", 2, false, 5, &opened),
        STATUS_OK);
    assert_false(opened);
    assert_int_equal(look(f.store, "meeting_first").invited, 4);
    store_wave_clear(&own);
    wave_fixture_close(&f);
}

static void
an_unknown_questionnaire_opens_nothing(void **state)
{
    (void)state;
    struct wave_fixture f;
    bool opened = true;
    wave_fixture_open(&f);
    assert_int_equal(feedback_ask(f.store, "nobody", 2, false, 5, &opened),
                     STATUS_E_NOT_FOUND);
    assert_false(opened);
    assert_int_equal(look(f.store, "nobody").open, 0);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            opinions_gather_in_one_wave_that_the_first_meeting_opens),
        cmocka_unit_test(
            a_wave_is_closed_for_the_next_session_only_with_its_k_answers),
        cmocka_unit_test(a_questionnaire_of_the_house_goes_before_ours),
        cmocka_unit_test(an_unknown_questionnaire_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
