#ifndef ANKETA_WIRE_BATCH_H
#define ANKETA_WIRE_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * Batch: sealed records on their way, signed by the kiosk. See README.md.
 *
 * Threads  Pure functions, from any thread.
 */
#define BATCH_MAX_RECORDS 4096
#define BATCH_MAX_BYTES ((size_t)4 * 1024 * 1024)

struct batch_record {
    const uint8_t *box; /* borrowed; exactly one bucket of bytes */
    size_t len;
};

struct batch {
    struct seal_sign_public kiosk;
    struct seal_hash id; /* of the payload; set by encode and decode */
    uint64_t epoch;      /* the collector's, as the kiosk last heard; 0 none */
    struct batch_record *record; /* owned after decode */
    size_t count;
};

/* Appends the message signed by `by`, whose public key it names; sets
 * batch->id and batch->kiosk. The records go out in the order given: shuffle
 * first. STATUS_E_LIMIT, STATUS_E_INVALID (no bucket's length). */
MUST_CHECK enum status
batch_encode(struct batch *batch, const struct seal_sign_pair *by,
             struct buf *out);

/*
 * Check and read; the records point into `data`. The signature is verified
 * with the key that the batch itself names: whether that key belongs to an
 * enrolled kiosk is for the caller to ask, before anything else. Free with
 * batch_clear(). STATUS_E_INVALID, _UNSUPPORTED, _LIMIT, _AUTH.
 */
MUST_CHECK enum status
batch_decode(const void *data, size_t len, struct batch *out);

void
batch_clear(struct batch *batch);

#endif
