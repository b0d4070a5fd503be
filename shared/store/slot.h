#ifndef ANKETA_STORE_SLOT_H
#define ANKETA_STORE_SLOT_H

#include <stdint.h>

#include "base/status.h"
#include "seal/seal.h"

/*
 * Slot: the one size of box an outbox is made of.
 *
 * A slot holds up to SLOT_PAYLOAD_BYTES of a sealed record, with what the
 * outbox must know about it, locked as a whole under the kiosk's key and bound
 * to its place. A free slot is a locked slot, too: without the key all look
 * random and alike, and with it damage is told from emptiness. Six slots fill
 * a page of 4096 bytes.
 */
#define SLOT_PAYLOAD_BYTES 512
#define SLOT_PLAIN_BYTES (104 + SLOT_PAYLOAD_BYTES)
#define SLOT_BOX_BYTES (SLOT_PLAIN_BYTES + SEAL_LOCK_OVERHEAD_BYTES)

/* On the disk: never renumber. */
enum slot_state {
    SLOT_FREE = 0,
    SLOT_WAITING = 1, /* for a receipt */
    SLOT_HELD = 2,    /* accepted; kept until the collector has a backup */
    SLOT_REFUSED = 3, /* kept for the staff to see */
    SLOT_SLIP = 4,    /* no record: remembers that a slip was used */
    SLOT_STATE_COUNT
};

struct slot {
    enum slot_state state;
    uint8_t reason; /* why refused: an outcome of the receipt */
    uint16_t chunk; /* of `chunks` that make up the record, from 0 */
    uint16_t chunks;
    uint16_t day;      /* held since: days since 1970 */
    uint64_t position; /* held: of its batch in the collector's epoch */
    uint64_t epoch;
    struct seal_hash form_tag;
    struct seal_hash id; /* of the record; of the slip */
    uint8_t payload[SLOT_PAYLOAD_BYTES];
};

/* Lock for the place with this row id. */
void
slot_lock(const struct slot *slot, const struct seal_lock_key *key, int64_t row,
          uint8_t out[SLOT_BOX_BYTES]);

/* STATUS_E_AUTH: damaged, or of another key or place. */
MUST_CHECK enum status
slot_unlock(const uint8_t box[SLOT_BOX_BYTES], const struct seal_lock_key *key,
            int64_t row, struct slot *out);

#endif
