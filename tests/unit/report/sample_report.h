#ifndef ANKETA_TESTS_UNIT_REPORT_SAMPLE_REPORT_H
#define ANKETA_TESTS_UNIT_REPORT_SAMPLE_REPORT_H

#include "base/arena.h"
#include "collector/report/report.h"

/*
 * Sample report: a wave of a mentoring questionnaire with every kind of chart,
 * made from tallies by the functions the desk uses. For tests and benchmarks.
 */
struct sample_report {
    struct report report;
    struct arena arena;
};

/* `items` questions, each kind of chart in turn; `scale` multiplies the number
 * of answers. */
void
sample_report_init(struct sample_report *s, size_t items, uint64_t scale);
void
sample_report_deinit(struct sample_report *s);

/* Read the Russian texts of this build tree, if they are there. */
void
sample_report_locale(void);

#endif
