#include "collector/web/groups.h"

#include <math.h>
#include <string.h>

#include "collector/ingest/strata.h"
#include "collector/summary/indicator.h"
#include "collector/web/monitoring.h"

#define NAME_MAX_BYTES 4096

/* --- tables --------------------------------------------------------------- */

/* Categories of a choice: answers, then "hard to say", then none. */
static enum status
choice_order(struct groups *g, struct groups_table *t)
{
    const struct form *form = g->src->form->form;
    size_t options = t->categories - 1;
    t->choice = arena_array(g->src->arena, t->categories, sizeof(*t->choice));
    if (!t->choice) {
        return STATUS_E_LIMIT;
    }
    size_t to = 0;
    for (int unsure = 0; unsure < 2; unsure++) {
        for (size_t i = 0; i < options; i++) {
            bool is = monitoring_item_is_unsure(form, t->field, i);
            if (is == (unsure == 1)) {
                t->choice[to++] = i;
            }
        }
        t->answers = unsure == 0 ? to : t->answers;
    }
    t->choice[to] = options;
    return STATUS_OK;
}

/* Was everybody asked? */
static bool
asked_all(const struct monitoring_source *src, size_t field)
{
    struct monitoring_counts counts;
    monitoring_item_counts(src, field, &counts);
    return counts.answered + counts.missing == (uint64_t)src->wave->answers;
}

static enum status
make_table(struct groups *g, size_t field)
{
    const struct catalogue_form *form = g->src->form;
    const struct catalogue_field *cf = &form->field[field];
    struct groups_table *t = &g->table[field];
    struct monitoring_counts counts;
    bool open = false;
    *t = (struct groups_table){.field = field, .detail = SUPPRESS_CLOSED};
    if (cf->categories == 0 || cf->group || !asked_all(g->src, field)) {
        return STATUS_OK;
    }
    enum status st = monitoring_item_is_open(g->src, field, &counts, &open);
    if (st < 0 || !open) {
        return st;
    }
    t->categories = cf->categories;
    t->answers = cf->categories - 1;
    t->scale = cf->count == CATALOGUE_COUNT_NUMBER;
    t->start = cf->start;
    t->step = cf->step;
    double top = cf->start + (double)(t->answers - 1) * cf->step;
    bool ten = top > 9.5 && top < 10.5;
    t->cut = ten ? INDICATOR_CUT_DEFAULT : cf->start + 0.6 * (top - cf->start);
    t->count = arena_array(g->src->arena, form->strata * t->categories,
                           sizeof(*t->count));
    if (!t->count) {
        return STATUS_E_LIMIT;
    }
    return t->scale ? STATUS_OK : choice_order(g, t);
}

/* Category of the table for a category of strata.h. */
static size_t
place_of(const struct groups_table *t, size_t category)
{
    for (size_t i = 0; t->choice && i < t->categories; i++) {
        if (t->choice[i] == category) {
            return i;
        }
    }
    return category;
}

static void
count_tallies(struct groups *g)
{
    const struct monitoring_source *src = g->src;
    for (size_t i = 0; i < src->tally_count; i++) {
        const struct store_tally *s = &src->tally[i];
        size_t stratum = (size_t)(s->item / STRATA_ITEM);
        size_t category = (size_t)(s->item % STRATA_ITEM);
        if (s->kind != STORE_TALLY_STRATUM || s->field >= src->form->field_count
            || stratum >= g->plan.strata) {
            continue;
        }
        if (s->field == src->form->group[0].field) {
            g->plan.size[stratum] += (uint32_t)s->n;
        }
        struct groups_table *t = &g->table[s->field];
        if (category < t->categories) {
            t->count[stratum * t->categories + place_of(t, category)] +=
                (uint32_t)s->n;
        }
    }
}

