#include "collector/web/pages_summary.h"

#include <stdio.h>
#include <string.h>

#include "collector/report/svg.h"
#include "collector/web/change.h"
#include "collector/web/conclusions.h"
#include "collector/web/control.h"
#include "collector/web/download.h"
#include "collector/web/first_look.h"
#include "collector/web/monitoring.h"
#include "collector/web/visit.h"

#define CHART_WIDTH 440.0
#define PATH_MAX_BYTES 512
#define NAME_MAX_BYTES 256

/* --- the list ------------------------------------------------------------- */

static void
wave_card(struct visit *v, const struct store_wave *w)
{
    struct html *h = &v->html;
    char url[PATH_MAX_BYTES];
    struct buf line;
    buf_init(&line, 4096);
    int n = snprintf(url, sizeof(url), "/summary/%s", w->name);
    control_card(v, n > 0 && (size_t)n < sizeof(url) ? url : "/",
                 w->form_title);
    if (*w->title) {
        buf_printf(&line, "%s · ", w->title);
    }
    buf_printf(&line, "%s ",
               w->closed_ms ? visit_text(v, "closed on")
                            : visit_text(v, "open since"));
    monitoring_date(&line, v->lang, w->closed_ms ? w->closed_ms : w->opened_ms);
    html_element(h, "p", "meta", line.data);
    buf_clear(&line);
    if (w->invited > 0) {
        buf_printf(&line,
                   i18n_plural(v->lang, "%lld answer of %d invited",
                               "%lld answers of %d invited",
                               (unsigned long)w->answers),
                   (long long)w->answers, w->invited);
    } else {
        buf_printf(&line,
                   i18n_plural(v->lang, "%lld answer", "%lld answers",
                               (unsigned long)w->answers),
                   (long long)w->answers);
    }
    html_element(h, "p", "count", line.data);
    html_close(h, "li");
    buf_deinit(&line);
}

static void
list_part(struct visit *v, const char *heading, const struct store_wave *waves,
          size_t count, bool closed)
{
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        bool named =
            waves[i].kind == RECORD_NAMED || waves[i].kind == RECORD_BALLOT;
        if ((waves[i].closed_ms != 0) != closed || named) {
            continue;
        }
        if (shown++ == 0) {
            html_element(&v->html, "h2", "part", heading);
            html_open(&v->html, "ul");
            html_attr(&v->html, "class", "cards waves");
        }
        wave_card(v, &waves[i]);
    }
    if (shown > 0) {
        html_close(&v->html, "ul");
    }
}

static void
quarantine_warning(struct visit *v)
{
    int64_t n = 0;
    if (store_quarantine_count(v->reader, &n) < 0 || n == 0) {
        return;
    }
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "warning");
    html_textf(&v->html,
               i18n_plural(v->lang,
                           "%lld record could not be taken in and is kept "
                           "aside, still sealed.",
                           "%lld records could not be taken in and are kept "
                           "aside, still sealed.",
                           (unsigned long)n),
               (long long)n);
    html_close(&v->html, "p");
}

void
pages_summary_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_SIGNED_IN)) {
        return;
    }
    if (v.user.role == STORE_ROLE_TECHNICIAN) {
        response_redirect(rs, "/kiosks");
        visit_end(&v);
        return;
    }
    struct store_wave *waves = NULL;
    size_t count = 0;
    enum status st = desk_keep_time(v.desk);
    if (st == STATUS_OK) {
        st = store_waves(v.reader, &waves, &count);
    }
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        visit_page(&v, "/", visit_text(&v, "Monitoring"));
        quarantine_warning(&v);
        if (count == 0) {
            html_element(&v.html, "p", "lead",
                         visit_text(&v, "No questionnaire is published yet. "
                                        "Begin with “Questionnaires”."));
        }
        list_part(&v, visit_text(&v, "Open now"), waves, count, false);
        list_part(&v, visit_text(&v, "Closed"), waves, count, true);
    }
    store_waves_free(waves, count);
    visit_end(&v);
}

