#include "collector/web/desk.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"
#include "collector/ingest/codes.h"
#include "collector/renewal.h"
#include "collector/web/erasure.h"
#include "collector/web/intake.h"
#include "collector/web/publish.h"
#include "wire/bundle.h"

static enum status
open_stores(struct desk *d)
{
    enum status st = home_store(&d->home, false, &d->writer);
    for (size_t i = 0; st == STATUS_OK && i < SERVER_THREADS; i++) {
        st = home_store(&d->home, true, &d->reader[i]);
        if (st == STATUS_OK) {
            d->readers++;
        }
    }
    return st;
}

static enum status
start_forward(struct desk *d)
{
    struct store *s = NULL;
    enum status st = home_store(&d->home, false, &s);
    return st == STATUS_OK ? forward_start(s, d->clock, &d->forward) : st;
}

enum status
desk_open(struct home *home, const struct clock *clock, struct desk **out)
{
    *out = NULL;
    struct desk *d = calloc(1, sizeof(*d));
    if (!d) {
        home_close(home);
        return log_oom("desk");
    }
    d->home = *home;
    d->clock = clock;
    pthread_mutex_init(&d->writer_lock, NULL);
    pthread_mutex_init(&d->reader_lock, NULL);
    pthread_mutex_init(&d->bundle_lock, NULL);
    pthread_mutex_init(&d->commit_lock, NULL);
    pthread_cond_init(&d->committed, NULL);
    pthread_mutex_init(&d->preview_lock, NULL);
    throttle_init(&d->sign_in);
    throttle_init(&d->enrol);
    buf_init(&d->bundle, BUNDLE_MAX_BYTES);
    enum status st = home_hold(&d->home, HOME_SHARED);
    if (st == STATUS_OK) {
        st = open_stores(d);
    }
    if (st == STATUS_OK) {
        st = catalogue_new(&d->catalogue);
    }
    if (st == STATUS_OK) {
        st = codes_open(&d->home.keys, d->writer, d->catalogue);
    }
    if (st == STATUS_OK) {
        st = challenge_new(&d->challenge);
    }
    if (st == STATUS_OK) {
        st = start_forward(d);
    }
    if (st < 0) {
        desk_close(d);
        return st;
    }
    d->ingest.keys = &d->home.keys;
    d->ingest.catalogue = d->catalogue;
    d->ingest.epoch = d->home.identity.epoch;
    *out = d;
    return STATUS_OK;
}

void
desk_close(struct desk *d)
{
    if (!d) {
        return;
    }
    forward_stop(d->forward);
    for (size_t i = 0; i < d->readers; i++) {
        store_close(d->reader[i]);
    }
    store_close(d->writer);
    catalogue_free(d->catalogue);
    challenge_free(d->challenge);
    home_close(&d->home);
    buf_deinit(&d->bundle);
    throttle_deinit(&d->sign_in);
    throttle_deinit(&d->enrol);
    pthread_mutex_destroy(&d->writer_lock);
    pthread_mutex_destroy(&d->reader_lock);
    pthread_mutex_destroy(&d->bundle_lock);
    pthread_mutex_destroy(&d->commit_lock);
    pthread_cond_destroy(&d->committed);
    pthread_mutex_destroy(&d->preview_lock);
    free(d);
}

enum status
desk_renew(struct desk *d)
{
    int64_t wish = RENEWAL_NONE;
    enum status st = store_number(d->writer, STORE_RENEWAL, &wish);
    if (st < 0 || wish == RENEWAL_NONE) {
        return st;
    }
    st = home_hold(&d->home, HOME_ALONE);
    if (st == STATUS_E_BUSY) {
        log_warn("collector", "a command is using the keys: they are renewed "
                              "another time");
        return home_hold(&d->home, HOME_SHARED);
    }
    if (st == STATUS_OK) {
        st = renewal_run(&d->home, d->writer, (enum renewal)wish, NULL);
    }
    d->bundle_serial = 0; /* signed by the keys before */
    if (st < 0 && st != STATUS_E_LIMIT) {
        log_error("collector", "the keys could not be renewed: %s",
                  status_name(st));
        return st;
    }
    if (st == STATUS_OK) {
        log_info("collector", "keys renewed");
    }
    return home_hold(&d->home, HOME_SHARED);
}

struct store *
desk_reader(struct desk *d)
{
    pthread_mutex_lock(&d->reader_lock);
    assert(d->readers > 0);
    struct store *s = d->reader[--d->readers];
    pthread_mutex_unlock(&d->reader_lock);
    return s;
}

void
desk_reader_give(struct desk *d, struct store *reader)
{
    store_rollback(reader);
    pthread_mutex_lock(&d->reader_lock);
    d->reader[d->readers++] = reader;
    pthread_mutex_unlock(&d->reader_lock);
}

struct store *
desk_writer(struct desk *d)
{
    pthread_mutex_lock(&d->writer_lock);
    return d->writer;
}

