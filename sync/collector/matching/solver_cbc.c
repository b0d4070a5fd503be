#include "collector/matching/solver.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <coin/Cbc_C_Interface.h>

#include "base/clock.h"
#include "base/log.h"

/* How much longer than its limit CBC may take to stop. */
#define GRACE_MS 2000

/* The matrix by rows while it grows; CBC wants it by columns. */
struct model {
    const struct hrt *h;
    uint32_t columns;
    uint32_t rows;
    size_t cells;
    size_t cells_max;
    uint32_t rows_max;
    int *row_of;
    int *column_of;
    double *value;
    double *row_low;
    double *row_high;
    uint32_t *open; /* by mentor: column of "open", or HRT_NONE */
};

const char *
solver_name(void)
{
    return "CBC";
}

static bool
put(struct model *m, uint32_t column, double value)
{
    if (m->cells == m->cells_max) {
        const size_t max = m->cells_max * 2 + 1024;
        int *row_of = realloc(m->row_of, max * sizeof(*row_of));
        m->row_of = row_of ? row_of : m->row_of;
        int *column_of = realloc(m->column_of, max * sizeof(*column_of));
        m->column_of = column_of ? column_of : m->column_of;
        double *values = realloc(m->value, max * sizeof(*values));
        m->value = values ? values : m->value;
        if (!row_of || !column_of || !values) {
            return false;
        }
        m->cells_max = max;
    }
    m->row_of[m->cells] = (int)m->rows;
    m->column_of[m->cells] = (int)column;
    m->value[m->cells++] = value;
    return true;
}

static void
end_row(struct model *m, double low, double high)
{
    m->row_low[m->rows] = low;
    m->row_high[m->rows++] = high;
}

/* At most one mentor a mentee. */
static bool
mentee_rows(struct model *m)
{
    const struct hrt *h = m->h;
    bool ok = true;
    for (uint32_t e = 0; e < h->mentees; e++) {
        for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
            ok = ok && put(m, i, 1);
        }
        end_row(m, 0, 1);
    }
    return ok;
}

/* No more than the places; in a group with a minimum all or nothing. */
static bool
mentor_rows(struct model *m)
{
    const struct hrt *h = m->h;
    bool ok = true;
    for (uint32_t t = 0; t < h->mentors; t++) {
        const uint32_t first = h->mentor_first[t];
        const uint32_t end = h->mentor_first[t + 1];
        const double places = h->capacity[t];
        for (uint32_t k = first; k < end; k++) {
            ok = ok && put(m, h->by_mentor[k], 1);
        }
        if (m->open[t] == HRT_NONE) {
            end_row(m, 0, places);
            continue;
        }
        ok = ok && put(m, m->open[t], -places);
        end_row(m, -places, 0);
        for (uint32_t k = first; k < end; k++) {
            ok = ok && put(m, h->by_mentor[k], 1);
        }
        ok = ok && put(m, m->open[t], -(double)h->minimum[t]);
        end_row(m, 0, places);
    }
    return ok;
}

/* No pair would rather be together. */
static bool
stability_rows(struct model *m)
{
    const struct hrt *h = m->h;
    bool ok = true;
    for (uint32_t i = 0; i < h->pairs && ok; i++) {
        const struct hrt_pair *p = &h->pair[i];
        const double places = h->capacity[p->mentor];
        for (uint32_t k = h->mentee_first[p->mentee];
             k < h->mentee_first[p->mentee + 1]
             && h->pair[k].rank_by_mentee <= p->rank_by_mentee;
             k++) {
            ok = ok && put(m, k, places);
        }
        for (uint32_t k = h->mentor_first[p->mentor];
             k < h->mentor_first[p->mentor + 1]; k++) {
            const uint32_t other = h->by_mentor[k];
            if (h->pair[other].rank_by_mentor > p->rank_by_mentor) {
                break;
            }
            ok = ok && (other == i || put(m, other, 1));
        }
        if (m->open[p->mentor] != HRT_NONE) {
            ok = ok && put(m, m->open[p->mentor], -places);
            end_row(m, 0, DBL_MAX);
        } else {
            end_row(m, places, DBL_MAX);
        }
    }
    return ok;
}

