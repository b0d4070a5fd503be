#include "collector/web/openrosa_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/http/challenge.h"
#include "collector/ingest/submission.h"
#include "collector/openrosa/openrosa.h"
#include "collector/store/store_openrosa.h"
#include "collector/web/visit.h"

#define BASE_MAX_BYTES 512
#define HOST_MAX_BYTES 256
#define REASONS_MAX 5

struct call {
    struct desk *desk;
    const struct request *rq;
    struct response *rs;
    struct store *reader;
    enum i18n_lang lang;
    const char *what; /* after the key: "formList" */
    int64_t person;   /* who signed in; 0: nobody in particular */
    char base[BASE_MAX_BYTES];
};

static void
message(struct call *c, int status, const char *text)
{
    buf_clear(&c->rs->body);
    c->rs->status = status;
    openrosa_message(status < 300 ? "submit_success" : "error", text,
                     &c->rs->body);
}

static const char *
text(const struct call *c, const char *msgid) __attribute__((format_arg(2)));

static const char *
text(const struct call *c, const char *msgid)
{
    return i18n_text(c->lang, msgid);
}

static void
failed(struct call *c, enum status st)
{
    log_error("openrosa", "%s", status_name(st));
    if (st == STATUS_E_FULL) {
        message(c, 507, text(c, N_("the collector's disk is full")));
    } else {
        message(c, 503,
                text(c, N_("the collector could not do that now; try again "
                           "later")));
    }
}

/* --- who is there --------------------------------------------------------- */

/* Is the first part of the address the key? */
static bool
has_key(struct call *c)
{
    const char *slash = strchr(c->rq->tail, '/');
    struct seal_hash hash;
    char hex[2 * SEAL_HASH_BYTES + 1];
    struct buf kept;
    seal_hash(c->rq->tail, VISIT_HEX_CHARS, NULL, 0, &hash);
    visit_hex(hash.bytes, sizeof(hash.bytes), hex);
    buf_init(&kept, sizeof(hex));
    bool same = store_text(c->reader, OPENROSA_API_SETTING, &kept) == STATUS_OK
                && kept.len == sizeof(hex) - 1
                && seal_equal(kept.data, hex, sizeof(hex) - 1);
    buf_deinit(&kept);
    c->what = slash + 1;
    return same;
}

static const char *
method_name(enum request_method method)
{
    return method == REQUEST_POST   ? "POST"
           : method == REQUEST_HEAD ? "HEAD"
                                    : "GET";
}

/* SHA-256 first, as RFC 7616 orders by preference; clients that know it not
 * take the next. */
static void
challenge(struct call *c, bool stale)
{
    char value[CHALLENGE_TEXT_MAX_BYTES];
    int64_t mono_ms = clock_mono_ms(c->desk->clock);
    for (size_t k = 0; k < DIGEST_COUNT; k++) {
        challenge_print(c->desk->challenge, (enum digest_kind)k, stale, mono_ms,
                        value);
        response_header(c->rs, "WWW-Authenticate", value);
    }
    if (request_secure(c->rq)) {
        response_header(c->rs, "WWW-Authenticate",
                        "Basic realm=\"" CHALLENGE_REALM
                        "\", charset=\"UTF-8\"");
    }
    message(c, 401, text(c, N_("sign in as an account for ODK Collect")));
}

/* STATUS_OK, _E_AUTH or _E_STALE; *out_person is set. */
static enum status
check_account(struct call *c, const struct challenge_answer *answer,
              int64_t *out_person)
{
    struct store_openrosa_user user;
    struct challenge_secret secret = {{{0}}};
    enum status known = store_openrosa_user(c->reader, answer->user, &user);
    if (known == STATUS_OK) {
        memcpy(secret.hash[DIGEST_SHA256], user.sha256, sizeof(user.sha256));
        memcpy(secret.hash[DIGEST_MD5], user.md5, sizeof(user.md5));
        *out_person = user.person;
        store_openrosa_user_clear(&user);
    }
    /* An account that does not exist takes as long as a wrong password. */
    enum status st = challenge_check(c->desk->challenge, answer, &secret,
                                     method_name(c->rq->method), c->rq->target,
                                     clock_mono_ms(c->desk->clock));
    buf_wipe(&secret, sizeof(secret));
    if (known == STATUS_OK || known < 0) {
        return known < 0 ? known : st;
    }
    return STATUS_E_AUTH;
}

