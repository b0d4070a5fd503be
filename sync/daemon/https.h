#ifndef ANKETA_DAEMON_HTTPS_H
#define ANKETA_DAEMON_HTTPS_H

#include <signal.h>

#include "base/status.h"
#include "daemon/account.h"
#include "daemon/transport.h"

/*
 * Https: the way to the collector over the network, by libcurl.
 *
 * Trusts the pinned TLS keys of the account and nothing else: certificates may
 * be self-signed, expired or for another name. While the account is not
 * enrolled nothing is pinned; the enrolment code decides then (wire/README.md).
 *
 * Threads  One.
 */
struct https;

struct https_options {
    const struct account *account;     /* borrowed; read at every exchange */
    const char *address;               /* borrowed; "" or NULL: the account's */
    const char *proxy;                 /* borrowed; "" or NULL: none */
    const volatile sig_atomic_t *stop; /* borrowed; ends an exchange */
    void (*beat)(void); /* called at least every second or so; may be NULL */
};

MUST_CHECK enum status
https_new(const struct https_options *options, struct https **out);
void
https_free(struct https *https);

/* Borrows `https`. */
struct transport
https_transport(struct https *https);

#endif
