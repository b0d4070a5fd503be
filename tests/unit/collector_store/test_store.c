#include "collector/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "harness/harness.h"
#include "store_fixture.h"

#define HOUR_MS INT64_C(3600000)

static struct store_fixture fixture;
static struct store *s; /* of the fixture */

static int
open_store(void **state)
{
    (void)state;
    store_fixture_open(&fixture);
    s = fixture.store;
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
add_form(const char *form_id, const char *version, const char *xform,
         enum status want)
{
    char id[64];
    char number[16];
    char title[] = "T";
    int64_t row = 0;
    (void)snprintf(id, sizeof(id), "%s", form_id);
    (void)snprintf(number, sizeof(number), "%s", version);
    const struct store_form form = {
        .form_id = id, .version = number, .title = title};
    assert_int_equal(store_form_add(s, &form, xform, strlen(xform), &row),
                     want);
    return row;
}

static void
a_version_of_a_form_never_changes(void **state)
{
    (void)state;
    int64_t first = add_form("a", "1", "<x/>", STATUS_OK);
    assert_int_equal(add_form("a", "1", "<x/>", STATUS_REPEAT), first);
    assert_int_equal(add_form("a", "1", "<y/>", STATUS_E_CONFLICT), first);
    assert_int_not_equal(add_form("a", "2", "<y/>", STATUS_OK), first);
}

static int64_t
add_wave(int64_t form, int64_t closes_ms)
{
    int64_t id = 0;
    const struct store_wave w = {
        .form = form, .k = 5, .k_text = 10, .closes_ms = closes_ms};
    assert_int_equal(store_wave_add(s, &w, &id), STATUS_OK);
    return id;
}

static void
waves_are_numbered_over_all_versions_of_a_form(void **state)
{
    (void)state;
    static const char *const want[] = {"a", "a-2", "a-3"};
    int64_t v1 = add_form("a", "1", "<x/>", STATUS_OK);
    int64_t v2 = add_form("a", "2", "<y/>", STATUS_OK);
    const int64_t form[] = {v1, v1, v2};
    for (size_t i = 0; i < 3; i++) {
        struct store_wave w = {0};
        int64_t id = add_wave(form[i], 0);
        assert_int_equal(store_wave_by_id(s, id, &w), STATUS_OK);
        assert_string_equal(w.name, want[i]);
        store_wave_clear(&w);
    }
}

static void
a_wave_closes_when_its_term_is_over(void **state)
{
    (void)state;
    int64_t form = add_form("a", "1", "<x/>", STATUS_OK);
    (void)add_wave(form, 1000);
    assert_int_equal(store_waves_expire(s, 999), STATUS_NONE);
    assert_int_equal(store_waves_expire(s, 1000), STATUS_OK);
    assert_int_equal(store_waves_expire(s, 1001), STATUS_NONE);
    struct store_wave w = {0};
    assert_int_equal(store_wave(s, "a", &w), STATUS_OK);
    assert_int_equal(w.closed_ms, 1000);
    assert_int_equal(store_wave_close(s, w.id, 2000), STATUS_NONE);
    store_wave_clear(&w);
}

static enum status
sum_steps(void *self, const struct store_kiosk_waiting *w)
{
    int *sum = self;
    *sum = *sum * 10 + w->step;
    return STATUS_OK;
}

static void
assert_describes(struct store *in, const struct seal_sign_public *kiosk)
{
    static const struct store_kiosk_waiting waiting[] = {
        {"a", 1}, {"b", 3}, {"", 2}, {"a", 2}};
    struct store_kiosk *kiosks = NULL;
    size_t count = 0;
    int steps = 0;
    assert_int_equal(store_kiosk_describe(in, kiosk, "0.1", waiting, 4),
                     STATUS_OK);
    assert_int_equal(store_kiosk_waiting_each(in, kiosk, sum_steps, &steps),
                     STATUS_OK);
    assert_int_equal(steps, 322); /* the most first, each once */
    assert_int_equal(store_kiosks(in, &kiosks, &count), STATUS_OK);
    assert_string_equal(kiosks[0].program, "0.1");
    store_kiosks_free(kiosks, count);
    steps = 0;
    assert_int_equal(store_kiosk_describe(in, kiosk, "0.1", NULL, 0),
                     STATUS_OK);
    assert_int_equal(store_kiosk_waiting_each(in, kiosk, sum_steps, &steps),
                     STATUS_OK);
    assert_int_equal(steps, 0);
}

static void
an_enrolment_code_lets_in_one_kiosk(void **state)
{
    (void)state;
    struct seal_hash secret;
    struct seal_hash other;
    struct seal_sign_public one = {{1}};
    struct seal_sign_public two = {{2}};
    seal_hash("s", 1, NULL, 0, &secret);
    seal_hash("o", 1, NULL, 0, &other);
    assert_int_equal(store_enrol_code_add(s, &secret, "room", 1000), STATUS_OK);
    assert_int_equal(store_enrol(s, &other, &one, "", 1, NULL), STATUS_E_AUTH);
    assert_int_equal(store_enrol(s, &secret, &one, "", 1001, NULL),
                     STATUS_E_AUTH);
    assert_int_equal(store_kiosk_check(s, &one), STATUS_E_AUTH);
    struct buf name;
    buf_init(&name, 64);
    assert_int_equal(store_enrol(s, &secret, &one, "its own", 1, &name),
                     STATUS_OK);
    assert_string_equal(name.data, "room");
    buf_clear(&name);
    assert_int_equal(store_enrol(s, &secret, &one, "", 5000, &name),
                     STATUS_REPEAT);
    assert_string_equal(name.data, "room");
    buf_deinit(&name);
    assert_int_equal(store_enrol(s, &secret, &two, "", 1, NULL), STATUS_E_AUTH);
    assert_int_equal(store_kiosk_check(s, &one), STATUS_OK);
    assert_int_equal(store_kiosk_touch(s, &one, 3, 5 * HOUR_MS + 17),
                     STATUS_OK);

    struct store_kiosk *kiosks = NULL;
    size_t count = 0;
    assert_int_equal(store_kiosks(s, &kiosks, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(kiosks[0].name, "room");
    /* Whole hours: no finer trace of when somebody may have answered. */
    assert_int_equal(kiosks[0].seen_ms, 5 * HOUR_MS);
    store_kiosks_free(kiosks, count);

    assert_describes(s, &one);
    assert_int_equal(store_kiosk_revoke(s, &one), STATUS_OK);
    assert_int_equal(store_kiosk_check(s, &one), STATUS_E_AUTH);
}

static void
a_session_ends_with_its_time_or_its_account(void **state)
{
    (void)state;
    char login[] = "a";
    char name[] = "A";
    struct store_user user = {.login = login, .name = name, .enabled = true};
    struct store_user found = {0};
    struct seal_hash token;
    seal_hash("t", 1, NULL, 0, &token);
    assert_int_equal(store_user_add(s, &user, &user.id), STATUS_OK);
    assert_int_equal(store_user_add(s, &user, &(int64_t){0}),
                     STATUS_E_CONFLICT);
    assert_int_equal(store_session_add(s, &token, user.id, 1000), STATUS_OK);
    assert_int_equal(store_session_user(s, &token, 999, &found), STATUS_OK);
    assert_string_equal(found.login, "a");
    store_user_clear(&found);
    assert_int_equal(store_session_user(s, &token, 1000, &found), STATUS_NONE);
    user.enabled = false;
    assert_int_equal(store_user_update(s, &user), STATUS_OK);
    assert_int_equal(store_session_user(s, &token, 1, &found), STATUS_NONE);
}

static void
a_reading_link_opens_its_wave_only(void **state)
{
    (void)state;
    int64_t form = add_form("a", "1", "<x/>", STATUS_OK);
    int64_t one = add_wave(form, 0);
    int64_t two = add_wave(form, 0);
    struct seal_hash token;
    seal_hash("t", 1, NULL, 0, &token);
    assert_int_equal(store_link_add(s, &token, one, 1000), STATUS_OK);
    assert_int_equal(store_link_check(s, &token, one, 999), STATUS_OK);
    assert_int_equal(store_link_check(s, &token, one, 1000), STATUS_NONE);
    assert_int_equal(store_link_check(s, &token, two, 1), STATUS_NONE);
}

static enum status
note_row(void *self, const char *const *cell, size_t count)
{
    int *seen = self;
    assert_int_equal(count, 2);
    /* Both columns of a record stay side by side whatever the order. */
    assert_string_equal(cell[0], cell[1]);
    seen[cell[0][0] - 'a']++;
    return STATUS_OK;
}

static void
columns_stay_side_by_side_while_chunks_grow(void **state)
{
    (void)state;
    static const uint32_t field[2] = {0, 2};
    int64_t wave = add_wave(add_form("a", "1", "<x/>", STATUS_OK), 0);
    int want[26] = {0};
    int seen[26] = {0};
    for (int i = 0; i < 300; i++) {
        char text[2] = {(char)('a' + i % 26), '\0'};
        const char *cell[6] = {text, NULL, text, "z", "y", "z"};
        const struct store_rows rows = {
            .cell = cell, .rows = i % 3 ? 1 : 2, .fields = 3};
        assert_int_equal(store_answers_add(s, wave, &rows), STATUS_OK);
        want[i % 26]++;
        want['z' - 'a'] += rows.rows == 2;
    }
    assert_int_equal(store_answers_each(s, wave, field, 2, note_row, seen),
                     STATUS_OK);
    assert_memory_equal(seen, want, sizeof(seen));
}

/* As many records with the answer "a" as `count`. */
static void
take(int64_t wave, size_t count)
{
    static const char *const cell[] = {"a", "a", "a", "a", "a", "a"};
    const struct store_rows rows = {.cell = cell, .rows = count, .fields = 1};
    const struct store_tally tally = {.kind = STORE_TALLY_ANSWERED,
                                      .n = (int64_t)count};
    assert_int_equal(store_begin(s), STATUS_OK);
    assert_int_equal(store_answers_add(s, wave, &rows), STATUS_OK);
    assert_int_equal(store_tally_add(s, wave, &tally, 1), STATUS_OK);
    assert_int_equal(store_commit(s), STATUS_OK);
}

static enum status
count_row(void *self, const char *const *cell, size_t count)
{
    (void)count;
    assert_string_equal(cell[0], "a");
    *(int64_t *)self += 1;
    return STATUS_OK;
}

static void
expect_figures(int64_t wave, int64_t shown, int64_t waiting)
{
    struct store_wave w = {0};
    struct store_tally *tally = NULL;
    size_t count = 0;
    int64_t rows = 0;
    assert_int_equal(store_wave_by_id(s, wave, &w), STATUS_OK);
    assert_int_equal(w.answers, shown);
    assert_int_equal(w.waiting, waiting);
    store_wave_clear(&w);
    assert_int_equal(store_tallies(s, wave, &tally, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(tally[0].n, shown);
    free(tally);
    assert_int_equal(
        store_answers_each(s, wave, &(uint32_t){0}, 1, count_row, &rows),
        STATUS_OK);
    assert_int_equal(rows, shown);
}

static void
published_figures_move_by_k_answers_at_least(void **state)
{
    (void)state;
    int64_t wave = add_wave(add_form("a", "1", "<x/>", STATUS_OK), 0);
    take(wave, 6);
    take(wave, 1);
    expect_figures(wave, 7, 0);
    assert_int_equal(store_wave_publish(s, wave, false), STATUS_OK);
    take(wave, 1);
    take(wave, 2);
    expect_figures(wave, 7, 3);
    assert_int_equal(store_wave_close(s, wave, 1), STATUS_OK);
    take(wave, 1);
    expect_figures(wave, 7, 4);
    take(wave, 1);
    expect_figures(wave, 12, 0);
    take(wave, 4);
    expect_figures(wave, 12, 4);
    take(wave, 6);
    expect_figures(wave, 22, 0);
    take(wave, 5);
    expect_figures(wave, 27, 0);
}

/* One record that answers question 0 and, if `second`, question 1. */
static void
take_one(int64_t wave, const char *first, const char *second)
{
    const char *cell[] = {first, second};
    const struct store_rows rows = {.cell = cell, .rows = 1, .fields = 2};
    struct store_tally tally[4];
    for (uint32_t f = 0; f < 2; f++) {
        tally[2 * f] = (struct store_tally){
            .field = f,
            .kind = cell[f] ? STORE_TALLY_ANSWERED : STORE_TALLY_MISSING,
            .n = 1};
        tally[2 * f + 1] = (struct store_tally){.field = f,
                                                .kind = STORE_TALLY_NUMBER,
                                                .item = cell[f] ? *cell[f] : 0,
                                                .n = cell[f] ? 1 : 0};
    }
    assert_int_equal(store_begin(s), STATUS_OK);
    assert_int_equal(store_answers_add(s, wave, &rows), STATUS_OK);
    assert_int_equal(store_tally_add(s, wave, tally, 4), STATUS_OK);
    assert_int_equal(store_commit(s), STATUS_OK);
}

static enum status
count_any(void *self, const char *const *cell, size_t count)
{
    (void)cell;
    (void)count;
    *(int64_t *)self += 1;
    return STATUS_OK;
}

static void
expect_wave(int64_t wave, int64_t answers, int64_t waiting, int64_t rows)
{
    struct store_wave w = {0};
    int64_t seen = 0;
    assert_int_equal(store_wave_by_id(s, wave, &w), STATUS_OK);
    assert_int_equal(w.answers, answers);
    assert_int_equal(w.waiting, waiting);
    store_wave_clear(&w);
    assert_int_equal(
        store_answers_each(s, wave, &(uint32_t){1}, 1, count_any, &seen),
        STATUS_OK);
    assert_int_equal(seen, rows);
}

/* Late answers join when no question tells about fewer than k of them, or that
 * they are of one mind; and rows stay what the first look saw. */
static void
late_answers_wait_for_every_question(void **state)
{
    (void)state;
    int64_t wave = add_wave(add_form("a", "1", "<x/>", STATUS_OK), 0);
    for (int i = 0; i < 10; i++) {
        take_one(wave, i % 2 ? "1" : "2", i % 3 ? "1" : "2");
    }
    assert_int_equal(store_wave_close(s, wave, 1), STATUS_OK);
    assert_int_equal(store_wave_publish(s, wave, true), STATUS_OK);
    for (int i = 0; i < 5; i++) {
        take_one(wave, "1", NULL);
    }
    expect_wave(wave, 10, 5, 10); /* all of one mind */
    take_one(wave, "2", NULL);
    take_one(wave, "2", "1");
    expect_wave(wave, 10, 7, 10); /* one answered the second question */
    for (int i = 0; i < 3; i++) {
        take_one(wave, "1", "2");
    }
    expect_wave(wave, 10, 10, 10);
    take_one(wave, "1", "1");
    expect_wave(wave, 21, 0, 10);
    take_one(wave, "1", "1");
    expect_wave(wave, 21, 1, 10);
}

/* What a collector of the first version left, brought up to date. */
static void
a_filled_store_of_the_first_version_is_brought_up_to_date(void **state)
{
    (void)state;
    int64_t form = add_form("a", "1", "<x/>", STATUS_OK);
    int64_t closed = add_wave(form, 0);
    int64_t open = add_wave(form, 0);
    int64_t small = add_wave(form, 0);
    for (int i = 0; i < 100; i++) {
        take_one(closed, "1", i % 2 ? "1" : "2");
        take_one(open, "1", "2");
    }
    take_one(small, "1", "2");
    assert_int_equal(store_wave_close(s, closed, 1), STATUS_OK);
    assert_int_equal(store_wave_close(s, small, 1), STATUS_OK);

    char path[HARNESS_PATH_MAX + 32];
    struct buf sql;
    sqlite3 *old = NULL;
    buf_init(&sql, 1 << 16);
    assert_int_equal(file_read(harness_source("sync/collector/store/schema/"
                                              "0001_collector.sql"),
                               &sql),
                     STATUS_OK);
    buf_printf(&sql,
               "ATTACH '%s/collector.db' AS full;"
               "INSERT INTO form SELECT * FROM full.form;"
               "INSERT INTO wave SELECT id, name, form, title, kind, k, k_text,"
               " invited, minutes, live, opened_ms, closes_ms, closed_ms,"
               " answers, chunks, slip_key FROM full.wave;"
               "INSERT INTO answer SELECT * FROM full.answer;"
               "INSERT INTO tally SELECT * FROM full.tally;",
               fixture.dir);
    (void)snprintf(path, sizeof(path), "%s/old.db", fixture.dir);
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    assert_int_equal(sqlite3_exec(old, sql.data, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(old), SQLITE_OK);
    buf_deinit(&sql);

    store_close(s);
    assert_int_equal(store_open(path, false, &fixture.store), STATUS_OK);
    s = fixture.store;
    expect_wave(closed, 100, 0, 100);
    expect_wave(open, 100, 0, 100);
    expect_wave(small, 1, 0, 1);
    /* A closed wave of k answers may have been looked at: what comes now
     * waits. The others take it in at once. */
    take_one(closed, "1", "1");
    take_one(open, "1", "1");
    take_one(small, "1", "1");
    expect_wave(closed, 100, 1, 100);
    expect_wave(open, 101, 0, 101);
    expect_wave(small, 2, 0, 2);
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {
        TEST(a_version_of_a_form_never_changes),
        TEST(waves_are_numbered_over_all_versions_of_a_form),
        TEST(a_wave_closes_when_its_term_is_over),
        TEST(an_enrolment_code_lets_in_one_kiosk),
        TEST(a_session_ends_with_its_time_or_its_account),
        TEST(a_reading_link_opens_its_wave_only),
        TEST(columns_stay_side_by_side_while_chunks_grow),
        TEST(published_figures_move_by_k_answers_at_least),
        TEST(late_answers_wait_for_every_question),
        TEST(a_filled_store_of_the_first_version_is_brought_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
