#include "daemon/config.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "harness/harness.h"

static void
says_what_is_wrong_and_keeps_the_rest(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text; /* NULL: no file */
        enum status want;
        size_t entries;
        const char *name;
        int mix_seconds;
    } rows[] = {
        {"no file", NULL, STATUS_OK, 0, "", CONFIG_MIX_SECONDS},
        {"empty", "", STATUS_OK, 0, "", CONFIG_MIX_SECONDS},
        {"all", "[kiosk]\nname = Учительская\n[sync]\nmix_seconds=0\n",
         STATUS_OK, 0, "Учительская", 0},
        {"unknown key", "[kiosk]\nnam = x\nname = y\n", STATUS_OK, 1, "y",
         CONFIG_MIX_SECONDS},
        {"no number", "[sync]\nmix_seconds = soon\n[kiosk]\nname = y\n",
         STATUS_E_INVALID, 1, "y", CONFIG_MIX_SECONDS},
        {"negative", "[sync]\nmix_seconds = -1\n", STATUS_E_INVALID, 1, "",
         CONFIG_MIX_SECONDS},
        {"no sense", "[kiosk]\nhello\n", STATUS_E_INVALID, 1, "",
         CONFIG_MIX_SECONDS},
    };
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/sync.conf", dir);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag d;
        struct config config;
        harness_row(rows[i].label);
        diag_init(&d, I18N_EN);
        if (rows[i].text) {
            assert_int_equal(
                file_replace(path, rows[i].text, strlen(rows[i].text), 0600),
                STATUS_OK);
        }
        assert_int_equal(config_load(path, &d, &config), rows[i].want);
        assert_int_equal(d.count, rows[i].entries);
        assert_string_equal(config.name, rows[i].name);
        assert_int_equal(config.mix_seconds, rows[i].mix_seconds);
        diag_deinit(&d);
    }
    harness_remove_tree(dir);
}

static void
reads_what_else_may_be_set(void **state)
{
    (void)state;
    static const char text[] = "[privacy]\nleast = 8\n[network]\n"
                               "metered_seconds = 3600\nproxy = http://p:1\n";
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    struct diag d;
    struct config config;
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/sync.conf", dir);
    diag_init(&d, I18N_EN);
    assert_int_equal(config_load(path, &d, &config), STATUS_OK);
    assert_int_equal(config.least, CONFIG_LEAST);
    assert_int_equal(config.metered_seconds, 0);
    assert_int_equal(file_replace(path, text, strlen(text), 0600), STATUS_OK);
    assert_int_equal(config_load(path, &d, &config), STATUS_OK);
    assert_int_equal(config.least, 8);
    assert_int_equal(config.metered_seconds, 3600);
    assert_string_equal(config.proxy, "http://p:1");
    diag_deinit(&d);
    harness_remove_tree(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong_and_keeps_the_rest),
        cmocka_unit_test(reads_what_else_may_be_set),
    };
    return cmocka_run_group_tests_name("daemon/config", tests, NULL, NULL);
}
