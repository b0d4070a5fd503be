#ifndef ANKETA_COLLECTOR_STORE_STORE_CHECK_H
#define ANKETA_COLLECTOR_STORE_STORE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Store check: is a database that nobody uses sound, and what does it hold?
 *
 * SQLite's own check of every page and index, references that lead nowhere,
 * every column of answers unpacked and counted, and counted answers against
 * stored ones.
 *
 * Threads  Any, on a file of its own.
 */
struct store_contents {
    int64_t forms;
    int64_t waves;
    int64_t answers; /* without names */
    int64_t named;
    int64_t people;
    int64_t kiosks;
    int64_t refused; /* records put aside, still sealed */
};

/* Adds to `out`. `drop`: the file loses its name as soon as it is open.
 * STATUS_E_INVALID: damaged (logged). */
MUST_CHECK enum status
store_check(const char *path, bool drop, struct store_contents *out);

#endif
