#include "daemon/mix.h"

#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"

static const struct library_wave waves[] = {
    {{{1}}, RECORD_ANONYMOUS, 5, false, "anonymous"},
    {{{2}}, RECORD_ANONYMOUS, 5, true, "closed"},
    {{{3}}, RECORD_NAMED, 5, false, "named"},
    {{{4}}, RECORD_SLIP, 3, false, "slips"},
};
#define WAVES (sizeof(waves) / sizeof(waves[0]))
#define TAGS 6 /* 0 and 5 are unknown to the library */

static const struct seal_hash tags[TAGS] = {{{0}}, {{1}}, {{2}},
                                            {{3}}, {{4}}, {{5}}};

static size_t
choose(const size_t waiting[TAGS], size_t records, size_t bytes,
       size_t out[TAGS])
{
    struct mix_item item[2000];
    struct mix_rules rules = {waves, WAVES, tags, TAGS, 1, records, bytes};
    size_t count = 0;
    size_t chosen = 0;
    for (size_t tag = 0; tag < TAGS; tag++) {
        for (size_t i = 0; i < waiting[tag]; i++) {
            item[count] = (struct mix_item){
                .index = (uint32_t)count, .tag = (uint16_t)tag, .bytes = 512};
            count++;
        }
    }
    assert_int_equal(mix_choose(item, count, &rules, &chosen), STATUS_OK);
    memset(out, 0, TAGS * sizeof(out[0]));
    for (size_t i = 0; i < chosen; i++) {
        out[item[i].tag]++;
    }
    return chosen;
}

static void
none_or_at_least_k_leave_together(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t waiting[TAGS];
        size_t limit;
        size_t want[TAGS];
    } rows[] = {
        {"nobody", {0}, 100, {0}},
        {"four of five", {0, 4}, 100, {0}},
        {"five of five", {0, 5}, 100, {0, 5}},
        {"all that wait", {0, 9}, 100, {0, 9}},
        {"closed: any", {0, 0, 1}, 100, {0, 0, 1}},
        {"named: any", {0, 0, 0, 1}, 100, {0, 0, 0, 1}},
        {"slips like anonymous", {0, 0, 0, 0, 2}, 100, {0}},
        {"three slips", {0, 0, 0, 0, 3}, 100, {0, 0, 0, 0, 3}},
        {"wave that is gone", {0, 0, 0, 0, 0, 2}, 100, {0, 0, 0, 0, 0, 2}},
        {"each by its own", {0, 4, 2, 1, 3}, 100, {0, 0, 2, 1, 3}},
        {"no room for k", {0, 9}, 4, {0}},
        {"room for k, rest too small", {0, 9}, 6, {0}},
        {"rest stays at least k", {0, 12}, 10, {0, 7}},
        {"limit fits", {0, 12}, 7, {0, 7}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t got[TAGS];
        harness_row(rows[i].label);
        (void)choose(rows[i].waiting, rows[i].limit, (size_t)1 << 20, got);
        assert_memory_equal(got, rows[i].want, sizeof(got));
    }
}

static void
keeps_to_the_bytes(void **state)
{
    (void)state;
    static const size_t waiting[TAGS] = {0, 0, 0, 50};
    size_t got[TAGS];
    assert_int_equal(choose(waiting, 100, 512 * 7 + 511, got), 7);
}

/* Chi-squared over places: each of six items is at each of six places as often
 * as at any other. */
static void
every_order_is_as_likely(void **state)
{
    (void)state;
    enum {
        ITEMS = 6,
        ROUNDS = 12000
    };
    static size_t seen[ITEMS][ITEMS];
    for (size_t round = 0; round < ROUNDS; round++) {
        struct mix_item item[ITEMS];
        struct mix_rules rules = {waves, WAVES, tags, TAGS, 1, 100, 100000};
        size_t chosen = 0;
        for (size_t i = 0; i < ITEMS; i++) {
            item[i] =
                (struct mix_item){.index = (uint32_t)i, .tag = 1, .bytes = 512};
        }
        assert_int_equal(mix_choose(item, ITEMS, &rules, &chosen), STATUS_OK);
        assert_int_equal(chosen, ITEMS);
        for (size_t i = 0; i < ITEMS; i++) {
            seen[item[i].index][i]++;
        }
    }
    double chi = 0;
    const double expected = (double)ROUNDS / ITEMS;
    for (size_t i = 0; i < ITEMS; i++) {
        for (size_t j = 0; j < ITEMS; j++) {
            double off = (double)seen[i][j] - expected;
            chi += off * off / expected;
        }
    }
    assert_true(chi < 65.0); /* 25 degrees of freedom: p = 2e-5 */
}

/* A collector that says "one is enough" is not believed. */
static void
the_kiosk_has_a_floor_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct library_wave wave;
        size_t waiting;
        size_t least;
        size_t want;
    } rows[] = {
        {"library says 1", {{{1}}, RECORD_ANONYMOUS, 1, false, ""}, 4, 5, 0},
        {"as many as the floor",
         {{{1}}, RECORD_ANONYMOUS, 1, false, ""},
         5,
         5,
         5},
        {"library is stricter",
         {{{1}}, RECORD_ANONYMOUS, 8, false, ""},
         7,
         5,
         0},
        {"slips", {{{1}}, RECORD_SLIP, 1, false, ""}, 4, 5, 0},
        {"named leave singly", {{{1}}, RECORD_NAMED, 1, false, ""}, 1, 5, 1},
        {"the wave is over", {{{1}}, RECORD_ANONYMOUS, 1, true, ""}, 1, 5, 1},
        {"floor taken away", {{{1}}, RECORD_ANONYMOUS, 1, false, ""}, 1, 0, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mix_item item[8];
        const struct mix_rules rules = {&rows[i].wave, 1,   tags,  TAGS,
                                        rows[i].least, 100, 100000};
        size_t chosen = 0;
        harness_row(rows[i].label);
        for (size_t n = 0; n < rows[i].waiting; n++) {
            item[n] =
                (struct mix_item){.index = (uint32_t)n, .tag = 1, .bytes = 512};
        }
        assert_int_equal(mix_choose(item, rows[i].waiting, &rules, &chosen),
                         STATUS_OK);
        assert_int_equal(chosen, rows[i].want);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_or_at_least_k_leave_together),
        cmocka_unit_test(keeps_to_the_bytes),
        cmocka_unit_test(the_kiosk_has_a_floor_of_its_own),
        cmocka_unit_test(every_order_is_as_likely),
    };
    return cmocka_run_group_tests_name("daemon/mix", tests, NULL, NULL);
}
