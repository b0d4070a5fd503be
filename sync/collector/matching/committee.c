#include "collector/matching/committee.h"

#include <stdlib.h>
#include <string.h>

#include <gmp.h>

static const char *const rule_name[COMMITTEE_RULE_COUNT] = {
    [COMMITTEE_AV] = "av",
    [COMMITTEE_SAV] = "sav",
    [COMMITTEE_PAV] = "pav",
    [COMMITTEE_SEQPAV] = "seqpav",
    [COMMITTEE_SEQPHRAGMEN] = "seqphragmen",
    [COMMITTEE_EQUAL_SHARES] = "equal-shares",
    [COMMITTEE_CC] = "cc",
};

const char *
committee_rule_name(enum committee_rule rule)
{
    return rule_name[rule];
}

struct votes {
    uint64_t *approved; /* by ballot: a set */
    uint32_t count;
    uint32_t candidates;
    uint32_t seats;
};

static enum status
add(struct committee *out, uint64_t set)
{
    for (uint32_t i = 0; i < out->count; i++) {
        if (out->set[i] == set) {
            return STATUS_OK;
        }
    }
    if (out->count == COMMITTEE_MAX_TIED) {
        return STATUS_E_LIMIT;
    }
    out->set[out->count++] = set;
    return STATUS_OK;
}

/* The next larger number with as many bits (Gosper). */
static uint64_t
next_combination(uint64_t set)
{
    const uint64_t low = set & (~set + 1);
    const uint64_t ripple = set + low;
    return ripple | (((set ^ ripple) >> 2) / low);
}

/* n over k, or more than `max`. */
static uint64_t
combinations(uint32_t n, uint32_t k, uint64_t max)
{
    uint64_t count = 1;
    for (uint32_t i = 0; i < k; i++) {
        count = count * (n - i) / (i + 1);
        if (count > max) {
            return max + 1;
        }
    }
    return count;
}

/* ---- av, sav: every candidate has a score ---- */

static void
candidate_scores(const struct votes *v, bool shared, mpq_t *score)
{
    uint32_t by_size[BALLOTS_MAX_CANDIDATES + 1];
    mpq_t part;
    mpq_init(part);
    for (uint32_t c = 0; c < v->candidates; c++) {
        memset(by_size, 0, sizeof(by_size));
        for (uint32_t i = 0; i < v->count; i++) {
            if (v->approved[i] & ballots_bit(c)) {
                by_size[shared ? ballots_bits(v->approved[i]) : 1]++;
            }
        }
        for (uint32_t k = 1; k <= v->candidates; k++) {
            mpq_set_ui(part, by_size[k], k);
            mpq_canonicalize(part);
            mpq_add(score[c], score[c], part);
        }
    }
    mpq_clear(part);
}

/* Everybody above the last seat's score, and each choice among its equals. */
static enum status
best_by_score(const struct votes *v, mpq_t *score, struct committee *out)
{
    uint64_t sure = 0;
    uint64_t tied = 0;
    for (uint32_t c = 0; c < v->candidates; c++) {
        uint32_t above = 0;
        uint32_t equal = 0;
        for (uint32_t x = 0; x < v->candidates; x++) {
            const int order = mpq_cmp(score[x], score[c]);
            above += order > 0;
            equal += order == 0;
        }
        if (above + equal <= v->seats) {
            sure |= ballots_bit(c);
        } else if (above < v->seats) {
            tied |= ballots_bit(c);
        }
    }
    const uint32_t open = v->seats - ballots_bits(sure);
    const uint32_t among = ballots_bits(tied);
    if (open == 0) {
        return add(out, sure);
    }
    if (combinations(among, open, COMMITTEE_MAX_TIED) > COMMITTEE_MAX_TIED) {
        return STATUS_E_LIMIT;
    }
    enum status st = STATUS_OK;
    const uint64_t end = ballots_bit(among);
    for (uint64_t pick = ballots_bit(open) - 1; pick < end && st >= 0;
         pick = next_combination(pick)) {
        uint64_t set = sure;
        uint32_t nth = 0;
        for (uint32_t c = 0; c < v->candidates; c++) {
            if (tied & ballots_bit(c)) {
                set |= pick & ballots_bit(nth) ? ballots_bit(c) : 0;
                nth++;
            }
        }
        st = add(out, set);
    }
    return st;
}

