#include "collector/web/pages_remarks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/store_remarks.h"
#include "collector/web/control.h"
#include "collector/web/monitoring.h"
#include "collector/web/monitoring_text.h"
#include "collector/web/visit.h"

#define PER_PAGE 25
#define NAME_MAX_BYTES 256
#define URL_MAX_BYTES 512
#define ID_MAX_BYTES 48
#define TEXT_PREFIX "text-"

/* What the address names. */
struct place {
    char wave[NAME_MAX_BYTES];
    size_t field; /* SIZE_MAX: the list of questions */
};

static bool
read_place(const char *tail, struct place *out)
{
    size_t len = strcspn(tail, "/");
    if (len == 0 || len >= sizeof(out->wave)) {
        return false;
    }
    memcpy(out->wave, tail, len);
    out->wave[len] = '\0';
    out->field = SIZE_MAX;
    if (tail[len] == '\0') {
        return true;
    }
    char *end = NULL;
    unsigned long field = strtoul(tail + len + 1, &end, 10);
    out->field = field;
    return end != tail + len + 1 && *end == '\0' && field < UINT32_MAX;
}

/* --- the questions -------------------------------------------------------- */

/* Texts of a question that came in; 0 below the threshold. */
static int64_t
texts_of(struct visit *v, const struct store_wave *w, size_t field)
{
    struct store_tally *t = NULL;
    size_t count = 0;
    int64_t n = 0;
    if (store_tallies(v->reader, w->id, &t, &count) < 0) {
        return 0; /* logged */
    }
    for (size_t i = 0; i < count; i++) {
        if (t[i].field == field && t[i].kind == STORE_TALLY_ANSWERED) {
            n = t[i].n;
        }
    }
    free(t);
    return n >= w->k_text ? n : 0;
}

static void
question_row(struct visit *v, const struct store_wave *w, size_t field,
             const char *label)
{
    struct html *h = &v->html;
    char url[URL_MAX_BYTES];
    int64_t n = texts_of(v, w, field);
    (void)snprintf(url, sizeof(url), "/remarks/%.400s/%zu", w->name, field);
    control_card(v, n > 0 ? url : NULL, label);
    html_open(h, "p");
    html_attr(h, "class", "meta");
    if (n > 0) {
        html_textf(h,
                   i18n_plural(v->lang, "%lld answer", "%lld answers",
                               (unsigned long)n),
                   (long long)n);
    } else {
        html_textf(h,
                   visit_text(v, "Fewer than %d answers: closed to everybody."),
                   w->k_text);
    }
    html_close(h, "p");
    html_close(h, "li");
}

static void
back_link(struct visit *v, const char *url, const char *label)
{
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "meta");
    html_open(&v->html, "a");
    html_attr_url(&v->html, "href", url);
    html_text(&v->html, label);
    html_close(&v->html, "a");
    html_close(&v->html, "p");
}

static void
list_page(struct visit *v, const struct store_wave *w,
          const struct catalogue_form *entry)
{
    char url[URL_MAX_BYTES];
    size_t lang = form_lang_find(entry->form, i18n_tag(v->lang));
    bool any = false;
    (void)snprintf(url, sizeof(url), "/remarks/%.400s", w->name);
    visit_page(v, url, visit_text(v, "Open answers"));
    (void)snprintf(url, sizeof(url), "/summary/%.400s", w->name);
    back_link(v, url, monitoring_title(entry->form, w, v->lang));
    for (size_t i = 0; i < entry->field_count; i++) {
        if (!monitoring_text_is(entry, i)) {
            continue;
        }
        if (!any) {
            html_open(&v->html, "ul");
            html_attr(&v->html, "class", "cards waves");
            any = true;
        }
        question_row(v, w, i, form_field_label(entry->form, i, lang));
    }
    if (any) {
        html_close(&v->html, "ul");
    } else {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "No question of this questionnaire is "
                                   "answered in words."));
    }
    /* The page refers to the wave until it is closed. */
    visit_page_end(v);
}

/* --- the answers ---------------------------------------------------------- */

