/* People in a file of their own: also those of a collector from before. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "collector/store/store_meetings.h"
#include "harness/harness.h"

#define FILE_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define SQL_MAX_BYTES ((size_t)1 << 18)
#define MIGRATIONS_BEFORE 8 /* of collector.db, when people stood in it */

static char dir[HARNESS_PATH_MAX];
static char path[HARNESS_PATH_MAX + 32];

static int
set_up(void **state)
{
    (void)state;
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/collector.db", dir);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    harness_remove_tree(dir);
    return 0;
}

/* How many files of the folder whose names begin so have these bytes. */
static size_t
files_with(const char *prefix, const char *needle)
{
    size_t found = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
        char file[HARNESS_PATH_MAX + 300];
        struct buf bytes;
        if (strncmp(e->d_name, prefix, strlen(prefix)) != 0) {
            continue;
        }
        (void)snprintf(file, sizeof(file), "%s/%s", dir, e->d_name);
        buf_init(&bytes, FILE_MAX_BYTES);
        assert_int_equal(file_read(file, &bytes), STATUS_OK);
        const size_t len = strlen(needle);
        for (size_t i = 0; i + len <= bytes.len; i++) {
            if (memcmp(bytes.data + i, needle, len) == 0) {
                found++;
                break;
            }
        }
        buf_deinit(&bytes);
    }
    closedir(d);
    return found;
}

