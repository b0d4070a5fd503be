#include "collector/store/store_meetings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"
#include "store_fixture.h"

static struct store_fixture fixture;
static struct store *s; /* of the fixture */
static int64_t wave;

static void
open_wave(void)
{
    char id[] = "ballot";
    char version[] = "1";
    char title[] = "T";
    int64_t form = 0;
    const struct store_form row = {
        .form_id = id, .version = version, .title = title};
    assert_int_equal(store_form_add(s, &row, "<x/>", 4, &form), STATUS_OK);
    char name[] = "";
    assert_int_equal(store_wave_add(s,
                                    &(const struct store_wave){.name = name,
                                                               .form = form,
                                                               .title = title,
                                                               .kind = 3,
                                                               .k = 5,
                                                               .k_text = 10,
                                                               .opened_ms = 1},
                                    &wave),
                     STATUS_OK);
}

static int
open_store(void **state)
{
    (void)state;
    store_fixture_open(&fixture);
    s = fixture.store;
    open_wave();
    return 0;
}

static int
close_store(void **state)
{
    (void)state;
    store_fixture_close(&fixture);
    return 0;
}

static int64_t
add_person(const char *name, const char *code)
{
    char text[64];
    char digits[16];
    char role[] = "";
    int64_t id = 0;
    (void)snprintf(text, sizeof(text), "%s", name);
    (void)snprintf(digits, sizeof(digits), "%s", code);
    assert_int_equal(
        store_person_add(s,
                         &(const struct store_person){
                             .name = text, .code = digits, .role = role},
                         &id),
        STATUS_OK);
    return id;
}

static int64_t
hold_meeting(int64_t mentee, int64_t mentor)
{
    char title[] = "November";
    char topics[] = "clay, music";
    int64_t id = 0;
    assert_int_equal(
        store_meeting_add(
            s,
            &(const struct store_meeting){
                .title = title, .wave = wave, .seed = 7, .complete = true},
            &id),
        STATUS_OK);
    struct store_participant p = {
        .person = mentee, .places = 1, .topics = topics};
    assert_int_equal(store_participant_put(s, id, &p), STATUS_OK);
    p = (struct store_participant){.person = mentor,
                                   .mentor = true,
                                   .places = 2,
                                   .at_least = 1,
                                   .topics = topics};
    assert_int_equal(store_participant_put(s, id, &p), STATUS_OK);
    return id;
}

static void
a_meeting_counts_who_voted_and_fixing_removes_the_ballots(void **state)
{
    (void)state;
    int64_t mentee = add_person("Anna", "111111");
    int64_t mentor = add_person("Boris", "222222");
    int64_t absent = add_person("Vera", "333333");
    int64_t id = hold_meeting(mentee, mentor);
    struct store_meeting m;
    struct store_participant *p = NULL;
    size_t count = 0;

    assert_int_equal(store_named_put(s, wave, mentee, "<b/>", 4), STATUS_OK);
    assert_int_equal(store_named_put(s, wave, absent, "<b/>", 4), STATUS_OK);
    assert_int_equal(store_meeting(s, id, &m), STATUS_OK);
    assert_int_equal(m.present, 2);
    assert_int_equal(m.voted, 1);
    assert_int_equal(m.seed, 7);
    assert_true(m.complete);
    store_meeting_clear(&m);

    assert_int_equal(store_participants(s, id, &p, &count), STATUS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(p[0].name, "Anna");
    assert_true(p[0].voted);
    assert_false(p[1].voted);
    assert_int_equal(p[1].places, 2);
    store_participants_free(p, count);

    assert_int_equal(store_meeting_fix(s, id, 99), STATUS_OK);
    assert_int_equal(store_meeting(s, id, &m), STATUS_OK);
    assert_int_equal(m.voted, 0);
    assert_int_equal(m.fixed_ms, 99);
    store_meeting_clear(&m);
    assert_int_equal(store_meeting(s, id + 1, &m), STATUS_NONE);

    int64_t found = 0;
    assert_int_equal(store_meeting_of_wave(s, wave, &found), STATUS_OK);
    assert_int_equal(found, id);
}

static void
locks_are_put_changed_and_taken_back(void **state)
{
    (void)state;
    int64_t mentee = add_person("Anna", "111111");
    int64_t mentor = add_person("Boris", "222222");
    int64_t id = hold_meeting(mentee, mentor);
    struct store_lock lock = {mentee, mentor, true};
    struct store_lock *locks = NULL;
    size_t count = 0;
    assert_int_equal(store_lock_put(s, id, &lock), STATUS_OK);
    lock.together = false;
    assert_int_equal(store_lock_put(s, id, &lock), STATUS_OK);
    assert_int_equal(store_locks(s, id, &locks, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_false(locks[0].together);
    free(locks);
    assert_int_equal(store_lock_drop(s, id, &lock), STATUS_OK);
    assert_int_equal(store_locks(s, id, &locks, &count), STATUS_OK);
    assert_int_equal(count, 0);
    free(locks);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(store_before_put(s, id, &lock), STATUS_OK);
    }
    assert_int_equal(store_before(s, id, &locks, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(locks[0].mentor, lock.mentor);
    free(locks);
    assert_int_equal(store_meeting_fix(s, id, 5), STATUS_OK);
    assert_int_equal(store_before(s, id, &locks, &count), STATUS_OK);
    assert_int_equal(count, 0);
    free(locks);
}

static void
a_pair_has_a_plan_and_a_journal_and_goes_with_its_people(void **state)
{
    (void)state;
    int64_t mentee = add_person("Anna", "111111");
    int64_t mentor = add_person("Boris", "222222");
    int64_t id = 0;
    struct store_pair pair = {
        .mentee = mentee, .mentor = mentor, .fixed_ms = 5};
    assert_int_equal(store_pair_add(s, &pair, &id), STATUS_OK);
    assert_int_equal(store_pair(s, id, &pair), STATUS_OK);
    assert_string_equal(pair.mentor_name, "Boris");
    free(pair.goals);
    pair.goals = strdup("to lead a music hour");
    pair.state = 1;
    pair.active_ms = 6;
    assert_int_equal(store_pair_update(s, &pair), STATUS_OK);
    store_pair_clear(&pair);

    char note[] = "went well";
    struct store_journal entry = {
        .kind = 3, .held_ms = 20, .for_pair = note, .for_desk = note};
    assert_int_equal(store_journal_add(s, id, &entry), STATUS_OK);
    entry.held_ms = 10;
    assert_int_equal(store_journal_add(s, id, &entry), STATUS_OK);
    struct store_journal *journal = NULL;
    size_t count = 0;
    assert_int_equal(store_journal(s, id, &journal, &count), STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(journal[0].held_ms, 10);
    store_journal_free(journal, count);

    struct store_pair *pairs = NULL;
    assert_int_equal(store_pairs(s, &pairs, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(pairs[0].goals, "to lead a music hour");
    assert_int_equal(pairs[0].state, 1);
    store_pairs_free(pairs, count);
    assert_int_equal(store_person_erase(s, mentee), STATUS_OK);
    assert_int_equal(store_pairs(s, &pairs, &count), STATUS_OK);
    assert_int_equal(count, 0);
    store_pairs_free(pairs, count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_meeting_counts_who_voted_and_fixing_removes_the_ballots,
            open_store, close_store),
        cmocka_unit_test_setup_teardown(locks_are_put_changed_and_taken_back,
                                        open_store, close_store),
        cmocka_unit_test_setup_teardown(
            a_pair_has_a_plan_and_a_journal_and_goes_with_its_people,
            open_store, close_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
