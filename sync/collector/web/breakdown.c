#include "collector/web/breakdown.h"

#include <math.h>

#include "collector/ingest/strata.h"
#include "collector/summary/crosstab.h"
#include "collector/summary/describe.h"
#include "collector/summary/proportion.h"
#include "collector/summary/sentence.h"
#include "collector/web/monitoring_battery.h"

#define RANGE "\xE2\x81\xA0\xE2\x80\x93\xE2\x81\xA0"
#define PERCENT "\xC2\xA0%"

/* --- rows ----------------------------------------------------------------- */

/* "7.9 (7.1–8.7), n = 12", or with `percent` "75 % (53–89), n = 12". */
static const char *
dot_text(struct monitoring_source *src, const struct chart_dot *d, uint64_t n,
         bool percent)
{
    struct buf *out = &src->scratch;
    int decimals = percent ? 0 : 1;
    sentence_number(out, src->lang, d->value, decimals);
    buf_puts(out, percent ? PERCENT " (" : " (");
    sentence_number(out, src->lang, d->interval.low, decimals);
    buf_puts(out, RANGE);
    sentence_number(out, src->lang, d->interval.high, decimals);
    buf_puts(out, "), n\xC2\xA0=\xC2\xA0");
    sentence_number(out, src->lang, (double)n, 0);
    return monitoring_item_text(src);
}

static struct chart_dot
scale_dot(const struct groups *g, const struct groups_table *t,
          const struct groups_row *row)
{
    struct tally_value value[SUPPRESS_CATEGORIES_MAX];
    struct tally tally = groups_tally(g, t, row, value);
    struct chart_dot out = {.label = row->label, .hollow = row->rest};
    bool merged = t->detail == SUPPRESS_MERGED;
    if (merged) {
        struct proportion p =
            proportion_between(&tally, t->cut, HUGE_VAL, INTERVAL_LEVEL);
        out.value = 100.0 * p.share;
        out.interval.low = 100.0 * p.interval.low;
        out.interval.high = 100.0 * p.interval.high;
    } else {
        struct describe d;
        describe_tally(&tally, INTERVAL_LEVEL, &d);
        out.value = d.mean;
        out.interval = d.mean_interval;
    }
    out.text = dot_text(g->src, &out, tally_total(&tally), merged);
    return out;
}

static enum status
scale_chart(const struct groups *g, const struct groups_table *t,
            const struct groups_question *q, struct chart *c)
{
    struct chart_dot *dot = arena_array(g->src->arena, q->rows, sizeof(*dot));
    if (!dot) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < q->rows; i++) {
        dot[i] = scale_dot(g, t, &q->row[i]);
    }
    double top = t->start + (double)(t->answers - 1) * t->step;
    c->kind = CHART_KIND_DOTS;
    c->u.dots = t->detail == SUPPRESS_MERGED
                    ? (struct chart_dots){dot, q->rows, 0.0, 100.0, 20.0}
                    : (struct chart_dots){
                        dot, q->rows, t->start, top,
                        monitoring_item_ticks(t->start, top, t->step)};
    return STATUS_OK;
}

static uint64_t
answers_of(const struct groups *g, const struct groups_table *t,
           const struct groups_row *row)
{
    uint64_t n = 0;
    for (size_t c = 0; c < t->answers; c++) {
        n += groups_count(g, t, row, c);
    }
    return n;
}

/* "9 (45 %)" */
static const char *
share_text(struct monitoring_source *src, uint64_t hits, uint64_t n)
{
    sentence_number(&src->scratch, src->lang, (double)hits, 0);
    buf_puts(&src->scratch, " (");
    sentence_number(&src->scratch, src->lang,
                    n > 0 ? 100.0 * (double)hits / (double)n : 0.0, 0);
    buf_puts(&src->scratch, PERCENT ")");
    return monitoring_item_text(src);
}

static const char *
percent_text(struct monitoring_source *src, uint64_t hits, uint64_t n)
{
    sentence_number(&src->scratch, src->lang,
                    n > 0 ? 100.0 * (double)hits / (double)n : 0.0, 0);
    buf_puts(&src->scratch, PERCENT);
    return monitoring_item_text(src);
}

