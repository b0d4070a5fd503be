#include "collector/matching/tiesearch.h"

#include <stdlib.h>
#include <string.h>

/* Free decisions in one chain, at most; the others follow by necessity. */
#define FREE_MOVES 6

/* A set of small numbers with constant-time random choice. */
struct bag {
    uint32_t *item;
    uint32_t *where; /* position + 1; 0: not inside */
    uint32_t count;
};

struct change {
    uint32_t mentee;
    uint32_t before;
};

struct walk {
    const struct hrt *h;
    struct lottery_draw *draw;
    uint32_t *match;
    uint32_t *load;
    size_t *seat_first;
    uint32_t *seat;     /* held pairs, from seat_first[m] */
    uint32_t *seat_pos; /* by mentee: where in her mentor's seats */
    struct bag alone;   /* unmatched mentees that have a list */
    struct bag open;    /* mentors with free places and a list */
    struct change *log; /* what this step did, to undo it */
    size_t log_count;
    size_t log_max;
    uint32_t size;
    int64_t weight;
    uint32_t moves_left;
    uint32_t *best;
    uint32_t best_size;
    int64_t best_weight;
};

static void
bag_put(struct bag *b, uint32_t item)
{
    if (b->where[item] == 0) {
        b->item[b->count++] = item;
        b->where[item] = b->count;
    }
}

static void
bag_drop(struct bag *b, uint32_t item)
{
    const uint32_t at = b->where[item];
    if (at != 0) {
        const uint32_t last = b->item[--b->count];
        b->item[at - 1] = last;
        b->where[last] = at;
        b->where[item] = 0;
    }
}

static bool
is_full(const struct walk *w, uint32_t m)
{
    return w->load[m] == w->h->capacity[m];
}

static void
leave(struct walk *w, uint32_t e)
{
    const uint32_t pair = w->match[e];
    const uint32_t m = w->h->pair[pair].mentor;
    uint32_t *seat = w->seat + w->seat_first[m];
    const uint32_t last = seat[--w->load[m]];
    seat[w->seat_pos[e]] = last;
    w->seat_pos[w->h->pair[last].mentee] = w->seat_pos[e];
    w->match[e] = HRT_NONE;
    w->size--;
    w->weight -= w->h->weight[pair];
    bag_put(&w->alone, e);
    bag_put(&w->open, m);
}

static void
join(struct walk *w, uint32_t e, uint32_t pair)
{
    const uint32_t m = w->h->pair[pair].mentor;
    w->seat_pos[e] = w->load[m];
    w->seat[w->seat_first[m] + w->load[m]++] = pair;
    w->match[e] = pair;
    w->size++;
    w->weight += w->h->weight[pair];
    bag_drop(&w->alone, e);
    if (is_full(w, m)) {
        bag_drop(&w->open, m);
    }
}

static void
set_match(struct walk *w, uint32_t e, uint32_t pair)
{
    if (w->match[e] != HRT_NONE) {
        leave(w, e);
    }
    if (pair != HRT_NONE) {
        join(w, e, pair);
    }
}

/* Chains longer than the log end the step as lost: it is undone. */
static bool
change(struct walk *w, uint32_t e, uint32_t pair)
{
    if (w->log_count == w->log_max) {
        return false;
    }
    w->log[w->log_count++] = (struct change){e, w->match[e]};
    set_match(w, e, pair);
    return true;
}

static void
undo(struct walk *w)
{
    while (w->log_count > 0) {
        const struct change *c = &w->log[--w->log_count];
        set_match(w, c->mentee, c->before);
    }
}

/* The worst rank held by a full mentor. */
static uint32_t
worst_rank(const struct walk *w, uint32_t m)
{
    const uint32_t *seat = w->seat + w->seat_first[m];
    uint32_t worst = 0;
    for (uint32_t s = 0; s < w->load[m]; s++) {
        const uint32_t rank = w->h->pair[seat[s]].rank_by_mentor;
        worst = rank > worst ? rank : worst;
    }
    return worst;
}

