/*
 * What the files of a kiosk tell.
 *
 * An examiner who knows the code reads every byte of the outbox: pages, slots
 * and their places, as a disk image shows them. With the kiosk's key he also
 * knows which slot holds which record. He tries to put the answers in the order
 * in which they were given. Without the key he tries to tell used slots from
 * free ones, and slots of long records from slots of short ones. He must do no
 * better than by tossing a coin. The same examiner, given a plain table, finds
 * the order: so he can see.
 *
 * Usage: test_store_forensic [TRIALS]; TRIALS for each number of answers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/random.h"
#include "harness/harness.h"
#include "harness/power.h"
#include "seal/record.h"
#include "store/outbox.h"
#include "store/pages.h"

#define PAGE_BYTES 4096
#define PAGE_SLOTS 6
#define CELLS_MAX 4096
#define ANSWERS_MAX 500
#define BODY_BYTES 656 /* of a slot, and of a row of the plain table */

/* |z| beyond this happens by chance once in 100,000 tries of thirty trials. */
#define Z_MAX 5.5

static size_t trials_override;

/* -- reading pages --------------------------------------------------------- */

struct cell {
    size_t page;
    size_t offset; /* in the page */
    int64_t rowid;
    const uint8_t *body;
};

static size_t
varint(const uint8_t *at, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < 8; i++) {
        *out = *out << 7 | (at[i] & 0x7f);
        if (!(at[i] & 0x80)) {
            return i + 1;
        }
    }
    *out = *out << 8 | at[8];
    return 9;
}

static unsigned
be16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* The slots of an outbox, where pages.h and slot.h say they are. */
static size_t
read_slots(const uint8_t *image, size_t len, struct cell *out)
{
    size_t count = 0;
    for (size_t page = PAGES_FIRST; page < len / PAGE_BYTES; page++) {
        for (size_t i = 0; i < PAGE_SLOTS; i++) {
            const uint8_t *body =
                image + page * PAGE_BYTES + i * SLOT_BOX_BYTES;
            assert_true(count < CELLS_MAX);
            out[count] = (struct cell){page, i * SLOT_BOX_BYTES,
                                       (int64_t)count + 1, body};
            count++;
        }
    }
    /* The page behind the last extent of a file that has not grown. */
    return count - count % OUTBOX_EXTENT_SLOTS;
}

/* All cells of table leaves whose payload is as long as a body at least. */
static size_t
read_cells(const uint8_t *image, size_t len, struct cell *out)
{
    size_t count = 0;
    for (size_t page = 0; page < len / PAGE_BYTES; page++) {
        const uint8_t *base = image + page * PAGE_BYTES;
        const uint8_t *head = base + (page == 0 ? 100 : 0);
        if (head[0] != 0x0d) {
            continue;
        }
        for (unsigned i = 0; i < be16(head + 3); i++) {
            size_t offset = be16(head + 8 + (size_t)2 * i);
            uint64_t payload = 0;
            uint64_t rowid = 0;
            const uint8_t *at = base + offset;
            at += varint(at, &payload);
            at += varint(at, &rowid);
            if (payload < BODY_BYTES || payload > BODY_BYTES + 64) {
                continue;
            }
            assert_true(count < CELLS_MAX);
            out[count] = (struct cell){page, offset, (int64_t)rowid,
                                       at + payload - BODY_BYTES};
            count++;
        }
    }
    return count;
}

/* -- what the examiner goes by ----------------------------------------------- */

enum clue {
    CLUE_PLACE, /* pages in order, in each from its end: as SQLite fills it */
    CLUE_ROWID,
    CLUE_OFFSET, /* within the page only */
    CLUE_BYTES,  /* of the body itself */
    CLUE_BITS,   /* how many are set */
    CLUE_COUNT
};

static const char *const clue_name[CLUE_COUNT] = {"place in the file", "rowid",
                                                  "place in the page",
                                                  "first bytes", "bits set"};

