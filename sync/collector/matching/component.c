#include "collector/matching/component.h"

#include <stdlib.h>
#include <string.h>

#include "collector/matching/bmatching.h"
#include "collector/matching/kiraly.h"
#include "collector/matching/mincost.h"
#include "collector/matching/solver.h"
#include "collector/matching/tiesearch.h"

#define KIRALY_STARTS 4
/* Steps of a tie search before the solver is asked, and without one. */
#define STEPS_BEFORE_SOLVER 200000
#define STEPS_ALONE 2000000
#define STEPS_FOR_WEIGHT 30000
#define STEPS_PER_MENTEE 20
/* Steps before a walk begins anew. */
#define WALK_PER_MENTEE 10
/* Beyond this the solver would only use up its time. */
#define SOLVER_MAX_PAIRS 20000

struct job {
    const struct hrt *h;
    const struct component_options *options;
    struct component_result *r;
    struct lottery_draw draw;
    uint32_t *spare; /* a second matching */
    bool closable;   /* some mentor has a minimum */
};

static uint64_t
steps(const struct job *j, uint64_t base)
{
    if (j->options->steps > 0) {
        return j->options->steps;
    }
    return base + (uint64_t)STEPS_PER_MENTEE * j->h->mentees;
}

static double
seconds_left(const struct job *j)
{
    const int64_t left =
        j->options->deadline_ms - clock_mono_ms(j->options->clock);
    return left > 0 ? (double)left / 1000 : 0;
}

static bool
may_ask_solver(const struct job *j)
{
    return j->options->use_solver && solver_name()
           && j->h->pairs <= SOLVER_MAX_PAIRS && seconds_left(j) > 0;
}

static enum status
search_from(struct job *j, uint64_t walk_steps, uint32_t *match)
{
    const struct tiesearch size = {
        .steps = walk_steps,
        .size_bound = j->r->size_bound,
    };
    enum status st = tiesearch_run(j->h, &size, &j->draw, match);
    const uint32_t reached = hrt_size(j->h, match);
    if (st >= 0 && reached >= j->r->size) {
        j->r->size = reached;
        if (match != j->r->match) {
            memcpy(j->r->match, match, j->h->mentees * sizeof(*match));
        }
    }
    return st;
}

/* Walks from the best matching and from new shuffles in turn: with strict lists
 * on one side a walk only ever goes one way, and has to begin anew. */
static enum status
search_size(struct job *j, uint64_t base_steps)
{
    const uint64_t all = steps(j, base_steps);
    const uint64_t walk =
        (uint64_t)WALK_PER_MENTEE * ((uint64_t)j->h->mentees + 10);
    enum status st = STATUS_OK;
    for (uint64_t done = 0;
         done < all && j->r->size < j->r->size_bound && st >= 0;
         done += 2 * walk) {
        st = search_from(j, walk, j->r->match);
        if (st >= 0) {
            st = kiraly_run(j->h, &j->draw, j->spare);
        }
        if (st >= 0) {
            st = search_from(j, walk, j->spare);
        }
    }
    return st;
}

/* Kiraly from several shuffles, the largest kept. */
static enum status
start_large(struct job *j)
{
    enum status st = kiraly_run(j->h, NULL, j->r->match);
    j->r->size = hrt_size(j->h, j->r->match);
    for (int i = 0;
         st >= 0 && i < KIRALY_STARTS && j->r->size < j->r->size_bound; i++) {
        st = kiraly_run(j->h, &j->draw, j->spare);
        const uint32_t size = hrt_size(j->h, j->spare);
        if (st >= 0 && size > j->r->size) {
            memcpy(j->r->match, j->spare, j->h->mentees * sizeof(*j->spare));
            j->r->size = size;
        }
    }
    return st;
}

static enum status
bound_size(struct job *j)
{
    struct bmatching b = {
        .mentee_cover = j->r->mentee_cover,
        .mentor_cover = j->r->mentor_cover,
    };
    for (uint32_t e = 0; e < j->h->mentees; e++) {
        j->spare[e] = HRT_NONE;
    }
    enum status st = kiraly_run(j->h, NULL, j->spare);
    if (st >= 0) {
        st = bmatching_run(j->h, j->spare, &b);
    }
    j->r->size_bound = b.size;
    j->r->cover_bound = b.size;
    return st;
}

