#include <stdlib.h>
#include <string.h>

#include "form/choice.h"
#include "form/filling.h"
#include "form/tree.h"
#include "form/vec.h"
#include "form/xpath_eval.h"

/*
 * What a screen reads of a filling: items, texts, choices, violations. All of
 * it is made when asked for and kept until the next change.
 */
#define ITEMS_MAX 4000000

static const struct model_control *
control_of(const struct filling *f, const struct filling_node *n)
{
    uint32_t c = f->form->def[n->def].control;
    return c == MODEL_NONE ? NULL : &f->form->control[c];
}

static const struct model_bind *
bind_of(const struct filling *f, const struct filling_node *n)
{
    uint32_t b = f->form->def[n->def].bind;
    return b == MODEL_NONE ? NULL : &f->form->bind[b];
}

static bool
holds(struct filling *f, struct filling_node *n, const struct xpath *x)
{
    struct xpath_eval e;
    struct xpath_value v;
    if (!x) {
        return false;
    }
    struct scratch_mark mark = scratch_mark(&f->eval);
    xpath_eval_init(&e, f, &f->eval, n);
    xpath_eval_run(&e, x, &v);
    bool result = xpath_eval_boolean(&e, &v);
    scratch_release(&f->eval, mark);
    return result;
}

/* ------------------------------------------------------------------ items */

/* A control of the body that is being walked through. */
struct place {
    uint32_t control;
    uint32_t child;           /* the next one inside */
    uint32_t instance;        /* of a repeat: the next one */
    struct tree_scope *outer; /* the scope instance it stands in */
    struct tree_scope *inner; /* the one its children stand in */
};

static struct filling_item *
add_item(struct filling *f, enum filling_item_kind kind,
         struct filling_node *node, uint16_t depth)
{
    if (vec_reserve(&f->item, &f->item_cap, (size_t)f->item_count + 1,
                    sizeof(*f->item), ITEMS_MAX)
        < 0) {
        return NULL;
    }
    struct filling_item *item = &f->item[f->item_count++];
    *item = (struct filling_item){.kind = kind, .node = node, .depth = depth};
    return item;
}

/* A group that only wraps a repeat speaks for the repeat. */
static bool
is_shown_group(const struct filling *f, const struct model_control *c)
{
    if (c->def != MODEL_NONE && f->form->def[c->def].repeat != MODEL_NONE) {
        return false;
    }
    return model_label_present(&c->label)
           || strstr(c->appearance, "field-list") != NULL;
}

static struct filling_node *
node_in(const struct filling *f, struct tree_scope *s, uint32_t def)
{
    return &s->node[f->form->def[def == MODEL_NONE ? 0 : def].slot];
}

static struct tree_list *
instances(const struct filling *f, struct tree_scope *s,
          const struct model_control *c)
{
    uint32_t repeat = f->form->def[c->def].repeat;
    return &s->list[f->form->scope[repeat].index];
}

static void
add_repeat_item(struct filling *f, enum filling_item_kind kind,
                struct tree_scope *s, uint16_t depth)
{
    const struct model_scope *m = &f->form->scope[s->scope];
    struct filling_item *item = add_item(f, kind, &s->node[0], depth);
    if (item) {
        item->repeat = m;
        item->position = s->position + 1;
        item->count = s->parent->list[m->index].count;
        item->removable = !m->fixed;
    }
}

static void
add_adder(struct filling *f, struct tree_scope *s,
          const struct model_control *c, uint16_t depth)
{
    const struct model_scope *m = &f->form->scope[f->form->def[c->def].repeat];
    struct filling_node *parent = node_in(f, s, f->form->def[c->def].parent);
    if (m->fixed || !parent->relevant) {
        return;
    }
    struct filling_item *item = add_item(f, FILLING_REPEAT_ADD, parent, depth);
    if (item) {
        item->repeat = m;
        item->count = s->list[m->index].count;
    }
}

/* Show a child, or enter it. */
static void
open_control(struct filling *f, uint32_t control, struct tree_scope *s,
             struct place *stack, uint32_t *depth, uint16_t *indent)
{
    const struct model_control *c = &f->form->control[control];
    struct place inside = {control, c->child, 0, s, s};
    bool wraps_repeat =
        c->def != MODEL_NONE && f->form->def[c->def].repeat != MODEL_NONE;
    if (c->kind == MODEL_REPEAT && wraps_repeat) {
        inside.child = MODEL_NONE;
        inside.inner = NULL;
    } else if (!(c->kind == MODEL_GROUP && wraps_repeat)) {
        struct filling_node *node = node_in(f, s, c->def);
        if (!node->relevant) {
            return;
        }
        if (c->kind == MODEL_QUESTION) {
            (void)add_item(f, FILLING_QUESTION, node, *indent);
            return;
        }
        if (is_shown_group(f, c)) {
            (void)add_item(f, FILLING_GROUP_BEGIN, node, *indent);
            (*indent)++;
        }
    }
    if (*depth < MODEL_XML_DEPTH_MAX) {
        stack[(*depth)++] = inside;
    }
}

