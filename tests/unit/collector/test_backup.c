#include "collector/backup.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/file.h"
#include "collector/store/store.h"
#include "harness/harness.h"

#define FILE_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define PASSPHRASE "шесть слов подряд"
#define NOW_MS INT64_C(1795000000000)

static char dir[HARNESS_PATH_MAX];
static char house[HARNESS_PATH_MAX + 32];
static char target[HARNESS_PATH_MAX + 32];
static char file[HARNESS_PATH_MAX + 32];
static struct home home;
static struct seal_pair sheet;
static struct backup_inside inside; /* of the last one read */
static const struct keyslots_opener by_sheet = {.recovery = &sheet};

static int
set_up(void **state)
{
    (void)state;
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(dir);
    (void)snprintf(house, sizeof(house), "%s/house", dir);
    (void)snprintf(target, sizeof(target), "%s/restored", dir);
    (void)snprintf(file, sizeof(file), "%s/backup", dir);
    assert_int_equal(home_create(house, "Ромашка", "host"), STATUS_OK);
    assert_int_equal(home_open(house, &home), STATUS_OK);
    seal_pair_new(&sheet);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    home_close(&home);
    harness_remove_tree(dir);
    return 0;
}

static void
give_sheet(void)
{
    assert_int_equal(keys_set_recovery(&home.keys, &sheet.public_key),
                     STATUS_OK);
    assert_int_equal(home_save_keys(&home), STATUS_OK);
}

static enum status
make(const char *passphrase, struct backup_info *info)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    enum status st = backup_make(&home, passphrase, NOW_MS, fd, info);
    close(fd);
    return st;
}

static enum status
read_back(const struct keyslots_opener *opener, const char *into,
          struct backup_info *info)
{
    int fd = open(file, O_RDONLY);
    assert_true(fd >= 0);
    enum status st = backup_read(fd, opener, NULL, into, info, &inside);
    close(fd);
    return st;
}

/* How many files the folder has. */
static size_t
files_in(const char *path)
{
    size_t count = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
        count += e->d_name[0] != '.';
    }
    closedir(d);
    return count;
}

static void
set_number(const char *key, int64_t value)
{
    struct store *s = NULL;
    assert_int_equal(home_store(&home, false, &s), STATUS_OK);
    assert_int_equal(store_number_set(s, key, value), STATUS_OK);
    store_close(s);
}

static int64_t
number_in(const struct home *h, const char *key)
{
    struct store *s = NULL;
    int64_t value = 0;
    assert_int_equal(home_store(h, true, &s), STATUS_OK);
    assert_int_equal(store_number(s, key, &value), STATUS_OK);
    store_close(s);
    return value;
}

static void
the_sheet_brings_everything_back_in_a_new_epoch(void **state)
{
    (void)state;
    struct backup_info info;
    struct backup_info got;
    struct home restored;
    give_sheet();
    set_number(STORE_POSITION, 17);
    assert_int_equal(make(NULL, &info), STATUS_OK);
    size_t before = files_in(house);
    assert_int_equal(info.position, 17);
    assert_int_equal(read_back(&by_sheet, NULL, &got), STATUS_OK);
    assert_string_equal(got.house, "Ромашка");
    assert_int_equal(got.made_ms, NOW_MS);
    assert_false(file_exists(target));
    assert_int_equal(inside.holds.kiosks, 0);
    assert_true(inside.keys_open);
    assert_null(inside.damaged);
    assert_int_equal(read_back(&by_sheet, target, &got), STATUS_OK);
    assert_int_equal(home_open(target, &restored), STATUS_OK);
    assert_memory_equal(&restored.keys.sign, &home.keys.sign,
                        sizeof(home.keys.sign));
    assert_memory_equal(restored.identity.tls_pin, home.identity.tls_pin,
                        sizeof(home.identity.tls_pin));
    assert_true(restored.identity.epoch > home.identity.epoch);
    assert_int_equal(number_in(&restored, STORE_POSITION), 0);
    assert_int_equal(number_in(&restored, STORE_COVERED), 0);
    home_close(&restored);
    assert_int_equal(read_back(&by_sheet, target, &got), STATUS_E_CONFLICT);
    assert_int_equal(files_in(house), before); /* no copy left */
}

