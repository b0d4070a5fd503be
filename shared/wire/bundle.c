#include "wire/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pack.h"
#include "wire/envelope.h"

#define BUNDLE_VERSION 1
#define BUNDLE_ITEMS 11
#define K_MAX 1000
#define MINUTES_MAX 1000
static const char context[] = "anketa library";
static const char request_context[] = "anketa library?";

/* -- writing -------------------------------------------------------------- */

static void
put_head(const struct bundle *b, struct buf *out)
{
    pack_array(out, BUNDLE_ITEMS);
    pack_uint(out, BUNDLE_VERSION);
    pack_uint(out, b->serial);
    pack_uint(out, b->epoch);
    pack_bytes(out, b->seal.bytes, sizeof(b->seal.bytes));
    pack_array(out, b->rotates ? 2 : 0);
    if (b->rotates) {
        pack_bytes(out, b->next_sign.bytes, sizeof(b->next_sign.bytes));
        pack_bytes(out, b->next_tls_pin, sizeof(b->next_tls_pin));
    }
}

static void
put_forms(const struct bundle *b, struct buf *out)
{
    pack_array(out, b->survey_count);
    for (size_t i = 0; i < b->survey_count; i++) {
        const struct bundle_survey *s = &b->survey[i];
        pack_array(out, 7);
        pack_text(out, s->form_id);
        pack_text(out, s->version);
        pack_text(out, s->wave);
        pack_uint(out, s->kind);
        pack_uint(out, s->k);
        pack_uint(out, s->minutes);
        pack_bool(out, s->closed);
    }
    pack_array(out, b->form_count);
    for (size_t i = 0; i < b->form_count; i++) {
        const struct bundle_form *f = &b->form[i];
        pack_array(out, 3);
        pack_text(out, f->form_id);
        pack_text(out, f->version);
        pack_bytes(out, f->xform, f->xform_len);
    }
    pack_array(out, b->media_count);
    for (size_t i = 0; i < b->media_count; i++) {
        const struct bundle_media *m = &b->media[i];
        pack_array(out, 3);
        pack_text(out, m->form_id);
        pack_text(out, m->name);
        pack_bytes(out, m->data, m->len);
    }
}

static void
put_rest(const struct bundle *b, struct buf *out)
{
    pack_array(out, b->setting_count);
    for (size_t i = 0; i < b->setting_count; i++) {
        pack_array(out, 2);
        pack_text(out, b->setting[i].key);
        pack_text(out, b->setting[i].value);
    }
    pack_array(out, b->slips_count);
    for (size_t i = 0; i < b->slips_count; i++) {
        const struct bundle_slips *s = &b->slips[i];
        pack_array(out, 4);
        pack_text(out, s->form_id);
        pack_text(out, s->wave);
        pack_bytes(out, s->key, sizeof(s->key));
        pack_array(out, s->count);
        for (size_t h = 0; h < s->count; h++) {
            pack_bytes(out, s->hash[h].bytes, SEAL_HASH_BYTES);
        }
    }
    pack_array(out, b->person_count);
    for (size_t i = 0; i < b->person_count; i++) {
        const struct bundle_person *p = &b->person[i];
        pack_array(out, 4);
        pack_text(out, p->form_id);
        pack_bytes(out, p->code.bytes, SEAL_HASH_BYTES);
        pack_text(out, p->name);
        pack_text(out, p->role);
    }
}

void
bundle_slip_hash(const uint8_t key[BUNDLE_SLIP_KEY_BYTES], const char *code,
                 struct seal_hash *out)
{
    seal_hash(code, strlen(code), key, BUNDLE_SLIP_KEY_BYTES, out);
}

enum status
bundle_encode(const struct bundle *bundle, const struct seal_sign_pair *by,
              struct buf *out)
{
    struct buf payload;
    buf_init(&payload, BUNDLE_MAX_BYTES);
    put_head(bundle, &payload);
    put_forms(bundle, &payload);
    put_rest(bundle, &payload);
    enum status st = buf_status(&payload);
    if (st == STATUS_OK) {
        st = envelope_sign(by, context, payload.data, payload.len, out);
    }
    buf_deinit(&payload);
    return st;
}

/* -- reading ---------------------------------------------------------------- */

/* Enter an array and make room for its items; NULL and 0 if there are none or
 * something failed. */
static void *
read_list(struct pack_reader *r, size_t max, size_t size, size_t *out_count)
{
    size_t count = pack_read_array(r, max);
    void *list = NULL;
    *out_count = 0;
    if (count > 0) {
        list = calloc(count, size);
        if (!list) {
            pack_fail(r, log_oom("bundle"));
            return NULL;
        }
        *out_count = count;
    }
    return list;
}