static uint32_t
random_of_worst(struct walk *w, uint32_t m)
{
    const uint32_t *seat = w->seat + w->seat_first[m];
    const uint32_t rank = worst_rank(w, m);
    uint32_t chosen = HRT_NONE;
    uint32_t seen = 0;
    for (uint32_t s = 0; s < w->load[m]; s++) {
        if (w->h->pair[seat[s]].rank_by_mentor == rank
            && lottery_below(w->draw, ++seen) == 0) {
            chosen = w->h->pair[seat[s]].mentee;
        }
    }
    return chosen;
}

/* Keeps each of the offered items with equal chance. */
struct sample {
    uint32_t item;
    uint32_t seen;
};

static void
sample_put(struct walk *w, struct sample *s, uint32_t item)
{
    s->seen++;
    if (s->seen == 1 || lottery_below(w->draw, s->seen) == 0) {
        s->item = item;
    }
}

/* A free decision is taken while any are left, half of the time if there is
 * something else to do. */
static bool
takes_free_move(struct walk *w, const struct sample *tied, bool otherwise)
{
    if (tied->seen == 0 || w->moves_left == 0
        || (otherwise && lottery_below(w->draw, 2) == 0)) {
        return false;
    }
    w->moves_left--;
    return true;
}

/* Where an unmatched mentee goes: the best tie with a mentor who takes her
 * anyhow, or, as a free decision, an equal's place at or above it. */
static uint32_t
choose_mentor(struct walk *w, uint32_t e, uint32_t avoid)
{
    const struct hrt *h = w->h;
    struct sample open = {HRT_NONE, 0};
    struct sample strict = {HRT_NONE, 0};
    struct sample tied = {HRT_NONE, 0};
    uint32_t rank = HRT_NONE;
    for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
        const struct hrt_pair *p = &h->pair[i];
        if (p->rank_by_mentee != rank) {
            if (open.seen + strict.seen > 0) {
                break;
            }
            rank = p->rank_by_mentee;
        }
        if (!is_full(w, p->mentor)) {
            sample_put(w, &open, i);
            continue;
        }
        const uint32_t worst = worst_rank(w, p->mentor);
        if (worst > p->rank_by_mentor) {
            sample_put(w, &strict, i);
        } else if (worst == p->rank_by_mentor && p->mentor != avoid) {
            sample_put(w, &tied, i);
        }
    }
    if (open.seen > 0) {
        return open.item;
    }
    if (takes_free_move(w, &tied, strict.seen > 0)) {
        return tied.item;
    }
    return strict.item;
}

/* Finds a place for an unmatched mentee and for everybody she displaces. */
static bool
settle_mentee(struct walk *w, uint32_t start, uint32_t avoid)
{
    uint32_t e = start;
    for (;;) {
        const uint32_t pair = choose_mentor(w, e, avoid);
        if (pair == HRT_NONE) {
            return true;
        }
        const uint32_t m = w->h->pair[pair].mentor;
        if (!is_full(w, m)) {
            return change(w, e, pair);
        }
        const uint32_t out = random_of_worst(w, m);
        if (!change(w, out, HRT_NONE) || !change(w, e, pair)) {
            return false;
        }
        e = out;
        avoid = m;
    }
}

/* Who takes a free place: the mentor's best among those who would rather be
 * there, or, as a free decision, an indifferent one ranked no worse. */
static uint32_t
choose_mentee(struct walk *w, uint32_t m, uint32_t avoid)
{
    const struct hrt *h = w->h;
    struct sample alone = {HRT_NONE, 0};
    struct sample strict = {HRT_NONE, 0};
    struct sample tied = {HRT_NONE, 0};
    uint32_t rank = HRT_NONE;
    for (uint32_t k = h->mentor_first[m]; k < h->mentor_first[m + 1]; k++) {
        const uint32_t i = h->by_mentor[k];
        const struct hrt_pair *p = &h->pair[i];
        if (p->rank_by_mentor != rank) {
            if (alone.seen + strict.seen > 0) {
                break;
            }
            rank = p->rank_by_mentor;
        }
        const uint32_t has = w->match[p->mentee];
        if (has == HRT_NONE) {
            sample_put(w, &alone, i);
        } else if (h->pair[has].rank_by_mentee > p->rank_by_mentee) {
            sample_put(w, &strict, i);
        } else if (has != i && h->pair[has].rank_by_mentee == p->rank_by_mentee
                   && h->pair[has].mentor != avoid) {
            sample_put(w, &tied, i);
        }
    }
    if (alone.seen > 0) {
        return alone.item;
    }
    if (takes_free_move(w, &tied, strict.seen > 0)) {
        return tied.item;
    }
    return strict.item;
}

