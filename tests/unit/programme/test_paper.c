#include "collector/programme/paper.h"

#include <string.h>

#include "harness/harness.h"

static void
write_block(void *self, const struct paper_block *b)
{
    static const char *const kinds[] = {
        [PAPER_TITLE] = "title",  [PAPER_PART] = "part",
        [PAPER_TEXT] = "text",    [PAPER_POINT] = "point",
        [PAPER_HEADS] = "heads",  [PAPER_ROW] = "row",
        [PAPER_TABLE_END] = "end"};
    struct buf *out = self;
    buf_printf(out, "%s%s", b->close ? "+" : "", kinds[b->kind]);
    for (size_t i = 0; i < b->cells; i++) {
        const char *at = b->cell[i];
        bool bold = false;
        struct paper_run run;
        buf_puts(out, " [");
        while (paper_next(&at, &bold, &run)) {
            buf_puts(out, run.missing ? "?" : run.bold ? "!" : "");
            buf_put(out, run.text, run.len);
        }
        buf_putc(out, ']');
    }
    buf_putc(out, '\n');
}

static void
expect_blocks(const struct paper_source *source, const char *want)
{
    struct buf out;
    buf_init(&out, 10000);
    assert_int_equal(paper_read(source, write_block, &out), STATUS_OK);
    assert_string_equal(out.data ? out.data : "", want);
    buf_deinit(&out);
}

#define LONG                                                                 \
    "long long long long long long long long long long long long long long " \
    "long long long long"

static void
a_template_falls_into_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"", ""},
        {"# T\n\n## P\ntext\n- a\n- b\n",
         "title [T]\npart [P]\ntext [text]\npoint [a]\npoint [b]\n"},
        {"to\nfrom\n\nagain\n", "text [to]\n+text [from]\ntext [again]\n"},
        {LONG "\ngoes on\n1. not\n",
         "text [" LONG " goes on]\n+text [1. not]\n"},
        {"| a | b |\n|---|---|\n| 1 | |\nafter\n",
         "heads [a] [b]\nrow [1] []\nend\ntext [after]\n"},
        {"|a|", "heads [a]\nend\n"},
        {"x **y** z ** *", "text [x !y z ! *]\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct paper_source source = {.text = cases[i].text};
        expect_blocks(&source, cases[i].want);
    }
}

static void
values_are_put_in_and_never_read_as_marks(void **state)
{
    (void)state;
    static const struct template_field field[] = {
        {"house", "# A|B **c**\n- d"}, {"head", NULL}, {"term", "May"}};
    static const struct template_field record[] = {
        {"mentor", "Olga"}, {"term", "June"}, {"mentor", "Vera"}, {"term", ""}};
    const struct paper_source source = {
        .text = "{{house}}\n{{head}} till {{term}}\n| m | t |\n|---|---|\n"
                "{{#pairs}}\n| {{mentor}} | {{term}} |\n{{/pairs}}\n",
        .field = field,
        .fields = 3,
        .section = "pairs",
        .record = record,
        .records = 2,
        .record_fields = 2};
    expect_blocks(&source, "text [A/B c - d]\n+text [?head till May]\n"
                           "heads [m] [t]\nrow [Olga] [June]\n"
                           "row [Vera] [?term]\nend\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_falls_into_blocks),
        cmocka_unit_test(values_are_put_in_and_never_read_as_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
