#include "app/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "harness/harness.h"

static char dir[HARNESS_PATH_MAX];

static void
write_text(const char *name, const char *text)
{
    char path[HARNESS_PATH_MAX + 64];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(file_replace(path, text, strlen(text), 0644), STATUS_OK);
}

static void
make_folder(const char *name)
{
    char path[HARNESS_PATH_MAX + 64];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(file_make_dirs(path), STATUS_OK);
}

static void
sticks_are_found_in_order_and_files_are_none(void **state)
{
    (void)state;
    static struct staff_stick sticks[STAFF_STICKS_MAX];
    assert_int_equal(device_sticks("/nowhere/at/all", sticks), 0);
    make_folder("b stick");
    make_folder("a stick");
    make_folder(".hidden");
    write_text("c file", "");
    assert_int_equal(device_sticks(dir, sticks), 2);
    assert_non_null(strstr(sticks[0].path, "/a stick"));
    assert_non_null(strstr(sticks[1].path, "/b stick"));
    assert_true(sticks[0].free_bytes > 0);
    assert_false(sticks[0].readonly);
}

static void
no_more_sticks_than_there_is_room(void **state)
{
    (void)state;
    static struct staff_stick sticks[STAFF_STICKS_MAX];
    for (int i = 0; i < STAFF_STICKS_MAX + 5; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "s%02d", i);
        make_folder(name);
    }
    assert_int_equal(device_sticks(dir, sticks), STAFF_STICKS_MAX);
}

static void
a_backlight_is_read_and_set_in_percent(void **state)
{
    (void)state;
    int percent = 0;
    struct buf text;
    char path[HARNESS_PATH_MAX + 64];
    assert_int_equal(device_backlight(dir, &percent), STATUS_NONE);
    assert_int_equal(percent, -1);
    assert_int_equal(device_set_backlight(dir, 50), STATUS_E_NOT_FOUND);
    make_folder("panel");
    write_text("panel/max_brightness", "255\n");
    write_text("panel/brightness", "128\n");
    assert_int_equal(device_backlight(dir, &percent), STATUS_OK);
    assert_int_equal(percent, 50);
    assert_int_equal(device_set_backlight(dir, 100), STATUS_OK);
    (void)snprintf(path, sizeof(path), "%s/panel/brightness", dir);
    buf_init(&text, 64);
    assert_int_equal(file_read(path, &text), STATUS_OK);
    assert_string_equal(text.data, "255\n");
    buf_deinit(&text);
    assert_int_equal(device_set_backlight(dir, 0), STATUS_OK);
    assert_int_equal(device_backlight(dir, &percent), STATUS_OK);
    assert_int_equal(percent, 0);
}

static void
room_on_the_disk_is_told(void **state)
{
    (void)state;
    uint64_t room = 0;
    uint64_t total = 0;
    assert_int_equal(device_disk(dir, &room, &total), STATUS_OK);
    assert_true(total > 0 && room <= total);
    assert_int_equal(device_disk("/nowhere/at/all", &room, &total),
                     STATUS_E_NOT_FOUND);
}

static int
open_dir(void **state)
{
    (void)state;
    harness_temp_dir(dir);
    return 0;
}

static int
close_dir(void **state)
{
    (void)state;
    harness_remove_tree(dir);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            sticks_are_found_in_order_and_files_are_none, open_dir, close_dir),
        cmocka_unit_test_setup_teardown(no_more_sticks_than_there_is_room,
                                        open_dir, close_dir),
        cmocka_unit_test_setup_teardown(a_backlight_is_read_and_set_in_percent,
                                        open_dir, close_dir),
        cmocka_unit_test_setup_teardown(room_on_the_disk_is_told, open_dir,
                                        close_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
