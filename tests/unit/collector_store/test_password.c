#include "collector/store/password.h"

#include <string.h>

#include "harness/harness.h"

static void
only_the_same_password_opens(void **state)
{
    (void)state;
    struct store_user user = {0};
    assert_int_equal(seal_init(), STATUS_OK);
    assert_int_equal(password_set(&user, "верный пароль"), STATUS_OK);
    assert_int_equal(password_check(&user, "верный пароль"), STATUS_OK);
    assert_int_equal(password_check(&user, "верный парол"), STATUS_E_AUTH);
    assert_int_equal(password_check(&user, ""), STATUS_E_AUTH);
}

static void
lengths_are_counted_in_characters(void **state)
{
    (void)state;
    struct store_user user = {0};
    char long_one[PASSWORD_MAX_BYTES + 2];
    memset(long_one, 'x', sizeof(long_one) - 1);
    long_one[sizeof(long_one) - 1] = '\0';
    /* Nine Cyrillic letters are eighteen bytes. */
    assert_int_equal(password_set(&user, "девятьбук"), STATUS_E_INVALID);
    assert_int_equal(password_set(&user, long_one), STATUS_E_INVALID);
    assert_int_equal(password_check(&user, long_one), STATUS_E_AUTH);
}

static void
generated_ones_differ_and_are_long_enough(void **state)
{
    (void)state;
    char a[PASSWORD_GENERATED_CHARS + 1];
    char b[PASSWORD_GENERATED_CHARS + 1];
    password_generate(a);
    password_generate(b);
    assert_int_equal(strlen(a), PASSWORD_GENERATED_CHARS);
    assert_string_not_equal(a, b);
    assert_int_equal(a[4], '-');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_same_password_opens),
        cmocka_unit_test(lengths_are_counted_in_characters),
        cmocka_unit_test(generated_ones_differ_and_are_long_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
