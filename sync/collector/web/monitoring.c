#include "collector/web/monitoring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/log.h"
#include "collector/summary/describe.h"
#include "collector/summary/indicator.h"
#include "collector/summary/interval.h"
#include "collector/summary/proportion.h"
#include "collector/summary/sentence.h"
#include "collector/summary/suppress.h"
#include "collector/web/breakdown.h"
#include "collector/web/conclusions.h"
#include "collector/web/monitoring_battery.h"
#include "collector/web/monitoring_item.h"

#define ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define TEXT_MAX_BYTES 65536

struct monitoring {
    struct arena arena;
    struct catalogue *catalogue;
    const struct catalogue_form *form; /* borrowed from the catalogue */
    struct store_tally *tally;         /* owned */
    struct monitoring_source src;
    enum monitoring_state state;
    struct report report;
    struct report_figure figure[REPORT_FIGURES_MAX];
    size_t groups_from;
};

static const char *
tr(const struct monitoring *m, const char *msgid)
{
    return i18n_text(m->src.lang, msgid);
}

const char *
monitoring_title(const struct form *form, const struct store_wave *wave,
                 enum i18n_lang lang)
{
    const char *english = form_extension(form, "title_en");
    if (lang == I18N_EN && english && *english) {
        return english;
    }
    return wave->form_title;
}

void
monitoring_date(struct buf *out, enum i18n_lang lang, int64_t ms)
{
    static const char *const months[] = {
        N_("January"),   N_("February"), N_("March"),    N_("April"),
        N_("May"),       N_("June"),     N_("July"),     N_("August"),
        N_("September"), N_("October"),  N_("November"), N_("December"),
    };
    const struct day d = day_of_ms(ms);
    buf_printf(out, "%d %s %d", d.day, i18n_text(lang, months[d.month - 1]),
               d.year);
}

bool
monitoring_is_over(const struct store_wave *wave, int64_t now_ms)
{
    return wave->closed_ms != 0
           || (wave->closes_ms != 0 && wave->closes_ms <= now_ms);
}

enum monitoring_state
monitoring_state_of(const struct store_wave *wave, int64_t now_ms)
{
    if (!monitoring_is_over(wave, now_ms) && !wave->live) {
        return MONITORING_OPEN;
    }
    return wave->answers < wave->k ? MONITORING_TOO_FEW : MONITORING_SHOWN;
}

bool
monitoring_unseen(const struct store_wave *wave, int64_t now_ms)
{
    bool first = !wave->published
                 || (wave->settled < 0 && monitoring_is_over(wave, now_ms));
    return first && monitoring_state_of(wave, now_ms) == MONITORING_SHOWN;
}

enum status
monitoring_publish(struct store *writer, const struct store_wave *wave,
                   int64_t now_ms)
{
    return store_wave_publish(writer, wave->id,
                              monitoring_is_over(wave, now_ms));
}

enum status
monitoring_wave(struct store *s, const char *name, int64_t now_ms,
                struct store_wave *out)
{
    enum status st = store_wave(s, name, out);
    if (st == STATUS_OK && monitoring_unseen(out, now_ms)) {
        st = monitoring_publish(s, out, now_ms);
        store_wave_clear(out);
        if (st == STATUS_OK) {
            st = store_wave(s, name, out);
        }
    }
    return st;
}

/* --- words around the questions ------------------------------------------- */

static void
write_subtitle(struct monitoring *m, const struct store_wave *w)
{
    static const char *const kinds[] = {
        [RECORD_ANONYMOUS] = N_("anonymous"),
        [RECORD_SLIP] = N_("anonymous, by slips"),
        [RECORD_NAMED] = N_("named"),
        [RECORD_BALLOT] = N_("ballot"),
    };
    struct buf *b = &m->src.scratch;
    if (*w->title) {
        buf_printf(b, "%s · ", w->title);
    }
    if (w->closed_ms != 0) {
        buf_printf(b, "%s ", tr(m, "closed on"));
        monitoring_date(b, m->src.lang, w->closed_ms);
    } else {
        buf_printf(b, "%s ", tr(m, "open since"));
        monitoring_date(b, m->src.lang, w->opened_ms);
    }
    buf_printf(b, " · %s · ", tr(m, kinds[w->kind]));
    buf_printf(b,
               i18n_plural(m->src.lang, "shown from %d answer",
                           "shown from %d answers", (unsigned long)w->k),
               w->k);
    m->report.subtitle = monitoring_item_text(&m->src);
}

