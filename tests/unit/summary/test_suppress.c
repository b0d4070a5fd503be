/*
 * Suppression, attacked. Random waves with two questions are published as the
 * product does it: shown tables by group, and raw rows of the questions that
 * may leave; then linear programming tries to recover every protected cell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack.h"
#include "collector/summary/suppress.h"
#include "harness/harness.h"

#define WAVES 200
#define PEOPLE_MAX 240
#define STRATA_MAX 48
#define CATEGORIES_MAX 12
#define KINDS_MAX (CATEGORIES_MAX * CATEGORIES_MAX)
#define QUESTIONS 2

static uint32_t rng_state;

static uint32_t
below(uint32_t bound)
{
    return harness_below(&rng_state, bound);
}

struct question {
    size_t categories; /* the last: no answer */
    uint32_t count[STRATA_MAX * CATEGORIES_MAX];
    uint8_t coarse[CATEGORIES_MAX];
    enum suppress_detail detail;
};

/* A wave: group questions, people, answers. */
struct wave {
    struct suppress_groups groups;
    struct question q[QUESTIONS];
    uint32_t people;
    size_t stratum[PEOPLE_MAX];
    size_t answer[PEOPLE_MAX][QUESTIONS];
};

/* Option of group question `q` that stratum `s` belongs to. */
static uint32_t
option_of(const uint32_t *options, uint32_t q, uint32_t s)
{
    for (uint32_t i = 0; i < q; i++) {
        s /= options[i];
    }
    return s % options[q];
}

static void
add_segment(struct wave *w, const uint32_t *options, uint32_t q, uint32_t o)
{
    struct suppress_segment s = {.question = q};
    for (uint32_t i = 0; i < w->groups.strata; i++) {
        if (option_of(options, q, i) == o) {
            suppress_include(&s, i);
        }
    }
    w->groups.segment[w->groups.segments++] = s;
}

static void
random_people(struct wave *w)
{
    uint32_t lean = below((uint32_t)w->q[0].categories);
    w->people = 8 + below(below(3) == 0 ? 200 : 45);
    for (uint32_t p = 0; p < w->people; p++) {
        uint32_t strata = (uint32_t)w->groups.strata;
        uint32_t a = below(strata);
        uint32_t b = below(strata);
        size_t s = a < b ? a : b; /* uneven groups */
        w->stratum[p] = s;
        w->groups.size[s]++;
        for (size_t q = 0; q < QUESTIONS; q++) {
            uint32_t answers = (uint32_t)w->q[q].categories - 1;
            uint32_t c = below(3) == 0 ? lean % answers : below(answers);
            c = below(15) == 0 ? answers : c;
            /* Often the second question follows from the first. */
            c = q == 1 && below(2) == 0
                    ? (uint32_t)w->answer[p][0] % (answers + 1)
                    : c;
            w->answer[p][q] = c;
            w->q[q].count[s * w->q[q].categories + c]++;
        }
    }
}

static void
random_wave(struct wave *w)
{
    memset(w, 0, sizeof(*w));
    uint32_t questions = 1 + below(3);
    uint32_t options[3] = {1, 1, 1};
    w->groups.strata = 1;
    w->groups.k = SUPPRESS_K;
    for (uint32_t q = 0; q < questions; q++) {
        options[q] = 2 + below(q == 0 ? 4 : 2);
        w->groups.strata *= options[q];
    }
    for (size_t q = 0; q < QUESTIONS; q++) {
        uint32_t answers = (uint32_t[]){2, 3, 5, 10}[below(4)];
        w->q[q].categories = answers + 1;
        for (uint32_t c = 0; c < answers; c++) {
            w->q[q].coarse[c] = c * 3 < answers * 2 ? 0 : 1;
        }
        w->q[q].coarse[answers] = 2;
    }
    random_people(w);
    for (uint32_t q = 0; q < questions; q++) {
        for (uint32_t o = 0; o < options[q]; o++) {
            add_segment(w, options, q, o);
        }
    }
}

/* As the product decides. */
static void
protect(struct wave *w)
{
    assert_int_equal(suppress_choose(&w->groups), STATUS_OK);
    for (size_t q = 0; q < QUESTIONS; q++) {
        struct question *x = &w->q[q];
        const struct suppress_table t = {
            .categories = x->categories,
            .answers = x->categories - 1,
            .ordered = true,
            .count = x->count,
            .coarse = x->categories > 3 ? x->coarse : NULL,
        };
        assert_int_equal(suppress_question(&w->groups, &t, &x->detail),
                         STATUS_OK);
    }
}

