#include "collector/store/recovery.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "harness/harness.h"

#define TEXT_MAX_BYTES 1024

/* The four lines, `swapped` ones exchanged, joined by `between`. */
static void
join(const struct recovery_text *t, const char *between, int a, int b,
     char out[TEXT_MAX_BYTES])
{
    size_t len = 0;
    for (int i = 0; i < RECOVERY_LINES; i++) {
        int from = i == a ? b : i == b ? a : i;
        int n = snprintf(out + len, TEXT_MAX_BYTES - len, "%s%s", between,
                         t->line[from]);
        assert_true(n > 0);
        len += (size_t)n;
    }
}

static void
is_read_however_it_was_typed(void **state)
{
    (void)state;
    static const char *const between[] = {"\n", "\r\n", " ", "", "\n\n - "};
    for (int round = 0; round < 50; round++) {
        struct seal_pair pair;
        struct recovery_text t;
        seal_pair_new(&pair);
        recovery_print(&pair, &t);
        for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
            char text[TEXT_MAX_BYTES];
            struct seal_pair got;
            unsigned line = 9;
            join(&t, between[i], -1, -1, text);
            for (char *c = text; round % 2 && *c; c++) {
                *c = (char)tolower((unsigned char)*c);
            }
            assert_int_equal(recovery_parse(text, &got, &line), STATUS_OK);
            assert_int_equal(line, 0);
            assert_memory_equal(&got, &pair, sizeof(pair));
        }
    }
}

static void
says_which_line_is_wrong(void **state)
{
    (void)state;
    struct seal_pair pair;
    struct seal_pair got;
    struct recovery_text t;
    char text[TEXT_MAX_BYTES];
    unsigned line = 0;
    seal_pair_new(&pair);
    recovery_print(&pair, &t);
    for (unsigned i = 0; i < RECOVERY_LINES; i++) {
        char *letter = &t.line[i][7];
        char was = *letter;
        assert_int_equal(recovery_check_line(t.line[i], i + 1), STATUS_OK);
        assert_int_equal(recovery_check_line(t.line[i], i + 2),
                         STATUS_E_INVALID);
        *letter = was == 'A' ? 'B' : 'A';
        assert_int_equal(recovery_check_line(t.line[i], i + 1),
                         STATUS_E_INVALID);
        join(&t, "\n", -1, -1, text);
        assert_int_equal(recovery_parse(text, &got, &line), STATUS_E_INVALID);
        assert_int_equal(line, i + 1);
        *letter = was;
    }
    join(&t, "\n", 1, 2, text);
    assert_int_equal(recovery_parse(text, &got, &line), STATUS_E_INVALID);
    assert_int_equal(line, 2);
    text[0] = '\0';
    assert_int_equal(recovery_parse(text, &got, &line), STATUS_E_INVALID);
    assert_int_equal(line, 1);
    join(&t, "\n", -1, -1, text);
    text[strlen(text) + 1] = '\0';
    text[strlen(text)] = 'A';
    assert_int_equal(recovery_parse(text, &got, &line), STATUS_E_INVALID);
}

static void
lines_of_two_sheets_do_not_mix(void **state)
{
    (void)state;
    struct seal_pair pair[2];
    struct seal_pair got;
    struct recovery_text t[2];
    char text[TEXT_MAX_BYTES];
    char name[2][RECOVERY_NAME_CHARS + 1];
    unsigned line = 9;
    for (int i = 0; i < 2; i++) {
        seal_pair_new(&pair[i]);
        recovery_print(&pair[i], &t[i]);
        recovery_name(&pair[i].public_key, name[i]);
        assert_int_equal(strlen(name[i]), RECOVERY_NAME_CHARS);
    }
    assert_string_not_equal(name[0], name[1]);
    memcpy(t[0].line[2], t[1].line[2], sizeof(t[0].line[2]));
    join(&t[0], "\n", -1, -1, text);
    assert_int_equal(recovery_parse(text, &got, &line), STATUS_E_INVALID);
    assert_int_equal(line, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_however_it_was_typed),
        cmocka_unit_test(says_which_line_is_wrong),
        cmocka_unit_test(lines_of_two_sheets_do_not_mix),
    };
    return seal_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
