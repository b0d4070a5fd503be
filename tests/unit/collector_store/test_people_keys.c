/* Keys of people that can be destroyed, and the sealed copy that needs them. */
#include "collector/store/people_veil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "collector/store/store_banks.h"
#include "harness/harness.h"

#define FILE_MAX_BYTES ((size_t)16 * 1024 * 1024)

static char dir[HARNESS_PATH_MAX];
static char path[HARNESS_PATH_MAX + 32];
static char copy[HARNESS_PATH_MAX + 32];
static char keys_path[HARNESS_PATH_MAX + 32];

static int
set_up(void **state)
{
    (void)state;
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/collector.db", dir);
    (void)snprintf(copy, sizeof(copy), "%s/copy", dir);
    (void)snprintf(keys_path, sizeof(keys_path), "%s/people.keys", dir);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    harness_remove_tree(dir);
    return 0;
}

static void
a_destroyed_key_is_gone_and_all_others_stay(void **state)
{
    (void)state;
    static const int64_t gone[] = {1, 2, 7, 4096, PEOPLE_KEYS_NUMBER_MAX};
    struct people_keys k;
    struct people_keys again;
    struct seal_lock_key before[300];
    struct seal_lock_key after;
    struct buf bytes;
    assert_int_equal(people_keys_new(&k), STATUS_OK);
    for (int64_t i = 0; i < 300; i++) {
        assert_int_equal(people_keys_of(&k, i, &before[i]), STATUS_OK);
    }
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
        assert_int_equal(people_keys_destroy(&k, gone[i]), STATUS_OK);
        assert_int_equal(people_keys_destroy(&k, gone[i]), STATUS_NONE);
    }
    assert_true(k.count < 5 * PEOPLE_KEYS_DEPTH);
    buf_init(&bytes, FILE_MAX_BYTES);
    assert_int_equal(people_keys_encode(&k, &bytes), STATUS_OK);
    assert_int_equal(people_keys_decode(bytes.data, bytes.len, &again),
                     STATUS_OK);
    for (int64_t i = 0; i < 300; i++) {
        const bool destroyed = i == 1 || i == 2 || i == 7;
        assert_int_equal(people_keys_of(&again, i, &after),
                         destroyed ? STATUS_NONE : STATUS_OK);
        assert_true(destroyed
                    || memcmp(&after, &before[i], sizeof(after)) == 0);
    }
    assert_int_equal(people_keys_of(&again, 4096, &after), STATUS_NONE);
    assert_int_equal(people_keys_of(&again, -1, &after), STATUS_NONE);
    people_keys_clear(&again);
    assert_int_equal(people_keys_decode(bytes.data, bytes.len - 1, &again),
                     STATUS_E_INVALID);
    people_keys_clear(&k);
    buf_deinit(&bytes);
}

static bool
copy_has(const char *needle)
{
    struct buf bytes;
    bool found = false;
    buf_init(&bytes, FILE_MAX_BYTES);
    assert_int_equal(file_read(copy, &bytes), STATUS_OK);
    for (size_t i = 0; i + strlen(needle) <= bytes.len; i++) {
        found = found || memcmp(bytes.data + i, needle, strlen(needle)) == 0;
    }
    buf_deinit(&bytes);
    return found;
}

