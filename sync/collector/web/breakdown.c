#include "collector/web/breakdown.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/summary/describe.h"
#include "collector/summary/indicator.h"
#include "collector/summary/proportion.h"
#include "collector/summary/sentence.h"
#include "collector/summary/suppress.h"
#include "collector/web/monitoring.h"

/* A scale's steps and "no answer". */
#define CATEGORIES_MAX (MONITORING_SCALE_STEPS_MAX + 1)

struct scale {
    size_t field;
    double start;
    double step;
    double top;
    double cut; /* where the upper end begins */
    size_t steps;
    uint32_t *count; /* strata x (steps + 1) */
};

struct group {
    size_t field;
    size_t options; /* and one more stratum for no answer */
    size_t stride;
};

struct breakdown {
    struct monitoring_source *src;
    struct group group[BREAKDOWN_GROUPS_MAX];
    size_t groups;
    struct scale scale[BREAKDOWN_SCALES_MAX];
    size_t scales;
    size_t strata;
    struct suppress_segment segment[SUPPRESS_SEGMENTS_MAX];
    size_t segments;
};

bool
breakdown_is_group(const struct catalogue_form *form, size_t field)
{
    const char *indicator =
        form_field_extension(form->form, field, "indicator");
    return indicator && strcmp(indicator, "group") == 0;
}

/* --- what there is to break down ------------------------------------------ */

static void
add_group(struct breakdown *b, size_t field, const struct form_field *f)
{
    size_t strata = b->strata * (f->choice_count + 1);
    if (b->groups == BREAKDOWN_GROUPS_MAX || f->choice_count == 0
        || strata > SUPPRESS_STRATA_MAX
        || b->segments + f->choice_count > SUPPRESS_SEGMENTS_MAX) {
        return;
    }
    b->group[b->groups++] = (struct group){field, f->choice_count, b->strata};
    b->strata = strata;
    b->segments += f->choice_count;
}

static void
add_scale(struct breakdown *b, size_t field, const struct form_field *f)
{
    if (b->scales == BREAKDOWN_SCALES_MAX) {
        return;
    }
    double span = f->range_end - f->range_start;
    bool ten = f->range_end > 9.5 && f->range_end < 10.5;
    b->scale[b->scales++] = (struct scale){
        .field = field,
        .start = f->range_start,
        .step = f->range_step,
        .top = f->range_end,
        .cut = ten ? INDICATOR_CUT_DEFAULT : f->range_start + 0.6 * span,
        .steps = (size_t)lround(span / f->range_step) + 1,
    };
}

static enum status
survey(struct breakdown *b)
{
    const struct catalogue_form *form = b->src->form;
    b->strata = 1;
    for (size_t i = 0; i < form->field_count; i++) {
        struct form_field f;
        form_field_get(form->form, i, &f);
        if (breakdown_is_group(form, i)
            && form->field[i].count == CATALOGUE_COUNT_CHOICE) {
            add_group(b, i, &f);
        } else if (monitoring_item_is_scale(&f)) {
            add_scale(b, i, &f);
        }
    }
    for (size_t i = 0; i < b->scales && b->groups > 0; i++) {
        b->scale[i].count =
            arena_array(b->src->arena, b->strata * (b->scale[i].steps + 1),
                        sizeof(*b->scale[i].count));
        if (!b->scale[i].count) {
            return STATUS_E_LIMIT;
        }
    }
    return STATUS_OK;
}

/* Every option of every group question, question by question. */
static void
declare_segments(struct breakdown *b)
{
    size_t at = 0;
    for (size_t g = 0; g < b->groups; g++) {
        const struct group *group = &b->group[g];
        for (size_t o = 0; o < group->options; o++, at++) {
            for (size_t s = 0; s < b->strata; s++) {
                if (s / group->stride % (group->options + 1) == o) {
                    suppress_include(&b->segment[at], s);
                }
            }
        }
    }
}

/* --- counting ------------------------------------------------------------- */

static size_t
step_of(const struct scale *s, const char *cell)
{
    char *end = NULL;
    double value = cell ? strtod(cell, &end) : 0.0;
    if (!cell || end == cell || value < s->start || value > s->top) {
        return s->steps; /* no answer */
    }
    return (size_t)lround((value - s->start) / s->step);
}

