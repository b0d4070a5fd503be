#include "base/random.h"

#include <string.h>

#include "harness/harness.h"

static void
below_is_uniform(void **state)
{
    (void)state;
    enum {
        BOUND = 7,
        DRAWS = 70000
    };
    int seen[BOUND] = {0};
    for (int i = 0; i < DRAWS; i++) {
        uint32_t v = random_below(BOUND);
        assert_true(v < BOUND);
        seen[v]++;
    }
    for (int i = 0; i < BOUND; i++) {
        /* mean 10000, deviation 93: six of them */
        assert_in_range(seen[i], 9440, 10560);
    }
}

static void
shuffle_keeps_every_item_and_every_order_comes(void **state)
{
    (void)state;
    int orders[27] = {0};
    for (int i = 0; i < 6000; i++) {
        int items[3] = {0, 1, 2};
        random_shuffle(items, 3, sizeof(items[0]));
        orders[items[0] * 9 + items[1] * 3 + items[2]]++;
    }
    int distinct = 0;
    for (int i = 0; i < 27; i++) {
        if (orders[i] > 0) {
            assert_in_range(orders[i], 820, 1180);
            distinct++;
        }
    }
    assert_int_equal(distinct, 6);
}

static void
uuid_has_version_and_variant(void **state)
{
    (void)state;
    char a[RANDOM_UUID_CHARS + 1];
    char b[RANDOM_UUID_CHARS + 1];
    random_uuid(a);
    random_uuid(b);
    assert_int_equal(strlen(a), RANDOM_UUID_CHARS);
    assert_int_equal(a[14], '4');
    assert_non_null(strchr("89ab", a[19]));
    assert_string_not_equal(a, b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_is_uniform),
        cmocka_unit_test(shuffle_keeps_every_item_and_every_order_comes),
        cmocka_unit_test(uuid_has_version_and_variant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
