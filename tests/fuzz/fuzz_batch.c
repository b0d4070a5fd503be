/*
 * Batch: any bytes are read or refused; what is read is canonical, that is,
 * writing it gives the same payload.
 */
#include <stdlib.h>
#include <string.h>

#include "base/pack.h"
#include "wire/batch.h"
#include "wire/envelope.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as the payload, signed by a kiosk of ours: else the fuzzer would
 * never get past a signature. Its key goes where the payload has one. */
static void
as_payload(const uint8_t *data, size_t size)
{
    static struct seal_sign_pair kiosk;
    static const uint8_t marker[] = {0x58, 0x20}; /* a key's head */
    struct buf payload;
    struct buf message;
    struct buf again;
    struct batch got;
    if (!kiosk.secret[0] && !kiosk.secret[1]) {
        seal_sign_pair_new(&kiosk);
    }
    buf_init(&payload, BATCH_MAX_BYTES);
    buf_init(&message, (size_t)2 * BATCH_MAX_BYTES);
    buf_init(&again, (size_t)2 * BATCH_MAX_BYTES);
    buf_put(&payload, data, size);
    if (size >= 36 && memcmp(payload.data + 2, marker, sizeof(marker)) == 0) {
        memcpy(payload.data + 4, kiosk.public_key.bytes, 32);
    }
    if (envelope_sign(&kiosk, "anketa batch", payload.data, payload.len,
                      &message)
            == STATUS_OK
        && batch_decode(message.data, message.len, &got) == STATUS_OK) {
        if (batch_encode(&got, &kiosk, &again) != STATUS_OK
            || again.len != message.len
            || memcmp(again.data, message.data, again.len) != 0) {
            abort();
        }
        batch_clear(&got);
    }
    buf_deinit(&again);
    buf_deinit(&message);
    buf_deinit(&payload);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct batch got;
    if (seal_init() < 0) {
        abort();
    }
    if (batch_decode(data, size, &got) == STATUS_OK) {
        batch_clear(&got);
    }
    as_payload(data, size);
    return 0;
}
