#include "collector/ingest/strata.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
is_group(const struct catalogue_form *form, size_t field)
{
    const char *indicator =
        form_field_extension(form->form, field, "indicator");
    return form->field[field].count == CATALOGUE_COUNT_CHOICE && indicator
           && strcmp(indicator, "group") == 0;
}

static void
add_group(struct catalogue_form *form, size_t field, const struct form_field *f)
{
    size_t strata = form->strata * (f->choice_count + 1);
    if (form->groups == CATALOGUE_GROUPS_MAX || f->choice_count == 0
        || f->in_repeat || strata > STRATA_MAX) {
        return;
    }
    form->group[form->groups++] =
        (struct catalogue_group){field, f->choice_count, form->strata};
    form->strata = strata;
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
        form->field[i].group = is_group(form, i);
        if (form->field[i].group) {
            add_group(form, i, &f);
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
