#include "collector/web/monitoring_text.h"

#include "base/random.h"
#include "collector/store/store_remarks.h"
#include "collector/summary/sentence.h"
#include "collector/summary/suppress.h"
#include "collector/web/monitoring.h"

bool
monitoring_text_is(const struct catalogue_form *form, size_t field)
{
    struct form_field f;
    form_field_get(form->form, field, &f);
    return form->field[field].count == CATALOGUE_COUNT_NOT
           && f.control == FORM_CONTROL_INPUT && f.type == FORM_TYPE_STRING
           && !f.in_repeat;
}

struct quotes {
    struct monitoring_source *src;
    const char **text;
    size_t count;
};

static enum status
add_quote(struct quotes *q, const char *text)
{
    q->text[q->count] = arena_strdup(q->src->arena, text);
    return q->text[q->count++] ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
take_quote(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct quotes *q = self;
    if (q->count == MONITORING_QUOTES_MAX) {
        return STATUS_NONE;
    }
    return cell[0] ? add_quote(q, cell[0]) : STATUS_OK;
}

/* As the coordinator left them; *out_any: she works on this question. */
static enum status
edited_quotes(struct quotes *q, uint32_t field, bool *out_any)
{
    struct store_remark *remark = NULL;
    size_t count = 0;
    enum status st =
        store_remarks(q->src->reader, q->src->wave->id, field, &remark, &count);
    *out_any = count > 0;
    for (size_t i = 0;
         st == STATUS_OK && i < count && q->count < MONITORING_QUOTES_MAX;
         i++) {
        if (*remark[i].text) {
            st = add_quote(q, remark[i].text);
        }
    }
    store_remarks_free(remark, count);
    return st;
}

static enum status
themes_chart(struct monitoring_source *src, uint32_t field, uint64_t answered,
             struct report_item *item)
{
    struct store_theme *theme = NULL;
    size_t count = 0;
    size_t shown = 0;
    struct chart *c = NULL;
    struct chart_bar *bar = NULL;
    enum status st =
        store_themes(src->reader, src->wave->id, field, &theme, &count);
    /* The most frequent come first. */
    while (shown < count && theme[shown].n >= src->wave->k) {
        shown++;
    }
    if (st < 0 || shown == 0) {
        goto out;
    }
    c = monitoring_item_chart(src, CHART_KIND_BARS, item);
    bar = arena_array(src->arena, shown, sizeof(*bar));
    if (!c || !bar) {
        st = STATUS_E_LIMIT;
        goto out;
    }
    for (size_t i = 0; i < shown; i++) {
        bar[i].label = arena_strdup(src->arena, theme[i].name);
        uint64_t n = (uint64_t)theme[i].n;
        bool all = suppress_unanimous(n, answered);
        bar[i].value = (double)(all ? answered : n);
        bar[i].text = all ? i18n_text(src->lang, "all or all but one")
                          : monitoring_item_count_text(src, n, answered);
        bar[i].strong = theme[i].n == theme[0].n;
        st = bar[i].label && bar[i].text ? st : STATUS_E_LIMIT;
    }
    c->u.bars.bar = bar;
    c->u.bars.count = shown;
    item->label_head = i18n_text(src->lang, "Theme");
    item->text = i18n_text(src->lang, "Themes, as the coordinator read them; "
                                      "rarer ones are not named.");

out:
    store_themes_free(theme, count);
    return st;
}

static void
hide(struct monitoring_source *src, struct report_item *item)
{
    item->base = NULL;
    sentence_hidden(&src->scratch, src->lang, SUPPRESS_TOO_FEW,
                    (uint32_t)src->wave->k_text);
    item->text = monitoring_item_text(src);
}

enum status
monitoring_text(struct monitoring_source *src, size_t field,
                const struct monitoring_counts *counts,
                struct report_item *item)
{
    if (counts->answered < (uint64_t)src->wave->k_text) {
        hide(src, item);
        return STATUS_OK;
    }
    if (!src->settled) {
        item->text = i18n_text(src->lang, "Texts appear when the wave is "
                                          "closed.");
        return STATUS_OK;
    }
    struct quotes q = {.src = src};
    const uint32_t column = (uint32_t)field;
    bool edited = false;
    q.text = arena_array(src->arena, MONITORING_QUOTES_MAX, sizeof(*q.text));
    if (!q.text) {
        return STATUS_E_LIMIT;
    }
    enum status st = edited_quotes(&q, column, &edited);
    if (st == STATUS_OK && !edited) {
        st = store_answers_each(src->reader, src->wave->id, &column, 1,
                                take_quote, &q);
    } else if (st == STATUS_OK) {
        st = themes_chart(src, column, counts->answered, item);
    }
    /* Those that came after the first look count, but are not read. */
    if (st >= 0 && !edited && q.count < (size_t)src->wave->k_text) {
        hide(src, item);
        return STATUS_OK;
    }
    /* A new order for every reader: two prints cannot be laid side by side. */
    random_shuffle(q.text, q.count, sizeof(*q.text));
    item->quotes.text = q.text;
    item->quotes.count = q.count;
    return st < 0 ? st : STATUS_OK;
}