/* --- one wave ------------------------------------------------------------- */

/* What is asked about a wave. */
enum view {
    VIEW_WHOLE,
    VIEW_GROUPS,
    VIEW_CHANGE,
    VIEW_COUNT
};
static const char *const view_suffix[VIEW_COUNT] = {
    [VIEW_WHOLE] = "", [VIEW_GROUPS] = "-groups", [VIEW_CHANGE] = "-change"};

static void
write_figures(struct visit *v, const struct report *r)
{
    struct html *h = &v->html;
    html_open(h, "dl");
    html_attr(h, "class", "figures");
    for (size_t i = 0; i < r->figures; i++) {
        html_open(h, "div");
        html_element(h, "dt", NULL, r->figure[i].caption);
        html_element(h, "dd", NULL, r->figure[i].value);
        html_close(h, "div");
    }
    html_close(h, "dl");
}

static void
write_action(struct visit *v, const char *wave, const char *suffix,
             const char *label)
{
    char url[PATH_MAX_BYTES];
    const char *key = request_query(v->rq, "key");
    int n =
        snprintf(url, sizeof(url), "/summary/%s%s?lang=%s%s%s", wave, suffix,
                 i18n_tag(v->lang), key ? "&key=" : "", key ? key : "");
    if (n > 0 && (size_t)n < sizeof(url)) {
        html_open(&v->html, "a");
        html_attr(&v->html, "class", "button");
        html_attr_url(&v->html, "href", url);
        html_text(&v->html, label);
        html_close(&v->html, "a");
    }
}

/* A page of the coordinator's own about this wave. */
static void
write_work(struct visit *v, const struct store_wave *w, const char *path,
           const char *label)
{
    char url[PATH_MAX_BYTES];
    (void)snprintf(url, sizeof(url), "%s%.400s", path, w->name);
    html_open(&v->html, "a");
    html_attr(&v->html, "class", "button");
    html_attr_url(&v->html, "href", url);
    html_text(&v->html, label);
    html_close(&v->html, "a");
}

/* Files of the figures for everybody who reads them, files of answers for the
 * coordinator. */
static void
write_actions(struct visit *v, const struct store_wave *w, bool groups)
{
    if (groups) {
        write_action(v, w->name, view_suffix[VIEW_GROUPS],
                     visit_text(v, "By group"));
    }
    write_action(v, w->name, ".pdf", "PDF");
    write_action(v, w->name, ".xlsx", "XLSX");
    write_action(v, w->name, ".csv", "CSV");
    struct store_wave before = {0};
    enum status st =
        change_find_before(v->reader, v->desk->catalogue, w, &before);
    if (st == STATUS_OK && v->signed_in) {
        write_action(v, w->name, view_suffix[VIEW_CHANGE],
                     visit_text(v, "What has changed"));
    }
    store_wave_clear(&before);
}

/* Rows of answers, and the coordinator's own work. */
static void
write_own_actions(struct visit *v, const struct store_wave *w)
{
    if (!v->signed_in || v->user.role != STORE_ROLE_COORDINATOR
        || w->closed_ms == 0) {
        return;
    }
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    write_work(v, w, "/remarks/", visit_text(v, "Open answers"));
    write_work(v, w, "/conclusions/", visit_text(v, "Conclusions"));
    write_action(v, w->name, "-answers.sav", visit_text(v, "Answers for SPSS"));
    write_action(v, w->name, "-answers.csv", visit_text(v, "Answers as CSV"));
    write_action(v, w->name, "-answers.zip",
                 visit_text(v, "Answers for ODK tools"));
    html_close(&v->html, "div");
}

