#include "form/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/choice.h"
#include "form/model.h"

void
form_free(struct form *f)
{
    if (!f) {
        return;
    }
    for (uint32_t i = 0; i < f->regex_count; i++) {
        xpath_regex_free(f->regex[i]);
    }
    for (uint32_t i = 0; i < f->secondary_count; i++) {
        secondary_deinit(f->secondary[i]);
        free(f->secondary[i]);
    }
    for (uint32_t i = 0; i < MODEL_LANGS_MAX; i++) {
        free(f->itext[i]);
    }
    free(f->regex);
    free(f->secondary);
    free(f->def);
    free(f->child_slot);
    free(f->bind);
    free(f->control);
    free(f->scope);
    free(f->start);
    free(f->unit);
    names_deinit(&f->names);
    names_deinit(&f->itext_ids);
    arena_deinit(&f->arena);
    free(f);
}

const char *
form_id(const struct form *f)
{
    return f->id;
}

const char *
form_version(const struct form *f)
{
    return f->version;
}

const char *
form_title(const struct form *f)
{
    return f->title;
}

size_t
form_lang_count(const struct form *f)
{
    return f->lang_count;
}

const char *
form_lang_name(const struct form *f, size_t lang)
{
    return lang < f->lang_count ? f->lang[lang] : "";
}

size_t
form_lang_default(const struct form *f)
{
    return f->lang_default;
}

/* Whether the name is "… (tag)". */
static bool
has_code(const char *name, const char *tag)
{
    const char *open = strrchr(name, '(');
    size_t len = strlen(tag);
    return open && len > 0 && strncmp(open + 1, tag, len) == 0
           && open[1 + len] == ')';
}

size_t
form_lang_find(const struct form *f, const char *tag)
{
    for (size_t i = 0; i < f->lang_count; i++) {
        if (strcmp(f->lang[i], tag) == 0 || has_code(f->lang[i], tag)) {
            return i;
        }
    }
    return f->lang_default;
}

static const char *
extension(const struct model_attr *a, const char *name)
{
    for (; a; a = a->next) {
        if (strcmp(a->name, name) == 0) {
            return a->value;
        }
    }
    return NULL;
}

const char *
form_extension(const struct form *f, const char *name)
{
    return extension(f->extension, name);
}

const char *
form_field_extension(const struct form *f, size_t field, const char *name)
{
    uint32_t bind = f->def[f->field[field]].bind;
    return bind == MODEL_NONE ? NULL : extension(f->bind[bind].extension, name);
}

bool
form_choice_unsure(const char *name, const char *label)
{
    static const char *const names[] = {
        "hard", "hard_to_say", "dont_know", "unsure", "no_opinion", "98", "99"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            return label[strspn(label, "0123456789")] != '\0';
        }
    }
    return false;
}

enum status
form_files(const struct form *f, form_file_visit *visit, void *self)
{
    enum status st = STATUS_OK;
    for (uint32_t lang = 0; lang < f->lang_count; lang++) {
        for (uint32_t id = 0; st >= 0 && id < f->itext_cap[lang]; id++) {
            const struct model_text *t = f->itext[lang][id];
            if (t && t->image) {
                st = visit(self, t->image);
            }
        }
    }
    for (size_t i = 0; st >= 0 && i < form_field_count(f); i++) {
        const char *document = form_field_extension(f, i, "document");
        if (document) {
            st = visit(self, document);
        }
    }
    return st;
}

size_t
form_rank_places(const char *appearance, size_t count)
{
    static const char prefix[] = "first-";
    const char *at = strstr(appearance, prefix);
    bool starts = at && (at == appearance || at[-1] == ' ');
    long wanted = starts ? strtol(at + sizeof(prefix) - 1, NULL, 10) : 0;
    return wanted > 0 && (size_t)wanted < count ? (size_t)wanted : count;
}

/* ------------------------------------------------------------- dictionary */

static const struct model_control *
control_of(const struct form *f, size_t field)
{
    uint32_t control = f->def[f->field[field]].control;
    return control == MODEL_NONE ? NULL : &f->control[control];
}

/* Rows of the unfiltered itemset. */
static bool
rows_of(const struct form *f, const struct model_control *c,
        const struct secondary **out, uint32_t *out_first, uint32_t *out_name)
{
    uint32_t parent = 0;
    if (!c || !c->itemset
        || !xpath_rows_of(f, c->itemset, out, &parent, out_name)) {
        return false;
    }
    *out_first = secondary_first(*out, parent);
    return true;
}