/* Finds somebody for a free place and for every place left for it. */
static bool
fill_place(struct walk *w, uint32_t start)
{
    uint32_t m = start;
    uint32_t avoid = HRT_NONE;
    for (;;) {
        const uint32_t pair = choose_mentee(w, m, avoid);
        if (pair == HRT_NONE) {
            return true;
        }
        const uint32_t e = w->h->pair[pair].mentee;
        const uint32_t has = w->match[e];
        if (!change(w, e, pair)) {
            return false;
        }
        if (has == HRT_NONE) {
            return true;
        }
        avoid = m;
        m = w->h->pair[has].mentor;
    }
}

/* Whether somebody better than her mentor would take mentee e. */
static bool
could_do_better(const struct walk *w, uint32_t e)
{
    const struct hrt *h = w->h;
    const uint32_t mine = h->pair[w->match[e]].rank_by_mentee;
    for (uint32_t i = h->mentee_first[e]; h->pair[i].rank_by_mentee < mine;
         i++) {
        const uint32_t m = h->pair[i].mentor;
        if (!is_full(w, m) || worst_rank(w, m) > h->pair[i].rank_by_mentor) {
            return true;
        }
    }
    return false;
}

/* A matched mentee goes to an equally good mentor in place of somebody no
 * better; then her old place and whoever lost the new one settle. */
static bool
trade(struct walk *w, uint32_t e)
{
    const struct hrt *h = w->h;
    const uint32_t has = w->match[e];
    struct sample tied = {HRT_NONE, 0};
    for (uint32_t i = h->mentee_first[e];
         i < h->mentee_first[e + 1]
         && h->pair[i].rank_by_mentee <= h->pair[has].rank_by_mentee;
         i++) {
        const struct hrt_pair *p = &h->pair[i];
        if (i != has && p->rank_by_mentee == h->pair[has].rank_by_mentee
            && is_full(w, p->mentor)
            && worst_rank(w, p->mentor) >= p->rank_by_mentor) {
            sample_put(w, &tied, i);
        }
    }
    if (tied.seen == 0) {
        return true;
    }
    const uint32_t left = h->pair[has].mentor;
    const uint32_t m = h->pair[tied.item].mentor;
    const uint32_t out = random_of_worst(w, m);
    if (!change(w, out, HRT_NONE) || !change(w, e, tied.item)
        || !fill_place(w, left)) {
        return false;
    }
    if (w->match[out] == HRT_NONE) {
        return settle_mentee(w, out, m);
    }
    /* She was given a place left on the way, perhaps not her best: give up
     * this step then. */
    return !could_do_better(w, out);
}

static bool
step(struct walk *w, bool by_weight)
{
    const uint32_t kind = lottery_below(w->draw, by_weight ? 4 : 3);
    w->moves_left = 1 + lottery_below(w->draw, FREE_MOVES);
    if (kind == 0 && w->alone.count > 0) {
        const uint32_t pick = lottery_below(w->draw, w->alone.count);
        return settle_mentee(w, w->alone.item[pick], HRT_NONE);
    }
    if (kind == 1 && w->open.count > 0) {
        const uint32_t pick = lottery_below(w->draw, w->open.count);
        return fill_place(w, w->open.item[pick]);
    }
    const uint32_t e = lottery_below(w->draw, w->h->mentees);
    if (w->match[e] == HRT_NONE) {
        return true;
    }
    return trade(w, e);
}