static void
write_table(struct visit *v, const struct report_item *item)
{
    struct html *h = &v->html;
    html_open(h, "details");
    html_element(h, "summary", NULL, visit_text(v, "As a table"));
    svg_table(html_raw(h), item->chart, item->label_head, item->value_head);
    html_close(h, "details");
}

static void
write_quotes(struct visit *v, const struct report_item *item)
{
    struct html *h = &v->html;
    html_open(h, "ul");
    html_attr(h, "class", "comments");
    for (size_t i = 0; i < item->quotes.count; i++) {
        html_element(h, "li", NULL, item->quotes.text[i]);
    }
    html_close(h, "ul");
}

static void
write_item(struct visit *v, const struct report_item *item)
{
    struct html *h = &v->html;
    html_open(h, "section");
    html_attr(h, "class", item->quotes.count > 0 ? "card wide" : "card");
    html_element(h, "h3", NULL, item->heading);
    if (item->base) {
        html_element(h, "p", "meta", item->base);
    }
    if (item->text && *item->text) {
        html_element(h, "p", item->chart ? "figure-text" : "closed",
                     item->text);
    }
    if (item->chart) {
        svg_chart(html_raw(h), item->chart, CHART_WIDTH);
        write_table(v, item);
    }
    if (item->quotes.count > 0) {
        write_quotes(v, item);
    }
    html_close(h, "section");
}

void
pages_summary_items(struct visit *v, const struct report_item *item,
                    size_t count)
{
    struct html *h = &v->html;
    if (count > 0) {
        /* Seen by screen readers alone: the cards are headings enough. */
        html_element(h, "h2", "unseen", visit_text(v, "Question by question"));
        html_open(h, "div");
        html_attr(h, "class", "cards");
        for (size_t i = 0; i < count; i++) {
            write_item(v, &item[i]);
        }
        html_close(h, "div");
    }
}

static void
write_group_links(struct visit *v, const struct store_wave *w,
                  const char *const *name, size_t names, size_t by)
{
    struct html *h = &v->html;
    html_open(h, "p");
    for (size_t i = 0; i < names; i++) {
        char url[PATH_MAX_BYTES];
        const char *key = request_query(v->rq, "key");
        int n = snprintf(
            url, sizeof(url), "/summary/%s-groups?lang=%s&by=%zu%s%s", w->name,
            i18n_tag(v->lang), i + 1, key ? "&key=" : "", key ? key : "");
        html_text(h, i > 0 ? " · " : "");
        html_open(h, i == by ? "strong" : "a");
        if (i != by) {
            html_attr_url(h, "href",
                          n > 0 && (size_t)n < sizeof(url) ? url : "/");
        }
        html_text(h, name[i]);
        html_close(h, i == by ? "strong" : "a");
    }
    html_close(h, "p");
}

/* The group question of ?by=N, else the first; with a choice where there are
 * several. NULL: there is none. */
static const char *
choose_group(struct visit *v, const struct store_wave *w,
             const struct report_item *item, size_t count)
{
    const char *name[CATALOGUE_GROUPS_MAX] = {NULL};
    size_t names = 0;
    for (size_t i = 0; i < count && names < CATALOGUE_GROUPS_MAX; i++) {
        size_t at = 0;
        while (at < names && strcmp(name[at], item[i].base) != 0) {
            at++;
        }
        name[at] = item[i].base;
        names += at == names ? 1 : 0;
    }
    const char *asked = request_query(v->rq, "by");
    size_t by = asked && *asked >= '1' ? (size_t)(*asked - '1') : 0;
    by = by < names ? by : 0;
    if (names > 1) {
        write_group_links(v, w, name, names, by);
    }
    return names > 0 ? name[by] : NULL;
}

