/*
 * The power goes at any change of any operation on the outbox, with what is not
 * synced torn and reordered, and pages spoilt as a whole: what was confirmed is there, each once, and what
 * was under way is there as a whole or not at all.
 *
 * Usage: test_store_power [all]; "all" tries every change.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "harness/harness.h"
#include "harness/power.h"
#include "seal/record.h"
#include "store/outbox.h"

#define RECORDS_MAX 600
/* Without "all" on the command line, so many changes of an operation are tried,
 * the first and the last few among them; each with so many disasters. */
#define CHANGES_TRIED 24
#define SEEDS 2
#define SEEDS_ALL 8

static bool try_all;

/* What must be in the outbox. */
struct expected {
    struct seal_hash id[RECORDS_MAX];
    size_t count;
};

struct fixture {
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    struct outbox *ob;
    struct expected sure; /* confirmed */
    uint8_t *sealed;      /* what the operation under test puts */
    size_t sealed_len;
};

static const struct seal_hash tag = {{1}};
static const struct seal_hash slip = {{2}};

/* -- operations ------------------------------------------------------------ */

static enum status
op_put(struct fixture *f)
{
    enum status st = outbox_prepare(f->ob);
    return st < 0 ? st : outbox_put(f->ob, &tag, f->sealed, f->sealed_len);
}

static enum status
op_put_and_tidy(struct fixture *f)
{
    enum status st = op_put(f);
    if (st == STATUS_OK && outbox_tidy(f->ob) < 0) {
        return STATUS_OK; /* no matter for who pressed Send */
    }
    return st;
}

static enum status
op_put_slip(struct fixture *f)
{
    return outbox_put_slip(f->ob, &tag, &slip, f->sealed, f->sealed_len);
}

static enum status
op_reserve(struct fixture *f)
{
    return outbox_reserve(f->ob);
}

/* Frees the first half of what is sure, refuses the next. */
static enum status
op_settle(struct fixture *f)
{
    struct outbox_verdict verdict[RECORDS_MAX];
    size_t half = f->sure.count / 2;
    for (size_t i = 0; i < half; i++) {
        verdict[i] =
            (struct outbox_verdict){.id = f->sure.id[i], .state = SLOT_FREE};
    }
    enum status st = outbox_scan(f->ob);
    return st < 0 ? st : outbox_settle(f->ob, verdict, half);
}

struct operation {
    const char *label;
    enum status (*run)(struct fixture *f);
    size_t fill;       /* records put before */
    size_t sealed_len; /* of the one it puts; 0: none */
    bool frees;
};

static const struct operation operations[] = {
    {"put one slot", op_put, 3, 512, false},
    {"put and tidy", op_put_and_tidy, 3, 512, false},
    {"put many slots", op_put_and_tidy, 3, 8192, false},
    {"put that grows", op_put, 500, 8192, false},
    {"put with a slip", op_put_slip, 3, 512, false},
    {"settle", op_settle, 12, 0, true},
    {"grow ahead", op_reserve, 480, 0, false},
};

/* -- checking ------------------------------------------------------------------ */

static void
open_outbox(struct fixture *f)
{
    assert_int_equal(outbox_open_vfs(f->path, POWER_VFS, &f->ob), STATUS_OK);
}

static void
setup(struct fixture *f, uint64_t seed)
{
    harness_temp_dir(f->dir);
    (void)snprintf(f->path, sizeof(f->path), "%s/outbox.db", f->dir);
    f->ob = NULL;
    f->sure.count = 0;
    f->sealed = NULL;
    power_reset(seed);
}

static void
teardown(struct fixture *f)
{
    outbox_close(f->ob);
    free(f->sealed);
    harness_remove_tree(f->dir);
}

static void
fill(struct fixture *f, size_t count)
{
    uint8_t sealed[512];
    for (size_t i = 0; i < count; i++) {
        random_bytes(sealed, sizeof(sealed));
        assert_int_equal(outbox_put(f->ob, &tag, sealed, sizeof(sealed)),
                         STATUS_OK);
        record_id(sealed, sizeof(sealed), &f->sure.id[f->sure.count]);
        f->sure.count++;
    }
}

static void
prepare(struct fixture *f, const struct operation *op)
{
    open_outbox(f);
    fill(f, op->fill);
    if (op->sealed_len > 0) {
        f->sealed = malloc(op->sealed_len);
        assert_non_null(f->sealed);
        f->sealed_len = op->sealed_len;
        random_bytes(f->sealed, f->sealed_len);
    }
    outbox_close(f->ob);
    f->ob = NULL;
    power_save();
}

/* The same state before every disaster. */
static void
again(struct fixture *f, uint64_t seed)
{
    outbox_close(f->ob);
    power_load(seed);
    open_outbox(f);
}

static bool
holds(struct fixture *f, const struct seal_hash *id)
{
    size_t seen = 0;
    for (size_t i = 0; i < outbox_record_count(f->ob); i++) {
        struct outbox_record r;
        outbox_record(f->ob, i, &r);
        if (r.state != SLOT_SLIP && memcmp(&r.id, id, sizeof(*id)) == 0) {
            struct buf bytes;
            struct seal_hash name;
            buf_init(&bytes, OUTBOX_RECORD_MAX_BYTES);
            assert_int_equal(outbox_read(f->ob, i, &bytes), STATUS_OK);
            record_id(bytes.data, bytes.len, &name);
            assert_memory_equal(&name, id, sizeof(name));
            buf_deinit(&bytes);
            seen++;
        }
    }
    assert_true(seen <= 1);
    return seen == 1;
}

