#include "collector/web/pages_forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "base/random.h"
#include "collector/web/control.h"
#include "collector/web/opening.h"
#include "collector/web/pictures.h"
#include "collector/web/preview.h"
#include "collector/web/publish.h"
#include "collector/web/visit.h"
#include "xlsform/xlsform.h"

#define LINK_DAYS 90
#define PATH_MAX_BYTES 512

/* --- the list ------------------------------------------------------------- */

static void
faults(struct visit *v, const struct diag *d)
{
    struct html *h = &v->html;
    if (d->count == 0) {
        return;
    }
    html_open(h, "div");
    html_attr(h, "class", "faults");
    html_attr(h, "role", "alert");
    html_element(h, "p", NULL,
                 d->errors > 0
                     ? visit_text(v, "The questionnaire was not added. "
                                     "Correct these places and upload it "
                                     "again:")
                     : visit_text(v, "The questionnaire was added. Please "
                                     "look at these places:"));
    html_open(h, "ul");
    for (size_t i = 0; i < d->count; i++) {
        struct buf line;
        buf_init(&line, 8192);
        diag_entry_print(d, &d->entry[i], &line);
        html_element(h, "li", NULL, line.data);
        buf_deinit(&line);
    }
    html_close(h, "ul");
    html_close(h, "div");
}

static void
upload_form(struct visit *v)
{
    html_element(&v->html, "h2", NULL, visit_text(v, "Upload a questionnaire"));
    control_form(v, "/questionnaires", true);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Spreadsheet"),
                         .name = "file",
                         .type = "file",
                         .accept = ".xlsx,.csv,.xml",
                         .help = visit_text(v, "XLSForm (.xlsx or .csv), or a "
                                               "ready XForm (.xml)."),
                         .required = true});
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Pictures and lists"),
                         .name = "media",
                         .type = "file",
                         .help = visit_text(v, "Files that the questionnaire "
                                               "names, if there are any."),
                         .multiple = true});
    control_button(v, visit_text(v, "Check and add"), true);
    control_form_end(v);
}

static void
forms_table(struct visit *v, const struct store_form *forms, size_t count)
{
    struct html *h = &v->html;
    html_open(h, "ul");
    html_attr(h, "class", "cards waves");
    for (size_t i = 0; i < count; i++) {
        char url[PATH_MAX_BYTES];
        (void)snprintf(url, sizeof(url), "/questionnaires/%lld",
                       (long long)forms[i].id);
        control_card(v, url,
                     *forms[i].title ? forms[i].title : forms[i].form_id);
        html_open(h, "p");
        html_attr(h, "class", "meta");
        html_textf(h, visit_text(v, "%s, version %s, added on "),
                   forms[i].form_id, forms[i].version);
        visit_date(v, forms[i].added_ms);
        html_close(h, "p");
        html_close(h, "li");
    }
    html_close(h, "ul");
}

static void
list_page(struct visit *v, const struct diag *d)
{
    struct store_form *forms = NULL;
    size_t count = 0;
    enum status st = store_forms(v->reader, &forms, &count);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, "/questionnaires", visit_text(v, "Questionnaires"));
    faults(v, d);
    if (count > 0) {
        forms_table(v, forms, count);
    }
    upload_form(v);
    store_forms_free(forms, count);
}

/* --- taking one in -------------------------------------------------------- */

/* Files that came with the questionnaire. */
struct uploads {
    const struct request *rq;
    struct store *keep; /* NULL: only to be read */
    int64_t form;
};

static enum status
read_upload(void *self, const char *name, struct buf *out)
{
    const struct uploads *u = self;
    for (size_t i = 0; i < u->rq->field_count; i++) {
        const struct request_field *f = &u->rq->field[i];
        if (!f->file_name || strcmp(f->name, "media") != 0
            || strcmp(f->file_name, name) != 0) {
            continue;
        }
        buf_put(out, f->value.data, f->value.len);
        enum status st = buf_status(out);
        if (st == STATUS_OK && u->keep) {
            st = store_media_put(u->keep, u->form, name, f->value.data,
                                 f->value.len);
        }
        return st;
    }
    return STATUS_E_NOT_FOUND;
}

static enum status
to_xform(const struct request_field *file, struct diag *d, struct buf *xform)
{
    enum xlsform_format format = XLSFORM_XLSX;
    size_t len = strlen(file->file_name);
    if (len > 4 && strcmp(file->file_name + len - 4, ".xml") == 0) {
        buf_put(xform, file->value.data, file->value.len);
        return buf_status(xform);
    }
    const struct diag_where where = {.file = file->file_name};
    if (xlsform_format_of(file->file_name, &format) < 0) {
        return diag_add(d, DIAG_ERROR, &where,
                        N_("this is not a questionnaire: it must be .xlsx, "
                           ".csv or .xml"));
    }
    const struct xlsform_options options = {.file = file->file_name};
    return xlsform_compile(file->value.data, file->value.len, format, &options,
                           d, xform);
}

/* What a form shows, and who is told what is missing. */
struct shown {
    struct uploads *uploads;
    struct diag *d;
};

