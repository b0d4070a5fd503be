#include "collector/matching/bmatching.h"

#include <stdlib.h>
#include <string.h>

struct layers {
    const struct hrt *h;
    uint32_t *match;
    uint32_t *load;
    uint32_t *mentee_level; /* HRT_NONE: not reached */
    uint32_t *mentor_level;
    uint32_t *queue;       /* mentees */
    uint32_t *mentee_next; /* pairs tried in this phase */
    uint32_t *mentor_next;
    uint32_t *path; /* pairs of the walk, one a mentee on it */
};

/* Breadth first from the unmatched mentees; true if a free place is reached.
 * The search ends with the layer that reaches it. */
static bool
build_layers(struct layers *l)
{
    const struct hrt *h = l->h;
    uint32_t head = 0;
    uint32_t tail = 0;
    uint32_t found = HRT_NONE;
    memset(l->mentor_level, 0xff, h->mentors * sizeof(*l->mentor_level));
    for (uint32_t e = 0; e < h->mentees; e++) {
        l->mentee_level[e] = HRT_NONE;
        if (l->match[e] == HRT_NONE) {
            l->mentee_level[e] = 0;
            l->queue[tail++] = e;
        }
    }
    while (head < tail) {
        const uint32_t e = l->queue[head++];
        if (l->mentee_level[e] >= found) {
            break;
        }
        for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
            const uint32_t m = h->pair[i].mentor;
            if (l->mentor_level[m] != HRT_NONE) {
                continue;
            }
            l->mentor_level[m] = l->mentee_level[e] + 1;
            if (l->load[m] < h->capacity[m]) {
                found = l->mentee_level[e] + 1;
                continue;
            }
            for (uint32_t k = h->mentor_first[m]; k < h->mentor_first[m + 1];
                 k++) {
                const uint32_t other = h->pair[h->by_mentor[k]].mentee;
                if (l->match[other] == h->by_mentor[k]
                    && l->mentee_level[other] == HRT_NONE) {
                    l->mentee_level[other] = l->mentee_level[e] + 1;
                    l->queue[tail++] = other;
                }
            }
        }
    }
    return found != HRT_NONE;
}

/* The next mentee held by m that continues the layers, as a pair. */
static uint32_t
next_held(struct layers *l, uint32_t m)
{
    const struct hrt *h = l->h;
    while (l->mentor_next[m] < h->mentor_first[m + 1]) {
        const uint32_t i = h->by_mentor[l->mentor_next[m]++];
        const uint32_t e = h->pair[i].mentee;
        if (l->match[e] == i && l->mentee_level[e] == l->mentor_level[m]) {
            return i;
        }
    }
    return HRT_NONE;
}

/* One augmenting path from `start` down the layers, if there is one left. */
static void
augment(struct layers *l, uint32_t start)
{
    const struct hrt *h = l->h;
    uint32_t depth = 0;
    uint32_t e = start;
    for (;;) {
        bool deeper = false;
        while (!deeper && l->mentee_next[e] < h->mentee_first[e + 1]) {
            const uint32_t i = l->mentee_next[e];
            const uint32_t m = h->pair[i].mentor;
            if (l->mentor_level[m] != l->mentee_level[e] + 1) {
                l->mentee_next[e]++;
                continue;
            }
            if (l->load[m] < h->capacity[m]) {
                l->load[m]++;
                l->path[depth++] = i;
                for (uint32_t d = 0; d < depth; d++) {
                    l->match[h->pair[l->path[d]].mentee] = l->path[d];
                }
                return;
            }
            const uint32_t held = next_held(l, m);
            if (held == HRT_NONE) {
                l->mentee_next[e]++;
                continue;
            }
            l->path[depth++] = i;
            e = h->pair[held].mentee;
            deeper = true;
        }
        if (!deeper) {
            if (depth == 0) {
                return;
            }
            e = h->pair[l->path[--depth]].mentee;
        }
    }
}

static enum status
layers_init(struct layers *l)
{
    const struct hrt *h = l->h;
    const size_t e = (size_t)h->mentees + 1;
    const size_t m = (size_t)h->mentors + 1;
    l->load = calloc(m, sizeof(*l->load));
    l->mentee_level = calloc(e, sizeof(*l->mentee_level));
    l->mentor_level = calloc(m, sizeof(*l->mentor_level));
    l->queue = calloc(e, sizeof(*l->queue));
    l->mentee_next = calloc(e, sizeof(*l->mentee_next));
    l->mentor_next = calloc(m, sizeof(*l->mentor_next));
    l->path = calloc(e, sizeof(*l->path));
    return l->load && l->mentee_level && l->mentor_level && l->queue
                   && l->mentee_next && l->mentor_next && l->path
               ? STATUS_OK
               : STATUS_E_NOMEM;
}

enum status
bmatching_run(const struct hrt *h, uint32_t *match, struct bmatching *out)
{
    struct layers l = {.h = h, .match = match};
    enum status st = layers_init(&l);
    if (st < 0) {
        goto out;
    }
    hrt_load(h, match, l.load);
    while (build_layers(&l)) {
        memcpy(l.mentee_next, h->mentee_first,
               h->mentees * sizeof(*l.mentee_next));
        memcpy(l.mentor_next, h->mentor_first,
               h->mentors * sizeof(*l.mentor_next));
        for (uint32_t e = 0; e < h->mentees; e++) {
            if (match[e] == HRT_NONE) {
                augment(&l, e);
            }
        }
    }
    out->size = hrt_size(h, match);
    /* What the last search reached: unreached mentees and reached mentors
     * cover all pairs. */
    for (uint32_t e = 0; out->mentee_cover && e < h->mentees; e++) {
        out->mentee_cover[e] = l.mentee_level[e] == HRT_NONE;
    }
    for (uint32_t m = 0; out->mentor_cover && m < h->mentors; m++) {
        out->mentor_cover[m] = l.mentor_level[m] != HRT_NONE;
    }
out:
    free(l.load);
    free(l.mentee_level);
    free(l.mentor_level);
    free(l.queue);
    free(l.mentee_next);
    free(l.mentor_next);
    free(l.path);
    return st;
}
