#ifndef ANKETA_MATCHING_COMPONENT_H
#define ANKETA_MATCHING_COMPONENT_H

#include "base/clock.h"
#include "base/status.h"
#include "collector/matching/hrt.h"

/*
 * Component: the best weakly stable matching of people who are connected by
 * some chain of acceptable pairs; a whole preschool, usually.
 *
 * Size first: Kiraly, tie search, the bound without stability, and only if
 * they differ the solver. Then weight at that size, in the same manner.
 */
struct component_options {
    uint64_t seed;
    bool best_weight;          /* prove the weight too, not only improve it */
    bool bound_only;           /* no matching, only the bound */
    bool use_solver;           /* ignored where there is none */
    uint64_t steps;            /* of each tie search; 0: by the size */
    const struct clock *clock; /* for the solver's limit only */
    int64_t deadline_ms;       /* mono_ms when solvers have to stop */
};

struct component_result {
    uint32_t *match;             /* by mentee; given by the caller */
    unsigned char *closed;       /* by mentor */
    unsigned char *mentee_cover; /* see bmatching.h; by mentee */
    unsigned char *mentor_cover;
    uint32_t size;
    uint32_t size_bound;  /* no stable matching is larger */
    uint32_t cover_bound; /* what the cover alone proves */
    int64_t weight_bound; /* at the found size; INT64_MAX: unknown */
};

MUST_CHECK enum status
component_solve(const struct hrt *h, const struct component_options *options,
                struct component_result *result);

#endif
