#ifndef ANKETA_COLLECTOR_HOME_H
#define ANKETA_COLLECTOR_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/keys.h"
#include "collector/store/store.h"
#include "wire/enrol.h"

/*
 * Home: the collector's folder.
 *
 *   collector.db    everything it knows but people (store/store.h)
 *   people.db       people, and what names them
 *   people.keys     what opens them in backups, 0600 (store/people_keys.h)
 *   collector.keys  all keys and the web server's certificate, 0600
 *   preview/        pictures of questionnaires, made again when they are missing
 *
 * Threads  Read-only once it is open.
 */
#define HOME_PATH_MAX 4096
#define HOME_KEYS "collector.keys"
#define HOME_PEOPLE_KEYS "people.keys" /* store/people_keys.h; in no backup */
/* The databases of a collector, the one without which it is none first. */
extern const char *const home_database[];
extern const size_t home_database_count;

struct home {
    char dir[HOME_PATH_MAX];
    struct keys keys; /* locked, if a passphrase guards them */
    struct enrol_identity identity;
    int hold; /* file descriptor of home_hold(), else -1 */
};

/* Makes the folder and all keys in it. STATUS_E_CONFLICT: there is a collector
 * already. `host` goes into the certificate. */
MUST_CHECK enum status
home_create(const char *dir, const char *house, const char *host);

/* STATUS_E_NOT_FOUND: no collector there. Guarded keys come locked: what is
 * public can be used, for the rest follows keys_unlock(). */
MUST_CHECK enum status
home_open(const char *dir, struct home *out);

/* Hold the folder until it is closed: together with others (a server), or alone
 * (who changes the keys); one may be turned into the other. STATUS_E_BUSY: not
 * possible now, and it is not held any more. */
enum home_hold {
    HOME_SHARED,
    HOME_ALONE
};
MUST_CHECK enum status
home_hold(struct home *home, enum home_hold how);

/* Write the keys after a change. */
MUST_CHECK enum status
home_save_keys(struct home *home);
/* The identity as the keys and the database have it now. */
MUST_CHECK enum status
home_identify(struct home *home);

/* Wipes. */
void
home_close(struct home *home);

/* The pin of the announced TLS key. */
MUST_CHECK enum status
home_next_pin(const struct home *home, uint8_t out[ENROL_TLS_PIN_BYTES]);

/* Path of a file in the folder. */
MUST_CHECK enum status
home_path(const char *dir, const char *name, char out[HOME_PATH_MAX]);

/* Destroy the keys of people who were erased (people_veil_forget()). */
MUST_CHECK enum status
home_forget_people(const char *dir);

/* The store of this folder; close with store_close(). */
MUST_CHECK enum status
home_store(const struct home *home, bool readonly, struct store **out);

/* Is there a collector, or a part of one, in the folder? */
bool
home_taken(const char *dir);

/* A TLS key and a certificate for `host`. */
MUST_CHECK enum status
home_make_tls(struct keys_tls *tls, const char *host);

/* Begin a new epoch, after a restore: records that came after the backup was
 * made are asked for again, and those it holds are repeats. */
MUST_CHECK enum status
home_renew(const char *dir);

#endif