/* Primary suppression alone: every segment of k people, every question. */
static void
protect_poorly(struct wave *w)
{
    for (size_t g = 0; g < w->groups.segments; g++) {
        uint32_t n = 0;
        for (size_t s = 0; s < w->groups.strata; s++) {
            n += suppress_includes(&w->groups.segment[g], s) ? w->groups.size[s]
                                                             : 0;
        }
        w->groups.segment[g].state =
            n >= w->groups.k ? SUPPRESS_SHOWN : SUPPRESS_TOO_FEW;
    }
    w->q[0].detail = SUPPRESS_FULL;
    w->q[1].detail = SUPPRESS_FULL;
}

struct score {
    size_t cells;
    size_t recovered;
    size_t shown;
    size_t full;
    size_t merged;
    size_t closed;
};

/* What the attacker reckons with: kinds of people and which answer to which
 * question each kind gave. */
struct kinds {
    size_t count;
    uint32_t of[KINDS_MAX];
    size_t answer[KINDS_MAX][QUESTIONS];
    bool tells[QUESTIONS]; /* the answer to this question is part of a kind */
};

static void
count_kinds(const struct wave *w, struct kinds *k)
{
    for (uint32_t p = 0; p < w->people; p++) {
        size_t i = 0;
        for (; i < k->count; i++) {
            bool same = true;
            for (size_t q = 0; q < QUESTIONS; q++) {
                same = same
                       && (!k->tells[q] || k->answer[i][q] == w->answer[p][q]);
            }
            if (same) {
                break;
            }
        }
        k->count += i == k->count ? 1 : 0;
        memcpy(k->answer[i], w->answer[p], sizeof(k->answer[i]));
        k->of[i]++;
    }
}

/* The published tables of a question by group. */
static void
learn(struct attack *a, const struct wave *w, const struct kinds *k, size_t q)
{
    const struct question *x = &w->q[q];
    bool kind[KINDS_MAX];
    bool stratum[STRATA_MAX];
    for (size_t g = 0; g < w->groups.segments; g++) {
        if (w->groups.segment[g].state != SUPPRESS_SHOWN) {
            continue;
        }
        for (size_t c = 0; c < x->categories; c++) {
            uint32_t n = 0;
            for (size_t i = 0; i < k->count; i++) {
                size_t given = k->answer[i][q];
                kind[i] = x->detail == SUPPRESS_MERGED ? x->coarse[given] == c
                                                       : given == c;
            }
            for (size_t s = 0; s < w->groups.strata; s++) {
                stratum[s] = suppress_includes(&w->groups.segment[g], s);
                for (size_t j = 0; stratum[s] && j < x->categories; j++) {
                    bool in = x->detail == SUPPRESS_MERGED ? x->coarse[j] == c
                                                           : j == c;
                    n += in ? x->count[s * x->categories + j] : 0;
                }
            }
            attack_know(a, &(struct attack_set){stratum, kind}, n);
        }
    }
}

/* Try every category of a question, and every upper end, in one set. */
static void
attack_set_of(struct attack *a, const struct wave *w, const struct kinds *k,
              size_t q, const bool *stratum, struct score *score)
{
    const struct question *x = &w->q[q];
    for (size_t c = 0; c < x->categories; c++) {
        for (int upper = 0; upper < 2; upper++) {
            bool kind[KINDS_MAX];
            uint32_t truth = 0;
            for (size_t i = 0; i < k->count; i++) {
                size_t given = k->answer[i][q];
                kind[i] = upper ? given >= c && given + 1 < x->categories
                                : given == c;
            }
            for (uint32_t p = 0; p < w->people; p++) {
                size_t given = w->answer[p][q];
                bool is = upper ? given >= c && given + 1 < x->categories
                                : given == c;
                truth += is && stratum[w->stratum[p]] ? 1 : 0;
            }
            score->cells++;
            bool merged = x->detail == SUPPRESS_MERGED;
            score->recovered +=
                !(merged && upper)
                        && attack_recovers(
                            a, &(struct attack_set){stratum, kind}, truth)
                    ? 1
                    : 0;
        }
    }
}

static void
attack_if_small(struct attack *a, const struct wave *w, const struct kinds *k,
                size_t q, const bool *stratum, struct score *score)
{
    const struct question *x = &w->q[q];
    uint32_t people = 0;
    uint32_t answers = 0;
    for (size_t s = 0; s < w->groups.strata; s++) {
        for (size_t c = 0; stratum[s] && c < x->categories; c++) {
            people += x->count[s * x->categories + c];
            answers +=
                c + 1 < x->categories ? x->count[s * x->categories + c] : 0;
        }
    }
    if (people > 0 && answers < w->groups.k) {
        attack_set_of(a, w, k, q, stratum, score);
    }
}

