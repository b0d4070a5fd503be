#ifndef ANKETA_MATCHING_PROPOSAL_H
#define ANKETA_MATCHING_PROPOSAL_H

#include "base/status.h"
#include "collector/matching/hrt.h"
#include "collector/matching/preferences.h"
#include "collector/matching/reduction.h"

/*
 * Proposal: a set of pairs that the coordinator may fix.
 *
 * Same preferences, options and seed, same proposal, whatever the order of the
 * rows, unless the solver ran out of its time (then it says so: `optimal`).
 *
 * Threads  proposal_make() starts up to `threads` workers of its own and joins
 *          them before it returns.
 */
enum proposal_objective {
    PROPOSAL_MAX_SCORE,      /* stable, largest, then best score: the default */
    PROPOSAL_MAX_SIZE,       /* stable, largest; score only where it is free */
    PROPOSAL_MENTEE_OPTIMAL, /* Gale-Shapley, ties by lottery */
    PROPOSAL_MENTOR_OPTIMAL,
    PROPOSAL_FLOW, /* largest, then best score; not stable */
    PROPOSAL_OBJECTIVE_COUNT
};

#define PROPOSAL_DEFAULT_SECONDS 10
#define PROPOSAL_MAX_SECONDS 86400
#define PROPOSAL_MAX_THREADS 16

struct proposal_options {
    enum proposal_objective objective;
    uint64_t seed;
    double seconds; /* for the solver, all components together */
    uint64_t steps; /* of a tie search; 0: the default */
    unsigned threads;
    bool use_solver;
};

/* One step of the proof that no stable matching is larger; see reduction.h. */
struct proposal_cover {
    unsigned char *mentee; /* by number in `h` */
    unsigned char *mentor;
    uint32_t bound; /* pairs that the cover allows, forced ones included */
};

struct proposal {
    uint32_t *mentor_of;   /* by mentee row, PREFERENCES_NOBODY: alone */
    unsigned char *closed; /* by mentor row: group did not open */
    uint32_t size;
    uint32_t size_bound;
    int64_t score;
    int64_t score_bound; /* INT64_MAX: unknown */
    uint32_t kept;       /* of the previous pairs */
    uint32_t components;
    bool optimal; /* proven best for the objective */
    struct hrt h; /* numbered by lottery; what the following refers to */
    uint32_t *match;
    unsigned char *closed_number; /* as `closed`, by number in `h` */
    struct reduction reduction;
    struct proposal_cover cover;
};

/* `p` has passed preferences_check(). */
MUST_CHECK enum status
proposal_make(const struct preferences *p,
              const struct proposal_options *options, struct proposal *out);

void
proposal_deinit(struct proposal *x);

/* "max-score" and so on, as on the command line. */
const char *
proposal_objective_name(enum proposal_objective objective);

/* STATUS_E_INVALID for an unknown name. */
MUST_CHECK enum status
proposal_objective_from_name(const char *name,
                             enum proposal_objective *out_objective);

#endif
