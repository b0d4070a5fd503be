#include "collector/openrosa/forward_post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/log.h"

#define CONNECT_TIMEOUT_S 20L
#define SILENCE_BYTES_PER_S 16L
#define SILENCE_S 60L
#define URL_MAX_BYTES 1024
#define ANSWER_MAX_BYTES 65536
#define LIMIT_DEFAULT 10000000 /* where a server does not say */
#define FILES_PER_REQUEST 100
#define S_PER_MS 1000

struct forward_post {
    CURL *curl;                 /* owned; keeps connection and nonce */
    struct curl_slist *headers; /* owned */
    const struct forward_target *target;
    const atomic_bool *stop;
    char url[URL_MAX_BYTES];
    size_t limit; /* 0: not asked yet */
    int64_t retry_after_ms;
    struct buf body; /* of the answer */
};

static size_t
on_header(char *data, size_t size, size_t count, void *self)
{
    static const char length[] = "x-openrosa-accept-content-length:";
    static const char retry[] = "retry-after:";
    struct forward_post *p = self;
    size_t len = size * count;
    char line[128];
    if (len >= sizeof(line)) {
        return len;
    }
    memcpy(line, data, len);
    line[len] = '\0';
    if (strncasecmp(line, length, sizeof(length) - 1) == 0) {
        p->limit = (size_t)strtoull(line + sizeof(length) - 1, NULL, 10);
    } else if (strncasecmp(line, retry, sizeof(retry) - 1) == 0) {
        p->retry_after_ms =
            (int64_t)strtoul(line + sizeof(retry) - 1, NULL, 10) * S_PER_MS;
    }
    return len;
}

static size_t
on_body(char *data, size_t size, size_t count, void *self)
{
    struct forward_post *p = self;
    /* What is longer than any answer is dropped, and does not matter. */
    if (p->body.len + size * count <= ANSWER_MAX_BYTES) {
        buf_put(&p->body, data, size * count);
    }
    return size * count;
}

static int
on_progress(void *self, curl_off_t down_total, curl_off_t down,
            curl_off_t up_total, curl_off_t up)
{
    const struct forward_post *p = self;
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return atomic_load(p->stop) ? 1 : 0;
}

static void
configure(struct forward_post *p)
{
    CURL *curl = p->curl;
    curl_easy_setopt(curl, CURLOPT_URL, p->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, SILENCE_BYTES_PER_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENCE_S);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, p->headers);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, p);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, p);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, p);
    if (*p->target->ca) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, p->target->ca);
    }
    if (*p->target->login) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH,
                         (long)(CURLAUTH_DIGEST | CURLAUTH_BASIC));
        curl_easy_setopt(curl, CURLOPT_USERNAME, p->target->login);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, p->target->password);
    }
}

enum status
forward_post_new(const struct forward_target *target, const atomic_bool *stop,
                 struct forward_post **out)
{
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return log_oom("forward");
    }
    struct forward_post *p = calloc(1, sizeof(*p));
    if (!p) {
        curl_global_cleanup();
        return log_oom("forward");
    }
    p->target = target;
    p->stop = stop;
    buf_init(&p->body, ANSWER_MAX_BYTES);
    int n = snprintf(p->url, sizeof(p->url), "%s/submission", target->url);
    p->curl = curl_easy_init();
    p->headers = curl_slist_append(NULL, "X-OpenRosa-Version: 1.0");
    /* No "Expect: 100-continue": it costs a round trip and some proxies. */
    if (!p->curl || !p->headers || !curl_slist_append(p->headers, "Expect:")) {
        forward_post_free(p);
        return log_oom("forward");
    }
    if (n < 0 || (size_t)n >= sizeof(p->url)) {
        forward_post_free(p);
        return STATUS_E_LIMIT;
    }
    configure(p);
    *out = p;
    return STATUS_OK;
}

void
forward_post_free(struct forward_post *p)
{
    if (p) {
        curl_easy_cleanup(p->curl);
        curl_slist_free_all(p->headers);
        buf_deinit(&p->body);
        free(p);
        curl_global_cleanup();
    }
}

/* --- answers -------------------------------------------------------------- */

/* The text of <message>, or nothing. */
static void
read_message(const struct forward_post *p, char *out, size_t size)
{
    const char *at = strstr(p->body.data, "<message");
    const char *from = at ? strchr(at, '>') : NULL;
    const char *to = from ? strchr(from, '<') : NULL;
    if (to) {
        size_t len = (size_t)(to - from - 1);
        len = len < size ? len : size - 1;
        memcpy(out, from + 1, len);
        out[len] = '\0';
    }
}

