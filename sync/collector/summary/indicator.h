#ifndef ANKETA_SUMMARY_INDICATOR_H
#define ANKETA_SUMMARY_INDICATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/summary/proportion.h"
#include "collector/summary/tally.h"

/*
 * Indicator: the programme's figures against the targets of the year.
 *
 * Involvement, formed pairs and held meetings count all there are, so they
 * carry no interval; satisfaction is answered by some, so it does. "Satisfied"
 * is nowhere defined: the cut is a setting and is printed beside the figure.
 */
#define INDICATOR_CUT_DEFAULT 7.0

enum indicator_kind {
    INDICATOR_INVOLVED_MENTEES,  /* mentees of all in the category */
    INDICATOR_INVOLVED_MENTORS,  /* mentors of all in the category */
    INDICATOR_SATISFIED_MENTEES, /* of the answers, at or above the cut */
    INDICATOR_SATISFIED_MENTORS,
    INDICATOR_PAIRS_FORMED,  /* mentees in a pair or group of all mentees */
    INDICATOR_MEETINGS_HELD, /* of the meetings planned */
    INDICATOR_KIND_COUNT
};

struct indicator {
    enum indicator_kind kind;
    struct proportion figure; /* interval is NAN where all are counted */
    double cut;               /* satisfaction only, else NAN */
    double target;            /* 0..1; NAN where none is set */
    bool reached;
    /* The whole interval lies on one side of the target: the answers settle
     * whether it is reached. Always so where all are counted. */
    bool settled;
};

/* A share of a full count: involvement, pairs, meetings. */
struct indicator
indicator_counted(enum indicator_kind kind, uint64_t hits, uint64_t base,
                  double target);

/* Satisfaction from the tally of a scale. */
struct indicator
indicator_satisfied(enum indicator_kind kind, const struct tally *answers,
                    double cut, double target);

#endif
