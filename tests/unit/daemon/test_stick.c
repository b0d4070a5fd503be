#include "daemon/stick.h"

#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"
#include "harness/harness.h"
#include "seal/record.h"
#include "store/library.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/receipt.h"
#include "wire/stick.h"

struct fixture {
    char dir[HARNESS_PATH_MAX];
    char stick[HARNESS_PATH_MAX + 16];
    char files[HARNESS_PATH_MAX + 32];
    struct harness_clock clock;
    struct session session;
    struct outbox *kiosk;
    struct seal_sign_pair collector;
    struct seal_hash tag;
    uint64_t position;
    size_t taken; /* records in all batches, repeats too */
};

static enum status
no_network(void *self, const struct transport_request *request,
           struct transport_answer *answer)
{
    (void)self;
    (void)request;
    answer->fault = SYNC_FAULT_CONNECT;
    return STATUS_E_IO;
}

static const struct transport transport = {no_network, NULL};

#define LARGE_BYTES 32768
#define LARGE_COUNT (SESSION_BATCH_MAX_BYTES / LARGE_BYTES + 8)

static void
put_of(struct fixture *f, size_t times, size_t len)
{
    static uint8_t sealed[LARGE_BYTES];
    for (size_t i = 0; i < times; i++) {
        random_bytes(sealed, len);
        assert_int_equal(outbox_put(f->kiosk, &f->tag, sealed, len), STATUS_OK);
    }
}

static void
put(struct fixture *f, size_t times)
{
    put_of(f, times, 512);
}

static void
setup(struct fixture *f)
{
    char path[HARNESS_PATH_MAX + 16];
    struct account account;
    const struct library_survey survey = {.form_id = (char[]){"interim"},
                                          .wave = (char[]){"w"}};
    *f = (struct fixture){.position = 0};
    library_form_tag(&survey, &f->tag);
    harness_temp_dir(f->dir);
    (void)snprintf(f->stick, sizeof(f->stick), "%s/stick", f->dir);
    (void)snprintf(f->files, sizeof(f->files), "%s/stick/anketa", f->dir);
    assert_int_equal(file_make_dirs(f->stick), STATUS_OK);
    seal_sign_pair_new(&f->collector);
    account_new(&account);
    account.enrolled = true;
    account.collector.sign = f->collector.public_key;
    (void)snprintf(path, sizeof(path), "%s/sync.key", f->dir);
    assert_int_equal(account_save(path, &account), STATUS_OK);
    harness_clock_init(&f->clock, INT64_C(1700000000000));
    assert_int_equal(
        session_init(&f->session, f->dir, &f->clock.clock, &transport),
        STATUS_OK);
    (void)snprintf(path, sizeof(path), "%s/outbox.db", f->dir);
    assert_int_equal(outbox_open(path, &f->kiosk), STATUS_OK);
}

static void
teardown(struct fixture *f)
{
    session_deinit(&f->session);
    outbox_close(f->kiosk);
    harness_remove_tree(f->dir);
}

static void
write_file(struct fixture *f, const char *name, const struct buf *data)
{
    struct buf path;
    buf_init(&path, (size_t)2 * HARNESS_PATH_MAX);
    buf_printf(&path, "%s/%s", f->files, name);
    assert_int_equal(file_replace(path.data, data->data, data->len, 0600),
                     STATUS_OK);
    buf_deinit(&path);
}

static void
answer_batch(struct fixture *f, const struct buf *message)
{
    struct batch batch;
    struct receipt_item *item = NULL;
    struct buf out;
    char name[STICK_NAME_BYTES];
    assert_int_equal(batch_decode(message->data, message->len, &batch),
                     STATUS_OK);
    item = calloc(batch.count + 1, sizeof(*item));
    assert_non_null(item);
    for (size_t i = 0; i < batch.count; i++) {
        record_id(batch.record[i].box, batch.record[i].len, &item[i].record);
    }
    f->taken += batch.count;
    f->position++;
    struct receipt receipt = {
        .kiosk = batch.kiosk,
        .batch = batch.id,
        .position = f->position,
        .covered = 1000,
        .item = item,
        .count = batch.count,
    };
    buf_init(&out, RECEIPT_MAX_BYTES);
    assert_int_equal(receipt_encode(&receipt, &f->collector, &out), STATUS_OK);
    stick_name(STICK_RECEIPT, &batch.kiosk, &batch.id, name);
    write_file(f, name, &out);
    buf_deinit(&out);
    free(item);
    batch_clear(&batch);
}

