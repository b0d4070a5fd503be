#include "wire/enrol.h"

#include <string.h>

#include "base/pack.h"
#include "base/random.h"
#include "wire/envelope.h"
#include "wire/letters.h"

#define ENROL_VERSION 1
#define IDENTITY_ITEMS 5
#define REQUEST_ITEMS 4
#define ANSWER_VERSION 2
#define ANSWER_ITEMS 7
#define ANSWER_ITEMS_1 6 /* of version 1, without a name */
static const char request_context[] = "anketa enrol";
static const char answer_context[] = "anketa enrolled";

/* -- the code ----------------------------------------------------------- */

_Static_assert(ENROL_SECRET_BYTES + ENROL_FINGERPRINT_BYTES
                   == LETTERS_DATA_BYTES,
               "a code is one line of letters");

static void
fingerprint(const uint8_t secret[ENROL_SECRET_BYTES],
            const struct enrol_identity *who,
            uint8_t out[ENROL_FINGERPRINT_BYTES])
{
    uint8_t
        text[SEAL_SIGN_PUBLIC_BYTES + SEAL_PUBLIC_BYTES + ENROL_TLS_PIN_BYTES];
    uint8_t key[16] = {0}; /* the shortest key BLAKE2b is given */
    struct seal_hash hash;
    memcpy(key, secret, ENROL_SECRET_BYTES);
    memcpy(text, who->sign.bytes, SEAL_SIGN_PUBLIC_BYTES);
    memcpy(text + SEAL_SIGN_PUBLIC_BYTES, who->seal.bytes, SEAL_PUBLIC_BYTES);
    memcpy(text + SEAL_SIGN_PUBLIC_BYTES + SEAL_PUBLIC_BYTES, who->tls_pin,
           ENROL_TLS_PIN_BYTES);
    seal_hash(text, sizeof(text), key, sizeof(key), &hash);
    memcpy(out, hash.bytes, ENROL_FINGERPRINT_BYTES);
    buf_wipe(key, sizeof(key));
}

void
enrol_code_new(const struct enrol_identity *who, struct enrol_code *out)
{
    random_bytes(out->secret, sizeof(out->secret));
    fingerprint(out->secret, who, out->fingerprint);
}

void
enrol_code_print(const struct enrol_code *code, char out[ENROL_CODE_CHARS + 1])
{
    uint8_t data[LETTERS_DATA_BYTES];
    memcpy(data, code->secret, ENROL_SECRET_BYTES);
    memcpy(data + ENROL_SECRET_BYTES, code->fingerprint,
           ENROL_FINGERPRINT_BYTES);
    letters_print(data, 0, out);
    buf_wipe(data, sizeof(data));
}

enum status
enrol_code_parse(const char *text, struct enrol_code *out)
{
    uint8_t data[LETTERS_DATA_BYTES];
    *out = (struct enrol_code){0};
    enum status st = letters_read(&text, 0, data);
    if (st == STATUS_OK) {
        st = letters_end(text);
    }
    if (st == STATUS_OK) {
        memcpy(out->secret, data, ENROL_SECRET_BYTES);
        memcpy(out->fingerprint, data + ENROL_SECRET_BYTES,
               ENROL_FINGERPRINT_BYTES);
    }
    buf_wipe(data, sizeof(data));
    return st;
}

enum status
enrol_code_check(const struct enrol_code *code,
                 const struct enrol_identity *who)
{
    uint8_t got[ENROL_FINGERPRINT_BYTES];
    fingerprint(code->secret, who, got);
    return seal_equal(got, code->fingerprint, sizeof(got)) ? STATUS_OK
                                                           : STATUS_E_AUTH;
}

void
enrol_secret_hash(const uint8_t secret[ENROL_SECRET_BYTES],
                  struct seal_hash *out)
{
    static const uint8_t purpose[16] = "anketa enrolment";
    seal_hash(secret, ENROL_SECRET_BYTES, purpose, sizeof(purpose), out);
}

/* -- the messages --------------------------------------------------------- */

static void
put_identity(const struct enrol_identity *who, struct buf *out)
{
    pack_bytes(out, who->sign.bytes, sizeof(who->sign.bytes));
    pack_bytes(out, who->seal.bytes, sizeof(who->seal.bytes));
    pack_bytes(out, who->tls_pin, sizeof(who->tls_pin));
    pack_uint(out, who->epoch);
}

static void
read_identity(struct pack_reader *r, struct enrol_identity *out)
{
    pack_copy_bytes(r, out->sign.bytes, sizeof(out->sign.bytes));
    pack_copy_bytes(r, out->seal.bytes, sizeof(out->seal.bytes));
    pack_copy_bytes(r, out->tls_pin, sizeof(out->tls_pin));
    out->epoch = pack_read_uint(r, UINT64_MAX);
}

