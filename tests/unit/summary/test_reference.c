/*
 * Every statistic against R on 500 random data sets. tests/data/stats/make.R
 * wrote the reference; an argument names another file made by it.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/matching/pairwise.h"
#include "collector/summary/alpha.h"
#include "collector/summary/compare.h"
#include "collector/summary/crosstab.h"
#include "collector/summary/describe.h"
#include "collector/summary/proportion.h"
#include "collector/summary/ranking.h"
#include "collector/summary/special.h"
#include "harness/harness.h"

#define TOLERANCE 1e-9 /* relative */
#define NEAR_ZERO 1e-12
#define LINE_MAX_BYTES 16384
#define VALUES_MAX 1024
#define RESULTS_MAX 64

static const char *reference; /* another file than the kept one */
static const char *current_line;
static size_t compared;
static size_t compared_exact; /* p values, and the least there could be */
static size_t results_count;  /* of the line at hand */

static void
same(double ours, double theirs)
{
    compared++;
    if (isnan(theirs) && isnan(ours)) {
        return;
    }
    double size = fmax(fabs(ours), fabs(theirs));
    double off = fabs(ours - theirs);
    if (!(off <= TOLERANCE * size || off <= NEAR_ZERO)) {
        print_error("ours %.17g, R's %.17g in: %.200s\n", ours, theirs,
                    current_line);
        fail();
    }
}

/* Exact where R's is; where we are exact beyond its limit there is nothing to
 * compare with. */
static void
same_p(const struct ranktest *test, double ours, double p, bool exact)
{
    assert_true(test->exact || !exact);
    if (test->exact == exact) {
        same(ours, p);
        compared_exact += exact ? 1 : 0;
    }
}

static size_t
numbers(const char *text, double *out, size_t max)
{
    size_t n = 0;
    for (;;) {
        char *end = NULL;
        double v = strtod(text, &end);
        if (end == text) {
            return n;
        }
        assert_true(n < max);
        out[n++] = v;
        text = *end == ',' ? end + 1 : end;
    }
}

/* "value:count value:count" */
static struct tally
counted(const char *text, struct tally_value *store)
{
    struct tally t = {store, 0, 0, 0};
    for (;;) {
        char *end = NULL;
        double v = strtod(text, &end);
        if (end == text) {
            return t;
        }
        assert_true(t.count < VALUES_MAX && *end == ':');
        store[t.count].value = v;
        store[t.count].count = strtoull(end + 1, &end, 10);
        t.count++;
        text = end;
    }
}

/* The text after the next " | "; ends the part before it. */
static char *
next_part(char *text)
{
    char *bar = strstr(text, " | ");
    assert_non_null(bar);
    *bar = '\0';
    return bar + 3;
}

static void
check_describe(char *in, const double *r)
{
    struct tally_value v[VALUES_MAX];
    struct tally t = counted(in, v);
    struct describe d;
    describe_tally(&t, INTERVAL_LEVEL, &d);
    const double ours[] = {(double)d.n,
                           d.mean,
                           d.sd,
                           d.mean_interval.low,
                           d.mean_interval.high,
                           d.min,
                           d.q1,
                           d.median,
                           d.q3,
                           d.max};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        same(ours[i], r[i]);
    }
}

static void
check_wilson(char *in, const double *r)
{
    double v[2];
    assert_int_equal(numbers(in, v, 2), 2);
    struct interval i =
        proportion_wilson((uint64_t)v[0], (uint64_t)v[1], INTERVAL_LEVEL);
    same(i.low, r[0]);
    same(i.high, r[1]);
}

static void
check_share(char *in, const double *r)
{
    struct tally_value v[VALUES_MAX];
    double ends[2];
    char *cut = next_part(in);
    struct tally t = counted(in, v);
    assert_int_equal(numbers(cut, ends, 2), 2);
    struct proportion p =
        proportion_between(&t, ends[0], ends[1], INTERVAL_LEVEL);
    same((double)p.hits, r[0]);
    same(p.share, r[1]);
    same(p.interval.low, r[2]);
    same(p.interval.high, r[3]);
}

static void
check_histogram(char *in, const double *r)
{
    struct tally_value v[VALUES_MAX];
    struct tally t = counted(in, v);
    struct tally_bin bin[TALLY_BINS_MAX];
    size_t bins = tally_histogram(&t, bin);
    assert_int_equal(bins + 2, results_count);
    for (size_t i = 0; i < bins; i++) {
        same(bin[i].from, r[0] + (double)i * r[1]);
        same((double)bin[i].count, r[2 + i]);
    }
}

