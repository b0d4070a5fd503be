#include "collector/http/challenge.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/random.h"
#include "seal/seal.h"

#define BIRTH_CHARS 16
#define SALT_CHARS 16
#define MAC_CHARS 32
#define NONCE_CHARS (BIRTH_CHARS + SALT_CHARS + MAC_CHARS)
#define NC_CHARS 8
#define NC_WINDOW 64
#define EQUALS '='

/* A nonce in use. `seen` is a bit for each counter from `top` downwards. */
struct slot {
    char salt[SALT_CHARS];
    int64_t birth_ms;
    uint32_t top; /* 0: free */
    uint64_t seen;
    int64_t floor_ms; /* nonces born until then were pushed out of here */
};

struct challenge {
    struct seal_lock_key key;
    pthread_mutex_t lock; /* guards `slot` */
    struct slot slot[CHALLENGE_SLOTS];
};

enum status
challenge_new(struct challenge **out)
{
    *out = calloc(1, sizeof(**out));
    if (!*out) {
        return log_oom("http");
    }
    if (pthread_mutex_init(&(*out)->lock, NULL) != 0) {
        free(*out);
        *out = NULL;
        return log_oom("http");
    }
    seal_lock_key_new(&(*out)->key);
    for (size_t i = 0; i < CHALLENGE_SLOTS; i++) {
        (*out)->slot[i].floor_ms = INT64_MIN;
    }
    return STATUS_OK;
}

void
challenge_free(struct challenge *c)
{
    if (c) {
        buf_wipe(&c->key, sizeof(c->key));
        pthread_mutex_destroy(&c->lock);
        free(c);
    }
}

/* The digest of up to six texts with colons between them. */
static enum status
digest_of(enum digest_kind kind, const char *const part[], size_t count,
          char out[DIGEST_MAX_CHARS + 1])
{
    struct buf text;
    buf_init(&text, (size_t)4 * CHALLENGE_HEADER_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        buf_puts(&text, i > 0 ? ":" : "");
        buf_puts(&text, part[i]);
    }
    enum status st = buf_status(&text);
    if (st == STATUS_OK) {
        st = digest_hex(kind, text.data, text.len, out);
    }
    buf_deinit(&text);
    return st;
}

enum status
challenge_secret_of(const char *user, const char *password,
                    struct challenge_secret *out)
{
    enum status st = STATUS_OK;
    for (size_t k = 0; st == STATUS_OK && k < DIGEST_COUNT; k++) {
        st = digest_of((enum digest_kind)k,
                       (const char *[]){user, CHALLENGE_REALM, password}, 3,
                       out->hash[k]);
    }
    return st;
}

/* --- nonces --------------------------------------------------------------- */

static void
put_hex(const uint8_t *data, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", data[i]);
    }
}

/* What makes the first two parts of a nonce ours. */
static void
nonce_mac(const struct challenge *c, const char *nonce, char out[MAC_CHARS + 1])
{
    struct seal_hash mac;
    seal_hash(nonce, BIRTH_CHARS + SALT_CHARS, c->key.bytes,
              sizeof(c->key.bytes), &mac);
    put_hex(mac.bytes, MAC_CHARS / 2, out);
}

void
challenge_print(struct challenge *c, enum digest_kind kind, bool stale,
                int64_t mono_ms, char out[CHALLENGE_TEXT_MAX_BYTES])
{
    char nonce[NONCE_CHARS + 1];
    uint8_t salt[SALT_CHARS / 2];
    random_bytes(salt, sizeof(salt));
    (void)snprintf(nonce, sizeof(nonce), "%016llx",
                   (unsigned long long)mono_ms);
    put_hex(salt, sizeof(salt), nonce + BIRTH_CHARS);
    nonce_mac(c, nonce, nonce + BIRTH_CHARS + SALT_CHARS);
    (void)snprintf(out, CHALLENGE_TEXT_MAX_BYTES,
                   "Digest realm=\"" CHALLENGE_REALM "\", "
                   "domain=\"/openrosa/\", qop=\"auth\", "
                   "algorithm=%s, nonce=\"%s\"%s",
                   kind == DIGEST_MD5 ? "MD5" : "SHA-256", nonce,
                   stale ? ", stale=true" : "");
}

static bool
nonce_is_good(const struct challenge *c, const char *nonce, int64_t mono_ms,
              int64_t *out_birth_ms)
{
    char mac[MAC_CHARS + 1];
    char birth[BIRTH_CHARS + 1];
    if (strlen(nonce) != NONCE_CHARS) {
        return false;
    }
    nonce_mac(c, nonce, mac);
    if (!seal_equal(mac, nonce + BIRTH_CHARS + SALT_CHARS, MAC_CHARS)) {
        return false;
    }
    memcpy(birth, nonce, BIRTH_CHARS);
    birth[BIRTH_CHARS] = '\0';
    *out_birth_ms = (int64_t)strtoull(birth, NULL, 16);
    return mono_ms - *out_birth_ms <= CHALLENGE_NONCE_MS;
}

