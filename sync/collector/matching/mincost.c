#include "collector/matching/mincost.h"

#include <stdlib.h>

#define FAR INT64_MAX

struct entry {
    int64_t distance;
    uint32_t mentor;
};

struct flow {
    const struct hrt *h;
    uint32_t *match;
    uint32_t *load;
    int64_t *mentee_price; /* potentials: cost - prices >= 0, 0 if matched */
    int64_t *mentor_price;
    int64_t *distance; /* by mentor; FAR: not reached */
    uint32_t *arrival; /* pair by which a mentor was reached */
    uint32_t *reached; /* mentors with a distance, to reset them */
    unsigned char *done;
    uint32_t reached_count;
    struct entry *heap;
    size_t heap_count;
    int64_t alone; /* cost of leaving a mentee unmatched */
};

static void
heap_push(struct flow *f, int64_t distance, uint32_t mentor)
{
    size_t at = f->heap_count++;
    while (at > 0 && f->heap[(at - 1) / 2].distance > distance) {
        f->heap[at] = f->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    f->heap[at] = (struct entry){distance, mentor};
}

static struct entry
heap_pop(struct flow *f)
{
    const struct entry top = f->heap[0];
    const struct entry last = f->heap[--f->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= f->heap_count) {
            break;
        }
        if (child + 1 < f->heap_count
            && f->heap[child + 1].distance < f->heap[child].distance) {
            child++;
        }
        if (f->heap[child].distance >= last.distance) {
            break;
        }
        f->heap[at] = f->heap[child];
        at = child;
    }
    f->heap[at] = last;
    return top;
}

/* Shortest distances over the pairs of mentee e, who is `base` away. */
static void
relax(struct flow *f, uint32_t e, int64_t base)
{
    const struct hrt *h = f->h;
    for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
        const uint32_t m = h->pair[i].mentor;
        const int64_t d =
            base - h->weight[i] - f->mentee_price[e] - f->mentor_price[m];
        if (i == f->match[e] || f->done[m] || d >= f->distance[m]) {
            continue;
        }
        if (f->distance[m] == FAR) {
            f->reached[f->reached_count++] = m;
        }
        f->distance[m] = d;
        f->arrival[m] = i;
        heap_push(f, d, m);
    }
}

/* Where the cheapest path ends: at a mentor's free place, or with a mentee who
 * is left alone (then `mentor` is HRT_NONE). */
struct sink {
    int64_t distance;
    uint32_t mentor;
    uint32_t mentee;
};

static void
leave_alone(const struct flow *f, struct sink *s, uint32_t e, int64_t base)
{
    const int64_t d = base + f->alone - f->mentee_price[e];
    if (d < s->distance) {
        *s = (struct sink){d, HRT_NONE, e};
    }
}

static struct sink
shortest_path(struct flow *f, uint32_t start)
{
    const struct hrt *h = f->h;
    struct sink sink = {FAR, HRT_NONE, HRT_NONE};
    leave_alone(f, &sink, start, 0);
    relax(f, start, 0);
    while (f->heap_count > 0) {
        const struct entry top = heap_pop(f);
        const uint32_t m = top.mentor;
        if (top.distance >= sink.distance) {
            break;
        }
        if (f->done[m]) {
            continue;
        }
        f->done[m] = 1;
        if (f->load[m] < h->capacity[m]) {
            return (struct sink){top.distance, m, HRT_NONE};
        }
        for (uint32_t k = h->mentor_first[m]; k < h->mentor_first[m + 1]; k++) {
            const uint32_t i = h->by_mentor[k];
            const uint32_t e = h->pair[i].mentee;
            if (f->match[e] == i) {
                leave_alone(f, &sink, e, top.distance);
                relax(f, e, top.distance);
            }
        }
    }
    return sink;
}

static void
update_prices(struct flow *f, uint32_t start, int64_t distance)
{
    const struct hrt *h = f->h;
    f->mentee_price[start] += distance;
    for (uint32_t n = 0; n < f->reached_count; n++) {
        const uint32_t m = f->reached[n];
        const int64_t gain = distance - f->distance[m];
        if (f->done[m] && gain > 0) {
            f->mentor_price[m] -= gain;
            for (uint32_t k = h->mentor_first[m]; k < h->mentor_first[m + 1];
                 k++) {
                const uint32_t e = h->pair[h->by_mentor[k]].mentee;
                if (f->match[e] == h->by_mentor[k]) {
                    f->mentee_price[e] += gain;
                }
            }
        }
    }
}

/* Shift everybody along the path, from its end back to `start`. */
static void
augment(struct flow *f, uint32_t start, const struct sink *sink)
{
    const struct hrt *h = f->h;
    uint32_t m = sink->mentor;
    if (m == HRT_NONE) {
        if (sink->mentee == start) {
            return;
        }
        m = h->pair[f->match[sink->mentee]].mentor;
        f->match[sink->mentee] = HRT_NONE;
    } else {
        f->load[m]++;
    }
    for (;;) {
        const uint32_t pair = f->arrival[m];
        const uint32_t e = h->pair[pair].mentee;
        const uint32_t has = f->match[e];
        f->match[e] = pair;
        if (e == start) {
            return;
        }
        m = h->pair[has].mentor;
    }
}

static enum status
flow_init(struct flow *f)
{
    const struct hrt *h = f->h;
    const size_t e = (size_t)h->mentees + 1;
    const size_t m = (size_t)h->mentors + 1;
    f->load = calloc(m, sizeof(*f->load));
    f->mentee_price = calloc(e, sizeof(*f->mentee_price));
    f->mentor_price = calloc(m, sizeof(*f->mentor_price));
    f->distance = calloc(m, sizeof(*f->distance));
    f->arrival = calloc(m, sizeof(*f->arrival));
    f->reached = calloc(m, sizeof(*f->reached));
    f->done = calloc(m, 1);
    f->heap = calloc((size_t)h->pairs + 1, sizeof(*f->heap));
    if (!f->load || !f->mentee_price || !f->mentor_price || !f->distance
        || !f->arrival || !f->reached || !f->done || !f->heap) {
        return STATUS_E_NOMEM;
    }
    int64_t largest = 0;
    for (uint32_t i = 0; i < h->pairs; i++) {
        const int64_t w = h->weight[i] < 0 ? -h->weight[i] : h->weight[i];
        largest = w > largest ? w : largest;
    }
    f->alone = (2 * largest + 1) * ((int64_t)h->mentees + 1);
    for (uint32_t i = 0; i < h->mentors; i++) {
        f->distance[i] = FAR;
    }
    for (uint32_t i = 0; i < h->mentees; i++) {
        f->match[i] = HRT_NONE;
    }
    return STATUS_OK;
}

enum status
mincost_run(const struct hrt *h, uint32_t *out_match)
{
    struct flow f = {.h = h};
    f.match = out_match;
    enum status st = flow_init(&f);
    if (st < 0) {
        goto out;
    }
    for (uint32_t e = 0; e < h->mentees; e++) {
        const struct sink sink = shortest_path(&f, e);
        update_prices(&f, e, sink.distance);
        augment(&f, e, &sink);
        for (uint32_t n = 0; n < f.reached_count; n++) {
            f.distance[f.reached[n]] = FAR;
            f.done[f.reached[n]] = 0;
        }
        f.reached_count = 0;
        f.heap_count = 0;
    }
out:
    free(f.load);
    free(f.mentee_price);
    free(f.mentor_price);
    free(f.distance);
    free(f.arrival);
    free(f.reached);
    free(f.done);
    free(f.heap);
    return st;
}
