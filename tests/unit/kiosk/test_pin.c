#include "app/pin.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "harness/harness.h"

static char dir[HARNESS_PATH_MAX];
static char path[HARNESS_PATH_MAX + 32];
static struct harness_clock now;
static struct settings settings;
static struct pin pin;

/* As a restart would. */
static void
start(void)
{
    settings = (struct settings){0};
    assert_int_equal(pin_init(&pin, &settings, path, &now.clock), STATUS_OK);
}

static enum pin_state
state(int64_t *out_wait)
{
    return pin_state(&pin, out_wait);
}

static void
a_new_kiosk_has_none_and_takes_a_strong_one(void **unused)
{
    (void)unused;
    int64_t wait = 0;
    start();
    assert_int_equal(state(&wait), PIN_UNSET);
    assert_int_equal(pin_set(&pin, "123456"), STATUS_E_INVALID);
    assert_int_equal(state(&wait), PIN_UNSET);
    assert_int_equal(pin_set(&pin, "271828"), STATUS_OK);
    assert_int_equal(pin_check(&pin, "271829"), STATUS_E_AUTH);
    assert_int_equal(pin_check(&pin, "271828"), STATUS_OK);
    start();
    assert_int_equal(state(&wait), PIN_READY);
    assert_int_equal(pin_check(&pin, "271828"), STATUS_OK);
}

static void
nobody_else_may_read_the_file(void **unused)
{
    (void)unused;
    struct stat info;
    struct buf text;
    start();
    assert_int_equal(pin_set(&pin, "271828"), STATUS_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777u, 0600);
    buf_init(&text, 4096);
    assert_int_equal(file_read(path, &text), STATUS_OK);
    for (size_t i = 0; i + PIN_CODE_DIGITS <= text.len; i++) {
        assert_memory_not_equal(text.data + i, "271828", PIN_CODE_DIGITS);
    }
    buf_deinit(&text);
}

static void
from_the_fifth_wrong_one_each_waits_twice_as_long(void **unused)
{
    (void)unused;
    int64_t wait = 0;
    start();
    assert_int_equal(pin_set(&pin, "271828"), STATUS_OK);
    for (int i = 1; i < PIN_FREE_TRIES; i++) {
        assert_int_equal(pin_check(&pin, "999999"), STATUS_E_AUTH);
        assert_int_equal(state(&wait), PIN_READY);
    }
    int64_t expected = PIN_WAIT_MS;
    for (int i = PIN_FREE_TRIES; i < PIN_LOCK_TRIES; i++) {
        assert_int_equal(pin_check(&pin, "999999"), STATUS_E_AUTH);
        assert_int_equal(state(&wait), PIN_WAITING);
        assert_int_equal(wait, expected);
        /* Not even the right one, until the last millisecond is over. */
        assert_int_equal(pin_check(&pin, "271828"), STATUS_E_BUSY);
        harness_clock_advance(&now, expected - 1);
        assert_int_equal(state(&wait), PIN_WAITING);
        harness_clock_advance(&now, 1);
        assert_int_equal(state(&wait), PIN_READY);
        expected *= 2;
    }
    assert_int_equal(pin_check(&pin, "999999"), STATUS_E_AUTH);
    assert_int_equal(state(&wait), PIN_LOCKED);
    harness_clock_advance(&now, INT64_C(365) * 86400000);
    assert_int_equal(pin_check(&pin, "271828"), STATUS_E_BUSY);
    start();
    assert_int_equal(state(&wait), PIN_LOCKED);
}

static void
a_restart_begins_the_wait_anew(void **unused)
{
    (void)unused;
    int64_t wait = 0;
    start();
    assert_int_equal(pin_set(&pin, "271828"), STATUS_OK);
    for (int i = 0; i < PIN_FREE_TRIES + 1; i++) {
        harness_clock_advance(&now, PIN_WAIT_MS);
        assert_int_equal(pin_check(&pin, "999999"), STATUS_E_AUTH);
    }
    start();
    assert_int_equal(state(&wait), PIN_WAITING);
    assert_int_equal(wait, 2 * PIN_WAIT_MS);
    /* Setting the clock does not shorten it. */
    now.wall_ms += INT64_C(86400000);
    assert_int_equal(state(&wait), PIN_WAITING);
    harness_clock_advance(&now, 2 * PIN_WAIT_MS);
    assert_int_equal(pin_check(&pin, "271828"), STATUS_OK);
    start();
    assert_int_equal(state(&wait), PIN_READY);
}

