#include "collector/web/kiosk_api.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/web/desk.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/enrol.h"
#include "wire/receipt.h"

#define TYPE_CBOR "application/cbor"
#define NAME_MAX_BYTES 1024 /* of a kiosk, in the store */

/* HTTP's name for what went wrong; the daemon reads nothing else. */
static void
answer_failure(struct response *rs, enum status st)
{
    buf_clear(&rs->body);
    rs->type = "text/plain; charset=utf-8";
    if (st == STATUS_E_AUTH) {
        rs->status = 403;
    } else if (st == STATUS_E_INVALID || st == STATUS_E_UNSUPPORTED) {
        rs->status = 400;
    } else if (st == STATUS_E_LIMIT) {
        rs->status = 413;
    } else {
        rs->status = 503;
        response_header(rs, "Retry-After", "5");
    }
}

void
kiosk_api_identity(void *self, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct desk *d = self;
    rs->type = TYPE_CBOR;
    enum status st = enrol_identity_encode(&d->home.identity, &rs->body);
    if (st < 0) {
        answer_failure(rs, st);
    }
}

static enum status
enrol(struct desk *d, const struct enrol_request *request,
      struct enrol_answer *out)
{
    *out = (struct enrol_answer){.who = d->home.identity};
    struct seal_hash secret;
    struct buf name;
    buf_init(&name, NAME_MAX_BYTES);
    enrol_secret_hash(request->secret, &secret);
    struct store *w = desk_writer(d);
    enum status st = store_enrol(w, &secret, &request->kiosk, request->name,
                                 desk_now_ms(d), &name);
    desk_writer_give(d);
    if (st >= 0 && name.len <= ENROL_NAME_MAX_BYTES) {
        memcpy(out->name, name.data, name.len);
    }
    buf_deinit(&name);
    return st;
}

void
kiosk_api_enrol(void *self, const struct request *rq, struct response *rs)
{
    struct desk *d = self;
    unsigned long peer = request_peer(rq);
    int64_t mono_ms = clock_mono_ms(d->clock);
    if (!throttle_allows(&d->enrol, peer, mono_ms)) {
        rs->status = 429;
        response_header(rs, "Retry-After", "60");
        return;
    }
    struct enrol_request request;
    struct enrol_answer answer;
    enum status st =
        enrol_request_decode(rq->body.data, rq->body.len, &request);
    if (st == STATUS_OK) {
        st = enrol(d, &request, &answer);
        if (st == STATUS_E_AUTH) {
            throttle_wrong(&d->enrol, peer, mono_ms);
        }
    }
    if (st >= 0) {
        if (st == STATUS_OK) {
            log_info("collector", "a kiosk enrolled");
        }
        rs->type = TYPE_CBOR;
        st = enrol_answer_encode(&answer, &request.kiosk, &d->home.keys.sign,
                                 &rs->body);
    }
    if (st < 0) {
        answer_failure(rs, st);
    }
}

/* The contact counts as a sign of life, in whole hours. */
static enum status
note_state(struct desk *d, const struct bundle_request *rq)
{
    struct store_kiosk_waiting waiting[BUNDLE_REQUEST_FORMS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < rq->form_count; i++) {
        if (rq->form[i].waiting != BUNDLE_WAITING_FEW) {
            waiting[count].form_id = rq->form[i].form_id;
            waiting[count].step = (int)rq->form[i].waiting;
            count++;
        }
    }
    struct store *w = desk_writer(d);
    enum status st = store_begin(w);
    if (st == STATUS_OK) {
        st = store_kiosk_touch(w, &rq->kiosk, (int64_t)rq->serial,
                               desk_now_ms(d));
    }
    if (st == STATUS_OK) {
        st = store_kiosk_describe(w, &rq->kiosk, rq->program, waiting, count);
    }
    if (st == STATUS_OK) {
        st = store_commit(w);
    }
    desk_writer_give(d);
    return st;
}

/* A kiosk that has not heard yet of the keys announced to it names the TLS key
 * before them. */
static bool
is_ours(const struct desk *d, const uint8_t pin[ENROL_TLS_PIN_BYTES])
{
    const struct keys *k = &d->home.keys;
    return seal_equal(pin, d->home.identity.tls_pin, ENROL_TLS_PIN_BYTES)
           || (k->switched
               && seal_equal(pin, k->previous_pin, ENROL_TLS_PIN_BYTES));
}

static enum status
library(struct desk *d, struct store *reader, const struct request *rq,
        struct response *rs)
{
    struct bundle_request request;
    enum status st =
        bundle_request_decode(rq->body.data, rq->body.len, &request);
    if (st == STATUS_OK && !is_ours(d, request.tls_pin)) {
        st = STATUS_E_AUTH;
    }
    if (st == STATUS_OK) {
        st = store_kiosk_check(reader, &request.kiosk);
    }
    if (st == STATUS_OK) {
        st = note_state(d, &request);
    }
    if (st == STATUS_OK) {
        /* A number of another epoch says nothing here. */
        bool ours =
            request.epoch == 0 || request.epoch == d->home.identity.epoch;
        st = desk_bundle(d, reader, ours ? (int64_t)request.serial : 0,
                         &rs->body);
    }
    return st;
}

void
kiosk_api_library(void *self, const struct request *rq, struct response *rs)
{
    struct desk *d = self;
    struct store *reader = desk_reader(d);
    rs->type = TYPE_CBOR;
    enum status st = library(d, reader, rq, rs);
    if (st == STATUS_NONE) {
        rs->status = 204;
    } else if (st < 0) {
        answer_failure(rs, st);
    }
    desk_reader_give(d, reader);
}

static enum status
take_in(struct desk *d, struct store *reader, const struct batch *batch,
        struct response *rs)
{
    struct ingest_batch *opened = NULL;
    struct receipt receipt = {0};
    enum status st = ingest_open(&d->ingest, reader, batch, &opened);
    if (st == STATUS_OK) {
        st = desk_take(d, opened, &receipt);
    }
    ingest_free(opened);
    if (st == STATUS_OK && desk_read_named(d) < 0) {
        log_warn("web", "named answers will be read later");
    }
    if (st == STATUS_OK) {
        st = receipt_encode(&receipt, &d->home.keys.sign, &rs->body);
    }
    receipt_clear(&receipt);
    return st;
}

void
kiosk_api_batch(void *self, const struct request *rq, struct response *rs)
{
    struct desk *d = self;
    struct store *reader = desk_reader(d);
    struct batch batch = {0};
    rs->type = TYPE_CBOR;
    enum status st = batch_decode(rq->body.data, rq->body.len, &batch);
    if (st == STATUS_OK) {
        st = store_kiosk_check(reader, &batch.kiosk);
    }
    if (st == STATUS_OK) {
        st = take_in(d, reader, &batch, rs);
    }
    if (st < 0) {
        answer_failure(rs, st);
    }
    batch_clear(&batch);
    desk_reader_give(d, reader);
}
