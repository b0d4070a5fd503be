#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/load.h"
#include "form/vec.h"

/*
 * The order of recomputation, by Kahn's algorithm over four points a def: its
 * relevance, its count of instances, its offered choices, its value. Within a
 * def they follow each other in that order, and a def's relevance follows its
 * parent's; everything else comes from what the expressions read.
 */
#define POINTS 4

struct graph {
    struct form *form;
    struct diag *d;
    uint32_t points;
    uint32_t *first; /* point -> edges out of it */
    uint32_t *edge;
    uint32_t *waits; /* point -> edges into it not yet done */
    uint32_t *order;
    uint32_t done;
};

/* The point that must be settled before a reader of the def runs. */
static uint32_t
settled(const struct form *f, uint32_t def)
{
    return def * POINTS
           + (f->def[def].group ? MODEL_UNIT_RELEVANT : MODEL_UNIT_CALCULATE);
}

/* Points that follow this one whatever the form says: at most one in the same
 * def, and the relevance of every child. */
static uint32_t
next_in_def(uint32_t point)
{
    switch (point % POINTS) {
    case MODEL_UNIT_COUNT:
        return point - MODEL_UNIT_COUNT + MODEL_UNIT_RELEVANT;
    case MODEL_UNIT_RELEVANT:
        return point - MODEL_UNIT_RELEVANT + MODEL_UNIT_ITEMS;
    case MODEL_UNIT_ITEMS:
        return point - MODEL_UNIT_ITEMS + MODEL_UNIT_CALCULATE;
    default:
        return MODEL_NONE;
    }
}

static const struct model_unit *
unit_at(const struct form *f, uint32_t point)
{
    uint32_t unit = f->unit_of[point % POINTS][point / POINTS];
    return unit == MODEL_NONE ? NULL : &f->unit[unit];
}

static enum status
add_unit(struct form *f, enum model_unit_kind kind, uint32_t def,
         struct xpath *expr)
{
    if (!expr) {
        return STATUS_OK;
    }
    enum status st =
        vec_reserve(&f->unit, &f->unit_cap, (size_t)f->unit_count + 1,
                    sizeof(*f->unit), (size_t)MODEL_DEFS_MAX * POINTS);
    if (st < 0) {
        return st;
    }
    f->unit_of[kind][def] = f->unit_count;
    f->unit[f->unit_count++] = (struct model_unit){kind, def, expr};
    return STATUS_OK;
}

static enum status
collect_units(struct form *f)
{
    enum status st = STATUS_OK;
    for (int k = 0; k < POINTS; k++) {
        f->unit_of[k] =
            arena_array(&f->arena, f->def_count, sizeof(*f->unit_of[k]));
        if (!f->unit_of[k]) {
            return STATUS_E_NOMEM;
        }
        memset(f->unit_of[k], 0xFF, f->def_count * sizeof(*f->unit_of[k]));
    }
    for (uint32_t i = 0; i < f->bind_count && st == STATUS_OK; i++) {
        const struct model_bind *b = &f->bind[i];
        if (f->def[b->def].bind != i) {
            continue; /* bound twice: the last one counts */
        }
        st = add_unit(f, MODEL_UNIT_RELEVANT, b->def, b->relevant);
        if (st == STATUS_OK) {
            st = add_unit(f, MODEL_UNIT_CALCULATE, b->def, b->calculate);
        }
    }
    for (uint32_t i = 1; i < f->control_count && st == STATUS_OK; i++) {
        const struct model_control *c = &f->control[i];
        bool chooses = c->shows == FORM_CONTROL_SELECT_ONE
                       || c->shows == FORM_CONTROL_SELECT_MULTIPLE
                       || c->shows == FORM_CONTROL_RANK;
        if (chooses && c->itemset && c->itemset->read_count > 0
            && f->def[c->def].control == i) {
            st = add_unit(f, MODEL_UNIT_ITEMS, c->def, c->itemset);
        }
    }
    for (uint32_t s = 1; s < f->scope_count && st == STATUS_OK; s++) {
        st = add_unit(f, MODEL_UNIT_COUNT, f->scope[s].def, f->scope[s].count);
    }
    return st;
}

