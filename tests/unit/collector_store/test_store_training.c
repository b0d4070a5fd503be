#include "collector/store/store_training.h"

#include <stdio.h>
#include <string.h>

#include "harness/harness.h"

static struct store *s;
static char dir[HARNESS_PATH_MAX];

static int
open_store(void **state)
{
    (void)state;
    char path[HARNESS_PATH_MAX + 32];
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/collector.db", dir);
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    return 0;
}

static int
close_store(void **state)
{
    (void)state;
    store_close(s);
    harness_remove_tree(dir);
    return 0;
}

static int64_t
add_person(const char *name, const char *code, const char *role)
{
    int64_t id = 0;
    char names[3][32];
    (void)snprintf(names[0], sizeof(names[0]), "%s", name);
    (void)snprintf(names[1], sizeof(names[1]), "%s", code);
    (void)snprintf(names[2], sizeof(names[2]), "%s", role);
    const struct store_person p = {
        .name = names[0], .code = names[1], .role = names[2]};
    assert_int_equal(store_person_add(s, &p, &id), STATUS_OK);
    return id;
}

static int64_t
add_session(const char *day, int minutes)
{
    int64_t id = 0;
    char text[3][32] = {"Session", "13:15", ""};
    char when[32];
    (void)snprintf(when, sizeof(when), "%s", day);
    const struct store_training t = {.title = text[0],
                                     .clock = text[1],
                                     .place = text[2],
                                     .day = when,
                                     .minutes = minutes};
    assert_int_equal(store_training_add(s, &t, &id), STATUS_OK);
    return id;
}

static void
who_signed_at_sessions_that_are_over_is_counted_and_goes_when_erased(
    void **state)
{
    (void)state;
    const int64_t anna = add_person("Anna", "111111", "mentor");
    const int64_t boris = add_person("Boris", "222222", "mentee");
    struct store_trained *trained = NULL;
    size_t count = 0;
    for (int i = 0; i < 3; i++) {
        struct store_training t;
        const int64_t id =
            add_session(i == 1 ? "2026-12-01" : "2026-11-01", 60);
        assert_int_equal(store_guest_put(s, id, boris, true), STATUS_OK);
        assert_int_equal(store_guest_put(s, id, boris, true), STATUS_OK);
        assert_int_equal(store_training(s, id, &t), STATUS_OK);
        t.wave = 10 + i;
        t.ended_ms = i < 2 ? 5 : 0;
        assert_int_equal(store_training_update(s, &t), STATUS_OK);
        assert_true(store_named_put(s, t.wave, anna, "<data/>", 7) >= 0);
        store_training_clear(&t);
        assert_int_equal(store_training(s, id, &t), STATUS_OK);
        assert_int_equal(t.invited, 1);
        assert_int_equal(t.came, 1);
        store_training_clear(&t);
    }
    assert_int_equal(store_trained(s, &trained, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(trained[0].name, "Anna");
    assert_int_equal(trained[0].sessions, 2);
    assert_int_equal(trained[0].minutes, 120);
    assert_string_equal(trained[0].last_day, "2026-12-01");
    store_trained_free(trained, count);
    assert_int_equal(store_person_erase(s, anna), STATUS_OK);
    assert_int_equal(store_person_erase(s, boris), STATUS_OK);
    assert_int_equal(store_trained(s, &trained, &count), STATUS_OK);
    assert_int_equal(count, 0);
    store_trained_free(trained, count);
    struct store_training *all = NULL;
    assert_int_equal(store_trainings(s, &all, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_string_equal(all[0].day, "2026-12-01");
    assert_int_equal(all[0].invited, 0);
    assert_int_equal(all[0].came, 0);
    store_trainings_free(all, count);
}

static void
everybody_stands_in_the_list_of_guests(void **state)
{
    (void)state;
    const int64_t anna = add_person("Anna", "111111", "mentee");
    (void)add_person("Boris", "222222", "mentor");
    const int64_t id = add_session("2026-11-01", 0);
    struct store_guest *guests = NULL;
    size_t count = 0;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(store_guest_put(s, id, anna, round == 0), STATUS_OK);
        assert_int_equal(store_guests(s, id, &guests, &count), STATUS_OK);
        assert_int_equal(count, 2);
        assert_string_equal(guests[0].name, "Boris"); /* mentors first */
        assert_false(guests[0].invited);
        assert_int_equal(guests[1].invited, round == 0);
        assert_false(guests[1].came);
        store_guests_free(guests, count);
    }
}

static void
materials_have_their_numbers_and_a_limit(void **state)
{
    (void)state;
    const int64_t id = add_session("2026-11-01", 0);
    char title[] = "Note";
    char text[] = "# Text";
    const struct store_material m = {.title = title, .text = text};
    struct store_material *got = NULL;
    size_t count = 0;
    for (int i = 0; i < STORE_MATERIALS_MAX; i++) {
        assert_int_equal(store_material_add(s, id, &m), STATUS_OK);
    }
    assert_int_equal(store_material_add(s, id, &m), STATUS_E_LIMIT);
    assert_int_equal(store_material_drop(s, id, 3), STATUS_OK);
    assert_int_equal(store_materials(s, id, &got, &count), STATUS_OK);
    assert_int_equal(count, STORE_MATERIALS_MAX - 1);
    assert_int_equal(got[2].number, 4);
    assert_string_equal(got[2].text, "# Text");
    store_materials_free(got, count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            who_signed_at_sessions_that_are_over_is_counted_and_goes_when_erased,
            open_store, close_store),
        cmocka_unit_test_setup_teardown(everybody_stands_in_the_list_of_guests,
                                        open_store, close_store),
        cmocka_unit_test_setup_teardown(
            materials_have_their_numbers_and_a_limit, open_store, close_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