static void
add_figure(struct monitoring *m, const char *value, const char *caption)
{
    if (m->report.figures < REPORT_FIGURES_MAX && value && caption) {
        m->figure[m->report.figures].value = value;
        m->figure[m->report.figures].caption = caption;
        m->report.figures++;
    }
}

static const char *
number_text(struct monitoring *m, double value, int decimals)
{
    sentence_number(&m->src.scratch, m->src.lang, value, decimals);
    return monitoring_item_text(&m->src);
}

static void
add_response(struct monitoring *m, const struct store_wave *w)
{
    struct buf *b = &m->src.scratch;
    const char *value = number_text(m, (double)w->answers, 0);
    if (w->invited <= 0) {
        add_figure(m, value,
                   i18n_plural(m->src.lang, "answer", "answers",
                               (unsigned long)w->answers));
        return;
    }
    buf_printf(b,
               i18n_plural(m->src.lang, "answer of %d invited",
                           "answers of %d invited", (unsigned long)w->answers),
               w->invited);
    add_figure(m, value, monitoring_item_text(&m->src));
    sentence_number(b, m->src.lang,
                    100.0 * (double)w->answers / (double)w->invited, 0);
    buf_puts(b, "\xC2\xA0%");
    add_figure(m, monitoring_item_text(&m->src), tr(m, "response rate"));
}

/* The scale that stands for the whole: satisfaction, else the first one.
 * SIZE_MAX if there is none. */
static size_t
leading_scale(const struct monitoring *m)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < m->form->field_count; i++) {
        struct form_field f;
        form_field_get(m->form->form, i, &f);
        if (!catalogue_is_scale(&f)) {
            continue;
        }
        const char *indicator =
            form_field_extension(m->form->form, i, "indicator");
        if (indicator && strcmp(indicator, "satisfaction") == 0) {
            return i;
        }
        first = first == SIZE_MAX ? i : first;
    }
    return first;
}

static void
add_mean(struct monitoring *m, const struct describe *d, const char *of)
{
    struct buf *b = &m->src.scratch;
    const char *value = number_text(m, d->mean, 1);
    buf_printf(b, "%s", of);
    if (isfinite(d->mean_interval.low)) {
        buf_puts(b, ", ");
        sentence_number(b, m->src.lang, d->mean_interval.low, 1);
        buf_puts(b, "\xE2\x81\xA0\xE2\x80\x93\xE2\x81\xA0"); /* unbroken */
        sentence_number(b, m->src.lang, d->mean_interval.high, 1);
    }
    add_figure(m, value, monitoring_item_text(&m->src));
}

/* A sentence on satisfaction and its mean, if they may be shown. Appends to the
 * scratch what belongs to the lead. */
static enum status
write_satisfaction(struct monitoring *m, const struct store_wave *w,
                   const char **out_sentence)
{
    *out_sentence = NULL;
    size_t field = leading_scale(m);
    if (field == SIZE_MAX) {
        return STATUS_OK;
    }
    struct form_field f;
    struct monitoring_counts counts;
    struct tally t;
    form_field_get(m->form->form, field, &f);
    monitoring_item_counts(&m->src, field, &counts);
    enum status st = monitoring_item_numbers(&m->src, &counts, &t);
    uint64_t n = st == STATUS_OK ? tally_total(&t) : 0;
    if (n < (uint64_t)w->k || suppress_unanimous(tally_mode_count(&t), n)) {
        return st;
    }
    struct describe d;
    describe_tally(&t, INTERVAL_LEVEL, &d);
    const char *indicator =
        form_field_extension(m->form->form, field, "indicator");
    bool satisfaction = indicator && strcmp(indicator, "satisfaction") == 0;
    add_mean(m, &d,
             satisfaction ? tr(m, "mean satisfaction")
                          : tr(m, "mean of the first scale"));
    if (satisfaction && f.range_end > 9.5 && f.range_end < 10.5) {
        struct proportion p = proportion_between(&t, INDICATOR_CUT_DEFAULT,
                                                 f.range_end, INTERVAL_LEVEL);
        m->report.method.cut = INDICATOR_CUT_DEFAULT;
        m->report.method.top = f.range_end;
        sentence_satisfied(&m->src.scratch, m->src.lang, &p,
                           INDICATOR_CUT_DEFAULT, f.range_end,
                           w->invited > 0 && n == (uint64_t)w->invited);
        *out_sentence = monitoring_item_text(&m->src);
    }
    return STATUS_OK;
}

