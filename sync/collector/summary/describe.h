#ifndef ANKETA_SUMMARY_DESCRIBE_H
#define ANKETA_SUMMARY_DESCRIBE_H

#include <stdint.h>

#include "collector/summary/interval.h"
#include "collector/summary/tally.h"

/*
 * Describe: centre and spread of a scale or number.
 *
 * Quantiles are of type 7 (Hyndman and Fan 1996), linear between the order
 * statistics, the default of R and of spreadsheets. The standard deviation
 * divides by n - 1; the interval of the mean is Student's.
 *
 * Errors  What cannot be computed is NAN: everything but n for n = 0, the
 *         standard deviation and the interval for n = 1.
 */
struct describe {
    uint64_t n;
    double mean;
    double sd;
    struct interval mean_interval;
    double min;
    double q1;
    double median;
    double q3;
    double max;
};

/* `level` is the confidence level, 0 < level < 1. */
void
describe_tally(const struct tally *t, double level, struct describe *out);

/* Type 7 quantile for 0 <= p <= 1; NAN for an empty tally. */
double
describe_quantile(const struct tally *t, double p);

/* Student's interval of a mean from its moments; NAN ends for n < 2. */
struct interval
describe_mean_interval(double mean, double sd, uint64_t n, double level);

#endif
