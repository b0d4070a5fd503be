#include "collector/web/pages_openrosa.h"

#include <string.h>

#include "collector/openrosa/account.h"
#include "collector/openrosa/forward.h"
#include "collector/store/store_openrosa.h"
#include "collector/web/control.h"
#include "collector/web/visit.h"

#define URL_MAX_BYTES 1024

/* --- the page ------------------------------------------------------------- */

static enum status
accounts(struct visit *v)
{
    static const char *const heads[] = {N_("Login"), N_("Belongs to"),
                                        N_("Change it")};
    struct store_openrosa_user *users = NULL;
    size_t count = 0;
    enum status st = store_openrosa_users(v->reader, &users, &count);
    struct html *h = &v->html;
    if (st == STATUS_OK && count > 0) {
        control_table(v, visit_text(v, "Phones and ODK"), heads,
                      sizeof(heads) / sizeof(heads[0]));
        for (size_t i = 0; i < count; i++) {
            html_open(h, "tr");
            html_element(h, "td", NULL, users[i].login);
            html_element(
                h, "td", NULL,
                *users[i].name
                    ? users[i].name
                    : visit_text(v, "nobody: anonymous questionnaires only"));
            html_open(h, "td");
            control_action(v, PAGES_OPENROSA_PATH "/remove", "login",
                           users[i].login, visit_text(v, "Remove"), "plain");
            html_close(h, "td");
            html_close(h, "tr");
        }
        control_table_end(v);
    }
    store_openrosa_users_free(users, count);
    return st;
}

static void
new_account_form(struct visit *v)
{
    html_element(&v->html, "h2", NULL, visit_text(v, "A new login"));
    control_form(v, PAGES_OPENROSA_PATH, false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Login"),
                         .name = "login",
                         .type = "text",
                         .help = visit_text(v, "Latin letters and digits. A "
                                               "login that is there gets a new "
                                               "password."),
                         .required = true});
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Personal code"),
                         .name = "code",
                         .type = "text",
                         .help = visit_text(v, "Of the person who may fill in "
                                               "named questionnaires with it. "
                                               "Leave it empty for anonymous "
                                               "ones.")});
    control_button(v, visit_text(v, "Make a password"), true);
    control_form_end(v);
}

static void
forward_form(struct visit *v, const char *url)
{
    control_form(v, PAGES_OPENROSA_PATH "/forward", false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Address of the server"),
                         .name = "url",
                         .type = "text",
                         .value = url,
                         .help = visit_text(v, "Of ODK Central or Kobo, "
                                               "beginning with https://, as "
                                               "ODK Collect would be given it. "
                                               "The questionnaire must be "
                                               "published there too."),
                         .required = true});
    control_input(v,
                  &(const struct control){.label = visit_text(v, "Login there"),
                                          .name = "there",
                                          .type = "text",
                                          .autocomplete = "off"});
    control_input(
        v, &(const struct control){.label = visit_text(v, "Password there"),
                                   .name = "password",
                                   .type = "password",
                                   .autocomplete = "new-password"});
    control_checkbox(
        v, "all", visit_text(v, "Also the answers that are here already"),
        visit_text(v, "Otherwise those that come from now on."), false);
    control_button(v, visit_text(v, "Pass named answers on"), false);
    control_form_end(v);
}

static enum status
forwarding(struct visit *v)
{
    struct store_forward_counts counts;
    struct html *h = &v->html;
    struct buf url;
    buf_init(&url, URL_MAX_BYTES);
    enum status st = store_text(v->reader, STORE_FORWARD_URL, &url);
    if (st == STATUS_OK) {
        st = store_forward_count(v->reader, &counts);
    }
    if (st == STATUS_OK) {
        html_element(h, "h2", NULL,
                     visit_text(v, "Named answers on to another server"));
        html_open(h, "p");
        if (url.len > 0) {
            html_textf(h,
                       visit_text(v, "Named answers go to %s. Ballots and "
                                     "anonymous answers never do."),
                       url.data);
        } else {
            html_text(h, visit_text(v, "Nothing is passed on."));
        }
        html_close(h, "p");
    }
    if (st == STATUS_OK && url.len > 0) {
        html_open(h, "p");
        html_textf(h,
                   visit_text(v, "Waiting: %lld, sent: %lld, refused there: "
                                 "%lld."),
                   (long long)counts.waiting, (long long)counts.done,
                   (long long)counts.refused);
        html_close(h, "p");
        if (*counts.detail) {
            html_open(h, "p");
            html_attr(h, "class", "help");
            html_textf(h, visit_text(v, "The last reason: %s"), counts.detail);
            html_close(h, "p");
        }
        control_action(v, PAGES_OPENROSA_PATH "/retry", NULL, NULL,
                       visit_text(v, "Try again now"), "plain");
        control_action(v, PAGES_OPENROSA_PATH "/stop", NULL, NULL,
                       visit_text(v, "Pass nothing on any more"), "plain");
    }
    if (st == STATUS_OK) {
        forward_form(v, url.data);
    }
    buf_deinit(&url);
    return st;
}

