#include "collector/ingest/answers.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/ingest/codes.h"
#include "collector/ingest/scales.h"
#include "collector/ingest/strata.h"

#define TALLY_START 64
#define TOKENS_MAX 512
#define DATE_CHARS 10

struct reading {
    const struct catalogue_form *form;
    struct arena *arena;
    struct answers *out;
    size_t tally_cap;
};

static enum status
add(struct reading *r, size_t field, enum store_tally_kind kind, int64_t item,
    int64_t n)
{
    struct answers *a = r->out;
    if (a->tally_count == r->tally_cap) {
        size_t cap = r->tally_cap ? r->tally_cap * 2 : TALLY_START;
        struct store_tally *grown = arena_array(r->arena, cap, sizeof(*grown));
        if (!grown) {
            return STATUS_E_LIMIT;
        }
        if (a->tally_count > 0) {
            memcpy(grown, a->tally, a->tally_count * sizeof(*grown));
        }
        a->tally = grown;
        r->tally_cap = cap;
    }
    a->tally[a->tally_count++] = (struct store_tally){
        .field = (uint32_t)field, .kind = kind, .item = item, .n = n};
    return STATUS_OK;
}

static enum status
count(struct reading *r, size_t field, enum store_tally_kind kind, int64_t item)
{
    return add(r, field, kind, item, 1);
}

/* Choices by position in the dictionary, in the order given; those that came
 * from outside the form are left out. */
static size_t
tokens(const struct catalogue_field *field, const char *value,
       uint32_t out[TOKENS_MAX])
{
    size_t n = 0;
    const char *at = value;
    while (*at && n < TOKENS_MAX) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        size_t choice = catalogue_choice_find(field, at, len);
        if (len > 0 && choice != SIZE_MAX) {
            out[n++] = (uint32_t)choice;
        }
        at += len;
    }
    return n;
}

static enum status
count_choices(struct reading *r, size_t field, const char *value)
{
    uint32_t choice[TOKENS_MAX];
    size_t n = tokens(&r->form->field[field], value, choice);
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = count(r, field, STORE_TALLY_CHOICE, choice[i]);
    }
    return st;
}

static enum status
count_rank(struct reading *r, size_t field, const char *value)
{
    uint32_t choice[TOKENS_MAX];
    size_t n = tokens(&r->form->field[field], value, choice);
    bool pairs = r->form->field[field].choice_count <= ANSWERS_PAIRS_MAX;
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n && i < 256; i++) {
        st = count(r, field, STORE_TALLY_PLACE,
                   (int64_t)choice[i] * 256 + (int64_t)i);
        for (size_t j = i + 1; pairs && st == STATUS_OK && j < n; j++) {
            st = count(r, field, STORE_TALLY_PAIR,
                       (int64_t)choice[i] * 65536 + choice[j]);
        }
    }
    /* Those left out stand below all that are named. */
    for (uint32_t o = 0; pairs && o < r->form->field[field].choice_count; o++) {
        bool named = false;
        for (size_t i = 0; i < n; i++) {
            named = named || choice[i] == o;
        }
        for (size_t i = 0; !named && st == STATUS_OK && i < n; i++) {
            st = count(r, field, STORE_TALLY_PAIR,
                       (int64_t)choice[i] * 65536 + o);
        }
    }
    return st;
}

static enum status
count_number(struct reading *r, size_t field, const char *value)
{
    char *end = NULL;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(number)
        || fabs(number) > (double)(INT64_MAX / STORE_NUMBER_UNIT) / 2) {
        return STATUS_OK; /* kept as a cell; no figure can be made of it */
    }
    const struct catalogue_field *f = &r->form->field[field];
    if (number < f->low || number > f->high) {
        return STATUS_E_INVALID; /* no client that shows the scale sends it */
    }
    return count(r, field, STORE_TALLY_NUMBER,
                 llround(number * STORE_NUMBER_UNIT));
}