static enum status
count_scored(const struct votes *v, bool shared, struct committee *out)
{
    mpq_t score[BALLOTS_MAX_CANDIDATES];
    for (uint32_t c = 0; c < v->candidates; c++) {
        mpq_init(score[c]);
    }
    candidate_scores(v, shared, score);
    enum status st = best_by_score(v, score, out);
    for (uint32_t c = 0; c < v->candidates; c++) {
        mpq_clear(score[c]);
    }
    return st;
}

/* ---- pav, cc: every committee has a score ---- */

/* gain[k]: what the k-th name of a committee on a ballot is worth, in parts of
 * the least common multiple of 1 to seats, which keeps sums whole. */
static void
harmonic_gains(uint32_t seats, int64_t *gain)
{
    int64_t multiple = 1;
    for (int64_t k = 2; k <= seats; k++) {
        int64_t a = multiple;
        int64_t b = k;
        while (b != 0) {
            const int64_t rest = a % b;
            a = b;
            b = rest;
        }
        multiple = multiple / a * k;
    }
    gain[0] = 0;
    for (uint32_t k = 1; k <= seats; k++) {
        gain[k] = multiple / k;
    }
}

static int64_t
committee_score(const struct votes *v, uint64_t set, const int64_t *total)
{
    int64_t score = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        score += total[ballots_bits(v->approved[i] & set)];
    }
    return score;
}

static enum status
count_compared(const struct votes *v, bool proportional, struct committee *out)
{
    int64_t total[COMMITTEE_MAX_SEATS + 1];
    harmonic_gains(v->seats, total);
    for (uint32_t k = 1; k <= v->seats; k++) {
        total[k] = proportional ? total[k] + total[k - 1] : 1;
    }
    const uint64_t compared =
        combinations(v->candidates, v->seats, COMMITTEE_MAX_COMPARED);
    if (v->candidates == BALLOTS_MAX_CANDIDATES
        || compared * v->count > (uint64_t)COMMITTEE_MAX_COMPARED * 100
        || compared > COMMITTEE_MAX_COMPARED) {
        return STATUS_E_LIMIT;
    }
    int64_t best = -1;
    enum status st = STATUS_OK;
    const uint64_t end = ballots_bit(v->candidates);
    for (uint64_t set = ballots_bit(v->seats) - 1; set < end && st >= 0;
         set = next_combination(set)) {
        const int64_t score = committee_score(v, set, total);
        if (score > best) {
            best = score;
            out->count = 0;
        }
        st = score == best ? add(out, set) : st;
    }
    return st;
}

/* ---- rules that fill one seat after the other ---- */

/* Committees that a sequential rule may have reached, with what each voter has
 * borne (load) or has left (negative load). */
struct state {
    uint64_t set;
    bool shares_over; /* equal shares: the rest goes by Phragmen */
    mpq_t *load;      /* owned; by ballot */
};

struct frontier {
    struct state *state;
    uint32_t count;
};

static void
state_clear(struct state *s, uint32_t count)
{
    for (uint32_t i = 0; s->load && i < count; i++) {
        mpq_clear(s->load[i]);
    }
    free(s->load);
    s->load = NULL;
}

static void
frontier_clear(struct frontier *f, const struct votes *v)
{
    for (uint32_t i = 0; i < f->count; i++) {
        state_clear(&f->state[i], v->count);
    }
    free(f->state);
    *f = (struct frontier){0};
}

static bool
same_state(const struct state *a, const struct state *b, uint32_t count)
{
    if (a->set != b->set) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!mpq_equal(a->load[i], b->load[i])) {
            return false;
        }
    }
    return true;
}

