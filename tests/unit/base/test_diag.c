#include "base/diag.h"

#include "base/buf.h"
#include "harness/harness.h"

static void
says_where_and_what(void **state)
{
    (void)state;
    struct diag d;
    diag_init(&d, I18N_EN);
    struct diag_where where = {.file = "form.xlsx",
                               .sheet = "survey",
                               .row = 3,
                               .column = 28,
                               .column_name = "type"};
    assert_int_equal(diag_add(&d, DIAG_ERROR, &where, "unknown type %s", "x"),
                     STATUS_E_INVALID);
    assert_int_equal(diag_add(&d, DIAG_WARNING, NULL, "just so"), STATUS_OK);
    assert_int_equal(d.errors, 1);
    struct buf out;
    buf_init(&out, 1000);
    diag_print(&d, &out);
    assert_string_equal(out.data,
                        "form.xlsx, sheet “survey”, row 3, column AB (type): "
                        "unknown type x\n"
                        "warning: just so\n");
    buf_deinit(&out);
    diag_deinit(&d);
}

static void
counts_what_it_cannot_keep(void **state)
{
    (void)state;
    struct diag d;
    diag_init(&d, I18N_EN);
    for (int i = 0; i < DIAG_MAX + 5; i++) {
        (void)diag_add(&d, DIAG_ERROR, NULL, "n %d", i);
    }
    assert_int_equal(d.count, DIAG_MAX);
    assert_int_equal(d.dropped, 5);
    assert_int_equal(d.errors, DIAG_MAX + 5);
    diag_deinit(&d);
    assert_int_equal(diag_add(NULL, DIAG_ERROR, NULL, "x"), STATUS_E_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_where_and_what),
        cmocka_unit_test(counts_what_it_cannot_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
