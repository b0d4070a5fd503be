#ifndef ANKETA_COLLECTOR_WEB_VISIT_H
#define ANKETA_COLLECTOR_WEB_VISIT_H

#include <stdbool.h>

#include "base/i18n.h"
#include "collector/http/request.h"
#include "collector/store/store.h"
#include "collector/web/desk.h"
#include "collector/web/html.h"
#include "collector/web/page.h"

/*
 * Visit: one request of a person to the desk.
 *
 * visit_begin() finds out who she is and whether she may; if not, it has
 * answered already. Every POST of somebody signed in must carry the session's
 * token (page_csrf); without it the request is refused before the handler
 * sees it.
 *
 *     struct visit v;
 *     if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) { return; }
 *     visit_page(&v, "/kiosks", title);
 *     ... html_ ... (&v.html)
 *     visit_end(&v);
 */
#define VISIT_COOKIE "__Host-anketa"
#define VISIT_HOURS 12
#define VISIT_TOKEN_BYTES 32
#define VISIT_HEX_CHARS 64
#define VISIT_LINKS_MAX 16

/* Who may: bits of enum store_role, or everybody. */
#define VISIT_COORDINATOR (1u << STORE_ROLE_COORDINATOR)
#define VISIT_HEAD (1u << STORE_ROLE_HEAD)
#define VISIT_PSYCHOLOGIST (1u << STORE_ROLE_PSYCHOLOGIST)
#define VISIT_TECHNICIAN (1u << STORE_ROLE_TECHNICIAN)
#define VISIT_SIGNED_IN \
    (VISIT_COORDINATOR | VISIT_HEAD | VISIT_PSYCHOLOGIST | VISIT_TECHNICIAN)
#define VISIT_EVERYBODY 0u
/* Everybody, and a form without a session's token. */
#define VISIT_SIGN_IN (1u << 31)

struct visit {
    struct desk *desk;
    const struct request *rq;
    struct response *rs;
    struct store *reader;
    struct store *writer; /* between visit_write() and visit_written() */
    enum i18n_lang lang;
    bool signed_in;
    struct store_user user;
    struct seal_hash session; /* hash of the cookie's token */
    char csrf[VISIT_HEX_CHARS + 1];
    char house[256];
    struct html html;
    struct page page;
    struct page_link link[VISIT_LINKS_MAX];
};

/* False: answered already (sign in first, not allowed, wrong token). */
bool
visit_begin(struct visit *v, void *desk, const struct request *rq,
            struct response *rs, unsigned roles);
/* Closes the page, if one was begun, and gives back the reader. */
void
visit_end(struct visit *v);
/* Closes the page before that: for one whose title or path dies earlier than
 * the visit. Nothing if none is open. */
void
visit_page_end(struct visit *v);

/* Translated. */
const char *
visit_text(const struct visit *v, const char *msgid)
    __attribute__((format_arg(2)));

/* Begin the HTML page of `path`; `title` is translated. */
void
visit_page(struct visit *v, const char *path, const char *title);

/* A file to be saved as `name` instead of a page; `type` is static. */
void
visit_download(struct visit *v, const char *type, const char *name);

/* What follows a form. STATUS_OK: on to `next`. Else with a `fault`: true, and
 * the caller shows the page again with it, the status code says 422. Else it
 * failed, which is said. */
MUST_CHECK bool
visit_again(struct visit *v, enum status st, const char *fault,
            const char *next);

/* A whole page that says one thing, with a status code. */
void
visit_message(struct visit *v, int status, const char *title, const char *text);

/* The page for an address that leads nowhere. */
void
visit_missing(struct visit *v);

/* For a failure of ours: says so, in her language. */
void
visit_failed(struct visit *v, enum status st);

/* Note in the audit list what this person did; within the caller's
 * transaction. */
MUST_CHECK enum status
visit_audit(struct visit *v, struct store *writer, const char *action,
            const char *detail);

/* A change to the store and its note in the audit list, in one transaction:
 *
 *     struct store *w = NULL;
 *     enum status st = visit_write(v, &w);
 *     if (st == STATUS_OK) {
 *         st = store_kiosk_revoke(w, key);
 *     }
 *     return visit_written(v, st, "revoke", name);
 *
 * visit_written() must follow in any case and gives the writer back; whatever
 * it is handed but STATUS_OK undoes all, and comes back. `action` NULL: nothing
 * to be noted. */
MUST_CHECK enum status
visit_write(struct visit *v, struct store **out);
MUST_CHECK enum status
visit_written(struct visit *v, enum status st, const char *action,
              const char *detail);

/* The same for a change that is one function. */
typedef enum status
visit_changer(struct store *writer, void *ctx);
MUST_CHECK enum status
visit_change(struct visit *v, visit_changer *change, void *ctx,
             const char *action, const char *detail);

/* What was removed shall not be found on the disk either (store_forget()). */
MUST_CHECK enum status
visit_forget(struct visit *v);

/* What an account is called: the first one by its role, in her language. */
const char *
visit_user_name(const struct visit *v, const struct store_user *u);

/* A date in the reader's language, in the open <td> or <p>. */
void
visit_date(struct visit *v, int64_t ms);

/* Lower-case hex. */
void
visit_hex(const void *data, size_t len, char *out);
/* False: not exactly `len` bytes in hex. */
bool
visit_unhex(const char *text, void *out, size_t len);

#endif
