#include "form/choice.h"

#include <string.h>

#include "base/log.h"

/* ------------------------------------------------------------------ texts */

const char *
choice_render(struct filling *f, struct filling_node *node, struct scratch *s,
              const struct model_piece *pieces)
{
    if (!pieces) {
        return "";
    }
    if (!pieces->next && !pieces->output) {
        return pieces->text;
    }
    struct buf text;
    buf_init(&text, TREE_SCRATCH_MAX_BYTES);
    for (const struct model_piece *p = pieces; p; p = p->next) {
        if (!p->output) {
            buf_puts(&text, p->text);
        } else if (p->expr) {
            struct xpath_eval e;
            struct xpath_value v;
            struct scratch_mark mark = scratch_mark(&f->eval);
            xpath_eval_init(&e, f, &f->eval, node);
            xpath_eval_run(&e, p->expr, &v);
            buf_puts(&text, xpath_eval_text(&e, &v));
            scratch_release(&f->eval, mark);
        }
    }
    const char *made = scratch_text(s, text.data, text.len);
    buf_deinit(&text);
    return made;
}

static struct filling_text
text_of(struct filling *f, struct filling_node *node, struct scratch *s,
        const struct model_text *t)
{
    struct filling_text none = {"", NULL, NULL};
    if (!t) {
        return none;
    }
    return (struct filling_text){choice_render(f, node, s, t->plain), t->image,
                                 t->audio};
}

/* ---------------------------------------------------------------- choices */

static struct xpath_value
value_for(struct filling *f, struct filling_node *node, struct xpath_item item,
          const struct xpath *x, struct xpath_eval *e)
{
    struct xpath_value v;
    xpath_eval_init(e, f, &f->eval, node);
    e->context = item;
    xpath_eval_run(e, x, &v);
    return v;
}

static const char *
name_of(struct filling *f, struct filling_node *node, struct scratch *s,
        const struct model_control *c, struct xpath_item item)
{
    struct xpath_eval e;
    if (!c->item_value) {
        return "";
    }
    struct scratch_mark mark = scratch_mark(&f->eval);
    struct xpath_value v = value_for(f, node, item, c->item_value, &e);
    const char *text = xpath_eval_text(&e, &v);
    if (v.kind != XPATH_VALUE_NODES) {
        text = scratch_text(s, text, strlen(text));
    }
    if (s != &f->eval) {
        scratch_release(&f->eval, mark);
    }
    return text;
}

static enum status
fixed_choices(const struct model_control *c, struct scratch *s,
              struct choice **out, uint32_t *out_count)
{
    struct choice *made = scratch_array(s, c->choice_count + 1, sizeof(*made));
    if (!made) {
        return STATUS_E_NOMEM;
    }
    uint32_t n = 0;
    for (const struct model_choice *ch = c->choice; ch; ch = ch->next) {
        made[n++] = (struct choice){.name = ch->value, .fixed = ch};
    }
    *out = made;
    *out_count = n;
    return STATUS_OK;
}

enum status
choice_list(struct filling *f, struct filling_node *node, struct scratch *s,
            struct choice **out, uint32_t *out_count)
{
    const struct form *form = f->form;
    uint32_t control = form->def[node->def].control;
    *out = NULL;
    *out_count = 0;
    if (control == MODEL_NONE) {
        return STATUS_OK;
    }
    const struct model_control *c = &form->control[control];
    if (!c->itemset) {
        return fixed_choices(c, s, out, out_count);
    }
    struct xpath_eval e;
    struct xpath_value v;
    xpath_eval_init(&e, f, &f->eval, node);
    xpath_eval_run(&e, c->itemset, &v);
    if (e.st < 0 || v.kind != XPATH_VALUE_NODES || v.count == 0) {
        return e.st;
    }
    struct choice *made = scratch_array(s, v.count, sizeof(*made));
    if (!made) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t i = 0; i < v.count; i++) {
        struct xpath_item item = xpath_value_item(&v, i);
        made[i] = (struct choice){name_of(f, node, s, c, item), item, NULL};
    }
    *out = made;
    *out_count = v.count;
    return STATUS_OK;
}

static struct filling_text
itext_label(struct filling *f, struct filling_node *node, struct scratch *s,
            const char *id)
{
    const struct form *form = f->form;
    struct filling_text none = {"", NULL, NULL};
    uint32_t index = names_find(&form->itext_ids, id, strlen(id));
    if (index == NAMES_NONE || f->lang >= form->lang_count
        || index >= form->itext_cap[f->lang]) {
        return none;
    }
    return text_of(f, node, s, form->itext[f->lang][index]);
}

struct filling_text
choice_label(struct filling *f, struct filling_node *node, struct scratch *s,
             const struct choice *c)
{
    const struct form *form = f->form;
    const struct model_control *control =
        &form->control[form->def[node->def].control];
    struct filling_text label = {"", NULL, NULL};
    if (c->fixed) {
        return text_of(f, node, s,
                       model_text_of(form, &c->fixed->label, f->lang));
    }
    if (!control->item_label) {
        return label;
    }
    struct xpath_eval e;
    struct scratch_mark mark = scratch_mark(&f->eval);
    struct xpath_value v = value_for(f, node, c->item, control->item_label, &e);
    const char *text = xpath_eval_text(&e, &v);
    if (control->label_is_itext) {
        label = itext_label(f, node, s, text);
    } else if (v.kind == XPATH_VALUE_NODES) {
        label.text = text;
    } else {
        label.text = scratch_text(s, text, strlen(text));
    }
    if (s != &f->eval) {
        scratch_release(&f->eval, mark);
    }
    return label;
}

const char *
choice_name_label(struct filling *f, struct filling_node *node,
                  struct scratch *s, const char *name)
{
    const struct form *form = f->form;
    const struct model_control *c =
        &form->control[form->def[node->def].control];
    struct choice found = {.name = name};
    if (c->dictionary) {
        uint32_t row = secondary_index_first(c->dictionary, c->by_name, name);
        if (row == SECONDARY_NONE) {
            return name;
        }
        found.item =
            (struct xpath_item){c->dictionary, row, XPATH_ITEM_SECONDARY};
        return choice_label(f, node, s, &found).text;
    }
    struct choice *choices = NULL;
    uint32_t count = 0;
    if (choice_list(f, node, s, &choices, &count) < 0) {
        return name;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(choices[i].name, name) == 0) {
            return choice_label(f, node, s, &choices[i]).text;
        }
    }
    return name;
}

bool
choice_offers(const struct choice *choices, uint32_t count, const char *name,
              size_t len)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strncmp(choices[i].name, name, len) == 0
            && choices[i].name[len] == '\0') {
            return true;
        }
    }
    return false;
}