/* Has this nonce not been used with this counter? Counters may come out of
 * order, as requests over several connections do. */
static bool
take_count(struct slot *s, uint32_t nc)
{
    if (nc > s->top) {
        uint32_t step = nc - s->top;
        s->seen = step < NC_WINDOW ? s->seen << step : 0;
        s->seen |= 1u;
        s->top = nc;
        return true;
    }
    uint32_t back = s->top - nc;
    if (back >= NC_WINDOW || (s->seen >> back & 1u)) {
        return false;
    }
    s->seen |= UINT64_C(1) << back;
    return true;
}

static bool
use_nonce(struct challenge *c, const char *nonce, int64_t birth_ms, uint32_t nc)
{
    const char *salt = nonce + BIRTH_CHARS;
    char start[5];
    memcpy(start, salt, 4);
    start[4] = '\0';
    struct slot *s = &c->slot[strtoul(start, NULL, 16) % CHALLENGE_SLOTS];
    pthread_mutex_lock(&c->lock);
    bool same = s->top > 0 && s->birth_ms == birth_ms
                && memcmp(s->salt, salt, SALT_CHARS) == 0;
    bool fresh = same || birth_ms > s->floor_ms;
    if (fresh && !same) {
        if (s->top > 0 && s->birth_ms > s->floor_ms) {
            s->floor_ms = s->birth_ms;
        }
        memcpy(s->salt, salt, SALT_CHARS);
        s->birth_ms = birth_ms;
        s->top = 0;
        s->seen = 0;
    }
    fresh = fresh && take_count(s, nc);
    pthread_mutex_unlock(&c->lock);
    return fresh;
}

/* --- what a client says --------------------------------------------------- */

static const char *
skip(const char *at, const char *any)
{
    return at + strspn(at, any);
}

/* One value, bare or in quotes; NULL if it does not end or does not fit. */
static const char *
read_value(const char *at, char *out, size_t size)
{
    size_t len = 0;
    bool quoted = *at == '"';
    at += quoted;
    for (; *at && (quoted ? *at != '"' : !strchr(" \t,", *at)); at++) {
        if (quoted && *at == '\\' && at[1]) {
            at++;
        }
        if (len + 1 >= size) {
            return NULL;
        }
        out[len++] = *at;
    }
    out[len] = '\0';
    if (quoted && *at != '"') {
        return NULL;
    }
    return quoted ? at + 1 : at;
}

struct parameters {
    char realm[64];
    char algorithm[16];
    char qop[16];
};

static void
place_of(struct challenge_answer *a, struct parameters *p, const char *name,
         char **out, size_t *out_size)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } known[] = {
        {"username", a->user, sizeof(a->user)},
        {"realm", p->realm, sizeof(p->realm)},
        {"nonce", a->nonce, sizeof(a->nonce)},
        {"uri", a->uri, sizeof(a->uri)},
        {"response", a->response, sizeof(a->response)},
        {"algorithm", p->algorithm, sizeof(p->algorithm)},
        {"cnonce", a->cnonce, sizeof(a->cnonce)},
        {"qop", p->qop, sizeof(p->qop)},
        {"nc", a->nc, sizeof(a->nc)},
    };
    *out = NULL;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcasecmp(known[i].name, name) == 0) {
            *out = known[i].to;
            *out_size = known[i].size;
        }
    }
}

static bool
read_parameters(const char *at, struct challenge_answer *a,
                struct parameters *p)
{
    char other[CHALLENGE_HEADER_MAX_BYTES];
    for (at = skip(at, " \t,"); *at; at = skip(at, " \t,")) {
        char name[16];
        size_t len = strcspn(at, "= \t,");
        if (len == 0 || len >= sizeof(name)) {
            return false;
        }
        memcpy(name, at, len);
        name[len] = '\0';
        at = skip(at + len, " \t");
        if (*at != EQUALS) {
            return false;
        }
        char *to = NULL;
        size_t size = 0;
        place_of(a, p, name, &to, &size);
        if (to && *to) {
            return false; /* twice: which one was meant? */
        }
        at = read_value(skip(at + 1, " \t"), to ? to : other,
                        to ? size : sizeof(other));
        if (!at) {
            return false;
        }
    }
    return true;
}

