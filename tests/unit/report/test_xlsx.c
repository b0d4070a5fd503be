/* Both workbooks are written and looked into; that LibreOffice opens them was
 * checked by hand. */
#include "collector/report/xlsx.h"

#include <stdio.h>
#include <string.h>

#include <zip.h>

#include "harness/harness.h"
#include "sample.h"
#include "sample_report.h"

static char dir[HARNESS_PATH_MAX];
/* Folder to keep the files in for looking at; NULL: a temporary one. */
static const char *keep_dir;

static const char *
file_path(const char *name)
{
    static char path[HARNESS_PATH_MAX + 64];
    (void)snprintf(path, sizeof(path), "%s/%s", keep_dir ? keep_dir : dir,
                   name);
    return path;
}

/* The member of a workbook as text in `out`. */
static void
member(const char *path, const char *name, struct buf *out)
{
    int error = 0;
    zip_t *z = zip_open(path, ZIP_RDONLY, &error);
    assert_non_null(z);
    zip_stat_t st;
    assert_int_equal(zip_stat(z, name, 0, &st), 0);
    zip_file_t *f = zip_fopen(z, name, 0);
    assert_non_null(f);
    buf_clear(out);
    char *room = buf_extend(out, (size_t)st.size);
    assert_non_null(room);
    assert_int_equal(zip_fread(f, room, st.size), (zip_int64_t)st.size);
    assert_int_equal(zip_fclose(f), 0);
    zip_discard(z);
}

static void
charts_stand_on_their_tables(void **state)
{
    (void)state;
    struct sample_report s;
    struct buf xml;
    sample_report_init(&s, 7, 1);
    buf_init(&xml, (size_t)4 << 20);
    const char *path = file_path("report.xlsx");
    assert_int_equal(xlsx_report(&s.report, path), STATUS_OK);
    /* columns, bars, likert, dots, line: five of the seven items */
    static const struct {
        const char *name;
        const char *has;
    } charts[] = {
        {"xl/charts/chart1.xml", "<c:barDir val=\"col\"/>"},
        {"xl/charts/chart2.xml", "<c:barDir val=\"bar\"/>"},
        {"xl/charts/chart3.xml", "<c:grouping val=\"percentStacked\"/>"},
        {"xl/charts/chart4.xml", "<c:hiLowLines/>"},
        {"xl/charts/chart5.xml", "<c:lineChart>"},
    };
    for (size_t i = 0; i < sizeof(charts) / sizeof(charts[0]); i++) {
        harness_row(charts[i].name);
        member(path, charts[i].name, &xml);
        assert_non_null(strstr(xml.data, charts[i].has));
        assert_non_null(strstr(xml.data, "<c:f>"));
    }
    buf_deinit(&xml);
    sample_report_deinit(&s);
}

static void
rows_hold_texts_and_no_formulas(void **state)
{
    (void)state;
    struct sample s;
    struct buf xml;
    sample_init(&s);
    buf_init(&xml, (size_t)1 << 20);
    const char *path = file_path("answers.xlsx");
    assert_int_equal(xlsx_dataset(&s.dataset, I18N_RU, path), STATUS_OK);
    member(path, "xl/worksheets/sheet1.xml", &xml);
    assert_null(strstr(xml.data, "<f>"));
    assert_non_null(strstr(xml.data, "=HYPERLINK("));
    assert_non_null(strstr(xml.data, "Каждую неделю"));
    assert_non_null(strstr(xml.data, "<v>7.5</v>"));
    buf_deinit(&xml);
}

static void
says_when_the_file_cannot_be_made(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    assert_int_equal(
        xlsx_dataset(&s.dataset, I18N_EN, file_path("none/such/file.xlsx")),
        STATUS_E_IO);
}

static int
make_dir(void **state)
{
    (void)state;
    harness_temp_dir(dir);
    return 0;
}

static int
remove_dir(void **state)
{
    (void)state;
    harness_remove_tree(dir);
    return 0;
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charts_stand_on_their_tables),
        cmocka_unit_test(rows_hold_texts_and_no_formulas),
        cmocka_unit_test(says_when_the_file_cannot_be_made),
    };
    keep_dir = argc > 1 ? argv[1] : NULL;
    sample_report_locale();
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