/* The sum that anybody may hold against the paper that is left. Appends to the
 * scratch. */
static enum status
write_slips(struct monitoring *m, const struct store_wave *w)
{
    int64_t made = 0;
    int64_t used = 0;
    if (w->kind != RECORD_SLIP || w->closed_ms == 0) {
        return STATUS_OK;
    }
    enum status st = store_slips_count(m->src.reader, w->id, &made, &used);
    if (st == STATUS_OK && made > 0) {
        struct buf *b = &m->src.scratch;
        buf_puts(b, b->len > 0 ? " " : "");
        buf_printf(
            b,
            i18n_text(m->src.lang,
                      "Slips made: %lld = used: %lld + unused: %lld. Which "
                      "slip gave which answer is written nowhere: nothing "
                      "links them."),
            (long long)made, (long long)used, (long long)(made - used));
    }
    return st;
}

static enum status
write_lead(struct monitoring *m, const struct store_wave *w)
{
    struct buf *b = &m->src.scratch;
    const char *satisfied = NULL;
    enum status st = STATUS_OK;
    if (m->state == MONITORING_SHOWN) {
        st = write_satisfaction(m, w, &satisfied);
    }
    if (satisfied) {
        buf_puts(b, satisfied);
    }
    if (w->invited > 0 || (!satisfied && w->answers > 0)) {
        buf_puts(b, satisfied ? " " : "");
        sentence_response(b, m->src.lang, (uint64_t)w->answers,
                          (uint64_t)w->invited);
    } else if (!satisfied) {
        buf_puts(b, tr(m, "Nobody answered."));
    }
    if (m->state == MONITORING_OPEN) {
        buf_printf(b, " %s",
                   tr(m, "The summary appears when the wave is closed: until "
                         "then nobody, not even the coordinator, sees any "
                         "answer."));
    } else if (m->state == MONITORING_TOO_FEW && w->answers > 0) {
        buf_puts(b, " ");
        sentence_hidden(b, m->src.lang, SUPPRESS_TOO_FEW, (uint32_t)w->k);
    }
    if (m->state == MONITORING_SHOWN && w->waiting > 0) {
        buf_printf(b, " %s",
                   tr(m, "Further answers have come and wait until there are "
                         "enough of them: one alone could be told by comparing "
                         "two summaries."));
    }
    if (m->state == MONITORING_SHOWN && w->settled >= 0
        && w->settled < w->answers) {
        buf_putc(b, ' ');
        buf_printf(b,
                   i18n_text(m->src.lang,
                             "Texts, files of answers and figures by group "
                             "stand on the %lld answers that had come when the "
                             "summary was first opened."),
                   (long long)w->settled);
    }
    if (st == STATUS_OK) {
        st = write_slips(m, w);
    }
    m->report.lead = monitoring_item_text(&m->src);
    return st;
}

/* --- putting it together -------------------------------------------------- */

