#include "collector/web/pages_documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/web/control.h"
#include "collector/web/paper_desk.h"
#include "collector/web/paper_docx.h"
#include "collector/web/paper_pdf.h"
#include "collector/web/visit.h"

#define URL_BYTES 96
#define DOCX_TYPE                                                     \
    "application/vnd.openxmlformats-officedocument.wordprocessingml." \
    "document"

/* --- the list ------------------------------------------------------------- */

static void
setting_input(struct visit *v, const char *order, const char *name,
              const char *label, const char *type)
{
    struct buf value;
    buf_init(&value, PAPER_VALUE_MAX_BYTES);
    if (paper_desk_setting(v->reader, order, name, &value) >= 0) {
        control_input(v, &(const struct control){.label = label,
                                                 .name = name,
                                                 .type = type,
                                                 .value = value.data});
    }
    buf_deinit(&value);
}

static void
list_page(struct visit *v, const char *fault)
{
    static const char *const head[] = {N_("Document"), N_("Stage")};
    struct html *h = &v->html;
    size_t count = 0;
    const struct paper_template *t = paper_desk_templates(&count);
    visit_page(v, "/documents", visit_text(v, "Documents"));
    control_fault(v, fault);
    html_element(h, "p", "lead",
                 visit_text(v, "Samples to adapt to the acts of the preschool, "
                               "filled with what is known here. What is "
                               "missing is marked."));
    control_table(v, visit_text(v, "Documents"), head,
                  sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < count; i++) {
        char url[URL_BYTES];
        (void)snprintf(url, sizeof(url), "/documents/%s", t[i].name);
        html_open(h, "tr");
        html_open(h, "th");
        html_attr(h, "scope", "row");
        html_open(h, "a");
        html_attr_url(h, "href", url);
        html_text(h, visit_text(v, t[i].title));
        html_close(h, "a");
        html_close(h, "th");
        html_open(h, "td");
        html_textf(h, "%d", t[i].stage);
        html_close(h, "td");
        html_close(h, "tr");
    }
    control_table_end(v);
    html_element(h, "h2", NULL, visit_text(v, "Filled in once for all"));
    control_form(v, "/documents", false);
    for (size_t i = 0; i < PAPER_SETTINGS; i++) {
        setting_input(v, NULL, paper_settings[i].name,
                      visit_text(v, paper_settings[i].label), "text");
    }
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
}

static const char *
why_not(struct visit *v, enum status st)
{
    return st == STATUS_E_LIMIT ? visit_text(v, "That text is too long.")
                                : NULL;
}

static enum status
save(struct visit *v, const char *order, const char *const *names, size_t count)
{
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        const char *value = request_form(v->rq, names[i]);
        st = paper_desk_set(w, order, names[i], value ? value : "");
    }
    return visit_written(v, st, "papers", order ? order : "");
}

void
pages_documents_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    const char *names[PAPER_SETTINGS];
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    for (size_t i = 0; i < PAPER_SETTINGS; i++) {
        names[i] = paper_settings[i].name;
    }
    const bool post = rq->method == REQUEST_POST;
    enum status st = post ? save(&v, NULL, names, PAPER_SETTINGS) : STATUS_OK;
    if (!post || visit_again(&v, st, why_not(&v, st), "/documents")) {
        list_page(&v, why_not(&v, st));
    }
    visit_end(&v);
}

/* --- one ------------------------------------------------------------------ */

struct writer {
    struct visit *v;
    bool in_list;
};

static void
write_runs(struct writer *w, const char *cell)
{
    struct html *h = &w->v->html;
    struct paper_run run;
    bool bold = false;
    while (paper_next(&cell, &bold, &run)) {
        char name[TEMPLATE_NAME_MAX_BYTES];
        if (run.missing && run.len < sizeof(name)) {
            memcpy(name, run.text, run.len);
            name[run.len] = '\0';
            html_element(h, "mark", NULL,
                         visit_text(w->v, paper_desk_label(name)));
        } else {
            if (run.bold) {
                html_open(h, "strong");
            }
            html_textf(h, "%.*s", (int)run.len, run.text);
            if (run.bold) {
                html_close(h, "strong");
            }
        }
    }
}

static void
write_row(struct writer *w, const struct paper_block *b)
{
    struct html *h = &w->v->html;
    if (b->kind == PAPER_HEADS) {
        html_open(h, "table");
    }
    html_open(h, "tr");
    for (size_t i = 0; i < b->cells; i++) {
        html_open(h, b->kind == PAPER_HEADS ? "th" : "td");
        write_runs(w, b->cell[i]);
        html_close(h, b->kind == PAPER_HEADS ? "th" : "td");
    }
    html_close(h, "tr");
}

