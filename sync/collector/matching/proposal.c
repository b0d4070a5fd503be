#include "collector/matching/proposal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/matching/component.h"
#include "collector/matching/deferred.h"
#include "collector/matching/mincost.h"

static const char *const objective_name[PROPOSAL_OBJECTIVE_COUNT] = {
    [PROPOSAL_MAX_SCORE] = "max-score",
    [PROPOSAL_MAX_SIZE] = "max-size",
    [PROPOSAL_MENTEE_OPTIMAL] = "mentee-optimal",
    [PROPOSAL_MENTOR_OPTIMAL] = "mentor-optimal",
    [PROPOSAL_FLOW] = "flow",
};

const char *
proposal_objective_name(enum proposal_objective objective)
{
    return objective_name[objective];
}

enum status
proposal_objective_from_name(const char *name,
                             enum proposal_objective *out_objective)
{
    for (int i = 0; i < PROPOSAL_OBJECTIVE_COUNT; i++) {
        if (strcmp(name, objective_name[i]) == 0) {
            *out_objective = (enum proposal_objective)i;
            return STATUS_OK;
        }
    }
    return STATUS_E_INVALID;
}

/* ---- connected components ---- */

/* People of all components, those of one standing together. Mentee e is person
 * e, mentor m person mentees + m. */
struct split {
    uint32_t *component; /* by person; HRT_NONE: no pair is left */
    uint32_t count;
    uint32_t *mentee_first; /* by component */
    uint32_t *mentor_first;
    uint32_t *mentee; /* by component, then number */
    uint32_t *mentor;
};

static void
flood(const struct proposal *x, struct split *s, uint32_t *queue,
      uint32_t start)
{
    const struct hrt *h = &x->h;
    uint32_t head = 0;
    uint32_t tail = 0;
    queue[tail++] = start;
    s->component[start] = s->count;
    while (head < tail) {
        const uint32_t person = queue[head++];
        const bool is_mentee = person < h->mentees;
        const uint32_t m = is_mentee ? 0 : person - h->mentees;
        const uint32_t first =
            is_mentee ? h->mentee_first[person] : h->mentor_first[m];
        const uint32_t end =
            is_mentee ? h->mentee_first[person + 1] : h->mentor_first[m + 1];
        for (uint32_t k = first; k < end; k++) {
            const uint32_t i = is_mentee ? k : h->by_mentor[k];
            const uint32_t other =
                is_mentee ? h->mentees + h->pair[i].mentor : h->pair[i].mentee;
            if (x->reduction.keep[i] && s->component[other] == HRT_NONE) {
                s->component[other] = s->count;
                queue[tail++] = other;
            }
        }
    }
    s->count++;
}

/* Sort people by component, keeping their order inside: counting sort. */
static void
gather(const uint32_t *component, uint32_t people, uint32_t count,
       uint32_t *first, uint32_t *out)
{
    memset(first, 0, ((size_t)count + 2) * sizeof(*first));
    for (uint32_t i = 0; i < people; i++) {
        if (component[i] != HRT_NONE) {
            first[component[i] + 2]++;
        }
    }
    for (uint32_t c = 0; c < count; c++) {
        first[c + 2] += first[c + 1];
    }
    for (uint32_t i = 0; i < people; i++) {
        if (component[i] != HRT_NONE) {
            out[first[component[i] + 1]++] = i;
        }
    }
}

static void
split_deinit(struct split *s)
{
    free(s->component);
    free(s->mentee_first);
    free(s->mentor_first);
    free(s->mentee);
    free(s->mentor);
}

static enum status
split_init(const struct proposal *x, struct split *s)
{
    const struct hrt *h = &x->h;
    const size_t people = (size_t)h->mentees + h->mentors + 1;
    uint32_t *queue = calloc(people, sizeof(*queue));
    enum status st = STATUS_OK;
    s->component = malloc(people * sizeof(*s->component));
    s->mentee = calloc(people, sizeof(*s->mentee));
    s->mentor = calloc(people, sizeof(*s->mentor));
    if (!queue || !s->component || !s->mentee || !s->mentor) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    memset(s->component, 0xff, people * sizeof(*s->component));
    for (uint32_t i = 0; i < h->pairs; i++) {
        if (x->reduction.keep[i]
            && s->component[h->pair[i].mentee] == HRT_NONE) {
            flood(x, s, queue, h->pair[i].mentee);
        }
    }
    s->mentee_first = calloc((size_t)s->count + 2, sizeof(uint32_t));
    s->mentor_first = calloc((size_t)s->count + 2, sizeof(uint32_t));
    if (!s->mentee_first || !s->mentor_first) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    gather(s->component, h->mentees, s->count, s->mentee_first, s->mentee);
    gather(s->component + h->mentees, h->mentors, s->count, s->mentor_first,
           s->mentor);
out:
    free(queue);
    return st;
}

/* ---- workers ---- */

/* Components are handed out one by one; each worker writes only to people of
 * its own component. `lock` guards what stands below it. */
