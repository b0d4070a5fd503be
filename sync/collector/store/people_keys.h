#ifndef ANKETA_COLLECTOR_STORE_PEOPLE_KEYS_H
#define ANKETA_COLLECTOR_STORE_PEOPLE_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * People keys: a key for every number of a person, of which any can be destroyed
 * for good. Backups hold what names a person under her key alone (people_veil.h),
 * and not the keys: once hers is destroyed, no backup tells of her any more,
 * however old it is.
 *
 * Algorithm  The pseudo-random function of Goldreich, Goldwasser and Micali
 *            (1986): a binary tree over the numbers whose nodes are keys, each
 *            child a keyed hash of its parent. A key is destroyed by keeping, in
 *            place of the node above it, the nodes beside the way down (a
 *            punctured PRF: Boneh and Waters 2013). So people who come later
 *            need no newer copy of the file, and one who was erased makes it
 *            PEOPLE_KEYS_DEPTH nodes longer at most.
 * Threads    Pure but for the two that read and write a file.
 */
#define PEOPLE_KEYS_DEPTH 24
#define PEOPLE_KEYS_NUMBER_MAX ((INT64_C(1) << PEOPLE_KEYS_DEPTH) - 1)
#define PEOPLE_KEYS_NODES_MAX 480000 /* of 20,000 erased */
#define PEOPLE_KEYS_FILE_MAX_BYTES ((size_t)24 * 1024 * 1024)

struct people_keys_node {
    uint32_t first; /* the least number below it */
    uint8_t depth;  /* 0: the root, of all numbers */
    struct seal_hash key;
};

struct people_keys {
    struct people_keys_node *node; /* owned; by `first` */
    size_t count;
};

/* All numbers have a key. */
MUST_CHECK enum status
people_keys_new(struct people_keys *out);
/* Wipes. */
void
people_keys_clear(struct people_keys *k);

/* STATUS_NONE: destroyed, or beyond PEOPLE_KEYS_NUMBER_MAX. */
MUST_CHECK enum status
people_keys_of(const struct people_keys *k, int64_t number,
               struct seal_lock_key *out);
/* STATUS_NONE: it was. */
MUST_CHECK enum status
people_keys_destroy(struct people_keys *k, int64_t number);

/* As bytes and back. STATUS_E_INVALID: these are no such keys. */
MUST_CHECK enum status
people_keys_encode(const struct people_keys *k, struct buf *out);
MUST_CHECK enum status
people_keys_decode(const void *data, size_t len, struct people_keys *out);

/* The file; made with fresh keys if it is not there. */
MUST_CHECK enum status
people_keys_load(const char *path, struct people_keys *out);
MUST_CHECK enum status
people_keys_save(const char *path, const struct people_keys *k);

#endif
