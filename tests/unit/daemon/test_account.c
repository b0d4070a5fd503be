#include "daemon/account.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "harness/harness.h"

static void
comes_back_as_it_was_saved(void **state)
{
    (void)state;
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    struct account a;
    struct account got;
    struct stat info;
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/sync.key", dir);
    assert_int_equal(account_load(path, &got), STATUS_NONE);

    for (int stage = 0; stage < 3; stage++) {
        account_new(&a);
        if (stage > 0) {
            a.enrolled = true;
            (void)snprintf(a.address, sizeof(a.address), "https://host:8443");
            a.collector = (struct enrol_identity){
                .sign = {{1}}, .seal = {{2}}, .tls_pin = {3}, .epoch = 4};
        }
        if (stage > 1) {
            a.rotates = true;
            a.next_sign.bytes[0] = 5;
            a.next_tls_pin[0] = 6;
        }
        assert_int_equal(account_save(path, &a), STATUS_OK);
        assert_int_equal(account_load(path, &got), STATUS_OK);
        assert_memory_equal(&got.kiosk, &a.kiosk, sizeof(a.kiosk));
        assert_int_equal(got.enrolled, stage > 0);
        assert_string_equal(got.address, a.address);
        assert_memory_equal(&got.collector, &a.collector, sizeof(a.collector));
        assert_int_equal(got.rotates, stage > 1);
        assert_memory_equal(got.next_tls_pin, a.next_tls_pin, 32);
        assert_true(account_is_saved(path, &a));
        a.kiosk.secret[0] ^= 1;
        assert_false(account_is_saved(path, &a));
    }
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(file_replace(path, "junk", 4, 0600), STATUS_OK);
    assert_int_equal(account_load(path, &got), STATUS_E_INVALID);
    assert_false(account_is_saved(path, &a));
    harness_remove_tree(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was_saved),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("daemon/account", tests, NULL, NULL);
}