static void
themes_list(struct visit *v, const struct store_wave *w, uint32_t field)
{
    struct html *h = &v->html;
    struct store_theme *theme = NULL;
    size_t count = 0;
    if (store_themes(v->reader, w->id, field, &theme, &count) < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    html_open(h, "datalist");
    html_attr(h, "id", "themes");
    for (size_t i = 0; i < count; i++) {
        html_open(h, "option");
        html_attr(h, "value", theme[i].name);
        html_close(h, "option");
    }
    html_close(h, "datalist");
    if (count > 0) {
        html_element(h, "h2", NULL, visit_text(v, "Themes"));
        html_open(h, "ul");
        html_attr(h, "class", "tags");
    }
    for (size_t i = 0; i < count; i++) {
        html_open(h, "li");
        html_textf(h, "%s · %lld", theme[i].name, (long long)theme[i].n);
        html_close(h, "li");
    }
    if (count > 0) {
        html_close(h, "ul");
    }
    store_themes_free(theme, count);
}

static void
remark_fields(struct visit *v, const struct store_remark *r, size_t number)
{
    struct html *h = &v->html;
    char id[ID_MAX_BYTES];
    (void)snprintf(id, sizeof(id), TEXT_PREFIX "%lld", (long long)r->id);
    html_open(h, "li");
    html_open(h, "label");
    html_attr(h, "for", id);
    html_textf(h, visit_text(v, "Answer %zu"), number);
    html_close(h, "label");
    html_open(h, "textarea");
    html_attr(h, "id", id);
    html_attr(h, "name", id);
    html_attr_int(h, "rows", strlen(r->text) > 160 ? 5 : 2);
    /* A line break after the tag is not part of the text. */
    html_text(h, "\n");
    html_text(h, r->text);
    html_close(h, "textarea");
    (void)snprintf(id, sizeof(id), "themes-%lld", (long long)r->id);
    html_open(h, "label");
    html_attr(h, "for", id);
    html_text(h, visit_text(v, "Themes, parted by commas"));
    html_close(h, "label");
    html_void(h, "input");
    html_attr(h, "id", id);
    html_attr(h, "name", id);
    html_attr(h, "list", "themes");
    html_attr(h, "value", r->themes);
    html_close(h, "li");
}

static void
pages_nav(struct visit *v, const char *url, size_t page, size_t pages)
{
    struct html *h = &v->html;
    if (pages < 2) {
        return;
    }
    html_open(h, "nav");
    html_attr(h, "class", "pages");
    html_attr(h, "aria-label", visit_text(v, "Pages"));
    for (size_t i = 0; i < pages; i++) {
        char to[URL_MAX_BYTES];
        (void)snprintf(to, sizeof(to), "%.440s?page=%zu", url, i + 1);
        html_open(h, "a");
        html_attr_url(h, "href", to);
        if (i == page) {
            html_attr(h, "aria-current", "page");
        }
        html_textf(h, "%zu", i + 1);
        html_close(h, "a");
    }
    html_close(h, "nav");
}

static void
answers_form(struct visit *v, const char *url, size_t page,
             const struct store_remark *remark, size_t count)
{
    char number[ID_MAX_BYTES];
    size_t first = page * PER_PAGE;
    (void)snprintf(number, sizeof(number), "%zu", page + 1);
    control_form(v, url, false);
    control_hidden(v, "page", number);
    html_open(&v->html, "ol");
    html_attr(&v->html, "class", "remarks");
    for (size_t i = first; i < count && i < first + PER_PAGE; i++) {
        remark_fields(v, &remark[i], i + 1);
    }
    html_close(&v->html, "ol");
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
}

static enum status
answers_page(struct visit *v, const struct store_wave *w,
             const struct catalogue_form *entry, size_t field)
{
    struct store_remark *remark = NULL;
    size_t count = 0;
    char url[URL_MAX_BYTES];
    char here[URL_MAX_BYTES];
    const char *wanted = request_query(v->rq, "page");
    size_t lang = form_lang_find(entry->form, i18n_tag(v->lang));
    enum status st =
        store_remarks(v->reader, w->id, (uint32_t)field, &remark, &count);
    if (st < 0) {
        return st;
    }
    size_t pages = count / PER_PAGE + (count % PER_PAGE > 0 ? 1 : 0);
    size_t page = wanted ? strtoul(wanted, NULL, 10) : 1;
    page = page < 1 || page > pages ? 0 : page - 1;
    (void)snprintf(here, sizeof(here), "/remarks/%.400s/%zu", w->name, field);
    visit_page(v, here, form_field_label(entry->form, field, lang));
    (void)snprintf(url, sizeof(url), "/remarks/%.400s", w->name);
    back_link(v, url, visit_text(v, "All questions answered in words"));
    if (count == 0) {
        html_open(&v->html, "p");
        html_attr(&v->html, "class", "lead");
        html_textf(&v->html,
                   visit_text(v, "Fewer than %d answers: closed to everybody."),
                   w->k_text);
        html_close(&v->html, "p");
    } else {
        html_open(&v->html, "p");
        html_textf(&v->html,
                   visit_text(v, "Take out names and whatever would tell who "
                                 "wrote: the first wording is gone for good. A "
                                 "text that you clear is shown to nobody. The "
                                 "summary names a theme from %d answers on."),
                   w->k);
        html_close(&v->html, "p");
        pages_nav(v, here, page, pages);
        answers_form(v, here, page, remark, count);
        pages_nav(v, here, page, pages);
        themes_list(v, w, (uint32_t)field);
    }
    visit_page_end(v);
    store_remarks_free(remark, count);
    return STATUS_OK;
}

/* --- saving --------------------------------------------------------------- */

struct saving {
    const struct request *rq;
    int64_t wave;
};

static enum status
save(struct store *s, void *ctx)
{
    const struct saving *saving = ctx;
    const struct request *rq = saving->rq;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < rq->field_count && st == STATUS_OK; i++) {
        const struct request_field *f = &rq->field[i];
        char name[ID_MAX_BYTES];
        if (f->file_name
            || strncmp(f->name, TEXT_PREFIX, strlen(TEXT_PREFIX)) != 0) {
            continue;
        }
        int64_t id = strtoll(f->name + strlen(TEXT_PREFIX), NULL, 10);
        (void)snprintf(name, sizeof(name), "themes-%lld", (long long)id);
        const char *themes = request_form(rq, name);
        char none[] = "";
        char *copy = strdup(themes ? themes : none);
        const struct store_remark remark = {id, f->value.data, copy};
        st = copy ? store_remark_set(s, saving->wave, &remark) : STATUS_E_NOMEM;
        free(copy);
    }
    return st;
}