/* Ask the solver for more than is found; whatever it answers is kept. */
static enum status
prove_size(struct job *j)
{
    struct solver_answer answer = {.match = j->spare};
    const struct solver_task task = {
        .h = j->h,
        .at_least = j->r->size + 1,
        .at_most = j->r->size_bound,
        .seconds = seconds_left(j),
    };
    enum status st = solver_run(&task, &answer);
    if (st < 0) {
        return st;
    }
    if (answer.found && hrt_size(j->h, j->spare) > j->r->size) {
        memcpy(j->r->match, j->spare, j->h->mentees * sizeof(*j->spare));
        j->r->size = hrt_size(j->h, j->spare);
    }
    if (answer.outcome != SOLVER_UNKNOWN) {
        j->r->size_bound = j->r->size;
    } else if (answer.bound < (int64_t)j->r->size_bound
               && answer.bound >= (int64_t)j->r->size) {
        j->r->size_bound = (uint32_t)answer.bound;
    }
    return st;
}

/* Without stability no matching weighs more; known only where the largest
 * matching is no larger than the stable one. */
static enum status
bound_weight(struct job *j)
{
    enum status st = mincost_run(j->h, j->spare);
    j->r->weight_bound = INT64_MAX;
    if (st >= 0 && hrt_size(j->h, j->spare) == j->r->size) {
        j->r->weight_bound = hrt_weight(j->h, j->spare);
    }
    return st;
}

static enum status
search_weight(struct job *j)
{
    const struct tiesearch weight = {
        .steps = steps(j, STEPS_FOR_WEIGHT),
        .size_bound = j->r->size,
        .by_weight = true,
        .weight_bound = j->r->weight_bound,
    };
    return tiesearch_run(j->h, &weight, &j->draw, j->r->match);
}

static enum status
prove_weight(struct job *j)
{
    const int64_t before = hrt_weight(j->h, j->r->match);
    struct solver_answer answer = {.match = j->spare};
    const struct solver_task task = {
        .h = j->h,
        .at_least = j->r->size,
        .at_most = j->r->size,
        .by_weight = true,
        .weight_above = before,
        .seconds = seconds_left(j),
    };
    enum status st = solver_run(&task, &answer);
    if (st < 0) {
        return st;
    }
    if (answer.found && hrt_size(j->h, j->spare) == j->r->size
        && hrt_weight(j->h, j->spare) > before) {
        memcpy(j->r->match, j->spare, j->h->mentees * sizeof(*j->spare));
    }
    const int64_t reached = hrt_weight(j->h, j->r->match);
    if (answer.outcome != SOLVER_UNKNOWN) {
        j->r->weight_bound = reached;
    } else if (answer.bound >= reached && answer.bound < j->r->weight_bound) {
        j->r->weight_bound = answer.bound;
    }
    return st;
}

static enum status
best_size(struct job *j)
{
    enum status st = start_large(j);
    if (st < 0 || j->r->size == j->r->size_bound) {
        return st;
    }
    const bool asks = may_ask_solver(j);
    st = search_size(j, asks ? STEPS_BEFORE_SOLVER : STEPS_ALONE);
    if (st >= 0 && asks && j->r->size < j->r->size_bound) {
        st = prove_size(j);
        if (st >= 0 && j->r->size < j->r->size_bound) {
            st = search_size(j, STEPS_ALONE);
        }
    }
    return st;
}

static enum status
best_weight(struct job *j)
{
    enum status st = bound_weight(j);
    if (st < 0) {
        return st;
    }
    if (hrt_weight(j->h, j->r->match) < j->r->weight_bound) {
        st = search_weight(j);
    }
    if (st >= 0 && j->options->best_weight
        && hrt_weight(j->h, j->r->match) < j->r->weight_bound
        && may_ask_solver(j)) {
        st = prove_weight(j);
    }
    return st;
}

/* ---- groups that open with a minimum ---- */

