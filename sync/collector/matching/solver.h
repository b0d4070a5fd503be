#ifndef ANKETA_MATCHING_SOLVER_H
#define ANKETA_MATCHING_SOLVER_H

#include "base/status.h"
#include "collector/matching/hrt.h"

/*
 * Solver: the integer program of a weakly stable matching, for what the other
 * modules cannot prove.
 *
 * The only door to an outside solver (CBC, where it was there at build time).
 * Everything works without one; then solver_name() is NULL and solver_run()
 * answers SOLVER_UNKNOWN.
 *
 * The model: a 0/1 variable for each pair; for each pair (e, m) a row says that
 * e has somebody at least as good as m, or that all c places of m are taken by
 * people at least as good as e (Delorme, Garcia et al. 2019, their model with
 * one row a pair). A mentor with a minimum has a 0/1 variable "open"; closed,
 * she demands nothing and takes nobody.
 *
 * A run is a child process with a hard limit on its time. It is forked without
 * exec, which glibc makes safe from any thread, but AddressSanitizer does not:
 * there a run may be lost, and answers SOLVER_UNKNOWN at its limit.
 *
 * Threads  Any number of runs at once, each with its own task and answer.
 */
enum solver_outcome {
    SOLVER_UNKNOWN,    /* out of time; `match` may still hold a better one */
    SOLVER_OPTIMAL,    /* `match` is proven best */
    SOLVER_INFEASIBLE, /* proven: nothing satisfies the task */
};

struct solver_task {
    const struct hrt *h;
    uint32_t at_least; /* number of pairs */
    uint32_t at_most;
    bool by_weight;       /* maximise weight; else the number of pairs */
    int64_t weight_above; /* with by_weight: more than this */
    double seconds;
};

struct solver_answer {
    enum solver_outcome outcome;
    bool found;      /* match was written */
    int64_t bound;   /* no solution has more pairs (or weight) */
    uint32_t *match; /* given by the caller */
};

/* "CBC", or NULL. */
const char *
solver_name(void);

MUST_CHECK enum status
solver_run(const struct solver_task *task, struct solver_answer *answer);

#endif
