#include "app/bare.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "harness/harness.h"

#define NOBODY 65534

static char dir[HARNESS_PATH_MAX];
static char dev[HARNESS_PATH_MAX + 8];
static char sys[HARNESS_PATH_MAX + 8];

static void
put(const char *folder, const char *name, const char *text)
{
    char path[2 * HARNESS_PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(n > 0 && (size_t)n < sizeof(path));
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_int_equal(file_make_dirs(path), STATUS_OK);
    *slash = '/';
    assert_int_equal(file_replace(path, text, strlen(text), 0644), STATUS_OK);
}

static void
without_a_card_it_says_so(void **state)
{
    (void)state;
    assert_int_equal(bare_look(dev, sys), BARE_NO_CARD);
    assert_int_equal(file_make_dirs(dev), STATUS_OK);
    put(dev, "renderD128", "");
    assert_int_equal(bare_look(dev, sys), BARE_NO_CARD);
}

static void
a_card_that_may_not_be_opened_is_one_of_rights(void **state)
{
    (void)state;
    char path[HARNESS_PATH_MAX + 32];
    put(dev, "card0", "");
    int n = snprintf(path, sizeof(path), "%s/card0", dev);
    assert_true(n > 0 && (size_t)n < sizeof(path));
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(dir, 0755), 0);
    assert_int_equal(chmod(dev, 0755), 0);
    bool root = geteuid() == 0;
    assert_true(!root || seteuid(NOBODY) == 0);
    enum bare_fault fault = bare_look(dev, sys);
    assert_true(!root || seteuid(0) == 0);
    assert_int_equal(fault, BARE_NO_RIGHTS);
}

static void
sockets_tell_what_is_connected(void **state)
{
    (void)state;
    put(dev, "card1", "");
    /* A card that tells of no sockets: somebody else must have it. */
    assert_int_equal(bare_look(dev, sys), BARE_HELD);
    put(sys, "card1-HDMI-A-1/status", "disconnected\n");
    put(sys, "card1-HDMI-A-1/modes", "");
    assert_int_equal(bare_look(dev, sys), BARE_NO_PANEL);
    put(sys, "card1-DSI-1/status", "connected\n");
    put(sys, "card1-DSI-1/modes", "");
    assert_int_equal(bare_look(dev, sys), BARE_NO_MODE);
    put(sys, "card1-DSI-1/modes", "1280x800\n1024x768\n");
    assert_int_equal(bare_look(dev, sys), BARE_HELD);
}

static void
each_fault_has_words_of_its_own(void **state)
{
    (void)state;
    for (int i = BARE_NO_CARD; i < BARE_HELD; i++) {
        assert_string_not_equal(bare_text((enum bare_fault)i),
                                bare_text((enum bare_fault)(i + 1)));
    }
}

static int
open_dir(void **state)
{
    (void)state;
    harness_temp_dir(dir);
    (void)snprintf(dev, sizeof(dev), "%s/dev", dir);
    (void)snprintf(sys, sizeof(sys), "%s/sys", dir);
    return 0;
}

static int
close_dir(void **state)
{
    (void)state;
    harness_remove_tree(dir);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_card_it_says_so, open_dir,
                                        close_dir),
        cmocka_unit_test_setup_teardown(
            a_card_that_may_not_be_opened_is_one_of_rights, open_dir,
            close_dir),
        cmocka_unit_test_setup_teardown(sockets_tell_what_is_connected,
                                        open_dir, close_dir),
        cmocka_unit_test(each_fault_has_words_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
