#ifndef ANKETA_COLLECTOR_WEB_ERASURE_H
#define ANKETA_COLLECTOR_WEB_ERASURE_H

#include "collector/ingest/ingest.h"
#include "collector/store/store_banks.h"

/*
 * Erasure: a person and everything that names her, wherever the collector has
 * it. Only the fact stays: the day, the bank, the way (store_banks.h).
 *
 * In people.db all of hers goes by cascade and is overwritten with zeros
 * (secure_delete); the write-ahead logs are emptied; what was put aside and
 * opens under her code is dropped; the key that opens her in backups is
 * destroyed (store/people_keys.h); the next library orders the kiosks to overwrite
 * what waits there under her code, and has neither her name nor her code.
 *
 * Threads  As the store passed in.
 */

/* Within the caller's transaction. STATUS_NONE: no such person. */
MUST_CHECK enum status
erasure_begin(struct store *w, int64_t person, int64_t now_ms,
              enum store_consent_way way);

/* After the commit; `dir` is the collector's folder. `in`: keys that open records; NULL: they are locked, and
 * `anketa-collector retry` drops later what was put aside. */
MUST_CHECK enum status
erasure_finish(struct store *w, const struct ingest *in, const char *dir);

#endif
