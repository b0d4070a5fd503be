#include "harness/harness.h"

#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "xlsform/xlsform.h"

#define OUT_MAX_BYTES ((size_t)1 << 22)

static enum status
compile(const char *text, enum xlsform_format format, bool advise,
        struct diag *d, struct buf *out)
{
    struct xlsform_options options = {.file = "form", .advise = advise};
    diag_init(d, I18N_EN);
    buf_init(out, OUT_MAX_BYTES);
    return xlsform_compile(text, strlen(text), format, &options, d, out);
}

static bool
has_entry(const struct diag *d, const char *sheet, int row, int column,
          const char *text)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct diag_entry *e = &d->entry[i];
        if ((row == 0 || e->row == row) && (column == 0 || e->column == column)
            && (!sheet || (e->sheet && strcmp(e->sheet, sheet) == 0))
            && strstr(e->text, text)) {
            return true;
        }
    }
    return false;
}

static void
expect_entry(const struct diag *d, const char *sheet, int row, int column,
             const char *text)
{
    if (!has_entry(d, sheet, row, column, text)) {
        struct buf all;
        buf_init(&all, OUT_MAX_BYTES);
        diag_print(d, &all);
        print_message("expected row %d, column %d: %s\nfound:\n%s", row, column,
                      text, all.data);
        buf_deinit(&all);
        fail();
    }
}

struct fault_row {
    const char *label;
    const char *form; /* Markdown */
    const char *sheet;
    int row;
    int column;
    const char *text;
};

#define SURVEY "| survey |\n| | type | name | label | relevant |\n"
#define CHOICES \
    "| choices |\n| | list_name | name | label |\n| | yn | y | Yes |\n"

static const struct fault_row faults[] = {
    {"misspelt sheet", "| surve |\n| | type | name |\n", NULL, 0, 0, "“surve”"},
    {"misspelt type", SURVEY "| | txt | a | A | |\n", "survey", 2, 1,
     "Did you mean “text”"},
    {"misspelt select", SURVEY "| | select_onee yn | a | A | |\n" CHOICES,
     "survey", 2, 1, "Did you mean “select_one”"},
    {"misspelt list", SURVEY "| | select_one yno | a | A | |\n" CHOICES,
     "survey", 2, 1, "Did you mean “yn”"},
    {"misspelt reference",
     SURVEY "| | text | height | A | |\n| | text | b | B | ${heigth} > 1 |\n",
     "survey", 3, 4, "Did you mean “${height}”"},
    {"misspelt column",
     "| survey |\n| | type | name | label | relevnt |\n"
     "| | text | a | A | 1 |\n| | end_group | | | |\n",
     "survey", 1, 4, "“relevant”"},
    {"misspelt parameter",
     "| survey |\n| | type | name | label | parameters |\n"
     "| | range | a | A | stat=1 |\n",
     "survey", 2, 4, "“start”"},
    {"broken reference", SURVEY "| | text | a | A ${ | |\n", "survey", 2, 3,
     "must start with “${”"},
    {"bad name", SURVEY "| | text | 1a | A | |\n", "survey", 2, 2,
     "must begin with a letter"},
    {"name taken", SURVEY "| | text | a | A | |\n| | text | a | B | |\n",
     "survey", 3, 2, "already taken by row 2"},
    {"group left open", SURVEY "| | begin_group | g | G | |\n", "survey", 2, 1,
     "no matching “end_group”"},
    {"group never opened", SURVEY "| | end_group | | | |\n", "survey", 2, 1,
     "no matching “begin_group”"},
    {"wrong end",
     SURVEY "| | begin_group | g | G | |\n| | end_repeat | | | |\n", "survey",
     3, 1, "begun in row 2"},
    {"choice without name",
     SURVEY "| | select_one yn | a | A | |\n"
            "| choices |\n| | list_name | name | label |\n"
            "| | yn | | Yes |\n| | yn | n | No |\n",
     "choices", 2, 2, "must have a name"},
    {"choice twice",
     SURVEY "| | select_one yn | a | A | |\n" CHOICES "| | yn | y | Yes |\n",
     "choices", 3, 2, "already in row 2"},
    {"no question text", "| survey |\n| | type | name |\n| | text | a |\n",
     "survey", 2, 0, "has no label or hint"},
    {"undeclared prefix", SURVEY "| | text | a:b | A | |\n", "survey", 2, 2,
     "no known prefix"},
    {"range backwards",
     "| survey |\n| | type | name | label | parameters |\n"
     "| | range | a | A | step=0 |\n",
     "survey", 2, 4, "must not be 0"},
};

