/*
 * Random small programmes against every matching there is. The number of
 * programmes is the first argument.
 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/matching/checker.h"
#include "collector/matching/proposal.h"
#include "collector/matching/solver.h"
#include "harness/harness.h"
#include "unit/matching/small.h"

static uint32_t programmes = 200;

static void
shuffle(struct lottery_draw *draw, uint32_t count, uint32_t *order)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t j = lottery_below(draw, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}

/* The mentor of each mentee by number, whatever rows they stand in. */
static void
solve(const struct small *s, const struct proposal_options *o,
      struct lottery_draw *draw, int *out_match, struct proposal *out)
{
    uint32_t mentee_order[SMALL_MAX];
    uint32_t mentor_order[SMALL_MAX];
    struct preferences p;
    struct diag d;
    struct checker c;
    shuffle(draw, s->mentees, mentee_order);
    shuffle(draw, s->mentors, mentor_order);
    small_preferences(s, mentee_order, mentor_order, &p);
    diag_init(&d, I18N_EN);
    assert_true(preferences_check(&p, &d) >= 0);
    assert_int_equal(proposal_make(&p, o, out), STATUS_OK);
    for (uint32_t row = 0; row < s->mentees; row++) {
        const uint32_t m = out->mentor_of[row];
        out_match[mentee_order[row]] =
            m == PREFERENCES_NOBODY ? -1 : (int)mentor_order[m];
    }
    assert_int_equal(checker_run(&p, out->mentor_of, &c), STATUS_OK);
    assert_int_equal(c.invalid.count, 0);
    assert_int_equal(c.overfull, 0);
    assert_int_equal(c.unkept, 0);
    if (o->objective == PROPOSAL_MAX_SCORE
        || o->objective == PROPOSAL_MAX_SIZE) {
        assert_int_equal(c.too_small, 0);
    }
    if (o->objective != PROPOSAL_FLOW) {
        assert_int_equal(c.blocking[CHECKER_WEAK].count, 0);
    }
    checker_deinit(&c);
    diag_deinit(&d);
    preferences_deinit(&p);
}

static void
expect_same(const struct small *s, const int *a, const int *b)
{
    for (uint32_t e = 0; e < s->mentees; e++) {
        assert_int_equal(a[e], b[e]);
    }
}

/* The same result from two shuffles of the rows. */
static void
solve_twice(const struct small *s, const struct proposal_options *o,
            struct lottery_draw *draw, int *out_match, struct proposal *out)
{
    int again[SMALL_MAX] = {0};
    struct proposal other;
    solve(s, o, draw, out_match, out);
    solve(s, o, draw, again, &other);
    expect_same(s, out_match, again);
    proposal_deinit(&other);
}

static int
rank_of(const struct small *s, uint32_t e, int mentor)
{
    return mentor < 0 ? SMALL_MAX : s->mentee_rank[e][mentor];
}

static void
check_strict(const struct small *s, const struct small_best *best,
             struct lottery_draw *draw)
{
    struct proposal_options o = {.seed = 5, .seconds = 10, .threads = 1};
    struct proposal x;
    int match[SMALL_MAX] = {0};
    o.objective = PROPOSAL_MENTEE_OPTIMAL;
    solve_twice(s, &o, draw, match, &x);
    for (uint32_t e = 0; e < s->mentees; e++) {
        assert_int_equal(rank_of(s, e, match[e]), best->best_rank[e]);
    }
    assert_int_equal(x.size, best->stable_size);
    proposal_deinit(&x);
    o.objective = PROPOSAL_MENTOR_OPTIMAL;
    solve_twice(s, &o, draw, match, &x);
    for (uint32_t e = 0; e < s->mentees; e++) {
        assert_int_equal(rank_of(s, e, match[e]), best->worst_rank[e]);
    }
    proposal_deinit(&x);
}

static void
check_flow(const struct small *s, const struct small_best *best,
           struct lottery_draw *draw)
{
    const struct proposal_options o = {
        .objective = PROPOSAL_FLOW,
        .seed = 5,
        .threads = 1,
    };
    struct proposal x;
    int match[SMALL_MAX] = {0};
    solve_twice(s, &o, draw, match, &x);
    assert_int_equal(x.size, best->size);
    assert_int_equal(x.score, best->score);
    proposal_deinit(&x);
}

static void
check_stable(const struct small *s, const struct small_best *best,
             struct lottery_draw *draw, bool use_solver)
{
    const struct proposal_options o = {
        .objective = PROPOSAL_MAX_SCORE,
        .seed = 5,
        .seconds = 20,
        .steps = 3000,
        .threads = 1,
        .use_solver = use_solver,
    };
    struct proposal x;
    int match[SMALL_MAX] = {0};
    const int score = s->has_previous ? best->kept_score : best->stable_score;
    solve_twice(s, &o, draw, match, &x);
    assert_true((int)x.size_bound >= best->stable_size);
    assert_true((int)x.size <= best->stable_size);
    if (x.optimal || (use_solver && solver_name())) {
        assert_true(x.optimal);
        assert_int_equal(x.size, best->stable_size);
        assert_int_equal(x.score, score);
        if (s->has_previous) {
            assert_int_equal(x.kept, best->stable_kept);
        }
    }
    if ((int)x.size == best->stable_size && !s->has_previous) {
        assert_true(x.score <= score && x.score_bound >= score);
    }
    proposal_deinit(&x);
}

static void
run_kind(enum small_kind kind, bool use_solver, uint32_t count)
{
    struct lottery_draw draw = {(uint64_t)kind + 1};
    for (uint32_t i = 0; i < count; i++) {
        char label[64];
        (void)snprintf(label, sizeof(label), "kind %d programme %u", (int)kind,
                       i);
        harness_row(label);
        struct small s;
        struct small_best best;
        small_make(kind, &draw, &s);
        small_try_all(&s, &best);
        check_stable(&s, &best, &draw, use_solver);
        if (kind != SMALL_MINIMUM && kind != SMALL_PREVIOUS) {
            check_flow(&s, &best, &draw);
        }
        if (kind == SMALL_STRICT) {
            check_strict(&s, &best, &draw);
        }
    }
}

static void
best_in_every_objective(void **state)
{
    (void)state;
    for (int kind = 0; kind < SMALL_KIND_COUNT; kind++) {
        run_kind((enum small_kind)kind, true, programmes / SMALL_KIND_COUNT);
    }
}

static void
without_a_solver_never_wrong(void **state)
{
    (void)state;
    for (int kind = 0; kind < SMALL_KIND_COUNT; kind++) {
        run_kind((enum small_kind)kind, false, programmes);
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_in_every_objective),
        cmocka_unit_test(without_a_solver_never_wrong),
    };
    if (argc > 1) {
        programmes = (uint32_t)strtoul(argv[1], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
