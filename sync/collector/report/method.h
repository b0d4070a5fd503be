#ifndef ANKETA_REPORT_METHOD_H
#define ANKETA_REPORT_METHOD_H

#include "base/buf.h"
#include "collector/report/report.h"

/*
 * Method: the page that lets somebody else check the figures: thresholds of
 * this wave and the formula behind every kind of figure.
 */
struct method_note {
    const char *heading;
    const char *text;
    const char *formula; /* or NULL */
};

#define METHOD_NOTES_MAX 16

/* Fills `out`, whose texts point into `store` or to static storage; both must
 * outlive it. Returns how many; 0 after an error in `store`. */
size_t
method_notes(const struct report *r, struct buf *store,
             struct method_note out[METHOD_NOTES_MAX]);

#endif