/* What anketa-collector import does. `stop_after`: the stick is pulled out. */
static size_t
collect(struct fixture *f, size_t stop_after)
{
    char names[64][256];
    size_t count = 0;
    DIR *dir = opendir(f->files);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (stick_is(e->d_name, STICK_BATCH, NULL)) {
            assert_true(count < 64);
            (void)snprintf(names[count], sizeof(names[count]), "%s", e->d_name);
            count++;
        }
    }
    closedir(dir);
    for (size_t i = 0; i < count && i < stop_after; i++) {
        struct buf path;
        struct buf message;
        buf_init(&path, (size_t)2 * HARNESS_PATH_MAX);
        buf_init(&message, BATCH_MAX_BYTES);
        buf_printf(&path, "%s/%s", f->files, names[i]);
        assert_int_equal(file_read(path.data, &message), STATUS_OK);
        answer_batch(f, &message);
        assert_int_equal(unlink(path.data), 0);
        buf_deinit(&message);
        buf_deinit(&path);
    }
    return count;
}

static void
lay_library(struct fixture *f, uint64_t serial)
{
    static struct bundle_survey survey[] = {
        {"interim", "1", "w", RECORD_ANONYMOUS, 5, 3, false}};
    const struct bundle bundle = {
        .serial = serial, .epoch = 1, .survey = survey, .survey_count = 1};
    const struct seal_sign_public *kiosk = &f->session.account.kiosk.public_key;
    struct seal_public to;
    struct buf plain;
    struct buf box;
    char name[STICK_NAME_BYTES];
    buf_init(&plain, 10000);
    buf_init(&box, 10000);
    assert_int_equal(bundle_encode(&bundle, &f->collector, &plain), 0);
    assert_int_equal(seal_public_of_signer(kiosk, &to), 0);
    assert_int_equal(seal_close(&to, plain.data, plain.len, &box), 0);
    stick_name(STICK_LIBRARY, kiosk, NULL, name);
    write_file(f, name, &box);
    buf_deinit(&plain);
    buf_deinit(&box);
}

static struct outbox_counts
counts(struct fixture *f)
{
    struct outbox_counts c;
    assert_int_equal(outbox_scan(f->kiosk), STATUS_OK);
    outbox_counts(f->kiosk, &c);
    return c;
}

static void
goes_there_and_back(void **state)
{
    (void)state;
    struct fixture f;
    struct stick_result r;
    setup(&f);
    /* First visit: nothing but an empty batch, which asks for the library. */
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(r.batches, 1);
    assert_int_equal(collect(&f, 99), 1);
    lay_library(&f, 1);
    put(&f, 7);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(r.receipts, 1);
    assert_int_equal(f.taken, 0);

    /* A second visit before the stick was at the collector: still one batch. */
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(collect(&f, 99), 1);
    assert_int_equal(f.taken, 7);
    assert_int_equal(counts(&f).waiting, 7);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(counts(&f).waiting, 0);
    assert_int_equal(f.session.state.waiting, 0);

    put(&f, 4); /* fewer than k: they stay */
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    (void)collect(&f, 99);
    assert_int_equal(f.taken, 7);
    teardown(&f);
}

static void
a_backlog_takes_several_files_and_any_may_be_missing(void **state)
{
    (void)state;
    struct fixture f;
    struct stick_result r;
    setup(&f);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    lay_library(&f, 1);
    put_of(&f, LARGE_COUNT, LARGE_BYTES);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(r.batches, 2);
    (void)collect(&f, 1); /* pulled out after the first */
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(counts(&f).waiting + f.taken, LARGE_COUNT);
    (void)collect(&f, 99);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(counts(&f).waiting, 0);
    assert_int_equal(f.taken, LARGE_COUNT);
    teardown(&f);
}

