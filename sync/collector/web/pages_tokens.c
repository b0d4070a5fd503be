#include "collector/web/pages_tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "collector/store/store_desk.h"
#include "collector/web/control.h"
#include "collector/web/json_api.h"
#include "collector/web/visit.h"

#define NAME_MAX_BYTES 200
#define ID_MAX_BYTES 32

static void
token_row(struct visit *v, const struct store_token *t)
{
    struct html *h = &v->html;
    char id[ID_MAX_BYTES];
    (void)snprintf(id, sizeof(id), "%lld", (long long)t->id);
    html_open(h, "tr");
    html_element(h, "td", NULL, t->name);
    html_open(h, "td");
    visit_date(v, t->made_ms);
    html_close(h, "td");
    html_open(h, "td");
    if (t->used_ms > 0) {
        visit_date(v, t->used_ms);
    } else {
        html_text(h, visit_text(v, "never"));
    }
    html_close(h, "td");
    html_open(h, "td");
    control_action(v, "/tokens/revoke", "token", id, visit_text(v, "Revoke"),
                   "plain");
    html_close(h, "td");
    html_close(h, "tr");
}

static void
tokens_table(struct visit *v, const struct store_token *tokens, size_t count)
{
    static const char *const heads[] = {N_("Who reads"), N_("Made"),
                                        N_("Last used"), N_("Change it")};
    control_table(v, visit_text(v, "Other systems"), heads,
                  sizeof(heads) / sizeof(heads[0]));
    for (size_t i = 0; i < count; i++) {
        token_row(v, &tokens[i]);
    }
    control_table_end(v);
}

/* `secret`: just made; NULL: none. */
static void
tokens_page(struct visit *v, const char *secret, const char *fault)
{
    struct store_token *tokens = NULL;
    size_t count = 0;
    enum status st = store_tokens(v->reader, &tokens, &count);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, "/tokens", visit_text(v, "Other systems"));
    html_element(&v->html, "p", NULL,
                 visit_text(v, "With a token another system reads the figures "
                               "of closed waves at /api/v1/waves, and nothing "
                               "else: no open answers, no row of answers, "
                               "nothing that is closed on the page."));
    control_fault(v, fault);
    if (secret) {
        control_secret(v,
                       visit_text(v, "The token is shown only now. Hand it "
                                     "over so that nobody else reads it."),
                       secret, false);
    }
    if (count > 0) {
        tokens_table(v, tokens, count);
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "A new token"));
    control_form(v, "/tokens", false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Who reads with it"),
                         .name = "name",
                         .type = "text",
                         .help = visit_text(v, "For example “education "
                                               "department”."),
                         .required = true});
    control_button(v, visit_text(v, "Make a token"), true);
    control_form_end(v);
    visit_page_end(v);
    store_tokens_free(tokens, count);
}

struct making {
    struct seal_hash hash;
    const char *name;
    int64_t now_ms;
};

static enum status
make(struct store *w, void *ctx)
{
    const struct making *m = ctx;
    return store_token_add(w, &m->hash, m->name, m->now_ms);
}

#define SECRET_CHARS (sizeof(JSON_API_TOKEN_PREFIX) + VISIT_HEX_CHARS)

static enum status
new_token(struct visit *v, char secret[SECRET_CHARS])
{
    uint8_t token[VISIT_TOKEN_BYTES];
    const char *name = request_form(v->rq, "name");
    if (!name || !*name || strlen(name) > NAME_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    struct making m = {.name = name, .now_ms = desk_now_ms(v->desk)};
    random_bytes(token, sizeof(token));
    seal_hash(token, sizeof(token), NULL, 0, &m.hash);
    memcpy(secret, JSON_API_TOKEN_PREFIX, sizeof(JSON_API_TOKEN_PREFIX));
    visit_hex(token, sizeof(token), secret + sizeof(JSON_API_TOKEN_PREFIX) - 1);
    buf_wipe(token, sizeof(token));
    return visit_change(v, make, &m, "token", name);
}

void
pages_tokens(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char secret[SECRET_CHARS] = "";
    enum status st =
        rq->method == REQUEST_POST ? new_token(&v, secret) : STATUS_OK;
    if (st == STATUS_E_INVALID || st == STATUS_E_LIMIT) {
        rs->status = 422;
        tokens_page(&v, NULL,
                    st == STATUS_E_LIMIT
                        ? visit_text(&v, "There are too many tokens: revoke "
                                         "those nobody uses.")
                        : visit_text(&v, "Say who reads with it, in a few "
                                         "words."));
    } else if (st < 0) {
        visit_failed(&v, st);
    } else {
        tokens_page(&v, *secret ? secret : NULL, NULL);
    }
    buf_wipe(secret, sizeof(secret));
    visit_end(&v);
}

static enum status
revoke(struct store *w, void *ctx)
{
    return store_token_drop(w, *(const int64_t *)ctx);
}

void
pages_tokens_revoke(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const char *number = request_form(rq, "token");
    int64_t id = number ? strtoll(number, NULL, 10) : 0;
    enum status st = visit_change(&v, revoke, &id, "token revoked", "");
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        response_redirect(rs, "/tokens");
    }
    visit_end(&v);
}
