#ifndef ANKETA_COLLECTOR_WEB_INDICATORS_COUNT_H
#define ANKETA_COLLECTOR_WEB_INDICATORS_COUNT_H

#include <stdint.h>

#include "base/status.h"
#include "collector/store/store.h"
#include "collector/summary/indicator.h"

/*
 * Indicators count: what pairs, their journals, the bank of mentees and group
 * meetings say about a school year.
 *
 *   involvement  people who were in a pair; of how many, only the house knows
 *   pairs        mentees who were in a pair, of those, of who stood in the bank
 *                of mentees and of who came to a group meeting
 *   meetings     entries of the journals, of one planned for each
 *                PAIR_DESK_EVERY_DAYS that a pair was active; a pair that met
 *                oftener does not make up for another
 *
 * A pair belongs to every year in which it lasted: from when it was fixed until
 * now, or until its last meeting once it is over.
 *
 * Threads  As the store passed in.
 */
struct indicators_count {
    int64_t hits[INDICATOR_KIND_COUNT]; /* -1: the tables do not tell */
    int64_t base[INDICATOR_KIND_COUNT]; /* likewise */
};

MUST_CHECK enum status
indicators_count(struct store *reader, int year, int64_t now_ms,
                 struct indicators_count *out);

#endif
