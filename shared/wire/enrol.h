#ifndef ANKETA_WIRE_ENROL_H
#define ANKETA_WIRE_ENROL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"
#include "wire/letters.h"

/*
 * Enrol: how a kiosk and a collector come to know each other's keys. The
 * sequence and why it is safe: README.md.
 *
 * Threads  Pure functions, from any thread.
 */
#define ENROL_SECRET_BYTES 5
#define ENROL_FINGERPRINT_BYTES 4
#define ENROL_CODE_CHARS LETTERS_CHARS
#define ENROL_NAME_MAX_BYTES 120
#define ENROL_TLS_PIN_BYTES 32
#define ENROL_MAX_BYTES ((size_t)1024)

/* Who the collector is. */
struct enrol_identity {
    struct seal_sign_public sign;
    struct seal_public seal;
    uint8_t tls_pin[ENROL_TLS_PIN_BYTES]; /* SHA-256 of the TLS key's SPKI */
    uint64_t epoch;
};

struct enrol_code {
    uint8_t secret[ENROL_SECRET_BYTES];
    uint8_t fingerprint[ENROL_FINGERPRINT_BYTES];
};

/* A new code for the collector: fresh secret, fingerprint of `who`. */
void
enrol_code_new(const struct enrol_identity *who, struct enrol_code *out);
void
enrol_code_print(const struct enrol_code *code, char out[ENROL_CODE_CHARS + 1]);
/* Latin or Cyrillic letters, any case, with or without blanks and dashes.
 * STATUS_E_INVALID: a typing error. */
MUST_CHECK enum status
enrol_code_parse(const char *text, struct enrol_code *out);
/* STATUS_E_AUTH: this is not the collector that made the code. The epoch does
 * not count. */
MUST_CHECK enum status
enrol_code_check(const struct enrol_code *code,
                 const struct enrol_identity *who);
/* What the collector keeps instead of the secret. */
void
enrol_secret_hash(const uint8_t secret[ENROL_SECRET_BYTES],
                  struct seal_hash *out);

/* GET identity. */
MUST_CHECK enum status
enrol_identity_encode(const struct enrol_identity *who, struct buf *out);
MUST_CHECK enum status
enrol_identity_decode(const void *data, size_t len, struct enrol_identity *out);

/* POST enrol. */
struct enrol_request {
    uint8_t secret[ENROL_SECRET_BYTES];
    struct seal_sign_public kiosk;
    char name[ENROL_NAME_MAX_BYTES + 1]; /* UTF-8, as the staff call it */
};

/* Signed with the kiosk's key, which it thereby proves to have. */
MUST_CHECK enum status
enrol_request_encode(const struct enrol_request *request,
                     const struct seal_sign_pair *by, struct buf *out);
MUST_CHECK enum status
enrol_request_decode(const void *data, size_t len, struct enrol_request *out);

/* The answer, for that kiosk alone. */
struct enrol_answer {
    struct enrol_identity who;
    /* What the coordinator calls the kiosk; "" if nobody has named it. */
    char name[ENROL_NAME_MAX_BYTES + 1];
};
MUST_CHECK enum status
enrol_answer_encode(const struct enrol_answer *answer,
                    const struct seal_sign_public *kiosk,
                    const struct seal_sign_pair *by, struct buf *out);
/* STATUS_E_AUTH: not signed by the key it names, or for another kiosk. */
MUST_CHECK enum status
enrol_answer_decode(const void *data, size_t len,
                    const struct seal_sign_public *kiosk,
                    struct enrol_answer *out);

#endif
