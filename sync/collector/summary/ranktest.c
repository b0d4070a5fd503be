#include "collector/summary/ranktest.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/log.h"
#include "collector/summary/special.h"

/* Tied answers: `count` of them share `score`, twice their midrank. */
struct tie {
    uint64_t count;
    uint64_t second; /* how many belong to the second (or positive) side */
    uint64_t score;  /* doubled midrank, later shifted and divided */
};

struct ties {
    struct tie *tie; /* owned */
    size_t count;
    uint64_t n;      /* answers in all */
    double tie_term; /* sum of t^3 - t */
};

static void
ties_score(struct ties *t)
{
    t->n = 0;
    t->tie_term = 0.0;
    for (size_t i = 0; i < t->count; i++) {
        uint64_t c = t->tie[i].count;
        t->tie[i].score = 2 * t->n + c + 1;
        t->n += c;
        double d = (double)c;
        t->tie_term += d * d * d - d;
    }
}

/* Join two ascending tallies into tie groups. */
static enum status
ties_merge(const struct tally *a, const struct tally *b, struct ties *out)
{
    *out = (struct ties){NULL, 0, 0, 0.0};
    out->tie = calloc(a->count + b->count + 1, sizeof(*out->tie));
    if (!out->tie) {
        return log_oom("ranktest");
    }
    size_t i = 0;
    size_t j = 0;
    while (i < a->count || j < b->count) {
        bool take_a =
            i < a->count
            && (j >= b->count || a->value[i].value <= b->value[j].value);
        bool take_b =
            j < b->count
            && (i >= a->count || b->value[j].value <= a->value[i].value);
        uint64_t first = take_a ? a->value[i++].count : 0;
        uint64_t second = take_b ? b->value[j++].count : 0;
        if (first + second > 0) {
            out->tie[out->count++] = (struct tie){first + second, second, 0};
        }
    }
    ties_score(out);
    return STATUS_OK;
}

static uint64_t
greatest_common(uint64_t a, uint64_t b)
{
    while (b > 0) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* Make the scores as small as they can be: distances of sums, which is all
 * that counts, are only scaled by it. */
static void
ties_shrink(struct ties *t)
{
    uint64_t low = t->tie[0].score;
    uint64_t step = 0;
    for (size_t i = 0; i < t->count; i++) {
        t->tie[i].score -= low;
        step = greatest_common(step, t->tie[i].score);
    }
    for (size_t i = 0; i < t->count && step > 0; i++) {
        t->tie[i].score /= step;
    }
}

/* ways[i][s]: in how many ways i of the answers so far sum up to s. */
struct subsets {
    double *ways; /* owned */
    uint64_t take;
    uint64_t sum_max;
};

static double *
subsets_row(const struct subsets *w, uint64_t taken)
{
    return w->ways + taken * (w->sum_max + 1);
}

/* Add j = 1..count of a tie group to every smaller subset, largest first so
 * that each subset is read before it is changed. */
static void
subsets_add(struct subsets *w, const struct tie *tie)
{
    for (uint64_t i = w->take; i > 0; i--) {
        double *to = subsets_row(w, i);
        double choose = 1.0;
        for (uint64_t j = 1; j <= tie->count && j <= i; j++) {
            choose = choose * (double)(tie->count - j + 1) / (double)j;
            const double *from = subsets_row(w, i - j);
            uint64_t shift = j * tie->score;
            for (uint64_t s = shift; s <= w->sum_max; s++) {
                to[s] += choose * from[s - shift];
            }
        }
    }
}

/* Largest possible sum of `take` scores. */
static uint64_t
largest_sum(const struct ties *t, uint64_t take)
{
    uint64_t sum = 0;
    for (size_t i = t->count; i-- > 0 && take > 0;) {
        uint64_t c = t->tie[i].count < take ? t->tie[i].count : take;
        sum += c * t->tie[i].score;
        take -= c;
    }
    return sum;
}

/* Share of `ways` whose |scale * sum - centre| is at least `reach`. */
static double
share_beyond(const double *ways, uint64_t sum_max, int64_t scale,
             int64_t centre, int64_t reach)
{
    double all = 0.0;
    double beyond = 0.0;
    for (uint64_t s = 0; s <= sum_max; s++) {
        all += ways[s];
        if (llabs(scale * (int64_t)s - centre) >= reach) {
            beyond += ways[s];
        }
    }
    return fmin(beyond / all, 1.0);
}

/* The greatest distance that can occur. */
static int64_t
farthest(const double *ways, uint64_t sum_max, int64_t scale, int64_t centre)
{
    int64_t most = 0;
    for (uint64_t s = 0; s <= sum_max; s++) {
        int64_t far = llabs(scale * (int64_t)s - centre);
        if (ways[s] > 0.0 && far > most) {
            most = far;
        }
    }
    return most;
}

/* STATUS_NONE when the sizes are beyond the limits. */
static enum status
unlinked_exact(struct ties *t, uint64_t n_second, struct ranktest *out)
{
    ties_shrink(t);
    bool swap = n_second > t->n - n_second;
    struct subsets w = {NULL, swap ? t->n - n_second : n_second, 0};
    w.sum_max = largest_sum(t, w.take);
    size_t cells = (size_t)((w.take + 1) * (w.sum_max + 1));
    if (w.take > RANKTEST_MAX_CELLS || cells > RANKTEST_MAX_CELLS
        || cells * t->n > RANKTEST_MAX_STEPS) {
        return STATUS_NONE;
    }
    w.ways = calloc(cells, sizeof(*w.ways));
    if (!w.ways) {
        return log_oom("ranktest");
    }
    w.ways[0] = 1.0;
    uint64_t seen = 0;
    uint64_t total = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct tie *tie = &t->tie[i];
        subsets_add(&w, tie);
        seen += (swap ? tie->count - tie->second : tie->second) * tie->score;
        total += tie->count * tie->score;
    }
    const double *ways = subsets_row(&w, w.take);
    int64_t scale = (int64_t)t->n;
    int64_t centre = (int64_t)(w.take * total);
    int64_t reach = llabs(scale * (int64_t)seen - centre);
    out->p = share_beyond(ways, w.sum_max, scale, centre, reach);
    reach = farthest(ways, w.sum_max, scale, centre);
    out->least_p = share_beyond(ways, w.sum_max, scale, centre, reach);
    out->exact = true;
    free(w.ways);
    return STATUS_OK;
}

