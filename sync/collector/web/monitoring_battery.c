#include "collector/web/monitoring_battery.h"

#include <math.h>
#include <string.h>

#include "collector/ingest/scales.h"
#include "collector/summary/alpha.h"
#include "collector/summary/describe.h"
#include "collector/summary/proportion.h"
#include "collector/summary/sentence.h"
#include "collector/summary/suppress.h"

#define NO_BREAK "\xC2\xA0"
#define RANGE "\xE2\x81\xA0\xE2\x80\x93\xE2\x81\xA0"

/* --- poles ---------------------------------------------------------------- */

/* The options of a question in order, from the strongest no to the strongest
 * yes, without "hard to say". */
struct poles {
    size_t choice[CHART_SEGMENTS_MAX];
    size_t count; /* 0: they have no such order */
};

/* Does the first option say no: by its name, or by how its label begins? */
static bool
begins_low(const struct monitoring_source *src, size_t field, size_t choice)
{
    static const char *const low[] = {
        "no",       "never", "not", "disagree", "strongly_disagree",
        "very_bad", "bad",   "0",   "1"};
    static const char *const begins[] = {"No",
                                         "Never",
                                         "Strongly disagree",
                                         "Disagree",
                                         "Very bad",
                                         "Bad",
                                         "Нет",
                                         "Не ",
                                         "Совсем не",
                                         "Никог",
                                         "Категорически не",
                                         "Полностью не",
                                         "Очень плох",
                                         "Плохо"};
    const struct form *form = src->form->form;
    const char *name = form_choice_name(form, field, choice);
    const char *label =
        form_choice_label(form, field, choice, form_lang_default(form));
    for (size_t i = 0; i < sizeof(low) / sizeof(low[0]); i++) {
        if (strcmp(low[i], name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        if (strncmp(label, begins[i], strlen(begins[i])) == 0) {
            return true;
        }
    }
    return false;
}

static struct poles
poles_of(const struct monitoring_source *src, size_t field)
{
    struct poles p = {.count = 0};
    struct form_field f;
    const struct form *form = src->form->form;
    form_field_get(form, field, &f);
    const char *scale = form_field_extension(form, field, "scale");
    if (f.control != FORM_CONTROL_SELECT_ONE || src->form->field[field].group
        || !(strstr(f.appearance, "likert") || (scale && *scale))) {
        return p;
    }
    size_t sure = 0;
    for (size_t i = 0; i < f.choice_count; i++) {
        if (monitoring_item_is_unsure(form, field, i)) {
            continue;
        }
        if (sure++ < CHART_SEGMENTS_MAX) {
            p.choice[p.count++] = i;
        }
    }
    if (sure < 2 || sure > CHART_SEGMENTS_MAX) {
        return (struct poles){.count = 0};
    }
    size_t swaps = begins_low(src, field, p.choice[0]) ? 0 : p.count / 2;
    for (size_t i = 0; i < swaps; i++) {
        size_t other = p.choice[p.count - 1 - i];
        p.choice[p.count - 1 - i] = p.choice[i];
        p.choice[i] = other;
    }
    return p;
}

bool
monitoring_battery_has(const struct monitoring_source *src, size_t field)
{
    return poles_of(src, field).count > 0;
}

size_t
monitoring_battery_poles(const struct monitoring_source *src, size_t field,
                         size_t choice[CHART_SEGMENTS_MAX])
{
    struct poles p = poles_of(src, field);
    memcpy(choice, p.choice, sizeof(p.choice));
    return p.count;
}

static bool
same_poles(const struct monitoring_source *src, size_t a, size_t b)
{
    struct poles x = poles_of(src, a);
    struct poles y = poles_of(src, b);
    const struct form *form = src->form->form;
    for (size_t i = 0; i < x.count && x.count == y.count; i++) {
        if (strcmp(form_choice_name(form, a, x.choice[i]),
                   form_choice_name(form, b, y.choice[i]))
            != 0) {
            return false;
        }
    }
    return x.count == y.count;
}

/* --- rows ----------------------------------------------------------------- */

static void
write_percent(struct monitoring_source *src, double share)
{
    sentence_number(&src->scratch, src->lang, share * 100.0, 0);
    buf_puts(&src->scratch, NO_BREAK "%");
}

static const char *
percent_text(struct monitoring_source *src, double share)
{
    write_percent(src, share);
    return monitoring_item_text(src);
}

/* Answers, "hard to say" and none of one row. */
struct row {
    uint64_t hits[CHART_SEGMENTS_MAX];
    uint64_t n;
    uint64_t unsure;
    uint64_t missing;
    bool open;
};

static enum status
count_row(struct monitoring_source *src, size_t field, const struct poles *p,
          struct row *out)
{
    struct monitoring_counts counts;
    *out = (struct row){.n = 0};
    enum status st = monitoring_item_is_open(src, field, &counts, &out->open);
    for (size_t i = 0; i < p->count; i++) {
        out->hits[i] = monitoring_item_choice(&counts, p->choice[i]);
        out->n += out->hits[i];
    }
    out->unsure = counts.answered - out->n;
    out->missing = counts.missing;
    return st;
}

/* The answers above the middle. */
static struct proportion
high_side(const struct poles *p, const struct row *r)
{
    uint64_t hits = 0;
    for (size_t i = (p->count + 1) / 2; i < p->count; i++) {
        hits += r->hits[i];
    }
    return proportion_of(hits, r->n, INTERVAL_LEVEL);
}

static void
write_base(struct monitoring_source *src, const struct row *r)
{
    struct tally_value one = {.value = 0, .count = r->n};
    const struct tally t = {
        .value = &one, .count = 1, .missing = r->missing, .unsure = r->unsure};
    sentence_base(&src->scratch, src->lang, &t);
}

static void
fill_row(struct monitoring_source *src, size_t field, const struct poles *p,
         const struct row *r, bool alone, struct chart_diverging_row *out)
{
    const char *label =
        form_field_label(src->form->form, field, src->form_lang);
    double low = 0.0;
    for (size_t i = 0; i < p->count; i++) {
        out->share[i] = (double)r->hits[i] / (double)r->n;
        out->text[i] = percent_text(src, out->share[i]);
        low += i < p->count / 2 ? out->share[i] : 0.0;
    }
    if (!alone) {
        buf_printf(&src->scratch, "%s (", label);
        write_base(src, r);
        buf_puts(&src->scratch, ")");
        label = monitoring_item_text(src);
    }
    out->label = alone ? "" : label;
    out->low_text = percent_text(src, low);
    out->high_text = percent_text(src, high_side(p, r).share);
}

/* "“Yes”, “Rather yes”: 15 of 20, 75 % (53–89 %)." */
static void
write_side(struct monitoring_source *src, size_t field, const struct poles *p,
           const struct row *r, bool alone)
{
    struct buf *b = &src->scratch;
    const struct form *form = src->form->form;
    struct proportion side = high_side(p, r);
    if (alone) {
        for (size_t i = p->count; i > (p->count + 1) / 2; i--) {
            buf_printf(b, "%s«%s»", i == p->count ? "" : ", ",
                       form_choice_label(form, field, p->choice[i - 1],
                                         src->form_lang));
        }
    } else {
        buf_puts(b, form_field_label(form, field, src->form_lang));
    }
    buf_puts(b, ": ");
    sentence_number(b, src->lang, (double)side.hits, 0);
    buf_printf(b, " %s ", i18n_text(src->lang, "of"));
    sentence_number(b, src->lang, (double)side.n, 0);
    buf_puts(b, ", ");
    write_percent(src, side.share);
    buf_puts(b, " (");
    sentence_number(b, src->lang, side.interval.low * 100.0, 0);
    buf_puts(b, RANGE);
    write_percent(src, side.interval.high);
    buf_puts(b, "). ");
}

static void
write_lead(struct monitoring_source *src, size_t field, const struct poles *p,
           size_t rows, size_t closed)
{
    struct buf *b = &src->scratch;
    const struct form *form = src->form->form;
    if (rows > 1) {
        buf_printf(b, "%s ",
                   i18n_text(src->lang, "Right of the middle, together:"));
        for (size_t i = p->count; i > (p->count + 1) / 2; i--) {
            buf_printf(b, "«%s»%s",
                       form_choice_label(form, field, p->choice[i - 1],
                                         src->form_lang),
                       i > (p->count + 1) / 2 + 1 ? ", " : ". ");
        }
    }
    if (closed > 0) {
        buf_printf(b,
                   i18n_plural(src->lang,
                               "%zu question of the row is not shown: too few"
                               " answers, or (almost) all alike. ",
                               "%zu questions of the row are not shown: too few"
                               " answers, or (almost) all alike. ",
                               (unsigned long)closed),
                   closed);
    }
}

/* --- the picture ---------------------------------------------------------- */

/* A row is a question here. */
static enum status
put_chart(const struct monitoring_source *src, const struct chart *c,
          const char *value_head, struct report_item *out)
{
    out->chart = c;
    out->label_head = i18n_text(src->lang, "Question");
    out->value_head = value_head;
    return STATUS_OK;
}

/* One closed question by itself says why. */
static enum status
closed_item(struct monitoring_source *src, const struct row *r,
            struct report_item *out)
{
    if (r->n < (uint64_t)src->wave->k) {
        out->base = NULL;
        sentence_hidden(&src->scratch, src->lang, SUPPRESS_TOO_FEW,
                        (uint32_t)src->wave->k);
    } else {
        sentence_unanimous(&src->scratch, src->lang, r->n);
    }
    out->text = monitoring_item_text(src);
    return STATUS_OK;
}

static enum status
draw(struct monitoring_source *src, const struct poles *p, size_t first,
     size_t count, struct report_item *out)
{
    struct chart *c = arena_alloc(src->arena, sizeof(*c));
    struct chart_diverging_row *row =
        arena_array(src->arena, count, sizeof(*row));
    const char **segment = arena_array(src->arena, p->count, sizeof(*segment));
    if (!c || !row || !segment) {
        return STATUS_E_LIMIT;
    }
    size_t shown = 0;
    size_t texts = 0;
    struct row r = {.n = 0};
    struct buf text;
    buf_init(&text, (size_t)1 << 16);
    enum status st = STATUS_OK;
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        st = count_row(src, first + i, p, &r);
        if (st == STATUS_OK && r.open) {
            fill_row(src, first + i, p, &r, count == 1, &row[shown++]);
            write_side(src, first + i, p, &r, count == 1);
            buf_puts(&text, src->scratch.data);
            buf_clear(&src->scratch);
            texts++;
        }
    }
    if (count == 1) {
        write_base(src, &r);
        out->base = monitoring_item_text(src);
    }
    if (st == STATUS_OK && shown == 0 && count == 1) {
        st = closed_item(src, &r, out);
    } else if (st == STATUS_OK) {
        write_lead(src, first, p, count, count - shown);
        buf_puts(&src->scratch, texts > 0 ? text.data : "");
        out->text = monitoring_item_text(src);
    }
    buf_deinit(&text);
    if (st < 0 || shown == 0) {
        return st;
    }
    for (size_t i = 0; i < p->count; i++) {
        segment[i] = form_choice_label(src->form->form, first, p->choice[i],
                                       src->form_lang);
    }
    *c = (struct chart){.kind = CHART_KIND_DIVERGING, .title = out->heading};
    c->u.diverging = (struct chart_diverging){row, shown, segment, p->count};
    return put_chart(src, c, i18n_text(src->lang, "Share of the answers"), out);
}

enum status
monitoring_battery_item(struct monitoring_source *src, size_t field,
                        struct report_item *out)
{
    *out = (struct report_item){0};
    if (field > 0 && monitoring_battery_has(src, field - 1)
        && same_poles(src, field - 1, field)) {
        return STATUS_NONE;
    }
    size_t count = 1;
    while (field + count < src->form->field_count
           && monitoring_battery_has(src, field + count)
           && same_poles(src, field, field + count)) {
        count++;
    }
    const struct poles p = poles_of(src, field);
    out->heading =
        count == 1 ? form_field_label(src->form->form, field, src->form_lang)
                   : i18n_text(src->lang, "Questions with the same answers");
    return draw(src, &p, field, count, out);
}

/* --- scales --------------------------------------------------------------- */

static struct alpha_sums
sums_of(const struct monitoring_source *src, const struct catalogue_scale *s)
{
    struct alpha_sums out = {.items = s->items};
    struct monitoring_counts counts;
    monitoring_item_counts(src, s->field[0], &counts);
    for (size_t i = 0; i < counts.count; i++) {
        const struct store_tally *t = &counts.first[i];
        double sum = (double)t->n / SCALES_UNIT;
        double square = sum / SCALES_UNIT;
        size_t item = (size_t)t->item;
        if (t->kind != STORE_TALLY_SCALE) {
            continue;
        }
        if (item == SCALES_COMPLETE) {
            out.n = (uint64_t)t->n;
        } else if (item == SCALES_TOTAL) {
            out.total = sum;
        } else if (item == SCALES_TOTAL_SQUARE) {
            out.total_square = square;
        } else if (item >= SCALES_ITEM_SQUARE
                   && item < SCALES_ITEM_SQUARE + s->items) {
            out.item_square[item - SCALES_ITEM_SQUARE] = square;
        } else if (item >= SCALES_ITEM && item < SCALES_ITEM + s->items) {
            out.item[item - SCALES_ITEM] = sum;
        }
    }
    return out;
}

/* A row for each item and one for all; the means of the same people. */
static void
scale_dot(struct monitoring_source *src, const struct alpha_sums *sums,
          size_t item, const char *label, struct chart_dot *out)
{
    *out = (struct chart_dot){.label = label};
    out->interval = alpha_mean(sums, item, INTERVAL_LEVEL, &out->value);
    sentence_number(&src->scratch, src->lang, out->value, 1);
    buf_puts(&src->scratch, " (");
    sentence_number(&src->scratch, src->lang, out->interval.low, 1);
    buf_puts(&src->scratch, RANGE);
    sentence_number(&src->scratch, src->lang, out->interval.high, 1);
    buf_puts(&src->scratch, ")");
    out->text = monitoring_item_text(src);
}

static void
scale_axis(const struct monitoring_source *src, size_t field,
           struct chart_dots *out)
{
    struct form_field f;
    form_field_get(src->form->form, field, &f);
    bool choice = src->form->field[field].count == CATALOGUE_COUNT_CHOICE;
    out->low = choice ? 1.0 : f.range_start;
    out->high = choice ? (double)poles_of(src, field).count : f.range_end;
    out->step =
        monitoring_item_ticks(out->low, out->high, choice ? 1.0 : f.range_step);
}

/* Every item open, and k people who answered them all, and not all alike: those
 * who left one out would stand apart from them. */
static enum status
scale_is_open(struct monitoring_source *src, const struct catalogue_scale *s,
              const struct alpha_sums *sums, bool *out)
{
    struct chart_dots axis;
    enum status st = STATUS_OK;
    scale_axis(src, s->field[0], &axis);
    *out = sums->n >= (uint64_t)src->wave->k
           && !alpha_unanimous(sums, ALPHA_SCALE, axis.low, axis.high);
    for (size_t i = 0; i < s->items && *out; i++) {
        *out = !alpha_unanimous(sums, i, axis.low, axis.high);
    }
    for (size_t i = 0; i < s->items && st == STATUS_OK && *out; i++) {
        struct monitoring_counts counts;
        st = monitoring_item_is_open(src, s->field[i], &counts, out);
    }
    return st;
}

static enum status
scale_item(struct monitoring_source *src, const struct catalogue_scale *s,
           struct report_item *out)
{
    struct alpha_sums sums = sums_of(src, s);
    struct alpha alpha;
    bool open = false;
    buf_printf(&src->scratch, "%s «%s»", i18n_text(src->lang, "Scale"),
               s->name);
    out->heading = monitoring_item_text(src);
    buf_printf(&src->scratch,
               i18n_plural(src->lang, "%llu person answered all %zu items",
                           "%llu people answered all %zu items",
                           (unsigned long)sums.n),
               (unsigned long long)sums.n, s->items);
    out->base = monitoring_item_text(src);
    enum status st = scale_is_open(src, s, &sums, &open);
    if (st < 0) {
        return st;
    }
    if (!open) {
        out->base = NULL;
        sentence_hidden(&src->scratch, src->lang, SUPPRESS_SHIELD,
                        (uint32_t)src->wave->k);
        out->text = monitoring_item_text(src);
        return STATUS_OK;
    }
    struct chart *c = arena_alloc(src->arena, sizeof(*c));
    struct chart_dot *dot = arena_array(src->arena, s->items + 1, sizeof(*dot));
    if (!c || !dot) {
        return STATUS_E_LIMIT;
    }
    scale_dot(src, &sums, ALPHA_SCALE, i18n_text(src->lang, "The scale"),
              &dot[0]);
    for (size_t i = 0; i < s->items; i++) {
        scale_dot(
            src, &sums, i,
            form_field_label(src->form->form, s->field[i], src->form_lang),
            &dot[i + 1]);
        dot[i + 1].hollow = true;
    }
    buf_printf(&src->scratch, "%s ",
               i18n_text(src->lang, "The scale is the mean of its items."));
    alpha_compute(&sums, INTERVAL_LEVEL, &alpha);
    sentence_alpha(&src->scratch, src->lang, &alpha);
    out->text = monitoring_item_text(src);
    *c = (struct chart){.kind = CHART_KIND_DOTS, .title = out->heading};
    c->u.dots = (struct chart_dots){.dot = dot, .count = s->items + 1};
    scale_axis(src, s->field[0], &c->u.dots);
    return put_chart(src, c, i18n_text(src->lang, "Mean and interval"), out);
}

enum status
monitoring_battery_scale(struct monitoring_source *src, size_t field,
                         struct report_item *out)
{
    *out = (struct report_item){0};
    for (size_t i = 0; i < src->form->scales; i++) {
        const struct catalogue_scale *s = &src->form->scale[i];
        if (s->items > 1 && s->field[s->items - 1] == field) {
            return scale_item(src, s, out);
        }
    }
    return STATUS_NONE;
}
