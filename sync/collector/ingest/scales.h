#ifndef ANKETA_COLLECTOR_INGEST_SCALES_H
#define ANKETA_COLLECTOR_INGEST_SCALES_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/ingest/catalogue.h"

/*
 * Scales: several items that measure one thing.
 *
 * Items with the same name in their attribute "scale" form one, if they are
 * alike: scales of the same range, or single choices of the same options, whose
 * value is then the option's place from 1. Of the people who answered all of
 * them sums are kept with every commit (STORE_TALLY_SCALE, under the first
 * item's field), enough for the mean of the items and for Cronbach's alpha
 * (summary/alpha.h) without reading an answer again.
 *
 * Threads  Pure.
 */
#define SCALES_UNIT 1000 /* sums are in thousandths, squares in millionths */
/* Largest value of an item: a million squares of totals stay below 2^63. */
#define SCALES_VALUE_MAX 64

/* Items of the tally. */
enum scales_sum {
    SCALES_COMPLETE = 0, /* people with all items */
    SCALES_TOTAL = 1,
    SCALES_TOTAL_SQUARE = 2,
    SCALES_ITEM = 64,         /* + item */
    SCALES_ITEM_SQUARE = 128, /* + item */
};

/* Fill in `scale` and `scales` of a new entry. */
void
scales_survey(struct catalogue_form *form);

/* The value of an item for reckoning; false without an answer that counts. */
bool
scales_value(const struct catalogue_form *form, size_t field, const char *cell,
             double *out);

#endif