/* Two-sided p of a distance from the mean, half a step taken off. */
static double
normal_p(double distance, double variance, double correction)
{
    if (!(variance > 0.0)) {
        return 1.0;
    }
    double z = fmax(fabs(distance) - correction, 0.0) / sqrt(variance);
    return fmin(2.0 * special_normal(-z), 1.0);
}

enum status
ranktest_unlinked(const struct tally *first, const struct tally *second,
                  struct ranktest *out)
{
    *out = (struct ranktest){
        tally_total(first), tally_total(second), NAN, NAN, NAN, false};
    if (out->n1 == 0 || out->n2 == 0) {
        return STATUS_NONE;
    }
    struct ties t;
    enum status st = ties_merge(first, second, &t);
    if (st < 0) {
        return st;
    }
    double rank_sum = 0.0;
    for (size_t i = 0; i < t.count; i++) {
        rank_sum += (double)t.tie[i].second * (double)t.tie[i].score / 2.0;
    }
    double n1 = (double)out->n1;
    double n2 = (double)out->n2;
    out->statistic = rank_sum - n2 * (n2 + 1.0) / 2.0;
    st = unlinked_exact(&t, out->n2, out);
    if (st == STATUS_NONE) {
        double n = n1 + n2;
        double variance =
            n1 * n2 / 12.0 * (n + 1.0 - t.tie_term / (n * (n - 1.0)));
        out->p = normal_p(out->statistic - n1 * n2 / 2.0, variance, 0.5);
        out->least_p = 0.0;
        st = STATUS_OK;
    }
    free(t.tie);
    return st;
}

/* Tie groups of |difference|; `second` counts the positive ones. A leading
 * group holds the zeros, if there are any: its count is *out_zeros. */
