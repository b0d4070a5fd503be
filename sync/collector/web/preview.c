#include "collector/web/preview.h"

#include "form/form.h"

#define PREVIEW_CHOICES_MAX 60

static bool
is_asked(const struct form_field *f)
{
    return f->control != FORM_CONTROL_NONE && f->control != FORM_CONTROL_UPLOAD;
}

static void
choices(struct visit *v, const struct form *form, size_t field,
        const struct form_field *f, size_t lang)
{
    struct html *h = &v->html;
    size_t count = f->choice_count < PREVIEW_CHOICES_MAX ? f->choice_count
                                                         : PREVIEW_CHOICES_MAX;
    html_open(h, "ul");
    html_attr(h, "class",
              f->control == FORM_CONTROL_SELECT_MULTIPLE ? "boxes" : "dots");
    for (size_t i = 0; i < count; i++) {
        html_element(h, "li", NULL, form_choice_label(form, field, i, lang));
    }
    if (count < f->choice_count) {
        html_element(h, "li", NULL, "…");
    }
    html_close(h, "ul");
}

static void
kind(struct visit *v, const struct form_field *f)
{
    const char *text = NULL;
    if (f->control == FORM_CONTROL_SELECT_MULTIPLE) {
        text = visit_text(v, "several answers");
    } else if (f->control == FORM_CONTROL_RANK) {
        text = visit_text(v, "to be put in order");
    } else if (f->type == FORM_TYPE_DATE) {
        text = visit_text(v, "a date");
    } else if (f->control == FORM_CONTROL_INPUT
               && (f->type == FORM_TYPE_INTEGER
                   || f->type == FORM_TYPE_DECIMAL)) {
        text = visit_text(v, "a number");
    } else if (f->control == FORM_CONTROL_INPUT) {
        text = visit_text(v, "in one’s own words");
    }
    if (text) {
        html_element(&v->html, "p", "meta", text);
    }
    if (f->control == FORM_CONTROL_RANGE) {
        html_open(&v->html, "p");
        html_attr(&v->html, "class", "meta");
        html_textf(&v->html, visit_text(v, "from %g to %g"), f->range_start,
                   f->range_end);
        html_close(&v->html, "p");
    }
}

static void
questions(struct visit *v, const struct form *form, size_t lang)
{
    struct html *h = &v->html;
    html_open(h, "ol");
    html_attr(h, "class", "preview");
    for (size_t i = 0; i < form_field_count(form); i++) {
        struct form_field f;
        form_field_get(form, i, &f);
        if (!is_asked(&f)) {
            continue;
        }
        html_open(h, "li");
        html_element(h, "h3", NULL, form_field_label(form, i, lang));
        kind(v, &f);
        if (f.choice_count > 0) {
            choices(v, form, i, &f, lang);
        }
        html_close(h, "li");
    }
    html_close(h, "ol");
}

void
preview_form(struct visit *v, int64_t form)
{
    const struct catalogue_form *entry = NULL;
    enum status st =
        catalogue_take(v->desk->catalogue, v->reader, form, &entry);
    if (st < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "What it asks"));
    questions(v, entry->form, form_lang_find(entry->form, i18n_tag(v->lang)));
    catalogue_give(v->desk->catalogue, entry);
}
