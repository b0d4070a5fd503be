#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"

static void
appends_and_stays_terminated(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    assert_string_equal(b.data, "");
    buf_puts(&b, "при");
    buf_put(&b, "вет", 6);
    buf_putc(&b, '!');
    buf_printf(&b, " %d%s", 42, "%");
    assert_int_equal(buf_status(&b), STATUS_OK);
    assert_string_equal(b.data, "привет! 42%");
    assert_int_equal(b.len, strlen(b.data));
    buf_truncate(&b, 6);
    assert_string_equal(b.data, "при");
    buf_clear(&b);
    assert_string_equal(b.data, "");
    buf_deinit(&b);
}

static void
refuses_beyond_its_maximum_and_stays_failed(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t max;
        size_t add;
        enum status want;
    } rows[] = {
        {"exactly full", 8, 8, STATUS_OK},
        {"one too many", 8, 9, STATUS_E_LIMIT},
        {"nothing allowed", 0, 1, STATUS_E_LIMIT},
        {"nothing added", 0, 0, STATUS_OK},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        struct buf b;
        buf_init(&b, rows[i].max);
        buf_put(&b, "0123456789", rows[i].add);
        assert_int_equal(buf_status(&b), rows[i].want);
        if (rows[i].want < 0) {
            buf_puts(&b, "");
            buf_putc(&b, 'x');
            assert_int_equal(buf_status(&b), rows[i].want);
            assert_int_equal(b.len, 0);
            assert_null(buf_take(&b, NULL));
        }
        buf_deinit(&b);
    }
}

static void
take_moves_the_content_out(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    size_t len = 9;
    char *nothing = buf_take(&b, &len);
    assert_string_equal(nothing, "");
    assert_int_equal(len, 0);
    free(nothing);
    buf_puts(&b, "abc");
    char *abc = buf_take(&b, &len);
    assert_string_equal(abc, "abc");
    assert_int_equal(len, 3);
    assert_int_equal(b.len, 0);
    free(abc);
    buf_deinit(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_stays_terminated),
        cmocka_unit_test(refuses_beyond_its_maximum_and_stays_failed),
        cmocka_unit_test(take_moves_the_content_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
