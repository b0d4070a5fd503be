#ifndef ANKETA_DAEMON_ACCOUNT_H
#define ANKETA_DAEMON_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "seal/seal.h"
#include "wire/enrol.h"

/*
 * Account: who this kiosk is and which collector it belongs to.
 *
 * Kept in "sync.key" (0600), replaced as a whole. The kiosk's own key pair is
 * made at the first enrolment and stays; the collector's half changes with
 * enrolment and key rotation.
 *
 * Threads  One at a time.
 */
#define ACCOUNT_ADDRESS_BYTES 256

struct account {
    struct seal_sign_pair kiosk;
    bool enrolled;                       /* what follows is set */
    char address[ACCOUNT_ADDRESS_BYTES]; /* "https://host:port" */
    struct enrol_identity collector;
    char name[ENROL_NAME_MAX_BYTES + 1]; /* the coordinator's for this kiosk */
    bool rotates; /* the collector has announced these: */
    struct seal_sign_public next_sign;
    uint8_t next_tls_pin[ENROL_TLS_PIN_BYTES];
};

/* STATUS_NONE: there is none; STATUS_E_INVALID: the file is damaged. */
MUST_CHECK enum status
account_load(const char *path, struct account *out);
MUST_CHECK enum status
account_save(const char *path, const struct account *account);

/* Does the file, if there is one, say what `account` says? Whoever waits for
 * another's account is woken by his own saving, too. A file that cannot be read
 * says something else. */
bool
account_is_saved(const char *path, const struct account *account);

/* A new kiosk, not enrolled. */
void
account_new(struct account *out);
void
account_wipe(struct account *account);

#endif