static enum status
count_row(void *self, const char *const *cell, size_t count)
{
    struct groups *g = self;
    const struct catalogue_form *form = g->src->form;
    size_t stratum = strata_of(form, cell);
    g->plan.size[stratum]++;
    for (size_t i = 0; i < count; i++) {
        struct groups_table *t = &g->table[i];
        if (t->categories > 0) {
            size_t category = strata_category(form, i, cell[i]);
            t->count[stratum * t->categories + place_of(t, category)]++;
        }
    }
    return STATUS_OK;
}

/* Answers older than their tallies. */
static enum status
count_answers(struct groups *g)
{
    const struct monitoring_source *src = g->src;
    size_t fields = src->form->field_count;
    uint32_t *field = arena_array(src->arena, fields, sizeof(*field));
    if (!field) {
        return STATUS_E_LIMIT;
    }
    memset(g->plan.size, 0, sizeof(g->plan.size));
    for (size_t i = 0; i < fields; i++) {
        struct groups_table *t = &g->table[i];
        field[i] = (uint32_t)i;
        if (t->categories > 0) {
            memset(t->count, 0,
                   g->plan.strata * t->categories * sizeof(*t->count));
        }
    }
    return store_answers_each(src->reader, src->wave->id, field, fields,
                              count_row, g);
}

/* --- what may be shown ---------------------------------------------------- */

/* Does the option of group question `q` hold this stratum? The last option is
 * no answer. */
static bool
in_option(const struct catalogue_group *q, size_t option, size_t stratum)
{
    return stratum / q->stride % (q->options + 1) == option;
}

static void
declare_segments(struct groups *g)
{
    const struct catalogue_form *form = g->src->form;
    for (size_t q = 0; q < form->groups; q++) {
        for (size_t o = 0; o < form->group[q].options; o++) {
            if (g->plan.segments == SUPPRESS_SEGMENTS_MAX) {
                return;
            }
            struct suppress_segment *s = &g->plan.segment[g->plan.segments++];
            s->question = (unsigned)q;
            for (size_t i = 0; i < g->plan.strata; i++) {
                if (in_option(&form->group[q], o, i)) {
                    suppress_include(s, i);
                }
            }
        }
    }
}

static uint64_t
people_of(const struct groups *g, const struct suppress_segment *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < g->plan.strata; i++) {
        n += suppress_includes(s, i) ? g->plan.size[i] : 0;
    }
    return n;
}

static void
append_option(struct buf *names, struct buf *labels, const char *name,
              const char *label)
{
    buf_printf(names, "%s%s", names->len > 0 ? "|" : "", name);
    buf_printf(labels, "%s%s", labels->len > 0 ? ", " : "", label);
}

