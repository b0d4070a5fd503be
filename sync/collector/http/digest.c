#include "collector/http/digest.h"

#include <stdio.h>

#include <gnutls/crypto.h>

#include "base/log.h"

size_t
digest_chars(enum digest_kind kind)
{
    return kind == DIGEST_MD5 ? DIGEST_MD5_CHARS : DIGEST_MAX_CHARS;
}

enum status
digest_hex(enum digest_kind kind, const void *data, size_t len,
           char out[DIGEST_MAX_CHARS + 1])
{
    unsigned char raw[DIGEST_MAX_CHARS / 2];
    int rc = gnutls_hash_fast(kind == DIGEST_MD5 ? GNUTLS_DIG_MD5
                                                 : GNUTLS_DIG_SHA256,
                              data, len, raw);
    if (rc < 0) {
        log_error("http", "digest: %s", gnutls_strerror(rc));
        return STATUS_E_UNSUPPORTED;
    }
    for (size_t i = 0; i < digest_chars(kind) / 2; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", raw[i]);
    }
    return STATUS_OK;
}
