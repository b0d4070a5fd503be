#ifndef ANKETA_COLLECTOR_STORE_KEYSLOTS_H
#define ANKETA_COLLECTOR_STORE_KEYSLOTS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/pack.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * Keyslots: one random lock key, wrapped for each of those who may open it: who
 * knows the passphrase (Argon2id), and who holds the recovery sheet (a sealed
 * box to its public key, so that no secret is needed to wrap).
 *
 * Format  CBOR array of slots: [0, salt, box] for the passphrase, [1, box] for
 *         the sheet.
 * Threads Plain data.
 */
#define KEYSLOTS_PASSPHRASE_MAX_BYTES 1024
#define KEYSLOTS_PASSPHRASE_MIN_CHARS 8

struct keyslots {
    bool by_passphrase;
    uint8_t salt[SEAL_SALT_BYTES];
    uint8_t passphrase_box[SEAL_LOCK_KEY_BYTES + SEAL_LOCK_OVERHEAD_BYTES];
    bool by_recovery;
    uint8_t recovery_box[SEAL_LOCK_KEY_BYTES + SEAL_OVERHEAD_BYTES];
};

/* What somebody brings to open them; either may be NULL. */
struct keyslots_opener {
    const char *passphrase;
    const struct seal_pair *recovery;
};

/* Takes about a third of a second and 64 MiB. */
MUST_CHECK enum status
keyslots_set_passphrase(struct keyslots *slots, const char *passphrase,
                        const struct seal_lock_key *key);
MUST_CHECK enum status
keyslots_set_recovery(struct keyslots *slots, const struct seal_public *to,
                      const struct seal_lock_key *key);

/* STATUS_E_AUTH: the wrong passphrase or sheet, or neither is given. */
MUST_CHECK enum status
keyslots_open(const struct keyslots *slots,
              const struct keyslots_opener *opener, struct seal_lock_key *out);

void
keyslots_pack(const struct keyslots *slots, struct buf *out);
/* What is wrong stays in the reader. */
void
keyslots_read(struct pack_reader *r, struct keyslots *out);

#endif