static void
fault_is_told_with_its_cell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        const struct fault_row *r = &faults[i];
        struct diag d;
        struct buf out;
        harness_row(r->label);
        assert_int_equal(compile(r->form, XLSFORM_MD, false, &d, &out),
                         STATUS_E_INVALID);
        expect_entry(&d, r->sheet, r->row, r->column, r->text);
        assert_int_equal(out.len, 0);
        buf_deinit(&out);
        diag_deinit(&d);
    }
}

static void
all_faults_are_told_at_once(void **state)
{
    (void)state;
    struct diag d;
    struct buf out;
    assert_int_equal(compile(SURVEY "| | txt | a | A | |\n"
                                    "| | text | 2 | B | |\n"
                                    "| | text | c | C | ${x} |\n",
                             XLSFORM_MD, false, &d, &out),
                     STATUS_E_INVALID);
    expect_entry(&d, "survey", 2, 1, "Unknown question type");
    expect_entry(&d, "survey", 3, 2, "must begin with a letter");
    expect_entry(&d, "survey", 4, 4, "Could not find the name “x”");
    buf_deinit(&out);
    diag_deinit(&d);
}

static const struct fault_row advice[] = {
    {"choice that is not offered",
     SURVEY
     "| | select_one yn | a | A | |\n| | text | b | B | ${a} = 'n' |\n" CHOICES,
     "survey", 3, 4, "Nobody can reach “b”"},
    {"condition on a question nobody reaches",
     SURVEY "| | text | a | A | false() |\n| | text | b | B | ${a} = 'x' |\n",
     "survey", 3, 4, "“a”"},
    {"two answers to one question",
     SURVEY
     "| | text | a | A | |\n| | text | b | B | ${a}='x' and ${a}='y' |\n",
     "survey", 3, 4, "never true"},
    {"group and question exclude each other",
     SURVEY "| | integer | a | A | |\n| | begin_group | g | G | ${a} > 5 |\n"
            "| | text | b | B | ${a} < 3 |\n| | end_group | | | |\n",
     "survey", 4, 4, "never true"},
    {"no whole number between",
     "| survey |\n| | type | name | label | constraint |\n"
     "| | integer | a | A | . > 5 and . < 6 |\n",
     "survey", 2, 4, "no value meets"},
    {"outside the range",
     "| survey |\n| | type | name | label | constraint | parameters |\n"
     "| | range | a | A | . > 10 | start=1 end=10 |\n",
     "survey", 2, 4, "no value meets"},
};

static void
impossible_is_advised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++) {
        const struct fault_row *r = &advice[i];
        struct diag d;
        struct buf out;
        harness_row(r->label);
        assert_int_equal(compile(r->form, XLSFORM_MD, true, &d, &out),
                         STATUS_OK);
        expect_entry(&d, r->sheet, r->row, r->column, r->text);
        buf_deinit(&out);
        diag_deinit(&d);
    }
}

static void
possible_is_left_alone(void **state)
{
    static const char *const forms[] = {
        SURVEY "| | integer | a | A | |\n| | text | b | B | ${a} > 1 or ${a} < "
               "0 |\n",
        SURVEY "| | integer | a | A | |\n| | text | b | B | ${a} >= 3 and ${a} "
               "<= 3 |\n",
        SURVEY "| | select_one yn | a | A | |\n"
               "| | text | b | B | ${a} != 'n' and (${a} = 'y' or ${a} = 'n') "
               "|\n" CHOICES,
        SURVEY "| | text | a | A | |\n| | text | b | B | not(${a} = 'x') and "
               "${a} = 'x' |\n",
        SURVEY "| | begin_repeat | r | R | |\n| | text | a | A | |\n"
               "| | end_repeat | | | |\n"
               "| | text | b | B | ${a} = 'x' and ${a} = 'y' |\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct diag d;
        struct buf out;
        harness_row(forms[i]);
        assert_int_equal(compile(forms[i], XLSFORM_MD, true, &d, &out),
                         STATUS_OK);
        for (size_t k = 0; k < d.count; k++) {
            assert_null(strstr(d.entry[k].text, "Nobody"));
        }
        buf_deinit(&out);
        diag_deinit(&d);
    }
}

struct csv_row {
    const char *label;
    const char *csv;
    enum status status;
    const char *text; /* in the XForm, or in the first finding */
};

