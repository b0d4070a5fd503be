#ifndef ANKETA_COLLECTOR_STORE_KEYS_H
#define ANKETA_COLLECTOR_STORE_KEYS_H

#include <stddef.h>

#include "base/status.h"
#include "seal/seal.h"

/*
 * Keys: what makes a collector the one its kiosks enrolled with.
 *
 * One file, readable by its owner only: the signing pair and the sealing
 * pairs, the current one first. Old sealing pairs stay, so that records sealed
 * before a rotation can still be read.
 *
 * Format  "ANKETA KEYS 1\n", the signing pair (public, secret), then each
 *         sealing pair (public, secret).
 * Threads Plain data after loading.
 */
#define KEYS_SEAL_MAX 16

struct keys {
    struct seal_sign_pair sign;
    struct seal_pair seal[KEYS_SEAL_MAX];
    size_t seal_count;
};

/* Fresh pairs; nothing is written. */
void
keys_new(struct keys *out);

/* A new sealing pair in front; the oldest falls out beyond KEYS_SEAL_MAX:
 * STATUS_E_LIMIT, nothing changes. */
MUST_CHECK enum status
keys_rotate_seal(struct keys *keys);

/* STATUS_E_INVALID: not a key file. */
MUST_CHECK enum status
keys_load(const char *path, struct keys *out);
MUST_CHECK enum status
keys_save(const char *path, const struct keys *keys);

void
keys_wipe(struct keys *keys);

#endif
