#include "collector/matching/checker.h"

#include <stdlib.h>

#define NOT_LISTED UINT32_MAX

static uint32_t
rank_in(const struct preferences_list *list, uint32_t who)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->entry[i].who == who) {
            return list->entry[i].rank;
        }
    }
    return NOT_LISTED;
}

static bool
has_pair(const struct preferences_pair *pairs, uint32_t count, uint32_t e,
         uint32_t m)
{
    for (uint32_t i = 0; i < count; i++) {
        if (pairs[i].mentee == e && pairs[i].mentor == m) {
            return true;
        }
    }
    return false;
}

static bool
is_acceptable(const struct preferences *p, uint32_t e, uint32_t m)
{
    return rank_in(&p->mentee_list[e], m) != NOT_LISTED
           && rank_in(&p->mentor_list[m], e) != NOT_LISTED
           && !has_pair(p->forbidden, p->forbidden_count, e, m);
}

static enum status
add(struct checker_pairs *list, uint32_t e, uint32_t m)
{
    if (list->count == list->max) {
        const uint32_t max = list->max * 2 + 16;
        struct preferences_pair *pair =
            realloc(list->pair, max * sizeof(*pair));
        if (!pair) {
            return STATUS_E_NOMEM;
        }
        list->pair = pair;
        list->max = max;
    }
    list->pair[list->count++] = (struct preferences_pair){e, m};
    return STATUS_OK;
}

/* What a mentor has: free places, and the worst rank among those who may be
 * replaced. */
struct group {
    uint32_t people;
    uint32_t fixed;
    uint32_t worst;
};

/* How gladly somebody would change: 1 gladly, 0 as gladly as not, -1 not. */
static int
mentor_wish(const struct preferences *p, const struct group *g, uint32_t m,
            uint32_t rank)
{
    if (g[m].people == 0 && p->minimum[m] > 0) {
        return -1; /* the group did not open */
    }
    if (g[m].people < p->capacity[m]) {
        return 1;
    }
    if (g[m].people == g[m].fixed) {
        return -1; /* nobody may be replaced */
    }
    return rank < g[m].worst ? 1 : rank == g[m].worst ? 0 : -1;
}

static enum status
judge_pair(struct checker *out, uint32_t e, uint32_t m, int mentee, int mentor)
{
    enum status st = STATUS_OK;
    if (mentee < 0 || mentor < 0) {
        return st;
    }
    if (mentee + mentor == 2) {
        st = add(&out->blocking[CHECKER_WEAK], e, m);
    }
    if (st >= 0 && mentee + mentor >= 1) {
        st = add(&out->blocking[CHECKER_STRONG], e, m);
    }
    return st >= 0 ? add(&out->blocking[CHECKER_SUPER], e, m) : st;
}

static enum status
judge_mentee(const struct preferences *p, const uint32_t *mentor_of,
             const struct group *g, uint32_t e, struct checker *out)
{
    const struct preferences_list *list = &p->mentee_list[e];
    const uint32_t mine = mentor_of[e] == PREFERENCES_NOBODY
                              ? NOT_LISTED
                              : rank_in(list, mentor_of[e]);
    enum status st = STATUS_OK;
    for (uint32_t i = 0; i < list->count && st >= 0; i++) {
        const uint32_t m = list->entry[i].who;
        const uint32_t rank = list->entry[i].rank;
        if (m == mentor_of[e] || !is_acceptable(p, e, m)) {
            continue;
        }
        st = judge_pair(out, e, m,
                        rank < mine    ? 1
                        : rank == mine ? 0
                                       : -1,
                        mentor_wish(p, g, m, rank_in(&p->mentor_list[m], e)));
    }
    return st;
}

static bool
is_forced(const struct preferences *p, uint32_t e)
{
    for (uint32_t i = 0; i < p->forced_count; i++) {
        if (p->forced[i].mentee == e) {
            return true;
        }
    }
    return false;
}

enum status
checker_run(const struct preferences *p, const uint32_t *mentor_of,
            struct checker *out)
{
    *out = (struct checker){0};
    enum status st = STATUS_OK;
    struct group *g = calloc((size_t)p->mentors + 1, sizeof(*g));
    if (!g) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < p->forced_count; i++) {
        g[p->forced[i].mentor].fixed++;
        out->unkept += mentor_of[p->forced[i].mentee] != p->forced[i].mentor;
    }
    for (uint32_t e = 0; e < p->mentees && st >= 0; e++) {
        const uint32_t m = mentor_of[e];
        if (m == PREFERENCES_NOBODY) {
            continue;
        }
        g[m].people++;
        if (has_pair(p->forced, p->forced_count, e, m)) {
            continue;
        }
        const uint32_t rank = rank_in(&p->mentor_list[m], e);
        if (!is_acceptable(p, e, m)) {
            st = add(&out->invalid, e, m);
        } else if (rank > g[m].worst) {
            g[m].worst = rank;
        }
    }
    for (uint32_t m = 0; m < p->mentors; m++) {
        out->overfull += g[m].people > p->capacity[m];
        out->too_small +=
            g[m].people > 0 && g[m].people < p->minimum[m] && g[m].fixed == 0;
    }
    for (uint32_t e = 0; e < p->mentees && st >= 0; e++) {
        if (!is_forced(p, e)) {
            st = judge_mentee(p, mentor_of, g, e, out);
        }
    }
    free(g);
    if (st < 0) {
        checker_deinit(out);
    }
    return st;
}

