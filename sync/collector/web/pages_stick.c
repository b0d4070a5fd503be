#include "collector/web/pages_stick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/web/carried.h"
#include "collector/web/control.h"
#include "collector/web/visit.h"
#include "wire/bundle.h"

#define ROLES (VISIT_COORDINATOR | VISIT_TECHNICIAN)
#define KEY_HEX_CHARS (2 * SEAL_SIGN_PUBLIC_BYTES)
#define HEADER_MAX_BYTES 160

static void
upload_form(struct visit *v)
{
    html_element(&v->html, "p", "lead",
                 visit_text(v, "At the kiosk the staff menu has written its "
                               "answers to the folder “anketa” of the stick."));
    control_form(v, "/stick", true);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Files of the stick"),
                         .name = "file",
                         .type = "file",
                         .accept = ".batch",
                         .help = visit_text(v, "Those that end in .batch; you "
                                               "may choose several at once."),
                         .multiple = true,
                         .required = true});
    control_button(v, visit_text(v, "Take them in"), true);
    control_form_end(v);
}

static void
save_button(struct visit *v, const char *action, const char *label,
            const char *fields[][2], size_t count)
{
    control_form_bare(v, action);
    for (size_t i = 0; i < count; i++) {
        control_hidden(v, fields[i][0], fields[i][1]);
    }
    html_element(&v->html, "button", NULL, label);
    control_form_end(v);
}

/* What is to be saved on the stick. */
static enum status
offer(struct visit *v, const struct carried *c, const struct buf *receipt)
{
    char key[KEY_HEX_CHARS + 1];
    char *data = malloc(2 * receipt->len + 1);
    if (!data) {
        return log_oom("stick");
    }
    visit_hex(receipt->data, receipt->len, data);
    visit_hex(c->kiosk.bytes, sizeof(c->kiosk.bytes), key);
    const char *receipt_fields[][2] = {{"name", c->receipt_name},
                                       {"data", data}};
    const char *library_fields[][2] = {{"kiosk", key}};
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    save_button(v, "/stick/receipt", visit_text(v, "Save the receipt"),
                receipt_fields, 2);
    save_button(v, "/stick/library", visit_text(v, "Save the questionnaires"),
                library_fields, 1);
    html_close(&v->html, "div");
    free(data);
    return STATUS_OK;
}

static enum status
report(struct visit *v, const char *name, const struct carried *c,
       const struct buf *receipt)
{
    struct html *h = &v->html;
    enum status st = STATUS_OK;
    html_open(h, "li");
    html_attr(h, "class", "card");
    html_element(h, "h2", NULL, name);
    html_open(h, "p");
    if (c->outcome == CARRIED_FOREIGN) {
        html_text(h, visit_text(v, "This is not a file of a kiosk, or it is "
                                   "damaged. Nothing was taken from it."));
    } else if (c->outcome == CARRIED_STRANGER) {
        html_text(h, visit_text(v, "It comes from a kiosk that is not enrolled "
                                   "here. Nothing was taken from it."));
    } else {
        html_textf(h,
                   i18n_plural(v->lang, "%zu answer taken in.",
                               "%zu answers taken in.",
                               (unsigned long)(c->records - c->refused)),
                   c->records - c->refused);
        if (c->refused > 0) {
            html_text(h, " ");
            html_textf(h, visit_text(v, "Put aside: %zu."), c->refused);
        }
    }
    html_close(h, "p");
    if (c->outcome == CARRIED_TAKEN) {
        st = offer(v, c, receipt);
    }
    html_close(h, "li");
    return st;
}

static enum status
take(struct visit *v, const struct request_field *f)
{
    struct carried c;
    struct buf receipt;
    buf_init(&receipt, RECEIPT_MAX_BYTES);
    struct store *w = desk_writer(v->desk);
    const struct carried_to to = {&v->desk->home, &v->desk->ingest, v->reader,
                                  w};
    enum status st =
        carried_take(&to, f->value.data, f->value.len, &receipt, &c);
    if (st == STATUS_OK && c.outcome == CARRIED_TAKEN) {
        st = store_kiosk_touch(w, &c.kiosk, -1, desk_now_ms(v->desk));
    }
    desk_writer_give(v->desk);
    if (st == STATUS_OK) {
        st = report(v, f->file_name, &c, &receipt);
    }
    buf_deinit(&receipt);
    return st;
}

static void
take_all(struct visit *v)
{
    enum status st = STATUS_OK;
    html_element(&v->html, "p", "lead",
                 visit_text(v, "Save what stands below into the folder "
                               "“anketa” of the stick, and take the stick back "
                               "to the kiosk."));
    html_open(&v->html, "ul");
    html_attr(&v->html, "class", "cards waves");
    for (size_t i = 0; st == STATUS_OK && i < v->rq->field_count; i++) {
        const struct request_field *f = &v->rq->field[i];
        if (f->file_name && *f->file_name && strcmp(f->name, "file") == 0) {
            st = take(v, f);
        }
    }
    html_close(&v->html, "ul");
    if (st < 0) {
        html_element(&v->html, "p", "warning",
                     visit_text(v, "Not all could be taken in. Try the files "
                                   "again: what was taken is not taken "
                                   "twice."));
    }
}

void
pages_stick(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, ROLES)) {
        return;
    }
    visit_page(&v, "/stick", visit_text(&v, "Answers on a USB stick"));
    if (rq->method == REQUEST_POST) {
        take_all(&v);
    }
    upload_form(&v);
    visit_end(&v);
}

void
pages_stick_receipt(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, ROLES)) {
        return;
    }
    const char *name = request_form(rq, "name");
    const char *data = request_form(rq, "data");
    size_t len = data ? strlen(data) / 2 : 0;
    char *to = name && stick_is(name, STICK_RECEIPT, NULL) && len > 0
                   ? buf_extend(&rs->body, len)
                   : NULL;
    if (to && visit_unhex(data, to, len)) {
        visit_download(&v, "application/octet-stream", name);
    } else {
        buf_clear(&rs->body);
        visit_missing(&v);
    }
    visit_end(&v);
}

void
pages_stick_library(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct seal_sign_public kiosk;
    char name[STICK_NAME_BYTES];
    if (!visit_begin(&v, self, rq, rs, ROLES)) {
        return;
    }
    enum status st = STATUS_E_AUTH;
    if (visit_unhex(request_form(rq, "kiosk"), kiosk.bytes,
                    sizeof(kiosk.bytes))) {
        st = carried_library(&v.desk->home, v.reader, &kiosk, &rs->body);
    }
    if (st == STATUS_OK) {
        stick_name(STICK_LIBRARY, &kiosk, NULL, name);
        visit_download(&v, "application/octet-stream", name);
    } else {
        buf_clear(&rs->body);
        if (st == STATUS_E_AUTH) {
            visit_missing(&v);
        } else {
            visit_failed(&v, st);
        }
    }
    visit_end(&v);
}
