#ifndef ANKETA_COLLECTOR_STORE_PASSWORD_H
#define ANKETA_COLLECTOR_STORE_PASSWORD_H

#include <stdbool.h>

#include "base/status.h"
#include "collector/store/store.h"

/*
 * Password: what is kept of one, and the proof of it.
 *
 * Argon2id draws a key from the password and a random salt; only a hash of
 * that key is kept. Each check takes about a third of a second and 64 MiB, on
 * purpose, and one runs at a time, so that guessing costs nobody else memory.
 *
 * Threads  Any.
 */
#define PASSWORD_MIN_CHARS 10
#define PASSWORD_MAX_BYTES 200
#define PASSWORD_GENERATED_CHARS 19 /* "abcd-efgh-jkmn-pqrs" */

/* Salt and hash of `user`. STATUS_E_INVALID: too short or too long. */
MUST_CHECK enum status
password_set(struct store_user *user, const char *password);

/* STATUS_E_AUTH: another one. */
MUST_CHECK enum status
password_check(const struct store_user *user, const char *password);

/* As long as password_check(), for a login that does not exist. */
void
password_pretend(void);

/* A random one, easy to read aloud. */
void
password_generate(char out[PASSWORD_GENERATED_CHARS + 1]);

#endif