void
desk_writer_give(struct desk *d)
{
    store_rollback(d->writer);
    pthread_mutex_unlock(&d->writer_lock);
}

/* --- commits -------------------------------------------------------------- */

/* A batch whose thread waits for its commit. */
struct desk_ticket {
    struct ingest_batch *batch;
    struct receipt *receipt;
    enum status status;
    bool done;
    struct desk_ticket *next;
};

/* Take off what fits into one transaction, the first to come in any case. */
static size_t
take_tickets(struct desk *d, struct desk_ticket *out[SERVER_THREADS])
{
    size_t count = 0;
    size_t records = 0;
    struct desk_ticket **at = &d->waiting;
    while (*at && count < SERVER_THREADS) {
        size_t more = ingest_records((*at)->batch);
        if (count > 0 && records + more > BATCH_MAX_RECORDS) {
            at = &(*at)->next;
            continue;
        }
        records += more;
        out[count++] = *at;
        *at = (*at)->next;
    }
    return count;
}

static void
commit_tickets(struct desk *d, struct desk_ticket *const ticket[], size_t count)
{
    struct ingest_batch *batch[SERVER_THREADS];
    struct receipt receipt[SERVER_THREADS];
    for (size_t i = 0; i < count; i++) {
        batch[i] = ticket[i]->batch;
    }
    const struct ingest_group group = {batch, receipt, count, desk_now_ms(d)};
    struct store *w = desk_writer(d);
    enum status st = ingest_commit_group(&group, w);
    for (size_t i = 0; i < count; i++) {
        ticket[i]->status = st;
        if (st == STATUS_OK) {
            *ticket[i]->receipt = receipt[i];
        }
    }
    desk_writer_give(d);
    forward_wake(d->forward);
}

enum status
desk_take(struct desk *d, struct ingest_batch *b, struct receipt *out)
{
    struct desk_ticket mine = {.batch = b, .receipt = out};
    pthread_mutex_lock(&d->commit_lock);
    struct desk_ticket **last = &d->waiting;
    while (*last) {
        last = &(*last)->next;
    }
    *last = &mine;
    while (!mine.done) {
        if (d->committing) {
            pthread_cond_wait(&d->committed, &d->commit_lock);
            continue;
        }
        /* Whoever finds nobody at it commits for all that wait. */
        struct desk_ticket *ticket[SERVER_THREADS];
        size_t count = take_tickets(d, ticket);
        d->committing = true;
        pthread_mutex_unlock(&d->commit_lock);
        commit_tickets(d, ticket, count);
        pthread_mutex_lock(&d->commit_lock);
        for (size_t i = 0; i < count; i++) {
            ticket[i]->done = true;
        }
        d->committing = false;
        pthread_cond_broadcast(&d->committed);
    }
    pthread_mutex_unlock(&d->commit_lock);
    return mine.status;
}

int64_t
desk_now_ms(const struct desk *d)
{
    return clock_wall_ms(d->clock);
}

enum status
desk_keep_time(struct desk *d)
{
    int64_t serial = 0;
    struct store *w = desk_writer(d);
    enum status st = publish_due(w, desk_now_ms(d));
    if (st == STATUS_OK) {
        st = store_waves_expire(w, desk_now_ms(d));
    }
    if (st == STATUS_OK) {
        st = store_number_next(w, STORE_SERIAL, &serial);
    }
    if (st >= 0) {
        st = store_forget_due(w);
    }
    desk_writer_give(d);
    return st < 0 ? st : STATUS_OK;
}

enum status
desk_erased(struct desk *d)
{
    struct store *w = desk_writer(d);
    enum status st = erasure_finish(w, &d->ingest, d->home.dir);
    desk_writer_give(d);
    return st;
}

enum status
desk_read_named(struct desk *d)
{
    bool erased = false;
    struct store *w = desk_writer(d);
    enum status st = intake_run(w, d->catalogue, desk_now_ms(d), &erased);
    desk_writer_give(d);
    return st == STATUS_OK && erased ? desk_erased(d) : st;
}

enum status
desk_bundle(struct desk *d, struct store *reader, int64_t serial,
            struct buf *out)
{
    int64_t now = 0;
    enum status st = desk_keep_time(d);
    if (st == STATUS_OK) {
        st = desk_read_named(d);
    }
    if (st == STATUS_OK) {
        st = store_number(reader, STORE_SERIAL, &now);
    }
    if (st < 0) {
        return st;
    }
    if (now == serial) {
        return STATUS_NONE;
    }
    pthread_mutex_lock(&d->bundle_lock);
    if (d->bundle_serial != now) {
        buf_clear(&d->bundle);
        st = publish_bundle(reader, &d->home, &d->bundle);
        d->bundle_serial = st == STATUS_OK ? now : 0;
    }
    if (st == STATUS_OK) {
        buf_put(out, d->bundle.data, d->bundle.len);
        st = buf_status(out);
    }
    pthread_mutex_unlock(&d->bundle_lock);
    return st;
}
