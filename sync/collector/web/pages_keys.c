#include "collector/web/pages_keys.h"

#include <string.h>

#include "collector/renewal.h"
#include "collector/store/recovery.h"
#include "collector/web/control.h"
#include "collector/web/visit.h"

static void
passphrase_part(struct visit *v)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "Passphrase"));
    if (v->desk->home.keys.guarded) {
        html_element(h, "p", NULL,
                     visit_text(v, "Set: the collector asks for it whenever it "
                                   "starts. Who copies its folder opens no "
                                   "waiting answer."));
    } else {
        html_element(h, "p", NULL,
                     visit_text(v, "Not set: who copies the collector’s folder "
                                   "has its keys. The technician sets one "
                                   "while the collector is stopped:"));
        html_open(h, "p");
        html_element(h, "code", NULL, "anketa-collector keys protect FOLDER");
        html_close(h, "p");
    }
}

static void
sheet_part(struct visit *v)
{
    struct html *h = &v->html;
    struct desk *d = v->desk;
    char name[RECOVERY_NAME_CHARS + 1] = "";
    (void)desk_writer(d); /* its lock guards the sheet's key */
    if (d->home.keys.has_recovery) {
        recovery_name(&d->home.keys.recovery, name);
    }
    desk_writer_give(d);
    html_element(h, "h2", NULL, visit_text(v, "Recovery sheet"));
    html_open(h, "p");
    if (*name) {
        html_textf(h, visit_text(v, "The sheet %s opens keys and backups."),
                   name);
    } else {
        html_text(h, visit_text(v, "There is none yet."));
    }
    html_close(h, "p");
    control_see(v, "/backup", visit_text(v, "Print a sheet, make a backup"));
}

/* A wish that waits was not fulfilled at once. */
static void
waiting_part(struct visit *v)
{
    struct html *h = &v->html;
    html_open(h, "div");
    html_attr(h, "class", "warning");
    html_element(h, "p", NULL,
                 visit_text(v, "New keys are wished, but a command is using "
                               "the keys. They come when the collector is "
                               "started the next time."));
    html_close(h, "div");
    control_action(v, "/keys/renew", "what", "0",
                   visit_text(v, "Leave the keys as they are"), "plain");
}

static void
wish_button(struct visit *v, enum renewal what, const char *label,
            const char *look)
{
    const char number[] = {(char)('0' + (int)what), '\0'};
    control_action(v, "/keys/renew", "what", number, label, look);
}

static void
seal_part(struct visit *v, bool waiting)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "Renew the key of the answers"));
    html_element(h, "p", NULL,
                 visit_text(v, "Kiosks go on as they are: they seal to the new "
                               "key once they have fetched the questionnaires "
                               "again. What waits there under the old one can "
                               "still be read. Enrolment codes that nobody has "
                               "used by then no longer work: make new ones."));
    if (v->desk->home.keys.seal_count == KEYS_SEAL_MAX) {
        html_element(h, "p", NULL,
                     visit_text(v, "It was renewed as often as can be."));
    } else if (!waiting) {
        wish_button(v, RENEWAL_SEAL, visit_text(v, "Renew it now"), NULL);
    }
}

static void
list_kiosk(void *self, const char *kiosk)
{
    struct visit *v = self;
    html_element(&v->html, "li", NULL, kiosk);
}