/* A filled database of the last version that had people in it. */
static void
make_old(void)
{
    static const char *const schema[MIGRATIONS_BEFORE] = {
        "0001_collector", "0002_waiting", "0003_desk",        "0004_meeting",
        "0005_openrosa",  "0006_settled", "0007_kiosk_state", "0008_roadmap",
    };
    struct buf sql;
    sqlite3 *old = NULL;
    buf_init(&sql, SQL_MAX_BYTES);
    for (size_t i = 0; i < MIGRATIONS_BEFORE; i++) {
        char name[128];
        (void)snprintf(name, sizeof(name), "sync/collector/store/schema/%s.sql",
                       schema[i]);
        assert_int_equal(file_read(harness_source(name), &sql), STATUS_OK);
    }
    buf_puts(
        &sql,
        "PRAGMA journal_mode = WAL;"
        "INSERT INTO form VALUES (1, 'bank', '1', 'Bank', x'3c782f3e', 1);"
        "INSERT INTO wave (id, name, form, title, kind, k, k_text, invited,"
        " minutes, live, opened_ms, closes_ms, closed_ms, answers)"
        " VALUES (1, 'bank', 1, 'Bank', 2, 1, 1, 0, 0, 0, 1, 0, 0, 2);"
        "INSERT INTO person VALUES (3, '314159', 'Agrafena', 'mentee');"
        "INSERT INTO person VALUES (7, '271828', 'Bonifacy', 'mentor');"
        "INSERT INTO named VALUES (1, 3, CAST('<a>clayworks</a>' AS BLOB));"
        "INSERT INTO named VALUES (1, 7, CAST('<a>music</a>' AS BLOB));"
        "INSERT INTO attachment VALUES (1, 3, 'me.jpg', x'00ff');"
        "INSERT INTO forward VALUES (1, 3, 1, 0, 0, 0, '');"
        "INSERT INTO openrosa_user VALUES ('agrafena', 'a', 'b', 3);"
        "INSERT INTO meeting VALUES (5, 'November', 1, 9, 1, 0);"
        "INSERT INTO participant VALUES (5, 3, 0, 1, 0, 'clay');"
        "INSERT INTO participant VALUES (5, 7, 1, 2, 0, 'clay');"
        "INSERT INTO pair_lock VALUES (5, 3, 7, 1);"
        "INSERT INTO pair VALUES (2, 5, 3, 7, 1, '', 'goals', '', '', 1, 1);"
        "INSERT INTO pair_meeting VALUES (1, 2, 0, 4, 'sunflower', '');");
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    assert_int_equal(sqlite3_exec(old, sql.data, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(old), SQLITE_OK);
    buf_deinit(&sql);
}

static void
expect_people(struct store *s)
{
    struct store_person *people = NULL;
    struct store_participant *present = NULL;
    struct store_journal *journal = NULL;
    struct store_meeting meeting;
    struct store_pair pair;
    size_t count = 0;
    assert_int_equal(store_people(s, &people, &count), STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(people[0].id, 3);
    assert_string_equal(people[0].name, "Agrafena");
    assert_string_equal(people[1].role, "mentor");
    store_people_free(people, count);
    assert_int_equal(store_meeting(s, 5, &meeting), STATUS_OK);
    assert_int_equal(meeting.voted, 2);
    assert_string_equal(meeting.wave_name, "bank");
    store_meeting_clear(&meeting);
    assert_int_equal(store_participants(s, 5, &present, &count), STATUS_OK);
    assert_int_equal(count, 2);
    store_participants_free(present, count);
    assert_int_equal(store_pair(s, 2, &pair), STATUS_OK);
    assert_string_equal(pair.goals, "goals");
    store_pair_clear(&pair);
    assert_int_equal(store_journal(s, 2, &journal, &count), STATUS_OK);
    assert_int_equal(count, 1);
    store_journal_free(journal, count);
}

static void
people_move_out_of_an_old_database_and_leave_no_byte(void **state)
{
    (void)state;
    struct store *s = NULL;
    make_old();
    assert_int_equal(files_with("collector.db", "Agrafena"), 1);
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    expect_people(s);
    store_close(s);
    assert_int_equal(files_with("collector.db", "Agrafena"), 0);
    assert_int_equal(files_with("collector.db", "314159"), 0);
    assert_int_equal(files_with("collector.db", "clayworks"), 0);
    assert_int_equal(files_with("collector.db", "sunflower"), 0);
    assert_true(files_with(STORE_PEOPLE_FILE, "Agrafena") > 0);
    /* Nothing happens the second time. */
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    expect_people(s);
    store_close(s);
}

static void
a_reader_that_comes_first_finds_them_moved(void **state)
{
    (void)state;
    struct store *s = NULL;
    assert_int_equal(store_open(path, true, &s), STATUS_E_NOT_FOUND);
    make_old();
    assert_int_equal(store_open(path, true, &s), STATUS_OK);
    expect_people(s);
    store_close(s);
}

/* A move that was cut off between the two files is done again. */
static void
a_move_cut_off_is_done_again(void **state)
{
    (void)state;
    struct store *s = NULL;
    struct buf bytes;
    make_old();
    buf_init(&bytes, FILE_MAX_BYTES);
    assert_int_equal(file_read(path, &bytes), STATUS_OK);
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    store_close(s);
    /* people.db is there, and collector.db as it was. */
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.data, 1, bytes.len, f), bytes.len);
    assert_int_equal(fclose(f), 0);
    buf_deinit(&bytes);
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    expect_people(s);
    store_close(s);
    assert_int_equal(files_with("collector.db", "Agrafena"), 0);
}

static void
a_number_of_a_person_is_not_given_twice(void **state)
{
    (void)state;
    char code[] = "111111";
    char name[] = "Anna";
    char role[] = "";
    const struct store_person p = {.code = code, .name = name, .role = role};
    struct store *s = NULL;
    int64_t first = 0;
    int64_t second = 0;
    assert_int_equal(store_open(path, false, &s), STATUS_OK);
    assert_int_equal(store_person_add(s, &p, &first), STATUS_OK);
    assert_int_equal(store_person_erase(s, first), STATUS_OK);
    assert_int_equal(store_person_add(s, &p, &second), STATUS_OK);
    assert_true(second > first);
    store_close(s);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(people_move_out_of_an_old_database_and_leave_no_byte),
        TEST(a_reader_that_comes_first_finds_them_moved),
        TEST(a_move_cut_off_is_done_again),
        TEST(a_number_of_a_person_is_not_given_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
