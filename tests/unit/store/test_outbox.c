#include "store/outbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"
#include "harness/harness.h"
#include "seal/record.h"
#include "store/pages.h"

struct fixture {
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    char key[HARNESS_PATH_MAX + 16];
    struct outbox *ob;
};

static const struct seal_hash tag_a = {{1}};
static const struct seal_hash tag_b = {{2}};

static void
setup(struct fixture *f)
{
    *f = (struct fixture){.ob = NULL};
    harness_temp_dir(f->dir);
    (void)snprintf(f->path, sizeof(f->path), "%s/outbox.db", f->dir);
    (void)snprintf(f->key, sizeof(f->key), "%s/outbox.key", f->dir);
    assert_int_equal(outbox_open(f->path, &f->ob), STATUS_OK);
}

static void
teardown(struct fixture *f)
{
    outbox_close(f->ob);
    harness_remove_tree(f->dir);
}

static void
put(struct fixture *f, const struct seal_hash *tag, size_t len,
    struct seal_hash *out_id)
{
    static uint8_t sealed[131072];
    random_bytes(sealed, len);
    assert_int_equal(outbox_put(f->ob, tag, sealed, len), STATUS_OK);
    record_id(sealed, len, out_id);
}

static struct outbox_counts
counts(struct fixture *f)
{
    struct outbox_counts c;
    assert_int_equal(outbox_scan(f->ob), STATUS_OK);
    outbox_counts(f->ob, &c);
    return c;
}

static void
keeps_records_of_every_length(void **state)
{
    (void)state;
    struct fixture f;
    struct seal_hash id[RECORD_BUCKET_COUNT];
    struct buf got;
    setup(&f);
    buf_init(&got, OUTBOX_RECORD_MAX_BYTES);
    for (size_t i = 0; i < RECORD_BUCKET_COUNT; i++) {
        put(&f, i % 2 ? &tag_b : &tag_a, record_bucket_bytes[i], &id[i]);
    }
    outbox_close(f.ob);
    assert_int_equal(outbox_open(f.path, &f.ob), STATUS_OK);
    struct outbox_counts c = counts(&f);
    assert_int_equal(c.waiting, RECORD_BUCKET_COUNT);
    assert_int_equal(c.free + 1 + 4 + 16 + 64 + 256, c.slots);
    assert_int_equal(c.damaged, 0);

    for (size_t at = 0; at < RECORD_BUCKET_COUNT; at++) {
        struct outbox_record r;
        struct seal_hash name;
        buf_clear(&got);
        outbox_record(f.ob, at, &r);
        assert_int_equal(outbox_read(f.ob, at, &got), STATUS_OK);
        assert_int_equal(got.len, (size_t)r.chunks * SLOT_PAYLOAD_BYTES);
        record_id(got.data, got.len, &name);
        assert_memory_equal(&name, &r.id, sizeof(name));
        size_t which = 0;
        while (memcmp(&id[which], &r.id, sizeof(r.id)) != 0) {
            which++;
            assert_true(which < RECORD_BUCKET_COUNT);
        }
        assert_memory_equal(&r.form_tag, which % 2 ? &tag_b : &tag_a, 32);
    }
    buf_deinit(&got);
    teardown(&f);
}

static void
refuses_what_is_no_record(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 1, 511, 513, 4096, 131073};
    static uint8_t zeros[131073];
    struct fixture f;
    setup(&f);
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        assert_int_equal(outbox_put(f.ob, &tag_a, zeros, lens[i]),
                         STATUS_E_INVALID);
    }
    assert_int_equal(counts(&f).waiting, 0);
    teardown(&f);
}

static void
grows_when_it_must_and_before(void **state)
{
    (void)state;
    struct fixture f;
    struct seal_hash id;
    setup(&f);
    size_t at_first = counts(&f).slots;
    for (size_t i = 0; i < at_first + 10; i++) {
        put(&f, &tag_a, 512, &id);
    }
    struct outbox_counts c = counts(&f);
    assert_int_equal(c.waiting, at_first + 10);
    assert_true(c.slots > at_first);
    assert_int_equal(c.slots % OUTBOX_EXTENT_SLOTS, 0);
    while (c.free >= c.slots / 4) {
        put(&f, &tag_a, 2048, &id);
        c = counts(&f);
    }
    assert_int_equal(outbox_reserve(f.ob), STATUS_OK);
    c = counts(&f);
    assert_true(c.free >= c.slots / 4);
    size_t slots = c.slots;
    assert_int_equal(outbox_reserve(f.ob), STATUS_OK);
    assert_int_equal(counts(&f).slots, slots);
    teardown(&f);
}

