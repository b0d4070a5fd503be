#include "collector/web/carried.h"

#include "collector/web/publish.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/receipt.h"

static enum status
commit(const struct home *home, struct store *writer, struct ingest_batch *b,
       struct buf *message, struct carried *out)
{
    struct receipt receipt = {0};
    enum status st = ingest_commit(b, writer, &receipt);
    if (st == STATUS_OK) {
        st = receipt_encode(&receipt, &home->keys.sign, message);
    }
    for (size_t i = 0; st == STATUS_OK && i < receipt.count; i++) {
        out->refused += receipt_refused(receipt.item[i].outcome);
    }
    receipt_clear(&receipt);
    return st;
}

/* STATUS_NONE: not to be taken, `out` says why. */
static enum status
check(struct store *reader, const void *data, size_t len, struct batch *batch,
      struct carried *out)
{
    enum status st =
        len > BATCH_MAX_BYTES ? STATUS_E_LIMIT : batch_decode(data, len, batch);
    if (st == STATUS_E_INVALID || st == STATUS_E_AUTH || st == STATUS_E_LIMIT
        || st == STATUS_E_UNSUPPORTED) {
        out->outcome = CARRIED_FOREIGN;
        return STATUS_NONE;
    }
    if (st == STATUS_OK) {
        st = store_kiosk_check(reader, &batch->kiosk);
        if (st == STATUS_E_AUTH) {
            out->outcome = CARRIED_STRANGER;
            return STATUS_NONE;
        }
    }
    return st;
}

enum status
carried_take(const struct carried_to *to, const void *data, size_t len,
             struct buf *receipt, struct carried *out)
{
    struct batch batch = {0};
    struct ingest_batch *opened = NULL;
    *out = (struct carried){.outcome = CARRIED_TAKEN};
    enum status st = check(to->reader, data, len, &batch, out);
    if (st == STATUS_OK) {
        st = ingest_open(to->ingest, to->reader, &batch, &opened);
    }
    if (st == STATUS_OK) {
        st = commit(to->home, to->writer, opened, receipt, out);
    }
    if (st == STATUS_OK) {
        out->kiosk = batch.kiosk;
        out->records = batch.count;
        stick_name(STICK_RECEIPT, &batch.kiosk, &batch.id, out->receipt_name);
    }
    ingest_free(opened);
    batch_clear(&batch);
    return st < 0 ? st : STATUS_OK;
}

enum status
carried_library(const struct home *home, struct store *reader,
                const struct seal_sign_public *kiosk, struct buf *out)
{
    struct seal_public to;
    struct buf bundle;
    buf_init(&bundle, BUNDLE_MAX_BYTES);
    enum status st = store_kiosk_check(reader, kiosk);
    if (st == STATUS_OK) {
        st = publish_bundle(reader, home, &bundle);
    }
    if (st == STATUS_OK) {
        st = seal_public_of_signer(kiosk, &to);
    }
    if (st == STATUS_OK) {
        st = seal_close(&to, bundle.data, bundle.len, out);
    }
    buf_deinit(&bundle);
    return st;
}
