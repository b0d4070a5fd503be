#include "collector/web/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/summary/compare.h"
#include "collector/summary/describe.h"
#include "collector/summary/sentence.h"
#include "collector/summary/suppress.h"
#include "collector/web/linked.h"
#include "collector/web/monitoring.h"
#include "collector/web/monitoring_item.h"

#define ARENA_MAX_BYTES ((size_t)32 * 1024 * 1024)
#define TEXT_MAX_BYTES 65536
#define NO_BREAK "\xC2\xA0"

/* One of the two waves, with its form and tallies. */
struct side {
    const struct store_wave *wave; /* borrowed */
    const struct catalogue_form *form;
    struct store_tally *tally; /* owned */
    struct monitoring_source src;
};

/* A question of both waves. */
struct pair {
    size_t field[2];
    bool open; /* the figures may be shown */
    struct describe d[2];
    struct compare result;
    uint64_t matched; /* linked people behind the result */
    double p;         /* adjusted; NAN: not tested */
};

struct change {
    struct arena arena;
    struct catalogue *catalogue;
    enum i18n_lang lang;
    struct side side[2];
    struct pair *pair; /* in the arena */
    size_t pairs;
    struct linked *linked; /* in the arena; NULL: nobody is linked */
    struct report report;
};

/* Writing happens on the side of "after". */
static struct monitoring_source *
writer(struct change *c)
{
    return &c->side[1].src;
}

static const char *
tr(const struct change *c, const char *msgid)
{
    return i18n_text(c->lang, msgid);
}

/* --- which questions ------------------------------------------------------ */