static enum status
state_copy(struct state *to, const struct state *from, uint32_t count)
{
    to->set = from->set;
    to->shares_over = from->shares_over;
    to->load = calloc((size_t)count + 1, sizeof(*to->load));
    if (!to->load) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        mpq_init(to->load[i]);
        mpq_set(to->load[i], from->load[i]);
    }
    return STATUS_OK;
}

/* Takes the state over, unless it is there already. */
static enum status
frontier_put(struct frontier *f, struct state *s, const struct votes *v)
{
    for (uint32_t i = 0; i < f->count; i++) {
        if (same_state(&f->state[i], s, v->count)) {
            state_clear(s, v->count);
            return STATUS_OK;
        }
    }
    if (f->count == COMMITTEE_MAX_TIED) {
        state_clear(s, v->count);
        return STATUS_E_LIMIT;
    }
    struct state *grown =
        realloc(f->state, ((size_t)f->count + 1) * sizeof(*grown));
    if (!grown) {
        state_clear(s, v->count);
        return STATUS_E_NOMEM;
    }
    f->state = grown;
    f->state[f->count++] = *s;
    return STATUS_OK;
}

/* What a candidate would cost those who approve: the smaller, the better.
 * False if the candidate cannot be taken. */
typedef bool (*cost_of)(const struct votes *v, const struct state *s,
                        uint32_t candidate, mpq_t out);

/* Books the choice. */
typedef void (*charge)(const struct votes *v, struct state *s,
                       uint32_t candidate, const mpq_t cost);

/* (sum of the approvers' loads + 1) / approvers */
static bool
phragmen_cost(const struct votes *v, const struct state *s, uint32_t candidate,
              mpq_t out)
{
    uint32_t approvers = 0;
    mpq_set_ui(out, 1, 1);
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->approved[i] & ballots_bit(candidate)) {
            approvers++;
            mpq_add(out, out, s->load[i]);
        }
    }
    if (approvers > 0) {
        mpq_t by;
        mpq_init(by);
        mpq_set_ui(by, approvers, 1);
        mpq_div(out, out, by);
        mpq_clear(by);
    }
    return approvers > 0;
}

static void
phragmen_charge(const struct votes *v, struct state *s, uint32_t candidate,
                const mpq_t cost)
{
    s->shares_over = true;
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->approved[i] & ballots_bit(candidate)) {
            mpq_set(s->load[i], cost);
        }
    }
}

static int
compare_fractions(const void *a, const void *b)
{
    const __mpq_struct *x = a;
    const __mpq_struct *y = b;
    return mpq_cmp(x, y);
}

/* The smallest payment at which the approvers, poorer ones paying all they
 * have, come to 1. Budgets are negative loads. */
static bool
shares_cost(const struct votes *v, const struct state *s, uint32_t candidate,
            mpq_t out)
{
    mpq_t *budget = calloc((size_t)v->count + 1, sizeof(*budget));
    uint32_t payers = 0;
    bool affordable = false;
    mpq_t missing;
    mpq_t left;
    if (!budget) {
        return false;
    }
    mpq_init(missing);
    mpq_init(left);
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->approved[i] & ballots_bit(candidate)) {
            mpq_init(budget[payers]);
            mpq_neg(budget[payers++], s->load[i]);
        }
    }
    qsort(budget, payers, sizeof(*budget), compare_fractions);
    mpq_set_ui(missing, 1, 1);
    for (uint32_t i = 0; i < payers && !affordable; i++) {
        mpq_set_ui(left, payers - i, 1);
        mpq_div(out, missing, left);
        affordable = mpq_cmp(out, budget[i]) <= 0;
        mpq_sub(missing, missing, budget[i]);
    }
    for (uint32_t i = 0; i < payers; i++) {
        mpq_clear(budget[i]);
    }
    mpq_clear(missing);
    mpq_clear(left);
    free(budget);
    return affordable;
}

static void
shares_charge(const struct votes *v, struct state *s, uint32_t candidate,
              const mpq_t cost)
{
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->approved[i] & ballots_bit(candidate)) {
            mpq_add(s->load[i], s->load[i], cost);
            if (mpq_sgn(s->load[i]) > 0) {
                mpq_set_ui(s->load[i], 0, 1);
            }
        }
    }
}

