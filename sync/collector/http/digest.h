#ifndef ANKETA_COLLECTOR_HTTP_DIGEST_H
#define ANKETA_COLLECTOR_HTTP_DIGEST_H

#include <stddef.h>

#include "base/status.h"

/*
 * Digest: MD5 and SHA-256 in hex, where a protocol of others asks for them:
 * OpenRosa names files by MD5, HTTP Digest takes either. MD5 protects nothing.
 */
enum digest_kind {
    DIGEST_SHA256,
    DIGEST_MD5,
    DIGEST_COUNT
};
#define DIGEST_MD5_CHARS 32
#define DIGEST_MAX_CHARS 64

/* Characters of its hex. */
size_t
digest_chars(enum digest_kind kind);

/* Lower-case hex, NUL-terminated. */
MUST_CHECK enum status
digest_hex(enum digest_kind kind, const void *data, size_t len,
           char out[DIGEST_MAX_CHARS + 1]);

#endif