static void
settles_record_by_record(void **state)
{
    (void)state;
    struct fixture f;
    struct seal_hash id[5];
    setup(&f);
    for (size_t i = 0; i < 5; i++) {
        put(&f, &tag_a, i == 3 ? 2048 : 512, &id[i]);
    }
    size_t free_before = counts(&f).free;
    const struct outbox_verdict verdict[] = {
        {.id = id[0], .state = SLOT_FREE},
        {.id = id[1],
         .state = SLOT_HELD,
         .day = 20000,
         .position = 17,
         .epoch = 2},
        {.id = id[2], .state = SLOT_REFUSED, .reason = 7},
        {.id = id[3], .state = SLOT_FREE},
        {.id = {{0xee}}, .state = SLOT_FREE}, /* not there: passed over */
    };
    for (int again = 0; again < 2; again++) {
        assert_int_equal(outbox_settle(f.ob, verdict, 5), STATUS_OK);
        struct outbox_counts c;
        outbox_counts(f.ob, &c);
        for (int rescan = 0; rescan < 2; rescan++) {
            assert_int_equal(c.waiting, 1);
            assert_int_equal(c.held, 1);
            assert_int_equal(c.refused, 1);
            assert_int_equal(c.free, free_before + 5);
            c = counts(&f);
        }
    }
    for (size_t i = 0; i < outbox_record_count(f.ob); i++) {
        struct outbox_record r;
        outbox_record(f.ob, i, &r);
        if (r.state == SLOT_HELD) {
            assert_int_equal(r.day, 20000);
            assert_int_equal(r.position, 17);
            assert_int_equal(r.epoch, 2);
        } else if (r.state == SLOT_REFUSED) {
            assert_int_equal(r.reason, 7);
            assert_memory_equal(&r.id, &id[2], sizeof(r.id));
        }
    }
    teardown(&f);
}

static void
a_slip_counts_once(void **state)
{
    (void)state;
    static const struct seal_hash slip = {{0xaa}};
    static const struct seal_hash other = {{0xab}};
    static uint8_t sealed[512];
    struct fixture f;
    setup(&f);
    assert_int_equal(outbox_slip_used(f.ob, &slip), STATUS_NONE);
    random_bytes(sealed, sizeof(sealed));
    assert_int_equal(outbox_put_slip(f.ob, &tag_a, &slip, sealed, 512),
                     STATUS_OK);
    random_bytes(sealed, sizeof(sealed));
    assert_int_equal(outbox_put_slip(f.ob, &tag_a, &slip, sealed, 512),
                     STATUS_E_CONFLICT);
    assert_int_equal(outbox_put_slip(f.ob, &tag_a, &other, sealed, 512),
                     STATUS_OK);
    assert_int_equal(outbox_slip_used(f.ob, &slip), STATUS_OK);
    struct outbox_counts c = counts(&f);
    assert_int_equal(c.waiting, 2);
    assert_int_equal(c.slips, 2);
    teardown(&f);
}

static void
two_processes_see_each_other(void **state)
{
    (void)state;
    struct fixture f;
    struct outbox *daemon = NULL;
    struct seal_hash id;
    int64_t before = 0;
    int64_t after = 0;
    setup(&f);
    assert_int_equal(outbox_open(f.path, &daemon), STATUS_OK);
    assert_int_equal(outbox_version(daemon, &before), STATUS_OK);
    put(&f, &tag_a, 512, &id);
    assert_int_equal(outbox_version(daemon, &after), STATUS_OK);
    assert_true(after != before);
    assert_int_equal(outbox_tidy(f.ob), STATUS_OK);
    assert_int_equal(outbox_scan(daemon), STATUS_OK);
    assert_int_equal(outbox_record_count(daemon), 1);
    const struct outbox_verdict freed = {.id = id, .state = SLOT_FREE};
    assert_int_equal(outbox_settle(daemon, &freed, 1), STATUS_OK);
    assert_int_equal(counts(&f).waiting, 0);
    outbox_close(daemon);
    teardown(&f);
}

/* Both look for a place beforehand, again and again for the same one. */
static void
a_place_found_beforehand_is_given_up_if_another_took_it(void **state)
{
    (void)state;
    enum {
        ROUNDS = 2000
    };
    static struct outbox_verdict verdict[200];
    struct fixture f;
    struct outbox *other = NULL;
    uint8_t sealed[512];
    setup(&f);
    assert_int_equal(outbox_open(f.path, &other), STATUS_OK);
    for (size_t i = 0; i < ROUNDS; i++) {
        struct outbox *const first = i % 2 ? f.ob : other;
        struct outbox *const last = i % 2 ? other : f.ob;
        assert_int_equal(outbox_prepare(f.ob), STATUS_OK);
        assert_int_equal(outbox_prepare(other), STATUS_OK);
        random_bytes(sealed, sizeof(sealed));
        assert_int_equal(outbox_put(first, &tag_a, sealed, sizeof(sealed)),
                         STATUS_OK);
        random_bytes(sealed, sizeof(sealed));
        assert_int_equal(outbox_put(last, &tag_a, sealed, sizeof(sealed)),
                         STATUS_OK);
        assert_int_equal(outbox_tidy(last), STATUS_OK);
        if (i % 100 == 99) { /* the file stays small, the places the same */
            assert_int_equal(counts(&f).waiting, 200);
            for (size_t r = 0; r < 200; r++) {
                struct outbox_record record;
                outbox_record(f.ob, r, &record);
                verdict[r] = (struct outbox_verdict){.id = record.id,
                                                     .state = SLOT_FREE};
            }
            assert_int_equal(outbox_settle(f.ob, verdict, 200), STATUS_OK);
        }
    }
    outbox_close(other);
    teardown(&f);
}

