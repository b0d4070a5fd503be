/*
 * Suppression, attacked. For random waves every published count becomes an
 * equation, and a linear program looks for the least and the greatest number
 * of people each protected cell can hold. The attacker also knows how many
 * people each stratum has.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glpk.h>

#include "collector/summary/suppress.h"
#include "harness/harness.h"

#define WAVES 500
#define STRATA_MAX 48
#define CATEGORIES_MAX 12
#define SEGMENTS_MAX 32
#define ROWS_MAX 512
#define EPS 1e-6

static uint32_t rng_state;

static uint32_t
below(uint32_t bound)
{
    rng_state = rng_state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (uint32_t)((uint64_t)(rng_state >> 4) * bound >> 28);
}

/* A wave: group questions, people, answers, and everything one can ask for. */
struct wave {
    struct suppress_table table;
    uint32_t count[STRATA_MAX * CATEGORIES_MAX];
    uint8_t coarse[CATEGORIES_MAX];
    struct suppress_segment segment[SEGMENTS_MAX];
    size_t segments;
    uint32_t people;
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
add_segment(struct wave *w, const uint32_t *options, int q1, uint32_t o1,
            int q2, uint32_t o2)
{
    if (w->segments == SEGMENTS_MAX) {
        return;
    }
    struct suppress_segment s = {{0}, SUPPRESS_TOO_FEW};
    for (uint32_t i = 0; i < w->table.strata; i++) {
        bool in = option_of(options, (uint32_t)q1, i) == o1;
        in = in && (q2 < 0 || option_of(options, (uint32_t)q2, i) == o2);
        if (in) {
            suppress_include(&s, i);
        }
    }
    w->segment[w->segments++] = s;
}

static void
random_wave(struct wave *w)
{
    memset(w, 0, sizeof(*w));
    uint32_t questions = 1 + below(3);
    uint32_t options[3] = {1, 1, 1};
    uint32_t strata = 1;
    for (uint32_t q = 0; q < questions; q++) {
        options[q] = 2 + below(q == 0 ? 4 : 2);
        strata *= options[q];
    }
    uint32_t answers = (uint32_t[]){2, 3, 5, 10}[below(4)];
    w->table = (struct suppress_table){
        .strata = strata,
        .categories = answers + 1,
        .answers = answers,
        .count = w->count,
        .k = SUPPRESS_K,
    };
    for (uint32_t c = 0; c < answers; c++) {
        w->coarse[c] = c * 3 < answers * 2 ? 0 : 1;
    }
    w->coarse[answers] = 2;
    w->people = 8 + below(below(3) == 0 ? 200 : 45);
    uint32_t lean = below(answers);
    for (uint32_t p = 0; p < w->people; p++) {
        uint32_t a = below(strata);
        uint32_t b = below(strata);
        uint32_t s = a < b ? a : b; /* uneven groups */
        uint32_t c = below(3) == 0 ? lean : below(answers);
        c = below(15) == 0 ? answers : c;
        w->count[s * (answers + 1) + c]++;
    }
    for (int q = 0; q < (int)questions; q++) {
        for (uint32_t o = 0; o < options[q]; o++) {
            add_segment(w, options, q, o, -1, 0);
        }
    }
    if (questions > 1 && below(2) == 0) {
        for (uint32_t o = 0; o < options[0] * options[1]; o++) {
            add_segment(w, options, 0, o % options[0], 1, o / options[0]);
        }
    }
}

/* An equation over the counts of some strata (NULL: all) in the categories
 * that `as` (NULL: themselves) maps to `shown`. */
static void
equation(glp_prob *lp, const struct wave *w, const struct suppress_segment *set,
         const uint8_t *as, size_t shown)
{
    size_t cats = w->table.categories;
    int index[STRATA_MAX * CATEGORIES_MAX + 1];
    double one[STRATA_MAX * CATEGORIES_MAX + 1];
    int n = 0;
    double sum = 0.0;
    for (size_t i = 0; i < w->table.strata * cats; i++) {
        bool in = (!set || suppress_includes(set, i / cats))
                  && (as ? as[i % cats] : i % cats) == shown;
        if (in) {
            index[++n] = (int)i + 1;
            one[n] = 1.0;
            sum += w->count[i];
        }
    }
    if (n > 0) {
        int row = glp_add_rows(lp, 1);
        glp_set_mat_row(lp, row, n, index, one);
        glp_set_row_bnds(lp, row, GLP_FX, sum, sum);
    }
}

/* The attacker's linear program. */
static glp_prob *
program(const struct wave *w, const uint8_t *coarse)
{
    static const uint8_t any[CATEGORIES_MAX]; /* all categories as one */
    size_t cats = w->table.categories;
    int columns = (int)(w->table.strata * cats);
    glp_prob *lp = glp_create_prob();
    glp_add_cols(lp, columns);
    for (int c = 1; c <= columns; c++) {
        glp_set_col_bnds(lp, c, GLP_LO, 0.0, 0.0);
    }
    for (size_t s = 0; s < w->table.strata; s++) {
        struct suppress_segment one = {{0}, SUPPRESS_SHOWN};
        suppress_include(&one, s);
        equation(lp, w, &one, any, 0);
    }
    for (size_t shown = 0; shown < cats; shown++) {
        equation(lp, w, NULL, NULL, shown);
        for (size_t g = 0; g < w->segments; g++) {
            if (w->segment[g].state == SUPPRESS_SHOWN) {
                equation(lp, w, &w->segment[g], coarse, shown);
            }
        }
    }
    return lp;
}

/* Least or greatest number of people of `set` in category `c` (merged by
 * `coarse` if given). */
static double
bound(glp_prob *lp, const struct wave *w, const struct suppress_segment *set,
      const uint8_t *coarse, size_t c, int direction)
{
    size_t cats = w->table.categories;
    for (size_t s = 0; s < w->table.strata; s++) {
        for (size_t j = 0; j < cats; j++) {
            bool in =
                suppress_includes(set, s) && (coarse ? coarse[j] == c : j == c);
            glp_set_obj_coef(lp, (int)(s * cats + j) + 1, in ? 1.0 : 0.0);
        }
    }
    glp_set_obj_dir(lp, direction);
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    assert_int_equal(glp_simplex(lp, &options), 0);
    assert_int_equal(glp_get_status(lp), GLP_OPT);
    return glp_get_obj_val(lp);
}

struct score {
    size_t cells;     /* protected cells attacked */
    size_t recovered; /* to within +-1, where the whole did not tell */
    size_t shown;
    size_t shielded;
    size_t few;
};

/* People of a set (NULL: all) in a category under `as` (NULL: any). */
static double
people_in(const struct wave *w, const struct suppress_segment *set,
          const uint8_t *as, size_t category)
{
    size_t cats = w->table.categories;
    double n = 0.0;
    for (size_t i = 0; i < w->table.strata * cats; i++) {
        bool in = (!set || suppress_includes(set, i / cats))
                  && (!as || as[i % cats] == category);
        n += in ? w->count[i] : 0.0;
    }
    return n;
}

/* Try each category of one protected set. */
static void
attack_set(glp_prob *lp, const struct wave *w,
           const struct suppress_segment *set, const uint8_t *coarse,
           struct score *score)
{
    size_t cats = w->table.categories;
    double people = people_in(w, set, NULL, 0);
    uint8_t itself[CATEGORIES_MAX] = {0};
    for (size_t c = 0; c < cats; c++) {
        itself[c] = coarse ? coarse[c] : (uint8_t)c;
    }
    for (size_t c = 0; c < cats; c++) {
        double truth = people_in(w, set, itself, c);
        double all = people_in(w, NULL, itself, c);
        double low = bound(lp, w, set, coarse, c, GLP_MIN);
        double high = bound(lp, w, set, coarse, c, GLP_MAX);
        assert_true(low <= truth + EPS && high >= truth - EPS);
        bool pinned = low > truth - 2.0 + EPS && high < truth + 2.0 - EPS;
        double low_before = fmax(0.0, people + all - w->people);
        double high_before = fmin(people, all);
        bool learned = low > low_before + EPS || high < high_before - EPS;
        score->cells++;
        score->recovered += pinned && learned ? 1 : 0;
    }
}

static uint32_t
answers_of(const struct wave *w, const struct suppress_segment *set)
{
    uint32_t n = 0;
    for (size_t s = 0; s < w->table.strata; s++) {
        for (size_t c = 0; c < w->table.answers; c++) {
            n += suppress_includes(set, s)
                     ? w->count[s * w->table.categories + c]
                     : 0;
        }
    }
    return n;
}

static void
attack_if_small(glp_prob *lp, const struct wave *w,
                const struct suppress_segment *set, const uint8_t *coarse,
                struct score *score)
{
    uint32_t n = answers_of(w, set);
    if (n > 0 && n < w->table.k) {
        attack_set(lp, w, set, NULL, score);
        if (coarse) {
            attack_set(lp, w, set, coarse, score);
        }
    }
}

/* All sets below k: segments, and differences of nested ones. */
static void
attack(const struct wave *w, bool merged, struct score *score)
{
    const uint8_t *coarse = merged ? w->coarse : NULL;
    glp_prob *lp = program(w, coarse);
    for (size_t g = 0; g < w->segments; g++) {
        score->shown += w->segment[g].state == SUPPRESS_SHOWN ? 1 : 0;
        score->shielded += w->segment[g].state == SUPPRESS_SHIELD ? 1 : 0;
        score->few += w->segment[g].state == SUPPRESS_TOO_FEW ? 1 : 0;
        attack_if_small(lp, w, &w->segment[g], coarse, score);
        for (size_t o = 0; o <= w->segments; o++) {
            struct suppress_segment rest = {{0}, SUPPRESS_TOO_FEW};
            bool inside = true;
            for (size_t s = 0; s < w->table.strata; s++) {
                bool in = suppress_includes(&w->segment[g], s);
                bool out =
                    o == w->segments || suppress_includes(&w->segment[o], s);
                inside = inside && (!in || out);
                if (out && !in) {
                    suppress_include(&rest, s);
                }
            }
            if (inside) {
                attack_if_small(lp, w, &rest, coarse, score);
            }
        }
    }
    glp_delete_prob(lp);
}

static void
linear_programming_recovers_no_protected_cell(void **state)
{
    (void)state;
    struct score full = {0};
    struct score planned = {0};
    size_t merged_waves = 0;
    rng_state = 20261123;
    for (size_t i = 0; i < WAVES; i++) {
        struct wave w;
        random_wave(&w);
        char label[32];
        (void)snprintf(label, sizeof(label), "wave %zu", i);
        harness_row(label);
        enum suppress_state whole;
        assert_int_equal(
            suppress_decide(&w.table, w.segment, w.segments, &whole),
            STATUS_OK);
        if (whole != SUPPRESS_SHOWN) {
            continue;
        }
        attack(&w, false, &full);
        assert_int_equal(full.recovered, 0);
        bool merged = false;
        assert_int_equal(
            suppress_plan(&w.table, w.coarse, w.segment, w.segments, &merged),
            STATUS_OK);
        merged_waves += merged ? 1 : 0;
        attack(&w, merged, &planned);
        assert_int_equal(planned.recovered, 0);
    }
    print_message("full: %zu cells attacked; %zu segments shown, %zu shielded,"
                  " %zu too few\n",
                  full.cells, full.shown, full.shielded, full.few);
    print_message("planned (%zu of %d merged): %zu cells attacked; %zu shown,"
                  " %zu shielded, %zu too few\n",
                  merged_waves, WAVES, planned.cells, planned.shown,
                  planned.shielded, planned.few);
    assert_true(full.cells > 2000);
    assert_true(planned.shown > full.shown);
}

/* The attack has teeth: primary suppression alone does not stand it. */
static void
primary_suppression_alone_is_broken(void **state)
{
    (void)state;
    struct score score = {0};
    rng_state = 7;
    for (size_t i = 0; i < 20; i++) {
        struct wave w;
        random_wave(&w);
        for (size_t g = 0; g < w.segments; g++) {
            w.segment[g].state = answers_of(&w, &w.segment[g]) >= w.table.k
                                     ? SUPPRESS_SHOWN
                                     : SUPPRESS_TOO_FEW;
        }
        attack(&w, false, &score);
    }
    assert_true(score.recovered > 50);
}

static void
decides_as_a_person_would(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t groups;
        uint32_t yes_no[4][2];
        enum suppress_state expected[4];
        enum suppress_state whole;
    } rows[] = {
        {"all large: all shown",
         3,
         {{6, 3}, {4, 4}, {5, 2}},
         {SUPPRESS_SHOWN, SUPPRESS_SHOWN, SUPPRESS_SHOWN},
         SUPPRESS_SHOWN},
        {"one small group takes a second one with it",
         3,
         {{6, 6}, {4, 3}, {2, 1}},
         {SUPPRESS_SHOWN, SUPPRESS_SHIELD, SUPPRESS_TOO_FEW},
         SUPPRESS_SHOWN},
        {"two groups, one small: neither",
         2,
         {{10, 6}, {2, 1}},
         {SUPPRESS_SHIELD, SUPPRESS_TOO_FEW},
         SUPPRESS_SHOWN},
        {"two small ones still show too much together",
         3,
         {{9, 8}, {1, 2}, {1, 1}},
         {SUPPRESS_SHIELD, SUPPRESS_TOO_FEW, SUPPRESS_TOO_FEW},
         SUPPRESS_SHOWN},
        {"an empty group hides nobody",
         3,
         {{6, 3}, {4, 4}, {0, 0}},
         {SUPPRESS_SHOWN, SUPPRESS_SHOWN, SUPPRESS_TOO_FEW},
         SUPPRESS_SHOWN},
        {"four answers in all: nothing",
         2,
         {{2, 0}, {1, 1}},
         {SUPPRESS_TOO_FEW, SUPPRESS_TOO_FEW},
         SUPPRESS_TOO_FEW},
    };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        harness_row(rows[r].label);
        struct suppress_segment segment[4] = {{{0}, SUPPRESS_SHOWN}};
        for (size_t g = 0; g < rows[r].groups; g++) {
            suppress_include(&segment[g], g);
        }
        struct suppress_table t = {rows[r].groups,        2,    2,
                                   &rows[r].yes_no[0][0], NULL, SUPPRESS_K};
        enum suppress_state whole;
        assert_int_equal(suppress_decide(&t, segment, rows[r].groups, &whole),
                         STATUS_OK);
        assert_int_equal(whole, rows[r].whole);
        for (size_t g = 0; g < rows[r].groups; g++) {
            assert_int_equal(segment[g].state, rows[r].expected[g]);
        }
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
    enum suppress_state whole;
    struct suppress_table t = {
        SUPPRESS_STRATA_MAX + 1, 2, 2, NULL, NULL, SUPPRESS_K,
    };
    assert_int_equal(suppress_decide(&t, NULL, 0, &whole), STATUS_E_LIMIT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides_as_a_person_would),
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
