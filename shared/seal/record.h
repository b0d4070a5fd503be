#ifndef ANKETA_SEAL_RECORD_H
#define ANKETA_SEAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * Record: one submission, compressed, padded and sealed.
 *
 * The instance XML is compressed with zstd, the form's blank instance serving
 * as dictionary, put behind a small CBOR head (form, version, wave, kind), and
 * padded to the smallest bucket it fits before it is sealed, so that its length
 * tells next to nothing. A record carries no time, no number and no kiosk.
 *
 * Its name, for receipts and for dropping repeats, is the hash of the sealed
 * bytes: both ends can compute it, nobody need store it.
 */
#define RECORD_BUCKET_COUNT 5
/* Sealed sizes: 512, 2048, 8192, 32768 and 131072 bytes. */
extern const size_t record_bucket_bytes[RECORD_BUCKET_COUNT];
#define RECORD_XML_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define RECORD_ID_MAX_BYTES 255

/* Has a sealed record this length? */
bool
record_is_bucket(size_t len);

/* The name of a sealed record: BLAKE2b-256 of its bytes. */
void
record_id(const void *sealed, size_t len, struct seal_hash *out);

enum record_kind {
    RECORD_ANONYMOUS = 0,
    RECORD_SLIP = 1,
    RECORD_NAMED = 2,
    RECORD_BALLOT = 3,
};

/* What is inside; strings borrowed for the call when sealing, from `record`'s
 * own buffers after opening. */
struct record_head {
    enum record_kind kind;
    const char *form_id;
    const char *form_version;
    const char *wave; /* wave id, "" if none */
    const char *code; /* personal code of a named form or ballot; "" else */
    struct seal_hash slip; /* keyed hash of the slip code; zero if none */
    bool test;             /* made in test mode: never counted */
};

/* The form's blank instance, the dictionary; borrowed. */
struct record_blank {
    const char *xml;
    size_t len;
};

/* Appends exactly one bucket of bytes. STATUS_E_LIMIT if no bucket is large
 * enough. */
MUST_CHECK enum status
record_close(const struct seal_public *to, const struct record_head *head,
             const char *xml, size_t xml_len, const struct record_blank *blank,
             struct buf *out);

/*
 * Press: makes records one after the other, with what is slow and does not
 * depend on the answers done before somebody touches Send.
 *
 * Threads  One at a time.
 */
struct record_press;

MUST_CHECK enum status
record_press_new(struct record_press **out);
/* Wipes; NULL is fine. */
void
record_press_free(struct record_press *press);
/* Get ready for a record to that key; nothing if it is so already. */
MUST_CHECK enum status
record_press_prepare(struct record_press *press, const struct seal_public *to);
struct record_draft { /* all borrowed */
    const struct record_head *head;
    const char *xml;
    size_t xml_len;
    struct record_blank blank;
};

/* As record_close(), whether or not it was prepared. */
MUST_CHECK enum status
record_press_close(struct record_press *press, const struct seal_public *to,
                   const struct record_draft *draft, struct buf *out);

struct record {
    struct record_head head; /* strings borrowed from `plain` */
    struct buf plain;        /* owned */
    const uint8_t *packed;   /* compressed XML, within `plain` */
    size_t packed_len;
};

/* STATUS_E_AUTH: not for this key or changed; STATUS_E_INVALID: opened, but
 * not a record; STATUS_E_UNSUPPORTED: of a later version. */
MUST_CHECK enum status
record_open(const struct seal_pair *with, const void *box, size_t len,
            struct record *out);
/* The XML, once the caller knows the form named in the head. */
MUST_CHECK enum status
record_xml(const struct record *r, const struct record_blank *blank,
           struct buf *out);
/* Wipes. */
void
record_clear(struct record *r);

#endif