static double
clue(enum clue which, const struct cell *c)
{
    double value = 0;
    switch (which) {
    case CLUE_PLACE:
        return (double)c->page * PAGE_BYTES + (double)(PAGE_BYTES - c->offset);
    case CLUE_ROWID:
        return (double)c->rowid;
    case CLUE_OFFSET:
        return -(double)c->offset;
    case CLUE_BYTES:
        for (int i = 0; i < 6; i++) {
            value = value * 256 + c->body[i];
        }
        return value;
    case CLUE_BITS:
        for (size_t i = 0; i < BODY_BYTES; i++) {
            for (unsigned bits = c->body[i]; bits; bits &= bits - 1) {
                value += 1;
            }
        }
        return value;
    case CLUE_COUNT:
    default:
        return 0;
    }
}

/* Mean and spread of a figure over trials. */
struct figure {
    double sum;
    double squares;
    size_t n;
};

static void
figure_add(struct figure *f, double value)
{
    f->sum += value;
    f->squares += value * value;
    f->n++;
}

static double
figure_mean(const struct figure *f)
{
    return f->n ? f->sum / (double)f->n : 0.5;
}

/* How far from a coin, in standard errors. */
static double
figure_z(const struct figure *f)
{
    double mean = figure_mean(f);
    double variance = f->squares / (double)f->n - mean * mean;
    double error = sqrt(variance / (double)f->n);
    return error > 1e-12 ? (mean - 0.5) / error
                         : (fabs(mean - 0.5) > 1e-9 ? 1e9 : 0);
}

/* The share of pairs (a from the first, b from the second) with a < b. */
static double
share_below(const double *a, size_t a_count, const double *b, size_t b_count)
{
    double below = 0;
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            below += a[i] < b[j] ? 1 : 0;
            below += fabs(a[i] - b[j]) < 1e-9 ? 0.5 : 0;
        }
    }
    return below / ((double)a_count * (double)b_count);
}

/* The share of pairs whose order the clue tells right. */
static double
share_in_order(const double *value, size_t count)
{
    double right = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            right += value[i] < value[j] ? 1 : 0;
            right += fabs(value[i] - value[j]) < 1e-9 ? 0.5 : 0;
            pairs++;
        }
    }
    return right / (double)pairs;
}

/* -- the kiosk ---------------------------------------------------------------- */

struct kiosk {
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    struct seal_lock_key key;
    struct seal_hash id[ANSWERS_MAX]; /* in the order they were given */
    size_t answers;
};

static const struct seal_hash tag = {{1}};

static void
kiosk_setup(struct kiosk *k)
{
    char key_path[HARNESS_PATH_MAX + 16];
    struct outbox *ob = NULL;
    struct buf key;
    harness_temp_dir(k->dir);
    (void)snprintf(k->path, sizeof(k->path), "%s/outbox.db", k->dir);
    (void)snprintf(key_path, sizeof(key_path), "%s/outbox.key", k->dir);
    power_reset(1);
    assert_int_equal(outbox_open_vfs(k->path, POWER_VFS, &ob), STATUS_OK);
    outbox_close(ob);
    buf_init(&key, 64);
    assert_int_equal(file_read(key_path, &key), STATUS_OK);
    memcpy(k->key.bytes, key.data, sizeof(k->key.bytes));
    buf_deinit(&key);
    power_save();
}

/* A day at the kiosk: `count` answers, every `every_long`-th of them long; it
 * makes room when nobody is there. */
static void
kiosk_day(struct kiosk *k, size_t count, size_t every_long)
{
    uint8_t sealed[2048];
    struct outbox *ob = NULL;
    /* A new file under the old key: were the free slots the same bytes in every
     * trial, the trials would not be independent. */
    power_reset(random_below(UINT32_MAX));
    assert_int_equal(outbox_open_vfs(k->path, POWER_VFS, &ob), STATUS_OK);
    k->answers = count;
    for (size_t i = 0; i < count; i++) {
        size_t len = every_long && i % every_long == 0 ? 2048 : 512;
        random_bytes(sealed, len);
        assert_int_equal(outbox_put(ob, &tag, sealed, len), STATUS_OK);
        assert_int_equal(outbox_tidy(ob), STATUS_OK);
        record_id(sealed, len, &k->id[i]);
        if (i % 100 == 99) {
            assert_int_equal(outbox_reserve(ob), STATUS_OK);
        }
    }
    outbox_close(ob);
}

