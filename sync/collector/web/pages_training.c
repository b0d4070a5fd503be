#include "collector/web/pages_training.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/programme/training.h"
#include "collector/report/csv.h"
#include "collector/web/control.h"
#include "collector/web/session_fields.h"
#include "collector/web/visit.h"

#define URL_BYTES 64
#define NAME_BYTES 32
#define HOUR_MINUTES 60.0

/* --- all sessions --------------------------------------------------------- */

static void
cards(struct visit *v, const struct store_training *t, size_t count)
{
    struct html *h = &v->html;
    html_open(h, "ul");
    html_attr(h, "class", "cards waves");
    for (size_t i = 0; i < count; i++) {
        char url[URL_BYTES];
        (void)snprintf(url, sizeof(url), "/training/%" PRId64, t[i].id);
        control_card(v, url, t[i].title);
        session_fields_line(v, &t[i]);
        html_element(h, "p", NULL, session_fields_state(v, &t[i]));
        session_fields_counts(v, &t[i]);
        html_close(h, "li");
    }
    html_close(h, "ul");
}

static void
new_form(struct visit *v)
{
    struct control_option option[TRAINING_KIND_COUNT];
    char value[TRAINING_KIND_COUNT][NAME_BYTES];
    for (int i = 0; i < TRAINING_KIND_COUNT; i++) {
        (void)snprintf(value[i], sizeof(value[i]), "%d", i);
        option[i] =
            (struct control_option){value[i], visit_text(v, training_kind(i))};
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "Enter a session"));
    control_form(v, "/training", false);
    control_select(v, "kind", visit_text(v, "Kind"), option,
                   TRAINING_KIND_COUNT);
    session_fields_show(v, &(const struct store_training){0});
    control_button(v, visit_text(v, "Enter"), true);
    control_form_end(v);
}

static void
list_page(struct visit *v, const char *fault)
{
    struct store_training *t = NULL;
    size_t count = 0;
    enum status st = store_trainings(v->reader, &t, &count);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, "/training", visit_text(v, "Training"));
    control_fault(v, fault);
    if (count > 0) {
        html_open(&v->html, "div");
        html_attr(&v->html, "class", "actions");
        control_link(v, "/training/certificates",
                     visit_text(v, "For certificates"), false);
        html_close(&v->html, "div");
        cards(v, t, count);
    } else {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "Opening sessions, consultations, exchange "
                                   "of experience: people are invited here, "
                                   "sign at the kiosk by personal code, read "
                                   "the materials there and then say how it "
                                   "was."));
    }
    new_form(v);
    store_trainings_free(t, count);
}

static enum status
add(struct visit *v, int64_t *out_id)
{
    struct store_training t = {0};
    struct store *w = NULL;
    const char *kind = request_form(v->rq, "kind");
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = session_fields_read(v, &t);
    }
    t.kind = kind ? (int)strtol(kind, NULL, 10) : -1;
    if (st == STATUS_OK && (t.kind < 0 || t.kind >= TRAINING_KIND_COUNT)) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        st = store_training_add(w, &t, out_id);
    }
    st = visit_written(v, st, "training", t.title ? t.title : "");
    store_training_clear(&t);
    return st;
}

void
pages_training_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    int64_t id = 0;
    char url[URL_BYTES];
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = rq->method == REQUEST_POST ? add(&v, &id) : STATUS_OK;
    (void)snprintf(url, sizeof(url), "/training/%" PRId64, id);
    if (rq->method != REQUEST_POST
        || visit_again(&v, st, session_fields_why_not(&v, st), url)) {
        list_page(&v, session_fields_why_not(&v, st));
    }
    visit_end(&v);
}

/* --- certificates --------------------------------------------------------- */