static void
write_block(void *self, const struct paper_block *b)
{
    static const char *const element[] = {[PAPER_TITLE] = "h2",
                                          [PAPER_PART] = "h3",
                                          [PAPER_TEXT] = "p",
                                          [PAPER_POINT] = "li"};
    struct writer *w = self;
    struct html *h = &w->v->html;
    if (w->in_list && b->kind != PAPER_POINT) {
        html_close(h, "ul");
        w->in_list = false;
    }
    if (b->kind == PAPER_HEADS || b->kind == PAPER_ROW) {
        write_row(w, b);
        return;
    }
    if (b->kind == PAPER_TABLE_END) {
        html_close(h, "table");
        return;
    }
    if (b->kind == PAPER_POINT && !w->in_list) {
        html_open(h, "ul");
        w->in_list = true;
    }
    html_open(h, element[b->kind]);
    if (b->close) {
        html_attr(h, "class", "close");
    }
    write_runs(w, b->cell[0]);
    html_close(h, element[b->kind]);
}

static enum status
write_copies(struct visit *v, const struct paper_desk *p)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < p->copies && st == STATUS_OK; i++) {
        struct writer w = {.v = v};
        html_open(&v->html, "article");
        html_attr(&v->html, "class", "paper");
        st = paper_read(&p->copy[i], write_block, &w);
        if (w.in_list) {
            html_close(&v->html, "ul");
        }
        html_close(&v->html, "article");
    }
    return st;
}

static void
order_form(struct visit *v, const struct paper_template *t)
{
    if (!t->order) {
        return;
    }
    html_open(&v->html, "details");
    html_attr(&v->html, "class", "aside");
    html_element(&v->html, "summary", NULL,
                 visit_text(v, "Date and number of this document"));
    control_form(v, v->rq->path, false);
    setting_input(v, t->order, "date", visit_text(v, "Date"), "date");
    setting_input(v, t->order, "number", visit_text(v, "Number of the order"),
                  "text");
    control_button(v, visit_text(v, "Save"), false);
    control_form_end(v);
    html_close(&v->html, "details");
}

static enum status
one_page(struct visit *v, const struct paper_template *t, const char *fault)
{
    struct paper_desk p;
    char url[URL_BYTES];
    enum status st = paper_desk_load(v->reader, t, &p);
    if (st < 0) {
        return st;
    }
    (void)snprintf(url, sizeof(url), "/documents/%s.pdf", t->name);
    visit_page(v, v->rq->path, visit_text(v, t->title));
    control_fault(v, fault);
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(v, url, visit_text(v, "As PDF"), true);
    (void)snprintf(url, sizeof(url), "/documents/%s.docx", t->name);
    control_link(v, url, visit_text(v, "For a word processor (.docx)"), false);
    control_link(v, "/documents", visit_text(v, "All documents"), false);
    html_close(&v->html, "div");
    order_form(v, t);
    if (p.copies == 0) {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "There are no pairs yet: this document is "
                                   "for each of them."));
    }
    st = write_copies(v, &p);
    paper_desk_clear(&p);
    return st;
}

static enum status
as_file(struct visit *v, const struct paper_template *t, bool pdf)
{
    struct paper_desk p;
    char name[URL_BYTES];
    const struct dataset_sink sink = {dataset_to_buf, &v->rs->body};
    enum status st = paper_desk_load(v->reader, t, &p);
    if (st < 0) {
        return st;
    }
    (void)snprintf(name, sizeof(name), "%s.%s", t->name, pdf ? "pdf" : "docx");
    st = pdf ? paper_pdf_write(&p, visit_text(v, t->title), v->lang, &sink)
             : paper_docx_write(&p, &v->rs->body);
    if (st == STATUS_OK) {
        visit_download(v, pdf ? "application/pdf" : DOCX_TYPE, name);
    } else {
        buf_clear(&v->rs->body);
    }
    paper_desk_clear(&p);
    return st;
}

void
pages_documents_one(void *self, const struct request *rq, struct response *rs)
{
    static const char *const names[] = {"date", "number"};
    struct visit v;
    const size_t len = strcspn(rq->tail, ".");
    const bool pdf = strcmp(rq->tail + len, ".pdf") == 0;
    const bool file = pdf || strcmp(rq->tail + len, ".docx") == 0;
    const struct paper_template *t = paper_desk_find(rq->tail, len);
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = STATUS_OK;
    if (!t || (rq->tail[len] && !file)
        || (rq->method == REQUEST_POST && !t->order)) {
        visit_missing(&v);
    } else if (rq->method == REQUEST_POST) {
        st = save(&v, t->order, names, 2);
        if (visit_again(&v, st, why_not(&v, st), rq->path)) {
            st = one_page(&v, t, why_not(&v, st));
        } else {
            st = STATUS_OK; /* said already */
        }
    } else {
        st = file ? as_file(&v, t, pdf) : one_page(&v, t, NULL);
    }
    if (st < 0) {
        visit_failed(&v, st);
    }
    visit_end(&v);
}