/* The questions by group, on a page of their own. */
static void
write_groups(struct visit *v, const struct store_wave *w,
             const struct monitoring *m)
{
    struct html *h = &v->html;
    const struct report *r = monitoring_report(m);
    size_t from = monitoring_groups_from(m);
    html_open(h, "p");
    html_attr(h, "class", "lead");
    html_text(h, r->items > from
                     ? visit_text(v, "Groups and questions are shown as far as "
                                     "no combination of tables tells about "
                                     "fewer people than the threshold.")
                     : visit_text(v, "Nothing is shown by group."));
    html_close(h, "p");
    html_open(h, "div");
    html_attr(h, "class", "actions");
    write_action(v, w->name, "", visit_text(v, "The whole summary"));
    html_close(h, "div");
    const char *by = choose_group(v, w, r->item + from, r->items - from);
    html_element(h, "h2", "unseen", visit_text(v, "Question by question"));
    html_open(h, "div");
    html_attr(h, "class", "cards");
    for (size_t i = from; i < r->items; i++) {
        if (by && strcmp(r->item[i].base, by) == 0) {
            write_item(v, &r->item[i]);
        }
    }
    html_close(h, "div");
}

static void
write_summary(struct visit *v, const struct store_wave *w,
              const struct monitoring *m, enum view view, const char *path)
{
    struct html *h = &v->html;
    const struct report *r = monitoring_report(m);
    visit_page(v, path, r->title);
    html_element(h, "p", "meta", r->subtitle);
    if (view == VIEW_GROUPS) {
        write_groups(v, w, m);
        return;
    }
    html_open(h, "div");
    html_attr(h, "class", "opening");
    html_open(h, "div");
    if (*r->lead) {
        html_element(h, "p", "lead", r->lead);
    }
    if (monitoring_state(m) == MONITORING_SHOWN) {
        html_open(h, "div");
        html_attr(h, "class", "actions");
        write_actions(v, w, r->items > monitoring_groups_from(m));
        html_close(h, "div");
        write_own_actions(v, w);
    }
    html_close(h, "div");
    write_figures(v, r);
    html_close(h, "div");
    pages_summary_items(v, r->item, monitoring_groups_from(m));
    conclusions_write(v, r);
}

/* May the holder of ?key=... read this wave? */
static bool
has_key(struct visit *v, const struct store_wave *w)
{
    uint8_t token[VISIT_TOKEN_BYTES];
    struct seal_hash hash;
    if (!visit_unhex(request_query(v->rq, "key"), token, sizeof(token))) {
        return false;
    }
    seal_hash(token, sizeof(token), NULL, 0, &hash);
    return store_link_check(v->reader, &hash, w->id, desk_now_ms(v->desk))
           == STATUS_OK;
}

static bool
may_read(struct visit *v, const struct store_wave *w)
{
    if (w->kind == RECORD_NAMED || w->kind == RECORD_BALLOT) {
        return false;
    }
    return (v->signed_in && v->user.role != STORE_ROLE_TECHNICIAN)
           || has_key(v, w);
}

/* Copy the wave's own part of "name.pdf" or "name-change". */
static enum view
split_tail(const char *tail, char name[NAME_MAX_BYTES],
           const struct download **out_file)
{
    size_t len = 0;
    enum view view = VIEW_WHOLE;
    *out_file = download_find(tail, &len);
    for (int i = VIEW_WHOLE + 1; i < VIEW_COUNT; i++) {
        size_t suffix = strlen(view_suffix[i]);
        if (len > suffix
            && strncmp(tail + len - suffix, view_suffix[i], suffix) == 0) {
            view = (enum view)i;
        }
    }
    len -= strlen(view_suffix[view]);
    if (len >= NAME_MAX_BYTES) {
        len = 0;
    }
    memcpy(name, tail, len);
    name[len] = '\0';
    return view;
}

