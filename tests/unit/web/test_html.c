#include "collector/web/html.h"

#include <stdio.h>
#include <string.h>

#include "harness/harness.h"

static void
escapes_text_and_attributes(void **state)
{
    (void)state;
    struct buf out;
    struct html h;
    buf_init(&out, 4096);
    html_init(&h, &out);
    html_open(&h, "p");
    html_attr(&h, "title", "\"><script>'&");
    html_text(&h, "1 < 2 & \"три\"");
    html_textf(&h, " %d%%", 5);
    html_close(&h, "p");
    html_finish(&h);
    assert_string_equal(out.data,
                        "<!DOCTYPE html>\n"
                        "<p title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">"
                        "1 &lt; 2 &amp; &quot;три&quot; 5%</p>\n");
    buf_deinit(&out);
}

static void
closes_what_it_opened(void **state)
{
    (void)state;
    struct buf out;
    struct html h;
    buf_init(&out, 4096);
    html_init(&h, &out);
    html_open(&h, "ul");
    size_t depth = h.depth;
    html_open(&h, "li");
    html_open(&h, "b");
    html_close_to(&h, depth);
    html_void(&h, "br");
    html_attr_flag(&h, "hidden", true);
    html_attr_flag(&h, "x", false);
    html_attr_int(&h, "width", -3);
    html_element(&h, "i", "c", "t");
    html_finish(&h);
    assert_string_equal(out.data + strlen("<!DOCTYPE html>\n"),
                        "<ul><li><b></b></li><br hidden width=\"-3\">"
                        "<i class=\"c\">t</i></ul>\n");
    buf_deinit(&out);
}

static void
lets_no_address_become_a_script(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *want;
    } rows[] = {
        {"/summary/1?lang=ru", "/summary/1?lang=ru"},
        {"#top", "#top"},
        {"https://example.org/", "https://example.org/"},
        {"javascript:alert(1)", "#"},
        {"//elsewhere.example/", "#"},
        {"/\\elsewhere.example/", "#"},
        {"http://plain.example/", "#"},
        {"", "#"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].url);
        struct buf out;
        struct html h;
        char want[128];
        buf_init(&out, 4096);
        html_init(&h, &out);
        html_open(&h, "a");
        html_attr_url(&h, "href", rows[i].url);
        html_finish(&h);
        (void)snprintf(want, sizeof(want), "<a href=\"%s\"></a>\n",
                       rows[i].want);
        assert_string_equal(out.data + strlen("<!DOCTYPE html>\n"), want);
        buf_deinit(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_text_and_attributes),
        cmocka_unit_test(closes_what_it_opened),
        cmocka_unit_test(lets_no_address_become_a_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
