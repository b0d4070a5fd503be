#include "store/db.h"

#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "harness/harness.h"

static const char *const migrations[] = {
    "CREATE TABLE a (x INTEGER NOT NULL) STRICT; INSERT INTO a VALUES (1);"
    "PRAGMA user_version = 1;",
    "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'two';"
    "PRAGMA user_version = 2;",
};
enum {
    COUNT,
    INSERT
};
static const char *const statements[] = {
    [COUNT] = "SELECT count(*) FROM a",
    [INSERT] = "INSERT INTO a (x) VALUES (?1)",
};

struct fixture {
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
};

static void
setup(struct fixture *f)
{
    harness_temp_dir(f->dir);
    (void)snprintf(f->path, sizeof(f->path), "%s/t.db", f->dir);
}

static struct db_options
options(size_t migration_count)
{
    return (struct db_options){
        .component = "test",
        .busy_ms = 0,
        .migrations = migrations,
        .migration_count = migration_count,
        .statements = statements,
        .statement_count = 2,
    };
}

static int64_t
count(struct db *db)
{
    sqlite3_stmt *stmt = db_stmt(db, COUNT);
    assert_int_equal(db_step(db, stmt), STATUS_OK);
    int64_t n = sqlite3_column_int64(stmt, 0);
    db_reset(stmt);
    return n;
}

static void
migrates_step_by_step_and_refuses_a_newer_file(void **state)
{
    (void)state;
    struct fixture f;
    struct db *db = NULL;
    setup(&f);
    struct db_options one = options(1);
    struct db_options two = options(2);

    assert_int_equal(db_open(f.path, &one, &db), STATUS_OK);
    db_close(db);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(db_open(f.path, &two, &db), STATUS_OK);
        assert_int_equal(count(db), 1);
        db_close(db);
    }
    assert_int_equal(db_open(f.path, &one, &db), STATUS_E_UNSUPPORTED);
    assert_null(db);
    harness_remove_tree(f.dir);
}

static void
a_failed_migration_leaves_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "CREATE TABLE a (x INTEGER NOT NULL) STRICT; PRAGMA user_version = 1;",
        "CREATE TABLE b (x INTEGER) STRICT; SELECT nonsense FROM nowhere;",
    };
    struct fixture f;
    struct db *db = NULL;
    setup(&f);
    struct db_options o = options(2);
    o.migrations = bad;
    assert_true(db_open(f.path, &o, &db) < 0);
    o = options(2); /* finds an empty file, not half a schema */
    assert_int_equal(db_open(f.path, &o, &db), STATUS_OK);
    assert_int_equal(count(db), 1);
    db_close(db);
    harness_remove_tree(f.dir);
}

static void
tells_row_end_conflict_and_busy_apart(void **state)
{
    (void)state;
    struct fixture f;
    struct db *a = NULL;
    struct db *b = NULL;
    int64_t before = 0;
    int64_t after = 0;
    setup(&f);
    struct db_options o = options(2);
    assert_int_equal(db_open(f.path, &o, &a), STATUS_OK);
    assert_int_equal(db_open(f.path, &o, &b), STATUS_OK);
    assert_int_equal(db_data_version(b, &before), STATUS_OK);

    assert_int_equal(db_begin(a), STATUS_OK);
    assert_int_equal(db_begin(b), STATUS_E_BUSY);
    sqlite3_stmt *insert = db_stmt(a, INSERT);
    assert_int_equal(db_run(a, insert), STATUS_E_CONFLICT); /* NULL */
    insert = db_stmt(a, INSERT);
    sqlite3_bind_int64(insert, 1, 2);
    assert_int_equal(db_run(a, insert), STATUS_OK);
    assert_int_equal(db_commit(a), STATUS_OK);
    assert_int_equal(count(b), 2);
    assert_int_equal(db_data_version(b, &after), STATUS_OK);
    assert_true(after != before);

    assert_int_equal(db_begin(b), STATUS_OK);
    insert = db_stmt(b, INSERT);
    sqlite3_bind_int64(insert, 1, 3);
    assert_int_equal(db_run(b, insert), STATUS_OK);
    db_rollback(b);
    db_rollback(b);
    assert_int_equal(count(a), 2);
    db_close(a);
    db_close(b);
    harness_remove_tree(f.dir);
}

static void
refuses_what_is_no_database(void **state)
{
    (void)state;
    struct fixture f;
    struct db *db = NULL;
    setup(&f);
    struct db_options o = options(2);
    o.readonly = true;
    assert_int_equal(db_open(f.path, &o, &db), STATUS_E_NOT_FOUND);
    FILE *file = fopen(f.path, "w");
    assert_non_null(file);
    for (int i = 0; i < 500; i++) {
        assert_true(fputs("not a database\n", file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    o.readonly = false;
    assert_int_equal(db_open(f.path, &o, &db), STATUS_E_IO);
    assert_null(db);
    harness_remove_tree(f.dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrates_step_by_step_and_refuses_a_newer_file),
        cmocka_unit_test(a_failed_migration_leaves_nothing),
        cmocka_unit_test(tells_row_end_conflict_and_busy_apart),
        cmocka_unit_test(refuses_what_is_no_database),
    };
    return cmocka_run_group_tests_name("store/db", tests, NULL, NULL);
}
