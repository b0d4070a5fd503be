#ifndef ANKETA_COLLECTOR_INGEST_INGEST_BATCH_H
#define ANKETA_COLLECTOR_INGEST_INGEST_BATCH_H

#include <pthread.h>

#include "base/arena.h"
#include "collector/ingest/answers.h"
#include "collector/ingest/ingest.h"

/* What ingest_open() made of a batch, for ingest_commit(). Only for this
 * folder. */

/* One record on its way. Everything it points to lives in an arena. */
struct ingest_item {
    struct seal_hash id;
    enum receipt_outcome outcome; /* RECEIPT_ACCEPTED so far, or why not */
    size_t wave;                  /* index in ingest_batch.wave */
    enum record_kind kind;
    bool test;
    struct seal_hash slip;
    const char *code;
    const char *form_id;
    const char *xml; /* of named records */
    size_t xml_len;
    struct answers answers;
};

struct ingest_batch {
    const struct ingest *in;
    struct store *reader;
    const struct batch *batch;
    struct ingest_item *item; /* owned, one a record */
    size_t count;
    struct store_wave *wave; /* owned */
    size_t wave_count;
    const struct catalogue_form **form; /* owned; of each wave, or NULL */
    pthread_mutex_t form_lock;          /* guards `form` and `reader` */
    struct arena arena[INGEST_THREADS_MAX];
    unsigned arenas;
};

#endif