/* The people of h without the closed mentors, where nobody has a minimum. */
static enum status
open_part(const struct job *j, struct hrt *out)
{
    const struct hrt *h = j->h;
    struct hrt_choice c = {.mentees = h->mentees, .mentors = h->mentors};
    enum status st = STATUS_E_NOMEM;
    const size_t people = (size_t)h->mentees + h->mentors;
    uint32_t *everybody = calloc(people + 1, sizeof(*everybody));
    unsigned char *keep = calloc((size_t)h->pairs + 1, 1);
    c.local_mentor = calloc((size_t)h->mentors + 1, sizeof(uint32_t));
    if (!everybody || !keep || !c.local_mentor) {
        goto out;
    }
    for (uint32_t i = 0; i < (uint32_t)people; i++) {
        everybody[i] = i < h->mentees ? i : i - h->mentees;
    }
    for (uint32_t i = 0; i < h->pairs; i++) {
        keep[i] = !j->r->closed[h->pair[i].mentor];
    }
    c.mentee = everybody;
    c.mentor = everybody + h->mentees;
    c.keep = keep;
    st = hrt_part(h, &c, out);
    for (uint32_t m = 0; st >= 0 && m < h->mentors; m++) {
        out->minimum[m] = 0;
    }
out:
    free(everybody);
    free(keep);
    free(c.local_mentor);
    return st;
}

/* The open mentor furthest below her minimum, or HRT_NONE. */
static uint32_t
too_small(const struct job *j, const uint32_t *load)
{
    uint32_t worst = HRT_NONE;
    uint32_t gap = 0;
    for (uint32_t m = 0; m < j->h->mentors; m++) {
        const uint32_t minimum = j->h->minimum[m];
        if (!j->r->closed[m] && load[m] < minimum && minimum - load[m] > gap) {
            gap = minimum - load[m];
            worst = m;
        }
    }
    return worst;
}

/* Close one too small group after the other until all that are open hold. */
static enum status
close_small_groups(struct job *j)
{
    uint32_t *load = calloc((size_t)j->h->mentors + 1, sizeof(*load));
    if (!load) {
        return STATUS_E_NOMEM;
    }
    enum status st = STATUS_OK;
    for (;;) {
        struct hrt part = {0};
        st = open_part(j, &part);
        if (st < 0) {
            break;
        }
        struct job inner = *j;
        inner.h = &part;
        st = start_large(&inner);
        if (st >= 0) {
            st = search_size(&inner, STEPS_BEFORE_SOLVER);
        }
        for (uint32_t e = 0; st >= 0 && e < part.mentees; e++) {
            const uint32_t pair = j->r->match[e];
            j->r->match[e] = pair == HRT_NONE ? pair : part.pair_row[pair];
        }
        hrt_deinit(&part);
        if (st < 0) {
            break;
        }
        hrt_load(j->h, j->r->match, load);
        const uint32_t m = too_small(j, load);
        if (m == HRT_NONE) {
            break;
        }
        j->r->closed[m] = 1;
    }
    free(load);
    return st;
}

static void
mark_closed(struct job *j)
{
    memset(j->r->closed, 1, j->h->mentors);
    for (uint32_t m = 0; m < j->h->mentors; m++) {
        j->r->closed[m] = j->h->minimum[m] > 0;
    }
    for (uint32_t e = 0; e < j->h->mentees; e++) {
        if (j->r->match[e] != HRT_NONE) {
            j->r->closed[j->h->pair[j->r->match[e]].mentor] = 0;
        }
    }
}

static enum status
solve_closable(struct job *j)
{
    enum status st = close_small_groups(j);
    if (st >= 0 && j->r->size < j->r->size_bound && may_ask_solver(j)) {
        st = prove_size(j);
    }
    if (st >= 0 && may_ask_solver(j)) {
        j->r->weight_bound = INT64_MAX;
        st = prove_weight(j);
    }
    mark_closed(j);
    return st;
}

enum status
component_solve(const struct hrt *h, const struct component_options *options,
                struct component_result *result)
{
    struct job j = {
        .h = h,
        .options = options,
        .r = result,
        .draw = {options->seed},
    };
    result->weight_bound = INT64_MAX;
    j.spare = calloc((size_t)h->mentees + 1, sizeof(*j.spare));
    if (!j.spare) {
        return STATUS_E_NOMEM;
    }
    memset(result->closed, 0, h->mentors);
    for (uint32_t m = 0; m < h->mentors; m++) {
        j.closable = j.closable || h->minimum[m] > 0;
    }
    enum status st = bound_size(&j);
    if (st < 0 || options->bound_only) {
        goto out;
    }
    if (j.closable) {
        st = solve_closable(&j);
        goto out;
    }
    st = best_size(&j);
    if (st >= 0) {
        st = best_weight(&j);
    }
out:
    free(j.spare);
    return st;
}
