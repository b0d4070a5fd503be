#include "collector/matching/kiraly.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_PASS = 1,
    PROMOTED = 2,
    FINISHED = 3,
};

struct mentee {
    uint32_t cursor; /* along `order`: all before it are refused */
    uint32_t probe;  /* from here on in the tie of the cursor a mentor may
                      * still have a free place */
    uint32_t pass;
};

struct run {
    const struct hrt *h;
    struct lottery_draw *draw; /* NULL: no chance */
    uint32_t *order;           /* pairs by mentee, shuffled inside ties */
    struct mentee *mentee;
    unsigned char *refused; /* by pair: in which pass */
    uint32_t *load;
    uint32_t *seat; /* held pairs, from seat_first[m] */
    size_t *seat_first;
    uint32_t *match;
    uint32_t *turn; /* in which order mentees begin */
};

static uint32_t
rank_at(const struct run *r, uint32_t at)
{
    return r->h->pair[r->order[at]].rank_by_mentee;
}

static bool
is_full(const struct run *r, uint32_t mentor)
{
    return r->load[mentor] == r->h->capacity[mentor];
}

/* A mentor of the mentee's tie at `cursor` with a free place, as a pair. Once
 * full, mentors stay full, so the probe never goes back. */
static uint32_t
free_in_tie(const struct run *r, uint32_t e)
{
    struct mentee *me = &r->mentee[e];
    const uint32_t end = r->h->mentee_first[e + 1];
    const uint32_t rank = rank_at(r, me->cursor);
    if (me->probe < me->cursor) {
        me->probe = me->cursor;
    }
    while (me->probe < end && rank_at(r, me->probe) == rank) {
        const uint32_t pair = r->order[me->probe];
        if (!is_full(r, r->h->pair[pair].mentor)) {
            return pair;
        }
        me->probe++;
    }
    return HRT_NONE;
}

/* Where mentee e proposes next, or HRT_NONE when the second pass is over. */
static uint32_t
next_proposal(const struct run *r, uint32_t e)
{
    struct mentee *me = &r->mentee[e];
    const uint32_t first = r->h->mentee_first[e];
    const uint32_t end = r->h->mentee_first[e + 1];
    while (me->pass != FINISHED) {
        while (me->cursor < end
               && r->refused[r->order[me->cursor]] == me->pass) {
            me->cursor++;
        }
        if (me->cursor < end) {
            const uint32_t pair = free_in_tie(r, e);
            return pair != HRT_NONE ? pair : r->order[me->cursor];
        }
        me->pass++;
        me->cursor = first;
        me->probe = first;
    }
    return HRT_NONE;
}

/*
 * Whether the mentee of a held pair could move to an equally good mentor with
 * a free place. Her cursor stands in the tie of the held pair.
 */
static bool
is_precarious(const struct run *r, uint32_t pair)
{
    return free_in_tie(r, r->h->pair[pair].mentee) != HRT_NONE;
}

/* Whether `a` is given up before `b`: ranked lower, or equal and not yet
 * promoted. */
static bool
is_worse(const struct run *r, uint32_t a, uint32_t b)
{
    const struct hrt_pair *x = &r->h->pair[a];
    const struct hrt_pair *y = &r->h->pair[b];
    if (x->rank_by_mentor != y->rank_by_mentor) {
        return x->rank_by_mentor > y->rank_by_mentor;
    }
    return r->mentee[x->mentee].pass < r->mentee[y->mentee].pass;
}

/* A full mentor hears a proposal. Returns the pair that is given up; it may be
 * the new one. *out_refused tells whether it is struck off the list. */
static uint32_t
settle(const struct run *r, uint32_t pair, bool *out_refused)
{
    const uint32_t m = r->h->pair[pair].mentor;
    uint32_t *seat = r->seat + r->seat_first[m];
    uint32_t worst = 0;
    uint32_t equals = 1;
    *out_refused = false;
    for (uint32_t s = 0; s < r->load[m]; s++) {
        if (is_precarious(r, seat[s])) {
            worst = seat[s];
            seat[s] = pair;
            return worst;
        }
        if (is_worse(r, seat[s], seat[worst])) {
            worst = s;
            equals = 1;
        } else if (r->draw && s > 0 && !is_worse(r, seat[worst], seat[s])) {
            equals++;
            worst = lottery_below(r->draw, equals) == 0 ? s : worst;
        }
    }
    *out_refused = true;
    if (!is_worse(r, seat[worst], pair)) {
        return pair;
    }
    const uint32_t out = seat[worst];
    seat[worst] = pair;
    return out;
}