static enum status
count_row(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct breakdown *b = self;
    size_t stratum = 0;
    for (size_t g = 0; g < b->groups; g++) {
        const struct group *group = &b->group[g];
        size_t option = SIZE_MAX;
        if (cell[g]) {
            option = catalogue_choice_find(&b->src->form->field[group->field],
                                           cell[g], strlen(cell[g]));
        }
        option = option < group->options ? option : group->options;
        stratum += option * group->stride;
    }
    for (size_t i = 0; i < b->scales; i++) {
        struct scale *s = &b->scale[i];
        s->count[stratum * (s->steps + 1) + step_of(s, cell[b->groups + i])]++;
    }
    return STATUS_OK;
}

static enum status
count_answers(struct breakdown *b)
{
    uint32_t field[BREAKDOWN_GROUPS_MAX + BREAKDOWN_SCALES_MAX];
    for (size_t g = 0; g < b->groups; g++) {
        field[g] = (uint32_t)b->group[g].field;
    }
    for (size_t i = 0; i < b->scales; i++) {
        field[b->groups + i] = (uint32_t)b->scale[i].field;
    }
    return store_answers_each(b->src->reader, b->src->wave->id, field,
                              b->groups + b->scales, count_row, b);
}

/* --- words and charts ----------------------------------------------------- */

static struct tally
tally_of(const struct breakdown *b, const struct scale *s,
         const struct suppress_segment *segment,
         struct tally_value value[CATEGORIES_MAX])
{
    struct tally t = {value, s->steps, 0, 0};
    for (size_t i = 0; i < s->steps; i++) {
        value[i] = (struct tally_value){s->start + (double)i * s->step, 0};
        for (size_t k = 0; k < b->strata; k++) {
            value[i].count += suppress_includes(segment, k)
                                  ? s->count[k * (s->steps + 1) + i]
                                  : 0;
        }
    }
    return t;
}

/* "7.9 (7.1–8.7)", or with `percent` "75 % (53–89)". */
static const char *
dot_text(struct monitoring_source *src, double value, struct interval i,
         bool percent)
{
    struct buf *out = &src->scratch;
    int decimals = percent ? 0 : 1;
    sentence_number(out, src->lang, value, decimals);
    buf_puts(out, percent ? "\xC2\xA0% (" : " (");
    sentence_number(out, src->lang, i.low, decimals);
    buf_puts(out, "–");
    sentence_number(out, src->lang, i.high, decimals);
    buf_puts(out, ")");
    return monitoring_item_text(src);
}

static struct chart_dot
dot(const struct breakdown *b, const struct scale *s,
    const struct suppress_segment *segment, bool merged)
{
    struct tally_value value[CATEGORIES_MAX];
    struct tally t = tally_of(b, s, segment, value);
    struct chart_dot out = {.value = NAN};
    /* Of a unanimous group not even the mean is told. */
    if (suppress_unanimous(tally_mode_count(&t), tally_total(&t))) {
        out.interval = (struct interval){NAN, NAN};
        out.text = i18n_text(b->src->lang, "(almost) all alike");
        return out;
    }
    if (merged) {
        struct proportion p =
            proportion_between(&t, s->cut, s->top, INTERVAL_LEVEL);
        out.value = 100.0 * p.share;
        out.interval.low = 100.0 * p.interval.low;
        out.interval.high = 100.0 * p.interval.high;
    } else {
        struct describe d;
        describe_tally(&t, INTERVAL_LEVEL, &d);
        out.value = d.mean;
        out.interval = d.mean_interval;
    }
    out.text = dot_text(b->src, out.value, out.interval, merged);
    return out;
}

static void
write_text(struct breakdown *b, const struct scale *s, size_t hidden,
           bool merged)
{
    struct buf *out = &b->src->scratch;
    enum i18n_lang lang = b->src->lang;
    if (merged) {
        buf_printf(out,
                   i18n_text(lang, "Share of answers of %g or more: means and"
                                   " distributions would tell too much about"
                                   " a small group."),
                   s->cut);
    } else {
        buf_puts(out, i18n_text(lang, "Mean and its interval by group."));
    }
    if (hidden > 0) {
        buf_putc(out, ' ');
        buf_printf(out,
                   i18n_plural(lang,
                               "%zu group is hidden, so that nobody can be"
                               " recognised.",
                               "%zu groups are hidden, so that nobody can be"
                               " recognised.",
                               (unsigned long)hidden),
                   hidden);
    }
}