struct crew {
    const struct proposal_options *options;
    struct proposal *x;
    const struct split *split;
    int64_t deadline_ms;
    pthread_mutex_t lock;
    uint32_t next;
    uint32_t size_bound;
    int64_t score_bound;
    enum status status;
};

static void
copy_back(struct crew *crew, const struct hrt *part,
          const struct component_result *r)
{
    struct proposal *x = crew->x;
    for (uint32_t e = 0; e < part->mentees; e++) {
        const uint32_t whole = part->mentee_row[e];
        x->cover.mentee[whole] = r->mentee_cover[e];
        if (r->match[e] != HRT_NONE) {
            x->match[whole] = part->pair_row[r->match[e]];
        }
    }
    for (uint32_t m = 0; m < part->mentors; m++) {
        x->cover.mentor[part->mentor_row[m]] = r->mentor_cover[m];
        x->closed_number[part->mentor_row[m]] = r->closed[m];
    }
}

static void
add_bounds(struct crew *crew, const struct hrt *part,
           const struct component_result *r)
{
    pthread_mutex_lock(&crew->lock);
    crew->size_bound += r->size_bound;
    crew->x->cover.bound += r->cover_bound;
    if (r->weight_bound == INT64_MAX || crew->score_bound == INT64_MAX) {
        crew->score_bound = INT64_MAX;
    } else {
        crew->score_bound += r->weight_bound;
    }
    pthread_mutex_unlock(&crew->lock);
    copy_back(crew, part, r);
}

struct worker {
    struct crew *crew;
    uint32_t *local_mentor; /* see hrt_part() */
};

static enum status
solve_one(const struct worker *worker, uint32_t component)
{
    struct crew *crew = worker->crew;
    const struct split *s = crew->split;
    const enum proposal_objective objective = crew->options->objective;
    const struct hrt_choice choice = {
        .mentee = s->mentee + s->mentee_first[component],
        .mentees = s->mentee_first[component + 1] - s->mentee_first[component],
        .mentor = s->mentor + s->mentor_first[component],
        .mentors = s->mentor_first[component + 1] - s->mentor_first[component],
        .keep = crew->x->reduction.keep,
        .local_mentor = worker->local_mentor,
    };
    const struct component_options options = {
        .seed = crew->options->seed,
        .best_weight = objective == PROPOSAL_MAX_SCORE,
        .bound_only =
            objective != PROPOSAL_MAX_SCORE && objective != PROPOSAL_MAX_SIZE,
        .use_solver = crew->options->use_solver,
        .steps = crew->options->steps,
        .clock = clock_system(),
        .deadline_ms = crew->deadline_ms,
    };
    struct component_result r = {0};
    struct hrt part = {0};
    enum status st = hrt_part(&crew->x->h, &choice, &part);
    if (st < 0) {
        return st;
    }
    const size_t e = (size_t)part.mentees + 1;
    const size_t m = (size_t)part.mentors + 1;
    r.match = arena_array(&part.mem, e, sizeof(*r.match));
    r.mentee_cover = arena_array(&part.mem, e, 1);
    r.mentor_cover = arena_array(&part.mem, m, 1);
    r.closed = arena_array(&part.mem, m, 1);
    if (!r.match || !r.mentee_cover || !r.mentor_cover || !r.closed) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    memset(r.match, 0xff, e * sizeof(*r.match));
    st = component_solve(&part, &options, &r);
    if (st >= 0) {
        add_bounds(crew, &part, &r);
    }
out:
    hrt_deinit(&part);
    return st;
}

static void *
work(void *arg)
{
    struct crew *crew = arg;
    const struct hrt *h = &crew->x->h;
    const struct worker worker = {
        crew, calloc((size_t)h->mentors + 1, sizeof(uint32_t))};
    enum status st = worker.local_mentor ? STATUS_OK : STATUS_E_NOMEM;
    for (;;) {
        pthread_mutex_lock(&crew->lock);
        if (st < 0) {
            crew->status = st;
        }
        const uint32_t mine = crew->next;
        const bool done = crew->status < 0 || crew->next == crew->split->count;
        crew->next += !done;
        pthread_mutex_unlock(&crew->lock);
        if (done) {
            break;
        }
        st = solve_one(&worker, mine);
    }
    free(worker.local_mentor);
    return NULL;
}

/* All components, by as many threads as help. */
static enum status
solve_components(const struct proposal_options *options, struct proposal *x)
{
    struct split split = {0};
    struct crew crew = {.options = options, .x = x, .split = &split};
    pthread_t thread[PROPOSAL_MAX_THREADS];
    unsigned started = 0;
    crew.deadline_ms =
        clock_mono_ms(clock_system()) + (int64_t)(options->seconds * 1000);
    enum status st = split_init(x, &split);
    if (st < 0) {
        goto out;
    }
    pthread_mutex_init(&crew.lock, NULL);
    while (started + 1 < options->threads && started + 1 < split.count
           && started < PROPOSAL_MAX_THREADS
           && pthread_create(&thread[started], NULL, work, &crew) == 0) {
        started++;
    }
    work(&crew);
    while (started > 0) {
        pthread_join(thread[--started], NULL);
    }
    pthread_mutex_destroy(&crew.lock);
    st = crew.status;
    x->components = split.count;
    x->size_bound = crew.size_bound;
    x->score_bound = crew.score_bound;
out:
    split_deinit(&split);
    return st;
}