static size_t
find_by_name(const struct form *f, const char *name)
{
    for (size_t i = 0; i < form_field_count(f); i++) {
        struct form_field field;
        form_field_get(f, i, &field);
        if (strcmp(field.name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool
same_scale(const struct form_field *a, const struct form_field *b)
{
    return catalogue_is_scale(a) && catalogue_is_scale(b)
           && fabs(a->range_start - b->range_start) < 1e-9
           && fabs(a->range_end - b->range_end) < 1e-9;
}

static enum status
find_pairs(struct change *c)
{
    const struct form *before = c->side[0].form->form;
    const struct form *after = c->side[1].form->form;
    c->pair = arena_array(&c->arena, CHANGE_ITEMS_MAX, sizeof(*c->pair));
    if (!c->pair) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0;
         i < form_field_count(after) && c->pairs < CHANGE_ITEMS_MAX; i++) {
        struct form_field a;
        struct form_field b;
        form_field_get(after, i, &a);
        size_t other = find_by_name(before, a.name);
        if (other == SIZE_MAX) {
            continue;
        }
        form_field_get(before, other, &b);
        if (same_scale(&a, &b)) {
            c->pair[c->pairs].field[0] = other;
            c->pair[c->pairs].field[1] = i;
            c->pairs++;
        }
    }
    return STATUS_OK;
}

/* The stricter of the two thresholds. */
static uint32_t
stricter_k(const struct change *c)
{
    int before = c->side[0].wave->k;
    int after = c->side[1].wave->k;
    return (uint32_t)(before > after ? before : after);
}

/* --- comparing ------------------------------------------------------------ */

/* By the people who are in both waves, if the code they kept finds enough of
 * them, and if it does not tell about those who are in one only. */
static enum status
compare_as_linked(struct change *c, struct pair *p, bool *out)
{
    struct linked_differences d;
    *out = false;
    if (!c->linked) {
        return STATUS_OK;
    }
    enum status st =
        linked_differences(c->linked, &c->arena, (size_t)(p - c->pair), &d);
    if (st < 0
        || !suppress_may_compare(d.n[0], d.n[1], true, d.matched, stricter_k(c))
        || suppress_unanimous(tally_mode_count(&d.tally), d.matched)) {
        return st;
    }
    st = compare_linked(&d.tally, INTERVAL_LEVEL, &p->result);
    p->matched = d.matched;
    *out = st == STATUS_OK;
    return st < 0 ? st : STATUS_OK;
}

/* Both waves asked for a code that people keep. */
static enum status
find_linked(struct change *c)
{
    size_t *field[2];
    for (size_t s = 0; s < 2; s++) {
        field[s] = arena_array(&c->arena, c->pairs + 1, sizeof(*field[s]));
        if (!field[s]) {
            return STATUS_E_LIMIT;
        }
        for (size_t i = 0; i < c->pairs; i++) {
            field[s][i] = c->pair[i].field[s];
        }
    }
    const struct linked_side side[2] = {
        {c->side[0].wave, c->side[0].form, field[0]},
        {c->side[1].wave, c->side[1].form, field[1]}};
    return linked_open(c->side[0].src.reader, &c->arena, side, c->pairs,
                       &c->linked);
}

static enum status
compare_pair(struct change *c, struct pair *p)
{
    struct tally t[2];
    p->p = NAN;
    p->open = true;
    for (size_t s = 0; s < 2; s++) {
        struct monitoring_counts counts;
        bool open = false;
        enum status st = monitoring_item_is_open(&c->side[s].src, p->field[s],
                                                 &counts, &open);
        if (st == STATUS_OK) {
            st = monitoring_item_numbers(&c->side[s].src, &counts, &t[s]);
        }
        if (st < 0) {
            return st;
        }
        p->open = p->open && open;
        describe_tally(&t[s], INTERVAL_LEVEL, &p->d[s]);
    }
    p->open =
        p->open
        && suppress_may_compare(p->d[0].n, p->d[1].n, false, 0, stricter_k(c));
    if (!p->open) {
        return STATUS_OK;
    }
    bool linked = false;
    enum status st = compare_as_linked(c, p, &linked);
    if (st == STATUS_OK && !linked) {
        st = compare_unlinked(&t[0], &t[1], INTERVAL_LEVEL, &p->result);
    }
    if (st == STATUS_OK) {
        p->p = p->result.test.p;
    }
    return st < 0 ? st : STATUS_OK;
}

static enum status
compare_all(struct change *c)
{
    double p[CHANGE_ITEMS_MAX];
    for (size_t i = 0; i < c->pairs; i++) {
        enum status st = compare_pair(c, &c->pair[i]);
        if (st < 0) {
            return st;
        }
        p[i] = c->pair[i].p;
    }
    enum status st = compare_holm(p, c->pairs, p);
    for (size_t i = 0; i < c->pairs && st == STATUS_OK; i++) {
        c->pair[i].p = p[i];
    }
    return st;
}

/* --- words and charts ----------------------------------------------------- */

static void
write_number(struct change *c, double value, int decimals)
{
    sentence_number(&writer(c)->scratch, c->lang, value, decimals);
}

/* "7.9 (7.1–8.7)"; `to` stands between the ends, so that a minus is told from
 * it. */
static void
write_estimate(struct change *c, double value, const struct interval *i,
               int decimals, const char *to)
{
    struct buf *b = &writer(c)->scratch;
    write_number(c, value, decimals);
    if (isfinite(i->low)) {
        buf_puts(b, " (");
        write_number(c, i->low, decimals);
        buf_puts(b, to);
        write_number(c, i->high, decimals);
        buf_puts(b, ")");
    }
}

static const char *
mean_text(struct change *c, const struct describe *d)
{
    write_estimate(c, d->mean, &d->mean_interval, 1, "–");
    return monitoring_item_text(writer(c));
}

/* "before n = 22, after n = 20 · Cliff’s delta 0.48 (0.1 to 0.7) · p = 0.008" */
static const char *
base_text(struct change *c, const struct pair *p)
{
    struct buf *b = &writer(c)->scratch;
    buf_printf(b, i18n_text(c->lang, "before n = %llu, after n = %llu"),
               (unsigned long long)p->d[0].n, (unsigned long long)p->d[1].n);
    if (!p->open) {
        return monitoring_item_text(writer(c));
    }
    buf_printf(b, " · %s ", tr(c, "difference"));
    write_estimate(c, p->result.difference, &p->result.difference_interval, 1,
                   "…");
    if (p->result.linked) {
        buf_printf(b,
                   i18n_text(c->lang, " · %llu people answered both times, "
                                      "matched rank-biserial correlation "),
                   (unsigned long long)p->matched);
    } else {
        buf_printf(b, " · %s ", tr(c, "Cliff’s delta"));
    }
    write_estimate(c, p->result.effect, &p->result.effect_interval, 2, "…");
    if (!isnan(p->p) && !p->result.powerless) {
        bool tiny = p->p < 0.001;
        buf_puts(b, tiny ? " · p" NO_BREAK "<" NO_BREAK
                         : " · p" NO_BREAK "=" NO_BREAK);
        sentence_number(b, c->lang, tiny ? 0.001 : p->p, 3);
    }
    return monitoring_item_text(writer(c));
}

static struct chart *
dots(struct change *c, const struct pair *p, const char *title)
{
    struct form_field f;
    form_field_get(c->side[1].form->form, p->field[1], &f);
    struct chart *chart = arena_alloc(&c->arena, sizeof(*chart));
    struct chart_dot *dot = arena_array(&c->arena, 2, sizeof(*dot));
    if (!chart || !dot) {
        return NULL;
    }
    static const char *const label[] = {N_("before"), N_("after")};
    for (size_t s = 0; s < 2; s++) {
        dot[s].label = c->side[s].wave->title[0] != '\0'
                           ? c->side[s].wave->title
                           : tr(c, label[s]);
        dot[s].value = p->d[s].mean;
        dot[s].interval = p->d[s].mean_interval;
        dot[s].text = mean_text(c, &p->d[s]);
        dot[s].hollow = s == 0;
    }
    chart->kind = CHART_KIND_DOTS;
    chart->title = title;
    chart->u.dots = (struct chart_dots){
        dot, 2, f.range_start, f.range_end,
        monitoring_item_ticks(f.range_start, f.range_end, f.range_step)};
    return chart;
}

static enum status
write_item(struct change *c, const struct pair *p, struct report_item *out)
{
    struct monitoring_source *w = writer(c);
    *out = (struct report_item){
        .heading =
            form_field_label(c->side[1].form->form, p->field[1], w->form_lang),
        .label_head = tr(c, "Wave"),
        .value_head = tr(c, "Mean and interval"),
    };
    out->base = base_text(c, p);
    if (p->open) {
        out->chart = dots(c, p, out->heading);
        if (!out->chart) {
            return STATUS_E_LIMIT;
        }
        sentence_change(&w->scratch, c->lang, &p->result, p->d[0].mean,
                        p->d[1].mean, p->p);
    } else if (p->d[0].n < stricter_k(c) || p->d[1].n < stricter_k(c)) {
        out->base = NULL; /* how few they were is closed too */
        sentence_hidden(&w->scratch, c->lang, SUPPRESS_TOO_FEW, stricter_k(c));
    } else {
        buf_puts(&w->scratch,
                 tr(c, "In one of the waves all or nearly all answered alike: "
                       "not compared, so that nobody can be recognised."));
    }
    out->text = monitoring_item_text(w);
    return out->text ? STATUS_OK : STATUS_E_LIMIT;
}

/* How many items rose or fell beyond what chance explains. */
static void
write_lead(struct change *c)
{
    struct buf *b = &writer(c)->scratch;
    unsigned long up = 0;
    unsigned long down = 0;
    for (size_t i = 0; i < c->pairs; i++) {
        const struct pair *p = &c->pair[i];
        if (p->open && p->p < 0.05 && !p->result.powerless) {
            up += p->result.effect > 0.0 ? 1 : 0;
            down += p->result.effect < 0.0 ? 1 : 0;
        }
    }
    if (c->pairs == 0) {
        buf_puts(b, tr(c, "The two waves have no scale in common."));
    } else if (up + down == 0) {
        buf_puts(b, tr(c, "No item changed by more than chance may explain."));
    } else {
        buf_printf(b,
                   i18n_text(c->lang, "Changed by more than chance explains:"
                                      " %lu up, %lu down, of %zu items."),
                   up, down, c->pairs);
    }
    buf_putc(b, ' ');
    buf_puts(b, c->linked
                    ? tr(c, "Answers of the same people are compared where"
                            " the code they kept links enough of them.")
                    : tr(c, "Nobody’s two answers are linked, so small changes"
                            " of single people cannot be seen."));
    c->report.lead = monitoring_item_text(writer(c));
}

static enum status
write_report(struct change *c, int64_t now_ms)
{
    struct report *r = &c->report;
    struct monitoring_source *w = writer(c);
    const struct store_wave *after = c->side[1].wave;
    struct report_item *item =
        arena_array(&c->arena, c->pairs + 1, sizeof(*item));
    if (!item) {
        return STATUS_E_LIMIT;
    }
    r->lang = c->lang;
    enum status st = store_text(w->reader, STORE_HOUSE, &w->scratch);
    if (st < 0) {
        return st;
    }
    r->organisation = monitoring_item_text(w);
    buf_printf(&w->scratch, "%s: %s", tr(c, "Change"),
               monitoring_title(c->side[1].form->form, after, c->lang));
    r->title = monitoring_item_text(w);
    monitoring_date(&w->scratch, c->lang, c->side[0].wave->opened_ms);
    buf_puts(&w->scratch, " → ");
    monitoring_date(&w->scratch, c->lang, after->opened_ms);
    r->subtitle = monitoring_item_text(w);
    monitoring_date(&w->scratch, c->lang, now_ms);
    r->date = monitoring_item_text(w);
    write_lead(c);
    r->method = (struct report_method){
        .invited = after->invited > 0 ? (uint32_t)after->invited : 0,
        .answered = (uint32_t)after->answers,
        .k = (uint32_t)after->k,
        .comments = (uint32_t)after->k_text,
        .cut = NAN,
        .top = NAN,
        .waves = true,
    };
    r->item = item;
    for (size_t i = 0; i < c->pairs && st == STATUS_OK; i++) {
        st = write_item(c, &c->pair[i], &item[i]);
        r->items++;
    }
    if (st == STATUS_OK
        && !(r->organisation && r->title && r->subtitle && r->date
             && r->lead)) {
        st = STATUS_E_LIMIT;
    }
    return st;
}

/* --- opening -------------------------------------------------------------- */

static enum status
open_side(struct change *c, struct side *s, struct store *reader,
          const struct store_wave *wave)
{
    s->wave = wave;
    s->src.reader = reader;
    s->src.wave = wave;
    s->src.lang = c->lang;
    s->src.arena = &c->arena;
    enum status st = catalogue_take_wave(c->catalogue, reader, wave, &s->form);
    if (st == STATUS_OK) {
        s->src.form = s->form;
        s->src.form_lang = form_lang_find(s->form->form, i18n_tag(c->lang));
        st = store_tallies(reader, wave->id, &s->tally, &s->src.tally_count);
        s->src.tally = s->tally;
    }
    return st;
}

enum status
change_open(struct store *reader, struct catalogue *catalogue,
            const struct store_wave *const wave[2], enum i18n_lang lang,
            int64_t now_ms, struct change **out)
{
    *out = NULL;
    if (monitoring_state_of(wave[0], now_ms) != MONITORING_SHOWN
        || monitoring_state_of(wave[1], now_ms) != MONITORING_SHOWN) {
        return STATUS_E_AUTH;
    }
    struct change *c = calloc(1, sizeof(*c));
    if (!c) {
        return log_oom("change");
    }
    arena_init(&c->arena, ARENA_MAX_BYTES);
    buf_init(&c->side[0].src.scratch, TEXT_MAX_BYTES);
    buf_init(&c->side[1].src.scratch, TEXT_MAX_BYTES);
    c->catalogue = catalogue;
    c->lang = lang;
    enum status st = open_side(c, &c->side[0], reader, wave[0]);
    if (st == STATUS_OK) {
        st = open_side(c, &c->side[1], reader, wave[1]);
    }
    if (st == STATUS_OK) {
        st = find_pairs(c);
    }
    if (st == STATUS_OK) {
        st = find_linked(c);
    }
    if (st == STATUS_OK) {
        st = compare_all(c);
    }
    if (st == STATUS_OK) {
        st = write_report(c, now_ms);
    }
    if (st < 0) {
        change_free(c);
        return st;
    }
    *out = c;
    return STATUS_OK;
}

void
change_free(struct change *c)
{
    if (!c) {
        return;
    }
    for (size_t s = 0; s < 2; s++) {
        catalogue_give(c->catalogue, c->side[s].form);
        free(c->side[s].tally);
        buf_deinit(&c->side[s].src.scratch);
    }
    arena_deinit(&c->arena);
    free(c);
}

const struct report *
change_report(const struct change *c)
{
    return &c->report;
}

enum status
change_find_before(struct store *reader, struct catalogue *catalogue,
                   const struct store_wave *after, struct store_wave *out)
{
    *out = (struct store_wave){0};
    const struct catalogue_form *form = NULL;
    struct store_wave *wave = NULL;
    size_t count = 0;
    enum status st = catalogue_take_wave(catalogue, reader, after, &form);
    if (st == STATUS_OK) {
        st = store_waves(reader, &wave, &count);
    }
    if (st < 0) {
        catalogue_give(catalogue, form);
        return st;
    }
    const char *named = form_extension(form->form, "compare");
    const char *wanted = named && *named ? named : after->form_id;
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        const struct store_wave *w = &wave[i];
        bool fits = w->id != after->id && w->closed_ms != 0
                    && w->opened_ms <= after->opened_ms
                    && strcmp(w->form_id, wanted) == 0;
        if (fits && (best == count || w->opened_ms > wave[best].opened_ms)) {
            best = i;
        }
    }
    st = best == count ? STATUS_NONE
                       : store_wave_by_id(reader, wave[best].id, out);
    store_waves_free(wave, count);
    catalogue_give(catalogue, form);
    return st;
}
