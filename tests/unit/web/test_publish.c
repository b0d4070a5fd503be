#include "collector/web/publish.h"

#include "harness/harness.h"
#include "wave_fixture.h"

#define DAY INT64_C(1000)

static size_t
wave_count(struct wave_fixture *f, struct store_wave *out_newest)
{
    struct store_wave *waves = NULL;
    size_t count = 0;
    assert_int_equal(store_waves(f->store, &waves, &count), STATUS_OK);
    if (count > 0) {
        *out_newest = waves[0];
        waves[0] = (struct store_wave){0};
    }
    store_waves_free(waves, count);
    return count;
}

static void
a_planned_wave_opens_once_when_its_day_has_come(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave first = {0};
    struct store_wave newest = {0};
    char title[] = "autumn";
    wave_fixture_open(&f);
    wave_fixture_publish(&f, "satisfaction.csv", 20, &first);
    const struct store_plan plan = {.form = first.form,
                                    .title = title,
                                    .kind = -1,
                                    .k = 6,
                                    .k_text = 12,
                                    .invited = 30,
                                    .opens_ms = DAY,
                                    .closes_ms = 5 * DAY,
                                    .groups = "-"};
    assert_int_equal(store_plan_add(f.store, &plan), STATUS_OK);
    assert_int_equal(publish_due(f.store, DAY - 1), STATUS_OK);
    assert_int_equal(wave_count(&f, &newest), 1);
    store_wave_clear(&newest);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(publish_due(f.store, DAY), STATUS_OK);
        assert_int_equal(wave_count(&f, &newest), 2);
        assert_string_equal(newest.title, "autumn");
        assert_int_equal(newest.k, 6);
        assert_int_equal(newest.k_text, 12);
        assert_int_equal(newest.invited, 30);
        assert_int_equal(newest.closes_ms, 5 * DAY);
        assert_string_equal(newest.groups, "-");
        assert_int_equal(newest.opened_ms, DAY);
        store_wave_clear(&newest);
    }
    store_wave_clear(&first);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planned_wave_opens_once_when_its_day_has_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