enum status
enrol_identity_encode(const struct enrol_identity *who, struct buf *out)
{
    pack_array(out, IDENTITY_ITEMS);
    pack_uint(out, ENROL_VERSION);
    put_identity(who, out);
    return buf_status(out);
}

enum status
enrol_identity_decode(const void *data, size_t len, struct enrol_identity *out)
{
    struct pack_reader r;
    pack_open(&r, data, len);
    pack_expect_array(&r, IDENTITY_ITEMS);
    pack_expect_version(&r, ENROL_VERSION);
    read_identity(&r, out);
    return pack_end(&r);
}

enum status
enrol_request_encode(const struct enrol_request *request,
                     const struct seal_sign_pair *by, struct buf *out)
{
    struct buf payload;
    buf_init(&payload, ENROL_MAX_BYTES);
    pack_array(&payload, REQUEST_ITEMS);
    pack_uint(&payload, ENROL_VERSION);
    pack_bytes(&payload, request->secret, sizeof(request->secret));
    pack_bytes(&payload, by->public_key.bytes, sizeof(by->public_key.bytes));
    pack_text(&payload, request->name);
    enum status st = buf_status(&payload);
    if (st == STATUS_OK) {
        st = envelope_sign(by, request_context, payload.data, payload.len, out);
    }
    buf_deinit(&payload);
    return st;
}

enum status
enrol_request_decode(const void *data, size_t len, struct enrol_request *out)
{
    *out = (struct enrol_request){0};
    struct envelope e;
    struct pack_reader r;
    size_t name_len = 0;
    enum status st =
        len <= ENROL_MAX_BYTES ? envelope_read(data, len, &e) : STATUS_E_LIMIT;
    if (st < 0) {
        return st;
    }
    pack_open(&r, e.payload, e.payload_len);
    pack_expect_array(&r, REQUEST_ITEMS);
    pack_expect_version(&r, ENROL_VERSION);
    pack_copy_bytes(&r, out->secret, sizeof(out->secret));
    pack_copy_bytes(&r, out->kiosk.bytes, sizeof(out->kiosk.bytes));
    const char *name = pack_read_text(&r, ENROL_NAME_MAX_BYTES, &name_len);
    st = pack_end(&r);
    if (st == STATUS_OK) {
        memcpy(out->name, name, name_len);
        st = envelope_verify(&e, &out->kiosk, request_context);
    }
    if (st < 0) {
        buf_wipe(out, sizeof(*out));
    }
    return st;
}

enum status
enrol_answer_encode(const struct enrol_answer *answer,
                    const struct seal_sign_public *kiosk,
                    const struct seal_sign_pair *by, struct buf *out)
{
    struct buf payload;
    buf_init(&payload, ENROL_MAX_BYTES);
    pack_array(&payload, ANSWER_ITEMS);
    pack_uint(&payload, ANSWER_VERSION);
    pack_bytes(&payload, kiosk->bytes, sizeof(kiosk->bytes));
    put_identity(&answer->who, &payload);
    pack_text(&payload, answer->name);
    enum status st = buf_status(&payload);
    if (st == STATUS_OK) {
        st = envelope_sign(by, answer_context, payload.data, payload.len, out);
    }
    buf_deinit(&payload);
    return st;
}

/* Collectors of the version before go on answering in theirs. */
static enum status
read_answer(const struct envelope *e, struct seal_sign_public *to,
            struct enrol_answer *out)
{
    struct pack_reader r;
    pack_open(&r, e->payload, e->payload_len);
    size_t items = pack_read_array(&r, ANSWER_ITEMS);
    bool first = items == ANSWER_ITEMS_1;
    pack_expect_version(&r, first ? 1 : ANSWER_VERSION);
    pack_copy_bytes(&r, to->bytes, sizeof(to->bytes));
    read_identity(&r, &out->who);
    if (items == ANSWER_ITEMS) {
        size_t len = 0;
        const char *name = pack_read_text(&r, ENROL_NAME_MAX_BYTES, &len);
        memcpy(out->name, name, len);
    } else if (!first) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    return pack_end(&r);
}

enum status
enrol_answer_decode(const void *data, size_t len,
                    const struct seal_sign_public *kiosk,
                    struct enrol_answer *out)
{
    *out = (struct enrol_answer){.name = ""};
    struct envelope e;
    struct seal_sign_public to;
    enum status st =
        len <= ENROL_MAX_BYTES ? envelope_read(data, len, &e) : STATUS_E_LIMIT;
    if (st < 0) {
        return st;
    }
    st = read_answer(&e, &to, out);
    if (st == STATUS_OK) {
        st = envelope_verify(&e, &out->who.sign, answer_context);
    }
    if (st == STATUS_OK && !seal_equal(&to, kiosk, sizeof(to))) {
        st = STATUS_E_AUTH;
    }
    if (st < 0) {
        *out = (struct enrol_answer){.name = ""};
    }
    return st;
}
