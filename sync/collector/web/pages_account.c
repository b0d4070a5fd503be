#include "collector/web/pages_account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/store/password.h"
#include "collector/web/control.h"
#include "collector/web/pages_openrosa.h"
#include "collector/web/visit.h"

#define HOUR_MS ((int64_t)3600 * 1000)
#define NAME_MAX_BYTES 200

/* --- signing in and out --------------------------------------------------- */

/* A path of this site to go on with, else the first page. */
static const char *
safe_next(const char *next)
{
    bool ours = next && next[0] == '/' && next[1] != '/' && next[1] != '\\'
                && strpbrk(next, "\r\n\\") == NULL;
    return ours ? next : "/";
}

static void
sign_in_page(struct visit *v, int status, const char *fault)
{
    const char *next = request_query(v->rq, "next");
    next = next ? next : request_form(v->rq, "next");
    v->rs->status = status;
    visit_page(v, "/sign-in", visit_text(v, "Sign in"));
    control_fault(v, fault);
    control_form(v, "/sign-in", false);
    control_hidden(v, "next", safe_next(next));
    control_input(v, &(const struct control){.label = visit_text(v, "Login"),
                                             .name = "login",
                                             .type = "text",
                                             .autocomplete = "username",
                                             .required = true});
    control_input(v, &(const struct control){.label = visit_text(v, "Password"),
                                             .name = "password",
                                             .type = "password",
                                             .autocomplete = "current-password",
                                             .required = true});
    control_button(v, visit_text(v, "Sign in"), true);
    control_form_end(v);
}

/* STATUS_E_AUTH: no such account, switched off, or another password. */
static enum status
check(struct visit *v, struct store_user *user)
{
    const char *login = request_form(v->rq, "login");
    const char *password = request_form(v->rq, "password");
    enum status st = store_user(v->reader, login ? login : "", user);
    if (st == STATUS_NONE || (st == STATUS_OK && !user->enabled)) {
        password_pretend();
        return STATUS_E_AUTH;
    }
    return st == STATUS_OK ? password_check(user, password ? password : "")
                           : st;
}

static enum status
start_session(struct visit *v, const struct store_user *user)
{
    uint8_t token[VISIT_TOKEN_BYTES];
    char hex[VISIT_HEX_CHARS + 1];
    char cookie[256];
    struct seal_hash hash;
    int64_t now_ms = desk_now_ms(v->desk);
    random_bytes(token, sizeof(token));
    seal_hash(token, sizeof(token), NULL, 0, &hash);
    visit_hex(token, sizeof(token), hex);
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = store_sessions_expire(w, now_ms);
    }
    if (st == STATUS_OK) {
        st = store_session_add(w, &hash, user->id,
                               now_ms + VISIT_HOURS * HOUR_MS);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(w, now_ms, user->login, "sign in", "");
    }
    st = visit_written(v, st, NULL, "");
    (void)snprintf(cookie, sizeof(cookie),
                   VISIT_COOKIE "=%s; Path=/; Secure; HttpOnly; "
                                "SameSite=Strict; Max-Age=%d",
                   hex, VISIT_HOURS * 3600);
    if (st == STATUS_OK) {
        response_header(v->rs, "Set-Cookie", cookie);
    }
    buf_wipe(token, sizeof(token));
    buf_wipe(hex, sizeof(hex));
    buf_wipe(cookie, sizeof(cookie));
    return st;
}

static void
try_sign_in(struct visit *v)
{
    unsigned long peer = request_peer(v->rq);
    int64_t mono_ms = clock_mono_ms(v->desk->clock);
    if (!throttle_allows(&v->desk->sign_in, peer, mono_ms)) {
        sign_in_page(v, 429,
                     visit_text(v, "Too many wrong passwords. Wait a few "
                                   "minutes and try again."));
        return;
    }
    struct store_user user = {0};
    enum status st = check(v, &user);
    if (st == STATUS_OK) {
        st = start_session(v, &user);
    }
    if (st == STATUS_OK) {
        response_redirect(v->rs, safe_next(request_form(v->rq, "next")));
    } else if (st == STATUS_E_AUTH) {
        throttle_wrong(&v->desk->sign_in, peer, mono_ms);
        sign_in_page(v, 403,
                     visit_text(v, "Login or password is wrong. Check the "
                                   "keyboard's language."));
    } else {
        visit_failed(v, st);
    }
    store_user_clear(&user);
}

