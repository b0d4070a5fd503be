#ifndef ANKETA_DAEMON_FIND_H
#define ANKETA_DAEMON_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "daemon/account.h"

/*
 * Find: collectors that announce themselves on the local network (DNS-SD over
 * mDNS, by way of avahi-daemon).
 *
 * A name on the network proves nothing and is not looked at; nor is the id that
 * comes with it, but to try the likely ones first. The pinned TLS key decides,
 * or at enrolment the code. Where no avahi-daemon runs nobody is found.
 *
 * Threads  One. Blocks for FIND_WAIT_MS at most.
 */
#define FIND_SERVICE "_anketa._tcp"
#define FIND_PLACES_MAX 8
#define FIND_WAIT_MS 3000
#define FIND_ID_BYTES 8 /* the first of the TLS pin */

struct find_place {
    char address[ACCOUNT_ADDRESS_BYTES]; /* "https://192.168.1.10:8443" */
    bool has_id;
    uint8_t id[FIND_ID_BYTES];
};

/* How the session finds; tests put a list of their own here. */
struct finder {
    MUST_CHECK enum status (*find)(void *self,
                                   struct find_place place[FIND_PLACES_MAX],
                                   size_t *out_count);
    void *self;
};

/* STATUS_NONE: nobody, or no avahi-daemon to ask. */
MUST_CHECK enum status
find_collectors(void *unused, struct find_place place[FIND_PLACES_MAX],
                size_t *out_count);

/* "id=0123456789abcdef", as in the announcement; false if it is none. */
bool
find_read_id(const char *text, size_t len, uint8_t out[FIND_ID_BYTES]);

#endif