static void
keep_best(struct walk *w)
{
    w->best_size = w->size;
    w->best_weight = w->weight;
    memcpy(w->best, w->match, w->h->mentees * sizeof(*w->best));
}

static enum status
walk_init(struct walk *w, uint32_t *match)
{
    const struct hrt *h = w->h;
    const size_t e = (size_t)h->mentees + 1;
    const size_t m = (size_t)h->mentors + 1;
    w->log_max = 1000 + 4 * (size_t)h->mentees;
    w->match = calloc(e, sizeof(*w->match));
    w->load = calloc(m, sizeof(*w->load));
    w->seat_first = calloc(m, sizeof(*w->seat_first));
    w->seat_pos = calloc(e, sizeof(*w->seat_pos));
    w->alone.item = calloc(e, sizeof(uint32_t));
    w->alone.where = calloc(e, sizeof(uint32_t));
    w->open.item = calloc(m, sizeof(uint32_t));
    w->open.where = calloc(m, sizeof(uint32_t));
    w->log = calloc(w->log_max, sizeof(*w->log));
    w->best = match;
    if (!w->match || !w->load || !w->seat_first || !w->seat_pos
        || !w->alone.item || !w->alone.where || !w->open.item || !w->open.where
        || !w->log) {
        return STATUS_E_NOMEM;
    }
    size_t seats = 0;
    for (uint32_t i = 0; i < h->mentors; i++) {
        const uint32_t degree = h->mentor_first[i + 1] - h->mentor_first[i];
        w->seat_first[i] = seats;
        seats += h->capacity[i] < degree ? h->capacity[i] : degree;
        if (degree > 0) {
            bag_put(&w->open, i);
        }
    }
    w->seat = malloc((seats + 1) * sizeof(*w->seat));
    if (!w->seat) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < h->mentees; i++) {
        w->match[i] = HRT_NONE;
        if (h->mentee_first[i] < h->mentee_first[i + 1]) {
            bag_put(&w->alone, i);
        }
        if (match[i] != HRT_NONE) {
            join(w, i, match[i]);
        }
    }
    keep_best(w);
    return STATUS_OK;
}

static int64_t
weight_spread(const struct hrt *h)
{
    int64_t low = 0;
    int64_t high = 0;
    for (uint32_t i = 0; i < h->pairs; i++) {
        low = i == 0 || h->weight[i] < low ? h->weight[i] : low;
        high = i == 0 || h->weight[i] > high ? h->weight[i] : high;
    }
    return high - low;
}

enum status
tiesearch_run(const struct hrt *h, const struct tiesearch *options,
              struct lottery_draw *draw, uint32_t *match)
{
    struct walk w = {.h = h, .draw = draw};
    /* Threshold accepting (Dueck, Scheuer 1990): losses of weight are taken
     * while they are below a limit that falls to nothing. */
    const int64_t spread = options->by_weight ? weight_spread(h) / 2 : 0;
    enum status st = walk_init(&w, match);
    if (st < 0) {
        goto out;
    }
    for (uint64_t s = 0; s < options->steps; s++) {
        if (w.best_size >= options->size_bound
            && (!options->by_weight
                || w.best_weight >= options->weight_bound)) {
            break;
        }
        const uint32_t size = w.size;
        const int64_t weight = w.weight;
        const int64_t limit =
            (int64_t)((double)spread * (double)(options->steps - s)
                      / (double)options->steps);
        w.log_count = 0;
        const bool settled = step(&w, options->by_weight);
        if (!settled || w.size < size
            || (options->by_weight && w.size == size
                && w.weight < weight - limit)) {
            undo(&w);
        } else if (w.size > w.best_size
                   || (options->by_weight && w.size == w.best_size
                       && w.weight > w.best_weight)) {
            keep_best(&w);
        }
    }
out:
    free(w.match);
    free(w.load);
    free(w.seat_first);
    free(w.seat);
    free(w.seat_pos);
    free(w.alone.item);
    free(w.alone.where);
    free(w.open.item);
    free(w.open.where);
    free(w.log);
    return st;
}