void
pages_account_sign_in(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_SIGN_IN)) {
        return;
    }
    if (rq->method == REQUEST_POST) {
        try_sign_in(&v);
    } else {
        sign_in_page(&v, 200, NULL);
    }
    visit_end(&v);
}

void
pages_account_sign_out(void *self, const struct request *rq,
                       struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_SIGNED_IN)) {
        return;
    }
    struct store *w = desk_writer(v.desk);
    enum status st = store_session_end(w, &v.session);
    desk_writer_give(v.desk);
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        response_header(rs, "Set-Cookie",
                        VISIT_COOKIE "=; Path=/; Secure; HttpOnly; "
                                     "SameSite=Strict; Max-Age=0");
        response_redirect(rs, "/sign-in");
    }
    visit_end(&v);
}

/* --- accounts ------------------------------------------------------------- */

static const char *
role_name(const struct visit *v, enum store_role role)
{
    static const char *const names[STORE_ROLE_COUNT] = {
        [STORE_ROLE_COORDINATOR] = N_("coordinator"),
        [STORE_ROLE_HEAD] = N_("head: reads summaries"),
        [STORE_ROLE_PSYCHOLOGIST] =
            N_("psychologist: reads summaries, sees who is without a pair"),
        [STORE_ROLE_TECHNICIAN] = N_("technician: kiosks only"),
    };
    return visit_text(v, names[role]);
}

static void
change_button(struct visit *v, const struct store_user *u, const char *what,
              const char *label)
{
    control_form_bare(v, "/users/change");
    control_hidden(v, "login", u->login);
    control_hidden(v, "what", what);
    html_element(&v->html, "button", "plain", label);
    control_form_end(v);
}

static void
user_row(struct visit *v, const struct store_user *u)
{
    struct html *h = &v->html;
    html_open(h, "tr");
    html_element(h, "td", NULL, visit_user_name(v, u));
    html_element(h, "td", NULL, u->login);
    html_element(h, "td", NULL, role_name(v, u->role));
    html_element(h, "td", NULL,
                 u->enabled ? visit_text(v, "may sign in")
                            : visit_text(v, "switched off"));
    html_open(h, "td");
    if (u->id != v->user.id) {
        change_button(v, u, "password", visit_text(v, "New password"));
        change_button(v, u, u->enabled ? "off" : "on",
                      u->enabled ? visit_text(v, "Switch off")
                                 : visit_text(v, "Switch on"));
    }
    html_close(h, "td");
    html_close(h, "tr");
}

static void
users_table(struct visit *v, const struct store_user *users, size_t count)
{
    static const char *const heads[] = {N_("Name"), N_("Login"), N_("Role"),
                                        N_("State"), N_("Change it")};
    control_table(v, visit_text(v, "Accounts"), heads,
                  sizeof(heads) / sizeof(heads[0]));
    for (size_t i = 0; i < count; i++) {
        user_row(v, &users[i]);
    }
    control_table_end(v);
}

static void
new_user_form(struct visit *v)
{
    struct control_option roles[STORE_ROLE_COUNT];
    static const char *const values[STORE_ROLE_COUNT] = {"0", "1", "2", "3"};
    for (size_t i = 0; i < STORE_ROLE_COUNT; i++) {
        roles[i].value = values[i];
        roles[i].label = role_name(v, (enum store_role)i);
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "A new account"));
    control_form(v, "/users", false);
    control_input(v, &(const struct control){.label = visit_text(v, "Name"),
                                             .name = "name",
                                             .type = "text",
                                             .required = true});
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Login"),
                         .name = "login",
                         .type = "text",
                         .help = visit_text(v, "Short, in Latin or Russian "
                                               "letters; nobody else may "
                                               "have it."),
                         .required = true});
    control_select(v, "role", visit_text(v, "Role"), roles, STORE_ROLE_COUNT);
    control_button(v, visit_text(v, "Create"), true);
    control_form_end(v);
}

