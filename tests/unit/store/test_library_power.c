/*
 * A library being installed while the power goes or the disk fails: the kiosk
 * finds the old one or the new one afterwards, whole, and takes the next.
 *
 * Usage: test_library_power [all]; "all" tries more ways a disk may be torn.
 */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "harness/harness.h"
#include "harness/power.h"
#include "store/library.h"
#include "wire/bundle.h"

#define PATH "/library.db"
#define FORM_BYTES 20000 /* several pages of the database */
#define SEEDS 2
#define SEEDS_ALL 16

static struct seal_sign_pair collector;
static uint64_t seeds = SEEDS;

/* The one form of a library, telling its number. */
static void
form_of(uint64_t serial, char out[FORM_BYTES + 1])
{
    memset(out, 'a' + (int)(serial % 26), FORM_BYTES);
    out[FORM_BYTES] = '\0';
}

static enum status
install(uint64_t serial)
{
    static char text[FORM_BYTES + 1];
    static struct bundle_survey survey[] = {
        {"interim", "3", "autumn", RECORD_ANONYMOUS, 5, 4, false}};
    static struct bundle_form form[] = {{"interim", "3", text, FORM_BYTES}};
    const struct bundle bundle = {
        .serial = serial,
        .epoch = 1,
        .seal = {{8}},
        .survey = survey,
        .survey_count = 1,
        .form = form,
        .form_count = 1,
    };
    struct buf message;
    form_of(serial, text);
    buf_init(&message, BUNDLE_MAX_BYTES);
    assert_int_equal(bundle_encode(&bundle, &collector, &message), STATUS_OK);
    enum status st =
        library_install(PATH, message.data, message.len, &collector.public_key);
    buf_deinit(&message);
    return st;
}

/* Which library is there, whole; 0: none. */
static uint64_t
installed(void)
{
    static char expected[FORM_BYTES + 1];
    struct library *lib = NULL;
    struct library_head head = {0};
    struct buf text;
    enum status st = library_open(PATH, &lib);
    if (st == STATUS_E_NOT_FOUND) {
        return 0;
    }
    assert_int_equal(st, STATUS_OK);
    assert_int_equal(library_head(lib, &head), STATUS_OK);
    buf_init(&text, FORM_BYTES);
    if (head.serial > 0) {
        form_of((uint64_t)head.serial, expected);
        assert_int_equal(library_form(lib, "interim", "3", &text), STATUS_OK);
        assert_string_equal(text.data, expected);
    }
    buf_deinit(&text);
    library_close(lib);
    return (uint64_t)head.serial;
}

static void
check(uint64_t before, bool done)
{
    uint64_t now = installed();
    assert_true(now == before + 1 || (now == before && !done));
    if (now == before) {
        assert_int_equal(install(before + 1), STATUS_OK);
    }
    assert_int_equal(install(before + 2), STATUS_OK);
    assert_int_equal(installed(), before + 2);
}

/* Every change of an installation over `before` (0: none) goes wrong. */
static size_t
try_all_changes(uint64_t before, enum power_fault fault)
{
    size_t tried = 0;
    power_reset(1);
    if (before > 0) {
        assert_int_equal(install(before), STATUS_OK);
    }
    power_save();
    bool struck = true;
    for (size_t n = 1; struck; n++) {
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            power_load(seed * 7919 + n);
            power_arm(fault, n);
            enum status st = install(before + 1);
            struck = power_struck();
            assert_true(struck || st == STATUS_OK);
            if (fault == POWER_CUT) {
                power_restore();
            } else {
                power_arm(fault, 0);
            }
            check(before, st == STATUS_OK);
            tried++;
        }
    }
    return tried;
}

static void
is_old_or_new_whatever_the_disk_does(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint64_t before;
        enum power_fault fault;
    } rows[] = {
        {"the first, power cut", 0, POWER_CUT},
        {"the first, disk full", 0, POWER_FULL},
        {"the first, disk fails", 0, POWER_ERROR},
        {"a newer one, power cut", 1, POWER_CUT},
        {"a newer one, disk full", 1, POWER_FULL},
        {"a newer one, disk fails", 1, POWER_ERROR},
    };
    size_t tried = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        tried += try_all_changes(rows[i].before, rows[i].fault);
    }
    print_message("%zu faults\n", tried);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_old_or_new_whatever_the_disk_does),
    };
    if (argc > 1 && strcmp(argv[1], "all") == 0) {
        seeds = SEEDS_ALL;
    }
    /* The library is opened by its path alone: the disk is the default one. */
    if (seal_init() < 0 || !power_register()
        || sqlite3_vfs_register(sqlite3_vfs_find(POWER_VFS), 1) != SQLITE_OK) {
        return 1;
    }
    seal_sign_pair_new(&collector);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    power_free();
    return failed;
}
