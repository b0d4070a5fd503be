#include "wire/receipt.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/pack.h"
#include "wire/envelope.h"

#define RECEIPT_VERSION 1
#define RECEIPT_ITEMS 7
static const char context[] = "anketa receipt";

enum status
receipt_encode(const struct receipt *receipt, const struct seal_sign_pair *by,
               struct buf *out)
{
    if (receipt->count > BATCH_MAX_RECORDS) {
        return STATUS_E_LIMIT;
    }
    struct buf payload;
    buf_init(&payload, RECEIPT_MAX_BYTES);
    pack_array(&payload, RECEIPT_ITEMS);
    pack_uint(&payload, RECEIPT_VERSION);
    pack_bytes(&payload, receipt->kiosk.bytes, sizeof(receipt->kiosk.bytes));
    pack_bytes(&payload, receipt->batch.bytes, sizeof(receipt->batch.bytes));
    pack_uint(&payload, receipt->epoch);
    pack_uint(&payload, receipt->position);
    pack_uint(&payload, receipt->covered);
    pack_array(&payload, receipt->count);
    for (size_t i = 0; i < receipt->count; i++) {
        const struct receipt_item *item = &receipt->item[i];
        pack_array(&payload, 2);
        pack_bytes(&payload, item->record.bytes, sizeof(item->record.bytes));
        pack_uint(&payload, item->outcome);
    }
    enum status st = buf_status(&payload);
    if (st == STATUS_OK) {
        st = envelope_sign(by, context, payload.data, payload.len, out);
    }
    buf_deinit(&payload);
    return st;
}

static enum status
read_items(struct pack_reader *r, struct receipt *out)
{
    size_t count = pack_read_array(r, BATCH_MAX_RECORDS);
    if (count == 0) {
        return STATUS_OK;
    }
    out->item = calloc(count, sizeof(out->item[0]));
    if (!out->item) {
        return log_oom("receipt");
    }
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        struct receipt_item *item = &out->item[i];
        pack_expect_array(r, 2);
        pack_copy_bytes(r, item->record.bytes, sizeof(item->record.bytes));
        /* A reason that a later collector invents is a refusal still. */
        uint64_t outcome = pack_read_uint(r, UINT8_MAX);
        item->outcome = outcome < RECEIPT_OUTCOME_COUNT
                            ? (enum receipt_outcome)outcome
                            : RECEIPT_REFUSED_RECORD;
    }
    return STATUS_OK;
}

enum status
receipt_decode(const void *data, size_t len,
               const struct seal_sign_public *collector,
               const struct seal_sign_public *kiosk, struct receipt *out)
{
    *out = (struct receipt){0};
    if (len > RECEIPT_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    struct envelope e;
    struct pack_reader r;
    enum status st = envelope_read(data, len, &e);
    if (st == STATUS_OK) {
        st = envelope_verify(&e, collector, context);
    }
    if (st < 0) {
        return st;
    }
    pack_open(&r, e.payload, e.payload_len);
    pack_expect_array(&r, RECEIPT_ITEMS);
    pack_expect_version(&r, RECEIPT_VERSION);
    pack_copy_bytes(&r, out->kiosk.bytes, sizeof(out->kiosk.bytes));
    pack_copy_bytes(&r, out->batch.bytes, sizeof(out->batch.bytes));
    out->epoch = pack_read_uint(&r, UINT64_MAX);
    out->position = pack_read_uint(&r, UINT64_MAX);
    out->covered = pack_read_uint(&r, UINT64_MAX);
    st = read_items(&r, out);
    if (st == STATUS_OK) {
        st = pack_end(&r);
    }
    if (st == STATUS_OK
        && !seal_equal(&out->kiosk, kiosk, sizeof(out->kiosk))) {
        st = STATUS_E_AUTH;
    }
    if (st < 0) {
        receipt_clear(out);
    }
    return st;
}

void
receipt_clear(struct receipt *receipt)
{
    free(receipt->item);
    *receipt = (struct receipt){0};
}