static void
check_nps(char *in, const double *r)
{
    struct tally_value v[VALUES_MAX];
    struct tally t = counted(in, v);
    struct proportion_nps nps;
    assert_int_equal(proportion_nps(&t, INTERVAL_LEVEL, &nps), STATUS_OK);
    same(nps.score, r[0]);
    same(nps.interval.low, r[1]);
    same(nps.interval.high, r[2]);
}

static void
check_unlinked(char *in, const double *r)
{
    struct tally_value v1[VALUES_MAX];
    struct tally_value v2[VALUES_MAX];
    char *second = next_part(in);
    struct tally a = counted(in, v1);
    struct tally b = counted(second, v2);
    struct compare c;
    assert_int_equal(compare_unlinked(&a, &b, INTERVAL_LEVEL, &c), STATUS_OK);
    same(c.difference, r[0]);
    same(c.difference_interval.low, r[1]);
    same(c.difference_interval.high, r[2]);
    same(c.test.statistic, r[3]);
    same_p(&c.test, c.test.p, r[4], r[5] > 0.0);
    same(c.effect, r[6]);
    same(c.effect_interval.low, r[7]);
    same(c.effect_interval.high, r[8]);
    same_p(&c.test, c.test.least_p, r[9], r[5] > 0.0);
}

static void
check_linked(char *in, const double *r)
{
    struct tally_value v[VALUES_MAX];
    struct tally d = counted(in, v);
    struct compare c;
    assert_int_equal(compare_linked(&d, INTERVAL_LEVEL, &c), STATUS_OK);
    same(c.difference, r[0]);
    same(c.difference_interval.low, r[1]);
    same(c.difference_interval.high, r[2]);
    same(c.test.statistic, r[3]);
    same_p(&c.test, c.test.p, r[4], r[5] > 0.0);
    same(c.effect, r[6]);
    same(c.effect_interval.low, r[7]);
    same(c.effect_interval.high, r[8]);
    same_p(&c.test, c.test.least_p, r[9], r[5] > 0.0);
}

static void
check_alpha(char *in, const double *r)
{
    double v[VALUES_MAX];
    char *rows = next_part(in);
    size_t items = (size_t)strtoul(in, NULL, 10);
    size_t n = numbers(rows, v, VALUES_MAX);
    struct alpha_sums s;
    struct alpha a;
    assert_int_equal(alpha_init(&s, items), STATUS_OK);
    for (size_t i = 0; i < n; i += items) {
        alpha_add(&s, v + i);
    }
    alpha_compute(&s, INTERVAL_LEVEL, &a);
    same(a.alpha, r[0]);
    same(a.interval.low, r[1]);
    same(a.interval.high, r[2]);
    for (size_t part = 0; part < 2; part++) {
        double mean = 0.0;
        struct interval i = alpha_mean(&s, part == 0 ? ALPHA_SCALE : items - 1,
                                       INTERVAL_LEVEL, &mean);
        same(mean, r[3 + 3 * part]);
        same(i.low, r[4 + 3 * part]);
        same(i.high, r[5 + 3 * part]);
    }
    assert_int_equal(a.shown, n / items >= ALPHA_MIN_ANSWERS);
}

static void
check_holm(char *in, const double *r)
{
    double p[VALUES_MAX];
    size_t n = numbers(in, p, VALUES_MAX);
    assert_int_equal(compare_holm(p, n, p), STATUS_OK);
    for (size_t i = 0; i < n; i++) {
        same(p[i], r[i]);
    }
}

static void
check_crosstab(char *in, const double *r)
{
    double v[VALUES_MAX];
    uint64_t count[VALUES_MAX];
    char *columns = next_part(in);
    char *cells = next_part(columns);
    size_t n = numbers(cells, v, VALUES_MAX);
    for (size_t i = 0; i < n; i++) {
        count[i] = (uint64_t)v[i];
    }
    struct crosstab t;
    assert_int_equal(crosstab_init(&t, strtoul(in, NULL, 10),
                                   strtoul(columns, NULL, 10), count),
                     STATUS_OK);
    same(t.chi_square, r[0]);
    same(t.cramer_v, r[1]);
}

static void
check_ranking(char *in, const double *r)
{
    char *ballots = next_part(in);
    size_t k = strtoul(in, NULL, 10);
    struct ranking_counts counts;
    struct ranking result;
    assert_int_equal(ranking_init(&counts, k), STATUS_OK);
    char *rest = NULL;
    for (char *b = strtok_r(ballots, " ", &rest); b;
         b = strtok_r(NULL, " ", &rest)) {
        double named[RANKING_OPTIONS_MAX];
        size_t order[RANKING_OPTIONS_MAX];
        size_t n = numbers(b, named, RANKING_OPTIONS_MAX);
        for (size_t i = 0; i < n; i++) {
            order[i] = (size_t)named[i] - 1;
        }
        assert_int_equal(ranking_add(&counts, order, n), STATUS_OK);
    }
    ranking_compute(&counts, INTERVAL_LEVEL, &result);
    same((double)result.condorcet, r[0]);
    for (size_t i = 0; i < k; i++) {
        same(result.option[i].mean_place, r[1 + i]);
        same((double)result.option[i].borda, r[1 + k + i]);
        same((double)result.option[i].schulze, r[1 + 2 * k + i]);
        same(result.option[i].first.share, r[1 + 3 * k + i]);
        same(result.option[i].first.interval.low, r[1 + 4 * k + i]);
        same(result.option[i].first.interval.high, r[1 + 5 * k + i]);
    }
}

