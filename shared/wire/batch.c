#include "wire/batch.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/pack.h"
#include "seal/record.h"
#include "wire/envelope.h"

#define BATCH_VERSION 1
#define BATCH_ITEMS 4
static const char context[] = "anketa batch";

enum status
batch_encode(struct batch *batch, const struct seal_sign_pair *by,
             struct buf *out)
{
    if (batch->count > BATCH_MAX_RECORDS) {
        return STATUS_E_LIMIT;
    }
    struct buf payload;
    buf_init(&payload, BATCH_MAX_BYTES);
    batch->kiosk = by->public_key;
    enum status st = STATUS_OK;

    pack_array(&payload, BATCH_ITEMS);
    pack_uint(&payload, BATCH_VERSION);
    pack_bytes(&payload, batch->kiosk.bytes, sizeof(batch->kiosk.bytes));
    pack_uint(&payload, batch->epoch);
    pack_array(&payload, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        if (!record_is_bucket(batch->record[i].len)) {
            st = STATUS_E_INVALID;
            goto out;
        }
        pack_bytes(&payload, batch->record[i].box, batch->record[i].len);
    }
    st = buf_status(&payload);
    if (st == STATUS_OK) {
        seal_hash(payload.data, payload.len, NULL, 0, &batch->id);
        st = envelope_sign(by, context, payload.data, payload.len, out);
    }

out:
    buf_deinit(&payload);
    return st;
}

static enum status
read_records(struct pack_reader *r, struct batch *out)
{
    size_t count = pack_read_array(r, BATCH_MAX_RECORDS);
    if (count == 0) {
        return STATUS_OK;
    }
    out->record = calloc(count, sizeof(out->record[0]));
    if (!out->record) {
        return log_oom("batch");
    }
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        struct batch_record *record = &out->record[i];
        record->box = pack_read_bytes(r, BATCH_MAX_BYTES, &record->len);
        if (!record_is_bucket(record->len)) {
            pack_fail(r, STATUS_E_INVALID);
            break;
        }
    }
    return STATUS_OK;
}

enum status
batch_decode(const void *data, size_t len, struct batch *out)
{
    *out = (struct batch){0};
    if (len > BATCH_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    struct envelope e;
    struct pack_reader r;
    enum status st = envelope_read(data, len, &e);
    if (st < 0) {
        return st;
    }
    pack_open(&r, e.payload, e.payload_len);
    pack_expect_array(&r, BATCH_ITEMS);
    pack_expect_version(&r, BATCH_VERSION);
    pack_copy_bytes(&r, out->kiosk.bytes, sizeof(out->kiosk.bytes));
    out->epoch = pack_read_uint(&r, UINT64_MAX);
    st = read_records(&r, out);
    if (st == STATUS_OK) {
        st = pack_end(&r);
    }
    if (st == STATUS_OK) {
        st = envelope_verify(&e, &out->kiosk, context);
    }
    if (st < 0) {
        batch_clear(out);
        return st;
    }
    seal_hash(e.payload, e.payload_len, NULL, 0, &out->id);
    return STATUS_OK;
}

void
batch_clear(struct batch *batch)
{
    free(batch->record);
    *batch = (struct batch){0};
}
