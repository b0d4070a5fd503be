#include "collector/web/pages_kiosks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "collector/web/control.h"
#include "collector/web/visit.h"
#include "wire/enrol.h"

#define CODE_DAYS 7
#define KEY_HEX_CHARS (2 * SEAL_SIGN_PUBLIC_BYTES)

static void
revoke_button(struct visit *v, const struct store_kiosk *k)
{
    char key[KEY_HEX_CHARS + 1];
    visit_hex(k->key.bytes, sizeof(k->key.bytes), key);
    control_action(v, "/kiosks/revoke", "key", key,
                   visit_text(v, "Lost: let it in no more"), "plain");
}

static enum status
waiting_line(void *self, const struct store_kiosk_waiting *w)
{
    static const char *const steps[] = {N_("few"), N_("50 or more"),
                                        N_("500 or more"), N_("5,000 or more")};
    struct visit *v = self;
    html_open(&v->html, "div");
    html_textf(&v->html, "%s: %s",
               *w->form_id ? w->form_id : visit_text(v, "other questionnaires"),
               visit_text(v, steps[w->step]));
    html_close(&v->html, "div");
    return STATUS_OK;
}

/* What it has told of itself. */
static void
kiosk_state(struct visit *v, const struct store_kiosk *k, int64_t serial)
{
    struct html *h = &v->html;
    html_open(h, "td");
    html_element(h, "div", NULL,
                 k->revoked            ? visit_text(v, "revoked")
                 : k->serial != serial ? visit_text(v, "questionnaires out of "
                                                       "date, will be fetched")
                                       : visit_text(v, "up to date"));
    if (*k->program) {
        html_open(h, "div");
        html_attr(h, "class", "help");
        html_textf(h, visit_text(v, "program %s"), k->program);
        html_close(h, "div");
    }
    html_close(h, "td");
    html_open(h, "td");
    size_t before = html_raw(h)->len;
    if (store_kiosk_waiting_each(v->reader, &k->key, waiting_line, v) < 0
        || html_raw(h)->len == before) {
        html_text(h, visit_text(v, "few or none"));
    }
    html_close(h, "td");
}

static void
kiosk_row(struct visit *v, const struct store_kiosk *k, int64_t serial)
{
    struct html *h = &v->html;
    html_open(h, "tr");
    html_element(h, "td", NULL, *k->name ? k->name : "—");
    html_open(h, "td");
    visit_date(v, k->enrolled_ms);
    html_close(h, "td");
    html_open(h, "td");
    if (k->seen_ms > 0) {
        visit_date(v, k->seen_ms);
    } else {
        html_text(h, visit_text(v, "never"));
    }
    html_close(h, "td");
    kiosk_state(v, k, serial);
    html_open(h, "td");
    if (!k->revoked) {
        revoke_button(v, k);
    }
    html_close(h, "td");
    html_close(h, "tr");
}

static void
kiosk_table(struct visit *v, const struct store_kiosk *kiosks, size_t count,
            int64_t serial)
{
    static const char *const heads[] = {N_("Kiosk"),
                                        N_("Enrolled"),
                                        N_("Last seen"),
                                        N_("State"),
                                        N_("Answers waiting there"),
                                        N_("Change it")};
    control_table(v, visit_text(v, "Kiosks"), heads,
                  sizeof(heads) / sizeof(heads[0]));
    for (size_t i = 0; i < count; i++) {
        kiosk_row(v, &kiosks[i], serial);
    }
    control_table_end(v);
}

static void
kiosks_page(struct visit *v, const char *code)
{
    struct store_kiosk *kiosks = NULL;
    size_t count = 0;
    int64_t serial = 0;
    enum status st = store_kiosks(v->reader, &kiosks, &count);
    if (st == STATUS_OK) {
        st = store_number(v->reader, STORE_SERIAL, &serial);
    }
    if (st < 0) {
        visit_failed(v, st);
        store_kiosks_free(kiosks, count);
        return;
    }
    visit_page(v, "/kiosks", visit_text(v, "Kiosks"));
    if (code) {
        control_secret(v,
                       visit_text(v, "Type this code at the kiosk within seven "
                                     "days. It lets in one kiosk, once, and is "
                                     "shown only now."),
                       code, true);
    }
    if (count > 0) {
        kiosk_table(v, kiosks, count, serial);
    } else {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "No kiosk is enrolled yet."));
    }
    control_see(v, "/kiosks/settings",
                visit_text(v, "Voting session, PIN of the staff menu, hours of "
                              "service"));
    control_see(v, "/stick", visit_text(v, "Answers came on a USB stick"));
    html_element(&v->html, "h2", NULL, visit_text(v, "Enrol a kiosk"));
    control_form(v, "/kiosks", false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Where it stands"),
                         .name = "name",
                         .type = "text",
                         .help = visit_text(v, "For example “staff room”."),
                         .required = true});
    control_button(v, visit_text(v, "Make a code"), true);
    control_form_end(v);
    store_kiosks_free(kiosks, count);
}

static enum status
new_code(struct visit *v, char text[ENROL_CODE_CHARS + 1])
{
    const char *name = request_form(v->rq, "name");
    struct enrol_code code;
    struct seal_hash secret;
    if (!name || strlen(name) > ENROL_NAME_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    enrol_code_new(&v->desk->home.identity, &code);
    enrol_secret_hash(code.secret, &secret);
    enrol_code_print(&code, text);
    buf_wipe(&code, sizeof(code));
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = store_enrol_code_add(w, &secret, name,
                                  desk_now_ms(v->desk) + CODE_DAYS * DAY_MS);
    }
    return visit_written(v, st, "enrol", name);
}

void
pages_kiosks_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR | VISIT_TECHNICIAN)) {
        return;
    }
    char code[ENROL_CODE_CHARS + 1] = "";
    enum status st =
        rq->method == REQUEST_POST ? new_code(&v, code) : STATUS_OK;
    if (st < 0 && st != STATUS_E_INVALID) {
        visit_failed(&v, st);
    } else {
        kiosks_page(&v, *code ? code : NULL);
    }
    visit_end(&v);
}

static enum status
revoke(struct store *w, void *ctx)
{
    return store_kiosk_revoke(w, ctx);
}

void
pages_kiosks_revoke(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR | VISIT_TECHNICIAN)) {
        return;
    }
    struct seal_sign_public key;
    enum status st = STATUS_NONE;
    if (visit_unhex(request_form(rq, "key"), key.bytes, sizeof(key.bytes))) {
        st = visit_change(&v, revoke, &key, "revoke", "");
    }
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        response_redirect(rs, "/kiosks");
    }
    visit_end(&v);
}
