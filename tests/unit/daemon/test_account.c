#include "daemon/account.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/pack.h"
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
            (void)snprintf(a.name, sizeof(a.name), "Кабинет 12");
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
        assert_string_equal(got.name, a.name);
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

static void
one_without_a_name_is_read(void **state)
{
    (void)state;
    static const uint8_t key[SEAL_SIGN_SECRET_BYTES] = {1, 2, 3};
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    struct account got;
    struct buf b;
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/sync.key", dir);
    buf_init(&b, 1024);
    pack_array(&b, 5);
    pack_uint(&b, 1);
    pack_bytes(&b, key, SEAL_SIGN_PUBLIC_BYTES);
    pack_bytes(&b, key, SEAL_SIGN_SECRET_BYTES);
    pack_array(&b, 5);
    pack_text(&b, "https://host:8443");
    for (int i = 0; i < 3; i++) {
        pack_bytes(&b, key, 32);
    }
    pack_uint(&b, 4);
    pack_array(&b, 0);
    assert_int_equal(file_replace(path, b.data, b.len, 0600), STATUS_OK);
    assert_int_equal(account_load(path, &got), STATUS_OK);
    assert_true(got.enrolled);
    assert_string_equal(got.address, "https://host:8443");
    assert_int_equal(got.collector.epoch, 4);
    assert_string_equal(got.name, "");
    buf_deinit(&b);
    harness_remove_tree(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was_saved),
        cmocka_unit_test(one_without_a_name_is_read),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("daemon/account", tests, NULL, NULL);
}
