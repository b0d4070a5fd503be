#ifndef ANKETA_SEAL_SEAL_H
#define ANKETA_SEAL_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * Seal: keys, signatures, hashes and sealed boxes; the one place that names
 * the crypto library (libsodium).
 *
 * A sealed box (X25519, XSalsa20-Poly1305) can be opened by the collector
 * alone: not even the kiosk that made it can read it again. Signatures are
 * Ed25519, hashes BLAKE2b. Secrets are compared in constant time and wiped.
 *
 * Threads  seal_init once, before threads; the rest from any thread.
 */
#define SEAL_PUBLIC_BYTES 32
#define SEAL_SECRET_BYTES 32
#define SEAL_SIGN_PUBLIC_BYTES 32
#define SEAL_SIGN_SECRET_BYTES 64
#define SEAL_SIGNATURE_BYTES 64
#define SEAL_HASH_BYTES 32
#define SEAL_OVERHEAD_BYTES 48

struct seal_hash {
    uint8_t bytes[SEAL_HASH_BYTES];
};

struct seal_public {
    uint8_t bytes[SEAL_PUBLIC_BYTES];
};

struct seal_pair {
    struct seal_public public_key;
    uint8_t secret[SEAL_SECRET_BYTES]; /* wipe with seal_pair_wipe() */
};

struct seal_sign_public {
    uint8_t bytes[SEAL_SIGN_PUBLIC_BYTES];
};

struct seal_sign_pair {
    struct seal_sign_public public_key;
    uint8_t secret[SEAL_SIGN_SECRET_BYTES]; /* wipe with seal_sign_wipe() */
};

MUST_CHECK enum status
seal_init(void);

void
seal_pair_new(struct seal_pair *out);
void
seal_pair_wipe(struct seal_pair *pair);
void
seal_sign_pair_new(struct seal_sign_pair *out);
void
seal_sign_wipe(struct seal_sign_pair *pair);

/* Appends len + SEAL_OVERHEAD_BYTES. */
MUST_CHECK enum status
seal_close(const struct seal_public *to, const void *data, size_t len,
           struct buf *out);
/* STATUS_E_AUTH if it was not sealed to this pair or was changed. */
MUST_CHECK enum status
seal_open(const struct seal_pair *with, const void *box, size_t len,
          struct buf *out);

/* `context` keeps a signature made for one purpose from serving another. */
void
seal_sign(const struct seal_sign_pair *by, const char *context,
          const void *data, size_t len, uint8_t out[SEAL_SIGNATURE_BYTES]);
MUST_CHECK enum status
seal_verify(const struct seal_sign_public *by, const char *context,
            const void *data, size_t len,
            const uint8_t signature[SEAL_SIGNATURE_BYTES]);

/* BLAKE2b-256; `key` (up to 64 bytes) may be NULL. */
void
seal_hash(const void *data, size_t len, const void *key, size_t key_len,
          struct seal_hash *out);

/* Constant time. */
bool
seal_equal(const void *a, const void *b, size_t len);

#endif