static void
switch_part(struct visit *v, size_t behind)
{
    struct html *h = &v->html;
    if (behind == 0) {
        html_element(h, "p", NULL,
                     visit_text(v, "The next keys are announced, and every "
                                   "kiosk has heard of them. Your browser will "
                                   "ask once more whether to trust the "
                                   "certificate."));
        wish_button(v, RENEWAL_SWITCH, visit_text(v, "Take them into use"),
                    NULL);
        return;
    }
    html_element(h, "p", NULL,
                 visit_text(v, "The next keys are announced. These kiosks have "
                               "not heard of them yet; wait until they were on "
                               "the network:"));
    html_open(h, "ul");
    if (renewal_behind(v->reader, list_kiosk, v, &behind) < 0) {
        html_element(h, "li", NULL, "…"); /* logged; the button asks again */
    }
    html_close(h, "ul");
    control_form(v, "/keys/renew", false);
    control_hidden(v, "what", "3");
    control_checkbox(v, "anyway", visit_text(v, "Leave these kiosks behind"),
                     visit_text(v, "They must be enrolled anew. What waits "
                                   "there comes in after that."),
                     false);
    control_button(v, visit_text(v, "Take them into use"), false);
    control_form_end(v);
}

static void
sign_part(struct visit *v, bool waiting, size_t behind)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL,
                 visit_text(v, "Renew the keys for signing and the "
                               "connection"));
    html_element(h, "p", NULL,
                 visit_text(v, "By these the kiosks know the collector. So "
                               "they are announced first, and taken into use "
                               "when every kiosk has heard of them."));
    if (waiting) {
        return;
    }
    if (v->desk->home.keys.announced) {
        switch_part(v, behind);
    } else {
        wish_button(v, RENEWAL_ANNOUNCE,
                    visit_text(v, "Announce the next keys"), NULL);
    }
}

static void
show(struct visit *v, const char *fault)
{
    int64_t waiting = 0;
    size_t behind = 0;
    enum status st = store_number(v->reader, STORE_RENEWAL, &waiting);
    if (st == STATUS_OK) {
        st = renewal_behind(v->reader, NULL, NULL, &behind);
    }
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, "/keys", visit_text(v, "Keys"));
    control_fault(v, fault);
    passphrase_part(v);
    sheet_part(v);
    if (waiting != RENEWAL_NONE) {
        waiting_part(v);
    }
    seal_part(v, waiting != RENEWAL_NONE);
    sign_part(v, waiting != RENEWAL_NONE, behind);
}

void
pages_keys(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        show(&v, NULL);
        visit_end(&v);
    }
}

static enum status
set_renewal(struct store *writer, void *ctx)
{
    const enum renewal *what = ctx;
    return store_number_set(writer, STORE_RENEWAL, *what);
}

/* The server stops for the new keys: on a connection of its own the browser comes
 * back by itself. */
static void
on_sent(void *self, bool whole)
{
    (void)whole;
    const struct desk *d = self;
    d->renew();
}

static void
wish(struct visit *v, enum renewal what)
{
    static const char *const action[] = {
        [RENEWAL_NONE] = "renewal not",
        [RENEWAL_SEAL] = "rotate wish",
        [RENEWAL_ANNOUNCE] = "announce wish",
        [RENEWAL_SWITCH] = "switch wish",
    };
    size_t behind = 0;
    enum status st = STATUS_OK;
    if (what == RENEWAL_SWITCH && !request_form(v->rq, "anyway")) {
        st = renewal_behind(v->reader, NULL, NULL, &behind);
    }
    if (st == STATUS_OK && behind > 0) {
        v->rs->status = 422;
        show(v, visit_text(v, "Not every kiosk has heard of the next keys."));
        return;
    }
    if (st == STATUS_OK) {
        st = visit_change(v, set_renewal, &what, action[what], "");
    }
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    response_redirect(v->rs, "/keys");
    if (what != RENEWAL_NONE && v->desk->renew) {
        response_header(v->rs, "Connection", "close");
        v->rs->sent = on_sent;
        v->rs->sent_self = v->desk;
    }
}

void
pages_keys_renew(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const char *text = request_form(rq, "what");
    const bool known = text && strlen(text) == 1 && *text >= '0'
                       && *text <= '0' + RENEWAL_SWITCH;
    if (known) {
        wish(&v, (enum renewal)(*text - '0'));
    } else {
        visit_missing(&v);
    }
    visit_end(&v);
}
