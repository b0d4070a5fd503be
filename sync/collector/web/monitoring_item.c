#include "collector/web/monitoring_item.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "collector/ingest/answers.h"
#include "collector/summary/describe.h"
#include "collector/summary/indicator.h"
#include "collector/summary/interval.h"
#include "collector/summary/proportion.h"
#include "collector/summary/sentence.h"
#include "collector/summary/suppress.h"
#include "collector/web/breakdown.h"
#include "collector/web/monitoring.h"
#include "collector/web/monitoring_battery.h"
#include "collector/web/monitoring_days.h"
#include "collector/web/monitoring_rank.h"
#include "collector/web/monitoring_text.h"

#define NO_BREAK "\xC2\xA0"
/* An en dash between word joiners: a range stays on one line. */
#define RANGE "\xE2\x81\xA0\xE2\x80\x93\xE2\x81\xA0"

static const char *
tr(const struct monitoring_source *src, const char *msgid)
{
    return i18n_text(src->lang, msgid);
}

const char *
monitoring_item_text(struct monitoring_source *src)
{
    const char *text = buf_status(&src->scratch) == STATUS_OK
                           ? arena_strdup(src->arena, src->scratch.data)
                           : NULL;
    buf_clear(&src->scratch);
    return text;
}

void
monitoring_item_counts(const struct monitoring_source *src, size_t field,
                       struct monitoring_counts *out)
{
    *out = (struct monitoring_counts){0};
    size_t low = 0;
    size_t high = src->tally_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (src->tally[mid].field < field) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    out->first = src->tally + low;
    while (low + out->count < src->tally_count
           && src->tally[low + out->count].field == field) {
        const struct store_tally *t = &out->first[out->count++];
        if (t->kind == STORE_TALLY_ANSWERED) {
            out->answered = (uint64_t)t->n;
        } else if (t->kind == STORE_TALLY_MISSING) {
            out->missing = (uint64_t)t->n;
        }
    }
}

enum status
monitoring_item_numbers(struct monitoring_source *src,
                        const struct monitoring_counts *counts,
                        struct tally *out)
{
    *out = (struct tally){.missing = counts->missing};
    struct tally_value *value =
        arena_array(src->arena, counts->count + 1, sizeof(*value));
    if (!value) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < counts->count; i++) {
        const struct store_tally *t = &counts->first[i];
        if (t->kind == STORE_TALLY_NUMBER) {
            value[out->count].value = (double)t->item / STORE_NUMBER_UNIT;
            value[out->count++].count = (uint64_t)t->n;
        }
    }
    out->value = value;
    return STATUS_OK;
}

struct chart *
monitoring_item_chart(struct monitoring_source *src, enum chart_kind kind,
                      struct report_item *item)
{
    struct chart *c = arena_alloc(src->arena, sizeof(*c));
    if (c) {
        c->kind = kind;
        c->title = item->heading;
        item->chart = c;
        item->label_head = tr(src, "Answer");
        item->value_head = tr(src, "People");
    }
    return c;
}

static void
write_percent(struct monitoring_source *src, double share)
{
    sentence_number(&src->scratch, src->lang, share * 100.0, 0);
    buf_puts(&src->scratch, NO_BREAK "%");
}

/* "9 (45 %)" */
const char *
monitoring_item_count_text(struct monitoring_source *src, uint64_t hits,
                           uint64_t n)
{
    sentence_number(&src->scratch, src->lang, (double)hits, 0);
    buf_puts(&src->scratch, " (");
    write_percent(src, n > 0 ? (double)hits / (double)n : 0.0);
    buf_puts(&src->scratch, ")");
    return monitoring_item_text(src);
}

