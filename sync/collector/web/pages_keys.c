#include "collector/web/pages_keys.h"

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

static void
renewal_part(struct visit *v, bool waiting)
{
    const struct keys *k = &v->desk->home.keys;
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "Renew the key of the answers"));
    html_element(h, "p", NULL,
                 visit_text(v, "Kiosks go on as they are: they seal to the new "
                               "key once they have fetched the questionnaires "
                               "again. What waits there under the old one can "
                               "still be read. Enrolment codes that nobody has "
                               "used by then no longer work: make new ones."));
    if (waiting) {
        html_open(h, "div");
        html_attr(h, "class", "warning");
        html_element(h, "p", NULL,
                     visit_text(v, "The key is renewed when the collector is "
                                   "started the next time."));
        html_close(h, "div");
        control_action(v, "/keys/rotate", "on", "",
                       visit_text(v, "Do not renew it"), "plain");
    } else if (k->seal_count < KEYS_SEAL_MAX) {
        control_action(v, "/keys/rotate", "on", "1",
                       visit_text(v, "Renew it at the next start"), NULL);
    } else {
        html_element(h, "p", NULL,
                     visit_text(v, "It was renewed as often as can be."));
    }
    html_element(h, "p", "help",
                 visit_text(v, "The keys for signing and for the connection "
                               "are renewed by “keys announce” and “keys "
                               "switch”, so that no kiosk is left behind."));
}

void
pages_keys(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    int64_t waiting = 0;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = store_number(v.reader, STORE_ROTATE, &waiting);
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        visit_page(&v, "/keys", visit_text(&v, "Keys"));
        passphrase_part(&v);
        sheet_part(&v);
        renewal_part(&v, waiting != 0);
    }
    visit_end(&v);
}

static enum status
set_rotate(struct store *writer, void *ctx)
{
    const int64_t *on = ctx;
    return store_number_set(writer, STORE_ROTATE, *on);
}

void
pages_keys_rotate(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const char *text = request_form(rq, "on");
    int64_t on = text && *text ? 1 : 0;
    enum status st = visit_change(&v, set_rotate, &on,
                                  on ? "rotate wish" : "rotate not", "");
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        response_redirect(rs, "/keys");
    }
    visit_end(&v);
}