/* The groups of each option side by side, as shares of the group. */
static enum status
choice_chart(const struct groups *g, const struct groups_table *t,
             const struct groups_question *q, struct chart *c)
{
    struct monitoring_source *src = g->src;
    struct chart_bar *bar =
        arena_array(src->arena, t->answers * q->rows, sizeof(*bar));
    if (!bar) {
        return STATUS_E_LIMIT;
    }
    size_t to = 0;
    for (size_t i = 0; i < t->answers; i++) {
        for (size_t r = 0; r < q->rows; r++, to++) {
            uint64_t n = answers_of(g, t, &q->row[r]);
            uint64_t hits = groups_count(g, t, &q->row[r], i);
            buf_printf(&src->scratch, "%s · %s",
                       form_choice_label(src->form->form, t->field,
                                         t->choice[i], src->form_lang),
                       q->row[r].label);
            bar[to].label = monitoring_item_text(src);
            bar[to].value = n > 0 ? (double)hits / (double)n : 0.0;
            bar[to].text = share_text(src, hits, n);
            bar[to].strong = r == 0;
        }
    }
    c->kind = CHART_KIND_BARS;
    c->u.bars = (struct chart_bars){bar, to, 1.0};
    return STATUS_OK;
}

/* Category of the table that is an option. */
static size_t
category_of(const struct groups_table *t, size_t choice)
{
    size_t i = 0;
    while (i + 1 < t->categories && t->choice[i] != choice) {
        i++;
    }
    return i;
}

/* Options from one pole to the other: a row of diverging bars for each group. */
static enum status
poles_chart(const struct groups *g, const struct groups_table *t,
            const struct groups_question *q, const size_t *pole, size_t count,
            struct chart *c)
{
    struct monitoring_source *src = g->src;
    struct chart_diverging_row *row =
        arena_array(src->arena, q->rows, sizeof(*row));
    const char **segment = arena_array(src->arena, count, sizeof(*segment));
    if (!row || !segment) {
        return STATUS_E_LIMIT;
    }
    for (size_t r = 0; r < q->rows; r++) {
        uint64_t n = answers_of(g, t, &q->row[r]);
        uint64_t low = 0;
        uint64_t high = 0;
        for (size_t i = 0; i < count; i++) {
            uint64_t hits =
                groups_count(g, t, &q->row[r], category_of(t, pole[i]));
            low += i < count / 2 ? hits : 0;
            high += i >= (count + 1) / 2 ? hits : 0;
            row[r].share[i] = n > 0 ? (double)hits / (double)n : 0.0;
            row[r].text[i] = share_text(src, hits, n);
            segment[i] = form_choice_label(src->form->form, t->field, pole[i],
                                           src->form_lang);
        }
        buf_printf(&src->scratch, "%s (n\xC2\xA0=\xC2\xA0", q->row[r].label);
        sentence_number(&src->scratch, src->lang, (double)n, 0);
        buf_putc(&src->scratch, ')');
        row[r].label = monitoring_item_text(src);
        row[r].low_text = percent_text(src, low, n);
        row[r].high_text = percent_text(src, high, n);
    }
    c->kind = CHART_KIND_DIVERGING;
    c->u.diverging = (struct chart_diverging){row, q->rows, segment, count};
    return STATUS_OK;
}

/* --- words ---------------------------------------------------------------- */

static void
write_hidden(struct monitoring_source *src, size_t hidden)
{
    if (hidden > 0) {
        buf_putc(&src->scratch, ' ');
        buf_printf(&src->scratch,
                   i18n_plural(src->lang,
                               "%zu group has no row of its own, so that"
                               " nobody can be recognised.",
                               "%zu groups have no rows of their own, so that"
                               " nobody can be recognised.",
                               (unsigned long)hidden),
                   hidden);
    }
}

/* How strongly answer and group go together, from the shown rows. */
static void
write_connection(const struct groups *g, const struct groups_table *t,
                 const struct groups_question *q)
{
    struct buf *out = &g->src->scratch;
    enum i18n_lang lang = g->src->lang;
    uint64_t count[CROSSTAB_ROWS_MAX * CROSSTAB_COLUMNS_MAX];
    struct crosstab x;
    if (q->rows < 2 || q->rows > CROSSTAB_ROWS_MAX
        || t->answers > CROSSTAB_COLUMNS_MAX) {
        return;
    }
    for (size_t r = 0; r < q->rows; r++) {
        for (size_t c = 0; c < t->answers; c++) {
            count[r * t->answers + c] = groups_count(g, t, &q->row[r], c);
        }
    }
    if (crosstab_init(&x, q->rows, t->answers, count) != STATUS_OK
        || isnan(x.cramer_v)) {
        return;
    }
    buf_printf(out, " %s ",
               i18n_text(lang, "Connection (Cramér’s V, 0 none,"
                               " 1 complete):"));
    sentence_number(out, lang, x.cramer_v, 2);
    buf_putc(out, '.');
}

