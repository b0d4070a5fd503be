#ifndef ANKETA_COLLECTOR_WEB_GROUPS_H
#define ANKETA_COLLECTOR_WEB_GROUPS_H

#include "collector/summary/suppress.h"
#include "collector/web/monitoring_item.h"

/*
 * Groups: the groups of a wave that may be shown, and the tables of its
 * questions by them.
 *
 * The one place that applies summary/suppress.h to a wave: pages, files of
 * figures and raw rows all ask here, so that none shows what another hides. A
 * question that not everybody was asked has no table by group: its base would
 * tell how the groups answered the question before it. Nothing by group is
 * shown while a live wave is open.
 *
 * Lifetime  Everything lives in the source's arena.
 * Cost      The tallies of the wave. Answers of a wave that began before such
 *           tallies were kept are walked instead.
 */
#define GROUPS_ROWS_MAX (SUPPRESS_SEGMENTS_MAX + 1)

/* A group that is shown, or those left over together. */
struct groups_row {
    const char *label;
    const char *name; /* of the options, parted by "|"; "-": no answer */
    uint64_t people;
    bool rest;
    struct suppress_segment strata;
};

struct groups_question {
    size_t field;
    struct groups_row *row; /* none: nothing by this question is shown */
    size_t rows;
    size_t hidden; /* options without a row of their own */
};

/* A question by stratum. Answers come first, then "hard to say", then none. */
struct groups_table {
    size_t field;
    size_t categories; /* 0: no table */
    size_t answers;
    bool scale;
    double start; /* of a scale */
    double step;
    double cut;      /* where its upper end begins */
    size_t *choice;  /* the option of each category of a choice */
    uint32_t *count; /* strata x categories */
    enum suppress_detail detail;
};

struct groups {
    struct monitoring_source *src;
    struct suppress_groups plan;
    struct groups_question question[CATALOGUE_GROUPS_MAX];
    size_t questions;
    struct groups_table *table; /* of every field */
};

/* *out is NULL for a wave without group questions. */
MUST_CHECK enum status
groups_open(struct monitoring_source *src, struct groups **out);

/* Is any group shown? `g` may be NULL. */
bool
groups_shown(const struct groups *g);

/* May the figures of a question leave by group, in raw rows too? `g` may be
 * NULL: SUPPRESS_FULL then. */
enum suppress_detail
groups_detail(const struct groups *g, size_t field);

uint64_t
groups_count(const struct groups *g, const struct groups_table *t,
             const struct groups_row *row, size_t category);

/* The answers of a row's people to a scale; `value` has room for them all. */
struct tally
groups_tally(const struct groups *g, const struct groups_table *t,
             const struct groups_row *row, struct tally_value *value);

#endif