static bool
goal_rows(struct model *m, const struct solver_task *task)
{
    bool ok = true;
    for (uint32_t i = 0; i < m->h->pairs; i++) {
        ok = ok && put(m, i, 1);
    }
    end_row(m, task->at_least, task->at_most);
    if (task->by_weight) {
        for (uint32_t i = 0; i < m->h->pairs; i++) {
            ok = ok && put(m, i, (double)m->h->weight[i]);
        }
        end_row(m, (double)task->weight_above + 1, DBL_MAX);
    }
    return ok;
}

static enum status
model_build(struct model *m, const struct solver_task *task)
{
    const struct hrt *h = m->h;
    m->rows_max = h->mentees + 2 * h->mentors + h->pairs + 2;
    m->row_low = calloc(m->rows_max, sizeof(*m->row_low));
    m->row_high = calloc(m->rows_max, sizeof(*m->row_high));
    m->open = calloc((size_t)h->mentors + 1, sizeof(*m->open));
    if (!m->row_low || !m->row_high || !m->open) {
        return STATUS_E_NOMEM;
    }
    m->columns = h->pairs;
    for (uint32_t t = 0; t < h->mentors; t++) {
        m->open[t] = h->minimum[t] > 0 ? m->columns++ : HRT_NONE;
    }
    if (!mentee_rows(m) || !mentor_rows(m) || !stability_rows(m)
        || !goal_rows(m, task)) {
        return STATUS_E_NOMEM;
    }
    return STATUS_OK;
}

static void
model_deinit(struct model *m)
{
    free(m->row_of);
    free(m->column_of);
    free(m->value);
    free(m->row_low);
    free(m->row_high);
    free(m->open);
}

/* By columns, into CBC. */
static enum status
model_load(const struct model *m, const struct solver_task *task,
           Cbc_Model *cbc)
{
    const size_t n = m->columns;
    CoinBigIndex *start = calloc(n + 2, sizeof(*start));
    int *index = calloc(m->cells + 1, sizeof(*index));
    double *value = calloc(m->cells + 1, sizeof(*value));
    double *low = calloc(n + 1, sizeof(*low));
    double *high = calloc(n + 1, sizeof(*high));
    double *gain = calloc(n + 1, sizeof(*gain));
    enum status st = STATUS_OK;
    if (!start || !index || !value || !low || !high || !gain) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (size_t c = 0; c < m->cells; c++) {
        start[m->column_of[c] + 2]++;
    }
    for (size_t i = 0; i < n; i++) {
        start[i + 1] += start[i];
        high[i] = 1;
        if (i < m->h->pairs) {
            gain[i] = task->by_weight ? (double)m->h->weight[i] : 1;
        }
    }
    start[n + 1] += start[n];
    for (size_t c = 0; c < m->cells; c++) {
        const CoinBigIndex at = start[m->column_of[c] + 1]++;
        index[at] = m->row_of[c];
        value[at] = m->value[c];
    }
    Cbc_loadProblem(cbc, (int)n, (int)m->rows, start, index, value, low, high,
                    gain, m->row_low, m->row_high);
    Cbc_setObjSense(cbc, -1);
    for (size_t i = 0; i < n; i++) {
        Cbc_setInteger(cbc, (int)i);
    }
out:
    free(start);
    free(index);
    free(value);
    free(low);
    free(high);
    free(gain);
    return st;
}

static void
read_answer(const struct hrt *h, Cbc_Model *cbc, struct solver_answer *answer)
{
    const double *solution = Cbc_bestSolution(cbc);
    answer->found = solution != NULL;
    for (uint32_t e = 0; solution && e < h->mentees; e++) {
        answer->match[e] = HRT_NONE;
    }
    for (uint32_t i = 0; solution && i < h->pairs; i++) {
        if (solution[i] > 0.5) {
            answer->match[h->pair[i].mentee] = i;
        }
    }
    if (Cbc_isProvenOptimal(cbc) && solution) {
        answer->outcome = SOLVER_OPTIMAL;
    } else if (Cbc_isProvenInfeasible(cbc)) {
        answer->outcome = SOLVER_INFEASIBLE;
    }
    const double bound = Cbc_getBestPossibleObjValue(cbc);
    if (answer->outcome != SOLVER_INFEASIBLE && bound > -1e15 && bound < 1e15) {
        answer->bound = (int64_t)(bound + (bound < 0 ? -1e-6 : 1e-6));
    }
}

/*
 * What is asked is nearly always impossible, for the search has found the best
 * already: heuristics for good solutions only delay the proof, and presolve
 * destroys more structure than it saves (a fifth of the mean time on kiosk
 * groups of 200, a tenth of the worst).
 */
