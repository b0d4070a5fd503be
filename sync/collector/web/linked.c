#include "collector/web/linked.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/scales.h"

#define COLUMNS_MAX 256

/* One person in one wave. */
struct person {
    const char *code;
    const double *value; /* of each question; NAN: no answer */
};

struct crowd {
    struct person *person; /* by code, once all are there */
    size_t count;
};

struct linked {
    size_t questions;
    struct crowd side[2];
};

struct reading {
    struct arena *arena;
    const struct linked_side *side;
    size_t questions;
    struct crowd *crowd;
    size_t room;
};

size_t
linked_code(const struct catalogue_form *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        if (form->field[i].count == CATALOGUE_COUNT_CODE) {
            return i;
        }
    }
    return SIZE_MAX;
}

static enum status
take(void *self, const char *const *cell, size_t count)
{
    struct reading *r = self;
    double *value = arena_array(r->arena, count, sizeof(*value));
    if (!value || r->crowd->count == r->room) {
        return STATUS_E_LIMIT;
    }
    for (size_t q = 0; q < r->questions; q++) {
        if (!scales_value(r->side->form, r->side->field[q], cell[q + 1],
                          &value[q])) {
            value[q] = NAN;
        }
    }
    const char *code = cell[0] ? arena_strdup(r->arena, cell[0]) : "";
    r->crowd->person[r->crowd->count++] = (struct person){code, value};
    return code ? STATUS_OK : STATUS_E_LIMIT;
}

static int
by_code(const void *a, const void *b)
{
    const struct person *x = a;
    const struct person *y = b;
    return strcmp(x->code, y->code);
}

static enum status
read_side(struct store *reader, struct arena *arena,
          const struct linked_side *side, size_t questions, struct crowd *out)
{
    uint32_t field[COLUMNS_MAX + 1];
    size_t rows = (size_t)side->wave->answers;
    struct reading r = {arena, side, questions, out, rows};
    out->person = arena_array(arena, rows + 1, sizeof(*out->person));
    if (!out->person) {
        return STATUS_E_LIMIT;
    }
    field[0] = (uint32_t)linked_code(side->form);
    for (size_t q = 0; q < questions; q++) {
        field[q + 1] = (uint32_t)side->field[q];
    }
    enum status st = store_answers_each(reader, side->wave->id, field,
                                        questions + 1, take, &r);
    qsort(out->person, out->count, sizeof(*out->person), by_code);
    return st;
}

enum status
linked_open(struct store *reader, struct arena *arena,
            const struct linked_side side[2], size_t questions,
            struct linked **out)
{
    *out = NULL;
    for (size_t s = 0; s < 2; s++) {
        if (linked_code(side[s].form) == SIZE_MAX || questions > COLUMNS_MAX
            || side[s].wave->answers > LINKED_ROWS_MAX
            || (size_t)side[s].wave->answers * (questions + 1)
                   > LINKED_CELLS_MAX) {
            return STATUS_OK;
        }
    }
    struct linked *l = arena_alloc(arena, sizeof(*l));
    if (!l) {
        return STATUS_E_LIMIT;
    }
    l->questions = questions;
    enum status st = read_side(reader, arena, &side[0], questions, &l->side[0]);
    if (st == STATUS_OK) {
        st = read_side(reader, arena, &side[1], questions, &l->side[1]);
    }
    *out = st == STATUS_OK ? l : NULL;
    return st;
}

/* How many persons from `at` on have the same code. */
static size_t
run_of(const struct crowd *c, size_t at)
{
    size_t n = 1;
    while (at + n < c->count
           && strcmp(c->person[at].code, c->person[at + n].code) == 0) {
        n++;
    }
    return n;
}

static int
by_value(const void *a, const void *b)
{
    const struct tally_value *x = a;
    const struct tally_value *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Sorted values, each with the number of times it stands there. */
static size_t
merge(struct tally_value *v, size_t count)
{
    qsort(v, count, sizeof(*v), by_value);
    size_t to = 0;
    for (size_t i = 1; i < count; i++) {
        if (v[i].value <= v[to].value) {
            v[to].count += v[i].count;
        } else {
            v[++to] = v[i];
        }
    }
    return count > 0 ? to + 1 : 0;
}

enum status
linked_differences(const struct linked *l, struct arena *arena, size_t question,
                   struct linked_differences *out)
{
    const struct crowd *a = &l->side[0];
    const struct crowd *b = &l->side[1];
    *out = (struct linked_differences){.matched = 0};
    struct tally_value *value =
        arena_array(arena, a->count + 1, sizeof(*value));
    if (!value) {
        return STATUS_E_LIMIT;
    }
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < l->side[s].count; i++) {
            out->n[s] += isnan(l->side[s].person[i].value[question]) ? 0 : 1;
        }
    }
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        size_t run_a = run_of(a, i);
        size_t run_b = run_of(b, j);
        int order = strcmp(a->person[i].code, b->person[j].code);
        double before = a->person[i].value[question];
        double after = b->person[j].value[question];
        if (order == 0 && run_a == 1 && run_b == 1 && *a->person[i].code
            && !isnan(before) && !isnan(after)) {
            value[out->matched++] = (struct tally_value){after - before, 1};
        }
        i += order <= 0 ? run_a : 0;
        j += order >= 0 ? run_b : 0;
    }
    out->tally.value = value;
    out->tally.count = merge(value, (size_t)out->matched);
    return STATUS_OK;
}