/* A picture that did not come is no fault: the questionnaire can be answered
 * without, and sent again with it. */
static enum status
keep_shown(void *self, const char *name)
{
    struct shown *s = self;
    struct buf file;
    buf_init(&file, PAGES_FORMS_UPLOAD_MAX_BYTES);
    enum status st = read_upload(s->uploads, name, &file);
    if (st == STATUS_E_NOT_FOUND) {
        st = store_media(s->uploads->keep, s->uploads->form, name, &file);
        st = st < 0 ? st : STATUS_OK;
    }
    bool missing = st == STATUS_OK && file.len == 0;
    buf_deinit(&file);
    const struct diag_where where = {.file = name};
    return missing ? diag_add(s->d, DIAG_WARNING, &where,
                              N_("the questionnaire shows this file, but it "
                                 "did not come: upload both together"))
                   : st;
}

/* Check and keep, with its media, in one transaction. */
static enum status
add(struct visit *v, const struct buf *xform, struct diag *d, int64_t *out_id)
{
    struct uploads u = {.rq = v->rq};
    const struct form_env env = {.read_file = read_upload, .self = &u};
    struct form *again = NULL;
    int64_t serial = 0; /* kiosks fetch the files that came */
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = publish_form(w, xform, &env, desk_now_ms(v->desk), d, out_id);
    }
    if (st >= 0) {
        /* Loaded once more now that there is a place to keep what it reads. */
        struct shown shown = {&u, d};
        u.keep = w;
        u.form = *out_id;
        st = form_load(xform->data, xform->len, &env, NULL, &again);
        if (st == STATUS_OK) {
            st = form_files(again, keep_shown, &shown);
        }
        if (st >= 0) {
            st = visit_audit(v, w, "questionnaire", form_id(again));
        }
        form_free(again);
    }
    if (st == STATUS_OK) {
        st = store_number_next(w, STORE_SERIAL, &serial);
    }
    st = visit_written(v, st, NULL, "");
    if (st == STATUS_OK) {
        pictures_forget(v->desk, *out_id);
    }
    return st;
}

static void
upload(struct visit *v)
{
    const struct request_field *file = request_file(v->rq, "file");
    int64_t id = 0;
    struct diag d;
    struct buf xform;
    diag_init(&d, v->lang);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    enum status st = file ? to_xform(file, &d, &xform) : STATUS_E_INVALID;
    if (st == STATUS_OK) {
        st = add(v, &xform, &d, &id);
    }
    if (st >= 0 && d.count == 0) {
        char url[PATH_MAX_BYTES];
        (void)snprintf(url, sizeof(url), "/questionnaires/%lld", (long long)id);
        response_redirect(v->rs, url);
    } else if (st >= 0 || st == STATUS_E_INVALID || st == STATUS_E_CONFLICT
               || st == STATUS_E_LIMIT || st == STATUS_E_UNSUPPORTED) {
        v->rs->status = st < 0 ? 422 : 200;
        list_page(v, &d);
    } else {
        visit_failed(v, st);
    }
    visit_page_end(v);
    buf_deinit(&xform);
    diag_deinit(&d);
}

void
pages_forms_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    if (rq->method == REQUEST_POST) {
        upload(&v);
    } else {
        const struct diag none = {.lang = v.lang};
        list_page(&v, &none);
    }
    visit_end(&v);
}

/* --- one ------------------------------------------------------------------ */

static void
wave_row(struct visit *v, const struct store_wave *w)
{
    struct html *h = &v->html;
    char url[PATH_MAX_BYTES];
    (void)snprintf(url, sizeof(url), "/summary/%.400s", w->name);
    html_open(h, "li");
    html_attr(h, "class", "card");
    html_open(h, "h3");
    html_open(h, "a");
    html_attr_url(h, "href", url);
    html_text(h, *w->title ? w->title : w->name);
    html_close(h, "a");
    html_close(h, "h3");
    html_open(h, "p");
    html_attr(h, "class", "meta");
    html_textf(h, "%s ",
               w->closed_ms ? visit_text(v, "closed on")
                            : visit_text(v, "open since"));
    visit_date(v, w->closed_ms ? w->closed_ms : w->opened_ms);
    html_text(h, " · ");
    int64_t came = w->answers + w->waiting;
    html_textf(h,
               i18n_plural(v->lang, "%lld answer", "%lld answers",
                           (unsigned long)came),
               (long long)came);
    html_close(h, "p");
    if (w->kind == RECORD_ANONYMOUS || w->kind == RECORD_SLIP) {
        opening_groups(v, w);
    }
    html_open(h, "div");
    html_attr(h, "class", "actions");
    if (w->closed_ms == 0) {
        control_action(v, "/waves/close", "wave", w->name,
                       visit_text(v, "Close the wave"), NULL);
    }
    if (w->kind == RECORD_ANONYMOUS || w->kind == RECORD_SLIP) {
        control_action(v, "/waves/link", "wave", w->name,
                       visit_text(v, "Reading link"), NULL);
    }
    if (w->kind == RECORD_SLIP) {
        (void)snprintf(url, sizeof(url), "/slips/%.400s", w->name);
        control_link(v, url, visit_text(v, "Slips"), false);
    }
    html_close(h, "div");
    html_close(h, "li");
}

