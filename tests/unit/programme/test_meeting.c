#include "collector/programme/meeting.h"

#include <string.h>

#include "collector/programme/compatibility.h"
#include "harness/harness.h"

static char anna[] = "Анна \"А\"";
static char boris[] = "Борис";
static char vera[] = "Вера";
static char gleb[] = "Глеб";
static char code[] = "000000";
static char clay[] = "Лепка, среда";
static char music[] = "музыка; ЛЕПКА";
static char nothing[] = "";

/* Mentees 1 and 2, mentors 3 and 4. */
static const struct store_participant people[] = {
    {1, anna, code, false, 1, 0, clay, true},
    {2, boris, code, false, 1, 0, nothing, true},
    {3, vera, code, true, 2, 0, music, true},
    {4, gleb, code, true, 1, 1, nothing, false},
};
#define PEOPLE (sizeof(people) / sizeof(people[0]))

static void
topics_are_compared_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *offered;
        const char *asked;
        int32_t score;
    } rows[] = {
        {"лепка, музыка", "Лепка", 100},
        {"лепка", "Лепка ; музыка", 50},
        {" Ёлка ", "ёлка", 100},
        {"лепка", "", 0},
        {"", "лепка", 0},
        {"леп", "лепка", 0},
        {"a,b", "b,,c,\na", 66},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(compatibility_score(rows[i].offered, rows[i].asked),
                         rows[i].score);
    }
}

static void
a_ballot_is_read_with_its_equals(void **state)
{
    (void)state;
    struct meeting_ballot b;
    assert_int_equal(meeting_ballot_read(1, "p4 p3 p5", "p3", "p6 p7", &b),
                     STATUS_OK);
    assert_int_equal(b.choices, 3);
    assert_int_equal(b.choice[0].person, 4);
    assert_int_equal(b.choice[0].rank, 0);
    assert_int_equal(b.choice[1].rank, 0);
    assert_int_equal(b.choice[2].rank, 1);
    assert_int_equal(b.unwanted_count, 2);
    assert_int_equal(meeting_ballot_read(1, "", "", "", &b), STATUS_OK);
    assert_int_equal(b.choices, 0);
}

static void
a_ballot_of_other_names_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "3", "p", "p3x", "pp3", "p-3", "p0", "p99999999999999999999", "p3 ="};
    struct meeting_ballot b;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(meeting_ballot_read(1, bad[i], "", "", &b),
                         STATUS_E_INVALID);
        assert_int_equal(meeting_ballot_read(1, "", "", bad[i], &b),
                         STATUS_E_INVALID);
    }
}

static void
preferences_follow_roles_ballots_and_locks(void **state)
{
    (void)state;
    struct meeting_ballot ballots[3];
    assert_int_equal(meeting_ballot_read(1, "p4 p3", "p3", "", &ballots[0]),
                     STATUS_OK);
    assert_int_equal(meeting_ballot_read(3, "p1", "", "p2", &ballots[1]),
                     STATUS_OK);
    /* Names of her own side are nothing to her. */
    assert_int_equal(meeting_ballot_read(2, "p1 p3", "", "", &ballots[2]),
                     STATUS_OK);
    const struct store_lock locks[] = {{2, 4, true}, {1, 4, false}};
    struct meeting_input in = {.people = people,
                               .people_count = PEOPLE,
                               .ballot = ballots,
                               .ballot_count = 3,
                               .lock = locks,
                               .lock_count = 2};
    struct preferences p;
    assert_int_equal(meeting_preferences(&in, &p), STATUS_OK);
    assert_int_equal(p.mentees, 2);
    assert_int_equal(p.mentors, 2);
    assert_string_equal(p.mentee_id[1], "p2");
    assert_int_equal(p.capacity[0], 2);
    assert_int_equal(p.minimum[1], 1);
    assert_int_equal(p.mentee_list[0].count, 2);
    assert_int_equal(p.mentee_list[0].entry[1].rank, 0);
    assert_int_equal(p.mentee_list[1].count, 1);
    assert_int_equal(p.mentor_list[0].count, 1);
    assert_int_equal(p.forced_count, 1);
    assert_int_equal(p.forbidden_count, 2);
    assert_int_equal(p.scores[0].score[0].score, 50);
    assert_int_equal(preferences_check(&p, NULL), STATUS_OK);
    preferences_deinit(&p);

    in.complete = true;
    assert_int_equal(meeting_preferences(&in, &p), STATUS_OK);
    assert_int_equal(p.mentee_list[1].count, 2);
    assert_int_equal(p.forbidden_count, 2);
    assert_null(p.previous);
    preferences_deinit(&p);

    /* Earlier pairs, one of them with somebody who is not there. */
    const struct store_lock before[] = {{2, 4, true}, {77, 3, true}};
    in.before = before;
    in.before_count = 2;
    assert_int_equal(meeting_preferences(&in, &p), STATUS_OK);
    assert_int_equal(p.previous[0], PREFERENCES_NOBODY);
    assert_int_equal(p.previous[1], 1);
    preferences_deinit(&p);
    assert_int_equal(meeting_row(&in, true, 1), 3);
    assert_int_equal(meeting_row(&in, true, 2), SIZE_MAX);
}

static void
a_pair_locked_together_outweighs_a_not_with(void **state)
{
    (void)state;
    struct meeting_ballot ballot;
    assert_int_equal(meeting_ballot_read(3, "", "", "p1", &ballot), STATUS_OK);
    const struct store_lock lock = {1, 3, true};
    const struct meeting_input in = {.people = people,
                                     .people_count = PEOPLE,
                                     .ballot = &ballot,
                                     .ballot_count = 1,
                                     .lock = &lock,
                                     .lock_count = 1};
    struct preferences p;
    assert_int_equal(meeting_preferences(&in, &p), STATUS_OK);
    assert_int_equal(p.forced_count, 1);
    assert_int_equal(p.forbidden_count, 0);
    preferences_deinit(&p);
}

static void
the_collectors_own_list_has_no_names(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, MEETING_LIST_MAX_BYTES);
    meeting_people(people, 2, true, &b);
    assert_string_equal(b.data, "name,label,role\n"
                                "p1,\"Анна \"\"А\"\"\nЛепка, среда\",mentee\n"
                                "p2,\"Борис\",mentee\n");
    buf_clear(&b);
    meeting_people(people, PEOPLE, false, &b);
    assert_null(strstr(b.data, "Борис"));
    assert_non_null(strstr(b.data, "p4,\"p4\",mentor\n"));
    buf_clear(&b);
    meeting_form("m7", &b);
    assert_non_null(strstr(b.data, "meeting_ballot,m7,"));
    buf_deinit(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_compared_as_people_write_them),
        cmocka_unit_test(a_ballot_is_read_with_its_equals),
        cmocka_unit_test(a_ballot_of_other_names_is_refused),
        cmocka_unit_test(preferences_follow_roles_ballots_and_locks),
        cmocka_unit_test(a_pair_locked_together_outweighs_a_not_with),
        cmocka_unit_test(the_collectors_own_list_has_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
