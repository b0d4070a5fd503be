#include "collector/web/indicators.h"

#include <stdio.h>
#include <string.h>

#include "collector/web/monitoring.h"
#include "harness/harness.h"
#include "wave_fixture.h"

/* November 2026. */
#define NOW_MS INT64_C(1795000100000)

static void
school_years_begin_in_september(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        int year;
    } table[] = {
        {INT64_C(1788134400000), 2025}, /* 31 August 2026 */
        {INT64_C(1788220800000), 2026}, /* 1 September 2026 */
        {NOW_MS, 2026},
        {INT64_C(1798761600000), 2026}, /* 1 January 2027 */
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(indicators_year_of(table[i].ms), table[i].year);
    }
}

static void
refuses_counts_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        struct indicators_entry entry;
        enum status expected;
    } table[] = {{{3, 4, 50}, STATUS_OK},
                 {{0, 0, -1}, STATUS_OK},
                 {{5, 4, 50}, STATUS_E_INVALID},
                 {{-1, 4, 50}, STATUS_E_INVALID},
                 {{3, 4, 101}, STATUS_E_INVALID}};
    struct wave_fixture f;
    struct indicators_entry e;
    wave_fixture_open(&f);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(indicators_write(f.store, 2026, INDICATOR_PAIRS_FORMED,
                                          &table[i].entry),
                         table[i].expected);
    }
    assert_int_equal(indicators_read(f.store, 2026, INDICATOR_PAIRS_FORMED, &e),
                     STATUS_OK);
    assert_int_equal(e.base, 0);
    assert_int_equal(e.target, -1);
    wave_fixture_close(&f);
}

/* Twelve of twenty say 8, the others 4. */
static const char *
choose(void *ctx, size_t person, const char *question)
{
    (void)ctx;
    if (strcmp(question, "satisfaction") != 0) {
        return NULL;
    }
    return person < 12 ? "8" : "4";
}

static void
figures_stand_beside_targets(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave w = {0};
    struct indicators *in = NULL;
    const struct wave_fixture_people people = {
        .n = 20, .seed = 1, .choose = choose};
    wave_fixture_open(&f);
    wave_fixture_publish(&f, "after_mentee.csv", 22, &w);
    wave_fixture_answer(&f, &w, &people);
    wave_fixture_end(&f, &w);
    assert_int_equal(indicators_write(f.store, 2026, INDICATOR_PAIRS_FORMED,
                                      &(struct indicators_entry){18, 20, 80}),
                     STATUS_OK);
    assert_int_equal(indicators_write(f.store, 2026,
                                      INDICATOR_SATISFIED_MENTEES,
                                      &(struct indicators_entry){0, 0, 70}),
                     STATUS_OK);

    harness_row("before the summary was opened");
    assert_int_equal(
        indicators_open(f.store, f.catalogue, I18N_EN, NOW_MS, &in), STATUS_OK);
    const struct report *r = indicators_report(in);
    assert_int_equal(r->items, 2);
    assert_string_equal(r->item[0].text,
                        "There is a target but no figure yet.");
    assert_non_null(strstr(r->item[1].text, "90\xC2\xA0% (18 of 20)"));
    assert_non_null(strstr(r->item[1].text, "is reached"));
    indicators_free(in);

    harness_row("afterwards");
    struct store_wave seen = {0};
    assert_int_equal(monitoring_wave(f.store, w.name, NOW_MS, &seen),
                     STATUS_OK);
    store_wave_clear(&seen);
    assert_int_equal(
        indicators_open(f.store, f.catalogue, I18N_EN, NOW_MS, &in), STATUS_OK);
    r = indicators_report(in);
    assert_int_equal(r->items, 2);
    assert_non_null(strstr(r->item[0].text, "60\xC2\xA0% (12 of 20)"));
    assert_non_null(strstr(r->item[0].text, "7 or more"));
    assert_non_null(strstr(r->item[0].text, "do not settle"));
    assert_int_equal(r->item[0].chart->u.dots.count, 2);
    assert_string_equal(r->item[0].chart->u.dots.dot[1].label,
                        "2026/27, target");
    indicators_free(in);
    store_wave_clear(&w);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(school_years_begin_in_september),
        cmocka_unit_test(refuses_counts_that_cannot_be),
        cmocka_unit_test(figures_stand_beside_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
