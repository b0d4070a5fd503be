#include "collector/web/conclusions.h"

#include <stdio.h>
#include <string.h>

#include "collector/store/store_desk.h"
#include "collector/web/control.h"

#define URL_MAX_BYTES 512
#define AREA_ROWS 5

static const struct {
    const char *name; /* of the form's field */
    const char *title;
    const char *help;
} parts[REPORT_SWOT_COUNT] = {
    [REPORT_STRENGTHS] = {"strengths", N_("Strengths"),
                          N_("What goes well and should stay.")},
    [REPORT_WEAKNESSES] = {"weaknesses", N_("Weaknesses"),
                           N_("What does not go well yet.")},
    [REPORT_OPPORTUNITIES] = {"opportunities", N_("Opportunities"),
                              N_("What outside could help.")},
    [REPORT_THREATS] = {"threats", N_("Threats"),
                        N_("What outside could get in the way.")},
};

/* --- reading -------------------------------------------------------------- */

static enum status
read_part(struct store *reader, int64_t wave, int part, struct arena *arena,
          struct report_list *out)
{
    struct buf text;
    buf_init(&text, STORE_SWOT_MAX_BYTES);
    enum status st = store_swot(reader, wave, part, &text);
    const char **line =
        arena_array(arena, CONCLUSIONS_ITEMS_MAX, sizeof(*line));
    if (!line && st >= 0) {
        st = STATUS_E_LIMIT;
    }
    const char *at = text.data;
    size_t count = 0;
    while (st >= 0 && line && *at && count < CONCLUSIONS_ITEMS_MAX) {
        at += strspn(at, " \r\n");
        size_t len = strcspn(at, "\r\n");
        char *copy = len > 0 ? arena_alloc(arena, len + 1) : NULL;
        if (copy) {
            memcpy(copy, at, len);
            copy[len] = '\0';
            line[count++] = copy;
        } else if (len > 0) {
            st = STATUS_E_LIMIT;
        }
        at += len;
    }
    out->text = line;
    out->count = count;
    buf_deinit(&text);
    return st;
}

enum status
conclusions_read(struct store *reader, int64_t wave, struct arena *arena,
                 struct report *r)
{
    enum status st = STATUS_OK;
    for (int i = 0; i < REPORT_SWOT_COUNT && st >= 0; i++) {
        st = read_part(reader, wave, i, arena, &r->swot[i]);
    }
    return st;
}

void
conclusions_write(struct visit *v, const struct report *r)
{
    struct html *h = &v->html;
    size_t all = 0;
    for (size_t i = 0; i < REPORT_SWOT_COUNT; i++) {
        all += r->swot[i].count;
    }
    if (all == 0) {
        return;
    }
    html_element(h, "h2", NULL, visit_text(v, "Conclusions"));
    html_open(h, "div");
    html_attr(h, "class", "cards");
    for (size_t i = 0; i < REPORT_SWOT_COUNT; i++) {
        html_open(h, "section");
        html_attr(h, "class", "card");
        html_element(h, "h3", NULL, visit_text(v, parts[i].title));
        if (r->swot[i].count == 0) {
            html_element(h, "p", "meta", "—");
        } else {
            html_open(h, "ul");
            html_attr(h, "class", "points");
            for (size_t j = 0; j < r->swot[i].count; j++) {
                html_element(h, "li", NULL, r->swot[i].text[j]);
            }
            html_close(h, "ul");
        }
        html_close(h, "section");
    }
    html_close(h, "div");
}

/* --- writing -------------------------------------------------------------- */

static enum status
save(struct store *w, void *ctx)
{
    const struct visit *v = ctx;
    struct store_wave wave = {0};
    enum status st = store_wave(w, v->rq->tail, &wave);
    for (int i = 0; i < REPORT_SWOT_COUNT && st == STATUS_OK; i++) {
        const char *text = request_form(v->rq, parts[i].name);
        text = text ? text : "";
        st = strlen(text) < STORE_SWOT_MAX_BYTES
                 ? store_swot_put(w, wave.id, i, text)
                 : STATUS_E_LIMIT;
    }
    store_wave_clear(&wave);
    return st;
}

static enum status
form_page(struct visit *v, const struct store_wave *w)
{
    char url[URL_MAX_BYTES];
    enum status st = STATUS_OK;
    (void)snprintf(url, sizeof(url), "/conclusions/%.400s", w->name);
    visit_page(v, url, visit_text(v, "Conclusions"));
    html_element(&v->html, "p", "meta", *w->title ? w->title : w->form_title);
    control_form(v, url, false);
    for (int i = 0; i < REPORT_SWOT_COUNT && st >= 0; i++) {
        struct buf text;
        buf_init(&text, STORE_SWOT_MAX_BYTES);
        st = store_swot(v->reader, w->id, i, &text);
        control_area(v,
                     &(const struct control){
                         .label = visit_text(v, parts[i].title),
                         .name = parts[i].name,
                         .value = text.data,
                         .help = visit_text(v, parts[i].help),
                     },
                     AREA_ROWS);
        buf_deinit(&text);
    }
    html_element(&v->html, "p", "help",
                 visit_text(v, "A point a line. Everybody who reads the "
                               "summary reads them; they stand in the PDF and "
                               "the workbook too."));
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
    visit_page_end(v);
    return st;
}

static enum status
post(struct visit *v, const struct store_wave *w)
{
    char url[URL_MAX_BYTES];
    enum status st = visit_change(v, save, v, "conclude", w->name);
    (void)snprintf(url, sizeof(url), "/summary/%.400s", w->name);
    if (st == STATUS_OK) {
        response_redirect(v->rs, url);
    } else if (st == STATUS_E_LIMIT) {
        visit_message(v, 422, visit_text(v, "Too long"),
                      visit_text(v, "One of the lists is longer than a page. "
                                    "Go back and shorten it; nothing was "
                                    "saved."));
        st = STATUS_OK;
    }
    return st;
}

void
conclusions_page(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    struct store_wave w = {0};
    enum status st = store_wave(v.reader, rq->tail, &w);
    if (st == STATUS_OK && w.closed_ms == 0) {
        st = STATUS_NONE; /* there is nothing to conclude from yet */
    }
    if (st == STATUS_OK) {
        st = rq->method == REQUEST_POST ? post(&v, &w) : form_page(&v, &w);
    }
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st < 0) {
        visit_failed(&v, st);
    }
    store_wave_clear(&w);
    visit_end(&v);
}
