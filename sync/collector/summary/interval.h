#ifndef ANKETA_SUMMARY_INTERVAL_H
#define ANKETA_SUMMARY_INTERVAL_H

/*
 * Interval: the two ends of a confidence interval, in the unit of the figure it
 * belongs to. Both are NAN where no interval can be given.
 */
#define INTERVAL_LEVEL 0.95 /* the level printed everywhere */

struct interval {
    double low;
    double high;
};

#endif