static enum forward_verdict
verdict_of(long http)
{
    if (http == 201 || http == 202) {
        return FORWARD_TAKEN;
    }
    if (http == 401 || http == 403) {
        return FORWARD_AWAY;
    }
    if (http == 408 || http == 423 || http == 425 || http == 429
        || http >= 500) {
        return FORWARD_LATER;
    }
    /* 200, 204 and redirects come from whoever stands before the server. */
    return http >= 400 ? FORWARD_REFUSED : FORWARD_AWAY;
}

static void
explain(const struct forward_post *p, CURLcode code, struct forward_answer *out)
{
    long http = 0;
    char said[150] = "";
    curl_easy_getinfo(p->curl, CURLINFO_RESPONSE_CODE, &http);
    if (code != CURLE_OK) {
        out->verdict = FORWARD_AWAY;
        (void)snprintf(out->detail, sizeof(out->detail), "%s",
                       curl_easy_strerror(code));
        return;
    }
    out->verdict = verdict_of(http);
    out->wait_ms = p->retry_after_ms;
    read_message(p, said, sizeof(said));
    (void)snprintf(out->detail, sizeof(out->detail), "HTTP %ld%s%s", http,
                   *said ? ": " : "", said);
}

static CURLcode
perform(struct forward_post *p)
{
    buf_clear(&p->body);
    p->retry_after_ms = 0;
    return curl_easy_perform(p->curl);
}

/* --- requests ------------------------------------------------------------- */

/* How much it takes at once; signs in on the way. True: go on. */
static bool
ask_limit(struct forward_post *p, struct forward_answer *out)
{
    long http = 0;
    if (p->limit > 0) {
        return true;
    }
    curl_easy_setopt(p->curl, CURLOPT_MIMEPOST, NULL);
    curl_easy_setopt(p->curl, CURLOPT_NOBODY, 1L);
    CURLcode code = perform(p);
    curl_easy_getinfo(p->curl, CURLINFO_RESPONSE_CODE, &http);
    if (code != CURLE_OK || http == 401 || http == 403 || http >= 500) {
        explain(p, code, out);
        p->limit = 0;
        return false;
    }
    /* Whatever else it says to HEAD, it may still take a POST. */
    p->limit = p->limit > 0 ? p->limit : LIMIT_DEFAULT;
    return true;
}

static bool
add_part(curl_mime *mime, const char *name, const char *file, const char *type,
         const void *data, size_t len)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    return part && curl_mime_name(part, name) == CURLE_OK
           && (!file || curl_mime_filename(part, file) == CURLE_OK)
           && (!type || curl_mime_type(part, type) == CURLE_OK)
           && curl_mime_data(part, data, len) == CURLE_OK;
}

/* The XML and as many files from `*at` on as go into one request. */
static enum status
fill(const struct forward_post *p, const struct forward_item *item, size_t *at,
     curl_mime *mime)
{
    bool fits = add_part(mime, "xml_submission_file", "submission.xml",
                         "text/xml", item->xml, item->xml_len);
    size_t size = item->xml_len;
    size_t first = *at;
    enum status st = fits ? STATUS_OK : log_oom("forward");
    while (st == STATUS_OK && *at < item->files
           && (*at == first
               || (*at - first < FILES_PER_REQUEST
                   && size + item->file[*at].len <= p->limit))) {
        const struct forward_file *f = &item->file[*at];
        struct buf data;
        buf_init(&data, f->len + 1);
        st = item->read(item->self, f->name, &data);
        if (st == STATUS_OK
            && !add_part(mime, f->name, f->name, "application/octet-stream",
                         data.data, data.len)) {
            st = log_oom("forward");
        }
        buf_deinit(&data);
        size += f->len;
        *at += 1;
    }
    if (st == STATUS_OK && *at < item->files
        && !add_part(mime, "*isIncomplete*", NULL, NULL, "yes", 3)) {
        st = log_oom("forward");
    }
    return st;
}

enum status
forward_post_send(struct forward_post *p, const struct forward_item *item,
                  struct forward_answer *out)
{
    memset(out, 0, sizeof(*out));
    if (!ask_limit(p, out)) {
        return STATUS_OK;
    }
    enum status st = STATUS_OK;
    size_t at = 0;
    do {
        curl_mime *mime = curl_mime_init(p->curl);
        st = mime ? fill(p, item, &at, mime) : log_oom("forward");
        if (st == STATUS_OK) {
            curl_easy_setopt(p->curl, CURLOPT_NOBODY, 0L);
            curl_easy_setopt(p->curl, CURLOPT_MIMEPOST, mime);
            explain(p, perform(p), out);
            curl_easy_setopt(p->curl, CURLOPT_MIMEPOST, NULL);
        }
        curl_mime_free(mime);
    } while (st == STATUS_OK && out->verdict == FORWARD_TAKEN
             && at < item->files);
    return st == STATUS_NONE ? STATUS_E_STALE : st;
}