/* The children of an instance are done: on to the next relevant one. */
static bool
next_instance(struct filling *f, struct place *p, uint16_t *indent)
{
    const struct model_control *c = &f->form->control[p->control];
    struct tree_list *l = instances(f, p->outer, c);
    if (p->inner) {
        (*indent)--;
        add_repeat_item(f, FILLING_REPEAT_END, p->inner, *indent);
    }
    while (p->instance < l->count) {
        p->inner = l->instance[p->instance++];
        if (p->inner->node[0].relevant) {
            add_repeat_item(f, FILLING_REPEAT_BEGIN, p->inner, *indent);
            (*indent)++;
            p->child = c->child;
            return true;
        }
    }
    add_adder(f, p->outer, c, *indent);
    return false;
}

static void
collect_items(struct filling *f)
{
    const struct form *form = f->form;
    struct place stack[MODEL_XML_DEPTH_MAX];
    uint32_t depth = 1;
    uint16_t indent = 0;
    f->item_count = 0;
    stack[0] = (struct place){0, form->control[0].child, 0, f->root, f->root};
    while (depth > 0) {
        struct place *p = &stack[depth - 1];
        const struct model_control *c = &form->control[p->control];
        if (p->child != MODEL_NONE) {
            uint32_t child = p->child;
            p->child = form->control[child].next;
            open_control(f, child, p->inner, stack, &depth, &indent);
        } else if (c->kind == MODEL_REPEAT
                   && form->def[c->def].repeat != MODEL_NONE) {
            depth -= !next_instance(f, p, &indent);
        } else {
            if (depth > 1 && is_shown_group(f, c)) {
                indent--;
                (void)add_item(f, FILLING_GROUP_END,
                               node_in(f, p->inner, c->def), indent);
            }
            depth--;
        }
    }
}

const struct filling_item *
filling_items(struct filling *f, size_t *out_count)
{
    if (f->item_revision != f->revision) {
        collect_items(f);
        f->item_revision = f->revision;
    }
    *out_count = f->item_count;
    return f->item;
}

/* ------------------------------------------------------------------ texts */

static struct filling_text
label_text(struct filling *f, struct filling_node *n,
           const struct model_label *label)
{
    struct filling_text text = {"", NULL, NULL};
    if (label->expr) {
        struct xpath_eval e;
        struct xpath_value v;
        struct scratch_mark mark = scratch_mark(&f->eval);
        xpath_eval_init(&e, f, &f->eval, n);
        xpath_eval_run(&e, label->expr, &v);
        const char *made = xpath_eval_text(&e, &v);
        text.text = scratch_text(&f->borrowed, made, strlen(made));
        scratch_release(&f->eval, mark);
        return text;
    }
    const struct model_text *t = model_text_of(f->form, label, f->lang);
    if (t) {
        text.text = choice_render(f, n, &f->borrowed, t->plain);
        text.image = t->image;
        text.audio = t->audio;
    }
    return text;
}

static const char *
guidance(struct filling *f, struct filling_node *n,
         const struct model_control *c)
{
    const struct model_text *hint = model_text_of(f->form, &c->hint, f->lang);
    const struct model_text *label = model_text_of(f->form, &c->label, f->lang);
    if (hint && hint->guidance) {
        return choice_render(f, n, &f->borrowed, hint->guidance);
    }
    return label ? choice_render(f, n, &f->borrowed, label->guidance) : "";
}

void
filling_question(struct filling *f, struct filling_node *node,
                 struct filling_question *out)
{
    const struct model_def *d = &f->form->def[node->def];
    const struct model_control *c = control_of(f, node);
    const struct model_bind *b = bind_of(f, node);
    *out = (struct filling_question){.name = d->local,
                                     .field = d->field,
                                     .type = d->type,
                                     .control = FORM_CONTROL_NONE,
                                     .appearance = "",
                                     .label = {"", NULL, NULL},
                                     .hint = {"", NULL, NULL},
                                     .guidance = "",
                                     .value = tree_value(node)};
    out->required = b && holds(f, node, b->required);
    out->readonly = b && holds(f, node, b->readonly);
    if (!c) {
        return;
    }
    out->control = c->shows;
    out->appearance = c->appearance;
    out->label = label_text(f, node, &c->label);
    out->hint = label_text(f, node, &c->hint);
    out->guidance = guidance(f, node, c);
    out->range_start = c->range_start;
    out->range_end = c->range_end;
    out->range_step = c->range_step;
    out->rows = c->rows;
}

