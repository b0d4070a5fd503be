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
 * Ed25519ph, hashes BLAKE2b. What a machine keeps for itself is locked with a
 * secret key (XChaCha20-Poly1305), which Argon2id may draw from a passphrase.
 * Secrets are compared in constant time and wiped.
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
#define SEAL_LOCK_KEY_BYTES 32
#define SEAL_LOCK_OVERHEAD_BYTES 40 /* nonce in front, tag behind */
#define SEAL_SALT_BYTES 16

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
/* The pair that has this secret. */
void
seal_pair_of_secret(const uint8_t secret[SEAL_SECRET_BYTES],
                    struct seal_pair *out);
void
seal_pair_wipe(struct seal_pair *pair);
void
seal_sign_pair_new(struct seal_sign_pair *out);
void
seal_sign_wipe(struct seal_sign_pair *pair);

/* The sealing key that belongs to a signing key, so that something can be
 * sealed to who is only known by his signature. STATUS_E_INVALID: no key. */
MUST_CHECK enum status
seal_public_of_signer(const struct seal_sign_public *signer,
                      struct seal_public *out);
MUST_CHECK enum status
seal_pair_of_signer(const struct seal_sign_pair *signer, struct seal_pair *out);

/* Appends len + SEAL_OVERHEAD_BYTES. */
MUST_CHECK enum status
seal_close(const struct seal_public *to, const void *data, size_t len,
           struct buf *out);

/*
 * The slow half of a sealed box, done before there is anything to seal: a key
 * pair for this one box and the secret it shares with the receiver.
 */
struct seal_ready {
    struct seal_public to;
    struct seal_public once;
    uint8_t shared[SEAL_SECRET_BYTES]; /* wipe with seal_ready_wipe() */
    bool set;
};

/* STATUS_E_INVALID: no key. */
MUST_CHECK enum status
seal_prepare(const struct seal_public *to, struct seal_ready *out);
/* As seal_close(), byte for byte. Serves for one box: wiped afterwards. */
MUST_CHECK enum status
seal_close_ready(struct seal_ready *ready, const void *data, size_t len,
                 struct buf *out);
void
seal_ready_wipe(struct seal_ready *ready);

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

struct seal_lock_key {
    uint8_t bytes[SEAL_LOCK_KEY_BYTES]; /* wipe with buf_wipe() */
};

void
seal_lock_key_new(struct seal_lock_key *out);
/* Argon2id; takes about a third of a second and 64 MiB. */
MUST_CHECK enum status
seal_lock_key_from_passphrase(const char *passphrase,
                              const uint8_t salt[SEAL_SALT_BYTES],
                              struct seal_lock_key *out);

/*
 * Encrypt under a fresh random nonce into len + SEAL_LOCK_OVERHEAD_BYTES of
 * `out`, which look random to whoever lacks the key. `about` is authenticated
 * but not stored: where the box belongs, so that it fits nowhere else.
 */
void
seal_lock(const struct seal_lock_key *key, const void *about, size_t about_len,
          const void *data, size_t len, uint8_t *out);
/* Into len - SEAL_LOCK_OVERHEAD_BYTES of `out`. STATUS_E_AUTH: another key,
 * another place, or changed. */
MUST_CHECK enum status
seal_unlock(const struct seal_lock_key *key, const void *about,
            size_t about_len, const uint8_t *box, size_t len, void *out);

/* Constant time. */
bool
seal_equal(const void *a, const void *b, size_t len);

#endif