static enum status
count_date(struct reading *r, size_t field, const char *value)
{
    if (strlen(value) < DATE_CHARS || value[4] != '-' || value[7] != '-') {
        return STATUS_OK;
    }
    int64_t day = day_number((struct day){(int)strtol(value, NULL, 10),
                                          (int)strtol(value + 5, NULL, 10),
                                          (int)strtol(value + 8, NULL, 10)});
    return count(r, field, STORE_TALLY_NUMBER, day * STORE_NUMBER_UNIT);
}

static enum status
count_value(struct reading *r, size_t field, const char *value)
{
    switch (r->form->field[field].count) {
    case CATALOGUE_COUNT_CHOICE:
    case CATALOGUE_COUNT_CHOICES:
        return count_choices(r, field, value);
    case CATALOGUE_COUNT_RANK:
        return count_rank(r, field, value);
    case CATALOGUE_COUNT_NUMBER:
        return count_number(r, field, value);
    case CATALOGUE_COUNT_DATE:
        return count_date(r, field, value);
    case CATALOGUE_COUNT_NOT:
    case CATALOGUE_COUNT_CODE:
    case CATALOGUE_COUNT_SKIP:
        break;
    }
    return STATUS_OK;
}

static const char *
join(struct arena *arena, const char *a, const char *b)
{
    size_t size_a = strlen(a) + 1;
    size_t size_b = strlen(b) + 1;
    char *both = arena_alloc(arena, size_a + size_b);
    if (both) {
        memcpy(both, a, size_a);
        both[size_a - 1] = ANSWERS_PART;
        memcpy(both + size_a, b, size_b);
    }
    return both;
}

static enum status
visit(void *self, struct filling_node *node, size_t field, const char *value)
{
    (void)node;
    struct reading *r = self;
    if (field >= r->form->field_count) {
        return STATUS_OK;
    }
    if (field == r->form->instance_id) {
        r->out->instance_id = arena_strdup(r->arena, value);
        return r->out->instance_id ? STATUS_OK : STATUS_E_LIMIT;
    }
    if (r->form->field[field].count == CATALOGUE_COUNT_SKIP) {
        return STATUS_OK;
    }
    if (*value == '\0') {
        return count(r, field, STORE_TALLY_MISSING, 0);
    }
    const char **cell = &r->out->cell[field];
    if (r->form->field[field].count == CATALOGUE_COUNT_CODE) {
        char kept[CODES_CELL_CHARS + 1];
        if (r->form->code_key) {
            codes_cell(r->form->code_key, value, kept);
            *cell = arena_strdup(r->arena, kept);
        }
        return *cell || !r->form->code_key
                   ? count(r, field, STORE_TALLY_ANSWERED, 0)
                   : STATUS_E_LIMIT;
    }
    *cell =
        *cell ? join(r->arena, *cell, value) : arena_strdup(r->arena, value);
    if (!*cell) {
        return STATUS_E_LIMIT;
    }
    enum status st = count(r, field, STORE_TALLY_ANSWERED, 0);
    return st == STATUS_OK ? count_value(r, field, value) : st;
}

/* What every table by stratum gains. */
static enum status
count_strata(struct reading *r)
{
    const struct catalogue_form *form = r->form;
    size_t stratum = strata_of(form, r->out->cell);
    enum status st = STATUS_OK;
    for (size_t i = 0;
         form->groups > 0 && i < form->field_count && st == STATUS_OK; i++) {
        if (form->field[i].categories > 0) {
            size_t category = strata_category(form, i, r->out->cell[i]);
            st = count(r, i, STORE_TALLY_STRATUM,
                       (int64_t)(stratum * STRATA_ITEM + category));
        }
    }
    return st;
}

