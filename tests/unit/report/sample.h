#ifndef ANKETA_TESTS_UNIT_REPORT_SAMPLE_H
#define ANKETA_TESTS_UNIT_REPORT_SAMPLE_H

#include <stddef.h>

#include "base/buf.h"
#include "collector/report/dataset.h"

/*
 * Sample: a small data set with everything that can go wrong in it, and a sink
 * that keeps what is written or fails after some bytes.
 */
struct sample {
    struct dataset dataset;
    size_t at; /* next row */
};

void
sample_init(struct sample *s);

struct sample_sink {
    struct dataset_sink sink;
    struct buf out;
    size_t fail_after; /* bytes; 0: never */
};

void
sample_sink_init(struct sample_sink *s, size_t fail_after);
void
sample_sink_deinit(struct sample_sink *s);

#endif
