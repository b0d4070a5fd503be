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
least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t
above(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

/* --- which groups --------------------------------------------------------- */

static uint32_t
people_in(const struct suppress_groups *g, const struct suppress_segment *s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < g->strata; i++) {
        n += suppress_includes(s, i) ? g->size[i] : 0;
    }
    return n;
}

/* Split the classes by a segment; the old numbers go to *saved. */
static void
split_classes(struct suppress_groups *g, const struct suppress_segment *s,
              uint8_t *saved)
{
    memcpy(saved, g->class_of, sizeof(g->class_of));
    uint16_t renumber[SUPPRESS_STRATA_MAX][2] = {{0}};
    size_t next = 0;
    for (size_t i = 0; i < g->strata; i++) {
        uint16_t *to = &renumber[saved[i]][suppress_includes(s, i) ? 1 : 0];
        if (*to == 0) {
            *to = (uint16_t)++next;
        }
        g->class_of[i] = (uint8_t)(*to - 1);
    }
    g->classes = next;
}

/* Every class is empty or has k people. */
static bool
classes_are_large(const struct suppress_groups *g)
{
    uint32_t size[SUPPRESS_STRATA_MAX] = {0};
    for (size_t i = 0; i < g->strata; i++) {
        size[g->class_of[i]] += g->size[i];
    }
    for (size_t c = 0; c < g->classes; c++) {
        if (size[c] > 0 && size[c] < g->k) {
            return false;
        }
    }
    return true;
}

/* The segment to try next (`people` is 0 for those done), or `segments`. */
static size_t
next_segment(const struct suppress_groups *g, const uint32_t *people)
{
    size_t best = g->segments;
    for (size_t i = 0; i < g->segments; i++) {
        if (people[i] == 0) {
            continue;
        }
        const struct suppress_segment *a = &g->segment[i];
        const struct suppress_segment *b = &g->segment[best % g->segments];
        if (best == g->segments || a->question < b->question
            || (a->question == b->question && people[i] > people[best])) {
            best = i;
        }
    }
    return best;
}

enum status
suppress_choose(struct suppress_groups *g)
{
    if (g->strata > SUPPRESS_STRATA_MAX
        || g->segments > SUPPRESS_SEGMENTS_MAX) {
        return STATUS_E_LIMIT;
    }
    uint32_t people[SUPPRESS_SEGMENTS_MAX];
    memset(g->class_of, 0, sizeof(g->class_of));
    g->classes = 1;
    for (size_t i = 0; i < g->segments; i++) {
        people[i] = people_in(g, &g->segment[i]);
        g->segment[i].state = SUPPRESS_TOO_FEW;
        people[i] = people[i] < g->k ? 0 : people[i];
    }
    for (size_t i = next_segment(g, people); i < g->segments;
         i = next_segment(g, people)) {
        uint8_t saved[SUPPRESS_STRATA_MAX];
        size_t classes = g->classes;
        people[i] = 0;
        split_classes(g, &g->segment[i], saved);
        g->segment[i].state = SUPPRESS_SHOWN;
        if (!classes_are_large(g)) {
            memcpy(g->class_of, saved, sizeof(saved));
            g->classes = classes;
            g->segment[i].state = SUPPRESS_SHIELD;
        }
    }
    return STATUS_OK;
}

/* --- one question --------------------------------------------------------- */

struct decision {
    const struct suppress_groups *g;
    const struct suppress_table *t;
    const uint8_t *coarse; /* of the shape that is tried; NULL: none merged */
    uint32_t people;       /* in all */
    uint32_t answered[SUPPRESS_STRATA_MAX];
    uint32_t whole[SUPPRESS_CATEGORIES_MAX];
    uint32_t class_people[SUPPRESS_STRATA_MAX];
    uint32_t (*class_with)[SUPPRESS_CATEGORIES_MAX]; /* owned */
    bool safe;
};

static uint32_t
count_at(const struct decision *d, size_t stratum, size_t category)
{
    return d->t->count[stratum * d->t->categories + category];
}

