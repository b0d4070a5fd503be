#include "collector/web/openrosa_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/submission.h"
#include "collector/openrosa/openrosa.h"
#include "collector/web/visit.h"

#define BASE_MAX_BYTES 512
#define HOST_MAX_BYTES 256

struct call {
    struct desk *desk;
    const struct request *rq;
    struct response *rs;
    struct store *reader;
    const char *what; /* after the key: "formList" */
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

static void
failed(struct call *c, enum status st)
{
    message(c, st == STATUS_E_FULL ? 507 : 503,
            "the collector could not do that now; try again later");
}

/* Is the first part of the address the key? */
static bool
has_key(struct call *c)
{
    const char *slash = strchr(c->rq->tail, '/');
    struct seal_hash hash;
    char hex[2 * SEAL_HASH_BYTES + 1];
    struct buf kept;
    if (!slash || slash - c->rq->tail != VISIT_HEX_CHARS) {
        return false;
    }
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
    int n = snprintf(c->base, sizeof(c->base), "https://%s/openrosa/%.*s", host,
                     VISIT_HEX_CHARS, c->rq->tail);
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

static void
get(struct call *c)
{
    int64_t id = 0;
    const char *rest = "";
    enum status st = STATUS_NONE;
    if (strcmp(c->what, "formList") == 0) {
        st = openrosa_form_list(c->reader, c->base,
                                request_query(c->rq, "formID"), &c->rs->body);
    } else if (numbered(c->what, "form/", &id, &rest) && !*rest) {
        st = store_form_xml(c->reader, id, &c->rs->body);
    } else if (numbered(c->what, "manifest/", &id, &rest) && !*rest) {
        st = openrosa_manifest(c->reader, id, c->base, &c->rs->body);
    } else if (numbered(c->what, "media/", &id, &rest) && *rest == '/') {
        st = store_media(c->reader, id, rest + 1, &c->rs->body);
        c->rs->type = "application/octet-stream";
    }
    if (st == STATUS_NONE) {
        message(c, 404, "there is no such form or file");
    } else if (st < 0) {
        failed(c, st);
    }
}

static bool
has_attachment(const struct request *rq)
{
    for (size_t i = 0; i < rq->field_count; i++) {
        if (rq->field[i].file_name
            && strcmp(rq->field[i].name, "xml_submission_file") != 0) {
            return true;
        }
    }
    return false;
}

static void
post(struct call *c)
{
    const struct request_field *xml =
        request_file(c->rq, "xml_submission_file");
    if (!xml) {
        message(c, 400, "there is no xml_submission_file");
        return;
    }
    if (has_attachment(c->rq)) {
        message(c, 400, "this server takes no attachments");
        return;
    }
    struct store *w = desk_writer(c->desk);
    enum status st = submission_take(c->reader, w, c->desk->catalogue,
                                     xml->value.data, xml->value.len);
    desk_writer_give(c->desk);
    if (st == STATUS_OK) {
        message(c, 201, "full submission upload was successful!");
    } else if (st == STATUS_REPEAT) {
        message(c, 202, "this submission was received before");
    } else if (st == STATUS_E_CONFLICT) {
        message(c, 409,
                "a submission with this instanceID and other answers exists");
    } else if (st == STATUS_E_NOT_FOUND) {
        message(c, 404, "this form or this version of it is unknown");
    } else if (st == STATUS_E_STALE) {
        message(c, 409, "this form takes no submissions now");
    } else if (st == STATUS_E_INVALID || st == STATUS_E_LIMIT) {
        message(c, 400, "the submission breaks the rules of its form");
    } else {
        failed(c, st);
    }
}

static void
dispatch(struct call *c)
{
    bool submission = strcmp(c->what, "submission") == 0;
    if (!find_base(c)) {
        message(c, 400, "the Host header is missing");
    } else if (!request_header(c->rq, "X-OpenRosa-Version")
               && (submission || strcmp(c->what, "formList") == 0)) {
        message(c, 400, "the X-OpenRosa-Version header is missing");
    } else if (submission && c->rq->method == REQUEST_HEAD) {
        c->rs->status = 204;
        response_header(c->rs, "Location", c->rq->path);
    } else if (submission && c->rq->method == REQUEST_POST) {
        post(c);
    } else if (c->rq->method == REQUEST_POST) {
        message(c, 405, "submissions go to /submission");
    } else {
        get(c);
    }
}

void
openrosa_api(void *self, const struct request *rq, struct response *rs)
{
    char limit[32];
    struct call c = {.desk = self, .rq = rq, .rs = rs};
    (void)snprintf(limit, sizeof(limit), "%d", OPENROSA_CONTENT_MAX_BYTES);
    rs->type = "text/xml; charset=utf-8";
    response_header(rs, "X-OpenRosa-Version", "1.0");
    response_header(rs, "X-OpenRosa-Accept-Content-Length", limit);
    c.reader = desk_reader(c.desk);
    if (has_key(&c)) {
        dispatch(&c);
    } else {
        message(&c, 403, "the address is wrong");
    }
    desk_reader_give(c.desk, c.reader);
}