static void
place_mentee(struct run *r, uint32_t start)
{
    uint32_t e = start;
    for (;;) {
        const uint32_t pair = next_proposal(r, e);
        if (pair == HRT_NONE) {
            return;
        }
        const uint32_t m = r->h->pair[pair].mentor;
        if (!is_full(r, m)) {
            r->seat[r->seat_first[m] + r->load[m]++] = pair;
            r->match[e] = pair;
            return;
        }
        bool refused = false;
        const uint32_t out = settle(r, pair, &refused);
        if (out != pair) {
            r->match[e] = pair;
            e = r->h->pair[out].mentee;
            r->match[e] = HRT_NONE;
        }
        if (refused) {
            r->refused[out] = (unsigned char)r->mentee[e].pass;
        }
    }
}

static void
shuffle_ties(const struct hrt *h, struct lottery_draw *draw, uint32_t *order)
{
    for (uint32_t e = 0; e < h->mentees; e++) {
        uint32_t start = h->mentee_first[e];
        for (uint32_t i = start; i < h->mentee_first[e + 1]; i++) {
            if (h->pair[i].rank_by_mentee != h->pair[start].rank_by_mentee) {
                start = i;
            }
            /* Inside-out Fisher-Yates over the tie. */
            const uint32_t j = start + lottery_below(draw, i - start + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}

static enum status
run_init(struct run *r)
{
    const struct hrt *h = r->h;
    r->order = malloc(((size_t)h->pairs + 1) * sizeof(*r->order));
    r->mentee = malloc(((size_t)h->mentees + 1) * sizeof(*r->mentee));
    r->refused = calloc((size_t)h->pairs + 1, 1);
    r->load = calloc((size_t)h->mentors + 1, sizeof(*r->load));
    r->seat_first = calloc((size_t)h->mentors + 1, sizeof(*r->seat_first));
    r->turn = calloc((size_t)h->mentees + 1, sizeof(*r->turn));
    if (!r->turn || !r->order || !r->mentee || !r->refused || !r->load
        || !r->seat_first) {
        return STATUS_E_NOMEM;
    }
    size_t seats = 0;
    for (uint32_t m = 0; m < h->mentors; m++) {
        const uint32_t degree = h->mentor_first[m + 1] - h->mentor_first[m];
        r->seat_first[m] = seats;
        seats += h->capacity[m] < degree ? h->capacity[m] : degree;
    }
    r->seat = malloc((seats + 1) * sizeof(*r->seat));
    if (!r->seat) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < h->pairs; i++) {
        r->order[i] = i;
    }
    for (uint32_t e = 0; e < h->mentees; e++) {
        const uint32_t j = r->draw ? lottery_below(r->draw, e + 1) : e;
        r->turn[e] = r->turn[j];
        r->turn[j] = e;
        const uint32_t first = h->mentee_first[e];
        r->mentee[e] = (struct mentee){first, first, FIRST_PASS};
        r->match[e] = HRT_NONE;
    }
    return STATUS_OK;
}

enum status
kiraly_run(const struct hrt *h, struct lottery_draw *draw, uint32_t *out_match)
{
    struct run r = {.h = h, .draw = draw};
    r.match = out_match;
    enum status st = run_init(&r);
    if (st < 0) {
        goto out;
    }
    if (draw) {
        shuffle_ties(h, draw, r.order);
    }
    for (uint32_t i = 0; i < h->mentees; i++) {
        place_mentee(&r, r.turn[i]);
    }
out:
    free(r.order);
    free(r.turn);
    free(r.mentee);
    free(r.refused);
    free(r.load);
    free(r.seat_first);
    free(r.seat);
    return st;
}
