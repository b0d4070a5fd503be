#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "base/buf.h"
#include "base/file.h"
#include "xlsform/workbook.h"
#include "xlsform/xlsx_book.h"

#define FILE_MAX_BYTES ((size_t)1 << 26)

struct fixture {
    char folder[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    struct buf file;
    struct workbook wb;
    struct diag d;
};

static int
set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    harness_temp_dir(f->folder);
    (void)snprintf(f->path, sizeof(f->path), "%s/form.xlsx", f->folder);
    buf_init(&f->file, FILE_MAX_BYTES);
    workbook_init(&f->wb, "form.xlsx");
    diag_init(&f->d, I18N_EN);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    diag_deinit(&f->d);
    workbook_deinit(&f->wb);
    buf_deinit(&f->file);
    harness_remove_tree(f->folder);
    free(f);
    return 0;
}

static enum status
read_back(struct fixture *f)
{
    assert_int_equal(file_read(f->path, &f->file), STATUS_OK);
    return xlsx_book_read(&f->wb, f->file.data, f->file.len, &f->d);
}

/* The cells of the first row below the header. */
static void
write_values(const char *path)
{
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "survey");
    lxw_format *date = workbook_add_format(book);
    lxw_format *stamp = workbook_add_format(book);
    lxw_format *money = workbook_add_format(book);
    lxw_format *bold = workbook_add_format(book);
    format_set_bold(bold);
    format_set_num_format(date, "dd/mm/yyyy");
    format_set_num_format(stamp, "yyyy-mm-dd hh:mm");
    format_set_num_format(money, "0.00\" day\"");
    for (lxw_col_t i = 0; i < 10; i++) {
        worksheet_write_string(sheet, 0, i, "header", NULL);
    }
    worksheet_write_string(sheet, 2, 0, "  text  ", NULL);
    worksheet_write_number(sheet, 2, 1, 12, NULL);
    worksheet_write_number(sheet, 2, 2, 0.1, NULL);
    worksheet_write_number(sheet, 2, 3, 46349, date);
    worksheet_write_number(sheet, 2, 4, 46349.5, stamp);
    worksheet_write_boolean(sheet, 2, 5, 1, NULL);
    worksheet_write_formula_num(sheet, 2, 6, "=1+2", NULL, 3);
    char part[] = "part ";
    char whole[] = "whole";
    lxw_rich_string_tuple plain = {.string = part};
    lxw_rich_string_tuple strong = {.format = bold, .string = whole};
    lxw_rich_string_tuple *rich[] = {&plain, &strong, NULL};
    worksheet_write_rich_string(sheet, 2, 7, rich, NULL);
    worksheet_write_number(sheet, 2, 8, 1e20, money);
    worksheet_write_blank(sheet, 2, 9, bold);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
}

static void
values_are_read_as_texts(void **state)
{
    static const char *const expected[] = {"text",
                                           "12",
                                           "0.1",
                                           "2026-11-23",
                                           "2026-11-23T12:00:00",
                                           "TRUE",
                                           "3",
                                           "part whole",
                                           "100000000000000000000"};
    struct fixture *f = *state;
    write_values(f->path);
    assert_int_equal(read_back(f), STATUS_OK);
    const struct workbook_sheet *s = workbook_find(&f->wb, "survey");
    assert_non_null(s);
    assert_non_null(s->first);
    assert_int_equal(s->first->file_row, 3);
    assert_int_equal(s->first->count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < s->first->count; i++) {
        harness_row(expected[i]);
        assert_string_equal(s->first->cell[i], expected[i]);
    }
}

static void
add_part(zip_t *zip, const char *name, const void *data, size_t len)
{
    zip_source_t *source = zip_source_buffer(zip, data, len, 0);
    assert_non_null(source);
    assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
}

static void
huge_part_is_refused_unread(void **state)
{
    static const char book[] = "<workbook/>";
    struct fixture *f = *state;
    size_t len = XLSX_BOOK_PART_MAX_BYTES + 1;
    char *zeros = calloc(1, len);
    int error = 0;
    zip_t *zip = zip_open(f->path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zeros);
    assert_non_null(zip);
    add_part(zip, "xl/workbook.xml", book, sizeof(book) - 1);
    add_part(zip, "xl/_rels/workbook.xml.rels", zeros, len);
    assert_int_equal(zip_close(zip), 0);
    free(zeros);
    assert_int_equal(read_back(f), STATUS_E_LIMIT);
    assert_non_null(strstr(f->d.entry[0].text, "too large"));
}

static void
entities_of_xml_are_not_expanded(void **state)
{
    static const char book[] =
        "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">"
        "<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        "<workbook>&c;&x;</workbook>";
    struct fixture *f = *state;
    int error = 0;
    zip_t *zip = zip_open(f->path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    add_part(zip, "xl/workbook.xml", book, sizeof(book) - 1);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(read_back(f), STATUS_E_INVALID);
    assert_null(f->wb.first);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_are_read_as_texts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(huge_part_is_refused_unread, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(entities_of_xml_are_not_expanded,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