/* "7 to 10: 15 of 20, 75 % (53 to 89 %)." */
static void
write_share(struct monitoring_source *src, double from, double to,
            const struct proportion *p)
{
    struct buf *b = &src->scratch;
    sentence_number(b, src->lang, from, 0);
    buf_puts(b, RANGE);
    sentence_number(b, src->lang, to, 0);
    buf_puts(b, ":" NO_BREAK);
    sentence_number(b, src->lang, (double)p->hits, 0);
    buf_printf(b, NO_BREAK "%s" NO_BREAK, tr(src, "of"));
    sentence_number(b, src->lang, (double)p->n, 0);
    buf_puts(b, ", ");
    write_percent(src, p->share);
    buf_puts(b, " (");
    sentence_number(b, src->lang, p->interval.low * 100.0, 0);
    buf_puts(b, RANGE);
    write_percent(src, p->interval.high);
    buf_puts(b, "). ");
}

/* --- scales and numbers --------------------------------------------------- */

static void
write_centre(struct monitoring_source *src, const struct describe *d)
{
    struct buf *b = &src->scratch;
    buf_printf(b, "%s ", tr(src, "Mean"));
    sentence_number(b, src->lang, d->mean, 1);
    if (isfinite(d->mean_interval.low)) {
        buf_puts(b, " (");
        sentence_number(b, src->lang, d->mean_interval.low, 1);
        buf_puts(b, RANGE);
        sentence_number(b, src->lang, d->mean_interval.high, 1);
        buf_puts(b, ")");
    }
    buf_printf(b, ", %s ", tr(src, "median"));
    sentence_number(b, src->lang, d->median,
                    fabs(d->median - round(d->median)) > 0.01 ? 1 : 0);
    buf_puts(b, ". ");
}

const char *
monitoring_item_number(struct monitoring_source *src, double value)
{
    sentence_number(&src->scratch, src->lang, value,
                    fabs(value - round(value)) > 0.001 ? 1 : 0);
    return monitoring_item_text(src);
}

static const char *
median_label(struct monitoring_source *src, double median)
{
    buf_printf(&src->scratch, "%s ", tr(src, "median"));
    return monitoring_item_number(src, median);
}

double
monitoring_item_ticks(double low, double high, double step)
{
    static const long parts[] = {3, 5, 4, 2};
    long steps = lround((high - low) / step);
    for (size_t i = 0; steps > 6 && i < sizeof(parts) / sizeof(*parts); i++) {
        if (steps % parts[i] == 0) {
            return (high - low) / (double)parts[i];
        }
    }
    return steps > 6 ? high - low : step;
}

/* A column for each of `count` equal steps from `start`. */
static enum status
step_chart(struct monitoring_source *src, const struct tally *t,
           const double start_step_cut[3], size_t count,
           struct report_item *item)
{
    double start = start_step_cut[0];
    double step = start_step_cut[1];
    struct chart *c = monitoring_item_chart(src, CHART_KIND_COLUMNS, item);
    struct chart_column *col = arena_array(src->arena, count, sizeof(*col));
    if (!c || !col) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        double value = start + (double)i * step;
        uint64_t n = tally_between(t, value - step / 2, value + step / 2);
        col[i].label = monitoring_item_number(src, value);
        col[i].value = (double)n;
        col[i].text = n > 0 ? monitoring_item_number(src, (double)n) : NULL;
        col[i].strong = value >= start_step_cut[2];
    }
    struct describe d;
    describe_tally(t, INTERVAL_LEVEL, &d);
    c->u.columns.column = col;
    c->u.columns.count = count;
    c->u.columns.median = (d.median - start) / step;
    c->u.columns.q1 = (d.q1 - start) / step;
    c->u.columns.q3 = (d.q3 - start) / step;
    c->u.columns.median_text = median_label(src, d.median);
    return STATUS_OK;
}

static enum status
bin_chart(struct monitoring_source *src, const struct tally *t,
          struct report_item *item)
{
    struct tally_bin bin[TALLY_BINS_MAX];
    size_t count = tally_histogram(t, bin);
    struct chart *c = monitoring_item_chart(src, CHART_KIND_COLUMNS, item);
    struct chart_column *col = arena_array(src->arena, count + 1, sizeof(*col));
    if (!c || !col) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        sentence_number(&src->scratch, src->lang, bin[i].from, 0);
        buf_puts(&src->scratch, "–");
        col[i].label = monitoring_item_number(src, bin[i].to);
        col[i].value = (double)bin[i].count;
        col[i].text = bin[i].count > 0
                          ? monitoring_item_number(src, (double)bin[i].count)
                          : NULL;
        col[i].strong = true;
    }
    c->u.columns.column = col;
    c->u.columns.count = count;
    c->u.columns.median = NAN;
    c->u.columns.q1 = NAN;
    c->u.columns.q3 = NAN;
    return STATUS_OK;
}

