#include "collector/matching/pairwise.h"

#include <stdlib.h>
#include <string.h>

/* Orders of elimination are tried set by set; beyond this it is given up. */
#define PUT_MAX_CANDIDATES 16
#define PUT_MAX_WORK 200000000

int64_t
pairwise_margin(const struct pairwise *p, uint32_t a, uint32_t b)
{
    return (int64_t)p->prefers[(size_t)a * p->candidates + b]
           - p->prefers[(size_t)b * p->candidates + a];
}

/* The candidates whose score is the largest. */
static uint64_t
best_of(const int64_t *score, uint32_t count)
{
    uint64_t best = 0;
    int64_t top = 0;
    for (uint32_t c = 0; c < count; c++) {
        if (best == 0 || score[c] > top) {
            top = score[c];
            best = 0;
        }
        best |= score[c] == top ? ballots_bit(c) : 0;
    }
    return best;
}

static void
count_pairs(const struct ballots *b, struct pairwise *p)
{
    const uint32_t n = b->candidates;
    for (uint32_t v = 0; v < b->count; v++) {
        const uint8_t *rank = ballots_at(b, v);
        for (uint32_t x = 0; x < n; x++) {
            uint32_t *row = p->prefers + (size_t)x * n;
            const uint8_t mine = rank[x];
            for (uint32_t y = 0; y < n; y++) {
                row[y] += mine < rank[y];
            }
        }
    }
}

static void
count_first_places(const struct ballots *b, struct pairwise *p)
{
    int64_t score[BALLOTS_MAX_CANDIDATES] = {0};
    for (uint32_t v = 0; v < b->count; v++) {
        const uint8_t *rank = ballots_at(b, v);
        uint32_t first = 0;
        uint32_t at_top = 0;
        uint8_t top = BALLOTS_UNRANKED;
        for (uint32_t c = 0; c < b->candidates; c++) {
            if (rank[c] < top) {
                top = rank[c];
                first = c;
                at_top = 0;
            }
            at_top += rank[c] == top && top != BALLOTS_UNRANKED;
        }
        p->first_places[first] += at_top == 1;
    }
    for (uint32_t c = 0; c < b->candidates; c++) {
        score[c] = p->first_places[c];
    }
    p->plurality = best_of(score, b->candidates);
}

/* Wins over others and half for ties: what average points come to. */
static void
count_scores(struct pairwise *p, uint32_t ballots)
{
    int64_t worst[BALLOTS_MAX_CANDIDATES] = {0};
    const uint32_t n = p->candidates;
    for (uint32_t a = 0; a < n; a++) {
        bool beats_all = true;
        for (uint32_t b = 0; b < n; b++) {
            const int64_t margin = pairwise_margin(p, a, b);
            if (a == b) {
                continue;
            }
            p->borda_doubled[a] += margin + ballots;
            p->copeland_score[a] += margin > 0 ? 1 : margin < 0 ? -1 : 0;
            worst[a] = margin < worst[a] ? margin : worst[a];
            beats_all = beats_all && margin > 0;
        }
        p->condorcet |= beats_all ? ballots_bit(a) : 0;
    }
    p->borda = best_of(p->borda_doubled, n);
    p->copeland = best_of(p->copeland_score, n);
    p->minimax = best_of(worst, n);
}

static enum status
count_schulze(struct pairwise *p)
{
    const size_t n = p->candidates;
    int64_t *path = calloc(n * n, sizeof(*path));
    if (!path) {
        return STATUS_E_NOMEM;
    }
    for (size_t i = 0; i < n * n; i++) {
        const int64_t margin =
            pairwise_margin(p, (uint32_t)(i / n), (uint32_t)(i % n));
        path[i] = margin > 0 ? margin : 0;
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t a = 0; a < n; a++) {
            for (size_t b = 0; b < n; b++) {
                const int64_t in = path[a * n + k];
                const int64_t out = path[k * n + b];
                const int64_t through = in < out ? in : out;
                if (through > path[a * n + b]) {
                    path[a * n + b] = through;
                }
            }
        }
    }
    for (size_t a = 0; a < n; a++) {
        bool wins = true;
        for (size_t b = 0; b < n && wins; b++) {
            wins = a == b || path[a * n + b] >= path[b * n + a];
        }
        p->schulze |= wins ? ballots_bit((uint32_t)a) : 0;
    }
    free(path);
    return STATUS_OK;
}

struct victory {
    int64_t margin;
    uint32_t winner;
    uint32_t loser;
};

static int
larger_first(const void *a, const void *b)
{
    const struct victory *x = a;
    const struct victory *y = b;
    return x->margin > y->margin ? -1 : x->margin < y->margin;
}

