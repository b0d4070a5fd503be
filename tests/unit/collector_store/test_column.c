#include "collector/store/column.h"

#include <string.h>

#include "harness/harness.h"

static void
come_back(bool brief)
{
    static const char *const cells[] = {"several",     NULL, "",
                                        "Да, «очень»", NULL, "7"};
    const size_t count = sizeof(cells) / sizeof(cells[0]);
    struct column_zip *zip = NULL;
    struct buf raw;
    struct buf body;
    buf_init(&raw, 4096);
    buf_init(&body, 4096);
    assert_int_equal(column_zip_new(&zip), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        column_put(&raw, cells[i]);
    }
    assert_int_equal(column_pack(zip, &raw, brief, &body), STATUS_OK);
    buf_clear(&raw);
    assert_int_equal(column_unpack(zip, body.data, body.len, &raw), STATUS_OK);
    struct column_reader r = {raw.data, raw.data + raw.len};
    for (size_t i = 0; i < count; i++) {
        const char *cell = NULL;
        assert_int_equal(column_next(&r, &cell), STATUS_OK);
        if (cells[i]) {
            assert_string_equal(cell, cells[i]);
        } else {
            assert_null(cell);
        }
    }
    const char *cell = NULL;
    assert_int_equal(column_next(&r, &cell), STATUS_NONE);
    buf_deinit(&raw);
    buf_deinit(&body);
    column_zip_free(zip);
}

static void
cells_come_back_as_they_were(void **state)
{
    (void)state;
    harness_row("compressed");
    come_back(false);
    harness_row("as they are");
    come_back(true);
}

static void
damage_is_noticed(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *bytes;
        size_t len;
    } rows[] = {
        {"text without an end", "\1abc", 4},
        {"unknown mark", "\2abc", 5},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        struct column_reader r = {rows[i].bytes, rows[i].bytes + rows[i].len};
        const char *cell = NULL;
        assert_int_equal(column_next(&r, &cell), STATUS_E_INVALID);
    }
    struct column_zip *zip = NULL;
    struct buf raw;
    buf_init(&raw, 4096);
    assert_int_equal(column_zip_new(&zip), STATUS_OK);
    assert_int_equal(column_unpack(zip, "not zstd at all", 15, &raw),
                     STATUS_E_INVALID);
    buf_deinit(&raw);
    column_zip_free(zip);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_come_back_as_they_were),
        cmocka_unit_test(damage_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