static void
a_passphrase_does_as_well(void **state)
{
    (void)state;
    static const struct keyslots_opener right = {.passphrase = PASSPHRASE};
    static const struct keyslots_opener wrong = {.passphrase = "other words"};
    struct backup_info info;
    assert_int_equal(make(NULL, &info), STATUS_NONE);
    assert_int_equal(make(PASSPHRASE, &info), STATUS_OK);
    assert_int_equal(read_back(&wrong, target, &info), STATUS_E_AUTH);
    assert_int_equal(read_back(&by_sheet, target, &info), STATUS_E_AUTH);
    assert_false(file_exists(target));
    assert_int_equal(read_back(&right, NULL, &info), STATUS_OK);
    give_sheet();
    assert_int_equal(make(PASSPHRASE, &info), STATUS_OK);
    assert_int_equal(read_back(&right, NULL, &info), STATUS_OK);
    assert_int_equal(read_back(&by_sheet, NULL, &info), STATUS_OK);
}

static void
nothing_of_it_is_readable(void **state)
{
    (void)state;
    static const char *const words[] = {"SQLite format", "CREATE TABLE",
                                        "PRIVATE KEY", "ANKETA KEYS"};
    struct backup_info info;
    struct buf bytes;
    give_sheet();
    assert_int_equal(make(NULL, &info), STATUS_OK);
    buf_init(&bytes, FILE_MAX_BYTES);
    assert_int_equal(file_read(file, &bytes), STATUS_OK);
    for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
        size_t len = strlen(words[w]);
        for (size_t i = 0; i + len <= bytes.len; i++) {
            assert_memory_not_equal(bytes.data + i, words[w], len);
        }
    }
    buf_deinit(&bytes);
}

/* One broken file, and what is said of it; nothing may be left. */
static void
try_bytes(const struct buf *bytes, size_t len, enum status want)
{
    struct backup_info info;
    assert_int_equal(file_replace(file, bytes->data, len, 0600), STATUS_OK);
    enum status st = read_back(&by_sheet, target, &info);
    if (want == STATUS_OK) {
        assert_true(st < 0);
    } else {
        assert_int_equal(st, want);
    }
    assert_false(file_exists(target));
}

static void
what_is_broken_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    struct backup_info info;
    struct buf bytes;
    give_sheet();
    assert_int_equal(make(NULL, &info), STATUS_OK);
    buf_init(&bytes, FILE_MAX_BYTES);
    assert_int_equal(file_read(file, &bytes), STATUS_OK);
    assert_true(bytes.len > (size_t)64 * 1024); /* more than one chunk */

    try_bytes(&bytes, 0, STATUS_E_NOT_FOUND);
    try_bytes(&bytes, 10, STATUS_E_NOT_FOUND);
    for (size_t len = 16; len < bytes.len; len += 997) {
        try_bytes(&bytes, len, STATUS_E_INVALID);
    }
    try_bytes(&bytes, bytes.len - 1, STATUS_E_INVALID);
    for (size_t at = 18; at < bytes.len; at += 1009) {
        bytes.data[at] ^= 0x10;
        try_bytes(&bytes, bytes.len, STATUS_OK);
        bytes.data[at] ^= 0x10;
    }
    buf_putc(&bytes, 'x');
    try_bytes(&bytes, bytes.len, STATUS_E_INVALID);
    buf_truncate(&bytes, bytes.len - 1);
    bytes.data[14] = '2';
    try_bytes(&bytes, bytes.len, STATUS_E_UNSUPPORTED);
    memcpy(bytes.data, "SQLite format 3", 15);
    try_bytes(&bytes, bytes.len, STATUS_E_NOT_FOUND);
    buf_deinit(&bytes);
}

static void
a_foreign_sheet_does_not_open_it(void **state)
{
    (void)state;
    struct seal_pair other;
    struct backup_info info;
    const struct keyslots_opener by_other = {.recovery = &other};
    seal_pair_new(&other);
    give_sheet();
    assert_int_equal(make(NULL, &info), STATUS_OK);
    assert_int_equal(read_back(&by_other, target, &info), STATUS_E_AUTH);
    assert_false(file_exists(target));
}

