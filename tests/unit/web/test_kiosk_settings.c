#include "collector/web/kiosk_settings.h"

#include <string.h>

#include "harness/harness.h"
#include "seal/pin_code.h"
#include "wave_fixture.h"

static void
each_takes_what_it_wants_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *value;
        enum status want;
    } rows[] = {
        {"idle.seconds", "120", STATUS_OK},
        {"idle.seconds", "29", STATUS_E_INVALID},
        {"idle.seconds", "1801", STATUS_E_INVALID},
        {"idle.seconds", "soon", STATUS_E_INVALID},
        {"idle.seconds", "-60", STATUS_E_INVALID},
        {"idle.seconds", "", STATUS_OK},
        {"room.count", "yes", STATUS_OK},
        {"room.count", "maybe", STATUS_E_INVALID},
        {"room.invited", "12", STATUS_OK},
        {"room.invited", "0", STATUS_E_INVALID},
        {"room.invited", "99999", STATUS_E_INVALID},
        {"room.form", "satisfaction", STATUS_OK},
        {"room.form", "nomination", STATUS_E_INVALID},
        {"room.from", "satisfaction", STATUS_E_NOT_FOUND},
        {"service.hours", "08:00-19:30", STATUS_OK},
        {"service.hours", "22:00-06:00", STATUS_OK},
        {"service.hours", "8:00-19:00", STATUS_E_INVALID},
        {"service.hours", "08:00-24:00", STATUS_E_INVALID},
        {"service.hours", "08:60-19:00", STATUS_E_INVALID},
        {"service.hours", "08:00", STATUS_E_INVALID},
        {"speech.speaker", "no", STATUS_OK},
        {KIOSK_SETTINGS_STAFF, "271828", STATUS_E_INVALID},
        {KIOSK_SETTINGS_STAFF, "", STATUS_OK},
    };
    struct wave_fixture f;
    struct store_wave wave = {0};
    wave_fixture_open(&f);
    wave_fixture_publish(&f, "satisfaction.csv", 20, &wave);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t before = 0;
        int64_t after = 0;
        harness_row(rows[i].value);
        assert_int_equal(store_number(f.store, STORE_SERIAL, &before),
                         STATUS_OK);
        assert_int_equal(
            kiosk_settings_set(f.store, rows[i].key, rows[i].value),
            rows[i].want);
        assert_int_equal(store_number(f.store, STORE_SERIAL, &after),
                         STATUS_OK);
        assert_int_equal(after, before + (rows[i].want == STATUS_OK ? 1 : 0));
    }
    store_wave_clear(&wave);
    wave_fixture_close(&f);
}

static void
of_the_pin_only_what_proves_it_is_kept(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct pin_code code;
    struct buf value;
    wave_fixture_open(&f);
    buf_init(&value, 4096);
    assert_int_equal(kiosk_settings_set_pin(f.store, "123456"),
                     STATUS_E_INVALID);
    assert_int_equal(kiosk_settings_get(f.store, KIOSK_SETTINGS_STAFF, &value),
                     STATUS_OK);
    assert_int_equal(value.len, 0);
    assert_int_equal(kiosk_settings_set_pin(f.store, "271828"), STATUS_OK);
    assert_int_equal(kiosk_settings_get(f.store, KIOSK_SETTINGS_STAFF, &value),
                     STATUS_OK);
    assert_null(strstr(value.data, "271828"));
    assert_int_equal(pin_code_read(value.data, &code), STATUS_OK);
    assert_int_equal(pin_code_check(&code, "271828"), STATUS_OK);
    assert_int_equal(pin_code_check(&code, "314159"), STATUS_E_AUTH);
    buf_deinit(&value);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_takes_what_it_wants_and_nothing_else),
        cmocka_unit_test(of_the_pin_only_what_proves_it_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
