#include "collector/web/indicators.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/log.h"
#include "collector/summary/sentence.h"
#include "collector/web/groups.h"
#include "collector/web/monitoring.h"
#include "collector/web/monitoring_item.h"

#define ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define TEXT_MAX_BYTES 65536
#define KEY_MAX_BYTES 48
#define PERCENT "\xC2\xA0%"
#define RANGE "\xE2\x81\xA0\xE2\x80\x93\xE2\x81\xA0"

/* One indicator in one year. */
struct cell {
    struct indicator indicator;
    bool known; /* there is a figure */
    double target;
};

struct indicators {
    struct arena arena;
    struct store *reader;
    struct catalogue *catalogue;
    enum i18n_lang lang;
    int last_year;
    struct cell cell[INDICATORS_YEARS_MAX][INDICATOR_KIND_COUNT];
    struct buf scratch;
    struct report report;
    struct report_item item[INDICATOR_KIND_COUNT];
};

int
indicators_year_of(int64_t ms)
{
    const struct day d = day_of_ms(ms);
    return d.year - (d.month < INDICATORS_SEPTEMBER ? 1 : 0);
}

bool
indicators_counted(enum indicator_kind kind)
{
    return kind != INDICATOR_SATISFIED_MENTEES
           && kind != INDICATOR_SATISFIED_MENTORS;
}

bool
indicators_figure(const struct indicators_entry *entry,
                  const struct indicators_count *count,
                  enum indicator_kind kind, struct indicators_entry *out)
{
    *out = *entry;
    out->hits = entry->hits >= 0 ? entry->hits : count->hits[kind];
    out->base = entry->base >= 0 ? entry->base : count->base[kind];
    return indicators_counted(kind) && out->hits >= 0 && out->base > 0
           && out->hits <= out->base;
}

/* --- what was entered ----------------------------------------------------- */

/* A single fact of the store: "hits/base/target". */
static void
entry_key(int year, enum indicator_kind kind, char out[KEY_MAX_BYTES])
{
    (void)snprintf(out, KEY_MAX_BYTES, "indicator.%d.%d", year, (int)kind);
}

enum status
indicators_read(struct store *s, int year, enum indicator_kind kind,
                struct indicators_entry *out)
{
    char key[KEY_MAX_BYTES];
    struct buf text;
    *out = (struct indicators_entry){-1, -1, -1};
    entry_key(year, kind, key);
    buf_init(&text, KEY_MAX_BYTES);
    enum status st = store_text(s, key, &text);
    if (st == STATUS_OK && text.len > 0) {
        char *at = NULL;
        out->hits = strtoll(text.data, &at, 10);
        out->base = *at == '/' ? strtoll(at + 1, &at, 10) : 0;
        out->target = *at == '/' ? (int)strtol(at + 1, NULL, 10) : -1;
        if (out->base == 0) { /* as it was written once */
            out->hits = -1;
            out->base = -1;
        }
    }
    buf_deinit(&text);
    return st;
}

enum status
indicators_write(struct store *s, int year, enum indicator_kind kind,
                 const struct indicators_entry *e)
{
    char key[KEY_MAX_BYTES];
    char text[96];
    if (e->hits < -1 || e->base < -1 || (e->base >= 0 && e->hits > e->base)
        || e->hits > INDICATORS_COUNT_MAX || e->base > INDICATORS_COUNT_MAX
        || e->target < -1 || e->target > 100) {
        return STATUS_E_INVALID;
    }
    entry_key(year, kind, key);
    (void)snprintf(text, sizeof(text), "%lld/%lld/%d", (long long)e->hits,
                   (long long)e->base, e->target);
    return store_text_set(s, key, text);
}

static enum status
read_entries(struct indicators *in, int64_t now_ms)
{
    enum status st = STATUS_OK;
    for (int y = 0; y < INDICATORS_YEARS_MAX && st == STATUS_OK; y++) {
        struct indicators_count counted;
        st = indicators_count(in->reader, in->last_year - y, now_ms, &counted);
        for (int k = 0; k < INDICATOR_KIND_COUNT && st == STATUS_OK; k++) {
            struct indicators_entry e;
            struct cell *c = &in->cell[y][k];
            enum indicator_kind kind = (enum indicator_kind)k;
            st = indicators_read(in->reader, in->last_year - y, kind, &e);
            c->target = e.target >= 0 ? (double)e.target / 100.0 : (double)NAN;
            if (st == STATUS_OK && indicators_figure(&e, &counted, kind, &e)) {
                c->known = true;
                c->indicator = indicator_counted(kind, (uint64_t)e.hits,
                                                 (uint64_t)e.base, c->target);
            }
        }
    }
    return st;
}

/* --- satisfaction from the waves ------------------------------------------ */