/* A row in every table, with the word sunflower in every text and blob of it. */
static void
fill_every_table(void)
{
    sqlite3 *db = NULL;
    char people[HARNESS_PATH_MAX + 32];
    struct store *s = NULL;
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    store_close(s);
    (void)snprintf(people, sizeof(people), "%s/people.db", dir);
    assert_int_equal(sqlite3_open(people, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(
            db,
            "PRAGMA ignore_check_constraints = ON;"
            "INSERT INTO person VALUES (1, 'sunflower1', 'sunflower', "
            "'mentee', 'sunflower', 'sunflower');"
            "INSERT INTO person VALUES (2, 'sunflower2', 'sunflower', '', '', "
            "'');"
            "INSERT INTO former_code VALUES ('sunflower', 1);"
            "INSERT INTO named VALUES (1, 1, CAST('sunflower' AS BLOB), 0);"
            "INSERT INTO attachment VALUES (1, 1, 'sunflower', CAST("
            "'sunflower' AS BLOB));"
            "INSERT INTO forward VALUES (1, 1, 0, 0, 0, 0, 'sunflower');"
            "INSERT INTO openrosa_user VALUES ('sunflower', 'sunflower', "
            "'sunflower', 1);"
            "INSERT INTO openrosa_user VALUES ('phone', 'a', 'b', NULL);"
            "INSERT INTO meeting VALUES (1, 'Autumn', 1, 1, 0, 0);"
            "INSERT INTO participant VALUES (1, 1, 0, 1, 0, 'sunflower');"
            "INSERT INTO pair_lock VALUES (1, 1, 2, 1);"
            "INSERT INTO pair VALUES (1, 1, 1, 2, 0, 'sunflower', 'sunflower', "
            "'sunflower', 'sunflower', 0, 0);"
            "INSERT INTO pair_meeting VALUES (1, 1, 0, 0, 'sunflower', "
            "'sunflower');"
            "INSERT INTO consent_text VALUES (1, '1', 'text');"
            "INSERT INTO consent VALUES (1, 0, 1, 0, 0, 'sunflower');"
            "INSERT INTO bank_entry VALUES (1, 1, 0, 0, 0, 'sunflower', "
            "'sunflower', 'sunflower', 'sunflower', 'sunflower', 'sunflower', "
            "'sunflower', 0, 0, 'sunflower', 'sunflower');"
            "INSERT INTO bank_change VALUES (1, 1, 0, 'sunflower');",
            NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(store_copy(people, copy), STATUS_OK);
}

static int64_t
count_in_copy(const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return n;
}

static void
a_sealed_copy_names_nobody_and_opens_with_the_keys(void **state)
{
    (void)state;
    struct people_keys k;
    bool needed = false;
    fill_every_table();
    assert_true(copy_has("sunflower"));
    assert_int_equal(people_keys_new(&k), STATUS_OK);
    assert_int_equal(people_veil_seal(copy, &k), STATUS_OK);
    assert_false(copy_has("sunflower"));
    assert_int_equal(people_veil_needs_keys(copy, &needed), STATUS_OK);
    assert_true(needed);
    assert_int_equal(people_veil_open(copy, &k), STATUS_OK);
    assert_int_equal(count_in_copy("SELECT count(*) FROM person WHERE name = "
                                   "'sunflower'"),
                     2);
    assert_int_equal(count_in_copy("SELECT count(*) FROM pair_meeting WHERE "
                                   "for_desk = 'sunflower'"),
                     1);
    assert_int_equal(count_in_copy("SELECT count(*) FROM attachment WHERE "
                                   "CAST(body AS TEXT) = 'sunflower' AND name "
                                   "= 'sunflower'"),
                     1);
    assert_int_equal(count_in_copy("SELECT count(*) FROM openrosa_user"), 2);
    people_keys_clear(&k);
}

/* A new table with a text in it: is it about a person? Then it needs its line in
 * people_veil.sql and in fill_every_table(). */
static void
every_table_with_texts_is_known(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    fill_every_table();
    assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(
            db,
            "SELECT group_concat(name, ' ') FROM (SELECT DISTINCT m.name FROM "
            "sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE "
            "m.type = 'table' AND c.type IN ('TEXT', 'BLOB') ORDER BY m.name)",
            -1, &stmt, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal(
        (const char *)sqlite3_column_text(stmt, 0),
        "attachment bank_change bank_entry consent consent_text erasure "
        "former_code forward meeting named openrosa_user pair pair_meeting "
        "participant person retired training training_material");
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
without_her_key_she_is_nowhere(void **state)
{
    (void)state;
    struct people_keys k;
    fill_every_table();
    assert_int_equal(people_keys_new(&k), STATUS_OK);
    assert_int_equal(people_veil_seal(copy, &k), STATUS_OK);
    assert_int_equal(people_keys_destroy(&k, 1), STATUS_OK);
    assert_int_equal(people_veil_open(copy, &k), STATUS_OK);
    assert_int_equal(count_in_copy("SELECT count(*) FROM person"), 1);
    assert_int_equal(count_in_copy("SELECT count(*) FROM pair"), 0);
    assert_int_equal(count_in_copy("SELECT count(*) FROM bank_change"), 0);
    assert_int_equal(count_in_copy("SELECT count(*) FROM named"), 0);
    people_keys_clear(&k);
}

static void
an_erasure_destroys_the_key(void **state)
{
    (void)state;
    char code[] = "111111";
    char other[] = "222222";
    char name[] = "Anna";
    char none[] = "";
    char people[HARNESS_PATH_MAX + 32];
    struct store *s = NULL;
    struct people_keys k;
    struct seal_lock_key key;
    struct store_person p = {.code = code, .name = name, .role = none};
    int64_t first = 0;
    int64_t second = 0;
    bool retired = false;
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    assert_int_equal(store_person_add(s, &p, &first), STATUS_OK);
    p.code = other;
    assert_int_equal(store_person_add(s, &p, &second), STATUS_OK);
    assert_int_equal(store_erase(s, first, "2026-11-24", STORE_BY_PAPER),
                     STATUS_OK);
    assert_int_equal(store_code_retired(s, code, &retired), STATUS_OK);
    assert_true(retired);
    p.code = code;
    assert_int_equal(store_person_add(s, &p, &first), STATUS_E_CONFLICT);
    struct store_erasure *fact = NULL;
    size_t facts = 0;
    assert_int_equal(store_erasures(s, &fact, &facts), STATUS_OK);
    assert_int_equal(facts, 1);
    assert_int_equal(fact[0].bank, -1);
    assert_string_equal(fact[0].day, "2026-11-24");
    store_erasures_free(fact, facts);
    store_close(s);
    (void)snprintf(people, sizeof(people), "%s/people.db", dir);
    assert_int_equal(people_veil_forget(people, keys_path), STATUS_OK);
    assert_int_equal(people_keys_load(keys_path, &k), STATUS_OK);
    assert_int_equal(people_keys_of(&k, 1, &key), STATUS_NONE);
    assert_int_equal(people_keys_of(&k, second, &key), STATUS_OK);
    assert_int_equal(people_keys_of(&k, second + 1, &key), STATUS_OK);
    people_keys_clear(&k);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_destroyed_key_is_gone_and_all_others_stay),
        TEST(a_sealed_copy_names_nobody_and_opens_with_the_keys),
        TEST(every_table_with_texts_is_known),
        TEST(without_her_key_she_is_nowhere),
        TEST(an_erasure_destroys_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
