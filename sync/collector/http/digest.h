#ifndef ANKETA_COLLECTOR_HTTP_DIGEST_H
#define ANKETA_COLLECTOR_HTTP_DIGEST_H

#include <stddef.h>

#include "base/status.h"

/*
 * Digest: MD5, where a protocol of others asks for it (OpenRosa names files by
 * it). It protects nothing here.
 */
#define DIGEST_MD5_CHARS 32

/* Lower-case hex. */
MUST_CHECK enum status
digest_md5(const void *data, size_t len, char out[DIGEST_MD5_CHARS + 1]);

#endif