static size_t
merged(const struct decision *d, size_t category)
{
    return d->coarse ? d->coarse[category] : category;
}

static void
add_up(struct decision *d)
{
    const struct suppress_groups *g = d->g;
    for (size_t i = 0; i < g->strata; i++) {
        for (size_t c = 0; c < d->t->categories; c++) {
            uint32_t n = count_at(d, i, c);
            d->answered[i] += c < d->t->answers ? n : 0;
            d->whole[c] += n;
            d->people += n;
            d->class_people[g->class_of[i]] += n;
            d->class_with[g->class_of[i]][c] += n;
        }
    }
}

/* Rules 1 and 2 in every class. */
static bool
classes_are_open(const struct decision *d)
{
    for (size_t k = 0; k < d->g->classes; k++) {
        uint32_t n = 0;
        uint32_t most = 0;
        uint32_t with[SUPPRESS_CATEGORIES_MAX] = {0};
        for (size_t c = 0; c < d->t->answers; c++) {
            uint32_t *to = &with[merged(d, c)];
            *to += d->class_with[k][c];
            n += d->class_with[k][c];
            most = *to > most ? *to : most;
        }
        bool few = n < d->g->k && d->class_people[k] > 0;
        if (few || suppress_unanimous(most, n)) {
            return false;
        }
    }
    return true;
}

/* Some categories taken together: one, merged ones, a scale from a step on. */
struct answer {
    bool in[SUPPRESS_CATEGORIES_MAX];
};

/* What exchanging strata inside the classes can make of the number of people
 * of the set with an answer. */
static struct range
class_range(const struct decision *d, const uint32_t *inside,
            const struct answer *a)
{
    struct range r = {0, 0};
    for (size_t k = 0; k < d->g->classes; k++) {
        uint32_t with = 0;
        for (size_t c = 0; inside[k] > 0 && c < d->t->categories; c++) {
            with += a->in[c] ? d->class_with[k][c] : 0;
        }
        r.high += least(inside[k], with);
        r.low += above(inside[k] + with, d->class_people[k]);
    }
    return r;
}

/* The same with nothing but the whole published. */
static struct range
whole_range(const struct decision *d, uint32_t people, const struct answer *a)
{
    uint32_t with = 0;
    for (size_t c = 0; c < d->t->categories; c++) {
        with += a->in[c] ? d->whole[c] : 0;
    }
    return (struct range){above(people + with, d->people), least(people, with)};
}

static bool
holds(struct range now, struct range before, uint32_t truth)
{
    bool vague = now.high >= truth + 2 || now.low + 2 <= truth;
    return vague || (now.low <= before.low && now.high >= before.high);
}

static bool
answer_is_safe(const struct decision *d, const struct set *s,
               const uint32_t *inside, const struct answer *a)
{
    uint32_t truth = 0;
    uint32_t people = 0;
    for (size_t i = 0; i < d->g->strata; i++) {
        for (size_t c = 0; has(s, i) && c < d->t->categories; c++) {
            truth += a->in[c] ? count_at(d, i, c) : 0;
            people += count_at(d, i, c);
        }
    }
    return holds(class_range(d, inside, a), whole_range(d, people, a), truth);
}

/* One category of a merged table: people of any class with the same merged
 * answer can exchange it. */
static bool
fine_is_safe(const struct decision *d, const struct set *s,
             const uint32_t *inside, size_t category)
{
    struct answer a = {{false}};
    uint32_t others = 0;
    for (size_t c = 0; c < d->t->categories; c++) {
        a.in[c] = merged(d, c) == merged(d, category);
        others += a.in[c] && c != category ? d->whole[c] : 0;
    }
    struct range r = class_range(d, inside, &a);
    r.low = above(r.low, others);
    r.high = least(r.high, d->whole[category]);
    uint32_t truth = 0;
    uint32_t people = 0;
    for (size_t i = 0; i < d->g->strata; i++) {
        for (size_t c = 0; has(s, i) && c < d->t->categories; c++) {
            truth += c == category ? count_at(d, i, c) : 0;
            people += count_at(d, i, c);
        }
    }
    struct answer one = {{false}};
    one.in[category] = true;
    return holds(r, whole_range(d, people, &one), truth);
}