/* Strata, segments, what two segments share or differ by. */
static void
attack_all_sets(struct attack *a, const struct wave *w, const struct kinds *k,
                size_t q, struct score *score)
{
    const struct suppress_groups *g = &w->groups;
    for (size_t s = 0; s < g->strata; s++) {
        bool one[STRATA_MAX] = {false};
        one[s] = true;
        attack_if_small(a, w, k, q, one, score);
    }
    for (size_t i = 0; i < g->segments; i++) {
        for (size_t j = 0; j <= g->segments; j++) {
            bool shared[STRATA_MAX];
            bool rest[STRATA_MAX];
            for (size_t s = 0; s < g->strata; s++) {
                bool in = suppress_includes(&g->segment[i], s);
                bool other =
                    j == g->segments || suppress_includes(&g->segment[j], s);
                shared[s] = in && other;
                rest[s] = other && !in;
            }
            if (i != j) {
                attack_if_small(a, w, k, q, shared, score);
                attack_if_small(a, w, k, q, rest, score);
            }
        }
    }
}

/* Questions that left as raw rows are attacked together; the others one by
 * one, as nothing joins them to a row. */
static void
attack_wave(const struct wave *w, struct score *score)
{
    static struct kinds k;
    for (size_t q = 0; q < QUESTIONS; q++) {
        const struct question *x = &w->q[q];
        bool full = x->detail == SUPPRESS_FULL;
        score->full += full ? 1 : 0;
        score->merged += x->detail == SUPPRESS_MERGED ? 1 : 0;
        score->closed += x->detail == SUPPRESS_CLOSED ? 1 : 0;
        memset(&k, 0, sizeof(k));
        for (size_t o = 0; o < QUESTIONS; o++) {
            k.tells[o] = o == q || (full && w->q[o].detail == SUPPRESS_FULL);
        }
        count_kinds(w, &k);
        struct attack a;
        attack_open(&a, w->groups.strata, w->groups.size, k.count, k.of);
        for (size_t o = 0; o < QUESTIONS; o++) {
            if (k.tells[o] && w->q[o].detail != SUPPRESS_CLOSED) {
                learn(&a, w, &k, o);
            }
        }
        attack_all_sets(&a, w, &k, q, score);
        attack_close(&a);
    }
    for (size_t g = 0; g < w->groups.segments; g++) {
        score->shown += w->groups.segment[g].state == SUPPRESS_SHOWN ? 1 : 0;
    }
}

static void
linear_programming_recovers_no_protected_cell(void **state)
{
    (void)state;
    static struct wave w;
    struct score score = {0};
    rng_state = 20261123;
    for (size_t i = 0; i < WAVES; i++) {
        char label[32];
        (void)snprintf(label, sizeof(label), "wave %zu", i);
        harness_row(label);
        random_wave(&w);
        protect(&w);
        attack_wave(&w, &score);
        assert_int_equal(score.recovered, 0);
    }
    print_message("%zu cells attacked; %zu segments shown; questions by group: "
                  "%zu in full, %zu merged, %zu closed\n",
                  score.cells, score.shown, score.full, score.merged,
                  score.closed);
    assert_true(score.cells > 2000);
    assert_true(score.full > WAVES / 10);
    assert_true(score.merged > 0);
}

/* The attack has teeth: primary suppression alone does not stand it. */
static void
primary_suppression_alone_is_broken(void **state)
{
    (void)state;
    static struct wave w;
    struct score score = {0};
    rng_state = 7;
    for (size_t i = 0; i < 20; i++) {
        random_wave(&w);
        protect_poorly(&w);
        attack_wave(&w, &score);
    }
    print_message("%zu of %zu cells recovered\n", score.recovered, score.cells);
    assert_true(score.recovered > 50);
}

