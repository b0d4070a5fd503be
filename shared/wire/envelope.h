#ifndef ANKETA_WIRE_ENVELOPE_H
#define ANKETA_WIRE_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * Envelope: `[payload, signature]`, the form of every signed message.
 *
 * Threads  Pure functions, from any thread.
 */
struct envelope {
    const uint8_t *payload; /* borrowed from the message */
    size_t payload_len;
    const uint8_t *signature; /* SEAL_SIGNATURE_BYTES, borrowed */
};

/* Appends the message. */
MUST_CHECK enum status
envelope_sign(const struct seal_sign_pair *by, const char *context,
              const void *payload, size_t payload_len, struct buf *out);

/* STATUS_E_INVALID: not an envelope. Nothing is verified yet. */
MUST_CHECK enum status
envelope_read(const void *data, size_t len, struct envelope *out);

/* STATUS_E_AUTH: not signed by this key for this purpose. */
MUST_CHECK enum status
envelope_verify(const struct envelope *e, const struct seal_sign_public *by,
                const char *context);

#endif
