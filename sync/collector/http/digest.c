#include "collector/http/digest.h"

#include <stdio.h>

#include <gnutls/crypto.h>

#include "base/log.h"

#define MD5_BYTES 16

enum status
digest_md5(const void *data, size_t len, char out[DIGEST_MD5_CHARS + 1])
{
    unsigned char raw[MD5_BYTES];
    int rc = gnutls_hash_fast(GNUTLS_DIG_MD5, data, len, raw);
    if (rc < 0) {
        log_error("http", "MD5: %s", gnutls_strerror(rc));
        return STATUS_E_UNSUPPORTED;
    }
    for (size_t i = 0; i < sizeof(raw); i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", raw[i]);
    }
    return STATUS_OK;
}
