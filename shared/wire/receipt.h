#ifndef ANKETA_WIRE_RECEIPT_H
#define ANKETA_WIRE_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"
#include "wire/batch.h"

/*
 * Receipt: the collector's signed answer to a batch, record by record.
 *
 * Threads  Pure functions, from any thread.
 */
#define RECEIPT_MAX_BYTES ((size_t)BATCH_MAX_RECORDS * 40 + 512)

/* On the wire: never renumber. */
enum receipt_outcome {
    RECEIPT_ACCEPTED = 0,
    RECEIPT_REPEAT = 1, /* the collector has it already */
    RECEIPT_LATER = 2,  /* nothing wrong with it: send it again some day */
    RECEIPT_REFUSED_SEAL = 3,    /* no key of the collector opens it */
    RECEIPT_REFUSED_RECORD = 4,  /* opened, but not a record */
    RECEIPT_REFUSED_VERSION = 5, /* made by a later version */
    RECEIPT_REFUSED_FORM = 6,    /* questionnaire or wave unknown */
    RECEIPT_REFUSED_ANSWERS = 7, /* breaks the rules of its form */
    RECEIPT_REFUSED_CODE = 8,    /* personal code unknown */
    RECEIPT_REFUSED_SLIP = 9,    /* slip code unknown or used before */
    RECEIPT_OUTCOME_COUNT
};

static inline bool
receipt_refused(enum receipt_outcome outcome)
{
    return outcome >= RECEIPT_REFUSED_SEAL;
}

struct receipt_item {
    struct seal_hash record; /* its id */
    enum receipt_outcome outcome;
};

struct receipt {
    struct seal_sign_public kiosk; /* to whom */
    struct seal_hash batch;        /* its id */
    uint64_t epoch;
    uint64_t position;         /* of this batch within the epoch, from 1 */
    uint64_t covered;          /* positions up to this one are in a backup */
    struct receipt_item *item; /* owned after decode */
    size_t count;
};

/* Appends the message signed by the collector. */
MUST_CHECK enum status
receipt_encode(const struct receipt *receipt, const struct seal_sign_pair *by,
               struct buf *out);

/* Verify and read; free with receipt_clear(). STATUS_E_AUTH: not signed by
 * `collector`, or for another kiosk than `kiosk`. */
MUST_CHECK enum status
receipt_decode(const void *data, size_t len,
               const struct seal_sign_public *collector,
               const struct seal_sign_public *kiosk, struct receipt *out);

void
receipt_clear(struct receipt *receipt);

#endif
