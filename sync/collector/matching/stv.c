#include "collector/matching/stv.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

struct paper {
    uint32_t holder; /* NOBODY: exhausted */
    uint8_t at;      /* rank of the holder on the paper */
    int64_t value;
};

struct counting {
    const struct ballots *b;
    const uint64_t *lot;
    struct stv *r;
    struct paper *paper;
    int64_t votes[BALLOTS_MAX_CANDIDATES];
    int64_t exhausted;
    uint64_t elected;
    uint64_t excluded;
    uint64_t surplus_waits; /* elected, surplus not yet transferred */
};

static bool
is_continuing(const struct counting *c, uint32_t candidate)
{
    return !((c->elected | c->excluded) & ballots_bit(candidate));
}

/* The next preference after rank `after` for somebody still standing. */
static void
next_preference(const struct counting *c, uint32_t ballot, int after)
{
    const uint8_t *rank = ballots_at(c->b, ballot);
    struct paper *p = &c->paper[ballot];
    int at = after;
    for (;;) {
        uint8_t next = BALLOTS_UNRANKED;
        uint32_t who = NOBODY;
        uint32_t equals = 0;
        for (uint32_t x = 0; x < c->b->candidates; x++) {
            if (rank[x] <= at || rank[x] > next
                || rank[x] == BALLOTS_UNRANKED) {
                continue;
            }
            equals = rank[x] < next ? 1 : equals + 1;
            next = rank[x];
            who = x;
        }
        p->holder = NOBODY;
        if (who == NOBODY || equals > 1) {
            return;
        }
        at = next;
        if (is_continuing(c, who)) {
            p->holder = who;
            p->at = next;
            return;
        }
    }
}

static void
give(struct counting *c, const struct paper *p)
{
    if (p->holder == NOBODY) {
        c->exhausted += p->value;
    } else {
        c->votes[p->holder] += p->value;
    }
}

static void
record(struct counting *c, enum stv_action action, uint32_t candidate,
       bool by_lottery)
{
    if (c->r->rounds == STV_MAX_ROUNDS) {
        return;
    }
    struct stv_round *r = &c->r->round[c->r->rounds++];
    *r = (struct stv_round){
        .action = action,
        .candidate = candidate,
        .by_lottery = by_lottery,
        .elected = c->elected,
        .excluded = c->excluded,
        .exhausted = c->exhausted,
    };
    memcpy(r->votes, c->votes, sizeof(r->votes));
}

/* -1, 0, 1: who was ahead in the latest earlier round where they differed. */
static int
compare_history(const struct counting *c, uint32_t a, uint32_t b)
{
    for (uint32_t i = c->r->rounds; i > 0; i--) {
        const struct stv_round *r = &c->r->round[i - 1];
        if (r->votes[a] != r->votes[b]) {
            return r->votes[a] > r->votes[b] ? 1 : -1;
        }
    }
    return 0;
}

/* The one of `set` with most (sign 1) or fewest (sign -1) votes. */
static uint32_t
extreme(const struct counting *c, uint64_t set, int sign, bool *by_lottery)
{
    uint32_t best = NOBODY;
    *by_lottery = false;
    for (uint32_t x = 0; x < c->b->candidates; x++) {
        if (!(set & ballots_bit(x))) {
            continue;
        }
        if (best == NOBODY) {
            best = x;
            continue;
        }
        int order = c->votes[x] > c->votes[best]   ? 1
                    : c->votes[x] < c->votes[best] ? -1
                                                   : 0;
        order = order == 0 ? compare_history(c, x, best) : order;
        const bool tied = order == 0;
        if (tied) {
            order = c->lot[x] < c->lot[best] ? 1 : -1;
        }
        if (order == sign) {
            best = x;
            *by_lottery = tied;
        } else {
            *by_lottery = *by_lottery || tied;
        }
    }
    return best;
}

static void
elect(struct counting *c, uint32_t candidate)
{
    c->elected |= ballots_bit(candidate);
    c->r->order[c->r->elected_count++] = candidate;
}