static void
certificate_rows(struct visit *v, const struct store_trained *t, size_t count)
{
    static const char *const head[] = {
        N_("No."),   N_("Person"),       N_("Sessions"),
        N_("Hours"), N_("Last session"), N_("Received, signature")};
    struct html *h = &v->html;
    control_table(v, visit_text(v, "For certificates"), head,
                  sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < count; i++) {
        char hours[PAGE_NUMBER_MAX];
        html_open(h, "tr");
        html_open(h, "td");
        html_textf(h, "%zu", i + 1);
        html_close(h, "td");
        html_open(h, "th");
        html_attr(h, "scope", "row");
        html_text(h, t[i].name);
        html_close(h, "th");
        html_open(h, "td");
        html_textf(h, "%lld", (long long)t[i].sessions);
        html_close(h, "td");
        html_element(h, "td", NULL,
                     page_number(v->lang, (double)t[i].minutes / HOUR_MINUTES,
                                 1, hours));
        html_open(h, "td");
        session_fields_day(v, t[i].last_day);
        html_close(h, "td");
        html_element(h, "td", NULL, "");
        html_close(h, "tr");
    }
    control_table_end(v);
}

struct certificates {
    const struct store_trained *trained;
    size_t count;
};

static enum status
each_trained(void *self, dataset_visit *visit, void *ctx)
{
    const struct certificates *c = self;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < c->count && st == STATUS_OK; i++) {
        const struct store_trained *t = &c->trained[i];
        const struct dataset_cell cell[] = {
            {.text = t->name},
            {.number = (double)t->sessions},
            {.number = (double)t->minutes},
            {.text = t->last_day},
        };
        st = visit(ctx, cell);
    }
    return st;
}

static enum status
certificate_file(struct visit *v, struct certificates *c)
{
    const struct dataset_column column[] = {
        {.name = "person",
         .label = {[I18N_EN] = "Person", [I18N_RU] = visit_text(v, "Person")},
         .type = DATASET_TEXT},
        {.name = "sessions",
         .label =
             {[I18N_EN] = "Sessions", [I18N_RU] = visit_text(v, "Sessions")},
         .type = DATASET_NUMBER},
        {.name = "minutes",
         .label = {[I18N_EN] = "Minutes", [I18N_RU] = visit_text(v, "Minutes")},
         .type = DATASET_NUMBER},
        {.name = "last_session",
         .label = {[I18N_EN] = "Last session",
                   [I18N_RU] = visit_text(v, "Last session")},
         .type = DATASET_TEXT},
    };
    const struct dataset d = {.name = "certificates",
                              .column = column,
                              .columns = sizeof(column) / sizeof(column[0]),
                              .rows = c->count,
                              .each = each_trained,
                              .self = c};
    const struct csv_options options = {
        .lang = v->lang, .excel = v->lang == I18N_RU, .labels = true};
    const struct dataset_sink sink = {dataset_to_buf, &v->rs->body};
    visit_download(v, "text/csv; charset=utf-8", "certificates.csv");
    return csv_write(&d, &options, &sink);
}

static void
certificate_page(struct visit *v, const struct certificates *c)
{
    visit_page(v, v->rq->path, visit_text(v, "For certificates"));
    if (c->count == 0) {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "Nobody yet: a session counts once it is "
                                   "over."));
        return;
    }
    html_element(&v->html, "p", NULL,
                 visit_text(v, "Who signed at sessions that are over."));
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(v, "/training/certificates.csv",
                 visit_text(v, "As a spreadsheet (CSV)"), false);
    html_close(&v->html, "div");
    certificate_rows(v, c->trained, c->count);
}

void
pages_training_certificates(void *self, const struct request *rq,
                            struct response *rs)
{
    struct visit v;
    struct store_trained *trained = NULL;
    struct certificates c = {0};
    const char *dot = strrchr(rq->path, '.');
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR | VISIT_HEAD)) {
        return;
    }
    enum status st = store_trained(v.reader, &trained, &c.count);
    c.trained = trained;
    if (st == STATUS_OK && dot) {
        st = certificate_file(&v, &c);
    } else if (st == STATUS_OK) {
        certificate_page(&v, &c);
    }
    if (st < 0) {
        visit_failed(&v, st);
    }
    store_trained_free(trained, c.count);
    visit_end(&v);
}