static void
answer_page(struct visit *v, const struct store_wave *w, enum view view)
{
    struct monitoring *m = NULL;
    char path[PATH_MAX_BYTES];
    const char *key = request_query(v->rq, "key");
    int n = snprintf(path, sizeof(path), "/summary/%s%s%s%s", w->name,
                     view_suffix[view], key ? "?key=" : "", key ? key : "");
    enum status st = monitoring_open(v->reader, v->desk->catalogue, w, v->lang,
                                     desk_now_ms(v->desk), &m);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    write_summary(v, w, m, view,
                  n > 0 && (size_t)n < sizeof(path) ? path : "/");
    /* The page refers to the report's texts until it is closed. */
    visit_page_end(v);
    monitoring_free(m);
}

/* What changed since the wave before. */
static void
answer_change(struct visit *v, const struct store_wave *w,
              const struct store_wave *before)
{
    const struct store_wave *const wave[] = {before, w};
    struct change *c = NULL;
    enum status st = change_open(v->reader, v->desk->catalogue, wave, v->lang,
                                 desk_now_ms(v->desk), &c);
    if (st == STATUS_E_AUTH) {
        visit_message(
            v, 403, visit_text(v, "There is nothing to compare yet"),
            visit_text(v,
                       "Both waves must be closed and have answers enough."));
        return;
    }
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    struct html *h = &v->html;
    const struct report *r = change_report(c);
    char path[PATH_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "/summary/%s%s", w->name,
                     view_suffix[VIEW_CHANGE]);
    visit_page(v, n > 0 && (size_t)n < sizeof(path) ? path : "/", r->title);
    html_element(h, "p", "meta", r->subtitle);
    html_element(h, "p", "lead", r->lead);
    html_open(h, "div");
    html_attr(h, "class", "actions");
    write_action(v, w->name, "-change.pdf", "PDF");
    write_action(v, w->name, "-change.xlsx", "XLSX");
    html_close(h, "div");
    pages_summary_items(v, r->item, r->items);
    /* The page refers to the report's texts until it is closed. */
    visit_page_end(v);
    change_free(c);
}

/* Answers themselves are the coordinator's alone. */
static bool
may_take(const struct visit *v, const struct download *file)
{
    return !download_is_rows(file)
           || (v->signed_in && v->user.role == STORE_ROLE_COORDINATOR);
}

static void
answer(struct visit *v, const struct store_wave *w, const struct download *file,
       enum view view)
{
    if (view != VIEW_CHANGE) {
        if (file) {
            download_answer(v, file, w, NULL);
        } else {
            answer_page(v, w, view);
        }
        return;
    }
    struct store_wave before = {0};
    enum status st =
        change_find_before(v->reader, v->desk->catalogue, w, &before);
    if (st == STATUS_OK) {
        st = first_look(v, &before);
    }
    if (st < 0) {
        visit_failed(v, st);
    } else if (st == STATUS_NONE) {
        visit_message(v, 404, visit_text(v, "There is nothing to compare yet"),
                      visit_text(v, "No wave before this one is closed."));
    } else if (file) {
        download_answer(v, file, w, &before);
    } else {
        answer_change(v, w, &before);
    }
    store_wave_clear(&before);
}

void
pages_summary_wave(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_EVERYBODY)) {
        return;
    }
    char name[NAME_MAX_BYTES];
    const struct download *file = NULL;
    enum view view = split_tail(rq->tail, name, &file);
    struct store_wave w = {0};
    enum status st = store_begin_read(v.reader);
    if (st == STATUS_OK) {
        st = store_wave(v.reader, name, &w);
    }
    bool may = st == STATUS_OK && may_read(&v, &w)
               && (!file || may_take(&v, file))
               && (view != VIEW_CHANGE || v.signed_in);
    if (may) {
        st = first_look(&v, &w);
    }
    if (st < 0) {
        visit_failed(&v, st);
    } else if (may && st == STATUS_OK) {
        answer(&v, &w, file, view);
    } else if (!v.signed_in) {
        /* The same whether the wave exists or not. */
        response_redirect(rs, "/sign-in");
    } else {
        visit_missing(&v);
    }
    store_wave_clear(&w);
    visit_end(&v);
}