/* Every category, every merged one, every sum from a step upwards. */
static bool
set_is_safe(const struct decision *d, const struct set *s)
{
    const struct suppress_table *t = d->t;
    uint32_t inside[SUPPRESS_STRATA_MAX] = {0};
    for (size_t i = 0; i < d->g->strata; i++) {
        inside[d->g->class_of[i]] += has(s, i) ? d->g->size[i] : 0;
    }
    for (size_t c = 0; c < t->categories; c++) {
        struct answer same = {{false}};
        struct answer upper = {{false}};
        for (size_t j = 0; j < t->categories; j++) {
            same.in[j] = merged(d, j) == merged(d, c);
            upper.in[j] = j >= c && j < t->answers;
        }
        bool sum = t->ordered && !d->coarse && c < t->answers;
        if (!answer_is_safe(d, s, inside, &same)
            || (sum && !answer_is_safe(d, s, inside, &upper))
            || (d->coarse && !fine_is_safe(d, s, inside, c))) {
            return false;
        }
    }
    return true;
}

/* Is the set protected, and does the promise hold for it? */
static void
check(struct decision *d, const struct set *s)
{
    uint32_t people = 0;
    uint32_t answers = 0;
    for (size_t i = 0; i < d->g->strata; i++) {
        people += has(s, i) ? d->g->size[i] : 0;
        answers += has(s, i) ? d->answered[i] : 0;
    }
    if (d->safe && people > 0 && answers < d->g->k) {
        d->safe = set_is_safe(d, s);
    }
}

static void
check_pair(struct decision *d, const struct set *a, const struct set *b)
{
    struct set shared;
    struct set rest;
    for (size_t w = 0; w < WORDS; w++) {
        shared.word[w] = a->word[w] & b->word[w];
        rest.word[w] = b->word[w] & ~a->word[w];
    }
    check(d, &shared);
    check(d, &rest);
}

/* All sets that the group questions point at. */
static bool
promise_holds(struct decision *d)
{
    const struct suppress_groups *g = d->g;
    struct set all = {{0}};
    d->safe = true;
    for (size_t i = 0; i < g->strata; i++) {
        struct set one = {{0}};
        one.word[i / 64] = UINT64_C(1) << (i % 64);
        all.word[i / 64] |= one.word[i / 64];
        check(d, &one);
    }
    for (size_t i = 0; i < g->segments && d->safe; i++) {
        struct set a;
        memcpy(&a, g->segment[i].member, sizeof(a));
        check_pair(d, &a, &all);
        for (size_t j = 0; j < g->segments; j++) {
            struct set b;
            memcpy(&b, g->segment[j].member, sizeof(b));
            check_pair(d, &a, &b);
        }
    }
    return d->safe;
}

enum status
suppress_question(const struct suppress_groups *g,
                  const struct suppress_table *t, enum suppress_detail *out)
{
    *out = SUPPRESS_CLOSED;
    if (t->categories > SUPPRESS_CATEGORIES_MAX) {
        return STATUS_E_LIMIT;
    }
    if (g->classes < 2) {
        return STATUS_OK;
    }
    struct decision d = {.g = g, .t = t};
    d.class_with = calloc(g->classes, sizeof(*d.class_with));
    if (!d.class_with) {
        return log_oom("suppress");
    }
    add_up(&d);
    if (classes_are_open(&d) && promise_holds(&d)) {
        *out = SUPPRESS_FULL;
    } else if (t->coarse) {
        d.coarse = t->coarse;
        bool open = classes_are_open(&d) && promise_holds(&d);
        *out = open ? SUPPRESS_MERGED : SUPPRESS_CLOSED;
    }
    free(d.class_with);
    return STATUS_OK;
}

/* --- single figures ------------------------------------------------------- */

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