/* `password`: just made, `fault`: what was wrong; NULL: nothing. */
static void
whole_page(struct visit *v, const char *password, const char *fault)
{
    visit_page(v, PAGES_OPENROSA_PATH, visit_text(v, "Phones and ODK"));
    html_element(&v->html, "p", NULL,
                 visit_text(v, "Phones with ODK Collect, and Enketo, can fill "
                               "in questionnaires too. As the server they are "
                               "given the address of this page up to the first "
                               "slash, then /openrosa, with a login and a "
                               "password from here."));
    control_fault(v, fault);
    if (password) {
        control_secret(v,
                       visit_text(v, "The password is shown only now. Type it "
                                     "into the phone, or hand it over so that "
                                     "nobody else reads it."),
                       password, true);
    }
    enum status st = accounts(v);
    if (st == STATUS_OK) {
        new_account_form(v);
        st = forwarding(v);
    }
    if (st < 0) {
        visit_failed(v, st);
    }
}

/* --- changes -------------------------------------------------------------- */

struct order {
    const struct request *rq;
    char password[PASSWORD_GENERATED_CHARS + 1];
};

static const char *
field(const struct order *o, const char *name)
{
    const char *value = request_form(o->rq, name);
    return value ? value : "";
}

static enum status
add(struct store *w, void *ctx)
{
    struct order *o = ctx;
    return account_new(w, field(o, "login"), field(o, "code"), o->password);
}

static enum status
drop(struct store *w, void *ctx)
{
    return store_openrosa_user_drop(w, field(ctx, "login"));
}

static enum status
set(struct store *w, void *ctx)
{
    int64_t count = 0;
    enum status st = forward_set(w, field(ctx, "url"), field(ctx, "there"),
                                 field(ctx, "password"), "");
    return st == STATUS_OK && *field(ctx, "all") ? store_forward_all(w, &count)
                                                 : st;
}

static enum status
retry(struct store *w, void *ctx)
{
    (void)ctx;
    return store_forward_retry(w);
}

static enum status
stop(struct store *w, void *ctx)
{
    (void)ctx;
    enum status st = store_text_set(w, STORE_FORWARD_URL, "");
    if (st == STATUS_OK) {
        st = store_text_set(w, STORE_FORWARD_PASSWORD, "");
    }
    return st == STATUS_OK ? store_forward_stop(w) : st;
}

void
pages_openrosa(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    struct order o = {.rq = rq};
    enum status st = STATUS_OK;
    if (rq->method == REQUEST_POST) {
        st = visit_change(&v, add, &o, "phone", field(&o, "login"));
    }
    if (st == STATUS_E_INVALID || st == STATUS_E_NOT_FOUND) {
        rs->status = 422;
        whole_page(&v, NULL,
                   visit_text(&v, "The login must be Latin letters and digits, "
                                  "and the code that of a person."));
    } else if (st < 0) {
        visit_failed(&v, st);
    } else {
        whole_page(&v, *o.password ? o.password : NULL, NULL);
    }
    buf_wipe(o.password, sizeof(o.password));
    visit_end(&v);
}

void
pages_openrosa_change(void *self, const struct request *rq, struct response *rs)
{
    static const struct {
        const char *tail;
        enum status (*change)(struct store *w, void *ctx);
        const char *audit;
    } changes[] = {
        {"remove", drop, "phone removed"},
        {"forward", set, "passing on"},
        {"retry", retry, "passing on again"},
        {"stop", stop, "passing on ended"},
    };
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    struct order o = {.rq = rq};
    enum status st = STATUS_NONE;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        if (strcmp(changes[i].tail, rq->tail) == 0) {
            st = visit_change(&v, changes[i].change, &o, changes[i].audit, "");
        }
    }
    forward_look(v.desk->forward);
    if (st == STATUS_E_INVALID) {
        rs->status = 422;
        whole_page(&v, NULL,
                   visit_text(&v, "That is no address of a server: it begins "
                                  "with https:// and has no spaces and no "
                                  "slash at the end."));
    } else if (st < 0) {
        visit_failed(&v, st);
    } else {
        response_redirect(rs, PAGES_OPENROSA_PATH);
    }
    visit_end(&v);
}