/* ------------------------------------------------------------------ edges */

/* Count the edges out of each point, or put them in their places. */
static void
walk_reads(struct graph *g, bool counting)
{
    const struct form *f = g->form;
    for (uint32_t u = 0; u < f->unit_count; u++) {
        const struct model_unit *unit = &f->unit[u];
        uint32_t to = unit->def * POINTS + unit->kind;
        for (uint32_t i = 0; i < unit->expr->read_count; i++) {
            const struct xpath_read *r = &unit->expr->read[i];
            uint32_t from = settled(f, r->def);
            if (r->unordered) {
                continue;
            }
            if (counting) {
                g->first[from + 2]++;
                g->waits[to]++;
            } else {
                g->edge[g->first[from + 1]++] = to;
            }
        }
    }
}

static enum status
collect_edges(struct graph *g)
{
    struct form *f = g->form;
    g->first = calloc((size_t)g->points + 2, sizeof(*g->first));
    g->waits = calloc(g->points, sizeof(*g->waits));
    g->order = calloc(g->points, sizeof(*g->order));
    size_t edges = 0;
    for (uint32_t u = 0; u < f->unit_count; u++) {
        edges += f->unit[u].expr->read_count;
    }
    g->edge = calloc(edges + 1, sizeof(*g->edge));
    if (!g->first || !g->waits || !g->order || !g->edge) {
        return log_oom("form");
    }
    walk_reads(g, true);
    for (uint32_t p = 0; p < g->points; p++) {
        g->first[p + 2] += g->first[p + 1];
    }
    walk_reads(g, false);
    for (uint32_t p = 0; p < g->points; p++) {
        uint32_t next = next_in_def(p);
        if (next != MODEL_NONE) {
            g->waits[next]++;
        }
        if (p % POINTS == MODEL_UNIT_RELEVANT
            && f->def[p / POINTS].parent != MODEL_NONE) {
            g->waits[p]++;
        }
    }
    /* A count is asked for where its parent is. */
    for (uint32_t d = 1; d < f->def_count; d++) {
        g->waits[d * POINTS + MODEL_UNIT_COUNT]++;
    }
    return STATUS_OK;
}

static void
arrive(struct graph *g, uint32_t point)
{
    g->waits[point]--;
    if (g->waits[point] == 0) {
        g->order[g->done++] = point;
    }
}

static void
sort(struct graph *g)
{
    const struct form *f = g->form;
    for (uint32_t p = 0; p < g->points; p++) {
        if (g->waits[p] == 0) {
            g->order[g->done++] = p;
        }
    }
    for (uint32_t i = 0; i < g->done; i++) {
        uint32_t p = g->order[i];
        for (uint32_t e = g->first[p]; e < g->first[p + 1]; e++) {
            arrive(g, g->edge[e]);
        }
        if (next_in_def(p) != MODEL_NONE) {
            arrive(g, next_in_def(p));
        }
        if (p % POINTS == MODEL_UNIT_RELEVANT) {
            for (uint32_t c = f->def[p / POINTS].child; c != MODEL_NONE;
                 c = f->def[c].next) {
                arrive(g, c * POINTS + MODEL_UNIT_RELEVANT);
                arrive(g, c * POINTS + MODEL_UNIT_COUNT);
            }
        }
    }
}

/* ----------------------------------------------------------------- cycles */

/* Some point that this one still waits for. */
static uint32_t
waits_for(const struct graph *g, uint32_t point)
{
    const struct form *f = g->form;
    const struct model_unit *unit = unit_at(f, point);
    for (uint32_t i = 0; unit && i < unit->expr->read_count; i++) {
        const struct xpath_read *r = &unit->expr->read[i];
        uint32_t from = settled(f, r->def);
        if (!r->unordered && g->waits[from] > 0) {
            return from;
        }
    }
    uint32_t base = point - point % POINTS;
    uint32_t parent = f->def[point / POINTS].parent;
    static const uint32_t before[POINTS] = {
        [MODEL_UNIT_RELEVANT] = MODEL_UNIT_COUNT,
        [MODEL_UNIT_COUNT] = MODEL_UNIT_COUNT,
        [MODEL_UNIT_ITEMS] = MODEL_UNIT_RELEVANT,
        [MODEL_UNIT_CALCULATE] = MODEL_UNIT_ITEMS,
    };
    uint32_t own = base + before[point % POINTS];
    if (own != point && g->waits[own] > 0) {
        return own;
    }
    return parent * POINTS + MODEL_UNIT_RELEVANT;
}

