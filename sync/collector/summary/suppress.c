#include "collector/summary/suppress.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define WORDS (SUPPRESS_STRATA_MAX / 64)

struct set {
    uint64_t word[WORDS];
};

/* What an attacker is left with about one count. */
struct range {
    uint32_t low;
    uint32_t high;
};

struct decision {
    const struct suppress_table *t;
    uint8_t coarse[SUPPRESS_CATEGORIES_MAX];
    uint32_t size[SUPPRESS_STRATA_MAX]; /* people, all categories */
    uint32_t answered[SUPPRESS_STRATA_MAX];
    uint32_t whole[SUPPRESS_CATEGORIES_MAX];        /* fine, published */
    uint32_t whole_coarse[SUPPRESS_CATEGORIES_MAX]; /* merged */
    /* Strata with equal numbers lie in the same shown segments. */
    uint8_t class_of[SUPPRESS_STRATA_MAX];
    size_t classes;
    struct set *guarded; /* owned */
    size_t guarded_count;
    size_t guarded_cap;
};

void
suppress_include(struct suppress_segment *s, size_t stratum)
{
    s->member[stratum / 64] |= UINT64_C(1) << (stratum % 64);
}

bool
suppress_includes(const struct suppress_segment *s, size_t stratum)
{
    return s->member[stratum / 64] >> (stratum % 64) & 1;
}

static bool
has(const struct set *s, size_t stratum)
{
    return s->word[stratum / 64] >> (stratum % 64) & 1;
}

static uint32_t
answers_in(const struct decision *d, const struct set *s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < d->t->strata; i++) {
        n += has(s, i) ? d->answered[i] : 0;
    }
    return n;
}

static uint32_t
count_at(const struct decision *d, size_t stratum, size_t category)
{
    return d->t->count[stratum * d->t->categories + category];
}

static uint32_t
least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t
above(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

static enum status
guard(struct decision *d, const struct set *s)
{
    uint32_t n = answers_in(d, s);
    if (n == 0 || n >= d->t->k) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < d->guarded_count; i++) {
        if (memcmp(&d->guarded[i], s, sizeof(*s)) == 0) {
            return STATUS_OK;
        }
    }
    if (d->guarded_count == d->guarded_cap) {
        size_t cap = d->guarded_cap > 0 ? 2 * d->guarded_cap : 32;
        struct set *more = realloc(d->guarded, cap * sizeof(*more));
        if (!more) {
            return log_oom("suppress");
        }
        d->guarded = more;
        d->guarded_cap = cap;
    }
    d->guarded[d->guarded_count++] = *s;
    return STATUS_OK;
}

/* Segments, what is left of the whole without one, and what is left of a
 * larger one without a smaller one inside it. */
static enum status
guard_declared(struct decision *d, const struct suppress_segment *segment,
               size_t count)
{
    struct set all = {{0}};
    for (size_t i = 0; i < d->t->strata; i++) {
        all.word[i / 64] |= UINT64_C(1) << (i % 64);
    }
    for (size_t i = 0; i < count; i++) {
        struct set one;
        memcpy(&one, segment[i].member, sizeof(one));
        enum status st = guard(d, &one);
        for (size_t j = 0; j <= count && st == STATUS_OK; j++) {
            struct set rest = {{0}};
            bool inside = true;
            for (size_t w = 0; w < WORDS; w++) {
                uint64_t outer =
                    j == count ? all.word[w] : segment[j].member[w];
                inside = inside && (one.word[w] & ~outer) == 0;
                rest.word[w] = outer & ~one.word[w];
            }
            st = inside ? guard(d, &rest) : STATUS_OK;
        }
        if (st < 0) {
            return st;
        }
    }
    return STATUS_OK;
}

/* What exchanging answers inside the classes can make of the number of people
 * of the set in a merged category. */
static struct range
coarse_range(const struct decision *d, const struct set *s, size_t coarse)
{
    uint32_t inside[SUPPRESS_STRATA_MAX] = {0};
    uint32_t people[SUPPRESS_STRATA_MAX] = {0};
    uint32_t with[SUPPRESS_STRATA_MAX] = {0};
    for (size_t i = 0; i < d->t->strata; i++) {
        size_t c = d->class_of[i];
        people[c] += d->size[i];
        inside[c] += has(s, i) ? d->size[i] : 0;
        for (size_t j = 0; j < d->t->categories; j++) {
            with[c] += d->coarse[j] == coarse ? count_at(d, i, j) : 0;
        }
    }
    struct range r = {0, 0};
    for (size_t c = 0; c < d->classes; c++) {
        r.high += least(inside[c], with[c]);
        r.low += above(inside[c] + with[c], people[c]);
    }
    return r;
}