static const char *
read_name(struct pack_reader *r, struct bundle *b, size_t max)
{
    size_t len = 0;
    const char *text = pack_read_text(r, max, &len);
    char *copy = arena_strndup(&b->text, text, len);
    if (!copy) {
        pack_fail(r, log_oom("bundle"));
        return "";
    }
    return copy;
}

static void
read_head(struct pack_reader *r, struct bundle *b)
{
    pack_expect_array(r, BUNDLE_ITEMS);
    pack_expect_version(r, BUNDLE_VERSION);
    b->serial = pack_read_uint(r, INT64_MAX);
    b->epoch = pack_read_uint(r, INT64_MAX);
    pack_copy_bytes(r, b->seal.bytes, sizeof(b->seal.bytes));
    size_t next = pack_read_array(r, 2);
    if (next == 2) {
        b->rotates = true;
        pack_copy_bytes(r, b->next_sign.bytes, sizeof(b->next_sign.bytes));
        pack_copy_bytes(r, b->next_tls_pin, sizeof(b->next_tls_pin));
    } else if (next != 0) {
        pack_fail(r, STATUS_E_INVALID);
    }
    if (b->serial == 0) {
        pack_fail(r, STATUS_E_INVALID);
    }
}

static void
read_surveys(struct pack_reader *r, struct bundle *b)
{
    b->survey =
        read_list(r, BUNDLE_MAX_ITEMS, sizeof(b->survey[0]), &b->survey_count);
    for (size_t i = 0; i < b->survey_count && r->error == STATUS_OK; i++) {
        struct bundle_survey *s = &b->survey[i];
        pack_expect_array(r, 7);
        s->form_id = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        s->version = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        s->wave = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        s->kind = (enum record_kind)pack_read_uint(r, RECORD_BALLOT);
        s->k = (uint32_t)pack_read_uint(r, K_MAX);
        s->minutes = (uint32_t)pack_read_uint(r, MINUTES_MAX);
        s->closed = pack_read_bool(r);
    }
}

static void
read_forms(struct pack_reader *r, struct bundle *b)
{
    b->form =
        read_list(r, BUNDLE_MAX_ITEMS, sizeof(b->form[0]), &b->form_count);
    for (size_t i = 0; i < b->form_count && r->error == STATUS_OK; i++) {
        struct bundle_form *f = &b->form[i];
        pack_expect_array(r, 3);
        f->form_id = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        f->version = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        f->xform = pack_read_bytes(r, BUNDLE_MAX_BYTES, &f->xform_len);
    }
    b->media =
        read_list(r, BUNDLE_MAX_ITEMS, sizeof(b->media[0]), &b->media_count);
    for (size_t i = 0; i < b->media_count && r->error == STATUS_OK; i++) {
        struct bundle_media *m = &b->media[i];
        pack_expect_array(r, 3);
        m->form_id = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        m->name = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        m->data = pack_read_bytes(r, BUNDLE_MAX_BYTES, &m->len);
    }
}

static void
read_slips(struct pack_reader *r, struct bundle *b)
{
    b->slips =
        read_list(r, BUNDLE_MAX_ITEMS, sizeof(b->slips[0]), &b->slips_count);
    for (size_t i = 0; i < b->slips_count && r->error == STATUS_OK; i++) {
        struct bundle_slips *s = &b->slips[i];
        pack_expect_array(r, 4);
        s->form_id = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        s->wave = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        pack_copy_bytes(r, s->key, sizeof(s->key));
        s->hash = read_list(r, BUNDLE_MAX_SLIPS, sizeof(s->hash[0]), &s->count);
        for (size_t h = 0; h < s->count; h++) {
            pack_copy_bytes(r, s->hash[h].bytes, SEAL_HASH_BYTES);
        }
    }
}

static void
read_rest(struct pack_reader *r, struct bundle *b)
{
    b->setting = read_list(r, BUNDLE_MAX_ITEMS, sizeof(b->setting[0]),
                           &b->setting_count);
    for (size_t i = 0; i < b->setting_count && r->error == STATUS_OK; i++) {
        pack_expect_array(r, 2);
        b->setting[i].key = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        b->setting[i].value = read_name(r, b, BUNDLE_VALUE_MAX_BYTES);
    }
    read_slips(r, b);
    b->person =
        read_list(r, BUNDLE_MAX_ITEMS, sizeof(b->person[0]), &b->person_count);
    for (size_t i = 0; i < b->person_count && r->error == STATUS_OK; i++) {
        struct bundle_person *p = &b->person[i];
        pack_expect_array(r, 4);
        p->form_id = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        pack_copy_bytes(r, p->code.bytes, SEAL_HASH_BYTES);
        p->name = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
        p->role = read_name(r, b, BUNDLE_NAME_MAX_BYTES);
    }
}