/* The rows of one group question; `first` is its first segment. */
static enum status
make_rows(struct groups *g, size_t q, size_t first)
{
    struct monitoring_source *src = g->src;
    const struct catalogue_group *group = &src->form->group[q];
    const struct form *form = src->form->form;
    struct groups_question *out = &g->question[q];
    struct groups_row rest = {.rest = true};
    struct buf names;
    out->field = group->field;
    out->row = arena_array(src->arena, group->options + 1, sizeof(*out->row));
    if (!out->row) {
        return STATUS_E_LIMIT;
    }
    buf_init(&names, NAME_MAX_BYTES);
    for (size_t o = 0; o <= group->options; o++) {
        bool option = o < group->options;
        const char *name =
            option ? form_choice_name(form, group->field, o) : "-";
        const char *label =
            option ? form_choice_label(form, group->field, o, src->form_lang)
                   : i18n_text(src->lang, "no answer");
        size_t at = first + o;
        if (option && at < g->plan.segments
            && g->plan.segment[at].state == SUPPRESS_SHOWN) {
            out->row[out->rows++] = (struct groups_row){
                .label = label,
                .name = name,
                .people = people_of(g, &g->plan.segment[at]),
                .strata = g->plan.segment[at],
            };
            continue;
        }
        uint64_t people = rest.people;
        for (size_t i = 0; i < g->plan.strata; i++) {
            if (in_option(group, o, i)) {
                suppress_include(&rest.strata, i);
                rest.people += g->plan.size[i];
            }
        }
        if (option) {
            out->hidden++;
        }
        if (option || rest.people > people) {
            append_option(&names, &src->scratch, name, label);
        }
    }
    rest.name = arena_strdup(src->arena, names.data ? names.data : "");
    rest.label = monitoring_item_text(src);
    buf_deinit(&names);
    if (out->rows > 0 && rest.people > 0) {
        out->row[out->rows++] = rest;
    }
    return rest.name && rest.label ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
decide(struct groups *g, struct groups_table *t)
{
    uint8_t coarse[SUPPRESS_CATEGORIES_MAX] = {0};
    for (size_t i = 0; i < t->categories; i++) {
        bool high = t->start + (double)i * t->step >= t->cut;
        coarse[i] = i >= t->answers ? 2 : high ? 1 : 0;
    }
    const struct suppress_table table = {
        .categories = t->categories,
        .answers = t->answers,
        .ordered = t->scale,
        .count = t->count,
        .coarse = t->scale && t->answers > 2 ? coarse : NULL,
    };
    return suppress_question(&g->plan, &table, &t->detail);
}

static uint64_t
people_counted(const struct groups *g)
{
    uint64_t n = 0;
    for (size_t i = 0; i < g->plan.strata; i++) {
        n += g->plan.size[i];
    }
    return n;
}

static enum status
count_all(struct groups *g)
{
    const struct store_wave *w = g->src->wave;
    int64_t rows = w->settled >= 0 ? w->settled : w->answers;
    count_tallies(g);
    return people_counted(g) == (uint64_t)rows ? STATUS_OK : count_answers(g);
}

enum status
groups_open(struct monitoring_source *src, struct groups **out)
{
    *out = NULL;
    const struct catalogue_form *form = src->form;
    if (form->groups == 0) {
        return STATUS_OK;
    }
    struct groups *g = arena_alloc(src->arena, sizeof(*g));
    if (!g) {
        return STATUS_E_LIMIT;
    }
    *g = (struct groups){.src = src};
    g->plan.strata = form->strata;
    g->plan.k = (uint32_t)src->wave->k;
    g->table =
        arena_array(src->arena, form->field_count + 1, sizeof(*g->table));
    if (!g->table) {
        return STATUS_E_LIMIT;
    }
    enum status st = STATUS_OK;
    for (size_t i = 0; i < form->field_count && st == STATUS_OK; i++) {
        st = make_table(g, i);
    }
    if (st == STATUS_OK) {
        st = count_all(g);
    }
    if (st == STATUS_OK) {
        declare_segments(g);
        st = suppress_choose(&g->plan);
    }
    size_t first = 0;
    for (size_t q = 0; q < form->groups && st == STATUS_OK; q++) {
        st = make_rows(g, q, first);
        first += form->group[q].options;
        g->questions++;
    }
    for (size_t i = 0; i < form->field_count && st == STATUS_OK; i++) {
        if (g->table[i].categories > 0) {
            st = decide(g, &g->table[i]);
        }
    }
    *out = st == STATUS_OK ? g : NULL;
    return st;
}

bool
groups_shown(const struct groups *g)
{
    return g && g->plan.classes > 1;
}

enum suppress_detail
groups_detail(const struct groups *g, size_t field)
{
    return groups_shown(g) ? g->table[field].detail : SUPPRESS_FULL;
}

uint64_t
groups_count(const struct groups *g, const struct groups_table *t,
             const struct groups_row *row, size_t category)
{
    uint64_t n = 0;
    for (size_t i = 0; i < g->plan.strata; i++) {
        n += suppress_includes(&row->strata, i)
                 ? t->count[i * t->categories + category]
                 : 0;
    }
    return n;
}

struct tally
groups_tally(const struct groups *g, const struct groups_table *t,
             const struct groups_row *row, struct tally_value *value)
{
    struct tally out = {value, t->answers, 0, 0};
    for (size_t i = 0; i < t->answers; i++) {
        value[i].value = t->start + (double)i * t->step;
        value[i].count = groups_count(g, t, row, i);
    }
    out.missing = groups_count(g, t, row, t->categories - 1);
    return out;
}