/* One scale by one group question; `first` is its first segment. */
static enum status
write_item(struct breakdown *b, const struct scale *s, const struct group *g,
           const struct suppress_segment *first, bool merged,
           struct report_item *out)
{
    struct monitoring_source *src = b->src;
    const struct form *form = src->form->form;
    struct chart *c = arena_alloc(src->arena, sizeof(*c));
    struct chart_dot *dots = arena_array(src->arena, g->options, sizeof(*dots));
    if (!c || !dots) {
        return STATUS_E_LIMIT;
    }
    size_t shown = 0;
    size_t hidden = 0;
    for (size_t o = 0; o < g->options; o++) {
        if (first[o].state == SUPPRESS_SHOWN) {
            dots[shown] = dot(b, s, &first[o], merged);
            dots[shown++].label =
                form_choice_label(form, g->field, o, src->form_lang);
        } else {
            hidden++;
        }
    }
    out->heading = form_field_label(form, s->field, src->form_lang);
    out->base = form_field_label(form, g->field, src->form_lang);
    write_text(b, s, hidden, merged);
    out->text = monitoring_item_text(src);
    if (shown == 0) {
        sentence_hidden(&src->scratch, src->lang, SUPPRESS_SHIELD,
                        (uint32_t)src->wave->k);
        out->text = monitoring_item_text(src);
        return STATUS_OK;
    }
    c->kind = CHART_KIND_DOTS;
    c->title = out->heading;
    c->u.dots =
        merged ? (struct chart_dots){dots, shown, 0.0, 100.0, 20.0}
               : (struct chart_dots){dots, shown, s->start, s->top, s->step};
    out->chart = c;
    out->label_head = out->base;
    out->value_head = i18n_text(src->lang, "Value and interval");
    return STATUS_OK;
}

/* Decide about one scale and write an item for each group question. */
static enum status
break_down(struct breakdown *b, const struct scale *s, struct report_item *out,
           size_t *out_count)
{
    uint8_t coarse[CATEGORIES_MAX] = {0};
    for (size_t i = 0; i < s->steps; i++) {
        coarse[i] = s->start + (double)i * s->step >= s->cut ? 1 : 0;
    }
    coarse[s->steps] = 2;
    const struct suppress_table table = {
        .strata = b->strata,
        .categories = s->steps + 1,
        .answers = s->steps,
        .count = s->count,
        .k = (uint32_t)b->src->wave->k,
    };
    bool merged = false;
    enum status st =
        suppress_plan(&table, coarse, b->segment, b->segments, &merged);
    const struct suppress_segment *first = b->segment;
    for (size_t g = 0; g < b->groups && st == STATUS_OK; g++) {
        out[*out_count] = (struct report_item){0};
        st = write_item(b, s, &b->group[g], first, merged, &out[*out_count]);
        (*out_count)++;
        first += b->group[g].options;
    }
    return st;
}

enum status
breakdown_items(struct monitoring_source *src, struct report_item *out,
                size_t *out_count)
{
    *out_count = 0;
    struct breakdown *b = arena_alloc(src->arena, sizeof(*b));
    if (!b) {
        return STATUS_E_LIMIT;
    }
    b->src = src;
    enum status st = survey(b);
    if (st < 0 || b->groups == 0 || b->scales == 0) {
        return st;
    }
    declare_segments(b);
    st = count_answers(b);
    for (size_t i = 0; i < b->scales && st == STATUS_OK; i++) {
        struct monitoring_counts counts;
        bool open = false;
        st = monitoring_item_is_open(src, b->scale[i].field, &counts, &open);
        if (st == STATUS_OK && open) {
            st = break_down(b, &b->scale[i], out, out_count);
        }
    }
    if (*out_count > 0) {
        out[0].part = i18n_text(src->lang, "By group");
    }
    return st;
}
