/* Accounts of OpenRosa clients, files of named answers, and the outbox: what
 * gets into it, in which order it leaves, and what an erasure takes along. */
#include "collector/store/store_openrosa.h"

#include <stdio.h>
#include <string.h>

#include "harness/harness.h"
#include "store_fixture.h"

static struct store_fixture fixture;
static struct store *s; /* of the fixture */
static int64_t person;
static int64_t wave[4]; /* by kind */

static int
setup(void **state)
{
    (void)state;
    char id[] = "f";
    char version[] = "1";
    char code[] = "123456";
    char none[] = "";
    char name[16];
    int64_t form = 0;
    store_fixture_open(&fixture);
    s = fixture.store;
    const struct store_form f = {
        .form_id = id, .version = version, .title = id};
    assert_int_equal(store_form_add(s, &f, "<x/>", 4, &form), STATUS_OK);
    for (int kind = 0; kind < 4; kind++) {
        (void)snprintf(name, sizeof(name), "w%d", kind);
        const struct store_wave w = {.name = name,
                                     .form = form,
                                     .title = id,
                                     .kind = (enum record_kind)kind,
                                     .k = 5,
                                     .k_text = 10};
        assert_int_equal(store_wave_add(s, &w, &wave[kind]), STATUS_OK);
    }
    const struct store_person p = {.code = code, .name = id, .role = none};
    assert_int_equal(store_person_add(s, &p, &person), STATUS_OK);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    store_fixture_close(&fixture);
    return 0;
}

static void
answer(enum record_kind kind)
{
    assert_true(store_named_put(s, wave[kind], person, "<a/>", 4) >= 0);
}

static struct store_forward_counts
counts(void)
{
    struct store_forward_counts c;
    assert_int_equal(store_forward_count(s, &c), STATUS_OK);
    return c;
}

static enum status
due(int64_t now_ms, struct store_forward *out)
{
    struct buf xml;
    int64_t next_ms = 0;
    buf_init(&xml, 100);
    enum status st = store_forward_due(s, now_ms, out, &xml, &next_ms);
    if (st == STATUS_OK) {
        assert_string_equal(xml.data, "<a/>");
    }
    buf_deinit(&xml);
    return st;
}

static void
ballots_and_anonymous_answers_never_get_into_the_outbox(void **state)
{
    (void)state;
    int64_t count = 0;
    answer(RECORD_NAMED);
    assert_int_equal(counts().waiting, 0); /* nobody said where to */
    assert_int_equal(
        store_text_set(s, STORE_FORWARD_URL, "https://example.org"), STATUS_OK);
    answer(RECORD_BALLOT);
    for (int kind = 0; kind < 4; kind++) {
        if (kind != RECORD_NAMED) {
            assert_int_equal(store_forward_put(s, wave[kind], person, 0),
                             STATUS_OK);
        }
    }
    assert_int_equal(counts().waiting, 0);
    assert_int_equal(store_forward_all(s, &count), STATUS_OK);
    assert_int_equal(count, 1);
    answer(RECORD_NAMED);
    assert_int_equal(counts().waiting, 1);
    assert_int_equal(store_forward_all(s, &count), STATUS_OK);
    assert_int_equal(count, 0);
}

static void
an_answer_that_changed_meanwhile_goes_again(void **state)
{
    (void)state;
    char nothing[] = "";
    struct store_forward f;
    assert_int_equal(
        store_text_set(s, STORE_FORWARD_URL, "https://example.org"), STATUS_OK);
    answer(RECORD_NAMED);
    assert_int_equal(due(1, &f), STATUS_OK);
    answer(RECORD_NAMED); /* while the first was on its way */
    struct store_forward sent = f;
    sent.state = STORE_FORWARD_DONE;
    sent.detail = nothing;
    assert_int_equal(store_forward_note(s, &sent), STATUS_OK);
    assert_int_equal(counts().waiting, 1);
    store_forward_clear(&f);
    assert_int_equal(due(1, &f), STATUS_OK);
    sent = f;
    sent.state = STORE_FORWARD_DONE;
    sent.detail = nothing;
    assert_int_equal(store_forward_note(s, &sent), STATUS_OK);
    assert_int_equal(counts().done, 1);
    store_forward_clear(&f);
    assert_int_equal(due(1, &f), STATUS_NONE);
}

static void
what_waits_or_was_refused_comes_back_when_told_to(void **state)
{
    (void)state;
    char why[] = "HTTP 409";
    struct store_forward f;
    assert_int_equal(
        store_text_set(s, STORE_FORWARD_URL, "https://example.org"), STATUS_OK);
    assert_int_equal(store_named_put(s, wave[RECORD_NAMED], person, "<a/>", 4),
                     STATUS_OK);
    assert_int_equal(store_forward_put(s, wave[RECORD_NAMED], person, 1000),
                     STATUS_OK);
    assert_int_equal(due(999, &f), STATUS_NONE);
    assert_int_equal(due(1000, &f), STATUS_OK);
    struct store_forward refused = f;
    refused.state = STORE_FORWARD_REFUSED;
    refused.detail = why;
    assert_int_equal(store_forward_note(s, &refused), STATUS_OK);
    store_forward_clear(&f);
    assert_int_equal(counts().refused, 1);
    assert_string_equal(counts().detail, why);
    assert_int_equal(due(INT64_MAX, &f), STATUS_NONE);
    assert_int_equal(store_forward_retry(s), STATUS_OK);
    assert_int_equal(due(0, &f), STATUS_OK);
    store_forward_clear(&f);
}

static void
an_erasure_takes_account_files_and_outbox_along(void **state)
{
    (void)state;
    char login[] = "olga";
    struct buf out;
    struct store_openrosa_user user = {.login = login, .person = person};
    buf_init(&out, 100);
    assert_int_equal(
        store_text_set(s, STORE_FORWARD_URL, "https://example.org"), STATUS_OK);
    answer(RECORD_NAMED);
    assert_int_equal(
        store_file_put(s, wave[RECORD_NAMED], person, "1.jpg", "abc", 3),
        STATUS_OK);
    assert_int_equal(store_file(s, wave[RECORD_NAMED], person, "1.jpg", &out),
                     STATUS_OK);
    assert_string_equal(out.data, "abc");
    assert_int_equal(store_openrosa_user_put(s, &user), STATUS_OK);
    assert_int_equal(store_person_erase(s, person), STATUS_OK);
    assert_int_equal(store_file(s, wave[RECORD_NAMED], person, "1.jpg", &out),
                     STATUS_NONE);
    assert_int_equal(store_openrosa_user(s, login, &user), STATUS_NONE);
    assert_int_equal(counts().waiting, 0);
    buf_deinit(&out);
}

static void
a_file_needs_an_answer(void **state)
{
    (void)state;
    assert_int_equal(
        store_file_put(s, wave[RECORD_NAMED], person, "1.jpg", "abc", 3),
        STATUS_E_CONFLICT);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(ballots_and_anonymous_answers_never_get_into_the_outbox),
        TEST(an_answer_that_changed_meanwhile_goes_again),
        TEST(what_waits_or_was_refused_comes_back_when_told_to),
        TEST(an_erasure_takes_account_files_and_outbox_along),
        TEST(a_file_needs_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