static void
waves_of(struct visit *v, int64_t form)
{
    struct store_wave *waves = NULL;
    size_t count = 0;
    bool any = false;
    if (store_waves(v->reader, &waves, &count) < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    for (size_t i = 0; i < count; i++) {
        if (waves[i].form != form) {
            continue;
        }
        if (!any) {
            html_element(&v->html, "h2", NULL, visit_text(v, "Waves"));
            html_open(&v->html, "ul");
            html_attr(&v->html, "class", "cards waves");
            any = true;
        }
        wave_row(v, &waves[i]);
    }
    if (any) {
        html_close(&v->html, "ul");
    }
    store_waves_free(waves, count);
}

static void
one_page(struct visit *v, const struct store_form *form, const char *fault)
{
    char path[PATH_MAX_BYTES];
    visit_page(v, v->rq->path, *form->title ? form->title : form->form_id);
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "meta");
    html_textf(&v->html, visit_text(v, "%s, version %s, added on "),
               form->form_id, form->version);
    visit_date(v, form->added_ms);
    html_close(&v->html, "p");
    (void)snprintf(path, sizeof(path), "/questionnaires/preview/%lld",
                   (long long)form->id);
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(v, path, visit_text(v, "As the kiosk shows it"), false);
    html_close(&v->html, "div");
    waves_of(v, form->id);
    opening_plans(v, form->id);
    opening_form(v, form, fault);
    preview_form(v, form->id);
    visit_page_end(v);
}

void
pages_forms_one(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    struct store_form form = {0};
    enum status st = store_form(v.reader, strtoll(rq->tail, NULL, 10), &form);
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st == STATUS_OK && rq->method == REQUEST_POST) {
        const char *fault = NULL;
        st = opening_take(&v, &form, &fault);
        if (visit_again(&v, st, fault, rq->path)) {
            one_page(&v, &form, fault);
        }
    } else if (st == STATUS_OK) {
        one_page(&v, &form, NULL);
    } else {
        visit_failed(&v, st);
    }
    store_form_clear(&form);
    visit_end(&v);
}

/* --- waves ---------------------------------------------------------------- */

void
pages_forms_close(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const char *name = request_form(rq, "wave");
    int64_t serial = 0;
    struct store_wave wave = {0};
    struct store *w = NULL;
    enum status st = visit_write(&v, &w);
    if (st == STATUS_OK) {
        st = store_wave(w, name ? name : "", &wave);
    }
    if (st == STATUS_OK) {
        st = store_wave_close(w, wave.id, desk_now_ms(v.desk));
    }
    if (st == STATUS_OK) {
        st = store_number_next(w, STORE_SERIAL, &serial);
    }
    st = visit_written(&v, st, "close", wave.name);
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        char url[PATH_MAX_BYTES];
        (void)snprintf(url, sizeof(url), "/questionnaires/%lld",
                       (long long)wave.form);
        response_redirect(rs, wave.form ? url : "/questionnaires");
    }
    store_wave_clear(&wave);
    visit_end(&v);
}

static enum status
add_link(struct visit *v, const char *name, char key[VISIT_HEX_CHARS + 1])
{
    uint8_t token[VISIT_TOKEN_BYTES];
    struct seal_hash hash;
    struct store_wave wave = {0};
    random_bytes(token, sizeof(token));
    seal_hash(token, sizeof(token), NULL, 0, &hash);
    visit_hex(token, sizeof(token), key);
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = store_wave(w, name, &wave);
    }
    if (st == STATUS_OK) {
        st = store_link_add(w, &hash, wave.id,
                            desk_now_ms(v->desk) + LINK_DAYS * DAY_MS);
    }
    st = visit_written(v, st, "link", wave.name);
    store_wave_clear(&wave);
    return st;
}

void
pages_forms_link(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char key[VISIT_HEX_CHARS + 1] = "";
    const char *name = request_form(rq, "wave");
    const char *host = request_header(rq, "Host");
    enum status st = add_link(&v, name ? name : "", key);
    if (st < 0) {
        visit_failed(&v, st);
    } else if (st == STATUS_NONE) {
        response_redirect(rs, "/questionnaires");
    } else {
        visit_page(&v, "/questionnaires", visit_text(&v, "Reading link"));
        html_element(&v.html, "p", "lead",
                     visit_text(&v, "Whoever has this address reads this "
                                    "summary without an account, for 90 days. "
                                    "It is shown only now."));
        html_open(&v.html, "p");
        html_open(&v.html, "code");
        html_textf(&v.html, "https://%s/summary/%s?key=%s", host ? host : "",
                   name, key);
        html_close(&v.html, "code");
        html_close(&v.html, "p");
        visit_page_end(&v);
    }
    buf_wipe(key, sizeof(key));
    visit_end(&v);
}
