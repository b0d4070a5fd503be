#ifndef ANKETA_COLLECTOR_STORE_KEYS_H
#define ANKETA_COLLECTOR_STORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/keyslots.h"
#include "seal/seal.h"

/*
 * Keys: what makes a collector the one its kiosks enrolled with.
 *
 * One file, readable by its owner only: the signing pair, the web server's key
 * and certificate, and the sealing pairs, the current one first. Old sealing
 * pairs stay, so that records sealed before a rotation can still be read. Being
 * one file, any change of it is one rename.
 *
 * The secrets may be guarded by a passphrase; what is public stays readable, so
 * that a code can be printed and a list be shown without it.
 *
 * Format  "ANKETA KEYS 2\n", then CBOR [public part, key slots, secret part],
 *         the parts as byte strings; the secret one locked, with the public one
 *         authenticated, if there are slots.
 * Threads Plain data after loading.
 */
#define KEYS_SEAL_MAX 16
#define KEYS_PEM_MAX_BYTES ((size_t)16384)
#define KEYS_PIN_BYTES 32

/* As the web server takes it. */
struct keys_tls {
    struct buf key;  /* PEM */
    struct buf cert; /* PEM */
};

struct keys {
    struct seal_sign_pair sign;
    struct keys_tls tls;
    struct seal_pair seal[KEYS_SEAL_MAX];
    size_t seal_count;

    bool announced; /* the kiosks are told these two ahead of their use */
    struct seal_sign_pair next_sign;
    struct keys_tls next_tls;
    bool switched; /* `previous_pin` is set */
    /* Of the TLS key before; kiosks on their way to this one still name it. */
    uint8_t previous_pin[KEYS_PIN_BYTES];

    bool has_recovery; /* there is a sheet; its public key: */
    struct seal_public recovery;

    bool guarded; /* by a passphrase */
    bool locked;  /* guarded and not opened: the secrets are zero */
    struct keyslots slots;
    struct seal_lock_key lock; /* while guarded and open */
    struct buf box;            /* the secret part while locked */
    struct buf about;          /* the public part it belongs to */
};

/* Fresh pairs, no TLS key; nothing is written. */
void
keys_new(struct keys *out);
void
keys_wipe(struct keys *keys);

/* STATUS_E_INVALID: not a key file; STATUS_E_UNSUPPORTED: of a later version.
 * Guarded keys come locked. */
MUST_CHECK enum status
keys_load(const char *path, struct keys *out);
/* STATUS_E_AUTH: the wrong passphrase or sheet. Nothing to do if not locked. */
MUST_CHECK enum status
keys_unlock(struct keys *keys, const struct keyslots_opener *opener);

/* --- changing them; not while locked -------------------------------------- */

MUST_CHECK enum status
keys_save(const char *path, const struct keys *keys);

/* Guard by this passphrase, instead of another if there was one. */
MUST_CHECK enum status
keys_guard(struct keys *keys, const char *passphrase);
void
keys_unguard(struct keys *keys);

/* Whoever holds the sheet with the secret half may open these keys and the
 * backups made from now on. */
MUST_CHECK enum status
keys_set_recovery(struct keys *keys, const struct seal_public *recovery);

/* A new sealing pair in front. STATUS_E_LIMIT: there are KEYS_SEAL_MAX,
 * nothing changes. */
MUST_CHECK enum status
keys_rotate_seal(struct keys *keys);

/* Make the next signing pair; the caller fills in next_tls. STATUS_REPEAT: that
 * was done before. */
MUST_CHECK enum status
keys_announce(struct keys *keys);
/* Take the announced ones into use. STATUS_NONE: none are. */
MUST_CHECK enum status
keys_switch(struct keys *keys, const uint8_t pin[KEYS_PIN_BYTES]);

#endif
