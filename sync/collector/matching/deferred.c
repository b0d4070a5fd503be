#include "collector/matching/deferred.h"

#include <stdlib.h>
#include <string.h>

/* What a mentor holds while mentees propose: marks along by_mentor, and the
 * worst of them, which only moves up once all places are taken. */
struct holding {
    uint32_t free;
    uint32_t worst;
};

enum status
deferred_by_mentees(const struct hrt *h, uint32_t *out_match)
{
    struct holding *hold = calloc((size_t)h->mentors + 1, sizeof(*hold));
    unsigned char *held = calloc((size_t)h->pairs + 1, 1);
    uint32_t *next = calloc((size_t)h->mentees + 1, sizeof(*next));
    enum status st = STATUS_OK;
    if (!hold || !held || !next) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t m = 0; m < h->mentors; m++) {
        hold[m] = (struct holding){h->capacity[m], h->mentor_first[m]};
    }
    memcpy(next, h->mentee_first, h->mentees * sizeof(*next));
    for (uint32_t start = 0; start < h->mentees; start++) {
        uint32_t e = start;
        out_match[e] = HRT_NONE;
        while (next[e] < h->mentee_first[e + 1]) {
            const uint32_t i = next[e]++;
            const uint32_t place = h->place[i];
            struct holding *m = &hold[h->pair[i].mentor];
            if (m->free > 0) {
                m->free--;
                m->worst = place > m->worst ? place : m->worst;
                held[place] = 1;
                out_match[e] = i;
                break;
            }
            if (place > m->worst) {
                continue;
            }
            held[place] = 1;
            out_match[e] = i;
            held[m->worst] = 0;
            e = h->pair[h->by_mentor[m->worst]].mentee;
            out_match[e] = HRT_NONE;
            while (!held[m->worst]) {
                m->worst--;
            }
        }
    }
out:
    free(hold);
    free(held);
    free(next);
    return st;
}

enum status
deferred_by_mentors(const struct hrt *h, uint32_t *out_match)
{
    uint32_t *next = calloc((size_t)h->mentors + 1, sizeof(*next));
    uint32_t *free_places = calloc((size_t)h->mentors + 1, sizeof(*next));
    uint32_t *stack = calloc((size_t)h->mentors + 1, sizeof(*stack));
    unsigned char *stacked = calloc((size_t)h->mentors + 1, 1);
    enum status st = STATUS_OK;
    uint32_t waiting = 0;
    if (!next || !free_places || !stack || !stacked) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t m = h->mentors; m > 0; m--) {
        next[m - 1] = h->mentor_first[m - 1];
        free_places[m - 1] = h->capacity[m - 1];
        stack[waiting++] = m - 1;
        stacked[m - 1] = 1;
    }
    for (uint32_t e = 0; e < h->mentees; e++) {
        out_match[e] = HRT_NONE;
    }
    while (waiting > 0) {
        const uint32_t m = stack[waiting - 1];
        if (free_places[m] == 0 || next[m] == h->mentor_first[m + 1]) {
            waiting--;
            stacked[m] = 0;
            continue;
        }
        const uint32_t i = h->by_mentor[next[m]++];
        const uint32_t e = h->pair[i].mentee;
        const uint32_t has = out_match[e];
        if (has != HRT_NONE && has < i) {
            continue; /* pairs of a mentee are numbered best first */
        }
        out_match[e] = i;
        free_places[m]--;
        if (has != HRT_NONE) {
            const uint32_t left = h->pair[has].mentor;
            free_places[left]++;
            if (!stacked[left]) {
                stacked[left] = 1;
                stack[waiting++] = left;
            }
        }
    }
out:
    free(next);
    free(free_places);
    free(stack);
    free(stacked);
    return st;
}