static enum status
write_items(struct monitoring *m)
{
    struct report_item *item = arena_array(
        &m->arena,
        m->form->field_count + CATALOGUE_SCALES_MAX + BREAKDOWN_ITEMS_MAX + 2,
        sizeof(*item));
    if (!item) {
        return STATUS_E_LIMIT;
    }
    m->report.item = item;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < m->form->field_count && st >= 0
                       && m->report.items + 1 < REPORT_ITEMS_MAX;
         i++) {
        st = monitoring_item(&m->src, i, &item[m->report.items]);
        m->report.items += st == STATUS_OK ? 1 : 0;
        if (st >= 0) {
            st = monitoring_battery_scale(&m->src, i, &item[m->report.items]);
            m->report.items += st == STATUS_OK ? 1 : 0;
        }
    }
    if (st < 0) {
        return st;
    }
    m->groups_from = m->report.items;
    size_t groups = 0;
    st = breakdown_items(m->src.groups, &item[m->report.items], &groups);
    m->report.items += groups;
    return st;
}

static enum status
write_report(struct monitoring *m, const struct store_wave *w, int64_t now_ms)
{
    struct report *r = &m->report;
    r->lang = m->src.lang;
    r->title = monitoring_title(m->form->form, w, m->src.lang);
    r->figure = m->figure;
    r->method = (struct report_method){
        .invited = (uint32_t)w->invited,
        .answered = (uint32_t)w->answers,
        .k = (uint32_t)w->k,
        .comments = (uint32_t)w->k_text,
        .cut = NAN,
        .top = NAN,
    };
    enum status st = store_text(m->src.reader, STORE_HOUSE, &m->src.scratch);
    if (st < 0) {
        return st;
    }
    r->organisation = monitoring_item_text(&m->src);
    monitoring_date(&m->src.scratch, m->src.lang, now_ms);
    r->date = monitoring_item_text(&m->src);
    write_subtitle(m, w);
    add_response(m, w);
    st = write_lead(m, w);
    if (st == STATUS_OK && m->state == MONITORING_SHOWN) {
        st = write_items(m);
    }
    if (st == STATUS_OK && m->state == MONITORING_SHOWN) {
        st = conclusions_read(m->src.reader, w->id, &m->arena, r);
    }
    if (st == STATUS_OK
        && !(r->organisation && r->date && r->subtitle && r->lead)) {
        st = STATUS_E_LIMIT;
    }
    return st;
}

enum status
monitoring_open(struct store *reader, struct catalogue *catalogue,
                const struct store_wave *wave, enum i18n_lang lang,
                int64_t now_ms, struct monitoring **out)
{
    *out = NULL;
    struct monitoring *m = calloc(1, sizeof(*m));
    if (!m) {
        return log_oom("monitoring");
    }
    arena_init(&m->arena, ARENA_MAX_BYTES);
    m->catalogue = catalogue;
    m->state = monitoring_state_of(wave, now_ms);
    m->src.reader = reader;
    m->src.wave = wave;
    m->src.lang = lang;
    m->src.arena = &m->arena;
    buf_init(&m->src.scratch, TEXT_MAX_BYTES);
    enum status st = catalogue_take_wave(catalogue, reader, wave, &m->form);
    if (st == STATUS_OK) {
        m->src.form = m->form;
        m->src.form_lang = form_lang_find(m->form->form, i18n_tag(lang));
        st = store_tallies(reader, wave->id, &m->tally, &m->src.tally_count);
        m->src.tally = m->tally;
    }
    m->src.settled = monitoring_is_over(wave, now_ms);
    struct groups *groups = NULL;
    if (st == STATUS_OK && m->state == MONITORING_SHOWN && m->src.settled) {
        st = groups_open(&m->src, &groups);
        m->src.groups = groups;
    }
    if (st == STATUS_OK) {
        st = write_report(m, wave, now_ms);
    }
    if (st < 0) {
        monitoring_free(m);
        return st;
    }
    *out = m;
    return STATUS_OK;
}

void
monitoring_free(struct monitoring *m)
{
    if (m) {
        catalogue_give(m->catalogue, m->form);
        free(m->tally);
        buf_deinit(&m->src.scratch);
        arena_deinit(&m->arena);
        free(m);
    }
}

enum monitoring_state
monitoring_state(const struct monitoring *m)
{
    return m->state;
}

size_t
monitoring_groups_from(const struct monitoring *m)
{
    return m->groups_from;
}

const struct report *
monitoring_report(const struct monitoring *m)
{
    return &m->report;
}
