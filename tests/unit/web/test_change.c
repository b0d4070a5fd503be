#include "collector/web/change.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_a_rise_in_every_shared_scale),
        cmocka_unit_test(says_when_there_are_too_few_to_tell),
        cmocka_unit_test(an_open_wave_is_compared_with_nothing),
        cmocka_unit_test(finds_the_wave_before_by_the_form_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
