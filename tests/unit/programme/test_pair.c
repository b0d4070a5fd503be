#include "collector/programme/pair.h"

#include "base/day.h"
#include "harness/harness.h"

static void
a_pair_goes_from_plan_to_completion(void **state)
{
    (void)state;
    struct pair p = {0};
    enum pair_meeting next;
    assert_int_equal(pair_meet(&p, PAIR_MEETING_FIRST, 1), STATUS_E_CONFLICT);
    assert_int_equal(pair_apply(&p, PAIR_ORDER_SIGNED, NULL, DAY_MS),
                     STATUS_OK);
    for (int kind = 0; kind < PAIR_MEETING_COUNT; kind++) {
        assert_int_equal(pair_next(&p, &next), STATUS_OK);
        assert_int_equal(
            next, kind == PAIR_MEETING_CLOSING ? PAIR_MEETING_REGULAR : kind);
        assert_int_equal(pair_apply(&p, PAIR_COMPLETE, NULL, 0),
                         STATUS_E_CONFLICT);
        assert_int_equal(
            pair_meet(&p, (enum pair_meeting)kind, (kind + 2) * DAY_MS),
            STATUS_OK);
    }
    assert_int_equal(pair_next(&p, &next), STATUS_NONE);
    assert_int_equal(pair_apply(&p, PAIR_COMPLETE, NULL, 0), STATUS_OK);
    assert_int_equal(p.state, PAIR_COMPLETED);
    assert_int_equal(pair_apply(&p, PAIR_END_EARLY, "поздно", 0),
                     STATUS_E_CONFLICT);
}

static void
only_these_events_lead_anywhere(void **state)
{
    (void)state;
    /* A letter for the state reached; '-' where the event is refused. */
    static const char *const reached[PAIR_STATE_COUNT] = {
        "a---e", "-p-ce", "--ace", "-----", "-----"};
    static const char letter[] = "lapce";
    for (int from = 0; from < PAIR_STATE_COUNT; from++) {
        for (int event = 0; event < PAIR_EVENT_COUNT; event++) {
            struct pair p = {.state = (enum pair_state)from};
            p.held[PAIR_MEETING_CLOSING] = 1;
            const enum status st =
                pair_apply(&p, (enum pair_event)event, "причина", 5);
            const char want = reached[from][event];
            assert_int_equal(st, want == '-' ? STATUS_E_CONFLICT : STATUS_OK);
            assert_int_equal(letter[p.state],
                             want == '-' ? letter[from] : want);
        }
    }
}

static void
an_early_end_needs_a_reason(void **state)
{
    (void)state;
    struct pair p = {.state = PAIR_ACTIVE};
    assert_int_equal(pair_apply(&p, PAIR_END_EARLY, NULL, 0), STATUS_E_INVALID);
    assert_int_equal(pair_apply(&p, PAIR_END_EARLY, "", 0), STATUS_E_INVALID);
    assert_int_equal(p.state, PAIR_ACTIVE);
}

static void
meetings_keep_their_order_and_lateness_is_told(void **state)
{
    (void)state;
    struct pair p = {0};
    assert_int_equal(pair_overdue_ms(&p, DAY_MS, 100 * DAY_MS), 0);
    assert_int_equal(pair_apply(&p, PAIR_ORDER_SIGNED, NULL, 10 * DAY_MS),
                     STATUS_OK);
    assert_int_equal(pair_overdue_ms(&p, 7 * DAY_MS, 17 * DAY_MS), 0);
    assert_int_equal(pair_overdue_ms(&p, 7 * DAY_MS, 19 * DAY_MS), 2 * DAY_MS);
    assert_int_equal(pair_meet(&p, PAIR_MEETING_TRIAL, 20 * DAY_MS),
                     STATUS_E_CONFLICT);
    assert_int_equal(pair_meet(&p, PAIR_MEETING_FIRST, 20 * DAY_MS), STATUS_OK);
    assert_int_equal(pair_meet(&p, PAIR_MEETING_FIRST, 21 * DAY_MS),
                     STATUS_E_CONFLICT);
    assert_int_equal(pair_meet(&p, PAIR_MEETING_TRIAL, 19 * DAY_MS),
                     STATUS_E_INVALID);
    assert_int_equal(pair_overdue_ms(&p, 7 * DAY_MS, 28 * DAY_MS), DAY_MS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_goes_from_plan_to_completion),
        cmocka_unit_test(only_these_events_lead_anywhere),
        cmocka_unit_test(an_early_end_needs_a_reason),
        cmocka_unit_test(meetings_keep_their_order_and_lateness_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