/* Which answer a cell belongs to: its number, or SIZE_MAX. With the key. */
static size_t
answer_of(const struct kiosk *k, const struct cell *cell, size_t *out_chunks)
{
    struct slot slot;
    *out_chunks = 0;
    if (slot_unlock(cell->body, &k->key, cell->rowid, &slot) != STATUS_OK
        || slot.state == SLOT_FREE) {
        return SIZE_MAX;
    }
    *out_chunks = slot.chunks;
    for (size_t i = 0; i < k->answers; i++) {
        if (memcmp(&k->id[i], &slot.id, sizeof(slot.id)) == 0) {
            return slot.chunk == 0 ? i : SIZE_MAX;
        }
    }
    return SIZE_MAX;
}

static void
examine_order(const struct kiosk *k, struct figure figure[CLUE_COUNT],
              size_t *exact)
{
    static struct cell cell[CELLS_MAX];
    static const struct cell *by_answer[ANSWERS_MAX];
    static double value[ANSWERS_MAX];
    size_t len = 0;
    size_t chunks = 0;
    size_t found = 0;
    const uint8_t *image = power_bytes(k->path, &len);
    size_t cells = read_slots(image, len, cell);
    for (size_t i = 0; i < cells; i++) {
        size_t answer = answer_of(k, &cell[i], &chunks);
        if (answer != SIZE_MAX) {
            by_answer[answer] = &cell[i];
            found++;
        }
    }
    assert_int_equal(found, k->answers);
    for (int which = 0; which < CLUE_COUNT; which++) {
        for (size_t i = 0; i < k->answers; i++) {
            value[i] = clue((enum clue)which, by_answer[i]);
        }
        double share = share_in_order(value, k->answers);
        figure_add(&figure[which], share);
        *exact += share > 0.999999;
    }
}

static size_t
trials_for(size_t answers)
{
    if (trials_override > 0) {
        return trials_override;
    }
    return answers >= 500 ? 3 : 1500 / answers;
}

/* -- tests ---------------------------------------------------------------------- */

static void
the_order_of_answers_is_gone_even_for_who_has_the_key(void **state)
{
    (void)state;
    static const size_t sizes[] = {5, 10, 50, 500};
    static struct kiosk k;
    kiosk_setup(&k);
    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        struct figure figure[CLUE_COUNT] = {{0, 0, 0}};
        size_t exact = 0;
        size_t trials = trials_for(sizes[s]);
        for (size_t t = 0; t < trials; t++) {
            kiosk_day(&k, sizes[s], 0);
            examine_order(&k, figure, &exact);
        }
        for (int which = 0; which < CLUE_COUNT; which++) {
            print_message("%zu answers, %zu trials, by %s: %.4f (z %.1f)\n",
                          sizes[s], trials, clue_name[which],
                          figure_mean(&figure[which]),
                          figure_z(&figure[which]));
            if (trials >= 30) {
                assert_true(fabs(figure_z(&figure[which])) < Z_MAX);
            } else { /* too few for a z; pairs are many */
                assert_true(fabs(figure_mean(&figure[which]) - 0.5) < 0.1);
            }
        }
        /* By chance one in 120 of five and none of more; five clues each. */
        double chance = sizes[s] == 5 ? 5.0 / 120 : 0;
        double expected = chance * (double)trials;
        assert_true((double)exact <= expected + 5 * sqrt(expected + 1));
    }
    harness_remove_tree(k.dir);
}