static void
check(struct fixture *f, const struct operation *op, bool confirmed)
{
    struct outbox_counts c;
    size_t kept = 0;
    assert_int_equal(outbox_scan(f->ob), STATUS_OK);
    outbox_counts(f->ob, &c);
    assert_int_equal(c.damaged, 0);
    assert_int_equal(c.slots % OUTBOX_EXTENT_SLOTS, 0);
    for (size_t i = 0; i < f->sure.count; i++) {
        bool here = holds(f, &f->sure.id[i]);
        kept += here;
        assert_true(here || op->frees);
    }
    if (op->frees) {
        size_t half = f->sure.count / 2;
        assert_true(kept == f->sure.count - half
                    || (!confirmed && kept == f->sure.count));
    }
    if (op->sealed_len > 0) {
        struct seal_hash id;
        record_id(f->sealed, f->sealed_len, &id);
        bool here = holds(f, &id);
        assert_true(here || !confirmed);
        assert_int_equal(c.waiting, kept + here);
        if (op->run == op_put_slip) { /* the two are one */
            assert_int_equal(outbox_slip_used(f->ob, &slip),
                             here ? STATUS_OK : STATUS_NONE);
        }
        size_t chunks = here ? f->sealed_len / SLOT_PAYLOAD_BYTES : 0;
        assert_int_equal(c.free + kept + chunks + c.slips, c.slots);
    }
}

/* -- tests ---------------------------------------------------------------------- */

/* How many changes the operation makes when nothing goes wrong. */
static size_t
changes_of(struct fixture *f, const struct operation *op)
{
    again(f, 1);
    power_arm(POWER_CUT, 0);
    assert_int_equal(op->run(f), STATUS_OK);
    return power_changes();
}

/* Is the n-th of `total` changes to be tried? */
static bool
worth_trying(size_t n, size_t total)
{
    size_t edge = CHANGES_TRIED / 3;
    return try_all || n <= edge || n + edge > total
           || n % (1 + total / edge) == 0;
}

static void
nothing_confirmed_is_lost_when_the_power_goes(void **state)
{
    (void)state;
    size_t tried = 0;
    uint64_t seeds = try_all ? SEEDS_ALL : SEEDS;
    for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
        const struct operation *op = &operations[o];
        struct fixture f;
        harness_row(op->label);
        setup(&f, o);
        prepare(&f, op);
        size_t total = changes_of(&f, op);
        /* One beyond: the operation may change more, the dice being random. */
        for (uint64_t n = 1; n <= total + 1; n++) {
            for (uint64_t seed = 1; seed <= seeds && worth_trying(n, total);
                 seed++) {
                again(&f, seed * 7919 + n);
                power_spoil_pages();
                power_arm(POWER_CUT, n);
                enum status st = op->run(&f);
                assert_true(power_struck() || st == STATUS_OK);
                outbox_close(f.ob);
                f.ob = NULL;
                power_restore();
                open_outbox(&f);
                check(&f, op, st == STATUS_OK);
                tried++;
            }
        }
        teardown(&f);
    }
    print_message("%zu power cuts\n", tried);
}

static void
power_may_go_while_the_outbox_is_made(void **state)
{
    (void)state;
    bool done = false;
    for (size_t n = 1; !done; n += try_all || n < 20 ? 1 : 9) {
        struct fixture f;
        setup(&f, n);
        power_arm(POWER_CUT, n);
        enum status st = outbox_open_vfs(f.path, POWER_VFS, &f.ob);
        done = !power_struck();
        assert_true(st == STATUS_OK || !done);
        outbox_close(f.ob);
        f.ob = NULL;
        power_restore();
        open_outbox(&f);
        fill(&f, 1);
        assert_int_equal(outbox_scan(f.ob), STATUS_OK);
        assert_true(holds(&f, &f.sure.id[0]));
        teardown(&f);
    }
}

/* A full disk or a failing call is an answer: the same outbox, still open,
 * goes on with all it had. */
static void
a_failing_disk_is_an_answer(void **state)
{
    (void)state;
    static const enum power_fault faults[] = {POWER_FULL, POWER_ERROR};
    for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
        const struct operation *op = &operations[o];
        struct fixture f;
        harness_row(op->label);
        setup(&f, o);
        prepare(&f, op);
        size_t sure = f.sure.count;
        size_t total = changes_of(&f, op);
        for (uint64_t n = 1; n <= total + 1; n++) {
            for (size_t which = 0; which < 2 && worth_trying(n, total);
                 which++) {
                again(&f, n);
                f.sure.count = sure;
                power_arm(faults[which], n);
                enum status st = op->run(&f);
                power_arm(POWER_ERROR, 0);
                check(&f, op, st == STATUS_OK);
                fill(&f, 1);
                outbox_close(f.ob);
                open_outbox(&f);
                assert_int_equal(outbox_scan(f.ob), STATUS_OK);
                assert_true(holds(&f, &f.sure.id[f.sure.count - 1]));
            }
        }
        teardown(&f);
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_confirmed_is_lost_when_the_power_goes),
        cmocka_unit_test(power_may_go_while_the_outbox_is_made),
        cmocka_unit_test(a_failing_disk_is_an_answer),
    };
    try_all = argc > 1 && strcmp(argv[1], "all") == 0;
    log_set_level(LOG_ERROR);
    if (seal_init() < 0 || !power_register()) {
        return 1;
    }
    int failed = cmocka_run_group_tests_name("store/power", tests, NULL, NULL);
    power_free();
    return failed;
}