/* People with the same merged answer can moreover exchange the finer one. */
static struct range
fine_range(const struct decision *d, struct range coarse, size_t category)
{
    uint32_t all = d->whole[category];
    uint32_t others = d->whole_coarse[d->coarse[category]] - all;
    return (struct range){above(coarse.low, others), least(coarse.high, all)};
}

static bool
vague(struct range r, uint32_t truth)
{
    return r.high >= truth + 2 || r.low + 2 <= truth;
}

/* The same ranges with nothing but the whole published. */
static struct range
range_from_whole(const struct decision *d, uint32_t people, uint32_t with)
{
    uint32_t all = 0;
    for (size_t i = 0; i < d->t->strata; i++) {
        all += d->size[i];
    }
    return (struct range){above(people + with, all), least(people, with)};
}

static bool
adds_nothing(struct range now, struct range before)
{
    return now.low <= before.low && now.high >= before.high;
}

static bool
is_safe(const struct decision *d, const struct set *s)
{
    uint32_t people = 0;
    for (size_t i = 0; i < d->t->strata; i++) {
        people += has(s, i) ? d->size[i] : 0;
    }
    for (size_t c = 0; c < d->t->categories; c++) {
        uint32_t truth = 0;
        uint32_t truth_coarse = 0;
        for (size_t i = 0; i < d->t->strata; i++) {
            for (size_t j = 0; has(s, i) && j < d->t->categories; j++) {
                uint32_t n = count_at(d, i, j);
                truth += j == c ? n : 0;
                truth_coarse += d->coarse[j] == d->coarse[c] ? n : 0;
            }
        }
        struct range coarse = coarse_range(d, s, d->coarse[c]);
        struct range fine = fine_range(d, coarse, c);
        uint32_t with = d->whole_coarse[d->coarse[c]];
        if (!vague(coarse, truth_coarse)
            && !adds_nothing(coarse, range_from_whole(d, people, with))) {
            return false;
        }
        if (!vague(fine, truth)
            && !adds_nothing(fine, range_from_whole(d, people, d->whole[c]))) {
            return false;
        }
    }
    return true;
}

/* Split the classes by a segment; the old numbers go to *saved. */
static void
split_classes(struct decision *d, const struct suppress_segment *s,
              uint8_t *saved)
{
    memcpy(saved, d->class_of, sizeof(d->class_of));
    uint16_t renumber[SUPPRESS_STRATA_MAX][2] = {{0}};
    size_t next = 0;
    for (size_t i = 0; i < d->t->strata; i++) {
        uint16_t *to = &renumber[saved[i]][suppress_includes(s, i) ? 1 : 0];
        if (*to == 0) {
            *to = (uint16_t)++next;
        }
        d->class_of[i] = (uint8_t)(*to - 1);
    }
    d->classes = next;
}

/* Who would be in none of the shown segments, were the candidate shown. */
static struct set
rest_without(const struct decision *d, const struct suppress_segment *segment,
             size_t count, size_t candidate)
{
    struct set rest = {{0}};
    for (size_t i = 0; i < d->t->strata; i++) {
        bool covered = suppress_includes(&segment[candidate], i);
        for (size_t j = 0; j < count && !covered; j++) {
            covered = segment[j].state == SUPPRESS_SHOWN
                      && suppress_includes(&segment[j], i);
        }
        if (!covered) {
            rest.word[i / 64] |= UINT64_C(1) << (i % 64);
        }
    }
    return rest;
}

static enum status
try_segment(struct decision *d, struct suppress_segment *segment, size_t count,
            size_t candidate)
{
    uint8_t saved[SUPPRESS_STRATA_MAX];
    size_t saved_classes = d->classes;
    struct set rest = rest_without(d, segment, count, candidate);
    enum status st = guard(d, &rest);
    if (st < 0) {
        return st;
    }
    split_classes(d, &segment[candidate], saved);
    bool safe = true;
    for (size_t i = 0; i < d->guarded_count && safe; i++) {
        safe = is_safe(d, &d->guarded[i]);
    }
    segment[candidate].state = safe ? SUPPRESS_SHOWN : SUPPRESS_SHIELD;
    if (!safe) {
        memcpy(d->class_of, saved, sizeof(saved));
        d->classes = saved_classes;
    }
    return STATUS_OK;
}

