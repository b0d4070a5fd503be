#include "collector/web/visit.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "collector/web/monitoring.h"

#define LANG_COOKIE "lang"
#define DOWNLOAD_NAME_MAX_BYTES 512

void
visit_hex(const void *data, size_t len, char *out)
{
    static const char digit[] = "0123456789abcdef";
    const unsigned char *at = data;
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digit[at[i] >> 4];
        out[2 * i + 1] = digit[at[i] & 15u];
    }
    out[2 * len] = '\0';
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
visit_unhex(const char *text, void *out, size_t len)
{
    unsigned char *to = out;
    if (!text || strlen(text) != 2 * len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        int high = nibble(text[2 * i]);
        int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        to[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

const char *
visit_text(const struct visit *v, const char *msgid)
{
    return i18n_text(v->lang, msgid);
}

const char *
visit_user_name(const struct visit *v, const struct store_user *u)
{
    return *u->name ? u->name : visit_text(v, "Coordinator");
}

/* What she chose last, else what her browser asks for. */
static void
find_lang(struct visit *v)
{
    const char *chosen = request_query(v->rq, "lang");
    const char *tag = chosen ? chosen : request_cookie(v->rq, LANG_COOKIE);
    tag = tag ? tag : request_header(v->rq, "Accept-Language");
    v->lang = tag ? i18n_lang_from_tag(tag) : I18N_RU;
    if (chosen) {
        response_header(v->rs, "Set-Cookie",
                        v->lang == I18N_RU
                            ? "lang=ru; Path=/; Max-Age=31536000; Secure; "
                              "SameSite=Lax"
                            : "lang=en; Path=/; Max-Age=31536000; Secure; "
                              "SameSite=Lax");
    }
}

static enum status
find_user(struct visit *v)
{
    static const char context[] = "anketa csrf";
    uint8_t token[VISIT_TOKEN_BYTES];
    if (!visit_unhex(request_cookie(v->rq, VISIT_COOKIE), token,
                     sizeof(token))) {
        return STATUS_NONE;
    }
    seal_hash(token, sizeof(token), NULL, 0, &v->session);
    enum status st = store_session_user(v->reader, &v->session,
                                        desk_now_ms(v->desk), &v->user);
    if (st == STATUS_OK) {
        struct seal_hash csrf;
        seal_hash(token, sizeof(token), context, sizeof(context) - 1, &csrf);
        visit_hex(csrf.bytes, sizeof(csrf.bytes), v->csrf);
        v->signed_in = true;
    }
    return st;
}

static bool
has_token(const struct visit *v)
{
    const char *given = request_form(v->rq, "csrf");
    return given && strlen(given) == VISIT_HEX_CHARS
           && seal_equal(given, v->csrf, VISIT_HEX_CHARS);
}

static void
to_sign_in(struct visit *v)
{
    char url[512];
    int n = snprintf(url, sizeof(url), "/sign-in?next=%s", v->rq->path);
    response_redirect(v->rs,
                      n > 0 && (size_t)n < sizeof(url) ? url : "/sign-in");
}

static bool
may(struct visit *v, unsigned roles)
{
    if (roles == VISIT_SIGN_IN || (roles == VISIT_EVERYBODY && !v->signed_in)) {
        return true;
    }
    if (!v->signed_in) {
        to_sign_in(v);
        return false;
    }
    if (roles != VISIT_EVERYBODY && !(roles & (1u << v->user.role))) {
        visit_message(v, 403, visit_text(v, "Not for this account"),
                      visit_text(v, "Your account may not open this page. "
                                    "Ask the coordinator if it should."));
        return false;
    }
    if (v->rq->method == REQUEST_POST && !has_token(v)) {
        visit_message(v, 403, visit_text(v, "Please try again"),
                      visit_text(v, "The form did not come from this session. "
                                    "Open the page anew and send it once "
                                    "more."));
        return false;
    }
    return true;
}

bool
visit_begin(struct visit *v, void *desk, const struct request *rq,
            struct response *rs, unsigned roles)
{
    memset(v, 0, sizeof(*v));
    v->desk = desk;
    v->rq = rq;
    v->rs = rs;
    v->reader = desk_reader(v->desk);
    find_lang(v);
    response_header(rs, "Cache-Control", "no-store");
    response_header(rs, "Content-Security-Policy", PAGE_CSP);
    struct buf house;
    buf_init(&house, sizeof(v->house) - 1);
    enum status st = find_user(v);
    if (st >= 0) {
        st = store_text(v->reader, STORE_HOUSE, &house);
    }
    if (st == STATUS_OK) {
        memcpy(v->house, house.data, house.len + 1);
    }
    buf_deinit(&house);
    bool go_on = st >= 0 || st == STATUS_E_LIMIT;
    if (!go_on) {
        visit_failed(v, st);
    } else {
        go_on = may(v, roles);
    }
    if (!go_on) {
        visit_end(v);
    }
    return go_on;
}

void
visit_page_end(struct visit *v)
{
    if (v->html.out) {
        page_end(&v->html, &v->page);
        v->html.out = NULL;
    }
}

void
visit_end(struct visit *v)
{
    visit_page_end(v);
    store_user_clear(&v->user);
    buf_wipe(v->csrf, sizeof(v->csrf));
    desk_reader_give(v->desk, v->reader);
}

/* --- pages ---------------------------------------------------------------- */

static void
add_link(struct visit *v, const char *href, const char *label, unsigned roles)
{
    if (!v->signed_in || !(roles & (1u << v->user.role))) {
        return;
    }
    struct page_link *l = &v->link[v->page.link_count++];
    size_t len = strlen(href);
    bool deeper = len > 1 && strncmp(v->page.path, href, len) == 0;
    l->href = href;
    l->label = label;
    l->current = deeper || strcmp(v->page.path, href) == 0
                 || (len == 1 && strncmp(v->page.path, "/summary/", 9) == 0);
}

void
visit_page(struct visit *v, const char *path, const char *title)
{
    v->rs->type = "text/html; charset=utf-8";
    v->page = (struct page){
        .lang = v->lang,
        .title = title,
        .house = v->house,
        .path = path,
        .links = v->link,
        .user = v->signed_in ? visit_user_name(v, &v->user) : NULL,
        .csrf = v->signed_in ? v->csrf : NULL,
    };
    add_link(v, "/", visit_text(v, "Monitoring"),
             VISIT_COORDINATOR | VISIT_HEAD | VISIT_PSYCHOLOGIST);
    add_link(v, "/indicators", visit_text(v, "Indicators"),
             VISIT_COORDINATOR | VISIT_HEAD);
    add_link(v, "/questionnaires", visit_text(v, "Questionnaires"),
             VISIT_COORDINATOR);
    add_link(v, "/roadmap", visit_text(v, "Roadmap"),
             VISIT_COORDINATOR | VISIT_HEAD);
    add_link(v, "/people", visit_text(v, "People of the house"),
             VISIT_COORDINATOR);
    add_link(v, "/training", visit_text(v, "Training"), VISIT_COORDINATOR);
    add_link(v, "/meetings", visit_text(v, "Meetings"), VISIT_COORDINATOR);
    add_link(v, "/pairs", visit_text(v, "Pairs"),
             VISIT_COORDINATOR | VISIT_PSYCHOLOGIST);
    add_link(v, "/kiosks", visit_text(v, "Kiosks"),
             VISIT_COORDINATOR | VISIT_TECHNICIAN);
    add_link(v, "/backup", visit_text(v, "Backups"), VISIT_COORDINATOR);
    add_link(v, "/users", visit_text(v, "Accounts"), VISIT_COORDINATOR);
    add_link(v, "/audit", visit_text(v, "Journal"), VISIT_COORDINATOR);
    html_init(&v->html, &v->rs->body);
    page_begin(&v->html, &v->page);
}

void
visit_download(struct visit *v, const char *type, const char *name)
{
    char disposition[DOWNLOAD_NAME_MAX_BYTES + 32];
    int n = snprintf(disposition, sizeof(disposition),
                     "attachment; filename=\"%s\"", name);
    bool fits = n > 0 && (size_t)n < sizeof(disposition);
    v->rs->type = type;
    response_header(v->rs, "Content-Disposition",
                    fits ? disposition : "attachment");
}

bool
visit_again(struct visit *v, enum status st, const char *fault,
            const char *next)
{
    if (st == STATUS_OK) {
        response_redirect(v->rs, next);
        return false;
    }
    if (fault) {
        v->rs->status = 422;
        return true;
    }
    visit_failed(v, st);
    return false;
}

void
visit_message(struct visit *v, int status, const char *title, const char *text)
{
    v->rs->status = status;
    visit_page(v, v->rq->path, title);
    html_element(&v->html, "p", "lead", text);
}

void
visit_missing(struct visit *v)
{
    visit_message(v, 404, visit_text(v, "There is no such page"),
                  visit_text(v, "The address may be misspelt, or the wave was "
                                "removed."));
}

void
visit_failed(struct visit *v, enum status st)
{
    if (v->html.out) {
        buf_clear(&v->rs->body);
        v->html.out = NULL;
    }
    log_error("web", "%s", status_name(st));
    visit_message(v, st == STATUS_E_FULL ? 507 : 500,
                  visit_text(v, "That did not work"),
                  st == STATUS_E_FULL
                      ? visit_text(v, "The disk of the collector is full. "
                                      "Make room on it and try again; nothing "
                                      "that was there is lost.")
                      : visit_text(v, "Something went wrong in the collector. "
                                      "Its log says what; nothing that was "
                                      "there is lost."));
}

enum status
visit_audit(struct visit *v, struct store *writer, const char *action,
            const char *detail)
{
    return store_audit_add(writer, desk_now_ms(v->desk),
                           v->signed_in ? v->user.login : "", action, detail);
}

enum status
visit_write(struct visit *v, struct store **out)
{
    v->writer = desk_writer(v->desk);
    *out = v->writer;
    return store_begin(v->writer);
}

enum status
visit_written(struct visit *v, enum status st, const char *action,
              const char *detail)
{
    if (st == STATUS_OK && action) {
        st = visit_audit(v, v->writer, action, detail);
    }
    if (st == STATUS_OK) {
        st = store_commit(v->writer);
    }
    desk_writer_give(v->desk);
    v->writer = NULL;
    return st;
}

enum status
visit_change(struct visit *v, visit_changer *change, void *ctx,
             const char *action, const char *detail)
{
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = change(w, ctx);
    }
    return visit_written(v, st, action, detail);
}

enum status
visit_forget(struct visit *v)
{
    enum status st = store_forget(desk_writer(v->desk));
    desk_writer_give(v->desk);
    return st;
}

void
visit_date(struct visit *v, int64_t ms)
{
    struct buf b;
    buf_init(&b, 256);
    monitoring_date(&b, v->lang, ms);
    html_text(&v->html, b.data);
    buf_deinit(&b);
}