static bool
is_signed_in(struct call *c)
{
    const char *header = request_header(c->rq, "Authorization");
    unsigned long peer = request_peer(c->rq);
    int64_t mono_ms = clock_mono_ms(c->desk->clock);
    struct challenge_answer answer;
    c->what = c->rq->tail;
    if (!header || challenge_parse(header, &answer) < 0
        || (answer.basic && !request_secure(c->rq))) {
        challenge(c, false);
        return false;
    }
    if (!throttle_allows(&c->desk->sign_in, peer, mono_ms)) {
        buf_wipe(&answer, sizeof(answer));
        response_header(c->rs, "Retry-After", "60");
        message(c, 429,
                text(c, N_("too many wrong passwords; try again in a "
                           "minute")));
        return false;
    }
    enum status st = check_account(c, &answer, &c->person);
    buf_wipe(&answer, sizeof(answer));
    if (st == STATUS_E_AUTH) {
        throttle_wrong(&c->desk->sign_in, peer, mono_ms);
    }
    if (st == STATUS_E_AUTH || st == STATUS_E_STALE) {
        challenge(c, st == STATUS_E_STALE);
    } else if (st < 0) {
        failed(c, st);
    }
    return st == STATUS_OK;
}

/* By the key in the address, or by signing in. */
static bool
may(struct call *c)
{
    const char *slash = strchr(c->rq->tail, '/');
    if (!slash || slash - c->rq->tail != VISIT_HEX_CHARS) {
        return is_signed_in(c);
    }
    if (!has_key(c)) {
        message(c, 403, text(c, N_("the address is wrong")));
        return false;
    }
    return true;
}

/* --- forms ---------------------------------------------------------------- */

static bool
find_base(struct call *c)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
    const char *host = request_header(c->rq, "Host");
    if (!host || strlen(host) >= HOST_MAX_BYTES
        || strspn(host, plain) != strlen(host)) {
        return false;
    }
    const char *scheme = request_secure(c->rq) ? "https" : "http";
    int n = c->what == c->rq->tail
                ? snprintf(c->base, sizeof(c->base), "%s://%s/openrosa", scheme,
                           host)
                : snprintf(c->base, sizeof(c->base), "%s://%s/openrosa/%.*s",
                           scheme, host, VISIT_HEX_CHARS, c->rq->tail);
    return n > 0 && (size_t)n < sizeof(c->base);
}

/* The number that follows `prefix` in what is asked for, and what is behind it.
 */
static bool
numbered(const char *what, const char *prefix, int64_t *out_id,
         const char **out_rest)
{
    size_t len = strlen(prefix);
    if (strncmp(what, prefix, len) != 0) {
        return false;
    }
    char *end = NULL;
    *out_id = strtoll(what + len, &end, 10);
    *out_rest = end;
    return end != what + len;
}

