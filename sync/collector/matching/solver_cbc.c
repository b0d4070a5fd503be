#include "collector/matching/solver.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include <coin/Cbc_C_Interface.h>

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
size_row(struct model *m, const struct solver_task *task)
{
    bool ok = true;
    for (uint32_t i = 0; i < m->h->pairs; i++) {
        ok = ok && put(m, i, 1);
    }
    end_row(m, task->at_least, task->at_most);
    return ok;
}

static enum status
model_build(struct model *m, const struct solver_task *task)
{
    const struct hrt *h = m->h;
    m->rows_max = h->mentees + 2 * h->mentors + h->pairs + 1;
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
        || !size_row(m, task)) {
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

static enum status
hand_over_start(const struct model *m, const uint32_t *match, Cbc_Model *cbc)
{
    const struct hrt *h = m->h;
    int *column = calloc((size_t)m->columns + 1, sizeof(*column));
    double *value = calloc((size_t)m->columns + 1, sizeof(*value));
    if (!column || !value) {
        free(column);
        free(value);
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < m->columns; i++) {
        column[i] = (int)i;
    }
    for (uint32_t e = 0; e < h->mentees; e++) {
        if (match[e] != HRT_NONE) {
            const uint32_t open = m->open[h->pair[match[e]].mentor];
            value[match[e]] = 1;
            if (open != HRT_NONE) {
                value[open] = 1;
            }
        }
    }
    Cbc_setMIPStartI(cbc, (int)m->columns, column, value);
    free(column);
    free(value);
    return STATUS_OK;
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

enum status
solver_run(const struct solver_task *task, struct solver_answer *answer)
{
    struct model m = {.h = task->h};
    Cbc_Model *cbc = NULL;
    answer->outcome = SOLVER_UNKNOWN;
    answer->found = false;
    answer->bound = INT64_MAX;
    enum status st = model_build(&m, task);
    if (st < 0) {
        goto out;
    }
    cbc = Cbc_newModel();
    if (!cbc) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    char seconds[400]; /* any double, as far as the compiler knows */
    (void)snprintf(seconds, sizeof(seconds), "%.3f", task->seconds);
    Cbc_setLogLevel(cbc, 0);
    Cbc_setParameter(cbc, "log", "0");
    Cbc_setParameter(cbc, "slog", "0");
    Cbc_setParameter(cbc, "timeMode", "elapsed");
    Cbc_setParameter(cbc, "sec", seconds);
    st = model_load(&m, task, cbc);
    if (st < 0) {
        goto out;
    }
    if (task->start) {
        st = hand_over_start(&m, task->start, cbc);
        if (st < 0) {
            goto out;
        }
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