static void
used_and_free_and_long_and_short_look_alike_without_the_key(void **state)
{
    (void)state;
    static struct kiosk k;
    static struct cell cell[CELLS_MAX];
    static double used[CELLS_MAX];
    static double unused[CELLS_MAX];
    static double longs[CELLS_MAX];
    static double shorts[CELLS_MAX];
    struct figure usage[CLUE_COUNT] = {{0, 0, 0}};
    struct figure length[CLUE_COUNT] = {{0, 0, 0}};
    size_t trials = trials_override ? trials_override : 60;
    kiosk_setup(&k);
    for (size_t t = 0; t < trials; t++) {
        size_t len = 0;
        kiosk_day(&k, 50, 5);
        const uint8_t *image = power_bytes(k.path, &len);
        size_t cells = read_slots(image, len, cell);
        for (int which = 0; which < CLUE_COUNT; which++) {
            size_t n[4] = {0};
            for (size_t i = 0; i < cells; i++) {
                size_t chunks = 0;
                double value = clue((enum clue)which, &cell[i]);
                (void)answer_of(&k, &cell[i], &chunks);
                if (chunks == 0) {
                    unused[n[0]++] = value;
                    continue;
                }
                used[n[1]++] = value;
                if (chunks > 1) {
                    longs[n[2]++] = value;
                } else {
                    shorts[n[3]++] = value;
                }
            }
            figure_add(&usage[which], share_below(used, n[1], unused, n[0]));
            figure_add(&length[which], share_below(longs, n[2], shorts, n[3]));
        }
    }
    for (int which = 0; which < CLUE_COUNT; which++) {
        print_message("used or free, by %s: %.4f (z %.1f); long or short: "
                      "%.4f (z %.1f)\n",
                      clue_name[which], figure_mean(&usage[which]),
                      figure_z(&usage[which]), figure_mean(&length[which]),
                      figure_z(&length[which]));
        assert_true(fabs(figure_z(&usage[which])) < Z_MAX);
        assert_true(fabs(figure_z(&length[which])) < Z_MAX);
    }
    harness_remove_tree(k.dir);
}

