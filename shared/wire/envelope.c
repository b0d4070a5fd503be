#include "wire/envelope.h"

#include "base/pack.h"

enum status
envelope_sign(const struct seal_sign_pair *by, const char *context,
              const void *payload, size_t payload_len, struct buf *out)
{
    uint8_t signature[SEAL_SIGNATURE_BYTES];
    seal_sign(by, context, payload, payload_len, signature);
    pack_array(out, 2);
    pack_bytes(out, payload, payload_len);
    pack_bytes(out, signature, sizeof(signature));
    return buf_status(out);
}

enum status
envelope_read(const void *data, size_t len, struct envelope *out)
{
    *out = (struct envelope){0};
    struct pack_reader r;
    size_t signature_len = 0;
    pack_open(&r, data, len);
    pack_expect_array(&r, 2);
    out->payload = pack_read_bytes(&r, len, &out->payload_len);
    out->signature = pack_read_bytes(&r, SEAL_SIGNATURE_BYTES, &signature_len);
    if (signature_len != SEAL_SIGNATURE_BYTES) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    return pack_end(&r) < 0 ? STATUS_E_INVALID : STATUS_OK;
}

enum status
envelope_verify(const struct envelope *e, const struct seal_sign_public *by,
                const char *context)
{
    return seal_verify(by, context, e->payload, e->payload_len, e->signature);
}