static void
write_text(const struct groups *g, const struct groups_table *t,
           const struct groups_question *q)
{
    struct buf *out = &g->src->scratch;
    enum i18n_lang lang = g->src->lang;
    if (!t->scale) {
        buf_puts(out, i18n_text(lang, "Share of each group that chose an"
                                      " answer."));
        write_connection(g, t, q);
    } else if (t->detail == SUPPRESS_MERGED) {
        buf_printf(out,
                   i18n_text(lang, "Share of answers of %g or more: means and"
                                   " distributions would tell too much about"
                                   " a small group."),
                   t->cut);
    } else {
        buf_puts(out, i18n_text(lang, "Mean and its interval by group."));
    }
    write_hidden(g->src, q->hidden);
}

static const char *
hidden_text(struct monitoring_source *src)
{
    sentence_hidden(&src->scratch, src->lang, SUPPRESS_SHIELD,
                    (uint32_t)src->wave->k);
    return monitoring_item_text(src);
}

static enum status
write_item(const struct groups *g, const struct groups_table *t,
           const struct groups_question *q, struct report_item *out)
{
    struct monitoring_source *src = g->src;
    const struct form *form = src->form->form;
    *out = (struct report_item){
        .heading = form_field_label(form, t->field, src->form_lang),
        .base = form_field_label(form, q->field, src->form_lang),
    };
    if (q->rows == 0 || t->detail == SUPPRESS_CLOSED) {
        out->text = hidden_text(src);
        return out->text ? STATUS_OK : STATUS_E_LIMIT;
    }
    struct chart *c = arena_alloc(src->arena, sizeof(*c));
    if (!c) {
        return STATUS_E_LIMIT;
    }
    *c = (struct chart){.title = out->heading};
    size_t pole[CHART_SEGMENTS_MAX];
    size_t poles = monitoring_battery_poles(src, t->field, pole);
    enum status st = t->scale    ? scale_chart(g, t, q, c)
                     : poles > 0 ? poles_chart(g, t, q, pole, poles, c)
                                 : choice_chart(g, t, q, c);
    write_text(g, t, q);
    out->text = monitoring_item_text(src);
    out->chart = c;
    out->label_head =
        t->scale || poles > 0 ? out->base : i18n_text(src->lang, "Answer");
    out->value_head =
        i18n_text(src->lang, t->scale ? "Value and interval" : "People");
    return st;
}

enum status
breakdown_items(const struct groups *g, struct report_item *out,
                size_t *out_count)
{
    *out_count = 0;
    enum status st = STATUS_OK;
    size_t fields = g ? g->src->form->field_count : 0;
    size_t taken = 0;
    for (size_t i = 0; i < fields && taken < BREAKDOWN_QUESTIONS_MAX; i++) {
        const struct groups_table *t = &g->table[i];
        taken += t->categories > 0 ? 1 : 0;
        for (size_t q = 0;
             t->categories > 0 && q < g->questions && st == STATUS_OK; q++) {
            st = write_item(g, t, &g->question[q], &out[(*out_count)++]);
        }
    }
    if (*out_count > 0) {
        out[0].part = i18n_text(g->src->lang, "By group");
    }
    return st;
}

enum status
breakdown_groups(struct monitoring_source *src, const struct groups *g,
                 size_t field, struct report_item *out)
{
    const struct groups_question *q = NULL;
    for (size_t i = 0; g && i < g->questions; i++) {
        q = g->question[i].field == field ? &g->question[i] : q;
    }
    if (!strata_has(src->form, field)) {
        out->text =
            i18n_text(src->lang, "This wave does not compare these groups; "
                                 "how many there are of each stays closed.");
        return STATUS_OK;
    }
    if (!q || q->rows == 0) {
        out->text = hidden_text(src);
        return STATUS_OK;
    }
    struct chart *c = arena_alloc(src->arena, sizeof(*c));
    struct chart_bar *bar = arena_array(src->arena, q->rows, sizeof(*bar));
    if (!c || !bar) {
        return STATUS_E_LIMIT;
    }
    uint64_t n = 0;
    for (size_t r = 0; r < q->rows; r++) {
        n += q->row[r].people;
    }
    for (size_t r = 0; r < q->rows; r++) {
        bar[r] = (struct chart_bar){
            .label = q->row[r].label,
            .value = (double)q->row[r].people,
            .text = share_text(src, q->row[r].people, n),
        };
    }
    *c = (struct chart){.kind = CHART_KIND_BARS, .title = out->heading};
    c->u.bars = (struct chart_bars){bar, q->rows, 0.0};
    write_hidden(src, q->hidden > 1 ? q->hidden : 0);
    out->text = monitoring_item_text(src);
    out->chart = c;
    out->label_head = i18n_text(src->lang, "Group");
    out->value_head = i18n_text(src->lang, "People");
    return STATUS_OK;
}
