#ifndef ANKETA_COLLECTOR_INGEST_CODES_H
#define ANKETA_COLLECTOR_INGEST_CODES_H

#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/keys.h"

/*
 * Codes: what is kept of a code that people keep between two waves.
 *
 * A code is short, so whoever has its plain hash tries all codes in a second.
 * What is kept is a hash under a key of the house that is in no database: drawn
 * from its first sealing key, which stays as long as there are keys. The same
 * code gives the same cell in every wave, in either case of letters and with
 * any marks and spaces between.
 *
 * Threads  codes_cell: any.
 */
#define CODES_CELL_CHARS 32

void
codes_cell(const uint8_t key[CATALOGUE_CODE_KEY_BYTES], const char *value,
           char out[CODES_CELL_CHARS + 1]);

/* Before anything is taken in with `c`: give it the key. Cells of a database
 * from before there was one get it now, in a transaction of its own. */
MUST_CHECK enum status
codes_open(const struct keys *keys, struct store *writer, struct catalogue *c);

#endif
