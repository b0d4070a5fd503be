#ifndef ANKETA_COLLECTOR_HTTP_CERTIFICATE_H
#define ANKETA_COLLECTOR_HTTP_CERTIFICATE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * Certificate: the collector's own TLS key and a certificate signed by itself.
 *
 * Kiosks trust the key by its pin alone (SHA-256 of the SubjectPublicKeyInfo);
 * a browser asks the coordinator once. P-256, because browsers take nothing
 * better in certificates so far; valid for twenty years, because a kiosk's
 * clock may be wrong and nobody renews it.
 */
#define CERTIFICATE_PIN_BYTES 32
#define CERTIFICATE_PEM_MAX_BYTES ((size_t)16384)

/* Appends both as PEM. `host` becomes the common name and, with "localhost", a
 * subject alternative name. */
MUST_CHECK enum status
certificate_new(const char *host, struct buf *key_pem, struct buf *cert_pem);

/* STATUS_E_INVALID: not a certificate. */
MUST_CHECK enum status
certificate_pin(const struct buf *cert_pem, uint8_t out[CERTIFICATE_PIN_BYTES]);

/* Appends the SHA-256 fingerprint of the certificate as browsers show it. */
MUST_CHECK enum status
certificate_fingerprint(const struct buf *cert_pem, struct buf *out);

#endif