static bool
few_whole_values(const struct tally *t)
{
    if (t->count == 0 || t->count > CATALOGUE_SCALE_STEPS_MAX) {
        return false;
    }
    for (size_t i = 0; i < t->count; i++) {
        if (fabs(t->value[i].value - round(t->value[i].value)) > 1e-9) {
            return false;
        }
    }
    return t->value[t->count - 1].value - t->value[0].value
           < CATALOGUE_SCALE_STEPS_MAX;
}

/* Of a scale 0-10: who would recommend. Of 1-10 that would be another figure
 * under the same name. */
static void
write_recommendation(struct monitoring_source *src, const struct tally *t)
{
    struct proportion_nps nps;
    if (proportion_nps(t, INTERVAL_LEVEL, &nps) == STATUS_OK) {
        sentence_nps(&src->scratch, src->lang, &nps);
    }
}

static enum status
number_item(struct monitoring_source *src, const struct form_field *f,
            const struct tally *t, struct report_item *item)
{
    struct describe d;
    describe_tally(t, INTERVAL_LEVEL, &d);
    write_centre(src, &d);
    if (catalogue_is_scale(f)) {
        double top = f->range_end;
        bool ten = top >= 9.5 && top <= 10.5;
        double cut = ten ? INDICATOR_CUT_DEFAULT : HUGE_VAL;
        bool recommend = fabs(f->range_start) < 0.5;
        if (ten && recommend) {
            write_recommendation(src, t);
        } else if (ten) {
            struct proportion p =
                proportion_between(t, cut, top, INTERVAL_LEVEL);
            write_share(src, cut, top, &p);
            p = proportion_between(t, top - 1, top, INTERVAL_LEVEL);
            write_share(src, top - 1, top, &p);
        }
        cut = ten && recommend ? top - 1 : cut;
        item->text = monitoring_item_text(src);
        const double steps[3] = {f->range_start, f->range_step,
                                 ten ? cut : -HUGE_VAL};
        size_t count =
            (size_t)lround((top - f->range_start) / f->range_step) + 1;
        return step_chart(src, t, steps, count, item);
    }
    sentence_typical(&src->scratch, src->lang, &d);
    item->text = monitoring_item_text(src);
    if (few_whole_values(t)) {
        const double steps[3] = {t->value[0].value, 1.0, -HUGE_VAL};
        size_t count =
            (size_t)lround(t->value[t->count - 1].value - t->value[0].value)
            + 1;
        return step_chart(src, t, steps, count, item);
    }
    return bin_chart(src, t, item);
}

/* --- choices -------------------------------------------------------------- */

bool
monitoring_item_is_unsure(const struct form *f, size_t field, size_t choice)
{
    return form_choice_unsure(
        form_choice_name(f, field, choice),
        form_choice_label(f, field, choice, form_lang_default(f)));
}

uint64_t
monitoring_item_choice(const struct monitoring_counts *counts, size_t choice)
{
    for (size_t i = 0; i < counts->count; i++) {
        const struct store_tally *t = &counts->first[i];
        if (t->kind == STORE_TALLY_CHOICE && t->item == (int64_t)choice) {
            return (uint64_t)t->n;
        }
    }
    return 0;
}

struct choices {
    size_t field;
    size_t count;
    uint64_t n;      /* people whose answer counts */
    uint64_t unsure; /* "hard to say" */
    uint64_t most;
};

static struct choices
survey_choices(const struct monitoring_source *src, size_t field,
               const struct form_field *f,
               const struct monitoring_counts *counts)
{
    struct choices ch = {.field = field, .count = f->choice_count};
    bool one = f->control == FORM_CONTROL_SELECT_ONE;
    for (size_t i = 0; i < f->choice_count; i++) {
        uint64_t n = monitoring_item_choice(counts, i);
        if (one && monitoring_item_is_unsure(src->form->form, field, i)) {
            ch.unsure += n;
        } else if (n > ch.most) {
            ch.most = n;
        }
    }
    ch.n = counts->answered - ch.unsure;
    return ch;
}

