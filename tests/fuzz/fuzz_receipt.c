/*
 * Receipt: any bytes are read or refused; what is read is canonical, that is,
 * writing it gives the same message.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/envelope.h"
#include "wire/receipt.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as the payload, signed: else no input would get far. */
static void
as_payload(const uint8_t *data, size_t size)
{
    static struct seal_sign_pair collector;
    static const struct seal_sign_public kiosk = {{7}};
    struct buf message;
    struct buf again;
    struct receipt got;
    bool known = true;
    if (!collector.secret[0] && !collector.secret[1]) {
        seal_sign_pair_new(&collector);
    }
    buf_init(&message, (size_t)2 * RECEIPT_MAX_BYTES);
    buf_init(&again, (size_t)2 * RECEIPT_MAX_BYTES);
    if (size <= RECEIPT_MAX_BYTES
        && envelope_sign(&collector, "anketa receipt", data, size, &message)
               == STATUS_OK
        && receipt_decode(message.data, message.len, &collector.public_key,
                          &kiosk, &got)
               == STATUS_OK) {
        if (receipt_encode(&got, &collector, &again) != STATUS_OK) {
            abort();
        }
        for (size_t i = 0; i < got.count; i++) {
            /* A later collector's reason is read as one we know. */
            known = known && got.item[i].outcome != RECEIPT_REFUSED_RECORD;
        }
        if (known
            && (again.len != message.len
                || memcmp(again.data, message.data, again.len) != 0)) {
            abort();
        }
        receipt_clear(&got);
    }
    buf_deinit(&again);
    buf_deinit(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct seal_sign_public nobody;
    struct receipt got;
    if (seal_init() < 0
        || receipt_decode(data, size, &nobody, &nobody, &got) == STATUS_OK) {
        abort(); /* nobody can sign for the zero key */
    }
    as_payload(data, size);
    return 0;
}
