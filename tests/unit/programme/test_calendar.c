#include "collector/programme/calendar.h"

#include <string.h>

#include "harness/harness.h"

static const struct day stamp = {2026, 9, 1};

static struct calendar_event
event(void)
{
    return (struct calendar_event){
        .uid = "stage-5.meeting@anketa",
        .title = "Групповая встреча",
        .first = {2026, 12, 31},
        .last = {2026, 12, 31},
    };
}

static void
a_day_ends_with_the_next_one(void **state)
{
    (void)state;
    struct buf b;
    struct calendar_event e = event();
    buf_init(&b, 10000);
    calendar_begin(&b, "Дорожная карта");
    assert_int_equal(calendar_put(&b, &e, stamp), STATUS_OK);
    calendar_end(&b);
    assert_non_null(strstr(b.data, "DTSTART;VALUE=DATE:20261231\r\n"));
    assert_non_null(strstr(b.data, "DTEND;VALUE=DATE:20270101\r\n"));
    assert_non_null(strstr(b.data, "DTSTAMP:20260901T000000Z\r\n"));
    assert_non_null(strstr(b.data, "SUMMARY:Групповая встреча\r\n"));
    assert_non_null(strstr(b.data, "END:VEVENT\r\nEND:VCALENDAR\r\n"));
    buf_deinit(&b);
}

static void
text_is_escaped_and_lines_are_folded_between_characters(void **state)
{
    (void)state;
    struct buf b;
    struct calendar_event e = event();
    buf_init(&b, 10000);
    e.title = "а, б; в \\ г\nд";
    e.details = "Анализ анкет групповой встречи и соединение наставников и "
                "наставляемых в пары, закрепление приказом";
    assert_int_equal(calendar_put(&b, &e, stamp), STATUS_OK);
    assert_non_null(strstr(b.data, "SUMMARY:а\\, б\\; в \\\\ г\\nд\r\n"));
    const char *line = b.data;
    while (*line) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_true(end - line <= 75);
        /* No line begins inside a character. */
        assert_true(((unsigned char)line[0] & 0xC0) != 0x80);
        assert_true(line[0] != ' ' || ((unsigned char)line[1] & 0xC0) != 0x80);
        line = end + 2;
    }
    buf_deinit(&b);
}

static void
impossible_events_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *uid;
        struct day first;
        struct day last;
    } rows[] = {
        {"no such day", "a", {2026, 2, 29}, {2026, 3, 1}},
        {"no such month", "a", {2026, 13, 1}, {2026, 13, 1}},
        {"ends before it begins", "a", {2026, 5, 2}, {2026, 5, 1}},
        {"empty uid", "", {2026, 5, 1}, {2026, 5, 1}},
        {"uid that would end the line", "a\r\nb", {2026, 5, 1}, {2026, 5, 1}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf b;
        struct calendar_event e = event();
        harness_row(rows[i].label);
        buf_init(&b, 10000);
        e.uid = rows[i].uid;
        e.first = rows[i].first;
        e.last = rows[i].last;
        assert_int_equal(calendar_put(&b, &e, stamp), STATUS_E_INVALID);
        assert_int_equal(b.len, 0);
        buf_deinit(&b);
    }
    assert_true(day_valid((struct day){2028, 2, 29}));
    assert_false(day_valid((struct day){2100, 2, 29}));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_ends_with_the_next_one),
        cmocka_unit_test(
            text_is_escaped_and_lines_are_folded_between_characters),
        cmocka_unit_test(impossible_events_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
