#ifndef ANKETA_WIRE_BUNDLE_H
#define ANKETA_WIRE_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "seal/record.h"
#include "seal/seal.h"
#include "wire/enrol.h"

/*
 * Bundle: a whole library as the collector signs it and a kiosk installs it.
 *
 * Payload: [1, serial, epoch, seal key, [next sign key, next tls pin] or [],
 *   [[form id, version, wave, kind, k, minutes, closed], ...],
 *   [[form id, version, XForm], ...],
 *   [[form id, name, bytes], ...],
 *   [[key, value], ...],
 *   [[form id, wave, key, [slip hash, ...]], ...],
 *   [[form id, code hash, shown name, role], ...]]
 *
 * Encoding borrows everything; after decoding, strings and bytes point into
 * the bundle's own copy and arrays are owned: bundle_clear().
 *
 * Threads  Pure functions, from any thread.
 */
#define BUNDLE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BUNDLE_MAX_ITEMS 20000 /* of any one kind */
#define BUNDLE_MAX_SLIPS 10000 /* of one wave */
#define BUNDLE_NAME_MAX_BYTES 255
#define BUNDLE_VALUE_MAX_BYTES 65536
#define BUNDLE_SLIP_KEY_BYTES 32
#define BUNDLE_REQUEST_MAX_BYTES ((size_t)2048)

struct bundle_survey {
    const char *form_id;
    const char *version;
    const char *wave;
    enum record_kind kind;
    uint32_t k;
    uint32_t minutes;
    bool closed; /* no more answers are taken; what waits may leave */
};

struct bundle_form {
    const char *form_id;
    const char *version;
    const void *xform;
    size_t xform_len;
};

struct bundle_media {
    const char *form_id;
    const char *name;
    const void *data;
    size_t len;
};

struct bundle_setting {
    const char *key;
    const char *value;
};

/* The slips of one wave: the hash of each code, sorted so that their order
 * tells nothing. */
#define BUNDLE_SLIP_CHARS 8 /* digits of a code */
struct bundle_slips {
    const char *form_id;
    const char *wave;
    uint8_t key[BUNDLE_SLIP_KEY_BYTES];
    struct seal_hash *hash; /* owned after decode */
    size_t count;
};

/* How a slip code is written wherever it is kept: BLAKE2b(code, wave's key). */
void
bundle_slip_hash(const uint8_t key[BUNDLE_SLIP_KEY_BYTES], const char *code,
                 struct seal_hash *out);

/* Somebody who may open a named form or ballot. */
struct bundle_person {
    const char *form_id;
    struct seal_hash code; /* BLAKE2b(personal code, form id) */
    const char *name;      /* to greet by; "" if it must not be shown */
    const char *role;      /* "mentor", "mentee" or "" */
};

struct bundle {
    uint64_t serial; /* from 1; a newer library has a greater one */
    uint64_t epoch;
    struct seal_public seal;
    bool rotates; /* the next two are set */
    struct seal_sign_public next_sign;
    uint8_t next_tls_pin[ENROL_TLS_PIN_BYTES];
    struct bundle_survey *survey;
    size_t survey_count;
    struct bundle_form *form;
    size_t form_count;
    struct bundle_media *media;
    size_t media_count;
    struct bundle_setting *setting;
    size_t setting_count;
    struct bundle_slips *slips;
    size_t slips_count;
    struct bundle_person *person;
    size_t person_count;
    struct arena text; /* owned after decode: the strings */
};

/* Appends the signed message. STATUS_E_LIMIT. */
MUST_CHECK enum status
bundle_encode(const struct bundle *bundle, const struct seal_sign_pair *by,
              struct buf *out);

/* Verify and read. STATUS_E_AUTH, _INVALID, _UNSUPPORTED, _LIMIT. XForm, media
 * point into `data`; text is copied. */
MUST_CHECK enum status
bundle_decode(const void *data, size_t len,
              const struct seal_sign_public *collector, struct bundle *out);

void
bundle_clear(struct bundle *bundle);

/* How many answers wait at a kiosk, so coarsely that it tells no time of a
 * single one: fewer than fifty are nothing at all. On the wire: never
 * renumber. */
enum bundle_waiting {
    BUNDLE_WAITING_FEW = 0,
    BUNDLE_WAITING_50 = 1, /* that many or more */
    BUNDLE_WAITING_500 = 2,
    BUNDLE_WAITING_5000 = 3,
};

enum bundle_waiting
bundle_waiting_of(uint64_t records);

#define BUNDLE_REQUEST_FORMS_MAX 16
#define BUNDLE_REQUEST_TEXT_MAX_BYTES 64

/* POST library: what a kiosk has. */
struct bundle_request {
    struct seal_sign_public kiosk;
    uint8_t tls_pin[ENROL_TLS_PIN_BYTES]; /* of the collector it is meant for */
    uint64_t serial;                      /* 0: no library yet */
    /* From version 2 on; else 0 and empty. */
    uint64_t epoch;                                  /* of that library */
    char program[BUNDLE_REQUEST_TEXT_MAX_BYTES + 1]; /* its version */
    struct {
        char form_id[BUNDLE_REQUEST_TEXT_MAX_BYTES + 1]; /* "": several */
        enum bundle_waiting waiting;
    } form[BUNDLE_REQUEST_FORMS_MAX];
    size_t form_count;
};

MUST_CHECK enum status
bundle_request_encode(const struct bundle_request *request,
                      const struct seal_sign_pair *by, struct buf *out);
/* Verified with the key it names; whether that is an enrolled kiosk's, and the
 * pin the collector's own, is for the caller to check. */
MUST_CHECK enum status
bundle_request_decode(const void *data, size_t len, struct bundle_request *out);

#endif
