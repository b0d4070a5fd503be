#include "attack.h"

#include <math.h>
#include <stdlib.h>

#include "harness/harness.h"

#define EPS 1e-6

static bool
is_in(const bool *mask, size_t at)
{
    return !mask || mask[at];
}

/* The column of a stratum and a kind. */
static int
column(const struct attack *a, size_t stratum, size_t kind)
{
    return (int)(kind * a->strata + stratum) + 1;
}

void
attack_know(struct attack *a, const struct attack_set *set, uint32_t count)
{
    size_t most = a->strata * a->kinds + 1;
    int *index = calloc(most, sizeof(*index));
    double *one = calloc(most, sizeof(*one));
    int n = 0;
    assert_non_null(index);
    assert_non_null(one);
    for (size_t k = 0; k < a->kinds; k++) {
        for (size_t s = 0; s < a->strata; s++) {
            if (is_in(set->kind, k) && is_in(set->stratum, s)) {
                index[++n] = column(a, s, k);
                one[n] = 1.0;
            }
        }
    }
    if (n > 0) {
        int row = glp_add_rows(a->lp, 1);
        glp_set_mat_row(a->lp, row, n, index, one);
        glp_set_row_bnds(a->lp, row, GLP_FX, count, count);
    }
    free(index);
    free(one);
}

void
attack_open(struct attack *a, size_t strata, const uint32_t *size, size_t kinds,
            const uint32_t *of)
{
    *a = (struct attack){glp_create_prob(), strata, kinds, size, of};
    glp_add_cols(a->lp, (int)(strata * kinds));
    for (int c = 1; c <= (int)(strata * kinds); c++) {
        glp_set_col_bnds(a->lp, c, GLP_LO, 0.0, 0.0);
    }
    bool *one = calloc(strata + kinds, sizeof(*one));
    assert_non_null(one);
    for (size_t s = 0; s < strata; s++) {
        one[s] = true;
        attack_know(a, &(struct attack_set){one, NULL}, size[s]);
        one[s] = false;
    }
    for (size_t k = 0; k < kinds; k++) {
        one[k] = true;
        attack_know(a, &(struct attack_set){NULL, one}, of[k]);
        one[k] = false;
    }
    free(one);
}

void
attack_close(struct attack *a)
{
    glp_delete_prob(a->lp);
}

static double
extreme(struct attack *a, int direction)
{
    glp_set_obj_dir(a->lp, direction);
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    assert_int_equal(glp_simplex(a->lp, &options), 0);
    assert_int_equal(glp_get_status(a->lp), GLP_OPT);
    return glp_get_obj_val(a->lp);
}

struct attack_range
attack_infer(struct attack *a, const struct attack_set *set)
{
    for (size_t k = 0; k < a->kinds; k++) {
        for (size_t s = 0; s < a->strata; s++) {
            bool in = is_in(set->kind, k) && is_in(set->stratum, s);
            glp_set_obj_coef(a->lp, column(a, s, k), in ? 1.0 : 0.0);
        }
    }
    double low = extreme(a, GLP_MIN);
    return (struct attack_range){low, extreme(a, GLP_MAX)};
}

struct attack_range
attack_before(const struct attack *a, const struct attack_set *set)
{
    double all = 0.0;
    double people = 0.0;
    double with = 0.0;
    for (size_t s = 0; s < a->strata; s++) {
        all += a->size[s];
        people += is_in(set->stratum, s) ? a->size[s] : 0.0;
    }
    for (size_t k = 0; k < a->kinds; k++) {
        with += is_in(set->kind, k) ? a->of[k] : 0.0;
    }
    return (struct attack_range){fmax(0.0, people + with - all),
                                 fmin(people, with)};
}

bool
attack_recovers(struct attack *a, const struct attack_set *set, uint32_t truth)
{
    struct attack_range now = attack_infer(a, set);
    struct attack_range before = attack_before(a, set);
    /* What was published is true: else the attack itself is wrong. */
    assert_true(now.low <= truth + EPS && now.high >= truth - EPS);
    bool pinned = now.low > truth - 2.0 + EPS && now.high < truth + 2.0 - EPS;
    bool learned = now.low > before.low + EPS || now.high < before.high - EPS;
    return pinned && learned;
}