#define CYCLE_NAMES_MAX_BYTES 600

static enum status
tell_cycle(struct graph *g)
{
    struct form *f = g->form;
    uint32_t at = 0;
    while (g->waits[at] == 0) {
        at++;
    }
    /* After as many steps as there are points the walk is on the cycle. */
    for (uint32_t i = 0; i < g->points; i++) {
        at = waits_for(g, at);
    }
    struct buf names;
    buf_init(&names, (size_t)CYCLE_NAMES_MAX_BYTES * 4);
    uint32_t start = at;
    uint32_t last = MODEL_NONE;
    do {
        uint32_t def = at / POINTS;
        if (unit_at(f, at) && def != last
            && names.len < CYCLE_NAMES_MAX_BYTES) {
            buf_printf(&names, "%s%.200s", names.len ? ", " : "",
                       f->def[def].path);
            last = def;
        }
        at = waits_for(g, at);
    } while (at != start);
    struct diag_where where = {.path = f->def[start / POINTS].path};
    enum status st =
        diag_add(g->d, DIAG_ERROR, &where,
                 N_("These questions depend on each other in a circle: "
                    "%s. Break the circle."),
                 names.data);
    buf_deinit(&names);
    return st;
}

/* ---------------------------------------------------------------- results */

static enum status
keep_order(struct graph *g)
{
    struct form *f = g->form;
    struct model_unit *sorted = calloc(f->unit_count + 1, sizeof(*sorted));
    if (!sorted) {
        return log_oom("form");
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->done; i++) {
        const struct model_unit *unit = unit_at(f, g->order[i]);
        if (unit) {
            sorted[n++] = *unit;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        f->unit_of[sorted[i].kind][sorted[i].def] = i;
    }
    free(f->unit);
    f->unit = sorted;
    f->unit_cap = f->unit_count + 1;
    return STATUS_OK;
}

static enum status
collect_readers(struct form *f)
{
    size_t total = 0;
    for (uint32_t u = 0; u < f->unit_count; u++) {
        total += f->unit[u].expr->read_count;
    }
    f->reader_first = arena_array(&f->arena, (size_t)f->def_count + 2,
                                  sizeof(*f->reader_first));
    f->reader = arena_array(&f->arena, total + 1, sizeof(*f->reader));
    if (!f->reader_first || !f->reader) {
        return STATUS_E_NOMEM;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t u = 0; u < f->unit_count; u++) {
            const struct xpath *x = f->unit[u].expr;
            for (uint32_t i = 0; i < x->read_count; i++) {
                uint32_t def = x->read[i].def;
                if (pass == 0) {
                    f->reader_first[def + 2]++;
                } else {
                    f->reader[f->reader_first[def + 1]++] =
                        (struct model_reader){u, x->read[i].anchor,
                                              x->read[i].unordered};
                }
            }
        }
        for (uint32_t d = 0; pass == 0 && d < f->def_count; d++) {
            f->reader_first[d + 2] += f->reader_first[d + 1];
        }
    }
    return STATUS_OK;
}

enum status
graph_build(struct form *f, struct diag *d)
{
    struct graph g = {.form = f, .d = d, .points = f->def_count * POINTS};
    enum status st = collect_units(f);
    if (st == STATUS_OK) {
        st = collect_edges(&g);
    }
    if (st == STATUS_OK) {
        sort(&g);
        st = g.done < g.points ? tell_cycle(&g) : STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = keep_order(&g);
    }
    if (st == STATUS_OK) {
        st = collect_readers(f);
    }
    free(g.first);
    free(g.edge);
    free(g.waits);
    free(g.order);
    return st;
}