static bool
is_true(const struct call *c, const char *name)
{
    const char *value = request_query(c->rq, name);
    return value && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

static enum status
form_list(struct call *c)
{
    const struct openrosa_query query = {
        .base = c->base,
        .form_id = request_query(c->rq, "formID"),
        .all_versions = is_true(c, "listAllVersions"),
        .verbose = is_true(c, "verbose"),
        .person = c->person != 0,
    };
    return openrosa_form_list(c->reader, &query, &c->rs->body);
}

static enum status
form_part(struct call *c)
{
    int64_t id = 0;
    const char *rest = "";
    bool form = numbered(c->what, "form/", &id, &rest) && !*rest;
    bool manifest =
        !form && numbered(c->what, "manifest/", &id, &rest) && !*rest;
    bool media = !form && !manifest && numbered(c->what, "media/", &id, &rest)
                 && *rest == '/';
    enum status st = form || manifest || media
                         ? openrosa_offers(c->reader, id, c->person != 0)
                         : STATUS_NONE;
    if (st != STATUS_OK) {
        return st;
    }
    if (form) {
        return store_form_xml(c->reader, id, &c->rs->body);
    }
    if (manifest) {
        return openrosa_manifest(c->reader, id, c->base, &c->rs->body);
    }
    st = store_media(c->reader, id, rest + 1, &c->rs->body);
    if (st == STATUS_OK) {
        c->rs->type = "application/octet-stream";
    }
    return st;
}

static void
get(struct call *c)
{
    enum status st =
        strcmp(c->what, "formList") == 0 ? form_list(c) : form_part(c);
    if (st == STATUS_NONE) {
        message(c, 404, text(c, N_("there is no such form or file")));
    } else if (st < 0) {
        failed(c, st);
    }
}

/* --- submissions ---------------------------------------------------------- */

static void
answer(struct call *c, enum status st, const struct diag *d)
{
    struct buf why;
    buf_init(&why, (size_t)REASONS_MAX * 2 * DIAG_TEXT_MAX_BYTES);
    for (size_t i = 0; i < d->count && i < REASONS_MAX; i++) {
        diag_entry_print(d, &d->entry[i], &why);
    }
    if (st == STATUS_OK) {
        message(c, 201, text(c, N_("the submission was taken in")));
    } else if (st == STATUS_REPEAT) {
        message(c, 202, text(c, N_("this submission was received before")));
    } else if (st == STATUS_E_CONFLICT) {
        message(c, 409,
                text(c, N_("a submission with this instanceID and "
                           "other answers exists")));
    } else if (st == STATUS_E_NOT_FOUND) {
        message(c, 404,
                text(c, N_("this form or this version of it is "
                           "unknown")));
    } else if (st == STATUS_E_STALE) {
        message(c, 409, text(c, N_("this form takes no submissions now")));
    } else if (st == STATUS_E_AUTH) {
        message(c, 403,
                text(c, N_("this form is for persons: sign in as an "
                           "account that belongs to one")));
    } else if (st == STATUS_E_LIMIT) {
        message(c, 413, text(c, N_("the answers or the files are too large")));
    } else if (st == STATUS_E_INVALID || st == STATUS_E_UNSUPPORTED) {
        message(c, 400,
                why.len > 0 ? why.data
                            : text(c, N_("the submission breaks the rules of "
                                         "its form")));
    } else {
        failed(c, st);
    }
    buf_deinit(&why);
}

static enum status
take(struct call *c, const struct submission *in, struct diag *d)
{
    struct submission_opened *opened = NULL;
    enum status st =
        submission_open(c->reader, c->desk->catalogue, in, d, &opened);
    if (st == STATUS_OK) {
        struct store *w = desk_writer(c->desk);
        st = submission_commit(opened, w, desk_now_ms(c->desk));
        desk_writer_give(c->desk);
        forward_wake(c->desk->forward);
    }
    submission_free(opened);
    return st;
}

static void
post(struct call *c)
{
    struct submission_file file[REQUEST_FIELDS_MAX];
    struct submission in = {.file = file, .person = c->person};
    for (size_t i = 0; i < c->rq->field_count; i++) {
        const struct request_field *f = &c->rq->field[i];
        bool xml = strcmp(f->name, "xml_submission_file") == 0;
        if (xml && in.xml) {
            message(c, 400,
                    text(c, N_("there is more than one "
                               "xml_submission_file")));
            return;
        }
        if (xml) {
            in.xml = f->value.data;
            in.len = f->value.len;
        } else if (f->file_name) {
            file[in.files++] = (struct submission_file){
                f->file_name, f->value.data, f->value.len};
        }
        /* Other fields, "*isIncomplete*" among them, change nothing: what is
         * still to come is known by the answers. */
    }
    if (!in.xml) {
        message(c, 400, text(c, N_("there is no xml_submission_file")));
        return;
    }
    struct diag d;
    diag_init(&d, c->lang);
    enum status st = take(c, &in, &d);
    answer(c, st, &d);
    diag_deinit(&d);
}

/* --- the way in ----------------------------------------------------------- */

static void
dispatch(struct call *c)
{
    bool submission = strcmp(c->what, "submission") == 0;
    if (!find_base(c)) {
        message(c, 400, text(c, N_("the Host header is missing")));
    } else if (!request_header(c->rq, "X-OpenRosa-Version")
               && (submission || strcmp(c->what, "formList") == 0)) {
        message(c, 400,
                text(c, N_("the X-OpenRosa-Version header is missing")));
    } else if (submission && c->rq->method == REQUEST_HEAD) {
        /* No Location: Collect takes one without a host for another host. */
        c->rs->status = 204;
    } else if (submission && c->rq->method == REQUEST_POST) {
        post(c);
    } else if (submission || c->rq->method == REQUEST_POST) {
        message(c, 405, text(c, N_("submissions are posted to /submission")));
    } else {
        get(c);
    }
}

static void
begin(struct call *c, const struct request *rq, struct response *rs)
{
    char limit[32];
    const char *tag = request_header(rq, "Accept-Language");
    c->rq = rq;
    c->rs = rs;
    c->what = "";
    c->lang = tag ? i18n_lang_from_tag(tag) : I18N_RU;
    (void)snprintf(limit, sizeof(limit), "%d", OPENROSA_CONTENT_MAX_BYTES);
    rs->type = "text/xml; charset=utf-8";
    response_header(rs, "X-OpenRosa-Version", "1.0");
    response_header(rs, "X-OpenRosa-Accept-Content-Length", limit);
    response_header(rs, "Content-Language", i18n_tag(c->lang));
}

void
openrosa_api(void *self, const struct request *rq, struct response *rs)
{
    struct call c = {.desk = self};
    begin(&c, rq, rs);
    c.reader = desk_reader(c.desk);
    if (may(&c)) {
        dispatch(&c);
    }
    desk_reader_give(c.desk, c.reader);
}

void
openrosa_api_explain(const struct request *rq, struct response *rs)
{
    struct call c = {0};
    begin(&c, rq, rs);
    message(&c, rs->status,
            rs->status == 413
                ? text(&c, N_("the answers or the files are too large"))
                : text(&c, N_("that cannot be done at this address")));
}
