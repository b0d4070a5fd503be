#ifndef ANKETA_WIRE_STICK_H
#define ANKETA_WIRE_STICK_H

#include <stdbool.h>

#include "base/status.h"
#include "seal/seal.h"

/*
 * Stick: how batches, receipts and libraries are named as files, where a
 * person carries them (README.md).
 *
 * They lie in one folder. A name begins with sixteen digits of the kiosk's
 * key, a batch's and its receipt's go on with sixteen of the batch id. Names
 * only help to find; what a file is worth its signature says.
 *
 * Threads  Pure functions, from any thread.
 */
#define STICK_FOLDER "anketa"
#define STICK_NAME_BYTES 64
#define STICK_MAX_FILES 4096 /* looked at in one folder */

enum stick_kind {
    STICK_BATCH,   /* "<kiosk>-<batch>.batch" */
    STICK_RECEIPT, /* "<kiosk>-<batch>.receipt" */
    STICK_LIBRARY, /* "<kiosk>.library": a bundle sealed to the kiosk, because
                      it may name people */
};

/* `batch` may be NULL for a library. */
void
stick_name(enum stick_kind kind, const struct seal_sign_public *kiosk,
           const struct seal_hash *batch, char out[STICK_NAME_BYTES]);

/* Is `name` of that kind, and of that kiosk unless that is NULL? */
bool
stick_is(const char *name, enum stick_kind kind,
         const struct seal_sign_public *kiosk);

#endif