void
checker_deinit(struct checker *c)
{
    for (int k = 0; k < CHECKER_KIND_COUNT; k++) {
        free(c->blocking[k].pair);
    }
    free(c->invalid.pair);
    *c = (struct checker){0};
}

/* ---- the proof of the bound ---- */

/* Pairs still possible, as a table of mentee rows by mentor rows. */
struct left {
    const struct preferences *p;
    unsigned char *possible;
    uint32_t *places; /* by mentor, without the fixed ones */
    unsigned char *closable;
};

static bool
possible(const struct left *l, uint32_t e, uint32_t m)
{
    return l->possible[(size_t)e * l->p->mentors + m];
}

/* Whether m is the only one in the best remaining tie of e. */
static bool
applies(const struct left *l, uint32_t e, uint32_t m)
{
    const struct preferences_list *list = &l->p->mentee_list[e];
    const uint32_t rank = rank_in(list, m);
    for (uint32_t i = 0; i < list->count && list->entry[i].rank <= rank; i++) {
        if (list->entry[i].who != m && possible(l, e, list->entry[i].who)) {
            return false;
        }
    }
    return possible(l, e, m);
}

static bool
follows(const struct left *l, const struct checker_step *s)
{
    const uint32_t m = s->because.mentor;
    const uint32_t e = s->deleted.mentee;
    const struct preferences_list *list = &l->p->mentor_list[m];
    const uint32_t limit = rank_in(list, s->because.mentee);
    uint32_t count = 0;
    if (l->closable[m] || !possible(l, s->because.mentee, m)
        || !possible(l, e, s->deleted.mentor)) {
        return false;
    }
    for (uint32_t i = 0; i < list->count && list->entry[i].rank <= limit; i++) {
        const uint32_t who = list->entry[i].who;
        count += s->offered ? possible(l, who, m) : applies(l, who, m);
    }
    if (s->offered) {
        return s->because.mentee == e && count <= l->places[m]
               && rank_in(&l->p->mentee_list[e], s->deleted.mentor)
                      > rank_in(&l->p->mentee_list[e], m);
    }
    return s->deleted.mentor == m && count >= l->places[m]
           && rank_in(list, e) > limit;
}

static bool
covers(const struct left *l, const struct checker_proof *proof)
{
    uint64_t allowed = l->p->forced_count;
    for (uint32_t m = 0; m < l->p->mentors; m++) {
        allowed += proof->mentor_cover[m] ? l->places[m] : 0;
    }
    for (uint32_t e = 0; e < l->p->mentees; e++) {
        allowed += proof->mentee_cover[e] ? 1 : 0;
        for (uint32_t m = 0; m < l->p->mentors; m++) {
            if (possible(l, e, m) && !proof->mentee_cover[e]
                && !proof->mentor_cover[m]) {
                return false;
            }
        }
    }
    return allowed <= proof->bound;
}

enum status
checker_prove(const struct preferences *p, const struct checker_proof *proof)
{
    const size_t cells = (size_t)p->mentees * p->mentors;
    struct left l = {.p = p};
    enum status st = STATUS_OK;
    l.possible = calloc(cells + 1, 1);
    l.places = calloc((size_t)p->mentors + 1, sizeof(*l.places));
    l.closable = calloc((size_t)p->mentors + 1, 1);
    if (!l.possible || !l.places || !l.closable) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t m = 0; m < p->mentors; m++) {
        l.places[m] = p->capacity[m];
        l.closable[m] = p->minimum[m] > 0;
    }
    for (uint32_t i = 0; i < p->forced_count; i++) {
        l.places[p->forced[i].mentor]--;
        l.closable[p->forced[i].mentor] = 0;
    }
    for (uint32_t e = 0; e < p->mentees; e++) {
        const struct preferences_list *list = &p->mentee_list[e];
        for (uint32_t i = 0; !is_forced(p, e) && i < list->count; i++) {
            const uint32_t m = list->entry[i].who;
            l.possible[(size_t)e * p->mentors + m] =
                l.places[m] > 0 && is_acceptable(p, e, m);
        }
    }
    for (uint32_t i = 0; i < proof->steps && st >= 0; i++) {
        const struct checker_step *s = &proof->step[i];
        if (!follows(&l, s)) {
            st = STATUS_E_INVALID;
        }
        l.possible[(size_t)s->deleted.mentee * p->mentors + s->deleted.mentor] =
            0;
    }
    if (st >= 0 && !covers(&l, proof)) {
        st = STATUS_E_INVALID;
    }
out:
    free(l.possible);
    free(l.places);
    free(l.closable);
    return st;
}
