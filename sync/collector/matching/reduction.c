#include "collector/matching/reduction.h"

#include <stdlib.h>
#include <string.h>

/* People whose lists changed since the rules last looked. Mentees and mentors
 * share one stack: mentor m is entry mentees + m. */
struct worklist {
    const struct hrt *h;
    struct reduction *r;
    uint32_t *stack;
    uint32_t count;
    unsigned char *waiting;
    unsigned char *applied; /* by pair */
    unsigned char *offered; /* by pair */
};

static void
touch(struct worklist *w, uint32_t person)
{
    if (!w->waiting[person]) {
        w->waiting[person] = 1;
        w->stack[w->count++] = person;
    }
}

static void
delete_pair(struct worklist *w, uint32_t pair, uint32_t because, bool offered)
{
    w->r->keep[pair] = 0;
    w->r->step[w->r->steps++] = (struct reduction_step){pair, because, offered};
    touch(w, w->h->pair[pair].mentee);
    touch(w, w->h->mentees + w->h->pair[pair].mentor);
}

static void
look_at_mentee(struct worklist *w, uint32_t e)
{
    const struct hrt *h = w->h;
    const uint32_t end = h->mentee_first[e + 1];
    uint32_t first = h->mentee_first[e];
    while (first < end && !w->r->keep[first]) {
        first++;
    }
    if (first == end || w->applied[first]) {
        return;
    }
    for (uint32_t i = first + 1;
         i < end && h->pair[i].rank_by_mentee == h->pair[first].rank_by_mentee;
         i++) {
        if (w->r->keep[i]) {
            return;
        }
    }
    w->applied[first] = 1;
    touch(w, h->mentees + h->pair[first].mentor);
}

static void
apply_rule(struct worklist *w, uint32_t m)
{
    const struct hrt *h = w->h;
    uint32_t applicants = 0;
    uint32_t last = HRT_NONE;
    for (uint32_t k = h->mentor_first[m]; k < h->mentor_first[m + 1]; k++) {
        const uint32_t i = h->by_mentor[k];
        if (!w->r->keep[i]) {
            continue;
        }
        if (last == HRT_NONE) {
            applicants += w->applied[i];
            last = applicants == h->capacity[m] ? i : HRT_NONE;
        } else if (h->pair[i].rank_by_mentor > h->pair[last].rank_by_mentor) {
            delete_pair(w, i, last, false);
        }
    }
}

static void
offer(struct worklist *w, uint32_t pair)
{
    const struct hrt *h = w->h;
    const uint32_t e = h->pair[pair].mentee;
    w->offered[pair] = 1;
    for (uint32_t i = h->mentee_first[e + 1]; i > pair + 1; i--) {
        if (w->r->keep[i - 1]
            && h->pair[i - 1].rank_by_mentee > h->pair[pair].rank_by_mentee) {
            delete_pair(w, i - 1, pair, true);
        }
    }
}

static void
offer_rule(struct worklist *w, uint32_t m)
{
    const struct hrt *h = w->h;
    const uint32_t end = h->mentor_first[m + 1];
    uint32_t seen = 0;
    uint32_t k = h->mentor_first[m];
    while (k < end) {
        const uint32_t rank = h->pair[h->by_mentor[k]].rank_by_mentor;
        const uint32_t start = k;
        while (k < end && h->pair[h->by_mentor[k]].rank_by_mentor == rank) {
            seen += w->r->keep[h->by_mentor[k]];
            k++;
        }
        if (seen > h->capacity[m]) {
            return;
        }
        for (uint32_t i = start; i < k; i++) {
            const uint32_t pair = h->by_mentor[i];
            if (w->r->keep[pair] && !w->offered[pair]) {
                offer(w, pair);
            }
        }
    }
}

enum status
reduction_run(const struct hrt *h, struct reduction *out)
{
    *out = (struct reduction){0};
    const size_t people = (size_t)h->mentees + h->mentors;
    struct worklist w = {.h = h, .r = out};
    enum status st = STATUS_OK;
    out->keep = malloc((size_t)h->pairs + 1);
    out->step = calloc((size_t)h->pairs + 1, sizeof(*out->step));
    w.stack = calloc(people + 1, sizeof(*w.stack));
    w.waiting = calloc(people + 1, 1);
    w.applied = calloc((size_t)h->pairs + 1, 1);
    w.offered = calloc((size_t)h->pairs + 1, 1);
    if (!out->keep || !out->step || !w.stack || !w.waiting || !w.applied
        || !w.offered) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    memset(out->keep, 1, (size_t)h->pairs + 1);
    for (uint32_t i = 0; i < (uint32_t)people; i++) {
        touch(&w, i);
    }
    while (w.count > 0) {
        const uint32_t person = w.stack[--w.count];
        w.waiting[person] = 0;
        if (person < h->mentees) {
            look_at_mentee(&w, person);
        } else if (h->minimum[person - h->mentees] == 0) {
            apply_rule(&w, person - h->mentees);
            offer_rule(&w, person - h->mentees);
        }
    }
out:
    free(w.stack);
    free(w.waiting);
    free(w.applied);
    free(w.offered);
    if (st < 0) {
        reduction_deinit(out);
    }
    return st;
}

void
reduction_deinit(struct reduction *r)
{
    free(r->keep);
    free(r->step);
    *r = (struct reduction){0};
}
