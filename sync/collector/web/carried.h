#ifndef ANKETA_COLLECTOR_WEB_CARRIED_H
#define ANKETA_COLLECTOR_WEB_CARRIED_H

#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/home.h"
#include "collector/ingest/ingest.h"
#include "collector/store/store.h"
#include "wire/stick.h"

/*
 * Carried: a batch that came as a file on a USB stick, and what goes back on
 * it (wire/stick.h).
 *
 * Threads  As the stores passed in.
 */
enum carried_outcome {
    CARRIED_TAKEN,
    CARRIED_FOREIGN,  /* no batch of ours */
    CARRIED_STRANGER, /* of a kiosk that is not enrolled here, or revoked */
};

struct carried {
    enum carried_outcome outcome;
    struct seal_sign_public kiosk; /* these only of what was taken */
    char receipt_name[STICK_NAME_BYTES];
    size_t records; /* in it, repeats too */
    size_t refused;
};

/* Where it comes in; borrowed. */
struct carried_to {
    const struct home *home;
    const struct ingest *ingest;
    struct store *reader;
    struct store *writer;
};

/* Take it in and append its receipt; once more does no harm. */
MUST_CHECK enum status
carried_take(const struct carried_to *to, const void *data, size_t len,
             struct buf *receipt, struct carried *out);

/* Append the library for one kiosk, sealed to it: it may name people, and
 * sticks get lost. STATUS_E_AUTH: not enrolled. */
MUST_CHECK enum status
carried_library(const struct home *home, struct store *reader,
                const struct seal_sign_public *kiosk, struct buf *out);

#endif