enum status
bundle_decode(const void *data, size_t len,
              const struct seal_sign_public *collector, struct bundle *out)
{
    *out = (struct bundle){0};
    arena_init(&out->text, BUNDLE_MAX_BYTES);
    if (len > BUNDLE_MAX_BYTES) {
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
    read_head(&r, out);
    read_surveys(&r, out);
    read_forms(&r, out);
    read_rest(&r, out);
    st = pack_end(&r);
    if (st < 0) {
        bundle_clear(out);
    }
    return st;
}

void
bundle_clear(struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->slips_count; i++) {
        free(bundle->slips[i].hash);
    }
    free(bundle->survey);
    free(bundle->form);
    free(bundle->media);
    free(bundle->setting);
    free(bundle->slips);
    free(bundle->person);
    arena_deinit(&bundle->text);
    *bundle = (struct bundle){0};
}

/* -- asking for it ---------------------------------------------------------- */

#define REQUEST_VERSION 2
#define REQUEST_ITEMS 7
#define REQUEST_ITEMS_1 4 /* of version 1 */

enum bundle_waiting
bundle_waiting_of(uint64_t records)
{
    if (records < 50) {
        return BUNDLE_WAITING_FEW;
    }
    if (records < 500) {
        return BUNDLE_WAITING_50;
    }
    return records < 5000 ? BUNDLE_WAITING_500 : BUNDLE_WAITING_5000;
}

enum status
bundle_request_encode(const struct bundle_request *request,
                      const struct seal_sign_pair *by, struct buf *out)
{
    struct buf payload;
    buf_init(&payload, BUNDLE_REQUEST_MAX_BYTES);
    pack_array(&payload, REQUEST_ITEMS);
    pack_uint(&payload, REQUEST_VERSION);
    pack_bytes(&payload, by->public_key.bytes, sizeof(by->public_key.bytes));
    pack_bytes(&payload, request->tls_pin, sizeof(request->tls_pin));
    pack_uint(&payload, request->serial);
    pack_uint(&payload, request->epoch);
    pack_text(&payload, request->program);
    pack_array(&payload, request->form_count);
    for (size_t i = 0; i < request->form_count; i++) {
        pack_array(&payload, 2);
        pack_text(&payload, request->form[i].form_id);
        pack_uint(&payload, request->form[i].waiting);
    }
    enum status st = buf_status(&payload);
    if (st == STATUS_OK) {
        st = envelope_sign(by, request_context, payload.data, payload.len, out);
    }
    buf_deinit(&payload);
    return st;
}

static void
read_short_text(struct pack_reader *r,
                char out[BUNDLE_REQUEST_TEXT_MAX_BYTES + 1])
{
    size_t len = 0;
    const char *text = pack_read_text(r, BUNDLE_REQUEST_TEXT_MAX_BYTES, &len);
    memcpy(out, text, len);
    out[len] = '\0';
}

static void
read_waiting(struct pack_reader *r, struct bundle_request *out)
{
    out->epoch = pack_read_uint(r, INT64_MAX);
    read_short_text(r, out->program);
    out->form_count = pack_read_array(r, BUNDLE_REQUEST_FORMS_MAX);
    for (size_t i = 0; i < out->form_count; i++) {
        pack_expect_array(r, 2);
        read_short_text(r, out->form[i].form_id);
        out->form[i].waiting =
            (enum bundle_waiting)pack_read_uint(r, BUNDLE_WAITING_5000);
    }
}

static enum status
read_request(const struct envelope *e, struct bundle_request *out)
{
    struct pack_reader r;
    pack_open(&r, e->payload, e->payload_len);
    /* Kiosks of the version before go on asking in theirs. */
    size_t items = pack_read_array(&r, REQUEST_ITEMS);
    bool first = items == REQUEST_ITEMS_1;
    pack_expect_version(&r, first ? 1 : REQUEST_VERSION);
    pack_copy_bytes(&r, out->kiosk.bytes, sizeof(out->kiosk.bytes));
    pack_copy_bytes(&r, out->tls_pin, sizeof(out->tls_pin));
    out->serial = pack_read_uint(&r, INT64_MAX);
    if (items == REQUEST_ITEMS) {
        read_waiting(&r, out);
    } else if (!first) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    return pack_end(&r);
}

enum status
bundle_request_decode(const void *data, size_t len, struct bundle_request *out)
{
    *out = (struct bundle_request){0};
    struct envelope e;
    enum status st = len <= BUNDLE_REQUEST_MAX_BYTES
                         ? envelope_read(data, len, &e)
                         : STATUS_E_LIMIT;
    if (st == STATUS_OK) {
        st = read_request(&e, out);
    }
    if (st == STATUS_OK) {
        st = envelope_verify(&e, &out->kiosk, request_context);
    }
    return st;
}
