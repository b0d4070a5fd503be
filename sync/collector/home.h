#ifndef ANKETA_COLLECTOR_HOME_H
#define ANKETA_COLLECTOR_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/keys.h"
#include "collector/store/store.h"
#include "wire/enrol.h"

/*
 * Home: the collector's folder.
 *
 *   collector.db    everything it knows (store/store.h)
 *   collector.keys  signing and sealing keys, 0600
 *   tls.key         key of the web server, 0600
 *   tls.crt         its certificate, signed by itself
 *   preview/        pictures of questionnaires, made again when they are missing
 *
 * Threads  Read-only once it is open.
 */
#define HOME_PATH_MAX 4096

struct home {
    char dir[HOME_PATH_MAX];
    struct keys keys;
    struct buf tls_key;  /* PEM */
    struct buf tls_cert; /* PEM */
    struct enrol_identity identity;
};

/* Makes the folder and all keys in it. STATUS_E_CONFLICT: there is a collector
 * already. `host` goes into the certificate. */
MUST_CHECK enum status
home_create(const char *dir, const char *house, const char *host);

/* STATUS_E_NOT_FOUND: no collector there. */
MUST_CHECK enum status
home_open(const char *dir, struct home *out);

/* Wipes. */
void
home_close(struct home *home);

/* Path of a file in the folder. */
MUST_CHECK enum status
home_path(const char *dir, const char *name, char out[HOME_PATH_MAX]);

/* The store of this folder; close with store_close(). */
MUST_CHECK enum status
home_store(const struct home *home, bool readonly, struct store **out);

/* An online copy of the whole collector into a new folder. STATUS_E_CONFLICT:
 * there is a collector already. */
MUST_CHECK enum status
home_copy(const struct home *home, struct store *s, const char *dir);

/* Begin a new epoch, after a restore: records that came after the backup was
 * made are asked for again, and those it holds are repeats. */
MUST_CHECK enum status
home_renew(const char *dir);

#endif
