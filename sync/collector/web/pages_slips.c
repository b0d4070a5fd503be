#include "collector/web/pages_slips.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector/web/control.h"
#include "collector/web/slips.h"
#include "collector/web/visit.h"

#define PATH_MAX_BYTES 512

/* What the page says of a wave. */
struct account {
    struct store_wave wave;
    int64_t issued;
    int64_t used;
};

static void
figure(struct visit *v, int64_t n, const char *caption)
{
    struct html *h = &v->html;
    html_open(h, "div");
    html_element(h, "dt", NULL, caption);
    html_open(h, "dd");
    html_textf(h, "%lld", (long long)n);
    html_close(h, "dd");
    html_close(h, "div");
}

/* The sum that anybody may check against the paper left in the box. */
static void
sum(struct visit *v, const struct account *a)
{
    struct html *h = &v->html;
    char votes[PATH_MAX_BYTES];
    (void)snprintf(votes, sizeof(votes), "/votes/%.400s", a->wave.name);
    html_element(h, "p", "lead",
                 visit_text(v, "The wave is closed. Every slip was either "
                               "used once or not at all:"));
    html_open(h, "dl");
    html_attr(h, "class", "figures");
    figure(v, a->issued, visit_text(v, "slips made"));
    figure(v, a->used, visit_text(v, "used"));
    figure(v, a->issued - a->used, visit_text(v, "unused"));
    html_close(h, "dl");
    html_open(h, "div");
    html_attr(h, "class", "actions");
    html_open(h, "a");
    html_attr(h, "class", "button");
    html_attr_url(h, "href", votes);
    html_text(h, visit_text(v, "The result of the vote"));
    html_close(h, "a");
    html_close(h, "div");
    html_element(h, "p", "help",
                 visit_text(v, "What is left in the box should be as many as "
                               "“unused”. Which slip gave which answer is "
                               "written nowhere."));
}

static void
order_form(struct visit *v, const struct account *a, const char *path)
{
    struct html *h = &v->html;
    if (a->issued == 0) {
        html_element(h, "p", "lead",
                     visit_text(v, "No slips have been made so far."));
    } else {
        html_open(h, "p");
        html_attr(h, "class", "lead");
        html_textf(h,
                   i18n_plural(v->lang, "%lld slip has been made so far.",
                               "%lld slips have been made so far.",
                               (unsigned long)a->issued),
                   (long long)a->issued);
        html_close(h, "p");
    }
    html_open(h, "div");
    html_attr(h, "class", "closed");
    html_element(h, "p", NULL,
                 visit_text(v, "The numbers stand in the file alone and "
                               "cannot be shown again. Print it at once, "
                               "delete it, cut the slips apart and let "
                               "everybody draw one from a box."));
    html_element(h, "p", NULL,
                 visit_text(v, "The kiosks know the new slips as soon as they "
                               "have fetched the questionnaires again."));
    html_close(h, "div");
    html_element(h, "h2", NULL, visit_text(v, "Make slips"));
    control_form(v, path, false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "How many"),
                         .name = "count",
                         .type = "number",
                         .help = visit_text(v, "One for each person invited "
                                               "and a few to spare; 24 fit "
                                               "on a page."),
                         .required = true});
    control_button(v, visit_text(v, "Make the PDF"), true);
    control_form_end(v);
}

static void
show(struct visit *v, const struct account *a, const char *fault)
{
    char path[PATH_MAX_BYTES];
    (void)snprintf(path, sizeof(path), "/slips/%.400s", a->wave.name);
    visit_page(v, path, visit_text(v, "Slips"));
    html_element(&v->html, "p", "meta",
                 *a->wave.title ? a->wave.title : a->wave.form_title);
    control_fault(v, fault);
    if (a->wave.closed_ms != 0) {
        sum(v, a);
    } else {
        order_form(v, a, path);
    }
}

static enum status
issue(struct visit *v, const struct account *a)
{
    const char *text = request_form(v->rq, "count");
    long count = text ? strtol(text, NULL, 10) : 0;
    struct slips slips = {0};
    const struct dataset_sink sink = {dataset_to_buf, &v->rs->body};
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = slips_issue(w, a->wave.name, count > 0 ? (size_t)count : 0,
                         desk_now_ms(v->desk), &slips);
    }
    if (st == STATUS_OK) {
        st = slips_print(&slips, v->lang, &sink);
    }
    st = visit_written(v, st, "slips", a->wave.name);
    slips_clear(&slips);
    return st;
}

static void
answer(struct visit *v, const struct account *a)
{
    enum status st = issue(v, a);
    if (st == STATUS_OK) {
        visit_download(v, "application/pdf", "slips.pdf");
        return;
    }
    buf_clear(&v->rs->body);
    if (st == STATUS_E_LIMIT) {
        char fault[PATH_MAX_BYTES];
        (void)snprintf(fault, sizeof(fault),
                       visit_text(v, "A wave has from 1 to %d slips in all. "
                                     "Give another number."),
                       BUNDLE_MAX_SLIPS);
        v->rs->status = 422;
        show(v, a, fault);
    } else if (st == STATUS_E_STALE) {
        v->rs->status = 422;
        show(v, a, visit_text(v, "The wave is closed: no more slips."));
    } else {
        visit_failed(v, st);
    }
}

void
pages_slips(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct account a = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = store_wave(v.reader, rq->tail, &a.wave);
    if (st == STATUS_OK) {
        st = store_slips_count(v.reader, a.wave.id, &a.issued, &a.used);
    }
    if (st < 0) {
        visit_failed(&v, st);
    } else if (st == STATUS_NONE || a.wave.kind != RECORD_SLIP) {
        visit_missing(&v);
    } else if (rq->method == REQUEST_POST) {
        answer(&v, &a);
    } else {
        show(&v, &a, NULL);
    }
    store_wave_clear(&a.wave);
    visit_end(&v);
}