static void
only_a_backup_of_this_life_covers(void **state)
{
    (void)state;
    struct backup_info info;
    struct store *s = NULL;
    give_sheet();
    set_number(STORE_POSITION, 5);
    assert_int_equal(make(NULL, &info), STATUS_OK);
    assert_int_equal(number_in(&home, STORE_COVERED), 0);
    assert_int_equal(home_store(&home, false, &s), STATUS_OK);
    assert_int_equal(backup_cover(s, &info, NOW_MS), STATUS_OK);
    assert_int_equal(number_in(&home, STORE_COVERED), 5);
    assert_int_equal(number_in(&home, STORE_BACKUP), NOW_MS);
    info.position = 3; /* an older one must not take that back */
    assert_int_equal(backup_cover(s, &info, NOW_MS), STATUS_OK);
    assert_int_equal(number_in(&home, STORE_COVERED), 5);
    info.position = 9;
    info.epoch++;
    assert_int_equal(backup_cover(s, &info, NOW_MS), STATUS_OK);
    assert_int_equal(number_in(&home, STORE_COVERED), 5);
    store_close(s);
}

/* Write `sql` into the collector's own database. */
static void
harm(const char *sql)
{
    char path[HARNESS_PATH_MAX + 96];
    sqlite3 *db = NULL;
    (void)snprintf(path, sizeof(path), "%.3000s/collector.db", house);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
what_was_damaged_before_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *sql;
    } rows[] = {
        {"a reference that leads nowhere",
         "PRAGMA foreign_keys = OFF;"
         "INSERT INTO answer VALUES (7, 0, 0, 1, x'00');"},
        {"a column with fewer cells than it says",
         "DELETE FROM answer;"
         "INSERT INTO form VALUES (1, 'f', '1', 't', x'', 0);"
         "INSERT INTO wave (id, name, form, title, kind, k, k_text, invited, "
         "minutes, live, opened_ms, closes_ms, closed_ms, answers, chunks) "
         "VALUES (1, 'w', 1, '', 0, 5, 10, 0, 0, 0, 1, 0, 0, 2, 1);"
         "INSERT INTO answer VALUES (1, 0, 0, 2, x'00');"},
        {"answers that were counted and are not there", "DELETE FROM answer;"},
    };
    struct backup_info info;
    give_sheet();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        harm(rows[i].sql);
        assert_int_equal(make(NULL, &info), STATUS_OK);
        assert_int_equal(read_back(&by_sheet, NULL, &info), STATUS_E_INVALID);
        assert_string_equal(inside.damaged, "collector.db");
        assert_int_equal(read_back(&by_sheet, target, &info), STATUS_E_INVALID);
        assert_false(file_exists(target));
    }
    harm("INSERT INTO answer VALUES (1, 0, 0, 2, x'0000');");
    assert_int_equal(make(NULL, &info), STATUS_OK);
    assert_int_equal(read_back(&by_sheet, NULL, &info), STATUS_OK);
    assert_int_equal(inside.holds.answers, 2);
    assert_int_equal(inside.holds.waves, 1);
}

static void
who_changes_the_keys_is_alone(void **state)
{
    (void)state;
    struct home server;
    struct home changer;
    assert_int_equal(home_open(house, &server), STATUS_OK);
    assert_int_equal(home_open(house, &changer), STATUS_OK);
    assert_int_equal(home_hold(&server, HOME_SHARED), STATUS_OK);
    assert_int_equal(home_hold(&changer, HOME_ALONE), STATUS_E_BUSY);
    home_close(&server);
    assert_int_equal(home_hold(&changer, HOME_ALONE), STATUS_OK);
    assert_int_equal(home_open(house, &server), STATUS_OK);
    assert_int_equal(home_hold(&server, HOME_SHARED), STATUS_E_BUSY);
    home_close(&server);
    home_close(&changer);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_sheet_brings_everything_back_in_a_new_epoch),
        TEST(a_passphrase_does_as_well),
        TEST(nothing_of_it_is_readable),
        TEST(what_is_broken_is_told_and_leaves_nothing),
        TEST(a_foreign_sheet_does_not_open_it),
        TEST(only_a_backup_of_this_life_covers),
        TEST(what_was_damaged_before_is_found),
        TEST(who_changes_the_keys_is_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
