#ifndef ANKETA_SEAL_PIN_CODE_H
#define ANKETA_SEAL_PIN_CODE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/seal.h"

/*
 * PIN code: the six digits that open a kiosk's staff menu, as they may be kept
 * and sent, which is never as digits: "<salt>:<verifier>" in lower-case
 * hexadecimal, the verifier being the hash of the key that Argon2id draws from
 * the digits (seal_lock_key_from_passphrase).
 *
 * Threads  Any.
 */
#define PIN_CODE_DIGITS 6
#define PIN_CODE_TEXT_CHARS \
    (2 * (size_t)SEAL_SALT_BYTES + 1 + 2 * (size_t)SEAL_HASH_BYTES)

struct pin_code {
    uint8_t salt[SEAL_SALT_BYTES];
    struct seal_hash verifier;
};

/* NULL, or why nobody should choose this one, a msgid: it has not six digits,
 * or many would try it first (111111, 123456, 121212, 112233, a day or a year
 * as they are written, a line on the keypad). */
const char *
pin_code_fault(const char *digits);

/* With a salt of its own. Takes about a third of a second. */
MUST_CHECK enum status
pin_code_new(const char *digits, struct pin_code *out);

/* STATUS_E_AUTH: it is another. In constant time. */
MUST_CHECK enum status
pin_code_check(const struct pin_code *code, const char *digits);

/* Append the text. */
void
pin_code_print(const struct pin_code *code, struct buf *out);
/* STATUS_E_INVALID: that is none. */
MUST_CHECK enum status
pin_code_read(const char *text, struct pin_code *out);

#endif