/* Everybody with the quota is elected, most votes first. */
static void
elect_by_quota(struct counting *c)
{
    for (;;) {
        uint64_t reached = 0;
        for (uint32_t x = 0; x < c->b->candidates; x++) {
            if (is_continuing(c, x) && c->votes[x] >= c->r->quota) {
                reached |= ballots_bit(x);
            }
        }
        if (reached == 0 || c->r->elected_count == c->r->seats) {
            return;
        }
        bool by_lottery = false;
        const uint32_t x = extreme(c, reached, 1, &by_lottery);
        elect(c, x);
        c->surplus_waits |= c->votes[x] > c->r->quota ? ballots_bit(x) : 0;
    }
}

static void
transfer_surplus(struct counting *c)
{
    bool by_lottery = false;
    const uint32_t from = extreme(c, c->surplus_waits, 1, &by_lottery);
    const int64_t total = c->votes[from];
    const int64_t surplus = total - c->r->quota;
    c->surplus_waits &= ~ballots_bit(from);
    c->votes[from] = c->r->quota;
    int64_t given = 0;
    for (uint32_t v = 0; v < c->b->count; v++) {
        struct paper *p = &c->paper[v];
        if (p->holder != from) {
            continue;
        }
        /* Both factors are below 2^38: a million papers of 10^5 units. */
        p->value =
            (int64_t)((uint64_t)p->value * (uint64_t)surplus / (uint64_t)total);
        next_preference(c, v, p->at);
        give(c, p);
        given += p->value;
    }
    c->exhausted += surplus - given; /* what cutting off decimals lost */
    elect_by_quota(c);
    record(c, STV_SURPLUS, from, by_lottery);
}

static void
exclude(struct counting *c, uint64_t continuing)
{
    bool by_lottery = false;
    const uint32_t out = extreme(c, continuing, -1, &by_lottery);
    c->excluded |= ballots_bit(out);
    c->votes[out] = 0;
    for (uint32_t v = 0; v < c->b->count; v++) {
        struct paper *p = &c->paper[v];
        if (p->holder == out) {
            next_preference(c, v, p->at);
            give(c, p);
        }
    }
    elect_by_quota(c);
    record(c, STV_EXCLUDED, out, by_lottery);
}

static uint64_t
continuing_set(const struct counting *c)
{
    uint64_t set = 0;
    for (uint32_t x = 0; x < c->b->candidates; x++) {
        set |= is_continuing(c, x) ? ballots_bit(x) : 0;
    }
    return set;
}

static void
count_all(struct counting *c)
{
    for (;;) {
        const uint64_t standing = continuing_set(c);
        if (c->r->elected_count == c->r->seats || standing == 0) {
            return;
        }
        if (ballots_bits(standing) <= c->r->seats - c->r->elected_count) {
            uint64_t rest = standing;
            while (rest) {
                bool by_lottery = false;
                const uint32_t x = extreme(c, rest, 1, &by_lottery);
                rest &= ~ballots_bit(x);
                elect(c, x);
            }
            record(c, STV_FILLED, NOBODY, false);
            return;
        }
        if (c->surplus_waits) {
            transfer_surplus(c);
        } else {
            exclude(c, standing);
        }
    }
}

enum status
stv_count(const struct ballots *b, uint32_t seats, const uint64_t *lot,
          struct stv *out)
{
    memset(out, 0, sizeof(*out));
    out->seats = seats < b->candidates ? seats : b->candidates;
    struct counting c = {.b = b, .lot = lot, .r = out};
    c.paper = calloc((size_t)b->count + 1, sizeof(*c.paper));
    if (!c.paper) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t v = 0; v < b->count; v++) {
        c.paper[v].value = STV_UNIT;
        next_preference(&c, v, -1);
        if (c.paper[v].holder != NOBODY) {
            out->valid++;
            give(&c, &c.paper[v]);
        }
    }
    out->quota = ((int64_t)out->valid / (out->seats + 1) + 1) * STV_UNIT;
    elect_by_quota(&c);
    record(&c, STV_COUNT, NOBODY, false);
    count_all(&c);
    out->elected = c.elected;
    free(c.paper);
    return STATUS_OK;
}
