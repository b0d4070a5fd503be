#include "collector/store/store_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_remarks.h"
#include "harness/harness.h"
#include "store_fixture.h"

#define ROWS 12
#define FIELDS 2

static struct store_fixture fixture;
static struct store *s; /* of the fixture */
static int64_t form;
static int64_t wave;

static int
open_store(void **state)
{
    (void)state;
    char text[] = "a";
    const struct store_form f = {
        .form_id = text, .version = text, .title = text};
    store_fixture_open(&fixture);
    s = fixture.store;
    assert_int_equal(store_form_add(s, &f, "<x/>", 4, &form), STATUS_OK);
    const struct store_wave w = {.form = form, .k = 5, .k_text = 10};
    assert_int_equal(store_wave_add(s, &w, &wave), STATUS_OK);
    return 0;
}

static int
close_store(void **state)
{
    (void)state;
    store_fixture_close(&fixture);
    return 0;
}

/* ROWS people: a number, and a text from all but the last `silent`. */
static void
answer(size_t silent)
{
    static char text[ROWS][2][16];
    const char *cell[ROWS * FIELDS];
    for (size_t i = 0; i < ROWS; i++) {
        (void)snprintf(text[i][0], sizeof(text[i][0]), "%zu", i);
        (void)snprintf(text[i][1], sizeof(text[i][1]), "text %zu", i);
        cell[i * FIELDS] = text[i][0];
        cell[i * FIELDS + 1] = i + silent < ROWS ? text[i][1] : NULL;
    }
    const struct store_rows rows = {cell, ROWS, FIELDS};
    assert_int_equal(store_answers_add(s, wave, &rows), STATUS_OK);
}

static enum status
count_row(void *self, const char *const *cell, size_t count)
{
    size_t *n = self;
    for (size_t i = 0; i < count; i++) {
        n[i] += cell[i] ? 1 : 0;
    }
    return STATUS_OK;
}

static void
texts_leave_the_rows_and_the_rest_stays(void **state)
{
    (void)state;
    static const uint32_t field[] = {0, 1};
    struct store_remark *r = NULL;
    size_t count = 0;
    size_t left[FIELDS] = {0, 0};
    answer(2);
    assert_int_equal(store_remarks_take(s, wave, 1, 10), STATUS_OK);
    assert_int_equal(
        store_answers_each(s, wave, field, FIELDS, count_row, left), STATUS_OK);
    assert_int_equal(left[0], ROWS);
    assert_int_equal(left[1], 0);
    assert_int_equal(store_remarks(s, wave, 1, &r, &count), STATUS_OK);
    assert_int_equal(count, ROWS - 2);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(r[i].text, "text ", 5);
        assert_string_equal(r[i].themes, "");
    }
    store_remarks_free(r, count);
}

static void
too_few_texts_stay_where_they_are(void **state)
{
    (void)state;
    static const uint32_t field = 1;
    size_t left = 0;
    answer(3);
    assert_int_equal(store_remarks_take(s, wave, 1, 10), STATUS_NONE);
    assert_int_equal(store_answers_each(s, wave, &field, 1, count_row, &left),
                     STATUS_OK);
    assert_int_equal(left, ROWS - 3);
}

static void
a_redacted_text_replaces_the_first_and_themes_are_counted(void **state)
{
    (void)state;
    struct store_remark *r = NULL;
    struct store_theme *t = NULL;
    size_t count = 0;
    char text[] = "redacted";
    char themes[] = " time ,meetings,, time";
    char other[] = "time";
    answer(0);
    assert_int_equal(store_remarks_take(s, wave, 1, 10), STATUS_OK);
    assert_int_equal(store_remarks(s, wave, 1, &r, &count), STATUS_OK);
    const struct store_remark first = {r[0].id, text, themes};
    const struct store_remark second = {r[1].id, text, other};
    assert_int_equal(store_remark_set(s, wave, &first), STATUS_OK);
    assert_int_equal(store_remark_set(s, wave, &second), STATUS_OK);
    assert_int_equal(store_remark_set(s, wave + 1, &first), STATUS_OK);
    store_remarks_free(r, count);
    assert_int_equal(store_remarks(s, wave, 1, &r, &count), STATUS_OK);
    assert_string_equal(r[0].text, "redacted");
    assert_string_equal(r[0].themes, "meetings, time");
    store_remarks_free(r, count);
    assert_int_equal(store_themes(s, wave, 1, &t, &count), STATUS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(t[0].name, "time");
    assert_int_equal(t[0].n, 2);
    assert_int_equal(t[1].n, 1);
    store_themes_free(t, count);
}

static void
plans_come_by_their_day_and_go(void **state)
{
    (void)state;
    static const int64_t day[] = {300, 100, 200};
    struct store_plan *p = NULL;
    size_t count = 0;
    char title[] = "spring";
    for (size_t i = 0; i < 3; i++) {
        const struct store_plan plan = {
            .form = form, .title = title, .kind = -1, .opens_ms = day[i]};
        assert_int_equal(store_plan_add(s, &plan), STATUS_OK);
    }
    assert_int_equal(store_plans(s, &p, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(p[0].opens_ms, 100);
    assert_int_equal(p[2].opens_ms, 300);
    assert_int_equal(store_plan_drop(s, p[0].id), STATUS_OK);
    assert_int_equal(store_plan_drop(s, p[0].id), STATUS_NONE);
    store_plans_free(p, count);
}

static void
conclusions_are_kept_by_part(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, STORE_SWOT_MAX_BYTES);
    assert_int_equal(store_swot_put(s, wave, 1, "old"), STATUS_OK);
    assert_int_equal(store_swot_put(s, wave, 1, "new"), STATUS_OK);
    assert_int_equal(store_swot(s, wave, 1, &b), STATUS_OK);
    assert_string_equal(b.data, "new");
    buf_clear(&b);
    assert_int_equal(store_swot(s, wave, 0, &b), STATUS_OK);
    assert_int_equal(b.len, 0);
    buf_deinit(&b);
}

static void
a_token_is_found_by_its_hash_until_it_is_revoked(void **state)
{
    (void)state;
    struct seal_hash hash;
    struct store_token t;
    seal_hash("secret", 6, NULL, 0, &hash);
    assert_int_equal(store_token_find(s, &hash, &t), STATUS_NONE);
    assert_int_equal(store_token_add(s, &hash, "city", 1), STATUS_OK);
    assert_int_equal(store_token_find(s, &hash, &t), STATUS_OK);
    assert_string_equal(t.name, "city");
    assert_int_equal(t.used_ms, 0);
    assert_int_equal(store_token_used(s, t.id, 77), STATUS_OK);
    int64_t id = t.id;
    store_token_clear(&t);
    assert_int_equal(store_token_find(s, &hash, &t), STATUS_OK);
    assert_int_equal(t.used_ms, 77);
    store_token_clear(&t);
    assert_int_equal(store_token_drop(s, id), STATUS_OK);
    assert_int_equal(store_token_find(s, &hash, &t), STATUS_NONE);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, open_store, close_store)
    const struct CMUnitTest tests[] = {
        CASE(texts_leave_the_rows_and_the_rest_stays),
        CASE(too_few_texts_stay_where_they_are),
        CASE(a_redacted_text_replaces_the_first_and_themes_are_counted),
        CASE(plans_come_by_their_day_and_go),
        CASE(conclusions_are_kept_by_part),
        CASE(a_token_is_found_by_its_hash_until_it_is_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