static const struct csv_row csv_rows[] = {
    {"commas", "survey,,,\n,type,name,label\n,text,a,Как дела?\n", STATUS_OK,
     "<label>Как дела?</label>"},
    {"semicolons", "survey;;;\n;type;name;label\n;text;a;\"Да, нет; и\"\n",
     STATUS_OK, "<label>Да, нет; и</label>"},
    {"byte order mark",
     "\xEF\xBB\xBFsurvey,,,\r\n,type,name,label\r\n,text,a,A\r\n", STATUS_OK,
     "<label>A</label>"},
    {"quotes and lines",
     "survey,,,\n,type,name,label\n,text,a,\"He said \"\"yes\"\"\nthen\"\n",
     STATUS_OK, "He said &quot;yes&quot;\nthen"},
    {"open quote", "survey,,,\n,type,name,label\n,text,a,\"A\n",
     STATUS_E_INVALID, "never closed"},
    {"not UTF-8", "survey,,,\n,type,name,label\n,text,a,\xCA\xE0\xEA\n",
     STATUS_E_INVALID, "UTF-8"},
    {"cells before a sheet", ",type,name,label\n", STATUS_E_INVALID,
     "before the first sheet"},
    {"no sheet", "", STATUS_E_INVALID, "sheet named “survey”"},
};

static void
csv_is_read_as_people_save_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(csv_rows) / sizeof(csv_rows[0]); i++) {
        const struct csv_row *r = &csv_rows[i];
        struct diag d;
        struct buf out;
        harness_row(r->label);
        assert_int_equal(compile(r->csv, XLSFORM_CSV, false, &d, &out),
                         r->status);
        if (r->status == STATUS_OK) {
            assert_non_null(strstr(out.data, r->text));
        } else {
            assert_true(d.count > 0);
            assert_non_null(strstr(d.entry[0].text, r->text));
        }
        buf_deinit(&out);
        diag_deinit(&d);
    }
}

static void
csv_rows_count_as_a_spreadsheet_shows_them(void **state)
{
    (void)state;
    struct diag d;
    struct buf out;
    assert_int_equal(compile("settings,,\n,form_id\n,f\n\nsurvey,,,\n"
                             ",type,name,label\n,txt,a,A\n",
                             XLSFORM_CSV, false, &d, &out),
                     STATUS_E_INVALID);
    expect_entry(&d, "survey", 7, 2, "Unknown question type");
    buf_deinit(&out);
    diag_deinit(&d);
}

static void
garbage_is_no_workbook(void **state)
{
    (void)state;
    struct diag d;
    struct buf out;
    assert_int_equal(
        compile("PK\x03\x04 not a zip", XLSFORM_XLSX, false, &d, &out),
        STATUS_E_INVALID);
    expect_entry(&d, NULL, 0, 0, ".xlsx");
    buf_deinit(&out);
    diag_deinit(&d);
}

static void
extensions_become_attributes(void **state)
{
    (void)state;
    struct diag d;
    struct buf out;
    assert_int_equal(
        compile("| survey |\n| | type | name | label | anketa_indicator |\n"
                "| | text | a | A | joy |\n"
                "| settings |\n| | form_id | anketa_kind | anketa_k |\n"
                "| | f | anonymous | 7 |\n",
                XLSFORM_MD, false, &d, &out),
        STATUS_OK);
    assert_non_null(strstr(out.data, "anketa:kind=\"anonymous\""));
    assert_non_null(strstr(out.data, "anketa:k=\"7\""));
    assert_non_null(strstr(out.data, "anketa:indicator=\"joy\""));
    buf_deinit(&out);
    diag_deinit(&d);
}

static void
attribute_is_written_once(void **state)
{
    (void)state;
    struct diag d;
    struct buf out;
    assert_int_equal(
        compile("| survey |\n"
                "| | type | name | label | bind::nodeset | body::start |\n"
                "| | range | a | A | /x | 3 |\n",
                XLSFORM_MD, false, &d, &out),
        STATUS_OK);
    assert_non_null(strstr(out.data, "nodeset=\"/data/a\""));
    assert_null(strstr(out.data, "\"/x\""));
    assert_null(strstr(out.data, "start=\"3\""));
    buf_deinit(&out);
    diag_deinit(&d);
}

static void
nesting_is_limited(void **state)
{
    (void)state;
    struct buf form;
    struct diag d;
    struct buf out;
    buf_init(&form, OUT_MAX_BYTES);
    buf_puts(&form, SURVEY);
    for (int i = 0; i < 200; i++) {
        buf_printf(&form, "| | begin_group | g%d | G | |\n", i);
    }
    assert_int_equal(compile(form.data, XLSFORM_MD, false, &d, &out),
                     STATUS_E_INVALID);
    expect_entry(&d, "survey", 0, 0, "nested too deeply");
    buf_deinit(&out);
    diag_deinit(&d);
    buf_deinit(&form);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_is_told_with_its_cell),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(impossible_is_advised),
        cmocka_unit_test(possible_is_left_alone),
        cmocka_unit_test(csv_is_read_as_people_save_it),
        cmocka_unit_test(csv_rows_count_as_a_spreadsheet_shows_them),
        cmocka_unit_test(garbage_is_no_workbook),
        cmocka_unit_test(extensions_become_attributes),
        cmocka_unit_test(attribute_is_written_once),
        cmocka_unit_test(nesting_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
