#include "app/finger.h"

#include "harness/harness.h"

static void
which_touch_counts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct {
            int64_t id;
            enum ui_phase phase;
            int64_t ms;
            enum finger_verdict verdict;
        } steps[6];
        int count;
    } rows[] = {
        {"one finger",
         {{1, UI_DOWN, 0, FINGER_TAKE},
          {1, UI_MOVE, 10, FINGER_TAKE},
          {1, UI_UP, 20, FINGER_TAKE},
          {2, UI_DOWN, 30, FINGER_TAKE}},
         4},
        {"a second finger waits",
         {{1, UI_DOWN, 0, FINGER_TAKE},
          {2, UI_DOWN, 10, FINGER_IGNORE},
          {2, UI_MOVE, 20, FINGER_IGNORE},
          {2, UI_UP, 30, FINGER_IGNORE},
          {1, UI_UP, 40, FINGER_TAKE}},
         5},
        {"moves of nobody", {{1, UI_MOVE, 0, FINGER_IGNORE}}, 1},
        {"the panel was unplugged and comes back with other numbers",
         {{1, UI_DOWN, 0, FINGER_TAKE},
          {9, UI_DOWN, FINGER_STALE_MS - 1, FINGER_IGNORE},
          {9, UI_UP, FINGER_STALE_MS - 1, FINGER_IGNORE},
          {10, UI_DOWN, FINGER_STALE_MS, FINGER_TAKE_OVER},
          {10, UI_UP, FINGER_STALE_MS + 10, FINGER_TAKE},
          {1, UI_UP, FINGER_STALE_MS + 20, FINGER_IGNORE}},
         6},
        {"the panel was unplugged and comes back with the same numbers",
         {{1, UI_DOWN, 0, FINGER_TAKE},
          {1, UI_DOWN, 100, FINGER_TAKE_OVER},
          {1, UI_UP, 110, FINGER_TAKE}},
         3},
        {"a long drag is no lost finger",
         {{1, UI_DOWN, 0, FINGER_TAKE},
          {1, UI_MOVE, FINGER_STALE_MS, FINGER_TAKE},
          {2, UI_DOWN, FINGER_STALE_MS + 10, FINGER_IGNORE}},
         3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct finger finger = {0};
        harness_row(rows[i].name);
        for (int s = 0; s < rows[i].count; s++) {
            assert_int_equal(finger_event(&finger, rows[i].steps[s].id,
                                          rows[i].steps[s].phase,
                                          rows[i].steps[s].ms),
                             rows[i].steps[s].verdict);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_touch_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
