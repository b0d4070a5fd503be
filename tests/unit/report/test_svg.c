#include "collector/report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "harness/harness.h"
#include "sample_report.h"

/* Well-formed, and every number in it is one. */
static void
is_sound(const char *svg, size_t len)
{
    xmlDoc *doc = xmlReadMemory(svg, (int)len, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf"));
    assert_null(strstr(svg, "style="));
    assert_null(strstr(svg, "width=\"-"));
}

static void
every_chart_is_sound_at_every_width(void **state)
{
    (void)state;
    static const double widths[] = {0.0, 240.0, 375.0, 530.0, 1200.0};
    struct sample_report s;
    struct buf out;
    sample_report_init(&s, 7, 1);
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < s.report.items; i++) {
        const struct chart *c = s.report.item[i].chart;
        for (size_t w = 0; c && w < sizeof(widths) / sizeof(widths[0]); w++) {
            harness_row(c->title);
            svg_chart(&out, c, widths[w]);
            assert_int_equal(buf_status(&out), STATUS_OK);
            is_sound(out.data, out.len);
            buf_clear(&out);
        }
    }
    buf_deinit(&out);
    sample_report_deinit(&s);
}

static void
nothing_draws_nothing(void **state)
{
    (void)state;
    static const struct chart_bar zero[] = {{"", 0.0, NULL, false}};
    static const struct chart_dot unknown[] = {
        {"?", NAN, {NAN, NAN}, "–", false}};
    static const struct chart_point gap[] = {{"a", NAN, NULL}};
    const struct chart charts[] = {
        {CHART_KIND_BARS, "", {.bars = {NULL, 0, 0.0}}},
        {CHART_KIND_BARS, "", {.bars = {zero, 1, 0.0}}},
        {CHART_KIND_COLUMNS, "", {.columns = {NULL, 0, NAN, NAN, NAN, NULL}}},
        {CHART_KIND_DOTS, "", {.dots = {unknown, 1, 5.0, 5.0, 0.0}}},
        {CHART_KIND_LINE, "", {.line = {gap, 1}}},
        {CHART_KIND_LINE, "", {.line = {NULL, 0}}},
    };
    struct buf out;
    buf_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof(charts) / sizeof(charts[0]); i++) {
        svg_chart(&out, &charts[i], 400.0);
        is_sound(out.data, out.len);
        buf_clear(&out);
    }
    buf_deinit(&out);
}

static void
bars_start_at_zero_and_keep_their_proportions(void **state)
{
    (void)state;
    static const struct chart_bar bar[] = {{"a", 50.0, "50", true},
                                           {"b", 100.0, "100", true}};
    const struct chart c = {CHART_KIND_BARS, "t", {.bars = {bar, 2, 0.0}}};
    struct buf out;
    buf_init(&out, 1 << 16);
    svg_chart(&out, &c, 400.0);
    double x[2];
    double width[2];
    const char *at = out.data;
    for (size_t i = 0; i < 2; i++) {
        at = strstr(at, "<path");
        assert_non_null(at);
        x[i] = strtod(strstr(at, "d=\"M") + 4, NULL);
        width[i] = strtod(strchr(strstr(at, "d=\"M"), 'h') + 1, NULL);
        at++;
    }
    assert_true(fabs(x[0] - x[1]) < 0.01);
    assert_true(fabs(2.0 * width[0] - width[1]) < 0.11);
    buf_deinit(&out);
}

static void
labels_are_escaped(void **state)
{
    (void)state;
    static const struct chart_bar bar[] = {
        {"<script>&\"'", 1.0, "</text>", true}};
    const struct chart c = {CHART_KIND_BARS, "\"><b>", {.bars = {bar, 1, 0.0}}};
    struct buf out;
    buf_init(&out, 1 << 16);
    svg_chart(&out, &c, 400.0);
    svg_table(&out, &c, "<th>", "&");
    assert_null(strstr(out.data, "<script>"));
    assert_null(strstr(out.data, "<b>"));
    assert_non_null(strstr(out.data, "&lt;script&gt;&amp;&quot;&#39;"));
    assert_non_null(strstr(out.data, "<td>&lt;/text&gt;</td>"));
    buf_deinit(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chart_is_sound_at_every_width),
        cmocka_unit_test(nothing_draws_nothing),
        cmocka_unit_test(bars_start_at_zero_and_keep_their_proportions),
        cmocka_unit_test(labels_are_escaped),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