/* The sets of candidates of least cost; empty if none can be taken. */
static uint64_t
cheapest(const struct votes *v, const struct state *s, cost_of cost,
         mpq_t least)
{
    uint64_t best = 0;
    mpq_t price;
    mpq_init(price);
    for (uint32_t c = 0; c < v->candidates; c++) {
        if ((s->set & ballots_bit(c)) || !cost(v, s, c, price)) {
            continue;
        }
        const int order = best == 0 ? -1 : mpq_cmp(price, least);
        if (order < 0) {
            mpq_set(least, price);
            best = 0;
        }
        best |= order <= 0 ? ballots_bit(c) : 0;
    }
    mpq_clear(price);
    return best;
}

/* Candidates that nobody approves fill what is left, in any way. */
static enum status
fill_up(const struct votes *v, const struct state *s, struct frontier *to)
{
    enum status st = STATUS_OK;
    for (uint32_t c = 0; c < v->candidates && st >= 0; c++) {
        if (!(s->set & ballots_bit(c))) {
            struct state next = {0};
            st = state_copy(&next, s, v->count);
            if (st >= 0) {
                next.set |= ballots_bit(c);
                st = frontier_put(to, &next, v);
            }
        }
    }
    return st;
}

/* One seat more for state `s`. STATUS_NONE if no candidate can be taken. */
static enum status
advance(const struct votes *v, const struct state *s, cost_of cost, charge book,
        struct frontier *to)
{
    enum status st = STATUS_OK;
    mpq_t least;
    mpq_init(least);
    uint64_t best = cheapest(v, s, cost, least);
    if (best == 0) {
        st = STATUS_NONE;
    }
    for (uint32_t c = 0; c < v->candidates && st == STATUS_OK; c++) {
        if (best & ballots_bit(c)) {
            struct state next = {0};
            st = state_copy(&next, s, v->count);
            if (st >= 0) {
                book(v, &next, c, least);
                next.set |= ballots_bit(c);
                st = frontier_put(to, &next, v);
            }
        }
    }
    mpq_clear(least);
    return st;
}

/* By shares while anybody is affordable, then by Phragmen. */
static enum status
advance_any(const struct votes *v, const struct state *s, bool shares,
            struct frontier *to)
{
    enum status st = STATUS_NONE;
    if (shares && !s->shares_over) {
        st = advance(v, s, shares_cost, shares_charge, to);
    }
    if (st == STATUS_NONE) {
        st = advance(v, s, phragmen_cost, phragmen_charge, to);
    }
    if (st == STATUS_NONE) {
        st = fill_up(v, s, to);
    }
    return st;
}

static enum status
start_state(const struct votes *v, bool shares, struct frontier *f)
{
    struct state first = {0};
    first.load = calloc((size_t)v->count + 1, sizeof(*first.load));
    if (!first.load) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < v->count; i++) {
        mpq_init(first.load[i]);
        if (shares) {
            mpq_set_si(first.load[i], -(long)v->seats, v->count);
            mpq_canonicalize(first.load[i]);
        }
    }
    return frontier_put(f, &first, v);
}

static enum status
count_loads(const struct votes *v, bool shares, struct committee *out)
{
    struct frontier f = {0};
    enum status st = start_state(v, shares, &f);
    for (uint32_t seat = 0; seat < v->seats && st >= 0; seat++) {
        struct frontier next = {0};
        for (uint32_t i = 0; i < f.count && st >= 0; i++) {
            st = advance_any(v, &f.state[i], shares, &next);
        }
        frontier_clear(&f, v);
        f = next;
    }
    for (uint32_t i = 0; i < f.count && st >= 0; i++) {
        st = add(out, f.state[i].set);
    }
    frontier_clear(&f, v);
    return st;
}

/* ---- seqpav ---- */

