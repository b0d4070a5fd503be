#include "screens/hours.h"

#include <stddef.h>

#include "harness/harness.h"

#define MINUTE INT64_C(60000)
#define DAY (INT64_C(1440) * MINUTE)

/* TZ is UTC in tests. */
static void
open_and_next_change_by_the_clock(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct hours hours;
        int minute;
        bool open;
        int change; /* minutes; -1 never */
    } rows[] = {
        {"always", {0, 0}, 700, true, -1},
        {"always, not midnight", {480, 480}, 700, true, -1},
        {"before", {480, 1140}, 479, false, 1},
        {"first minute", {480, 1140}, 480, true, 660},
        {"last minute", {480, 1140}, 1139, true, 1},
        {"after", {480, 1140}, 1140, false, 780},
        {"over midnight, evening", {1320, 360}, 1380, true, 420},
        {"over midnight, morning", {1320, 360}, 359, true, 1},
        {"over midnight, day", {1320, 360}, 360, false, 960},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t wall = 20000 * DAY + rows[i].minute * MINUTE;
        harness_row(rows[i].name);
        assert_int_equal(hours_open(&rows[i].hours, wall), rows[i].open);
        assert_int_equal(hours_change_ms(&rows[i].hours, wall),
                         rows[i].change < 0 ? -1 : rows[i].change * MINUTE);
    }
}

static void
only_two_times_of_day_are_hours(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        struct hours hours;
    } rows[] = {
        {"08:00-19:30", true, {480, 1170}}, {"22:00-06:00", true, {1320, 360}},
        {"00:00-23:59", true, {0, 1439}},   {"", false, {0, 0}},
        {"8:00-19:30", false, {0, 0}},      {"08:00-24:00", false, {0, 0}},
        {"08:60-19:00", false, {0, 0}},     {"08:00 19:30", false, {0, 0}},
        {"08:00-19:30 ", false, {0, 0}},    {"0a:00-19:30", false, {0, 0}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hours got = {0, 0};
        harness_row(rows[i].text);
        assert_int_equal(hours_parse(rows[i].text, &got), rows[i].good);
        assert_int_equal(got.from, rows[i].hours.from);
        assert_int_equal(got.to, rows[i].hours.to);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_and_next_change_by_the_clock),
        cmocka_unit_test(only_two_times_of_day_are_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