static enum status
parse_digest(const char *at, struct challenge_answer *a)
{
    struct parameters p = {{0}, {0}, {0}};
    if (!read_parameters(at, a, &p)) {
        return STATUS_E_INVALID;
    }
    bool md5 = !*p.algorithm || strcasecmp(p.algorithm, "MD5") == 0;
    a->kind = md5 ? DIGEST_MD5 : DIGEST_SHA256;
    bool whole = (md5 || strcasecmp(p.algorithm, "SHA-256") == 0)
                 && strcmp(p.realm, CHALLENGE_REALM) == 0
                 && strcmp(p.qop, "auth") == 0 && *a->user && *a->uri
                 && *a->cnonce && strlen(a->nc) == NC_CHARS
                 && strspn(a->nc, "0123456789abcdefABCDEF") == NC_CHARS
                 && strlen(a->response) == digest_chars(a->kind);
    return whole ? STATUS_OK : STATUS_E_INVALID;
}

static int
base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static enum status
parse_basic(const char *at, struct challenge_answer *a)
{
    char text[2 * CHALLENGE_USER_MAX_BYTES];
    size_t len = 0;
    uint32_t bits = 0;
    unsigned have = 0;
    for (at = skip(at, " \t"); *at && *at != '='; at++) {
        int value = base64_value(*at);
        if (value < 0 || len + 1 >= sizeof(text)) {
            return STATUS_E_INVALID;
        }
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            text[len++] = (char)(bits >> have & 0xffu);
        }
    }
    text[len] = '\0';
    const char *colon = memchr(text, ':', len);
    enum status st = STATUS_E_INVALID;
    if (strspn(at, "=") == strlen(at) && colon && colon > text
        && !memchr(text, 0, len) && (size_t)(colon - text) < sizeof(a->user)
        && (size_t)(text + len - colon) <= sizeof(a->password)) {
        memcpy(a->user, text, (size_t)(colon - text));
        memcpy(a->password, colon + 1, (size_t)(text + len - colon));
        a->basic = true;
        st = STATUS_OK;
    }
    buf_wipe(text, sizeof(text));
    return st;
}

enum status
challenge_parse(const char *header, struct challenge_answer *out)
{
    memset(out, 0, sizeof(*out));
    if (strlen(header) >= CHALLENGE_HEADER_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    if (strncasecmp(header, "Digest ", 7) == 0) {
        return parse_digest(header + 7, out);
    }
    if (strncasecmp(header, "Basic ", 6) == 0) {
        return parse_basic(header + 6, out);
    }
    return STATUS_E_INVALID;
}

/* --- the check ------------------------------------------------------------ */

/* Clients behind a proxy write the whole address. */
static const char *
path_of(const char *uri)
{
    const char *host = strstr(uri, "://");
    const char *path = *uri != '/' && host ? strchr(host + 3, '/') : NULL;
    return path ? path : uri;
}

static enum status
check_basic(const struct challenge_answer *a,
            const struct challenge_secret *secret)
{
    struct challenge_secret given;
    enum status st = challenge_secret_of(a->user, a->password, &given);
    if (st == STATUS_OK
        && !seal_equal(given.hash[DIGEST_SHA256], secret->hash[DIGEST_SHA256],
                       DIGEST_MAX_CHARS)) {
        st = STATUS_E_AUTH;
    }
    buf_wipe(&given, sizeof(given));
    return st;
}

enum status
challenge_check(struct challenge *c, const struct challenge_answer *answer,
                const struct challenge_secret *secret, const char *method,
                const char *target, int64_t mono_ms)
{
    if (answer->basic) {
        return check_basic(answer, secret);
    }
    char request[DIGEST_MAX_CHARS + 1];
    char want[DIGEST_MAX_CHARS + 1];
    enum status st = digest_of(
        answer->kind, (const char *[]){method, answer->uri}, 2, request);
    if (st == STATUS_OK) {
        st = digest_of(answer->kind,
                       (const char *[]){secret->hash[answer->kind],
                                        answer->nonce, answer->nc,
                                        answer->cnonce, "auth", request},
                       6, want);
    }
    if (st < 0) {
        return st;
    }
    if (!seal_equal(want, answer->response, digest_chars(answer->kind))
        || strcmp(path_of(answer->uri), target) != 0) {
        return STATUS_E_AUTH;
    }
    int64_t birth_ms = 0;
    uint32_t nc = (uint32_t)strtoul(answer->nc, NULL, 16);
    bool fresh = nonce_is_good(c, answer->nonce, mono_ms, &birth_ms) && nc > 0
                 && use_nonce(c, answer->nonce, birth_ms, nc);
    return fresh ? STATUS_OK : STATUS_E_STALE;
}