static enum status
bars_chart(struct monitoring_source *src, const struct choices *ch,
           const struct monitoring_counts *counts, struct report_item *item)
{
    struct chart *c = monitoring_item_chart(src, CHART_KIND_BARS, item);
    struct chart_bar *bar =
        arena_array(src->arena, ch->count + 1, sizeof(*bar));
    if (!c || !bar) {
        return STATUS_E_LIMIT;
    }
    size_t to = 0;
    for (size_t i = 0; i < ch->count; i++) {
        const struct form *f = src->form->form;
        if (ch->unsure > 0 && monitoring_item_is_unsure(f, ch->field, i)) {
            continue; /* stands in the line above the chart */
        }
        uint64_t n = monitoring_item_choice(counts, i);
        bool all = suppress_unanimous(n, ch->n);
        bar[to].label = form_choice_label(f, ch->field, i, src->form_lang);
        bar[to].value = (double)(all ? ch->n : n);
        bar[to].text = all ? tr(src, "all or all but one")
                           : monitoring_item_count_text(src, n, ch->n);
        bar[to].strong = n == ch->most && n > 0;
        to++;
    }
    c->u.bars.bar = bar;
    c->u.bars.count = to;
    return STATUS_OK;
}

static enum status
choice_item(struct monitoring_source *src, size_t field,
            const struct form_field *f, const struct monitoring_counts *counts,
            struct report_item *item)
{
    struct choices ch = survey_choices(src, field, f, counts);
    const struct tally base = {.missing = counts->missing, .unsure = ch.unsure};
    struct tally_value one = {.value = 0, .count = ch.n};
    struct tally shown = base;
    shown.value = &one;
    shown.count = 1;
    sentence_base(&src->scratch, src->lang, &shown);
    if (f->control == FORM_CONTROL_SELECT_MULTIPLE) {
        buf_printf(&src->scratch, " · %s",
                   tr(src, "several answers were possible"));
    }
    item->base = monitoring_item_text(src);
    if (ch.n < (uint64_t)src->wave->k) {
        item->base = NULL;
        sentence_hidden(&src->scratch, src->lang, SUPPRESS_TOO_FEW,
                        (uint32_t)src->wave->k);
        item->text = monitoring_item_text(src);
        return STATUS_OK;
    }
    if (f->control == FORM_CONTROL_SELECT_ONE
        && suppress_unanimous(ch.most, ch.n)) {
        sentence_unanimous(&src->scratch, src->lang, ch.n);
        item->text = monitoring_item_text(src);
        return STATUS_OK;
    }
    return bars_chart(src, &ch, counts, item);
}

/* --- any question --------------------------------------------------------- */

static bool
is_shown(const struct monitoring_source *src, size_t field,
         const struct form_field *f)
{
    enum catalogue_count count = src->form->field[field].count;
    if (count == CATALOGUE_COUNT_SKIP || count == CATALOGUE_COUNT_CODE) {
        return false;
    }
    switch (f->control) {
    case FORM_CONTROL_INPUT:
    case FORM_CONTROL_SELECT_ONE:
    case FORM_CONTROL_SELECT_MULTIPLE:
    case FORM_CONTROL_RANK:
    case FORM_CONTROL_RANGE:
        return f->type != FORM_TYPE_OPAQUE;
    case FORM_CONTROL_NONE:
        return form_field_extension(src->form->form, field, "indicator")
               != NULL;
    case FORM_CONTROL_TRIGGER:
    case FORM_CONTROL_NOTE:
    case FORM_CONTROL_UPLOAD:
        break;
    }
    return false;
}

