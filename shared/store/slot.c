#include "store/slot.h"

#include <string.h>

#include "base/buf.h"

enum offset {
    AT_STATE = 0,
    AT_REASON = 1,
    AT_CHUNK = 2,
    AT_CHUNKS = 4,
    AT_DAY = 6,
    AT_POSITION = 8,
    AT_EPOCH = 16,
    AT_FORM_TAG = 24,
    AT_ID = 56,
    AT_PAYLOAD = 104 /* 88 to 103 are zero, for later versions */
};

static void
put_le(uint8_t *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t
get_le(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes; i > 0; i--) {
        value = value << 8 | at[i - 1];
    }
    return value;
}

void
slot_lock(const struct slot *slot, const struct seal_lock_key *key, int64_t row,
          uint8_t out[SLOT_BOX_BYTES])
{
    uint8_t plain[SLOT_PLAIN_BYTES] = {0};
    uint8_t about[8];
    plain[AT_STATE] = (uint8_t)slot->state;
    plain[AT_REASON] = slot->reason;
    put_le(plain + AT_CHUNK, slot->chunk, 2);
    put_le(plain + AT_CHUNKS, slot->chunks, 2);
    put_le(plain + AT_DAY, slot->day, 2);
    put_le(plain + AT_POSITION, slot->position, 8);
    put_le(plain + AT_EPOCH, slot->epoch, 8);
    memcpy(plain + AT_FORM_TAG, slot->form_tag.bytes, SEAL_HASH_BYTES);
    memcpy(plain + AT_ID, slot->id.bytes, SEAL_HASH_BYTES);
    memcpy(plain + AT_PAYLOAD, slot->payload, SLOT_PAYLOAD_BYTES);
    put_le(about, (uint64_t)row, sizeof(about));
    seal_lock(key, about, sizeof(about), plain, sizeof(plain), out);
    buf_wipe(plain, sizeof(plain));
}

enum status
slot_unlock(const uint8_t box[SLOT_BOX_BYTES], const struct seal_lock_key *key,
            int64_t row, struct slot *out)
{
    uint8_t plain[SLOT_PLAIN_BYTES];
    uint8_t about[8];
    put_le(about, (uint64_t)row, sizeof(about));
    enum status st =
        seal_unlock(key, about, sizeof(about), box, SLOT_BOX_BYTES, plain);
    if (st == STATUS_OK && plain[AT_STATE] >= SLOT_STATE_COUNT) {
        st = STATUS_E_AUTH; /* written by a later version: not ours to touch */
    }
    if (st == STATUS_OK) {
        out->state = (enum slot_state)plain[AT_STATE];
        out->reason = plain[AT_REASON];
        out->chunk = (uint16_t)get_le(plain + AT_CHUNK, 2);
        out->chunks = (uint16_t)get_le(plain + AT_CHUNKS, 2);
        out->day = (uint16_t)get_le(plain + AT_DAY, 2);
        out->position = get_le(plain + AT_POSITION, 8);
        out->epoch = get_le(plain + AT_EPOCH, 8);
        memcpy(out->form_tag.bytes, plain + AT_FORM_TAG, SEAL_HASH_BYTES);
        memcpy(out->id.bytes, plain + AT_ID, SEAL_HASH_BYTES);
        memcpy(out->payload, plain + AT_PAYLOAD, SLOT_PAYLOAD_BYTES);
    } else {
        *out = (struct slot){0};
    }
    buf_wipe(plain, sizeof(plain));
    return st;
}
