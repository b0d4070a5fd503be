#include "collector/web/monitoring_rank.h"

#include "collector/summary/ranking.h"
#include "collector/summary/sentence.h"

static enum status
rank_counts(struct monitoring_source *src, const struct form_field *f,
            const struct monitoring_counts *counts, struct ranking_counts **out)
{
    *out = arena_alloc(src->arena, sizeof(**out));
    if (!*out) {
        return STATUS_E_LIMIT;
    }
    enum status st = ranking_init(*out, f->choice_count);
    if (st < 0) {
        return st;
    }
    (*out)->n = counts->answered;
    for (size_t i = 0; i < counts->count; i++) {
        const struct store_tally *t = &counts->first[i];
        size_t a = (size_t)(t->kind == STORE_TALLY_PLACE ? t->item / 256
                                                         : t->item / 65536);
        size_t b = (size_t)(t->kind == STORE_TALLY_PLACE ? t->item % 256
                                                         : t->item % 65536);
        if (a >= f->choice_count || b >= f->choice_count) {
            continue;
        }
        if (t->kind == STORE_TALLY_PLACE) {
            (*out)->place[a][b] = (uint64_t)t->n;
        } else if (t->kind == STORE_TALLY_PAIR) {
            (*out)->above[a][b] = (uint64_t)t->n;
        }
    }
    return STATUS_OK;
}

bool
monitoring_rank_is_unanimous(const struct monitoring_counts *counts)
{
    uint64_t most = 0;
    for (size_t i = 0; i < counts->count; i++) {
        const struct store_tally *t = &counts->first[i];
        bool more = t->kind == STORE_TALLY_PLACE && (uint64_t)t->n > most;
        most = more ? (uint64_t)t->n : most;
    }
    return suppress_unanimous(most, counts->answered);
}

/* "mean place 2.4, 68 Borda points)" */
static void
write_places(struct monitoring_source *src, const struct ranking_option *o)
{
    struct buf *b = &src->scratch;
    buf_printf(b, "%s ", i18n_text(src->lang, "mean place"));
    sentence_number(b, src->lang, o->mean_place, 1);
    buf_printf(b, ", %s ", i18n_text(src->lang, "Borda points:"));
    sentence_number(b, src->lang, (double)o->borda, 0);
    buf_putc(b, ')');
}

/* "A; B = C; D": from the one that nobody beats down. */
static void
write_order(struct monitoring_source *src, size_t field,
            const struct ranking *r)
{
    struct buf *b = &src->scratch;
    const struct form *form = src->form->form;
    buf_puts(b, i18n_text(src->lang, "The bars count first places. Compared in"
                                     " pairs, all places taken into account:"));
    size_t written = 0;
    for (size_t beaten = 0; beaten < r->options; beaten++) {
        bool tie = false;
        for (size_t i = 0; i < r->options; i++) {
            if (r->option[i].schulze == beaten) {
                const char *glue = written > 0 ? ";" : "";
                buf_printf(b, "%s %s (", tie ? " =" : glue,
                           form_choice_label(form, field, i, src->form_lang));
                write_places(src, &r->option[i]);
                tie = true;
                written++;
            }
        }
    }
    buf_puts(b, ". ");
    if (r->condorcet < r->options) {
        buf_printf(
            b, "%s «%s».",
            i18n_text(src->lang, "Preferred to each other one by a majority:"),
            form_choice_label(form, field, r->condorcet, src->form_lang));
    } else {
        buf_puts(b,
                 i18n_text(src->lang, "None is preferred to each other one by a"
                                      " majority (no Condorcet winner)."));
    }
}

enum status
monitoring_rank_item(struct monitoring_source *src, size_t field,
                     const struct form_field *f,
                     const struct monitoring_counts *counts,
                     struct report_item *item)
{
    struct ranking_counts *rc = NULL;
    enum status st = rank_counts(src, f, counts, &rc);
    if (st < 0) {
        return st == STATUS_E_INVALID ? STATUS_NONE : st;
    }
    struct ranking r;
    ranking_compute(rc, INTERVAL_LEVEL, &r);
    if (monitoring_rank_is_unanimous(counts)) {
        buf_puts(&src->scratch,
                 i18n_text(src->lang, "(Almost) all gave one of the options the"
                                      " same place. No more is shown, so that"
                                      " nobody can be recognised."));
        item->text = monitoring_item_text(src);
        return STATUS_OK;
    }
    struct chart *c = monitoring_item_chart(src, CHART_KIND_BARS, item);
    struct chart_bar *bar =
        arena_array(src->arena, f->choice_count + 1, sizeof(*bar));
    if (!c || !bar) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < f->choice_count; i++) {
        const struct ranking_option *o = &r.option[i];
        bar[i].label =
            form_choice_label(src->form->form, field, i, src->form_lang);
        bar[i].value = (double)o->first.hits;
        bar[i].text = monitoring_item_count_text(src, o->first.hits, r.n);
        bar[i].strong = o->schulze == 0;
    }
    c->u.bars.bar = bar;
    c->u.bars.count = f->choice_count;
    write_order(src, field, &r);
    item->text = monitoring_item_text(src);
    return STATUS_OK;
}
