/*
 * What the files of a kiosk tell.
 *
 * An examiner who knows the code reads every byte of the outbox: pages, slots
 * and their places, as a disk image shows them. With the kiosk's key he also
 * knows which slot holds which record. He tries to put the answers in the order
 * in which they were given. Without the key he tries to tell used slots from
 * free ones, long records from short ones, and slots that were freed from those
 * never used. He must do no better than by tossing a coin. The same examiner,
 * given a plain table, finds the order: so he can see.
 *
 * Usage: test_store_forensic [TRIALS [ANSWERS]]; TRIALS for each number of
 * answers, or for this one alone: then several can run at once.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/file.h"
#include "base/random.h"
#include "examiner.h"
#include "harness/harness.h"
#include "harness/power.h"
#include "seal/record.h"
#include "store/outbox.h"
#include "store/pages.h"

#define ANSWERS_MAX 500

/* |z| beyond this happens by chance once in 100,000 tries of thirty trials. */
#define Z_MAX 5.5

static size_t trials_override;
static size_t only_size; /* 0: all */

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
answer_of(const struct kiosk *k, const struct examiner_cell *cell,
          size_t *out_chunks)
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
examine_order(const struct kiosk *k,
              struct examiner_figure figure[EXAMINER_COUNT], size_t *exact)
{
    static struct examiner_cell cell[EXAMINER_CELLS_MAX];
    static const struct examiner_cell *by_answer[ANSWERS_MAX];
    static double value[ANSWERS_MAX];
    size_t len = 0;
    size_t chunks = 0;
    size_t found = 0;
    const uint8_t *image = power_bytes(k->path, &len);
    size_t cells = examiner_slots(image, len, cell);
    for (size_t i = 0; i < cells; i++) {
        size_t answer = answer_of(k, &cell[i], &chunks);
        if (answer != SIZE_MAX) {
            by_answer[answer] = &cell[i];
            found++;
        }
    }
    assert_int_equal(found, k->answers);
    for (int which = 0; which < EXAMINER_COUNT; which++) {
        for (size_t i = 0; i < k->answers; i++) {
            value[i] = examiner_value((enum examiner_clue)which, by_answer[i]);
        }
        double share = examiner_in_order(value, k->answers);
        examiner_add(&figure[which], share);
        *exact += share > 0.999999;
    }
}

enum {
    SIZES = 4
};
static const size_t sizes[SIZES] = {5, 10, 50, 500};

static bool
worth(size_t answers)
{
    return only_size == 0 || only_size == answers;
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
    static struct kiosk k;
    kiosk_setup(&k);
    for (size_t s = 0; s < SIZES; s++) {
        if (!worth(sizes[s])) {
            continue;
        }
        struct examiner_figure figure[EXAMINER_COUNT] = {{0, 0, 0}};
        size_t exact = 0;
        size_t trials = trials_for(sizes[s]);
        for (size_t t = 0; t < trials; t++) {
            kiosk_day(&k, sizes[s], 0);
            examine_order(&k, figure, &exact);
        }
        for (int which = 0; which < EXAMINER_COUNT; which++) {
            print_message("%zu answers, %zu trials, by %s: %.4f (z %.1f)\n",
                          sizes[s], trials, examiner_clue_name[which],
                          examiner_mean(&figure[which]),
                          examiner_z(&figure[which]));
            if (trials >= 30) {
                assert_true(fabs(examiner_z(&figure[which])) < Z_MAX);
            } else { /* too few for a z; pairs are many */
                assert_true(fabs(examiner_mean(&figure[which]) - 0.5) < 0.1);
            }
        }
        /* By chance one in 120 of five and none of more; five clues each. */
        double chance = sizes[s] == 5 ? 5.0 / 120 : 0;
        double expected = chance * (double)trials;
        assert_true((double)exact <= expected + 5 * sqrt(expected + 1));
    }
    harness_remove_tree(k.dir);
}

/* What a slot is, as only the key tells. */
enum look {
    LOOK_LONG,  /* of a record that takes several */
    LOOK_SHORT, /* of one that takes this slot alone */
    LOOK_FREED, /* of a record that was delivered and forgotten */
    LOOK_BLANK, /* never used */
    LOOK_COUNT
};

/* Two sorts of slots that nobody without the key may tell apart. */
static const struct question {
    const char *label;
    bool one[LOOK_COUNT];
    bool other[LOOK_COUNT];
} questions[] = {
    {"used or free",
     {[LOOK_LONG] = true, [LOOK_SHORT] = true},
     {[LOOK_FREED] = true, [LOOK_BLANK] = true}},
    {"long or short", {[LOOK_LONG] = true}, {[LOOK_SHORT] = true}},
    {"freed or never used", {[LOOK_FREED] = true}, {[LOOK_BLANK] = true}},
};
enum {
    QUESTIONS = sizeof(questions) / sizeof(questions[0])
};

/* With the key. */
static void
look_at(const struct kiosk *k, const struct examiner_cell *cell, size_t count,
        enum look look[])
{
    for (size_t i = 0; i < count; i++) {
        size_t chunks = 0;
        (void)answer_of(k, &cell[i], &chunks);
        look[i] = chunks == 0  ? LOOK_BLANK
                  : chunks > 1 ? LOOK_LONG
                               : LOOK_SHORT;
    }
}

/* Every other of the answers is delivered; the kiosk forgets it. */
static void
kiosk_delivers(struct kiosk *k)
{
    static struct outbox_verdict verdict[ANSWERS_MAX];
    struct outbox *ob = NULL;
    size_t count = 0;
    for (size_t i = 1; i < k->answers; i += 2) {
        verdict[count++] =
            (struct outbox_verdict){.id = k->id[i], .state = SLOT_FREE};
    }
    assert_int_equal(outbox_open_vfs(k->path, POWER_VFS, &ob), STATUS_OK);
    assert_int_equal(outbox_scan(ob), STATUS_OK);
    assert_int_equal(outbox_settle(ob, verdict, count), STATUS_OK);
    assert_int_equal(outbox_tidy(ob), STATUS_OK);
    outbox_close(ob);
}