static bool
is_satisfaction(const struct catalogue_form *form, size_t field)
{
    struct form_field f;
    form_field_get(form->form, field, &f);
    const char *indicator =
        form_field_extension(form->form, field, "indicator");
    return indicator && strcmp(indicator, "satisfaction") == 0
           && catalogue_is_scale(&f) && f.range_end > 9.5 && f.range_end < 10.5;
}

static void
keep(struct indicators *in, int year, enum indicator_kind kind,
     const struct tally *t)
{
    int y = in->last_year - year;
    if (y < 0 || y >= INDICATORS_YEARS_MAX || in->cell[y][kind].known) {
        return;
    }
    struct cell *c = &in->cell[y][kind];
    c->known = true;
    c->indicator =
        indicator_satisfied(kind, t, INDICATOR_CUT_DEFAULT, c->target);
}

/* A questionnaire for all that tells mentees and mentors apart. */
static enum status
keep_groups(struct indicators *in, struct monitoring_source *src, size_t field,
            int year)
{
    struct groups *g = NULL;
    enum status st = groups_open(src, &g);
    if (st < 0 || !groups_shown(g)
        || groups_detail(g, field) == SUPPRESS_CLOSED) {
        return st;
    }
    for (size_t q = 0; q < g->questions; q++) {
        for (size_t r = 0; r < g->question[q].rows; r++) {
            const struct groups_row *row = &g->question[q].row[r];
            struct tally_value value[SUPPRESS_CATEGORIES_MAX];
            struct tally t = groups_tally(g, &g->table[field], row, value);
            if (strcmp(row->name, "mentee") == 0) {
                keep(in, year, INDICATOR_SATISFIED_MENTEES, &t);
            } else if (strcmp(row->name, "mentor") == 0) {
                keep(in, year, INDICATOR_SATISFIED_MENTORS, &t);
            }
        }
    }
    return STATUS_OK;
}

static enum status
keep_field(struct indicators *in, struct monitoring_source *src, size_t field)
{
    const char *audience = form_extension(src->form->form, "audience");
    int year = indicators_year_of(src->wave->opened_ms);
    struct monitoring_counts counts;
    struct tally t;
    bool open = false;
    enum status st = monitoring_item_is_open(src, field, &counts, &open);
    if (st < 0 || !open) {
        return st;
    }
    bool mentee = audience && strcmp(audience, "mentee") == 0;
    bool mentor = audience && strcmp(audience, "mentor") == 0;
    if (!mentee && !mentor) {
        return keep_groups(in, src, field, year);
    }
    st = monitoring_item_numbers(src, &counts, &t);
    if (st == STATUS_OK) {
        keep(in, year,
             mentee ? INDICATOR_SATISFIED_MENTEES : INDICATOR_SATISFIED_MENTORS,
             &t);
    }
    return st;
}

static enum status
read_wave(struct indicators *in, const struct store_wave *w)
{
    const struct catalogue_form *form = NULL;
    struct store_tally *tally = NULL;
    struct monitoring_source src = {
        .reader = in->reader,
        .wave = w,
        .lang = in->lang,
        .arena = &in->arena,
        .settled = true,
    };
    buf_init(&src.scratch, TEXT_MAX_BYTES);
    enum status st = catalogue_take_wave(in->catalogue, in->reader, w, &form);
    size_t field = 0;
    while (st == STATUS_OK && field < form->field_count
           && !is_satisfaction(form, field)) {
        field++;
    }
    if (st == STATUS_OK && field < form->field_count) {
        src.form = form;
        src.form_lang = form_lang_find(form->form, i18n_tag(in->lang));
        st = store_tallies(in->reader, w->id, &tally, &src.tally_count);
        src.tally = tally;
        if (st == STATUS_OK) {
            st = keep_field(in, &src, field);
        }
    }
    free(tally);
    catalogue_give(in->catalogue, form);
    buf_deinit(&src.scratch);
    return st;
}

/* The list is newest first: the latest wave of a year is kept. */
static enum status
read_waves(struct indicators *in, int64_t now_ms)
{
    struct store_wave *wave = NULL;
    size_t count = 0;
    enum status st = store_waves(in->reader, &wave, &count);
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        bool anonymous =
            wave[i].kind == RECORD_ANONYMOUS || wave[i].kind == RECORD_SLIP;
        if (anonymous && wave[i].settled >= 0
            && monitoring_state_of(&wave[i], now_ms) == MONITORING_SHOWN) {
            st = read_wave(in, &wave[i]);
        }
    }
    store_waves_free(wave, count);
    return st;
}

/* --- words and charts ----------------------------------------------------- */

static const char *
text_of(struct indicators *in)
{
    const char *text = buf_status(&in->scratch) == STATUS_OK
                           ? arena_strdup(&in->arena, in->scratch.data)
                           : NULL;
    buf_clear(&in->scratch);
    return text;
}