static enum status
ties_of_differences(const struct tally *d, struct ties *out,
                    uint64_t *out_zeros)
{
    *out_zeros = 0;
    struct tally_value *minus = calloc(d->count + 1, sizeof(*minus));
    if (!minus) {
        return log_oom("ranktest");
    }
    size_t negative = 0;
    while (negative < d->count && d->value[negative].value < 0.0) {
        negative++;
    }
    for (size_t i = 0; i < negative; i++) {
        const struct tally_value *v = &d->value[negative - 1 - i];
        minus[i] = (struct tally_value){-v->value, v->count};
    }
    struct tally a = {minus, negative, 0, 0};
    struct tally b = {d->value + negative, d->count - negative, 0, 0};
    bool has_zero = b.count > 0 && b.value[0].value <= 0.0;
    *out_zeros = has_zero ? b.value[0].count : 0;
    enum status st = ties_merge(&a, &b, out);
    free(minus);
    return st;
}

static enum status
linked_exact(const struct ties *t, size_t from, struct ranktest *out)
{
    uint64_t step = 0;
    uint64_t total = 0;
    for (size_t i = from; i < t->count; i++) {
        step = greatest_common(step, t->tie[i].score);
        total += t->tie[i].count * t->tie[i].score;
    }
    assert(step > 0); /* without zeros every rank is */
    uint64_t sum_max = total / step;
    if (sum_max >= RANKTEST_MAX_CELLS
        || sum_max * out->n1 > RANKTEST_MAX_STEPS) {
        return STATUS_NONE;
    }
    double *ways = calloc(sum_max + 1, sizeof(*ways));
    if (!ways) {
        return log_oom("ranktest");
    }
    ways[0] = 1.0;
    uint64_t seen = 0;
    for (size_t i = from; i < t->count; i++) {
        const struct tie *tie = &t->tie[i];
        uint64_t score = tie->score / step;
        seen += tie->second * score;
        for (uint64_t s = sum_max + 1; s-- > score;) {
            double choose = 1.0;
            for (uint64_t j = 1; j <= tie->count && j * score <= s; j++) {
                choose = choose * (double)(tie->count - j + 1) / (double)j;
                ways[s] += choose * ways[s - j * score];
            }
        }
    }
    int64_t centre = (int64_t)sum_max;
    int64_t reach = llabs(2 * (int64_t)seen - centre);
    out->p = share_beyond(ways, sum_max, 2, centre, reach);
    out->least_p = share_beyond(ways, sum_max, 2, centre, centre);
    out->exact = true;
    free(ways);
    return STATUS_OK;
}

enum status
ranktest_linked(const struct tally *differences, struct ranktest *out)
{
    struct ties t = {NULL, 0, 0, 0.0};
    *out = (struct ranktest){0, 0, NAN, NAN, NAN, false};
    enum status st = ties_of_differences(differences, &t, &out->n2);
    if (st < 0) {
        return st;
    }
    out->n1 = t.n - out->n2;
    if (out->n1 == 0) {
        free(t.tie);
        return STATUS_NONE;
    }
    size_t from = out->n2 > 0 ? 1 : 0;
    double positive = 0.0;
    double total = 0.0;
    double variance = 0.0;
    for (size_t i = from; i < t.count; i++) {
        double rank = (double)t.tie[i].score / 2.0;
        positive += (double)t.tie[i].second * rank;
        total += (double)t.tie[i].count * rank;
        variance += (double)t.tie[i].count * rank * rank / 4.0;
    }
    out->statistic = positive;
    st = linked_exact(&t, from, out);
    if (st == STATUS_NONE) {
        out->p = normal_p(positive - total / 2.0, variance, 0.5);
        out->least_p = 0.0;
        st = STATUS_OK;
    }
    free(t.tie);
    return st;
}

void
ranktest_signed_ranks(const struct tally *differences, double *out_positive,
                      double *out_negative)
{
    /* Counts of |d| strictly below and at each value, without sorting. */
    *out_positive = 0.0;
    *out_negative = 0.0;
    for (size_t i = 0; i < differences->count; i++) {
        const struct tally_value *v = &differences->value[i];
        double size = fabs(v->value);
        if (v->count == 0 || size <= 0.0) {
            continue;
        }
        double below = 0.0;
        double equal = 0.0;
        for (size_t j = 0; j < differences->count; j++) {
            double other = fabs(differences->value[j].value);
            double count = (double)differences->value[j].count;
            below += other < size ? count : 0.0;
            equal += other >= size && other <= size ? count : 0.0;
        }
        double ranks = (double)v->count * (below + (equal + 1.0) / 2.0);
        *(v->value > 0.0 ? out_positive : out_negative) += ranks;
    }
}