static void
set_parameters(Cbc_Model *cbc, double seconds)
{
    char limit[400]; /* any double, as far as the compiler knows */
    (void)snprintf(limit, sizeof(limit), "%.3f", seconds);
    Cbc_setLogLevel(cbc, 0);
    Cbc_setParameter(cbc, "log", "0");
    Cbc_setParameter(cbc, "slog", "0");
    Cbc_setParameter(cbc, "timeMode", "elapsed");
    Cbc_setParameter(cbc, "sec", limit);
    Cbc_setParameter(cbc, "heuristicsOnOff", "off");
    Cbc_setParameter(cbc, "preprocess", "off");
    Cbc_setParameter(cbc, "gomory", "off");
}

static enum status
solve_here(const struct solver_task *task, struct solver_answer *answer)
{
    struct model m = {.h = task->h};
    Cbc_Model *cbc = NULL;
    enum status st = model_build(&m, task);
    if (st < 0) {
        goto out;
    }
    cbc = Cbc_newModel();
    if (!cbc) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    set_parameters(cbc, task->seconds);
    st = model_load(&m, task, cbc);
    if (st < 0) {
        goto out;
    }
    Cbc_solve(cbc);
    read_answer(task->h, cbc, answer);
out:
    if (cbc) {
        Cbc_deleteModel(cbc);
    }
    model_deinit(&m);
    return st;
}

/* ---- a process of its own ---- */

/* What the child sends: this, then the matching. */
struct report {
    enum solver_outcome outcome;
    bool found;
    int64_t bound;
};

static bool
write_all(int fd, const void *data, size_t len)
{
    const char *at = data;
    while (len > 0) {
        const ssize_t n = write(fd, at, len);
        if (n <= 0) {
            return false;
        }
        at += n;
        len -= (size_t)n;
    }
    return true;
}

/* Reads until `len` bytes are there; false at the deadline or the end. */
static bool
read_all(int fd, void *data, size_t len, int64_t deadline_ms)
{
    char *at = data;
    while (len > 0) {
        const int64_t left = deadline_ms - clock_mono_ms(clock_system());
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&ready, 1, (int)left) < 0) {
            return false;
        }
        if (ready.revents == 0) {
            continue;
        }
        const ssize_t n = read(fd, at, len);
        if (n <= 0) {
            return false;
        }
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static _Noreturn void
child(const struct solver_task *task, struct solver_answer *answer, int fd)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) {
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
    }
    if (solve_here(task, answer) < 0) {
        _exit(1);
    }
    struct report report;
    memset(&report, 0, sizeof(report)); /* padding goes through the pipe */
    report.outcome = answer->outcome;
    report.found = answer->found;
    report.bound = answer->bound;
    const bool sent =
        write_all(fd, &report, sizeof(report))
        && (!report.found
            || write_all(fd, answer->match,
                         task->h->mentees * sizeof(*answer->match)));
    _exit(sent ? 0 : 1);
}

static void
receive(const struct solver_task *task, struct solver_answer *answer, int fd)
{
    const int64_t deadline_ms = clock_mono_ms(clock_system())
                                + (int64_t)(task->seconds * 1000) + GRACE_MS;
    struct report report;
    if (!read_all(fd, &report, sizeof(report), deadline_ms)) {
        return;
    }
    if (report.found
        && !read_all(fd, answer->match,
                     task->h->mentees * sizeof(*answer->match), deadline_ms)) {
        return;
    }
    answer->outcome = report.outcome;
    answer->found = report.found;
    answer->bound = report.bound;
}

/*
 * CBC's interface keeps its options in static variables, overshoots its time
 * and ends the process on some faults. In a child it can do none of that to the
 * collector, and several run at once.
 */
enum status
solver_run(const struct solver_task *task, struct solver_answer *answer)
{
    int ends[2];
    answer->outcome = SOLVER_UNKNOWN;
    answer->found = false;
    answer->bound = INT64_MAX;
    if (pipe(ends) != 0) {
        return log_errno("solver", "pipe");
    }
    const pid_t pid = fork();
    if (pid == 0) {
        child(task, answer, ends[1]);
    }
    (void)close(ends[1]);
    enum status st = STATUS_OK;
    if (pid < 0) {
        st = log_errno("solver", "fork");
    } else {
        receive(task, answer, ends[0]);
        (void)kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    (void)close(ends[0]);
    return st;
}