static void
the_plug_pulled_during_a_try_counts_it(void **unused)
{
    (void)unused;
    struct settings kept;
    start();
    assert_int_equal(pin_set(&pin, "271828"), STATUS_OK);
    assert_int_equal(pin_check(&pin, "999999"), STATUS_E_AUTH);
    assert_int_equal(settings_load(path, &kept), STATUS_OK);
    assert_int_equal(kept.pin_failures, 1);
}

static void
offer_of(const char *digits, struct buf *out)
{
    struct pin_code code;
    assert_int_equal(pin_code_new(digits, &code), STATUS_OK);
    buf_init(out, 2 * PIN_CODE_TEXT_CHARS);
    pin_code_print(&code, out);
    assert_int_equal(buf_status(out), STATUS_OK);
}

static void
the_collectors_pin_wins_once_and_opens_a_locked_menu(void **unused)
{
    (void)unused;
    int64_t wait = 0;
    struct buf first;
    struct buf second;
    offer_of("836194", &first);
    offer_of("407586", &second);
    start();
    assert_int_equal(pin_offer(&pin, NULL), STATUS_NONE);
    assert_int_equal(pin_offer(&pin, "836194"), STATUS_E_INVALID);
    assert_int_equal(state(&wait), PIN_UNSET);
    assert_int_equal(pin_offer(&pin, first.data), STATUS_OK);
    assert_int_equal(pin_check(&pin, "836194"), STATUS_OK);
    /* Changed here; the same library does not change it back. */
    assert_int_equal(pin_set(&pin, "271828"), STATUS_OK);
    start();
    assert_int_equal(pin_offer(&pin, first.data), STATUS_NONE);
    assert_int_equal(pin_check(&pin, "271828"), STATUS_OK);
    settings.pin_failures = PIN_LOCK_TRIES;
    assert_int_equal(state(&wait), PIN_LOCKED);
    assert_int_equal(pin_offer(&pin, second.data), STATUS_OK);
    assert_int_equal(pin_check(&pin, "407586"), STATUS_OK);
    second.data[5] = 'x';
    assert_int_equal(pin_offer(&pin, second.data), STATUS_E_INVALID);
    assert_int_equal(pin_check(&pin, "407586"), STATUS_OK);
    buf_deinit(&first);
    buf_deinit(&second);
}

static void
damaged_settings_let_nobody_in(void **unused)
{
    (void)unused;
    int64_t wait = 0;
    static const char *const contents[] = {"", "nonsense", "\x89\x01\xf5"};
    for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
        harness_row(contents[i]);
        assert_int_equal(
            file_replace(path, contents[i], strlen(contents[i]), 0600),
            STATUS_OK);
        assert_true(pin_init(&pin, &settings, path, &now.clock) < 0);
        assert_int_equal(state(&wait), PIN_LOCKED);
        assert_int_equal(pin_check(&pin, "271828"), STATUS_E_BUSY);
    }
}

static int
open_dir(void **unused)
{
    (void)unused;
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/kiosk.settings", dir);
    harness_clock_init(&now, INT64_C(1795000000000));
    log_set_level(LOG_ERROR);
    return seal_init() < 0 ? -1 : 0;
}

static int
close_dir(void **unused)
{
    (void)unused;
    harness_remove_tree(dir);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_new_kiosk_has_none_and_takes_a_strong_one, open_dir, close_dir),
        cmocka_unit_test_setup_teardown(nobody_else_may_read_the_file, open_dir,
                                        close_dir),
        cmocka_unit_test_setup_teardown(
            from_the_fifth_wrong_one_each_waits_twice_as_long, open_dir,
            close_dir),
        cmocka_unit_test_setup_teardown(a_restart_begins_the_wait_anew,
                                        open_dir, close_dir),
        cmocka_unit_test_setup_teardown(the_plug_pulled_during_a_try_counts_it,
                                        open_dir, close_dir),
        cmocka_unit_test_setup_teardown(
            the_collectors_pin_wins_once_and_opens_a_locked_menu, open_dir,
            close_dir),
        cmocka_unit_test_setup_teardown(damaged_settings_let_nobody_in,
                                        open_dir, close_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