/* ---- the whole ---- */

static enum status
reserve(struct proposal *x)
{
    const size_t e = (size_t)x->h.mentees + 1;
    const size_t m = (size_t)x->h.mentors + 1;
    struct arena *a = &x->h.mem;
    x->mentor_of = arena_array(a, e, sizeof(*x->mentor_of));
    x->match = arena_array(a, e, sizeof(*x->match));
    x->closed = arena_array(a, m, 1);
    x->closed_number = arena_array(a, m, 1);
    x->cover.mentee = arena_array(a, e, 1);
    x->cover.mentor = arena_array(a, m, 1);
    if (!x->mentor_of || !x->match || !x->closed || !x->closed_number
        || !x->cover.mentee || !x->cover.mentor) {
        return STATUS_E_NOMEM;
    }
    memset(x->match, 0xff, e * sizeof(*x->match));
    return STATUS_OK;
}

static int64_t
score_of(const struct preferences *p, uint32_t mentee, uint32_t mentor)
{
    const struct preferences_scores *s = &p->scores[mentor];
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->score[i].who == mentee) {
            return s->score[i].score;
        }
    }
    return 0;
}

/* From numbers to rows, with the forced pairs. */
static void
write_rows(const struct preferences *p, struct proposal *x)
{
    const struct hrt *h = &x->h;
    for (uint32_t e = 0; e < h->mentees; e++) {
        const uint32_t i = x->match[e];
        x->mentor_of[h->mentee_row[e]] = i == HRT_NONE
                                             ? PREFERENCES_NOBODY
                                             : h->mentor_row[h->pair[i].mentor];
    }
    for (uint32_t m = 0; m < h->mentors; m++) {
        x->closed[h->mentor_row[m]] = x->closed_number[m];
    }
    for (uint32_t i = 0; i < p->forced_count; i++) {
        x->mentor_of[p->forced[i].mentee] = p->forced[i].mentor;
    }
    for (uint32_t e = 0; e < p->mentees; e++) {
        const uint32_t m = x->mentor_of[e];
        if (m == PREFERENCES_NOBODY) {
            continue;
        }
        x->size++;
        x->score += score_of(p, e, m);
        x->kept += p->previous && p->previous[e] == m;
    }
}

static void
judge(const struct preferences *p, const struct proposal_options *options,
      struct proposal *x)
{
    const int64_t weight = hrt_weight(&x->h, x->match);
    x->size_bound += p->forced_count;
    x->cover.bound += p->forced_count;
    const bool largest = x->size == x->size_bound;
    const bool heaviest = x->score_bound == weight;
    /* The bound counts the bonus for staying; as a score it is only known
     * where it is reached or there is no bonus. */
    if (x->score_bound != INT64_MAX) {
        x->score_bound = heaviest      ? x->score
                         : p->previous ? INT64_MAX
                                       : x->score_bound + x->score - weight;
    }
    switch (options->objective) {
    case PROPOSAL_MAX_SIZE:
        x->optimal = largest;
        break;
    case PROPOSAL_MAX_SCORE:
        x->optimal = largest && heaviest;
        break;
    case PROPOSAL_FLOW:
        x->size_bound = x->size;
        x->score_bound = x->score;
        x->optimal = true;
        break;
    case PROPOSAL_MENTEE_OPTIMAL:
    case PROPOSAL_MENTOR_OPTIMAL:
    case PROPOSAL_OBJECTIVE_COUNT:
        x->optimal = true;
        x->score_bound = INT64_MAX;
        break;
    }
}

enum status
proposal_make(const struct preferences *p,
              const struct proposal_options *options, struct proposal *out)
{
    *out = (struct proposal){0};
    enum status st = hrt_build(p, options->seed, &out->h);
    if (st < 0) {
        goto out;
    }
    st = reserve(out);
    if (st < 0) {
        goto out;
    }
    st = reduction_run(&out->h, &out->reduction);
    if (st < 0) {
        goto out;
    }
    st = solve_components(options, out);
    if (st < 0) {
        goto out;
    }
    if (options->objective == PROPOSAL_MENTEE_OPTIMAL) {
        st = deferred_by_mentees(&out->h, out->match);
    } else if (options->objective == PROPOSAL_MENTOR_OPTIMAL) {
        st = deferred_by_mentors(&out->h, out->match);
    } else if (options->objective == PROPOSAL_FLOW) {
        st = mincost_run(&out->h, out->match);
    }
    if (st < 0) {
        goto out;
    }
    write_rows(p, out);
    judge(p, options, out);
out:
    if (st < 0) {
        proposal_deinit(out);
    }
    return st;
}

void
proposal_deinit(struct proposal *x)
{
    reduction_deinit(&x->reduction);
    hrt_deinit(&x->h);
    *x = (struct proposal){0};
}