static void
foreign_files_are_left_alone(void **state)
{
    (void)state;
    struct fixture f;
    struct stick_result r;
    struct buf junk;
    char receipt[STICK_NAME_BYTES];
    char library[STICK_NAME_BYTES];
    struct seal_hash batch = {{1}};
    setup(&f);
    buf_init(&junk, 100);
    buf_puts(&junk, "not ours at all");
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    stick_name(STICK_RECEIPT, &f.session.account.kiosk.public_key, &batch,
               receipt);
    stick_name(STICK_LIBRARY, &f.session.account.kiosk.public_key, NULL,
               library);
    write_file(&f, receipt, &junk);
    write_file(&f, library, &junk);
    write_file(&f, "holiday.jpg", &junk);
    put(&f, 3);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(r.foreign, 2);
    assert_int_equal(counts(&f).waiting, 3);
    buf_deinit(&junk);
    teardown(&f);
}

static void
a_stick_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct fixture f;
    struct stick_result r;
    setup(&f);
    put(&f, 5);
    assert_int_equal(rmdir(f.stick), 0);
    assert_true(stick_run(&f.session, f.stick, &r) < 0);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_STICK);
    assert_int_equal(counts(&f).waiting, 5);
    teardown(&f);
}

static void
a_file_in_our_folders_place_is_said(void **state)
{
    (void)state;
    struct fixture f;
    struct stick_result r;
    char path[2 * HARNESS_PATH_MAX];
    setup(&f);
    put(&f, 5);
    (void)snprintf(path, sizeof(path), "%.4000s/" STICK_FOLDER, f.stick);
    assert_int_equal(file_replace(path, "theirs", 6, 0600), STATUS_OK);
    /* Whatever ailed the network before. */
    f.session.state.fault = SYNC_FAULT_CONNECT;
    assert_true(stick_run(&f.session, f.stick, &r) < 0);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_STICK_NAME);
    assert_int_equal(counts(&f).waiting, 5);
    assert_true(file_exists(path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(stick_run(&f.session, f.stick, &r), STATUS_OK);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_NONE);
    teardown(&f);
}

static bool
run(const char *const *words)
{
    pid_t pid = 0;
    int code = -1;
    return posix_spawnp(&pid, words[0], NULL, NULL,
                        (char *const *)(uintptr_t)words, NULL)
               == 0
           && waitpid(pid, &code, 0) == pid && code == 0;
}

/* On file systems of their own, where this account may mount them. */
static void
a_full_or_protected_stick_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *options;
        enum sync_fault fault;
    } rows[] = {{"full", "size=4k", SYNC_FAULT_STICK_FULL},
                {"protected", "ro", SYNC_FAULT_STICK_PROTECTED}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct stick_result r;
        setup(&f);
        put(&f, 40);
        harness_row(rows[i].name);
        const char *const mount[] = {"mount",         "-t",    "tmpfs", "-o",
                                     rows[i].options, "tmpfs", f.stick, NULL};
        const char *const umount[] = {"umount", f.stick, NULL};
        if (!run(mount)) {
            teardown(&f);
            skip();
        }
        enum status st = stick_run(&f.session, f.stick, &r);
        assert_true(run(umount));
        assert_true(st < 0);
        assert_int_equal(f.session.state.fault, rows[i].fault);
        assert_int_equal(counts(&f).waiting, 40);
        teardown(&f);
    }
}

static void
names_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum stick_kind kind;
        bool want;
    } rows[] = {
        {"0123456789abcdef-0123456789abcdef.batch", STICK_BATCH, true},
        {"0123456789abcdef-0123456789abcdef.receipt", STICK_BATCH, false},
        {"0123456789abcdef-0123456789abcdef.receipt", STICK_RECEIPT, true},
        {"0123456789abcdef.library", STICK_LIBRARY, true},
        {"0123456789ABCDEF.library", STICK_LIBRARY, false},
        {"../0123456789abc.library", STICK_LIBRARY, false},
        {"0123456789abcdef-0123456789abcde/.batch", STICK_BATCH, false},
        {".batch", STICK_BATCH, false},
        {"", STICK_BATCH, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].name);
        assert_int_equal(stick_is(rows[i].name, rows[i].kind, NULL),
                         rows[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_there_and_back),
        cmocka_unit_test(a_backlog_takes_several_files_and_any_may_be_missing),
        cmocka_unit_test(foreign_files_are_left_alone),
        cmocka_unit_test(a_stick_that_is_not_there_is_said),
        cmocka_unit_test(a_file_in_our_folders_place_is_said),
        cmocka_unit_test(a_full_or_protected_stick_is_said),
        cmocka_unit_test(names_are_recognised),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("daemon/stick", tests, NULL, NULL);
}