/* As a first draft of an outbox would be: random key, secure_delete. */
static void
the_same_examiner_finds_the_order_in_a_plain_table(void **state)
{
    (void)state;
    static struct cell cell[CELLS_MAX];
    double value[50];
    double best = 0;
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    power_reset(2);
    assert_int_equal(sqlite3_open_v2("plain.db", &db,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                     POWER_VFS),
                     0);
    assert_int_equal(
        sqlite3_exec(db,
                     "PRAGMA secure_delete = ON;"
                     "CREATE TABLE answer (id BLOB UNIQUE, body BLOB) STRICT",
                     NULL, NULL, NULL),
        0);
    assert_int_equal(
        sqlite3_prepare_v2(db, "INSERT INTO answer VALUES (randomblob(16), ?1)",
                           -1, &insert, NULL),
        0);
    for (uint8_t i = 0; i < 50; i++) {
        uint8_t body[BODY_BYTES];
        random_bytes(body, sizeof(body));
        body[0] = i; /* so that the test knows the truth */
        sqlite3_bind_blob(insert, 1, body, sizeof(body), SQLITE_TRANSIENT);
        assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_close(db);

    size_t len = 0;
    const uint8_t *image = power_bytes("plain.db", &len);
    assert_int_equal(read_cells(image, len, cell), 50);
    for (int which = 0; which <= CLUE_ROWID; which++) {
        for (size_t i = 0; i < 50; i++) {
            value[cell[i].body[0]] = clue((enum clue)which, &cell[i]);
        }
        double share = share_in_order(value, 50);
        print_message("plain table, by %s: %.4f\n", clue_name[which], share);
        best = share > best ? share : best;
    }
    assert_true(best > 0.999);
}

static bool
contains(const uint8_t *hay, size_t hay_len, const uint8_t *needle)
{
    enum {
        WINDOW = 16
    };
    for (size_t i = 0; i + WINDOW <= hay_len; i++) {
        if (hay[i] == needle[0] && memcmp(hay + i, needle, WINDOW) == 0) {
            return true;
        }
    }
    return false;
}

static size_t
bytes_beside(const struct kiosk *k, const char *suffix)
{
    struct buf path;
    size_t len = 0;
    buf_init(&path, (size_t)2 * HARNESS_PATH_MAX);
    buf_printf(&path, "%s%s", k->path, suffix);
    (void)power_bytes(path.data, &len);
    buf_deinit(&path);
    return len;
}

static void
nothing_of_a_freed_record_is_left_in_any_file(void **state)
{
    (void)state;
    static struct kiosk k;
    struct outbox *ob = NULL;
    uint8_t sealed[2048];
    uint8_t boxes[4][BODY_BYTES];
    static struct cell cell[CELLS_MAX];
    struct outbox_verdict freed = {.state = SLOT_FREE};
    size_t len = 0;
    size_t kept = 0;
    kiosk_setup(&k);
    power_load(3);
    assert_int_equal(outbox_open_vfs(k.path, POWER_VFS, &ob), STATUS_OK);
    random_bytes(sealed, sizeof(sealed));
    assert_int_equal(outbox_put(ob, &tag, sealed, sizeof(sealed)), STATUS_OK);
    assert_int_equal(outbox_tidy(ob), STATUS_OK);
    record_id(sealed, sizeof(sealed), &freed.id);
    const uint8_t *image = power_bytes(k.path, &len);
    size_t cells = read_slots(image, len, cell);
    for (size_t i = 0; i < cells; i++) {
        struct slot slot;
        if (slot_unlock(cell[i].body, &k.key, cell[i].rowid, &slot) == 0
            && slot.state == SLOT_WAITING) {
            memcpy(boxes[kept], cell[i].body, BODY_BYTES);
            kept++;
        }
    }
    assert_int_equal(kept, 4);
    assert_int_equal(outbox_scan(ob), STATUS_OK);
    assert_int_equal(outbox_settle(ob, &freed, 1), STATUS_OK);
    outbox_close(ob);

    image = power_bytes(k.path, &len);
    for (size_t i = 0; i < 4; i++) {
        for (size_t at = 0; at + 16 <= BODY_BYTES; at += 64) {
            assert_false(contains(image, len, boxes[i] + at));
        }
    }
    assert_false(contains(image, len, sealed));
    assert_int_equal(bytes_beside(&k, "-journal"), 0);
    assert_int_equal(bytes_beside(&k, "-wal"), 0);
    harness_remove_tree(k.dir);
}

/* What lies around: names, sizes, the folder's time, the log. */
static void
neither_the_folder_nor_the_log_tells_of_an_answer(void **state)
{
    (void)state;
    char path[HARNESS_PATH_MAX + 16];
    char dir[HARNESS_PATH_MAX];
    struct outbox *ob = NULL;
    struct stat before;
    struct stat after;
    struct stat file;
    struct buf image;
    static struct cell cell[CELLS_MAX];
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/outbox.db", dir);
    assert_int_equal(outbox_open(path, &ob), STATUS_OK);
    assert_int_equal(stat(dir, &before), 0);
    assert_int_equal(stat(path, &file), 0);
    off_t size = file.st_size;
    for (size_t i = 0; i < 50; i++) {
        uint8_t sealed[2048];
        size_t len = i % 5 == 0 ? 2048 : 512;
        random_bytes(sealed, len);
        assert_int_equal(outbox_put(ob, &tag, sealed, len), STATUS_OK);
        assert_int_equal(outbox_tidy(ob), STATUS_OK);
    }
    outbox_close(ob);
    assert_int_equal(stat(dir, &after), 0);
    assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(after.st_mtim));
    assert_int_equal(after.st_nlink, before.st_nlink);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_size, size);

    buf_init(&image, (size_t)1 << 24);
    assert_int_equal(file_read(path, &image), STATUS_OK);
    const uint8_t *bytes = (const uint8_t *)image.data;
    size_t cells = read_slots(bytes, image.len, cell);
    size_t log = (size_t)PAGES_FIRST * PAGES_BYTES;
    for (size_t i = 0; i < cells; i++) {
        assert_false(
            contains(bytes + PAGES_BYTES, log - PAGES_BYTES, cell[i].body));
    }
    buf_deinit(&image);
    harness_remove_tree(dir);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_answers_is_gone_even_for_who_has_the_key),
        cmocka_unit_test(
            used_and_free_and_long_and_short_look_alike_without_the_key),
        cmocka_unit_test(the_same_examiner_finds_the_order_in_a_plain_table),
        cmocka_unit_test(nothing_of_a_freed_record_is_left_in_any_file),
        cmocka_unit_test(neither_the_folder_nor_the_log_tells_of_an_answer),
    };
    if (argc > 1) {
        trials_override = strtoul(argv[1], NULL, 10);
    }
    if (seal_init() < 0 || !power_register()) {
        return 1;
    }
    int failed =
        cmocka_run_group_tests_name("store/forensic", tests, NULL, NULL);
    power_free();
    return failed;
}
