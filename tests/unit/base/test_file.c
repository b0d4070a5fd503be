#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/harness.h"

static char dir[HARNESS_PATH_MAX];

static const char *
in_dir(const char *name)
{
    static char path[HARNESS_PATH_MAX + 64];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    return path;
}

static void
replaces_whole_files(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_int_equal(file_read(in_dir("a"), &b), STATUS_E_NOT_FOUND);
    assert_int_equal(file_replace(in_dir("a"), "one", 3, 0600), STATUS_OK);
    assert_int_equal(file_replace(in_dir("a"), "two!", 4, 0600), STATUS_OK);
    assert_int_equal(file_read(in_dir("a"), &b), STATUS_OK);
    assert_string_equal(b.data, "two!");
    buf_deinit(&b);
}

static size_t
parts(void)
{
    size_t count = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (;;) {
        /* One thread. */
        const struct dirent *e = readdir(d); /* NOLINT(concurrency-mt-unsafe) */
        if (!e) {
            break;
        }
        count += strstr(e->d_name, FILE_PART) != NULL;
    }
    closedir(d);
    return count;
}

static void
sweeps_what_nobody_holds(void **state)
{
    (void)state;
    char path[FILE_PATH_MAX_BYTES];
    int dead = -1;
    int alive = -1;
    assert_int_equal(file_replace(in_dir("p"), "kept", 4, 0600), STATUS_OK);
    assert_int_equal(parts(), 0);
    assert_int_equal(file_part_open(in_dir("p"), path, &dead), STATUS_OK);
    close(dead); /* as at the end of a process, however it came */
    assert_int_equal(file_part_open(in_dir("p"), path, &alive), STATUS_OK);
    assert_int_equal(parts(), 2);
    file_parts_sweep(dir);
    assert_int_equal(parts(), 1);
    assert_true(file_exists(path));
    close(alive);
    file_parts_sweep(dir);
    file_parts_sweep(in_dir("nobody"));
    assert_int_equal(parts(), 0);
    assert_true(file_exists(in_dir("p")));
}

static void
refuses_a_file_over_the_limit(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 3);
    assert_int_equal(file_replace(in_dir("b"), "four", 4, 0600), STATUS_OK);
    assert_int_equal(file_read(in_dir("b"), &b), STATUS_E_LIMIT);
    buf_deinit(&b);
}

static void
makes_folders_once_and_again(void **state)
{
    (void)state;
    assert_int_equal(file_make_dirs(in_dir("x/y/z")), STATUS_OK);
    assert_int_equal(file_make_dirs(in_dir("x/y/z")), STATUS_OK);
    assert_true(file_exists(in_dir("x/y/z")));
    assert_false(file_exists(in_dir("x/y/w")));
}

static void
finds_what_lies_beside_the_program(void **state)
{
    (void)state;
    char path[HARNESS_PATH_MAX];
    assert_int_equal(file_beside_program("test_base_file", path, sizeof(path)),
                     STATUS_OK);
    assert_true(file_exists(path));
    assert_int_equal(file_beside_program("nobody", path, sizeof(path)),
                     STATUS_OK);
    assert_false(file_exists(path));
    assert_int_equal(file_beside_program("nobody", path, 8), STATUS_E_LIMIT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_whole_files),
        cmocka_unit_test(sweeps_what_nobody_holds),
        cmocka_unit_test(refuses_a_file_over_the_limit),
        cmocka_unit_test(finds_what_lies_beside_the_program),
        cmocka_unit_test(makes_folders_once_and_again),
    };
    harness_temp_dir(dir);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    harness_remove_tree(dir);
    return failed;
}