static void
chooses_groups_as_a_person_would(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t groups;
        uint32_t size[4];
        enum suppress_state expected[4];
        size_t classes;
    } rows[] = {
        {"all large: all shown",
         3,
         {9, 8, 7},
         {SUPPRESS_SHOWN, SUPPRESS_SHOWN, SUPPRESS_SHOWN},
         3},
        {"a small group goes with the next larger one",
         3,
         {12, 7, 3},
         {SUPPRESS_SHOWN, SUPPRESS_SHIELD, SUPPRESS_TOO_FEW},
         2},
        {"two groups, one small: neither",
         2,
         {16, 3},
         {SUPPRESS_SHIELD, SUPPRESS_TOO_FEW},
         1},
        {"small ones together are large enough",
         3,
         {17, 3, 2},
         {SUPPRESS_SHOWN, SUPPRESS_TOO_FEW, SUPPRESS_TOO_FEW},
         2},
        {"an empty group hides nobody",
         3,
         {9, 8, 0},
         {SUPPRESS_SHOWN, SUPPRESS_SHOWN, SUPPRESS_TOO_FEW},
         2},
    };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        harness_row(rows[r].label);
        struct suppress_groups g = {.strata = rows[r].groups,
                                    .segments = rows[r].groups,
                                    .k = SUPPRESS_K};
        for (size_t i = 0; i < rows[r].groups; i++) {
            g.size[i] = rows[r].size[i];
            suppress_include(&g.segment[i], i);
        }
        assert_int_equal(suppress_choose(&g), STATUS_OK);
        assert_true(g.classes >= rows[r].classes);
        for (size_t i = 0; i < rows[r].groups; i++) {
            assert_int_equal(g.segment[i].state, rows[r].expected[i]);
        }
    }
}

static void
shows_a_question_by_group_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint32_t yes_no_none[2][3];
        enum suppress_detail expected;
    } rows[] = {
        {"both groups mixed", {{6, 4, 0}, {5, 3, 1}}, SUPPRESS_FULL},
        {"one group is of one mind", {{9, 1, 0}, {5, 4, 0}}, SUPPRESS_CLOSED},
        {"few of a group answered", {{2, 2, 6}, {5, 4, 0}}, SUPPRESS_CLOSED},
        {"nobody of a group answered", {{0, 0, 9}, {5, 4, 0}}, SUPPRESS_CLOSED},
    };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        harness_row(rows[r].label);
        struct suppress_groups g = {
            .strata = 2, .segments = 2, .k = SUPPRESS_K};
        for (size_t i = 0; i < 2; i++) {
            suppress_include(&g.segment[i], i);
            for (size_t c = 0; c < 3; c++) {
                g.size[i] += rows[r].yes_no_none[i][c];
            }
        }
        const struct suppress_table t = {
            .categories = 3, .answers = 2, .count = &rows[r].yes_no_none[0][0]};
        enum suppress_detail detail = SUPPRESS_MERGED;
        assert_int_equal(suppress_choose(&g), STATUS_OK);
        assert_int_equal(suppress_question(&g, &t, &detail), STATUS_OK);
        assert_int_equal(detail, rows[r].expected);
    }
}

static void
hides_unanimity_and_its_neighbour_alike(void **state)
{
    (void)state;
    assert_true(suppress_unanimous(20, 20));
    assert_true(suppress_unanimous(19, 20));
    assert_false(suppress_unanimous(18, 20));
    assert_false(suppress_unanimous(0, 0));
}

static void
guards_what_waves_differ_by(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint64_t n1;
        uint64_t n2;
        bool linked;
        uint64_t matched;
        bool may;
    } rows[] = {
        {"unlinked", 20, 21, false, 0, true},
        {"one wave too small", 20, 4, false, 0, false},
        {"all linked", 20, 20, true, 20, true},
        {"three only in one wave", 23, 20, true, 20, false},
        {"five only in one wave", 25, 20, true, 20, true},
        {"too few linked", 20, 20, true, 4, false},
        {"more linked than there are", 5, 6, true, 6, false},
    };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        harness_row(rows[r].label);
        assert_int_equal(suppress_may_compare(rows[r].n1, rows[r].n2,
                                              rows[r].linked, rows[r].matched,
                                              SUPPRESS_K),
                         rows[r].may);
    }
    assert_true(suppress_may_update(0, 5, SUPPRESS_K));
    assert_true(suppress_may_update(20, 20, SUPPRESS_K));
    assert_false(suppress_may_update(20, 22, SUPPRESS_K));
    assert_false(suppress_may_update(22, 20, SUPPRESS_K));
    assert_true(suppress_may_update(20, 25, SUPPRESS_K));
}

static void
refuses_more_than_its_limits(void **state)
{
    (void)state;
    static struct suppress_groups g = {.strata = SUPPRESS_STRATA_MAX + 1,
                                       .k = SUPPRESS_K};
    assert_int_equal(suppress_choose(&g), STATUS_E_LIMIT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_groups_as_a_person_would),
        cmocka_unit_test(shows_a_question_by_group_whole_or_not_at_all),
        cmocka_unit_test(linear_programming_recovers_no_protected_cell),
        cmocka_unit_test(primary_suppression_alone_is_broken),
        cmocka_unit_test(hides_unanimity_and_its_neighbour_alike),
        cmocka_unit_test(guards_what_waves_differ_by),
        cmocka_unit_test(refuses_more_than_its_limits),
    };
    glp_term_out(GLP_OFF);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glp_free_env();
    return failed;
}
