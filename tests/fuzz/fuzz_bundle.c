/*
 * Bundle: any bytes are read or refused; what is read is canonical, that is,
 * writing it gives the same message.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/bundle.h"
#include "wire/envelope.h"

#define INPUT_MAX ((size_t)1024 * 1024)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seal_sign_pair collector;
    struct buf message;
    struct buf again;
    struct bundle got;
    struct bundle_request request;
    if (seal_init() < 0) {
        abort();
    }
    if (!collector.secret[0] && !collector.secret[1]) {
        seal_sign_pair_new(&collector);
    }
    (void)!bundle_request_decode(data, size, &request);
    buf_init(&message, (size_t)2 * INPUT_MAX);
    buf_init(&again, (size_t)2 * INPUT_MAX);
    /* The input as the payload, signed: else no input would get far. */
    if (size <= INPUT_MAX
        && envelope_sign(&collector, "anketa library", data, size, &message)
               == STATUS_OK
        && bundle_decode(message.data, message.len, &collector.public_key, &got)
               == STATUS_OK) {
        if (bundle_encode(&got, &collector, &again) != STATUS_OK
            || again.len != message.len
            || memcmp(again.data, message.data, again.len) != 0) {
            abort();
        }
        bundle_clear(&got);
    }
    buf_deinit(&again);
    buf_deinit(&message);
    return 0;
}
