#ifndef ANKETA_COLLECTOR_HTTP_CHALLENGE_H
#define ANKETA_COLLECTOR_HTTP_CHALLENGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/http/digest.h"

/*
 * Challenge: HTTP Digest (RFC 7616, with MD5 as in RFC 2617 for older clients)
 * and Basic (RFC 7617) on the server's side.
 *
 * Own code, because libmicrohttpd 0.9.75 offers one algorithm at a time,
 * remembers four nonces for all clients, and compares with memcmp().
 *
 * A nonce carries its birth, is authenticated by a key of this process and is
 * good for CHALLENGE_NONCE_MS; no memory is needed until it is used. Each
 * counter of a nonce serves once. Nonces in use stand in a table of
 * CHALLENGE_SLOTS; one that is pushed out is stale from then on, and a stale
 * nonce only costs the client a round trip without asking the person again.
 * qop "auth" is required: without a counter anything could be replayed.
 *
 * Threads  Any.
 */
#define CHALLENGE_REALM "Anketa"
#define CHALLENGE_NONCE_MS ((int64_t)5 * 60 * 1000)
#define CHALLENGE_SLOTS 512
#define CHALLENGE_USER_MAX_BYTES 128
#define CHALLENGE_HEADER_MAX_BYTES 2048 /* of a client; longer is refused */
#define CHALLENGE_TEXT_MAX_BYTES 256    /* of our header */

/* What is kept of a password: H(user:realm:password) by either algorithm. It
 * is worth the password to this realm and nothing elsewhere. */
struct challenge_secret {
    char hash[DIGEST_COUNT][DIGEST_MAX_CHARS + 1];
};

MUST_CHECK enum status
challenge_secret_of(const char *user, const char *password,
                    struct challenge_secret *out);

struct challenge;

MUST_CHECK enum status
challenge_new(struct challenge **out);
void
challenge_free(struct challenge *c);

/* Value of a WWW-Authenticate header with a fresh nonce. */
void
challenge_print(struct challenge *c, enum digest_kind kind, bool stale,
                int64_t mono_ms, char out[CHALLENGE_TEXT_MAX_BYTES]);

/* An Authorization header, taken apart. */
struct challenge_answer {
    bool basic;
    char user[CHALLENGE_USER_MAX_BYTES];
    char password[CHALLENGE_USER_MAX_BYTES]; /* Basic */
    enum digest_kind kind;                   /* the rest: Digest */
    char nonce[96];
    char uri[CHALLENGE_HEADER_MAX_BYTES];
    char cnonce[256];
    char nc[9];
    char response[DIGEST_MAX_CHARS + 1];
};

/* STATUS_E_INVALID: neither scheme, or not well-formed. Wipe `out` after use.
 */
MUST_CHECK enum status
challenge_parse(const char *header, struct challenge_answer *out);

/*
 * Is this the answer of who knows `secret`, to this request? `target` is the
 * request's target as it stood in its first line.
 *
 * STATUS_E_AUTH: no. STATUS_E_STALE: yes, but the nonce is too old, unknown to
 * this process or was used with this counter before: challenge anew with
 * `stale`.
 */
MUST_CHECK enum status
challenge_check(struct challenge *c, const struct challenge_answer *answer,
                const struct challenge_secret *secret, const char *method,
                const char *target, int64_t mono_ms);

#endif
