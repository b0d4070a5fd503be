#include "collector/ingest/strata.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE 10

static bool
is_marked(const struct catalogue_form *form, size_t field)
{
    const char *indicator =
        form_field_extension(form->form, field, "indicator");
    return form->field[field].count == CATALOGUE_COUNT_CHOICE && indicator
           && strcmp(indicator, "group") == 0;
}

bool
strata_may(const struct catalogue_form *form, size_t field)
{
    struct form_field f;
    form_field_get(form->form, field, &f);
    return form->field[field].count == CATALOGUE_COUNT_CHOICE && !f.in_repeat
           && f.choice_count > 0 && f.choice_count < STRATA_CATEGORIES_MAX;
}

bool
strata_has(const struct catalogue_form *form, size_t field)
{
    for (size_t g = 0; g < form->groups; g++) {
        if (form->group[g].field == field) {
            return true;
        }
    }
    return false;
}

/* False: there are too many already, of questions or combinations. */
static bool
add_group(struct catalogue_group group[CATALOGUE_GROUPS_MAX], size_t *count,
          size_t *strata, size_t field, size_t options)
{
    if (*count == CATALOGUE_GROUPS_MAX
        || *strata * (options + 1) > STRATA_MAX) {
        return false;
    }
    group[(*count)++] = (struct catalogue_group){field, options, *strata};
    *strata *= options + 1;
    return true;
}

/* Is the field among the numbers "3,17"? */
static bool
is_named(const char *groups, size_t field)
{
    char *end = NULL;
    for (const char *at = groups; *at >= '0' && *at <= '9'; at = end + 1) {
        if (strtoul(at, &end, BASE) == field) {
            return true;
        }
        if (*end != ',') {
            return false;
        }
    }
    return false;
}

enum status
strata_choose(const struct catalogue_form *form, const size_t *field,
              size_t count, char out[STORE_GROUPS_CHARS + 1])
{
    struct catalogue_group group[CATALOGUE_GROUPS_MAX];
    size_t groups = 0;
    size_t strata = 1;
    size_t len = 0;
    (void)snprintf(out, STORE_GROUPS_CHARS + 1, "-");
    for (size_t i = 0; i < count; i++) {
        if (field[i] >= form->field_count || !strata_may(form, field[i])) {
            return STATUS_E_INVALID;
        }
        if (!add_group(group, &groups, &strata, field[i],
                       form->field[field[i]].choice_count)) {
            return STATUS_E_LIMIT;
        }
        int n = snprintf(out + len, STORE_GROUPS_CHARS + 1 - len, "%s%zu",
                         len > 0 ? "," : "", field[i]);
        if (n < 0 || (size_t)n > STORE_GROUPS_CHARS - len) {
            return STATUS_E_LIMIT;
        }
        len += (size_t)n;
    }
    return STATUS_OK;
}

static size_t
categories(const struct catalogue_form *form, size_t field,
           const struct form_field *f)
{
    size_t n = 0;
    if (f->in_repeat) {
        return 0;
    }
    if (form->field[field].count == CATALOGUE_COUNT_CHOICE) {
        n = f->choice_count;
    } else if (form->field[field].count == CATALOGUE_COUNT_NUMBER
               && catalogue_is_scale(f)) {
        n = (size_t)lround((f->range_end - f->range_start) / f->range_step) + 1;
    }
    return n > 0 && n < STRATA_CATEGORIES_MAX ? n + 1 : 0;
}

void
strata_survey(struct catalogue_form *form)
{
    form->strata = 1;
    for (size_t i = 0; i < form->field_count; i++) {
        struct form_field f;
        form_field_get(form->form, i, &f);
        bool named = is_named(form->wanted, i) && strata_may(form, i);
        form->field[i].group = named || is_marked(form, i);
        if (form->wanted[0]
                ? named
                : is_marked(form, i) && !f.in_repeat && f.choice_count > 0) {
            (void)add_group(form->group, &form->groups, &form->strata, i,
                            f.choice_count);
        }
        form->field[i].categories = categories(form, i, &f);
        form->field[i].start = f.range_start;
        form->field[i].step = f.range_step;
    }
}

size_t
strata_of(const struct catalogue_form *form, const char *const *cell)
{
    size_t stratum = 0;
    for (size_t g = 0; g < form->groups; g++) {
        const struct catalogue_group *group = &form->group[g];
        const char *text = cell[group->field];
        size_t option = group->options;
        if (text) {
            size_t at = catalogue_choice_find(&form->field[group->field], text,
                                              strlen(text));
            option = at < group->options ? at : group->options;
        }
        stratum += option * group->stride;
    }
    return stratum;
}

size_t
strata_category(const struct catalogue_form *form, size_t field,
                const char *cell)
{
    const struct catalogue_field *f = &form->field[field];
    size_t none = f->categories - 1;
    if (!cell) {
        return none;
    }
    if (f->count == CATALOGUE_COUNT_CHOICE) {
        size_t at = catalogue_choice_find(f, cell, strlen(cell));
        return at < none ? at : none;
    }
    char *end = NULL;
    double value = strtod(cell, &end);
    double at = round((value - f->start) / f->step);
    return end == cell || !(at >= 0.0 && at < (double)none) ? none : (size_t)at;
}