static void
a_missing_or_foreign_key_changes_nothing(void **state)
{
    (void)state;
    static const uint8_t foreign[SEAL_LOCK_KEY_BYTES] = {1};
    struct fixture f;
    struct seal_hash id;
    struct buf key;
    struct stat info;
    setup(&f);
    buf_init(&key, 64);
    put(&f, &tag_a, 512, &id);
    outbox_close(f.ob);
    assert_int_equal(stat(f.key, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(file_read(f.key, &key), STATUS_OK);

    assert_int_equal(unlink(f.key), 0);
    assert_int_equal(outbox_open(f.path, &f.ob), STATUS_E_AUTH);
    assert_false(file_exists(f.key));
    assert_int_equal(file_replace(f.key, foreign, sizeof(foreign), 0600), 0);
    assert_int_equal(outbox_open(f.path, &f.ob), STATUS_E_AUTH);
    assert_int_equal(file_replace(f.key, foreign, 7, 0600), 0);
    assert_int_equal(outbox_open(f.path, &f.ob), STATUS_E_AUTH);
    assert_int_equal(file_replace(f.key, key.data, key.len, 0600), 0);
    assert_int_equal(outbox_open(f.path, &f.ob), STATUS_OK);
    assert_int_equal(counts(&f).waiting, 1);
    buf_deinit(&key);
    teardown(&f);
}

/* A box that a bad card has changed is neither free nor a record. */
static void
a_damaged_slot_is_counted_and_left_alone(void **state)
{
    (void)state;
    struct fixture f;
    struct seal_hash id;
    setup(&f);
    put(&f, &tag_a, 512, &id);
    outbox_close(f.ob);
    int fd = open(f.path, O_RDWR);
    assert_true(fd >= 0);
    static const char noise[] = "a bad card";
    assert_int_equal(pwrite(fd, noise, sizeof(noise),
                            (off_t)PAGES_FIRST * PAGES_BYTES + 300),
                     sizeof(noise));
    assert_int_equal(close(fd), 0);
    assert_int_equal(outbox_open(f.path, &f.ob), STATUS_OK);
    assert_int_equal(counts(&f).damaged, 1);
    size_t slots = counts(&f).slots;
    for (size_t i = 0; i < slots; i++) {
        put(&f, &tag_a, 512, &id);
    }
    assert_int_equal(counts(&f).damaged, 1);
    teardown(&f);
}

/* Answers are never written over because a file looks strange. */
static void
a_file_that_is_not_whole_and_ours_is_left_alone(void **state)
{
    (void)state;
    static const char earlier[8192] = "SQLite format 3";
    static const struct {
        const char *label;
        off_t cut; /* 0: written over by `earlier` */
        enum status want;
    } rows[] = {
        {"of an earlier version", 0, STATUS_E_UNSUPPORTED},
        {"cut short", (off_t)(PAGES_FIRST + 84) * PAGES_BYTES,
         STATUS_E_INVALID},
        {"without its first page", 1, STATUS_OK},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct seal_hash id;
        struct stat before;
        struct stat after;
        harness_row(rows[i].label);
        setup(&f);
        put(&f, &tag_a, 512, &id);
        assert_int_equal(outbox_tidy(f.ob), STATUS_OK);
        outbox_close(f.ob);
        f.ob = NULL;
        int fd = open(f.path, O_RDWR);
        assert_true(fd >= 0);
        if (rows[i].cut == 0) {
            assert_int_equal(pwrite(fd, earlier, sizeof(earlier), 0),
                             sizeof(earlier));
            assert_int_equal(ftruncate(fd, sizeof(earlier)), 0);
        } else if (rows[i].cut == 1) {
            assert_int_equal(pwrite(fd, earlier + 100, PAGES_BYTES, 0),
                             PAGES_BYTES);
        } else {
            assert_int_equal(ftruncate(fd, rows[i].cut), 0);
        }
        assert_int_equal(fstat(fd, &before), 0);
        assert_int_equal(outbox_open(f.path, &f.ob), rows[i].want);
        assert_int_equal(fstat(fd, &after), 0);
        assert_int_equal(after.st_size, before.st_size);
        if (rows[i].want == STATUS_OK) { /* mended: the slots tell enough */
            assert_int_equal(counts(&f).waiting, 1);
        }
        assert_int_equal(close(fd), 0);
        teardown(&f);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_records_of_every_length),
        cmocka_unit_test(refuses_what_is_no_record),
        cmocka_unit_test(grows_when_it_must_and_before),
        cmocka_unit_test(settles_record_by_record),
        cmocka_unit_test(a_slip_counts_once),
        cmocka_unit_test(two_processes_see_each_other),
        cmocka_unit_test(
            a_place_found_beforehand_is_given_up_if_another_took_it),
        cmocka_unit_test(a_missing_or_foreign_key_changes_nothing),
        cmocka_unit_test(a_damaged_slot_is_counted_and_left_alone),
        cmocka_unit_test(a_file_that_is_not_whole_and_ours_is_left_alone),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("store/outbox", tests, NULL, NULL);
}