/* The largest segment not tried yet (`answers` is 0 for those tried), or
 * `count`. */
static size_t
largest(const uint32_t *answers, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        if (answers[i] > 0 && (best == count || answers[i] > answers[best])) {
            best = i;
        }
    }
    return best;
}

/* Totals, and every segment with its number of answers in `answers`. */
static uint32_t
add_up(struct decision *d, struct suppress_segment *segment, size_t count,
       uint32_t *answers)
{
    uint32_t all = 0;
    for (size_t c = 0; c < d->t->categories; c++) {
        d->coarse[c] = d->t->coarse ? d->t->coarse[c] : (uint8_t)c;
    }
    for (size_t i = 0; i < d->t->strata; i++) {
        for (size_t c = 0; c < d->t->categories; c++) {
            uint32_t n = count_at(d, i, c);
            d->size[i] += n;
            d->answered[i] += c < d->t->answers ? n : 0;
            d->whole[c] += n;
            d->whole_coarse[d->coarse[c]] += n;
        }
        all += d->answered[i];
    }
    for (size_t i = 0; i < count; i++) {
        struct set s;
        memcpy(&s, segment[i].member, sizeof(s));
        answers[i] = answers_in(d, &s);
        segment[i].state = SUPPRESS_TOO_FEW;
        if (answers[i] < d->t->k) {
            answers[i] = 0;
        }
    }
    return all;
}

enum status
suppress_decide(const struct suppress_table *t,
                struct suppress_segment *segment, size_t count,
                enum suppress_state *out_whole)
{
    *out_whole = SUPPRESS_TOO_FEW;
    if (t->strata > SUPPRESS_STRATA_MAX
        || t->categories > SUPPRESS_CATEGORIES_MAX
        || count > SUPPRESS_SEGMENTS_MAX) {
        return STATUS_E_LIMIT;
    }
    struct decision d = {.t = t, .classes = 1};
    uint32_t answers[SUPPRESS_SEGMENTS_MAX];
    uint32_t all = add_up(&d, segment, count, answers);
    if (all < t->k) {
        return STATUS_OK;
    }
    *out_whole = SUPPRESS_SHOWN;
    enum status st = guard_declared(&d, segment, count);
    for (size_t next = largest(answers, count); next < count && st == STATUS_OK;
         next = largest(answers, count)) {
        answers[next] = 0;
        st = try_segment(&d, segment, count, next);
    }
    free(d.guarded);
    return st;
}

static size_t
count_state(const struct suppress_segment *segment, size_t count,
            enum suppress_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += segment[i].state == state ? 1 : 0;
    }
    return n;
}

enum status
suppress_plan(const struct suppress_table *t, const uint8_t *coarse,
              struct suppress_segment *segment, size_t count, bool *out_merged)
{
    *out_merged = false;
    struct suppress_table full = *t;
    full.coarse = NULL;
    enum suppress_state whole = SUPPRESS_TOO_FEW;
    enum status st = suppress_decide(&full, segment, count, &whole);
    if (st < 0 || count_state(segment, count, SUPPRESS_SHIELD) == 0) {
        return st;
    }
    struct suppress_segment *merged = calloc(count, sizeof(*merged));
    if (!merged) {
        return log_oom("suppress");
    }
    memcpy(merged, segment, count * sizeof(*merged));
    full.coarse = coarse;
    st = suppress_decide(&full, merged, count, &whole);
    if (st == STATUS_OK
        && count_state(merged, count, SUPPRESS_SHOWN)
               > count_state(segment, count, SUPPRESS_SHOWN)) {
        memcpy(segment, merged, count * sizeof(*merged));
        *out_merged = true;
    }
    free(merged);
    return st;
}

bool
suppress_unanimous(uint64_t mode_count, uint64_t n)
{
    return n > 0 && mode_count + 1 >= n;
}

bool
suppress_may_update(uint64_t before, uint64_t now, uint32_t k)
{
    uint64_t between = now > before ? now - before : before - now;
    return now >= k && (between == 0 || between >= k);
}

bool
suppress_may_compare(uint64_t n1, uint64_t n2, bool linked, uint64_t matched,
                     uint32_t k)
{
    if (n1 < k || n2 < k) {
        return false;
    }
    if (!linked) {
        return true;
    }
    uint64_t only1 = n1 - matched;
    uint64_t only2 = n2 - matched;
    return matched >= k && matched <= n1 && matched <= n2
           && (only1 == 0 || only1 >= k) && (only2 == 0 || only2 >= k);
}
