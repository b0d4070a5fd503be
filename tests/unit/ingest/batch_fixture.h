#ifndef ANKETA_TESTS_UNIT_INGEST_BATCH_FIXTURE_H
#define ANKETA_TESTS_UNIT_INGEST_BATCH_FIXTURE_H

#include "collector/ingest/ingest.h"
#include "collector/store/store.h"
#include "form/filling.h"

/*
 * Batch fixture: a collector's store with one questionnaire, and sealed records
 * of it as a kiosk makes them. Failures end the test.
 *
 * The form asks `glad` (yes, no), `score` (1 to 10, constraint), and `why`
 * (text, if glad = no).
 */
struct batch_fixture {
    char dir[4096];
    char path[4096 + 32]; /* of the store */
    struct store *store;
    struct store *reader;
    struct catalogue *catalogue;
    struct keys keys;
    struct ingest ingest;
    struct store_wave wave;
    struct form *form;
    struct buf blank;
};

void
batch_fixture_open(struct batch_fixture *f, enum record_kind kind);
/* The same on an SQLite VFS; there is no `reader` then. */
void
batch_fixture_open_vfs(struct batch_fixture *f, enum record_kind kind,
                       const char *vfs);
void
batch_fixture_close(struct batch_fixture *f);

/* What one person answers; NULL leaves a question out. */
struct batch_fixture_answers {
    const char *glad;
    const char *score;
    const char *why;
    const char *instance_id; /* NULL: random */
    const char *wave;        /* NULL: the fixture's */
    const char *code;        /* of a named record */
    struct seal_hash slip;
    bool test;
    bool break_rules; /* a score of 11, written into the XML */
};

/* Append one sealed record to `boxes`. */
void
batch_fixture_seal(struct batch_fixture *f,
                   const struct batch_fixture_answers *a, struct buf *boxes);

/* All of `boxes` (records of one bucket size) as a batch taken in; the receipt
 * is the caller's to clear. */
void
batch_fixture_take(struct batch_fixture *f, const struct buf *boxes,
                   struct receipt *out);

/* The count of one tally, 0 without it. */
int64_t
batch_fixture_count(struct batch_fixture *f, const char *field,
                    enum store_tally_kind kind, int64_t item);

#endif
