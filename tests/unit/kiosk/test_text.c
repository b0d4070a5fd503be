#include "base/buf.h"
#include "harness/harness.h"
#include "ui/text.h"

/* Ten pixels a letter: widths are counted on the fingers. */
static int
ten_each(void *self, enum metrics_face face, int em_px, const char *text,
         size_t len)
{
    (void)self;
    (void)face;
    (void)em_px;
    int letters = 0;
    for (size_t i = 0; i < len; i++) {
        letters += ((unsigned char)text[i] & 0xC0u) != 0x80u ? 1 : 0;
    }
    return letters * 10;
}

static void
lines_are_broken_as_readers_want(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        int width;
        const char *lines; /* by '|' */
        bool broken;
    } rows[] = {
        {"between words", "раз два три", 70, "раз два|три", false},
        {"no preposition at the end", "дом в лесу", 60, "дом|в лесу", false},
        {"a dash stays behind", "я — ты", 50, "я —|ты", false},
        {"an initial stays with its name", "Анна Ивановна К.", 130,
         "Анна|Ивановна К.", false},
        {"a small letter is none", "пункт второй а.", 120, "пункт второй|а.",
         false},
        {"a long word is cut", "наставник", 50, "наста|вник", true},
        {"a comma hangs over", "Медленнее, чем надо", 90, "Медленнее,|чем надо",
         false},
        {"but not a word", "Медленнееч надо", 90, "Медленнее|ч надо", true},
    };
    struct text_measure measure = {ten_each, NULL};
    struct metrics_type type = {.em_px = 10, .line_px = 12};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text_block block;
        struct buf lines;
        buf_init(&lines, 1024);
        harness_row(rows[i].label);
        text_wrap(&measure, &type, rows[i].text, rows[i].width, &block);
        for (size_t k = 0; k < block.count; k++) {
            buf_puts(&lines, k ? "|" : "");
            buf_put(&lines, block.lines[k].text, block.lines[k].len);
        }
        assert_string_equal(lines.data, rows[i].lines);
        assert_int_equal(block.broken, rows[i].broken);
        buf_deinit(&lines);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_as_readers_want),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
