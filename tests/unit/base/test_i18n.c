#include "base/i18n.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/harness.h"

static void
finds_russian_texts_and_plural_forms(void **state)
{
    (void)state;
    assert_string_equal(i18n_text(I18N_RU, "warning: "), "предупреждение: ");
    assert_string_equal(i18n_text(I18N_EN, "warning: "), "warning: ");
    assert_string_equal(i18n_text(I18N_RU, "no such text"), "no such text");
    assert_string_equal(i18n_plural(I18N_EN, "one", "many", 1), "one");
    assert_string_equal(i18n_plural(I18N_EN, "one", "many", 21), "many");
    assert_string_equal(
        i18n_plural(I18N_RU, "and %zu more\n", "and %zu more\n", 5),
        "и ещё %zu\n");
}

static void
reads_language_tags(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        enum i18n_lang want;
    } rows[] = {
        {"ru", I18N_RU},
        {"ru-RU", I18N_RU},
        {"ru_RU.UTF-8", I18N_RU},
        {"ru,en;q=0.5", I18N_RU},
        {"en", I18N_EN},
        {"run", I18N_EN},
        {"", I18N_EN},
        {NULL, I18N_EN},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].tag ? rows[i].tag : "NULL");
        assert_int_equal(i18n_lang_from_tag(rows[i].tag), rows[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_russian_texts_and_plural_forms),
        cmocka_unit_test(reads_language_tags),
    };
    char dir[HARNESS_PATH_MAX];
    const char *build = getenv("ANKETA_BUILD");
    (void)snprintf(dir, sizeof(dir), "%s/locale", build ? build : ".");
    if (i18n_init(dir) < 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