static void
check_meeting(char *in, const double *r)
{
    char *text = next_part(in);
    uint32_t k = (uint32_t)strtoul(in, NULL, 10);
    uint32_t count = 1;
    for (const char *c = text; *c; c++) {
        count += *c == ' ' ? 1 : 0;
    }
    struct ballots b;
    assert_int_equal(ballots_init(&b, k, count), STATUS_OK);
    char *rest = NULL;
    char *one = strtok_r(text, " ", &rest);
    for (uint32_t at = 0; one; one = strtok_r(NULL, " ", &rest), at++) {
        double named[RANKING_OPTIONS_MAX];
        size_t n = numbers(one, named, RANKING_OPTIONS_MAX);
        for (size_t i = 0; i < n; i++) {
            ballots_at(&b, at)[(size_t)named[i] - 1] = (uint8_t)i;
        }
    }
    struct pairwise p;
    assert_int_equal(pairwise_count(&b, &p), STATUS_OK);
    const uint64_t winners[] = {p.condorcet, p.schulze, p.copeland, p.minimax,
                                p.borda};
    size_t rules = sizeof(winners) / sizeof(winners[0]);
    for (size_t i = 0; i < rules; i++) {
        same((double)winners[i], r[i]);
    }
    for (uint32_t i = 0; i < k; i++) {
        same((double)p.borda_doubled[i], r[rules + i]);
        same((double)p.copeland_score[i], r[rules + k + i]);
    }
    pairwise_deinit(&p);
    ballots_deinit(&b);
}

static void
check_special(char *in, const double *r)
{
    double v[5];
    assert_int_equal(numbers(in, v, 5), 5);
    same(special_normal_quantile(v[0]), r[0]);
    same(special_t_quantile(v[0], v[1]), r[1]);
    same(special_f_quantile(v[0], v[1], v[2]), r[2]);
    same(special_t(v[3], v[1]), r[3]);
    same(special_f(v[4], v[1], v[2]), r[4]);
}

#define SETS 500UL

static const struct {
    const char *kind;
    void (*check)(char *in, const double *results);
} kinds[] = {
    {"describe", check_describe}, {"histogram", check_histogram},
    {"wilson", check_wilson},     {"share", check_share},
    {"nps", check_nps},           {"unlinked", check_unlinked},
    {"linked", check_linked},     {"alpha", check_alpha},
    {"holm", check_holm},         {"crosstab", check_crosstab},
    {"ranking", check_ranking},   {"meeting", check_meeting},
    {"special", check_special},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
check_line(char *line, size_t *seen)
{
    char *equals = strstr(line, " = ");
    char *space = strchr(line, ' ');
    if (!equals || !space || line[0] == '#') {
        return;
    }
    double results[RESULTS_MAX];
    results_count = numbers(equals + 3, results, RESULTS_MAX);
    *equals = '\0';
    *space = '\0';
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].kind, line) == 0) {
            kinds[i].check(space + 1, results);
            seen[i]++;
            return;
        }
    }
    fail_msg("unknown kind: %s", line);
}

static void
equals_r_on_500_random_data_sets(void **state)
{
    (void)state;
    FILE *f =
        fopen(reference ? reference
                        : harness_source("tests/data/stats/reference.txt"),
              "r");
    assert_non_null(f);
    static char line[LINE_MAX_BYTES];
    static char copy[LINE_MAX_BYTES];
    size_t seen[KINDS] = {0};
    while (fgets(line, sizeof(line), f)) {
        memcpy(copy, line, sizeof(copy));
        current_line = copy;
        check_line(line, seen);
    }
    assert_int_equal(fclose(f), 0);
    for (size_t i = 0; i < KINDS; i++) {
        harness_row(kinds[i].kind);
        assert_true(seen[i] >= SETS);
    }
    assert_true(compared_exact >= 2 * 2 * (SETS - SETS / 50)); /* linked, un- */
    print_message("%zu figures equal\n", compared);
}

int
main(int argc, char **argv)
{
    reference = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_r_on_500_random_data_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