static size_t
choice_count(const struct form *f, const struct model_control *c)
{
    const struct secondary *s = NULL;
    uint32_t row = SECONDARY_NONE;
    uint32_t name = 0;
    size_t count = c ? c->choice_count : 0;
    if (!rows_of(f, c, &s, &row, &name)) {
        return count;
    }
    for (; row != SECONDARY_NONE; row = secondary_next(s, row)) {
        count += s->node[row].name == name;
    }
    return count;
}

static uint32_t
choice_row(const struct form *f, const struct model_control *c, size_t choice,
           const struct secondary **out)
{
    uint32_t row = SECONDARY_NONE;
    uint32_t name = 0;
    if (!rows_of(f, c, out, &row, &name)) {
        return SECONDARY_NONE;
    }
    for (; row != SECONDARY_NONE; row = secondary_next(*out, row)) {
        if ((*out)->node[row].name == name && choice-- == 0) {
            return row;
        }
    }
    return SECONDARY_NONE;
}

static const char *
row_text(const struct secondary *s, uint32_t row, const struct xpath *x)
{
    uint32_t column = x ? xpath_column_of(x) : XPATH_NONE;
    uint32_t cell = row == SECONDARY_NONE || column == XPATH_NONE
                        ? SECONDARY_NONE
                        : secondary_child(s, row, column);
    return cell == SECONDARY_NONE ? "" : secondary_text(s, cell);
}

size_t
form_field_count(const struct form *f)
{
    return f->field_count;
}

void
form_field_get(const struct form *f, size_t field, struct form_field *out)
{
    const struct model_def *d = &f->def[f->field[field]];
    const struct model_control *c = control_of(f, field);
    *out = (struct form_field){.path = d->path,
                               .name = d->local,
                               .type = d->type,
                               .control = FORM_CONTROL_NONE,
                               .appearance = "",
                               .in_repeat = d->scope != 0,
                               .choice_count = choice_count(f, c)};
    if (c) {
        out->control = c->shows;
        out->appearance = c->appearance;
        out->range_start = c->range_start;
        out->range_end = c->range_end;
        out->range_step = c->range_step;
    }
}

size_t
form_field_find(const struct form *f, const char *path)
{
    uint32_t def = model_find(f, path);
    return def == MODEL_NONE || f->def[def].field == MODEL_NONE
               ? SIZE_MAX
               : f->def[def].field;
}

static const char *
plain_text(const struct model_text *t)
{
    return t && t->dictionary ? t->dictionary : "";
}

const char *
form_field_label(const struct form *f, size_t field, size_t lang)
{
    const struct model_control *c = control_of(f, field);
    return c ? plain_text(model_text_of(f, &c->label, lang)) : "";
}

static const struct model_choice *
fixed_choice(const struct model_control *c, size_t choice)
{
    const struct model_choice *at = c ? c->choice : NULL;
    while (at && choice-- > 0) {
        at = at->next;
    }
    return at;
}

const char *
form_choice_name(const struct form *f, size_t field, size_t choice)
{
    const struct model_control *c = control_of(f, field);
    const struct model_choice *fixed = fixed_choice(c, choice);
    const struct secondary *s = NULL;
    if (fixed) {
        return fixed->value;
    }
    uint32_t row = choice_row(f, c, choice, &s);
    return c ? row_text(s, row, c->item_value) : "";
}

const char *
form_choice_label(const struct form *f, size_t field, size_t choice,
                  size_t lang)
{
    const struct model_control *c = control_of(f, field);
    const struct model_choice *fixed = fixed_choice(c, choice);
    const struct secondary *s = NULL;
    if (fixed) {
        return plain_text(model_text_of(f, &fixed->label, lang));
    }
    uint32_t row = choice_row(f, c, choice, &s);
    const char *text = c ? row_text(s, row, c->item_label) : "";
    if (c && c->label_is_itext) {
        struct model_label label = {
            .itext = names_find(&f->itext_ids, text, strlen(text))};
        return label.itext == NAMES_NONE
                   ? ""
                   : plain_text(model_text_of(f, &label, lang));
    }
    return text;
}