/* The place on the page that was saved. */
static void
to_page(struct visit *v)
{
    char url[URL_MAX_BYTES];
    const char *page = request_form(v->rq, "page");
    (void)snprintf(url, sizeof(url), "%.440s?page=%lu", v->rq->path,
                   page ? strtoul(page, NULL, 10) : 1ul);
    response_redirect(v->rs, url);
}

static enum status
answer_post(struct visit *v, const struct store_wave *w)
{
    struct saving saving = {v->rq, w->id};
    enum status st = visit_change(v, save, &saving, "redact", w->name);
    if (st == STATUS_OK) {
        st = visit_forget(v);
    }
    if (st == STATUS_E_LIMIT) {
        visit_message(v, 422, visit_text(v, "A theme is too long"),
                      visit_text(v, "A theme is a word or a few. Go back and "
                                    "shorten it; nothing was saved."));
        return STATUS_OK;
    }
    if (st == STATUS_OK) {
        to_page(v);
    }
    return st;
}

/* --- the door ------------------------------------------------------------- */

/* Find the wave, with its figures published; STATUS_NONE: not to be worked on
 * here. */
static enum status
open_wave(struct visit *v, const char *name, struct store_wave *out)
{
    int64_t now_ms = desk_now_ms(v->desk);
    struct store *w = desk_writer(v->desk);
    enum status st = monitoring_wave(w, name, now_ms, out);
    desk_writer_give(v->desk);
    bool fits = st == STATUS_OK && out->closed_ms != 0
                && (out->kind == RECORD_ANONYMOUS || out->kind == RECORD_SLIP)
                && monitoring_state_of(out, now_ms) == MONITORING_SHOWN;
    return st == STATUS_OK && !fits ? STATUS_NONE : st;
}

/* The texts leave the rows, if there are enough of them. */
static enum status
take(struct visit *v, const struct store_wave *w, size_t field)
{
    struct store *writer = NULL;
    enum status st = visit_write(v, &writer);
    if (st == STATUS_OK) {
        st = store_remarks_take(writer, w->id, (uint32_t)field, w->k_text);
    }
    st = visit_written(v, st, NULL, "");
    return st == STATUS_OK ? visit_forget(v) : st;
}

static enum status
answer(struct visit *v, const struct store_wave *w, const struct place *at)
{
    const struct catalogue_form *entry = NULL;
    enum status st =
        catalogue_take_wave(v->desk->catalogue, v->reader, w, &entry);
    if (st < 0) {
        return st;
    }
    if (at->field == SIZE_MAX) {
        list_page(v, w, entry);
    } else if (at->field >= entry->field_count
               || !monitoring_text_is(entry, at->field)) {
        st = STATUS_NONE;
    } else if (v->rq->method == REQUEST_POST) {
        st = answer_post(v, w);
    } else {
        st = take(v, w, at->field);
        st = st < 0 ? st : answers_page(v, w, entry, at->field);
    }
    catalogue_give(v->desk->catalogue, entry);
    return st;
}

void
pages_remarks(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    struct place at;
    struct store_wave w = {0};
    enum status st =
        read_place(rq->tail, &at) ? open_wave(&v, at.wave, &w) : STATUS_NONE;
    if (st == STATUS_OK) {
        st = answer(&v, &w, &at);
    }
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st == STATUS_E_LIMIT) {
        visit_message(&v, 422, visit_text(&v, "Too many answers"),
                      visit_text(&v, "There are more texts than can be worked "
                                     "on by hand; the summary shows some of "
                                     "them."));
    } else if (st < 0) {
        visit_failed(&v, st);
    }
    store_wave_clear(&w);
    visit_end(&v);
}