/* `login` and `password`: just given, to be handed over once. */
static void
users_page(struct visit *v, const char *login, const char *password,
           const char *fault)
{
    struct store_user *users = NULL;
    size_t count = 0;
    enum status st = store_users(v->reader, &users, &count);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, "/users", visit_text(v, "Accounts"));
    control_fault(v, fault);
    if (password) {
        char about[2 * NAME_MAX_BYTES];
        (void)snprintf(about, sizeof(about),
                       visit_text(v, "The password of “%s”. It is shown only "
                                     "now: write it down or hand it over."),
                       login);
        control_secret(v, about, password, true);
    }
    users_table(v, users, count);
    control_see(v, "/tokens",
                visit_text(v, "Other systems that read the figures"));
    control_see(v, PAGES_OPENROSA_PATH, visit_text(v, "Phones and ODK"));
    new_user_form(v);
    visit_page_end(v);
    store_users_free(users, count);
}

static enum status
add_user(struct visit *v, char password[PASSWORD_GENERATED_CHARS + 1])
{
    const char *login = request_form(v->rq, "login");
    const char *name = request_form(v->rq, "name");
    const char *role = request_form(v->rq, "role");
    if (!login || !name || !role || !*login || !*name
        || strlen(login) > NAME_MAX_BYTES || strlen(name) > NAME_MAX_BYTES
        || role[0] < '0' || role[0] >= '0' + STORE_ROLE_COUNT) {
        return STATUS_E_INVALID;
    }
    int64_t id = 0;
    struct store_user user = {
        .login = strdup(login),
        .name = strdup(name),
        .role = (enum store_role)(role[0] - '0'),
        .enabled = true,
    };
    password_generate(password);
    enum status st = user.login && user.name ? password_set(&user, password)
                                             : log_oom("web");
    if (st == STATUS_OK) {
        struct store *w = NULL;
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = store_user_add(w, &user, &id);
        }
        st = visit_written(v, st, "account", login);
    }
    store_user_clear(&user);
    return st;
}

void
pages_account_users(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char password[PASSWORD_GENERATED_CHARS + 1] = "";
    enum status st =
        rq->method == REQUEST_POST ? add_user(&v, password) : STATUS_OK;
    if (st == STATUS_E_CONFLICT) {
        users_page(&v, NULL, NULL,
                   visit_text(&v, "This login is taken: choose another."));
    } else if (st == STATUS_E_INVALID) {
        users_page(&v, NULL, NULL,
                   visit_text(&v, "Name and login are needed."));
    } else if (st < 0) {
        visit_failed(&v, st);
    } else {
        users_page(&v, request_form(rq, "login"), *password ? password : NULL,
                   NULL);
    }
    buf_wipe(password, sizeof(password));
    visit_end(&v);
}

static enum status
change_user(struct visit *v, char password[PASSWORD_GENERATED_CHARS + 1])
{
    const char *login = request_form(v->rq, "login");
    const char *what = request_form(v->rq, "what");
    struct store_user user = {0};
    enum status st =
        login && what ? store_user(v->reader, login, &user) : STATUS_E_INVALID;
    if (st == STATUS_OK && user.id == v->user.id) {
        st = STATUS_E_INVALID; /* nobody locks herself out */
    }
    if (st == STATUS_OK && strcmp(what, "password") == 0) {
        password_generate(password);
        st = password_set(&user, password);
    } else if (st == STATUS_OK
               && (strcmp(what, "on") == 0 || strcmp(what, "off") == 0)) {
        user.enabled = strcmp(what, "on") == 0;
    } else if (st == STATUS_OK) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        struct store *w = NULL;
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = store_user_update(w, &user);
        }
        st = visit_written(v, st, what, login);
    }
    store_user_clear(&user);
    return st;
}

void
pages_account_change(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char password[PASSWORD_GENERATED_CHARS + 1] = "";
    enum status st = change_user(&v, password);
    if (st == STATUS_E_INVALID || st == STATUS_NONE) {
        response_redirect(rs, "/users");
    } else if (st < 0) {
        visit_failed(&v, st);
    } else {
        users_page(&v, request_form(rq, "login"), *password ? password : NULL,
                   NULL);
    }
    buf_wipe(password, sizeof(password));
    visit_end(&v);
}

/* --- who did what --------------------------------------------------------- */