static enum status
seqpav_step(const struct votes *v, uint64_t set, const int64_t *gain,
            struct committee *to)
{
    int64_t score[BALLOTS_MAX_CANDIDATES] = {0};
    int64_t best = -1;
    for (uint32_t i = 0; i < v->count; i++) {
        const int64_t worth = gain[ballots_bits(v->approved[i] & set) + 1];
        for (uint64_t rest = v->approved[i] & ~set; rest; rest &= rest - 1) {
            score[ballots_bits((rest & (~rest + 1)) - 1)] += worth;
        }
    }
    for (uint32_t c = 0; c < v->candidates; c++) {
        if (!(set & ballots_bit(c)) && score[c] > best) {
            best = score[c];
        }
    }
    enum status st = STATUS_OK;
    for (uint32_t c = 0; c < v->candidates && st >= 0; c++) {
        if (!(set & ballots_bit(c)) && score[c] == best) {
            st = add(to, set | ballots_bit(c));
        }
    }
    return st;
}

static enum status
count_seqpav(const struct votes *v, struct committee *out)
{
    int64_t gain[COMMITTEE_MAX_SEATS + 2] = {0};
    struct committee next = {0};
    enum status st = STATUS_OK;
    harmonic_gains(v->seats, gain);
    next.set = calloc(COMMITTEE_MAX_TIED, sizeof(*next.set));
    if (!next.set) {
        return STATUS_E_NOMEM;
    }
    st = add(out, 0);
    for (uint32_t seat = 0; seat < v->seats && st >= 0; seat++) {
        next.count = 0;
        for (uint32_t i = 0; i < out->count && st >= 0; i++) {
            st = seqpav_step(v, out->set[i], gain, &next);
        }
        memcpy(out->set, next.set, next.count * sizeof(*next.set));
        out->count = next.count;
    }
    free(next.set);
    return st;
}

/* ---- the whole ---- */

/* Lists in the order of their members: {0, 1, 5} before {0, 2, 3}. */
static int
by_members(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    const uint64_t differ = x ^ y;
    const uint64_t first = differ & (~differ + 1);
    return differ == 0 ? 0 : (x & first) ? -1 : 1;
}

static enum status
count_rule(const struct votes *v, enum committee_rule rule,
           struct committee *out)
{
    switch (rule) {
    case COMMITTEE_AV:
        return count_scored(v, false, out);
    case COMMITTEE_SAV:
        return count_scored(v, true, out);
    case COMMITTEE_PAV:
        return count_compared(v, true, out);
    case COMMITTEE_CC:
        return count_compared(v, false, out);
    case COMMITTEE_SEQPAV:
        return count_seqpav(v, out);
    case COMMITTEE_SEQPHRAGMEN:
        return count_loads(v, false, out);
    case COMMITTEE_EQUAL_SHARES:
        return count_loads(v, true, out);
    case COMMITTEE_RULE_COUNT:
        break;
    }
    return STATUS_E_INVALID;
}

enum status
committee_count(const struct ballots *b, enum committee_rule rule,
                uint32_t seats, struct committee *out)
{
    *out = (struct committee){0};
    if (seats == 0 || seats > COMMITTEE_MAX_SEATS || seats > b->candidates) {
        return STATUS_E_LIMIT;
    }
    struct votes v = {
        .count = b->count,
        .candidates = b->candidates,
        .seats = seats,
    };
    enum status st = STATUS_OK;
    v.approved = calloc((size_t)b->count + 1, sizeof(*v.approved));
    out->set = calloc(COMMITTEE_MAX_TIED, sizeof(*out->set));
    if (!v.approved || !out->set) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        const uint8_t *rank = ballots_at(b, i);
        for (uint32_t c = 0; c < b->candidates; c++) {
            v.approved[i] |= rank[c] == 0 ? ballots_bit(c) : 0;
        }
    }
    st = count_rule(&v, rule, out);
    qsort(out->set, out->count, sizeof(*out->set), by_members);
out:
    free(v.approved);
    if (st < 0) {
        committee_deinit(out);
    }
    return st;
}

void
committee_deinit(struct committee *c)
{
    free(c->set);
    *c = (struct committee){0};
}
