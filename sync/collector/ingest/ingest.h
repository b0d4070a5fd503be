#ifndef ANKETA_COLLECTOR_INGEST_INGEST_H
#define ANKETA_COLLECTOR_INGEST_INGEST_H

#include <stdint.h>

#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/keys.h"
#include "collector/store/store.h"
#include "wire/batch.h"
#include "wire/receipt.h"

/*
 * Ingest: a kiosk's batch into the store, exactly once.
 *
 * In two steps, so that the long one needs no lock. ingest_open() opens every
 * record, parses and validates it with the form engine and reads its answers,
 * in as many threads as the machine has processors. ingest_commit() drops
 * repeats by record id and by instanceID, stores what is left with its tallies
 * in one transaction, and says for each record what became of it. What cannot
 * be accepted is kept, still sealed, and never silently lost.
 *
 * Nothing that is stored tells the order of the records in their batch.
 *
 * Threads  Several batches may be opened at once, each with a reader of its
 *          own; commits come one after another on the one writer.
 */
#define INGEST_THREADS_MAX 8
/* Fewer records than this are not worth a second thread. */
#define INGEST_THREAD_RECORDS 64
#define INGEST_ARENA_MAX_BYTES ((size_t)256 * 1024 * 1024)

struct ingest {
    const struct keys *keys;
    struct catalogue *catalogue;
    uint64_t epoch;
    unsigned threads; /* 0: as many as there are processors */
};

struct ingest_batch; /* opened, not yet committed */

/* `batch` and `reader` are borrowed until ingest_free(). The signature must
 * have been verified and the kiosk be known. */
MUST_CHECK enum status
ingest_open(const struct ingest *in, struct store *reader,
            const struct batch *batch, struct ingest_batch **out);

/* Fills in the receipt; clear it with receipt_clear(). After a failure nothing
 * of the batch is stored. */
MUST_CHECK enum status
ingest_commit(struct ingest_batch *b, struct store *writer,
              struct receipt *out);

/*
 * The same for several batches in one transaction: what a commit costs, syncing
 * the disk and rewriting the last chunk of each column, is paid once. Together
 * they have BATCH_MAX_RECORDS at most. After a failure nothing of any is stored.
 * The contact counts as a sign of life of the kiosk, in whole hours.
 */
struct ingest_group {
    struct ingest_batch *const *batch;
    struct receipt *receipt; /* one for each */
    size_t count;
    int64_t now_ms; /* -1: no kiosk sent these */
};
MUST_CHECK enum status
ingest_commit_group(const struct ingest_group *g, struct store *writer);
size_t
ingest_records(const struct ingest_batch *b);

void
ingest_free(struct ingest_batch *b);

/* Try again what was put aside, after a questionnaire or a person was added;
 * *out_taken says how many records could be taken in. */
MUST_CHECK enum status
ingest_retry(const struct ingest *in, struct store *reader,
             struct store *writer, size_t *out_taken);

#endif