void
filling_group(struct filling *f, struct filling_node *node,
              struct filling_group *out)
{
    uint32_t control = f->form->def[node->def].group_control;
    *out = (struct filling_group){{"", NULL, NULL}, ""};
    if (control != MODEL_NONE) {
        const struct model_control *c = &f->form->control[control];
        out->label = label_text(f, node, &c->label);
        out->appearance = c->appearance;
    }
}

/* ---------------------------------------------------------------- choices */

static bool
has_word(const char *value, const char *word)
{
    size_t len = strlen(word);
    while (*value) {
        value += strspn(value, " ");
        size_t n = strcspn(value, " ");
        if (n > 0 && n == len && memcmp(value, word, n) == 0) {
            return true;
        }
        value += n;
    }
    return false;
}

/* A ranking shows its choices in the order given, once it is answered. */
static void
rank_choices(struct filling *f, const char *value)
{
    size_t placed = 0;
    while (*value) {
        value += strspn(value, " ");
        size_t n = strcspn(value, " ");
        for (size_t i = placed; i < f->choice_count && n > 0; i++) {
            if (strncmp(f->choice[i].name, value, n) == 0
                && f->choice[i].name[n] == '\0') {
                struct filling_choice moved = f->choice[i];
                memmove(&f->choice[placed + 1], &f->choice[placed],
                        (i - placed) * sizeof(moved));
                f->choice[placed++] = moved;
                break;
            }
        }
        value += n;
    }
}

static bool
collect_choices(struct filling *f, struct filling_node *node)
{
    struct scratch_mark mark = scratch_mark(&f->eval);
    struct choice *choices = NULL;
    uint32_t count = 0;
    f->choice_node = NULL;
    f->choice_count = 0;
    if (choice_list(f, node, &f->eval, &choices, &count) < 0 || count == 0) {
        scratch_release(&f->eval, mark);
        return false;
    }
    f->choice = scratch_array(&f->borrowed, count, sizeof(*f->choice));
    for (uint32_t i = 0; f->choice && i < count; i++) {
        struct filling_choice *to = &f->choice[i];
        to->name = scratch_text(&f->borrowed, choices[i].name,
                                strlen(choices[i].name));
        to->label = choice_label(f, node, &f->borrowed, &choices[i]);
        to->selected = has_word(tree_value(node), to->name);
    }
    scratch_release(&f->eval, mark);
    f->choice_count = f->choice ? count : 0;
    return f->choice_count > 0;
}

const struct filling_choice *
filling_offered(struct filling *f, struct filling_node *node, size_t *out_count)
{
    bool any = control_of(f, node) && collect_choices(f, node);
    *out_count = any ? f->choice_count : 0;
    return any ? f->choice : NULL;
}

const struct filling_choice *
filling_choices(struct filling *f, struct filling_node *node, size_t *out_count)
{
    if (f->choice_node == node && f->choice_revision == f->revision) {
        *out_count = f->choice_count;
        return f->choice;
    }
    const struct filling_choice *made = filling_offered(f, node, out_count);
    if (made) {
        f->choice_node = node;
        f->choice_revision = f->revision;
        if (control_of(f, node)->shows == FORM_CONTROL_RANK && node->value) {
            rank_choices(f, node->value);
        }
    }
    return made;
}

/* ------------------------------------------------------------- violations */

static void
add_violation(struct filling *f, struct filling_node *n,
              enum filling_fault fault, const struct model_label *message)
{
    if (vec_reserve(&f->violation, &f->violation_cap,
                    (size_t)f->violation_count + 1, sizeof(*f->violation),
                    ITEMS_MAX)
        < 0) {
        return;
    }
    f->violation[f->violation_count++] =
        (struct filling_violation){n, fault, label_text(f, n, message).text};
}

static void
check_node(struct filling *f, struct filling_node *n)
{
    const struct model_bind *b = bind_of(f, n);
    if (!b) {
        return;
    }
    if (!n->value) {
        if (b->required && control_of(f, n) && holds(f, n, b->required)) {
            add_violation(f, n, FILLING_REQUIRED, &b->required_message);
        }
    } else if (b->constraint && !holds(f, n, b->constraint)) {
        add_violation(f, n, FILLING_CONSTRAINT, &b->constraint_message);
    }
}

const struct filling_violation *
filling_violations(struct filling *f, size_t *out_count)
{
    if (f->violation_revision != f->revision) {
        struct filling_node *top = &f->root->node[0];
        f->violation_count = 0;
        bool skip = !top->relevant;
        for (struct filling_node *n = tree_next(f->form, top, top, skip); n;
             n = tree_next(f->form, n, top, skip)) {
            skip = !n->relevant;
            if (n->relevant) {
                check_node(f, n);
            }
        }
        f->violation_revision = f->revision;
    }
    *out_count = f->violation_count;
    return f->violation;
}
