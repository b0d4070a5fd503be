#ifndef ANKETA_TESTS_BENCH_SEALED_H
#define ANKETA_TESTS_BENCH_SEALED_H

#include "base/buf.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/keys.h"
#include "collector/store/store.h"

/* Sealed: records as a kiosk makes them, by its own calls. Ends the program on
 * failure. */
struct sealed {
    const struct store_wave *wave;
    const struct catalogue_form *form;
    const struct keys *keys;
};

/* Append `count` records of one size. */
void
sealed_fill(const struct sealed *s, size_t count, struct buf *boxes);

#endif