static enum status
count_ranked_pairs(struct pairwise *p)
{
    const uint32_t n = p->candidates;
    struct victory *v = calloc((size_t)n * n, sizeof(*v));
    if (!v) {
        return STATUS_E_NOMEM;
    }
    uint64_t below[BALLOTS_MAX_CANDIDATES] = {0}; /* reached by locked pairs */
    size_t count = 0;
    p->ranked_pairs_defined = true;
    for (uint32_t a = 0; a < n; a++) {
        for (uint32_t b = 0; b < n; b++) {
            const int64_t margin = pairwise_margin(p, a, b);
            if (margin > 0) {
                v[count++] = (struct victory){margin, a, b};
            }
        }
    }
    qsort(v, count, sizeof(*v), larger_first);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && v[i].margin == v[i - 1].margin) {
            p->ranked_pairs_defined = false;
        }
        if (below[v[i].loser] & ballots_bit(v[i].winner)) {
            continue;
        }
        const uint64_t reach = below[v[i].loser] | ballots_bit(v[i].loser);
        below[v[i].winner] |= reach;
        for (uint32_t c = 0; c < n; c++) {
            if (below[c] & ballots_bit(v[i].winner)) {
                below[c] |= reach;
            }
        }
    }
    uint64_t beaten = 0;
    for (uint32_t c = 0; c < n; c++) {
        beaten |= below[c];
    }
    const uint64_t all = n == 64 ? UINT64_MAX : ballots_bit(n) - 1;
    p->ranked_pairs = all & ~beaten;
    free(v);
    return STATUS_OK;
}

/* First places among the candidates in `left`; ties for it count for none. */
static void
first_places(const struct ballots *b, uint64_t left, uint32_t *out)
{
    memset(out, 0, b->candidates * sizeof(*out));
    for (uint32_t v = 0; v < b->count; v++) {
        const uint8_t *rank = ballots_at(b, v);
        uint8_t top = BALLOTS_UNRANKED;
        uint32_t first = 0;
        bool alone = false;
        for (uint32_t c = 0; c < b->candidates; c++) {
            if (!(left & ballots_bit(c)) || rank[c] > top) {
                continue;
            }
            alone = rank[c] < top;
            if (alone) {
                top = rank[c];
                first = c;
            }
        }
        out[first] += alone;
    }
}

static uint64_t
lowest(const struct ballots *b, uint64_t left)
{
    uint32_t votes[BALLOTS_MAX_CANDIDATES];
    uint32_t least = UINT32_MAX;
    uint64_t out = 0;
    first_places(b, left, votes);
    for (uint32_t c = 0; c < b->candidates; c++) {
        if (left & ballots_bit(c)) {
            if (votes[c] < least) {
                least = votes[c];
                out = 0;
            }
            out |= votes[c] == least ? ballots_bit(c) : 0;
        }
    }
    return out;
}

static void
count_irv(const struct ballots *b, struct pairwise *p)
{
    const uint32_t n = b->candidates;
    uint64_t left = n == 64 ? UINT64_MAX : ballots_bit(n) - 1;
    for (;;) {
        const uint64_t out = lowest(b, left);
        if (out == left) {
            break;
        }
        left &= ~out;
    }
    p->irv = left;
}

/* Which sets of candidates can be left over, from the full set down. */
static enum status
count_irv_put(const struct ballots *b, struct pairwise *p)
{
    const uint32_t n = b->candidates;
    if (n > PUT_MAX_CANDIDATES) {
        return STATUS_OK;
    }
    unsigned char *reached = calloc((size_t)1 << n, 1);
    if (!reached) {
        return STATUS_E_NOMEM;
    }
    const uint64_t full = ballots_bit(n) - 1;
    uint64_t work = 0;
    reached[full] = 1;
    p->irv_put_known = true;
    /* Taking candidates out makes the number smaller. */
    for (uint64_t set = full; set > 0; set--) {
        if (!reached[set]) {
            continue;
        }
        work += (uint64_t)b->count * n;
        if (work > PUT_MAX_WORK) {
            p->irv_put_known = false;
            break;
        }
        if (ballots_bits(set) == 1) {
            p->irv_put |= set;
            continue;
        }
        for (uint64_t out = lowest(b, set); out; out &= out - 1) {
            reached[set & ~(out & (~out + 1))] = 1;
        }
    }
    free(reached);
    return STATUS_OK;
}

enum status
pairwise_count(const struct ballots *b, struct pairwise *out)
{
    const size_t n = b->candidates;
    *out = (struct pairwise){.candidates = b->candidates};
    out->prefers = calloc(n * n, sizeof(*out->prefers));
    if (!out->prefers) {
        return STATUS_E_NOMEM;
    }
    count_pairs(b, out);
    count_first_places(b, out);
    count_scores(out, b->count);
    enum status st = count_schulze(out);
    if (st >= 0) {
        st = count_ranked_pairs(out);
    }
    count_irv(b, out);
    if (st >= 0) {
        st = count_irv_put(b, out);
    }
    if (st < 0) {
        pairwise_deinit(out);
    }
    return st;
}

void
pairwise_deinit(struct pairwise *p)
{
    free(p->prefers);
    *p = (struct pairwise){0};
}
