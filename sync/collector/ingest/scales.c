#include "collector/ingest/scales.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* May these two stand in one scale? */
static bool
alike(const struct catalogue_form *form, size_t a, size_t b)
{
    struct form_field x;
    struct form_field y;
    form_field_get(form->form, a, &x);
    form_field_get(form->form, b, &y);
    if (form->field[a].count != form->field[b].count
        || x.choice_count != y.choice_count
        || fabs(x.range_start - y.range_start) > 1e-9
        || fabs(x.range_end - y.range_end) > 1e-9) {
        return false;
    }
    for (size_t i = 0; i < x.choice_count; i++) {
        if (strcmp(form_choice_name(form->form, a, i),
                   form_choice_name(form->form, b, i))
            != 0) {
            return false;
        }
    }
    return true;
}

static bool
is_item(const struct catalogue_form *form, size_t field)
{
    struct form_field f;
    form_field_get(form->form, field, &f);
    double most = fmax(fabs(f.range_start), fabs(f.range_end));
    return !f.in_repeat && f.choice_count <= SCALES_VALUE_MAX
           && most <= SCALES_VALUE_MAX
           && (form->field[field].count == CATALOGUE_COUNT_CHOICE
               || (form->field[field].count == CATALOGUE_COUNT_NUMBER
                   && catalogue_is_scale(&f)));
}

static struct catalogue_scale *
scale_named(struct catalogue_form *form, const char *name)
{
    for (size_t i = 0; i < form->scales; i++) {
        if (strcmp(form->scale[i].name, name) == 0) {
            return &form->scale[i];
        }
    }
    if (form->scales == CATALOGUE_SCALES_MAX) {
        return NULL;
    }
    form->scale[form->scales].name = name;
    return &form->scale[form->scales++];
}

void
scales_survey(struct catalogue_form *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const char *name = form_field_extension(form->form, i, "scale");
        struct catalogue_scale *s =
            name && *name && is_item(form, i) ? scale_named(form, name) : NULL;
        if (s && s->items < CATALOGUE_SCALE_ITEMS_MAX
            && (s->items == 0 || alike(form, s->field[0], i))) {
            s->field[s->items++] = i;
        }
    }
}

bool
scales_value(const struct catalogue_form *form, size_t field, const char *cell,
             double *out)
{
    const struct catalogue_field *f = &form->field[field];
    if (!cell) {
        return false;
    }
    if (f->count == CATALOGUE_COUNT_CHOICE) {
        size_t at = catalogue_choice_find(f, cell, strlen(cell));
        *out = (double)at + 1.0;
        return at < f->choice_count
               && !form_choice_unsure(
                   form_choice_name(form->form, field, at),
                   form_choice_label(form->form, field, at,
                                     form_lang_default(form->form)));
    }
    char *end = NULL;
    *out = strtod(cell, &end);
    return end != cell && *end == '\0' && isfinite(*out);
}