static const char *
action_name(const struct visit *v, const char *action)
{
    static const struct {
        const char *action;
        const char *name;
    } names[] = {
        {"init", N_("made the collector")},
        {"sign in", N_("signed in")},
        {"account", N_("made the account")},
        {"password", N_("gave a new password to")},
        {"on", N_("switched on the account")},
        {"off", N_("switched off the account")},
        {"questionnaire", N_("added the questionnaire")},
        {"open", N_("opened the wave")},
        {"plan", N_("planned a wave of")},
        {"cancel", N_("gave up a planned wave")},
        {"redact", N_("worked on the open answers of")},
        {"conclude", N_("wrote conclusions on")},
        {"token", N_("made a read token for")},
        {"token revoked", N_("revoked a read token")},
        {"close", N_("closed the wave")},
        {"link", N_("made a reading link for")},
        {"enrol", N_("made an enrolment code for")},
        {"revoke", N_("revoked the kiosk")},
        {"backup", N_("made a backup")},
        {"sheet", N_("printed a recovery sheet")},
        {"slips", N_("made slips for")},
        {"protect", N_("guarded the keys by a passphrase")},
        {"unprotect", N_("took the passphrase from the keys")},
        {"rotate", N_("renewed the sealing key")},
        {"rotate wish", N_("wished a new sealing key")},
        {"announce wish", N_("wished that the next keys be announced")},
        {"switch wish", N_("wished that the next keys be used")},
        {"renewal not", N_("took back the wish for other keys")},
        {"announce", N_("announced the next keys")},
        {"switch", N_("took the next keys into use")},
        {"retry", N_("tried the refused records again")},
        {"indicators", N_("entered indicators of the year")},
        {"meeting", N_("opened the meeting")},
        {"meeting close", N_("closed the vote of the meeting")},
        {"pairs", N_("fixed the pairs of")},
        {"pair", N_("worked on a pair:")},
        {"locks", N_("decided for people at the meeting")},
        {"papers", N_("filled in documents")},
        {"training", N_("worked on the training session")},
        {"lots", N_("drew lots in the vote")},
        {"person", N_("added a person")},
        {"people", N_("added people:")},
        {"person change", N_("changed what is known of a person")},
        {"person code", N_("gave a person another code")},
        {"bank change", N_("changed an entry of a bank")},
        {"bank end", N_("ended an entry of a bank")},
        {"bank file", N_("took a bank as a file")},
        {"consent", N_("noted a consent on paper")},
        {"people keys", N_("saved the keys of the people")},
        {"erasure", N_("erased a person")},
        {"codes", N_("printed personal codes:")},
        {"measure", N_("changed the roadmap:")},
        {"phone", N_("gave a password for phones to")},
        {"phone removed", N_("removed a login for phones")},
        {"passing on", N_("passes named answers on to another server")},
        {"passing on again", N_("sent named answers on again")},
        {"passing on ended", N_("passes no answers on any more")},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].action, action) == 0) {
            return visit_text(v, names[i].name);
        }
    }
    return action;
}

static void
audit_table(struct visit *v, const struct store_audit *a, size_t count)
{
    static const char *const heads[] = {N_("Day"), N_("Who"), N_("What")};
    struct html *h = &v->html;
    control_table(v, visit_text(v, "Journal"), heads,
                  sizeof(heads) / sizeof(heads[0]));
    for (size_t i = 0; i < count; i++) {
        html_open(h, "tr");
        html_open(h, "td");
        visit_date(v, a[i].at_ms);
        html_close(h, "td");
        html_element(h, "td", NULL, a[i].who);
        html_open(h, "td");
        html_textf(h, "%s %s", action_name(v, a[i].action), a[i].detail);
        html_close(h, "td");
        html_close(h, "tr");
    }
    control_table_end(v);
    if (count == STORE_AUDIT_PAGE) {
        char url[64];
        (void)snprintf(url, sizeof(url), "/audit?before=%lld",
                       (long long)a[count - 1].id);
        control_see(v, url, visit_text(v, "Earlier"));
    }
}

void
pages_account_audit(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const char *before = request_query(rq, "before");
    struct store_audit *a = NULL;
    size_t count = 0;
    enum status st = store_audit_list(
        v.reader, before ? strtoll(before, NULL, 10) : INT64_MAX, &a, &count);
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        visit_page(&v, "/audit", visit_text(&v, "Journal"));
        html_element(&v.html, "p", "meta",
                     visit_text(&v, "What was done at the desk. What "
                                    "respondents do is never noted."));
        audit_table(&v, a, count);
    }
    store_audit_free(a, count);
    visit_end(&v);
}