/* The sums of one scale, if every item has an answer. */
static enum status
add_scale(struct reading *r, const struct catalogue_scale *s)
{
    int64_t value[CATALOGUE_SCALE_ITEMS_MAX];
    int64_t total = 0;
    for (size_t i = 0; i < s->items; i++) {
        double v = 0.0;
        if (!scales_value(r->form, s->field[i], r->out->cell[s->field[i]],
                          &v)) {
            return STATUS_OK;
        }
        value[i] = llround(v * SCALES_UNIT);
        total += value[i];
    }
    const struct {
        int64_t item;
        int64_t n;
    } sums[] = {{SCALES_COMPLETE, 1},
                {SCALES_TOTAL, total},
                {SCALES_TOTAL_SQUARE, total * total}};
    enum status st = STATUS_OK;
    for (size_t i = 0; i < 3 && st == STATUS_OK; i++) {
        st = add(r, s->field[0], STORE_TALLY_SCALE, sums[i].item, sums[i].n);
    }
    for (size_t i = 0; i < s->items && st == STATUS_OK; i++) {
        st = add(r, s->field[0], STORE_TALLY_SCALE, SCALES_ITEM + (int64_t)i,
                 value[i]);
        if (st == STATUS_OK) {
            st = add(r, s->field[0], STORE_TALLY_SCALE,
                     SCALES_ITEM_SQUARE + (int64_t)i, value[i] * value[i]);
        }
    }
    return st;
}

static enum status
add_scales(struct reading *r)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < r->form->scales && st == STATUS_OK; i++) {
        if (r->form->scale[i].items > 1) {
            st = add_scale(r, &r->form->scale[i]);
        }
    }
    return st;
}

enum status
answers_read(const struct catalogue_form *form, struct filling *filling,
             struct arena *arena, struct answers *out)
{
    *out = (struct answers){.instance_id = ""};
    out->cell = arena_array(arena, form->field_count + 1, sizeof(*out->cell));
    if (!out->cell) {
        return STATUS_E_LIMIT;
    }
    struct reading r = {.form = form, .arena = arena, .out = out};
    enum status st = filling_each(filling, visit, &r);
    if (st == STATUS_OK) {
        st = count_strata(&r);
    }
    return st == STATUS_OK ? add_scales(&r) : st;
}

static enum status
check(struct filling *filling, struct diag *d)
{
    size_t count = 0;
    const struct filling_violation *v = filling_violations(filling, &count);
    for (size_t i = 0; d && i < count; i++) {
        struct buf path;
        buf_init(&path, DIAG_TEXT_MAX_BYTES);
        filling_path(filling, v[i].node, &path);
        const struct diag_where where = {.path = path.data};
        if (*v[i].message) {
            (void)diag_add(d, DIAG_ERROR, &where, N_("%s"), v[i].message);
        } else if (v[i].fault == FILLING_REQUIRED) {
            (void)diag_add(d, DIAG_ERROR, &where,
                           N_("this question must be answered"));
        } else {
            (void)diag_add(d, DIAG_ERROR, &where,
                           N_("the answer is not among those allowed"));
        }
        buf_deinit(&path);
    }
    return count > 0 ? STATUS_E_INVALID : STATUS_OK;
}

enum status
/* NOLINTNEXTLINE(readability-function-size): in, out and what is wrong */
answers_parse(const struct catalogue_form *form, const char *xml, size_t len,
              bool anonymous, struct arena *arena, struct diag *d,
              struct answers *out)
{
    const struct filling_env env = {.anonymous = anonymous};
    struct filling *filling = NULL;
    enum status st = filling_new(form->form, &env, &filling);
    if (st == STATUS_OK) {
        st = filling_read(filling, xml, len, d);
    }
    if (st == STATUS_OK) {
        st = check(filling, d);
    }
    if (st == STATUS_OK) {
        st = answers_read(form, filling, arena, out);
        if (st == STATUS_E_INVALID) {
            (void)diag_add(d, DIAG_ERROR, NULL,
                           N_("a number is off the scale of its question"));
        }
    }
    filling_free(filling);
    return st;
}