static void
write_year(struct indicators *in, int y)
{
    int year = in->last_year - y;
    buf_printf(&in->scratch, "%d/%02d", year, (year + 1) % 100);
}

static const char *
share_text(struct indicators *in, const struct indicator *i)
{
    sentence_number(&in->scratch, in->lang, 100.0 * i->figure.share, 0);
    buf_puts(&in->scratch, PERCENT);
    if (isfinite(i->figure.interval.low)) {
        buf_puts(&in->scratch, " (");
        sentence_number(&in->scratch, in->lang, 100.0 * i->figure.interval.low,
                        0);
        buf_puts(&in->scratch, RANGE);
        sentence_number(&in->scratch, in->lang, 100.0 * i->figure.interval.high,
                        0);
        buf_puts(&in->scratch, ")");
    }
    return text_of(in);
}

/* The figure of a year, and its target as a hollow dot. */
static size_t
year_dots(struct indicators *in, int y, int kind, struct chart_dot *dot)
{
    const struct cell *c = &in->cell[y][kind];
    size_t n = 0;
    if (c->known) {
        write_year(in, y);
        dot[n] = (struct chart_dot){
            .label = text_of(in),
            .value = 100.0 * c->indicator.figure.share,
            .interval = {100.0 * c->indicator.figure.interval.low,
                         100.0 * c->indicator.figure.interval.high},
            .text = share_text(in, &c->indicator),
        };
        n++;
    }
    if (!isnan(c->target)) {
        write_year(in, y);
        buf_printf(&in->scratch, ", %s", i18n_text(in->lang, "target"));
        dot[n].label = text_of(in);
        dot[n].value = 100.0 * c->target;
        dot[n].interval = (struct interval){NAN, NAN};
        dot[n].hollow = true;
        sentence_number(&in->scratch, in->lang, 100.0 * c->target, 0);
        buf_puts(&in->scratch, PERCENT);
        dot[n].text = text_of(in);
        n++;
    }
    return n;
}

static enum status
write_item(struct indicators *in, int kind)
{
    struct chart *c = arena_alloc(&in->arena, sizeof(*c));
    struct chart_dot *dot =
        arena_array(&in->arena, (size_t)2 * INDICATORS_YEARS_MAX, sizeof(*dot));
    if (!c || !dot) {
        return STATUS_E_LIMIT;
    }
    size_t dots = 0;
    int latest = -1;
    for (int y = INDICATORS_YEARS_MAX - 1; y >= 0; y--) {
        dots += year_dots(in, y, kind, &dot[dots]);
        latest = in->cell[y][kind].known ? y : latest;
    }
    if (dots == 0) {
        return STATUS_OK;
    }
    struct report_item *item = &in->item[in->report.items++];
    *item = (struct report_item){
        .heading = sentence_indicator_name(in->lang, (enum indicator_kind)kind),
        .label_head = i18n_text(in->lang, "School year"),
        .value_head = i18n_text(in->lang, "Value and interval"),
    };
    if (latest >= 0) {
        write_year(in, latest);
        buf_puts(&in->scratch, ". ");
        sentence_indicator(&in->scratch, in->lang,
                           &in->cell[latest][kind].indicator);
    } else {
        buf_puts(&in->scratch,
                 i18n_text(in->lang, "There is a target but no figure yet."));
    }
    item->text = text_of(in);
    *c = (struct chart){.kind = CHART_KIND_DOTS, .title = item->heading};
    c->u.dots = (struct chart_dots){dot, dots, 0.0, 100.0, 20.0};
    item->chart = c;
    return item->text ? STATUS_OK : STATUS_E_LIMIT;
}

enum status
indicators_open(struct store *reader, struct catalogue *catalogue,
                enum i18n_lang lang, int64_t now_ms, struct indicators **out)
{
    *out = NULL;
    struct indicators *in = calloc(1, sizeof(*in));
    if (!in) {
        return log_oom("indicators");
    }
    arena_init(&in->arena, ARENA_MAX_BYTES);
    buf_init(&in->scratch, TEXT_MAX_BYTES);
    in->reader = reader;
    in->catalogue = catalogue;
    in->lang = lang;
    in->last_year = indicators_year_of(now_ms);
    in->report.lang = lang;
    in->report.item = in->item;
    enum status st = read_entries(in, now_ms);
    if (st == STATUS_OK) {
        st = read_waves(in, now_ms);
    }
    for (int k = 0; k < INDICATOR_KIND_COUNT && st == STATUS_OK; k++) {
        st = write_item(in, k);
    }
    if (st < 0) {
        indicators_free(in);
        return st;
    }
    *out = in;
    return STATUS_OK;
}

void
indicators_free(struct indicators *in)
{
    if (in) {
        buf_deinit(&in->scratch);
        arena_deinit(&in->arena);
        free(in);
    }
}

const struct report *
indicators_report(const struct indicators *in)
{
    return &in->report;
}
