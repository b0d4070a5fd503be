#include "collector/web/page.h"

#include <string.h>

#include "harness/harness.h"

static void
writes_numbers_as_the_reader_does(void **state)
{
    (void)state;
    static const struct {
        enum i18n_lang lang;
        double value;
        int digits;
        const char *want;
    } rows[] = {
        {I18N_RU, 7.84, 1, "7,8"},
        {I18N_EN, 7.84, 1, "7.8"},
        {I18N_RU, 1234, 0, "1234"},
        {I18N_EN, 1234, 0, "1,234"},
        {I18N_RU, 1234567.5, 1,
         "1\xE2\x80\xAF"
         "234\xE2\x80\xAF"
         "567,5"},
        {I18N_EN, -12.0, 0,
         "\xE2\x88\x92"
         "12"},
        {I18N_RU, 0, 0, "0"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[PAGE_NUMBER_MAX];
        harness_row(rows[i].want);
        assert_string_equal(
            page_number(rows[i].lang, rows[i].value, rows[i].digits, out),
            rows[i].want);
    }
}

static void
frames_a_page_and_escapes_what_people_named(void **state)
{
    (void)state;
    struct buf out;
    struct html h;
    const struct page_link links[] = {
        {"/", "Monitoring", true},
        {"/kiosks", "Kiosks", false},
    };
    struct page p = {
        .lang = I18N_EN,
        .title = "A <b> title",
        .house = "School & Co",
        .path = "/summary/3?x=1",
        .links = links,
        .link_count = 2,
        .user = "anna",
        .csrf = "t0ken",
    };
    buf_init(&out, (size_t)64 * 1024);
    html_init(&h, &out);
    page_begin(&h, &p);
    html_element(&h, "p", NULL, "content");
    page_end(&h, &p);
    assert_int_equal(buf_status(&out), STATUS_OK);
    assert_int_equal(h.depth, 0);
    assert_non_null(strstr(out.data, "<html lang=\"en\">"));
    assert_non_null(strstr(out.data, "<h1>A &lt;b&gt; title</h1>"));
    assert_non_null(strstr(out.data, "School &amp; Co"));
    assert_non_null(strstr(out.data, "href=\"/summary/3?x=1&amp;lang=ru\""));
    assert_non_null(strstr(out.data, "<a href=\"/\" aria-current=\"page\">"));
    assert_non_null(strstr(out.data, "name=\"csrf\" value=\"t0ken\""));
    assert_null(strstr(out.data, "<script"));
    assert_null(strstr(out.data, "http:"));
    buf_deinit(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_numbers_as_the_reader_does),
        cmocka_unit_test(frames_a_page_and_escapes_what_people_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
