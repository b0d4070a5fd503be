#include "unit/matching/small.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ranks for a random subset of `count` people in random order. */
static void
random_list(struct lottery_draw *draw, uint32_t count, unsigned ties, int *rank)
{
    uint32_t order[SMALL_MAX];
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t j = lottery_below(draw, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    int at = 0;
    for (uint32_t i = 0; i < count; i++) {
        at += i > 0 && lottery_below(draw, 100) >= ties;
        rank[order[i]] = lottery_below(draw, 100) < 75 ? at : -1;
    }
}

static void
add_locks(struct small *s, struct lottery_draw *draw)
{
    uint32_t taken[SMALL_MAX] = {0};
    for (uint32_t e = 0; e < s->mentees; e++) {
        for (uint32_t m = 0; m < s->mentors; m++) {
            s->forbidden[e][m] = lottery_below(draw, 100) < 12;
        }
        const uint32_t m = lottery_below(draw, s->mentors);
        if (lottery_below(draw, 100) < 20 && !s->forbidden[e][m]
            && taken[m] < s->capacity[m]) {
            s->forced[e] = (int)m;
            taken[m]++;
        }
    }
}

void
small_make(enum small_kind kind, struct lottery_draw *draw, struct small *out)
{
    const unsigned ties = kind == SMALL_STRICT ? 0 : 50;
    memset(out, 0, sizeof(*out));
    out->mentees = 2 + lottery_below(draw, 4);
    out->mentors = 1 + lottery_below(draw, 4);
    for (uint32_t m = 0; m < out->mentors; m++) {
        out->capacity[m] =
            lottery_below(draw, 12) == 0 ? 0 : 1 + lottery_below(draw, 3);
        if (kind == SMALL_MINIMUM) {
            out->minimum[m] = lottery_below(draw, out->capacity[m] + 1);
        }
        random_list(draw, out->mentees, ties, out->mentor_rank[m]);
        for (uint32_t e = 0; e < out->mentees; e++) {
            out->score[m][e] = (int)lottery_below(draw, 101);
        }
    }
    for (uint32_t e = 0; e < out->mentees; e++) {
        random_list(draw, out->mentors, ties, out->mentee_rank[e]);
        out->forced[e] = -1;
        out->previous[e] = (int)lottery_below(draw, out->mentors + 1) - 1;
    }
    out->has_previous = kind == SMALL_PREVIOUS;
    if (kind == SMALL_LOCKS) {
        add_locks(out, draw);
    }
}

static void *
need(void *memory)
{
    if (!memory) {
        abort();
    }
    return memory;
}

/* Entries in the order of their ranks, rows by `row_of`. */
static void
write_list(struct preferences *p, const int *rank, uint32_t count,
           const uint32_t *row_of, struct preferences_list *out)
{
    out->entry =
        need(arena_array(&p->mem, (size_t)count + 1, sizeof(*out->entry)));
    for (int at = 0; at < SMALL_MAX; at++) {
        for (uint32_t i = 0; i < count; i++) {
            if (rank[i] == at) {
                out->entry[out->count++] =
                    (struct preferences_entry){row_of[i], (uint32_t)at};
            }
        }
    }
}

static const char *
name(struct preferences *p, char side, uint32_t number)
{
    char text[16];
    (void)snprintf(text, sizeof(text), "%c%u", side, number + 1);
    return need(arena_strdup(&p->mem, text));
}

static void
write_locks(const struct small *s, const uint32_t *mentee_row,
            const uint32_t *mentor_row, struct preferences *out)
{
    const size_t cells = (size_t)SMALL_MAX * SMALL_MAX;
    out->forced = need(arena_array(&out->mem, cells, sizeof(*out->forced)));
    out->forbidden =
        need(arena_array(&out->mem, cells, sizeof(*out->forbidden)));
    if (s->has_previous) {
        out->previous =
            need(arena_array(&out->mem, cells, sizeof(*out->previous)));
    }
    for (uint32_t e = 0; e < s->mentees; e++) {
        if (s->forced[e] >= 0) {
            out->forced[out->forced_count++] = (struct preferences_pair){
                mentee_row[e], mentor_row[s->forced[e]]};
        }
        if (s->has_previous) {
            out->previous[mentee_row[e]] = s->previous[e] < 0
                                               ? PREFERENCES_NOBODY
                                               : mentor_row[s->previous[e]];
        }
        for (uint32_t m = 0; m < s->mentors; m++) {
            if (s->forbidden[e][m]) {
                out->forbidden[out->forbidden_count++] =
                    (struct preferences_pair){mentee_row[e], mentor_row[m]};
            }
        }
    }
}

void
small_preferences(const struct small *s, const uint32_t *mentee_order,
                  const uint32_t *mentor_order, struct preferences *out)
{
    uint32_t mentee_row[SMALL_MAX] = {0};
    uint32_t mentor_row[SMALL_MAX] = {0};
    if (preferences_init(out, s->mentees, s->mentors) < 0) {
        abort();
    }
    for (uint32_t row = 0; row < s->mentees; row++) {
        mentee_row[mentee_order[row]] = row;
        out->mentee_id[row] = name(out, 'e', mentee_order[row]);
    }
    for (uint32_t row = 0; row < s->mentors; row++) {
        mentor_row[mentor_order[row]] = row;
        out->mentor_id[row] = name(out, 'm', mentor_order[row]);
    }
    for (uint32_t row = 0; row < s->mentees; row++) {
        write_list(out, s->mentee_rank[mentee_order[row]], s->mentors,
                   mentor_row, &out->mentee_list[row]);
    }
    for (uint32_t row = 0; row < s->mentors; row++) {
        const uint32_t m = mentor_order[row];
        struct preferences_scores *scores = &out->scores[row];
        write_list(out, s->mentor_rank[m], s->mentees, mentee_row,
                   &out->mentor_list[row]);
        out->capacity[row] = s->capacity[m];
        out->minimum[row] = s->minimum[m];
        scores->score =
            need(arena_array(&out->mem, SMALL_MAX, sizeof(*scores->score)));
        for (uint32_t e = 0; e < s->mentees; e++) {
            scores->score[scores->count++] =
                (struct preferences_score){mentee_row[e], s->score[m][e]};
        }
    }
    write_locks(s, mentee_row, mentor_row, out);
}

/* ---- every matching ---- */

static bool
acceptable(const struct small *s, uint32_t e, uint32_t m)
{
    return s->mentee_rank[e][m] >= 0 && s->mentor_rank[m][e] >= 0
           && !s->forbidden[e][m];
}

struct groups {
    uint32_t people[SMALL_MAX];
    uint32_t fixed[SMALL_MAX];
    int worst[SMALL_MAX]; /* rank of the worst who is not fixed; -1: none */
};

static bool
fill_groups(const struct small *s, const int *match, struct groups *g)
{
    memset(g, 0, sizeof(*g));
    for (uint32_t m = 0; m < s->mentors; m++) {
        g->worst[m] = -1;
    }
    for (uint32_t e = 0; e < s->mentees; e++) {
        const int m = match[e];
        if (s->forced[e] >= 0 && m != s->forced[e]) {
            return false;
        }
        if (m < 0) {
            continue;
        }
        g->people[m]++;
        if (s->forced[e] >= 0) {
            g->fixed[m]++;
        } else if (!acceptable(s, e, (uint32_t)m)) {
            return false;
        } else if (s->mentor_rank[m][e] > g->worst[m]) {
            g->worst[m] = s->mentor_rank[m][e];
        }
    }
    for (uint32_t m = 0; m < s->mentors; m++) {
        if (g->people[m] > s->capacity[m]
            || (g->people[m] > 0 && g->fixed[m] == 0
                && g->people[m] < s->minimum[m])) {
            return false;
        }
    }
    return true;
}

static bool
blocks(const struct small *s, const int *match, const struct groups *g,
       uint32_t e, uint32_t m)
{
    if (s->forced[e] >= 0 || !acceptable(s, e, m)
        || (match[e] >= 0
            && s->mentee_rank[e][m] >= s->mentee_rank[e][match[e]])) {
        return false;
    }
    if (g->people[m] == 0 && s->minimum[m] > 0) {
        return false;
    }
    return g->people[m] < s->capacity[m] || s->mentor_rank[m][e] < g->worst[m];
}

static bool
is_stable(const struct small *s, const int *match, const struct groups *g)
{
    for (uint32_t e = 0; e < s->mentees; e++) {
        for (uint32_t m = 0; m < s->mentors; m++) {
            if (blocks(s, match, g, e, m)) {
                return false;
            }
        }
    }
    return true;
}

static void
note_stable(const struct small *s, const int *match, const int *sums,
            struct small_best *best)
{
    const int size = sums[0];
    const int score = sums[1];
    const int kept = sums[2];
    if (size > best->stable_size) {
        best->stable_size = size;
        best->stable_score = -1;
        best->stable_kept = -1;
    }
    if (size == best->stable_size) {
        best->stable_score =
            score > best->stable_score ? score : best->stable_score;
        if (kept > best->stable_kept) {
            best->stable_kept = kept;
            best->kept_score = -1;
        }
        if (kept == best->stable_kept && score > best->kept_score) {
            best->kept_score = score;
        }
    }
    for (uint32_t e = 0; e < s->mentees; e++) {
        const int rank = match[e] < 0 ? SMALL_MAX : s->mentee_rank[e][match[e]];
        best->best_rank[e] =
            rank < best->best_rank[e] ? rank : best->best_rank[e];
        best->worst_rank[e] =
            rank > best->worst_rank[e] ? rank : best->worst_rank[e];
    }
}

static void
judge(const struct small *s, const int *match, struct small_best *best)
{
    struct groups g;
    int sums[3] = {0, 0, 0};
    if (!fill_groups(s, match, &g)) {
        return;
    }
    for (uint32_t e = 0; e < s->mentees; e++) {
        if (match[e] >= 0) {
            sums[0]++;
            sums[1] += s->score[match[e]][e];
            sums[2] += s->has_previous && s->previous[e] == match[e];
        }
    }
    if (sums[0] > best->size
        || (sums[0] == best->size && sums[1] > best->score)) {
        best->size = sums[0];
        best->score = sums[1];
    }
    if (is_stable(s, match, &g)) {
        note_stable(s, match, sums, best);
    }
}

void
small_try_all(const struct small *s, struct small_best *out)
{
    int match[SMALL_MAX];
    *out = (struct small_best){.stable_size = -1, .size = -1};
    for (uint32_t e = 0; e < SMALL_MAX; e++) {
        out->best_rank[e] = SMALL_MAX + 1;
        out->worst_rank[e] = -1;
        match[e] = -1;
    }
    for (;;) {
        judge(s, match, out);
        uint32_t e = 0;
        while (e < s->mentees && match[e] == (int)s->mentors - 1) {
            match[e++] = -1;
        }
        if (e == s->mentees) {
            return;
        }
        match[e]++;
    }
}
