#include "collector/web/change.h"

#include <stdio.h>
#include <string.h>

#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)

/* The bundled questionnaires before and after, answered by `n` people each. */
static void
two_waves(struct wave_fixture *f, size_t n, struct store_wave wave[2])
{
    static const char *const survey[] = {"before_mentee.csv",
                                         "after_mentee.csv"};
    wave_fixture_open(f);
    for (size_t s = 0; s < 2; s++) {
        const struct wave_fixture_people people = {
            .n = n, .seed = 7, .lift = s == 0 ? 0.0 : 0.7};
        wave_fixture_publish(f, survey[s], 30, &wave[s]);
        wave_fixture_answer(f, &wave[s], &people);
    }
}

static const struct store_wave *const *
both(const struct store_wave wave[2])
{
    static const struct store_wave *pair[2];
    pair[0] = &wave[0];
    pair[1] = &wave[1];
    return pair;
}

static void
close_all(struct wave_fixture *f, struct store_wave wave[2])
{
    store_wave_clear(&wave[0]);
    store_wave_clear(&wave[1]);
    wave_fixture_close(f);
}

static void
sees_a_rise_in_every_shared_scale(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave wave[2] = {{0}};
    struct change *c = NULL;
    two_waves(&f, 24, wave);
    wave_fixture_end(&f, &wave[0]);
    wave_fixture_end(&f, &wave[1]);
    assert_int_equal(
        change_open(f.store, f.catalogue, both(wave), I18N_EN, NOW_MS, &c),
        STATUS_OK);
    const struct report *r = change_report(c);
    assert_true(r->items >= 8);
    for (size_t i = 0; i < r->items; i++) {
        harness_row(r->item[i].heading);
        assert_non_null(r->item[i].chart);
        assert_int_equal(r->item[i].chart->kind, CHART_KIND_DOTS);
        assert_non_null(strstr(r->item[i].text, "The mean rose from"));
        assert_non_null(strstr(r->item[i].base, "Cliff’s delta"));
    }
    assert_non_null(strstr(r->lead, "Changed by more than chance"));
    change_free(c);
    close_all(&f, wave);
}

static void
says_when_there_are_too_few_to_tell(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave wave[2] = {{0}};
    struct change *c = NULL;
    two_waves(&f, 5, wave);
    wave_fixture_end(&f, &wave[0]);
    wave_fixture_end(&f, &wave[1]);
    assert_int_equal(
        change_open(f.store, f.catalogue, both(wave), I18N_EN, NOW_MS, &c),
        STATUS_OK);
    assert_non_null(strstr(change_report(c)->lead, "No item changed"));
    change_free(c);
    close_all(&f, wave);
}

static void
an_open_wave_is_compared_with_nothing(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave wave[2] = {{0}};
    struct change *c = NULL;
    two_waves(&f, 12, wave);
    wave_fixture_end(&f, &wave[0]);
    assert_int_equal(
        change_open(f.store, f.catalogue, both(wave), I18N_EN, NOW_MS, &c),
        STATUS_E_AUTH);
    close_all(&f, wave);
}

static void
finds_the_wave_before_by_the_form_it_names(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave wave[2] = {{0}};
    struct store_wave found = {0};
    two_waves(&f, 5, wave);
    assert_int_equal(change_find_before(f.store, f.catalogue, &wave[1], &found),
                     STATUS_NONE); /* it is still open */
    wave_fixture_end(&f, &wave[0]);
    assert_int_equal(change_find_before(f.store, f.catalogue, &wave[1], &found),
                     STATUS_OK);
    assert_int_equal(found.id, wave[0].id);
    store_wave_clear(&found);
    close_all(&f, wave);
}

static const char with_code[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",text,kept,The number on your slip,,code\n"
    ",range,score,Score,start=1 end=10 step=1,satisfaction\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

/* Who answers with which code: person `from` on, written in one way or another;
 * after, everybody is better by one or two. */
struct kept {
    size_t from;
    bool after;
};

static const char *
choose_kept(void *ctx, size_t person, const char *question)
{
    static char text[32];
    const struct kept *k = ctx;
    size_t who = person + k->from;
    if (strcmp(question, "kept") == 0) {
        (void)snprintf(text, sizeof(text), k->after ? "ab %zu-17" : "AB%zu17",
                       100 + who);
    } else {
        (void)snprintf(text, sizeof(text), "%zu",
                       1 + who % 8 + (k->after ? 1 + who % 2 : 0));
    }
    return text;
}

static enum status
is_no_code(void *self, const char *const *cell, size_t count)
{
    (void)self;
    (void)count;
    assert_non_null(cell[0]);
    assert_int_equal(strlen(cell[0]), 32);
    assert_null(strstr(cell[0], "AB"));
    return STATUS_OK;
}

static void
a_kept_code_links_the_two_answers_of_a_person(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n[2];
        size_t from; /* of the second wave */
        bool linked;
    } table[] = {
        {"all the same people", {20, 20}, 0, true},
        {"five left, five came", {20, 20}, 5, true},
        {"two left: they would be told", {20, 18}, 2, false},
        {"too few stayed", {10, 10}, 6, false},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        struct wave_fixture f;
        struct store_wave wave[2] = {{0}};
        struct change *c = NULL;
        wave_fixture_open(&f);
        for (size_t s = 0; s < 2; s++) {
            struct kept kept = {s == 1 ? table[i].from : 0, s == 1};
            const struct wave_fixture_people people = {.n = table[i].n[s],
                                                       .seed = 1,
                                                       .choose = choose_kept,
                                                       .ctx = &kept};
            wave_fixture_publish(&f, with_code, 30, &wave[s]);
            wave_fixture_answer(&f, &wave[s], &people);
            wave_fixture_end(&f, &wave[s]);
            assert_int_equal(store_answers_each(f.store, wave[s].id,
                                                &(uint32_t){0}, 1, is_no_code,
                                                NULL),
                             STATUS_OK);
        }
        assert_int_equal(
            change_open(f.store, f.catalogue, both(wave), I18N_EN, NOW_MS, &c),
            STATUS_OK);
        const struct report *r = change_report(c);
        assert_int_equal(r->items, 1);
        bool linked = strstr(r->item[0].base, "rank-biserial") != NULL;
        assert_int_equal(linked, table[i].linked);
        assert_int_equal(strstr(r->item[0].base, "Cliff") != NULL, !linked);
        if (linked) {
            /* All rose: the correlation is complete. */
            assert_non_null(strstr(r->item[0].base, "correlation 1"));
        }
        change_free(c);
        close_all(&f, wave);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_code_links_the_two_answers_of_a_person),
        cmocka_unit_test(sees_a_rise_in_every_shared_scale),
        cmocka_unit_test(says_when_there_are_too_few_to_tell),
        cmocka_unit_test(an_open_wave_is_compared_with_nothing),
        cmocka_unit_test(finds_the_wave_before_by_the_form_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
