#ifndef ANKETA_COLLECTOR_WEB_DESK_H
#define ANKETA_COLLECTOR_WEB_DESK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"
#include "collector/home.h"
#include "collector/http/challenge.h"
#include "collector/http/server.h"
#include "collector/ingest/catalogue.h"
#include "collector/ingest/ingest.h"
#include "collector/openrosa/forward.h"
#include "collector/store/store.h"
#include "collector/web/throttle.h"

/*
 * Desk: what the handlers of a running collector share.
 *
 * Each handler borrows a reader of the store, and the one writer while it
 * changes something; it holds the writer shortly and never while it renders.
 *
 * Threads  Every function may be called from any.
 */
struct desk {
    const struct clock *clock;
    struct home home;
    /* What to call when the desk wishes other keys, once the answer has gone out:
     * whoever runs the server then stops it, calls desk_renew() and starts it.
     * NULL: it is done at the next start. */
    void (*renew)(void);
    struct catalogue *catalogue;
    struct ingest ingest;
    struct challenge *challenge; /* of OpenRosa clients */
    struct forward *forward;     /* to another OpenRosa server */
    struct throttle sign_in;     /* wrong passwords, by client */
    struct throttle enrol;       /* wrong enrolment codes, by client */

    pthread_mutex_t writer_lock;
    struct store *writer; /* guarded by writer_lock */

    pthread_mutex_t reader_lock; /* guards these */
    struct store *reader[SERVER_THREADS];
    size_t readers; /* not borrowed now */

    pthread_mutex_t commit_lock; /* guards these */
    pthread_cond_t committed;
    struct desk_ticket *waiting; /* batches, in the order they came */
    bool committing;

    pthread_mutex_t preview_lock; /* one drawing at a time */

    pthread_mutex_t bundle_lock; /* guards the rest */
    struct buf bundle;           /* signed, as of bundle_serial */
    int64_t bundle_serial;
};

/* Takes over `home`, whose keys are open, even if it fails. STATUS_E_BUSY:
 * somebody is changing the keys. */
MUST_CHECK enum status
desk_open(struct home *home, const struct clock *clock, struct desk **out);
/* After the server has stopped. */
void
desk_close(struct desk *d);

/* Fulfil the wish for other keys, if there is one; no handler may run. What
 * cannot be done now, because a command uses the keys, stays wished, which is
 * logged. After a failure close the desk. */
MUST_CHECK enum status
desk_renew(struct desk *d);

/* Never fails: there is one for each of the server's threads. */
struct store *
desk_reader(struct desk *d);
void
desk_reader_give(struct desk *d, struct store *reader);

struct store *
desk_writer(struct desk *d);
/* Rolls back what was not committed. */
void
desk_writer_give(struct desk *d);

/* Store an opened batch, together with others that wait for the disk at the
 * same time; returns after the commit. Clear the receipt. */
MUST_CHECK enum status
desk_take(struct desk *d, struct ingest_batch *b, struct receipt *out);

int64_t
desk_now_ms(const struct desk *d);

/* Waves whose first or last day has come open and close. */
MUST_CHECK enum status
desk_keep_time(struct desk *d);

/* Named answers nobody has read so far go into consents and banks; who withdrew
 * is erased (intake.h). */
MUST_CHECK enum status
desk_read_named(struct desk *d);
/* After somebody was erased at the desk (erasure.h). */
MUST_CHECK enum status
desk_erased(struct desk *d);

/* Append the current library unless it is number `serial`: STATUS_NONE. */
MUST_CHECK enum status
desk_bundle(struct desk *d, struct store *reader, int64_t serial,
            struct buf *out);

#endif
