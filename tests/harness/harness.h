#ifndef ANKETA_TESTS_HARNESS_H
#define ANKETA_TESTS_HARNESS_H

/*
 * Harness: what every test needs beside cmocka.
 *
 * cmocka stops a test at its first failed assertion; harness_row() names the row
 * of a table before it is tried, so the failure says which one it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

/* Exit code that ctest reports as "skipped". */
#define HARNESS_SKIP 77

/* Say which row of a table is being tried; printed only if the test fails. */
void
harness_row(const char *label);

/* A clock that moves only when told to. */
struct harness_clock {
    struct clock clock; /* pass &h->clock */
    int64_t wall_ms;
    int64_t mono_ms;
};

void
harness_clock_init(struct harness_clock *h, int64_t wall_ms);
void
harness_clock_advance(struct harness_clock *h, int64_t ms);

/* The next of a row of numbers below `bound` that is the same on every machine;
 * *state is where it stands. */
uint32_t
harness_below(uint32_t *state, uint32_t bound);

#define HARNESS_PATH_MAX 4096

/* A new empty folder below $TMPDIR or /tmp; ends the test program on failure. */
void
harness_temp_dir(char out[HARNESS_PATH_MAX]);

/* Remove the folder and everything in it. */
void
harness_remove_tree(const char *path);

/* Path below the conformance data ("odk/index.tsv"), or NULL when the data is
 * absent: return harness_skip() from main then. Static storage. */
const char *
harness_data(const char *relative);

/* Path below the source tree ("tests/data/x.xml"). Static storage. */
const char *
harness_source(const char *relative);

/* Print why and return HARNESS_SKIP. */
int
harness_skip(const char *why);

#endif