static size_t
pick(const struct examiner_cell *cell, const enum look look[], size_t count,
     const bool wanted[LOOK_COUNT], enum examiner_clue which, double *out)
{
    size_t picked = 0;
    for (size_t i = 0; i < count; i++) {
        if (wanted[look[i]]) {
            out[picked++] = examiner_value(which, &cell[i]);
        }
    }
    return picked;
}

static void
examine_looks(struct kiosk *k,
              struct examiner_figure figure[QUESTIONS][EXAMINER_COUNT])
{
    static struct examiner_cell cell[EXAMINER_CELLS_MAX];
    static enum look before[EXAMINER_CELLS_MAX];
    static enum look look[EXAMINER_CELLS_MAX];
    static double one[EXAMINER_CELLS_MAX];
    static double other[EXAMINER_CELLS_MAX];
    size_t len = 0;
    const uint8_t *image = power_bytes(k->path, &len);
    size_t cells = examiner_slots(image, len, cell);
    look_at(k, cell, cells, before);
    kiosk_delivers(k);
    image = power_bytes(k->path, &len);
    assert_int_equal(examiner_slots(image, len, cell), cells);
    look_at(k, cell, cells, look);
    for (size_t i = 0; i < cells; i++) {
        if (look[i] == LOOK_BLANK && before[i] != LOOK_BLANK) {
            look[i] = LOOK_FREED;
        }
    }
    for (size_t q = 0; q < QUESTIONS; q++) {
        for (int which = 0; which < EXAMINER_COUNT; which++) {
            size_t n = pick(cell, look, cells, questions[q].one,
                            (enum examiner_clue)which, one);
            size_t m = pick(cell, look, cells, questions[q].other,
                            (enum examiner_clue)which, other);
            if (n > 0 && m > 0) {
                examiner_add(&figure[q][which],
                             examiner_below(one, n, other, m));
            }
        }
    }
}

static void
used_and_free_and_long_and_short_look_alike_without_the_key(void **state)
{
    (void)state;
    static struct kiosk k;
    kiosk_setup(&k);
    for (size_t s = 0; s < SIZES; s++) {
        struct examiner_figure figure[QUESTIONS][EXAMINER_COUNT] = {
            {{0, 0, 0}}};
        size_t trials =
            trials_override ? trials_override : trials_for(sizes[s]) + 30;
        for (size_t t = 0; t < trials && worth(sizes[s]); t++) {
            kiosk_day(&k, sizes[s], 5);
            examine_looks(&k, figure);
        }
        for (size_t q = 0; q < QUESTIONS; q++) {
            for (int which = 0; which < EXAMINER_COUNT; which++) {
                const struct examiner_figure *f = &figure[q][which];
                if (f->n == 0) {
                    continue;
                }
                print_message("%zu answers, %zu trials, %s, by %s: %.4f "
                              "(z %.1f)\n",
                              sizes[s], f->n, questions[q].label,
                              examiner_clue_name[which], examiner_mean(f),
                              examiner_z(f));
                assert_true(f->n < 30 || fabs(examiner_z(f)) < Z_MAX);
            }
        }
    }
    harness_remove_tree(k.dir);
}

/* As a first draft of an outbox would be: random key, secure_delete. */
static void
the_same_examiner_finds_the_order_in_a_plain_table(void **state)
{
    (void)state;
    static struct examiner_cell cell[EXAMINER_CELLS_MAX];
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
        uint8_t body[EXAMINER_BODY_BYTES];
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
    assert_int_equal(examiner_cells(image, len, cell), 50);
    for (int which = 0; which <= EXAMINER_ROWID; which++) {
        for (size_t i = 0; i < 50; i++) {
            value[cell[i].body[0]] =
                examiner_value((enum examiner_clue)which, &cell[i]);
        }
        double share = examiner_in_order(value, 50);
        print_message("plain table, by %s: %.4f\n", examiner_clue_name[which],
                      share);
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
    uint8_t boxes[4][EXAMINER_BODY_BYTES] = {{0}};
    static struct examiner_cell cell[EXAMINER_CELLS_MAX];
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
    size_t cells = examiner_slots(image, len, cell);
    for (size_t i = 0; i < cells; i++) {
        struct slot slot;
        if (slot_unlock(cell[i].body, &k.key, cell[i].rowid, &slot) == 0
            && slot.state == SLOT_WAITING) {
            memcpy(boxes[kept], cell[i].body, EXAMINER_BODY_BYTES);
            kept++;
        }
    }
    assert_int_equal(kept, 4);
    assert_int_equal(outbox_scan(ob), STATUS_OK);
    assert_int_equal(outbox_settle(ob, &freed, 1), STATUS_OK);
    outbox_close(ob);

    image = power_bytes(k.path, &len);
    for (size_t i = 0; i < 4; i++) {
        for (size_t at = 0; at + 16 <= EXAMINER_BODY_BYTES; at += 64) {
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
    static struct examiner_cell cell[EXAMINER_CELLS_MAX];
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
    size_t cells = examiner_slots(bytes, image.len, cell);
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
    if (argc > 2) {
        only_size = strtoul(argv[2], NULL, 10);
    }
    if (seal_init() < 0 || !power_register()) {
        return 1;
    }
    int failed =
        cmocka_run_group_tests_name("store/forensic", tests, NULL, NULL);
    power_free();
    return failed;
}
