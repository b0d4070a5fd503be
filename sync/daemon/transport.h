#ifndef ANKETA_DAEMON_TRANSPORT_H
#define ANKETA_DAEMON_TRANSPORT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "store/sync_state.h"

/*
 * Transport: one exchange of bytes with the collector; https.h over the
 * network, a table of answers in tests.
 *
 * Threads  An exchange blocks its caller.
 */
struct transport_request {
    const char *path;    /* "/sync/v1/batch" */
    const char *address; /* NULL: where the account or the settings say */
    const void *body;    /* NULL: GET */
    size_t len;
};

struct transport_answer {
    long http;             /* status code; 0: none came */
    enum sync_fault fault; /* why none came */
    char detail[SYNC_STATE_DETAIL_BYTES];
    struct buf body; /* owned; its max is the caller's limit */
};

struct transport {
    /* STATUS_OK: an HTTP answer came, of whatever code. Otherwise `fault` and
     * `detail` say why not. */
    enum status (*exchange)(void *self, const struct transport_request *request,
                            struct transport_answer *answer);
    void *self;
};

#endif
