#include "bench/matching_generator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct matching_generator classes[] = {
    {"P", 100, 3, 5, 30, 50, 1},   {"M", 33, 3, 5, 30, 50, 3},
    {"S", 100, 5, 10, 85, 85, 1},  {"G", 33, 5, 10, 85, 85, 1},
    {"R", 33, 5, 10, 0, 85, 1},    {"K", 7, 5, 5, 0, 85, 1},
    {"strict", 33, 5, 5, 0, 0, 1},
};

const struct matching_generator *
matching_generator_find(const char *name)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strcmp(classes[i].name, name) == 0) {
            return &classes[i];
        }
    }
    return NULL;
}

static void *
need(void *memory)
{
    if (!memory) {
        abort();
    }
    return memory;
}

static char *
name_of(struct preferences *p, char side, uint32_t number)
{
    char name[16];
    (void)snprintf(name, sizeof(name), "%c%u", side, number + 1);
    return need(arena_strdup(&p->mem, name));
}

/* Groups of equals: `ties` percent of the entries join the one before. */
static void
rank(struct preferences_list *list, unsigned ties, struct lottery_draw *draw)
{
    for (uint32_t i = 1; i < list->count; i++) {
        list->entry[i].rank = list->entry[i - 1].rank
                              + (lottery_below(draw, 100) >= ties ? 1 : 0);
    }
}

struct part {
    const struct matching_generator *g;
    struct lottery_draw *draw;
    struct preferences *p;
    uint32_t first_mentee;
    uint32_t mentees;
    uint32_t first_mentor;
    uint32_t mentors;
};

/* A mentor with a chance that falls evenly from `popularity` to 1. */
static uint32_t
pick_mentor(const struct part *t)
{
    for (;;) {
        const uint32_t m = lottery_below(t->draw, t->mentors);
        const uint64_t share = (uint64_t)(t->g->popularity - 1) * m;
        const uint64_t chance = (uint64_t)t->g->popularity * t->mentors - share;
        if (lottery_below(t->draw, t->g->popularity * t->mentors) < chance) {
            return m;
        }
    }
}

static void
choose(const struct part *t, uint32_t e)
{
    const struct matching_generator *g = t->g;
    struct preferences_list *list = &t->p->mentee_list[e];
    uint32_t wanted =
        g->least_choices
        + lottery_below(t->draw, g->most_choices - g->least_choices + 1);
    wanted = wanted > t->mentors ? t->mentors : wanted;
    list->entry =
        need(arena_array(&t->p->mem, (size_t)wanted + 1, sizeof(*list->entry)));
    while (list->count < wanted) {
        const uint32_t m = t->first_mentor + pick_mentor(t);
        bool again = false;
        for (uint32_t i = 0; i < list->count; i++) {
            again = again || list->entry[i].who == m;
        }
        if (!again) {
            list->entry[list->count++].who = m;
            t->p->mentor_list[m].count++;
        }
    }
    rank(list, g->mentee_ties, t->draw);
}

/* Everybody who listed a mentor, in random order. */
static void
answer(const struct part *t)
{
    struct preferences *p = t->p;
    for (uint32_t m = t->first_mentor; m < t->first_mentor + t->mentors; m++) {
        struct preferences_list *list = &p->mentor_list[m];
        const size_t count = list->count;
        list->entry =
            need(arena_array(&p->mem, count + 1, sizeof(*list->entry)));
        p->scores[m].score =
            need(arena_array(&p->mem, count + 1, sizeof(*p->scores->score)));
        list->count = 0;
    }
    for (uint32_t e = t->first_mentee; e < t->first_mentee + t->mentees; e++) {
        for (uint32_t i = 0; i < p->mentee_list[e].count; i++) {
            const uint32_t m = p->mentee_list[e].entry[i].who;
            struct preferences_list *list = &p->mentor_list[m];
            const uint32_t at = lottery_below(t->draw, list->count + 1);
            list->entry[list->count++].who = list->entry[at].who;
            list->entry[at].who = e;
            p->scores[m].score[p->scores[m].count++] =
                (struct preferences_score){
                    e, (int32_t)lottery_below(t->draw, 101)};
        }
    }
    for (uint32_t m = t->first_mentor; m < t->first_mentor + t->mentors; m++) {
        rank(&p->mentor_list[m], t->g->mentor_ties, t->draw);
    }
}

void
matching_generator_region(const struct matching_generator *g, uint32_t mentees,
                          uint32_t parts, struct lottery_draw *draw,
                          struct preferences *out)
{
    uint32_t mentors = g->mentors_percent == 33
                           ? mentees / 3
                           : mentees * g->mentors_percent / 100;
    mentors = mentors == 0 ? 1 : mentors;
    if (preferences_init(out, mentees * parts, mentors * parts) < 0) {
        abort();
    }
    for (uint32_t m = 0; m < out->mentors; m++) {
        out->mentor_id[m] = name_of(out, 'm', m);
        out->capacity[m] = 1;
    }
    for (uint32_t k = 0; k < parts; k++) {
        for (uint32_t i = mentors; i < mentees; i++) {
            out->capacity[k * mentors + lottery_below(draw, mentors)]++;
        }
    }
    for (uint32_t e = 0; e < out->mentees; e++) {
        out->mentee_id[e] = name_of(out, 'e', e);
    }
    for (uint32_t k = 0; k < parts; k++) {
        const struct part t = {
            .g = g,
            .draw = draw,
            .p = out,
            .first_mentee = k * mentees,
            .mentees = mentees,
            .first_mentor = k * mentors,
            .mentors = mentors,
        };
        for (uint32_t e = 0; e < mentees; e++) {
            choose(&t, t.first_mentee + e);
        }
        answer(&t);
    }
}

void
matching_generator_make(const struct matching_generator *g, uint32_t mentees,
                        struct lottery_draw *draw, struct preferences *out)
{
    matching_generator_region(g, mentees, 1, draw, out);
}
