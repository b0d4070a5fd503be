#ifndef ANKETA_SEAL_STREAM_H
#define ANKETA_SEAL_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "seal/seal.h"

/*
 * Stream: many chunks locked under one key (XChaCha20-Poly1305 secretstream),
 * for what is too long for memory. A chunk taken out, put elsewhere, repeated
 * or changed is noticed; the last one says that it is.
 *
 * Threads  A stream belongs to one thread at a time.
 */
#define SEAL_STREAM_START_BYTES 24
#define SEAL_STREAM_OVERHEAD_BYTES 17 /* of each chunk */

struct seal_stream {
    uint8_t state[64]; /* wipe with buf_wipe() */
};

/* Begin to write; `start` goes in front of the chunks. */
void
seal_stream_begin(struct seal_stream *s, const struct seal_lock_key *key,
                  uint8_t start[SEAL_STREAM_START_BYTES]);
/* Into len + SEAL_STREAM_OVERHEAD_BYTES of `out`. `about` is authenticated but
 * not stored. */
void
seal_stream_put(struct seal_stream *s, const struct seal_hash *about,
                const void *data, size_t len, bool last, uint8_t *out);

/* Begin to read. STATUS_E_AUTH: no start of a stream. */
MUST_CHECK enum status
seal_stream_open(struct seal_stream *s, const struct seal_lock_key *key,
                 const uint8_t start[SEAL_STREAM_START_BYTES]);
/* Into len - SEAL_STREAM_OVERHEAD_BYTES of `out`. STATUS_E_AUTH: not the next
 * chunk of this stream. */
MUST_CHECK enum status
seal_stream_take(struct seal_stream *s, const struct seal_hash *about,
                 const uint8_t *box, size_t len, uint8_t *out, bool *out_last);

#endif
