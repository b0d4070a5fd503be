#ifndef ANKETA_BASE_PACK_H
#define ANKETA_BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * Pack: canonical CBOR (RFC 8949, section 4.2.1), written to a buf and read
 * item by item out of memory, over libcbor's encoder and streaming decoder.
 *
 * Our messages are positional arrays of unsigned integers, byte strings, text
 * and booleans. The reader takes nothing else: a longer head than needed, an
 * indefinite length, a tag, invalid UTF-8 or bytes after the end make it fail.
 * Its error is sticky: read all, then ask pack_end() once. Until then values
 * may be zero, and an array that is not there has no items.
 *
 * Threads  A reader belongs to one thread at a time.
 */
void
pack_array(struct buf *out, size_t items);
void
pack_uint(struct buf *out, uint64_t value);
void
pack_bool(struct buf *out, bool value);
void
pack_bytes(struct buf *out, const void *data, size_t len);
void
pack_text(struct buf *out, const char *text);

#define PACK_MAX_DEPTH 8

struct pack_reader {
    const uint8_t *at;
    const uint8_t *end;
    uint64_t left[PACK_MAX_DEPTH]; /* items to come in each open array */
    size_t depth;
    enum status error;
};

void
pack_open(struct pack_reader *r, const void *data, size_t len);

/* The first failure, or whether all was read: STATUS_E_INVALID, _LIMIT. */
MUST_CHECK enum status
pack_end(struct pack_reader *r);

/* Make the reader fail, for rules of the caller's own. */
void
pack_fail(struct pack_reader *r, enum status error);

/* Enter an array. It is left by itself when its last item is read. Any count
 * up to `max`; beyond: STATUS_E_LIMIT. */
size_t
pack_read_array(struct pack_reader *r, size_t max);
/* Enter an array of exactly `items`. */
void
pack_expect_array(struct pack_reader *r, size_t items);

/* Beyond `max`: STATUS_E_INVALID. */
uint64_t
pack_read_uint(struct pack_reader *r, uint64_t max);
bool
pack_read_bool(struct pack_reader *r);
/* Borrowed from the message; "" of length 0 after a failure. */
const uint8_t *
pack_read_bytes(struct pack_reader *r, size_t max, size_t *out_len);
/* Exactly `len` bytes, copied; zeros after a failure. */
void
pack_copy_bytes(struct pack_reader *r, void *out, size_t len);
/* Valid UTF-8 without NUL. Not terminated. */
const char *
pack_read_text(struct pack_reader *r, size_t max, size_t *out_len);

/* The version in front of every message: other than `known` fails, with
 * STATUS_E_UNSUPPORTED if it is later. */
void
pack_expect_version(struct pack_reader *r, uint64_t known);

#endif
