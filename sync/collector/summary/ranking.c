#include "collector/summary/ranking.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum status
ranking_init(struct ranking_counts *c, size_t options)
{
    memset(c, 0, sizeof(*c));
    if (options == 0) {
        return STATUS_E_INVALID;
    }
    if (options > RANKING_OPTIONS_MAX) {
        return STATUS_E_LIMIT;
    }
    c->options = options;
    return STATUS_OK;
}

enum status
ranking_add(struct ranking_counts *c, const size_t *order, size_t named)
{
    bool seen[RANKING_OPTIONS_MAX] = {false};
    if (named > c->options) {
        return STATUS_E_INVALID;
    }
    for (size_t i = 0; i < named; i++) {
        if (order[i] >= c->options || seen[order[i]]) {
            return STATUS_E_INVALID;
        }
        seen[order[i]] = true;
    }
    bool above[RANKING_OPTIONS_MAX] = {false};
    for (size_t i = 0; i < named; i++) {
        above[order[i]] = true;
        c->place[order[i]][i]++;
        for (size_t o = 0; o < c->options; o++) {
            c->above[order[i]][o] += above[o] ? 0 : 1;
        }
    }
    c->n++;
    return STATUS_OK;
}

struct paths {
    uint64_t width[RANKING_OPTIONS_MAX][RANKING_OPTIONS_MAX];
};

/* Winning votes of every duel; 0 for the loser. */
static void
duels(const struct ranking_counts *c, struct paths *out)
{
    for (size_t i = 0; i < c->options; i++) {
        for (size_t j = 0; j < c->options; j++) {
            bool beats = i != j && c->above[i][j] > c->above[j][i];
            out->width[i][j] = beats ? c->above[i][j] : 0;
        }
    }
}

/* Widen the paths from `i` by those that lead over `via`. */
static void
widen(struct paths *p, size_t options, size_t i, size_t via)
{
    for (size_t j = 0; j < options; j++) {
        uint64_t a = p->width[i][via];
        uint64_t b = p->width[via][j];
        uint64_t least = a < b ? a : b;
        if (i != j && least > p->width[i][j]) {
            p->width[i][j] = least;
        }
    }
}

static void
schulze(const struct ranking_counts *c, struct ranking *out)
{
    struct paths p;
    size_t k = c->options;
    duels(c, &p);
    for (size_t via = 0; via < k; via++) { /* Floyd-Warshall */
        for (size_t i = 0; i < k; i++) {
            widen(&p, k, i, via);
        }
    }
    for (size_t i = 0; i < k; i++) {
        out->option[i].schulze = 0;
        for (size_t j = 0; j < k; j++) {
            out->option[i].schulze += p.width[j][i] > p.width[i][j] ? 1 : 0;
        }
    }
}

void
ranking_compute(const struct ranking_counts *c, double level,
                struct ranking *out)
{
    *out = (struct ranking){.options = c->options, .n = c->n};
    out->condorcet = c->options;
    for (size_t i = 0; i < c->options; i++) {
        struct ranking_option *o = &out->option[i];
        double places = 0.0;
        for (size_t p = 0; p < c->options; p++) {
            o->named += c->place[i][p];
            places += (double)c->place[i][p] * (double)(p + 1);
            o->borda += c->place[i][p] * (c->options - p - 1);
        }
        o->mean_place = o->named > 0 ? places / (double)o->named : (double)NAN;
        o->first = proportion_of(c->place[i][0], c->n, level);
        size_t won = 0;
        for (size_t j = 0; j < c->options; j++) {
            won += i != j && c->above[i][j] > c->above[j][i] ? 1 : 0;
        }
        if (won + 1 == c->options) {
            out->condorcet = i;
        }
    }
    schulze(c, out);
}