enum status
monitoring_item_is_open(struct monitoring_source *src, size_t field,
                        struct monitoring_counts *counts, bool *out)
{
    struct form_field f;
    struct tally t;
    form_field_get(src->form->form, field, &f);
    monitoring_item_counts(src, field, counts);
    *out = is_shown(src, field, &f)
           && counts->answered >= (uint64_t)src->wave->k
           && !src->form->field[field].group;
    if (*out && f.control == FORM_CONTROL_SELECT_ONE) {
        struct choices ch = survey_choices(src, field, &f, counts);
        *out = ch.n >= (uint64_t)src->wave->k
               && !suppress_unanimous(ch.most, ch.n);
        return STATUS_OK;
    }
    if (*out && src->form->field[field].count == CATALOGUE_COUNT_RANK) {
        *out = !monitoring_rank_is_unanimous(counts);
        return STATUS_OK;
    }
    enum status st =
        *out ? monitoring_item_numbers(src, counts, &t) : STATUS_OK;
    if (*out && st == STATUS_OK && t.count > 0) {
        *out = !suppress_unanimous(tally_mode_count(&t), tally_total(&t));
    }
    return st;
}

static const char *
base_line(struct monitoring_source *src, const struct monitoring_counts *counts)
{
    struct tally_value one = {.value = 0, .count = counts->answered};
    const struct tally t = {
        .value = &one, .count = 1, .missing = counts->missing};
    sentence_base(&src->scratch, src->lang, &t);
    return monitoring_item_text(src);
}

enum status
monitoring_item_varied(struct monitoring_source *src,
                       const struct monitoring_counts *counts,
                       struct report_item *item, struct tally *out,
                       bool *out_varied)
{
    enum status st = monitoring_item_numbers(src, counts, out);
    *out_varied = st == STATUS_OK && out->count > 0;
    if (*out_varied
        && suppress_unanimous(tally_mode_count(out), tally_total(out))) {
        sentence_unanimous(&src->scratch, src->lang, tally_total(out));
        item->text = monitoring_item_text(src);
        *out_varied = false;
    }
    return st;
}

static enum status
numeric_item(struct monitoring_source *src, const struct form_field *f,
             const struct monitoring_counts *counts, struct report_item *item)
{
    struct tally t;
    bool varied = false;
    enum status st = monitoring_item_varied(src, counts, item, &t, &varied);
    return varied ? number_item(src, f, &t, item) : st;
}

enum status
monitoring_item(struct monitoring_source *src, size_t field,
                struct report_item *out)
{
    *out = (struct report_item){0};
    if (monitoring_battery_has(src, field)) {
        return monitoring_battery_item(src, field, out);
    }
    struct form_field f;
    form_field_get(src->form->form, field, &f);
    if (!is_shown(src, field, &f)) {
        return STATUS_NONE;
    }
    struct monitoring_counts counts;
    monitoring_item_counts(src, field, &counts);
    out->heading = form_field_label(src->form->form, field, src->form_lang);
    if (!*out->heading) {
        out->heading = f.name;
    }
    enum catalogue_count count = src->form->field[field].count;
    if (counts.answered < (uint64_t)src->wave->k
        && count != CATALOGUE_COUNT_NOT) {
        sentence_hidden(&src->scratch, src->lang, SUPPRESS_TOO_FEW,
                        (uint32_t)src->wave->k);
        out->text = monitoring_item_text(src);
        return STATUS_OK;
    }
    out->base = base_line(src, &counts);
    if (src->form->field[field].group) {
        return breakdown_groups(src, src->groups, field, out);
    }
    switch (count) {
    case CATALOGUE_COUNT_CHOICE:
    case CATALOGUE_COUNT_CHOICES:
        return choice_item(src, field, &f, &counts, out);
    case CATALOGUE_COUNT_RANK:
        return monitoring_rank_item(src, field, &f, &counts, out);
    case CATALOGUE_COUNT_NUMBER:
        return numeric_item(src, &f, &counts, out);
    case CATALOGUE_COUNT_DATE:
        return monitoring_days_item(src, &counts, out);
    case CATALOGUE_COUNT_NOT:
    case CATALOGUE_COUNT_CODE:
    case CATALOGUE_COUNT_SKIP:
        break;
    }
    return monitoring_text(src, field, &counts, out);
}
