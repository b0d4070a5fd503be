#include "form/xpath_eval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "form/secondary.h"
#include "form/tree.h"
#include "form/xpath_function.h"

/* Longest list of nodes an expression may build. */
#define LIST_MAX 10000000

static const struct xpath_value no_nodes = {.kind = XPATH_VALUE_NODES};

void
xpath_eval_init(struct xpath_eval *e, struct filling *f, struct scratch *s,
                struct filling_node *context)
{
    struct xpath_item item = {.ptr = context, .kind = XPATH_ITEM_NODE};
    *e = (struct xpath_eval){.filling = f,
                             .scratch = s,
                             .context = item,
                             .current = item,
                             .position = 1,
                             .size = 1};
}

void
xpath_eval_run(struct xpath_eval *e, const struct xpath *x,
               struct xpath_value *out)
{
    if (e->filling->nest >= XPATH_TEXT_NEST_MAX) {
        *out = xpath_value_text("");
        return;
    }
    e->filling->nest++;
    xpath_eval_node(e, x->root, out);
    e->filling->nest--;
    if (e->scratch->failed && e->st == STATUS_OK) {
        e->st = STATUS_E_NOMEM;
    }
}

/* ------------------------------------------------------------ conversions */

const char *
xpath_eval_item_text(struct xpath_eval *e, struct xpath_item item)
{
    (void)e;
    switch (item.kind) {
    case XPATH_ITEM_NODE:
        return tree_value(item.ptr);
    case XPATH_ITEM_SECONDARY:
        return secondary_text(item.ptr, item.id);
    case XPATH_ITEM_NONE:
    case XPATH_ITEM_DOCUMENT:
    default:
        return "";
    }
}

const char *
xpath_eval_text(struct xpath_eval *e, const struct xpath_value *v)
{
    char number[XPATH_NUMBER_CHARS];
    switch (v->kind) {
    case XPATH_VALUE_STRING:
        return v->text;
    case XPATH_VALUE_BOOLEAN:
        return v->boolean ? "true" : "false";
    case XPATH_VALUE_NODES:
        return v->count ? xpath_eval_item_text(e, xpath_value_item(v, 0)) : "";
    case XPATH_VALUE_NUMBER:
    default:
        xpath_number_print(v->number, number);
        return scratch_text(e->scratch, number, strlen(number));
    }
}

double
xpath_eval_number(struct xpath_eval *e, const struct xpath_value *v)
{
    switch (v->kind) {
    case XPATH_VALUE_NUMBER:
        return v->number;
    case XPATH_VALUE_BOOLEAN:
        return v->boolean ? 1 : 0;
    case XPATH_VALUE_STRING:
    case XPATH_VALUE_NODES:
    default:
        return xpath_number_parse(xpath_eval_text(e, v));
    }
}

/* A node counts by its value: an empty answer is false, and so is a number 0.
 * A node that holds others is true because it is there. */
static bool
item_boolean(struct xpath_eval *e, struct xpath_item item)
{
    const char *text = xpath_eval_item_text(e, item);
    if (item.kind == XPATH_ITEM_SECONDARY) {
        return *text || secondary_first(item.ptr, item.id) != SECONDARY_NONE;
    }
    if (item.kind != XPATH_ITEM_NODE) {
        return true;
    }
    const struct filling_node *node = item.ptr;
    const struct model_def *def = &e->filling->form->def[node->def];
    if (def->group) {
        return true;
    }
    if (def->type == FORM_TYPE_INTEGER || def->type == FORM_TYPE_DECIMAL) {
        double number = xpath_number_parse(text);
        return number < 0 || number > 0;
    }
    if (def->type == FORM_TYPE_BOOLEAN) {
        return strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    }
    return *text != '\0';
}

bool
xpath_eval_boolean(struct xpath_eval *e, const struct xpath_value *v)
{
    switch (v->kind) {
    case XPATH_VALUE_BOOLEAN:
        return v->boolean;
    case XPATH_VALUE_NUMBER:
        return v->number < 0 || v->number > 0;
    case XPATH_VALUE_STRING:
        return *v->text != '\0';
    case XPATH_VALUE_NODES:
    default:
        return v->count > 1
               || (v->count == 1 && item_boolean(e, xpath_value_item(v, 0)));
    }
}

void
xpath_list_add(struct xpath_eval *e, struct xpath_list *l,
               struct xpath_item item)
{
    if (l->count == l->cap) {
        uint32_t cap = l->cap ? l->cap * 2 : 8;
        struct xpath_item *items =
            cap <= LIST_MAX * 2 ? scratch_array(e->scratch, cap, sizeof(item))
                                : NULL;
        if (!items) {
            e->st = STATUS_E_LIMIT;
            return;
        }
        if (l->count > 0) {
            memcpy(items, l->items, l->count * sizeof(item));
        }
        l->items = items;
        l->cap = cap;
    }
    l->items[l->count++] = item;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as XPATH_NEST_MAX */

/* ------------------------------------------------------------- predicates */

static bool
predicate_holds(struct xpath_eval *e, const struct xpath_node *predicate)
{
    struct scratch_mark mark = scratch_mark(e->scratch);
    struct xpath_value v;
    xpath_eval_node(e, predicate, &v);
    bool holds;
    if (v.kind == XPATH_VALUE_NUMBER) {
        holds = !(v.number < e->position) && !(v.number > e->position);
    } else {
        holds = xpath_eval_boolean(e, &v);
    }
    scratch_release(e->scratch, mark);
    return holds;
}

/* Keep those of list[from..] for which all predicates but `skip` hold. */
static void
filter(struct xpath_eval *e, struct xpath_list *l, uint32_t from,
       const struct xpath_node *predicates, const struct xpath_node *skip)
{
    struct xpath_item context = e->context;
    uint32_t position = e->position;
    uint32_t size = e->size;
    for (const struct xpath_node *p = predicates; p && e->st == STATUS_OK;
         p = p->next) {
        if (p == skip) {
            continue;
        }
        uint32_t kept = from;
        uint32_t end = l->count;
        e->size = end - from;
        for (uint32_t i = from; i < end; i++) {
            e->context = l->items[i];
            e->position = i - from + 1;
            if (predicate_holds(e, p)) {
                l->items[kept++] = l->items[i];
            }
        }
        l->count = kept;
    }
    e->context = context;
    e->position = position;
    e->size = size;
}

/* ------------------------------------------------------------------ paths */

static void
step_secondary(struct xpath_eval *e, struct xpath_item from,
               const struct xpath_step *step, struct xpath_list *out)
{
    const struct secondary *s = from.ptr;
    uint32_t end = s->node[from.id].end;
    if (step->axis == XPATH_PARENT) {
        uint32_t parent = s->node[from.id].parent;
        if (parent != SECONDARY_NONE) {
            from.id = parent;
            xpath_list_add(e, out, from);
        }
        return;
    }
    bool deep = step->axis == XPATH_DESCENDANT;
    for (uint32_t at = from.id + 1; at < end && e->st == STATUS_OK;
         at = deep ? at + 1 : s->node[at].end) {
        if (!step->local || s->node[at].name == step->name) {
            struct xpath_item item = {s, at, XPATH_ITEM_SECONDARY};
            xpath_list_add(e, out, item);
        }
    }
}

static void
add_def(struct xpath_eval *e, struct tree_scope *scope, uint32_t def,
        struct xpath_list *out)
{
    const struct model_def *d = &e->filling->form->def[def];
    struct xpath_item item = {NULL, 0, XPATH_ITEM_NODE};
    if (d->repeat == MODEL_NONE) {
        item.ptr = &scope->node[d->slot];
        if (scope->node[d->slot].relevant) {
            xpath_list_add(e, out, item);
        }
        return;
    }
    struct tree_list *list =
        &scope->list[e->filling->form->scope[d->repeat].index];
    for (uint32_t i = 0; i < list->count; i++) {
        item.ptr = &list->instance[i]->node[0];
        if (list->instance[i]->node[0].relevant) {
            xpath_list_add(e, out, item);
        }
    }
}

static void
step_primary(struct xpath_eval *e, struct xpath_item from,
             const struct xpath_step *step, struct xpath_list *out)
{
    const struct form *f = e->filling->form;
    if (from.kind == XPATH_ITEM_DOCUMENT) {
        if (step->axis != XPATH_PARENT
            && (!step->local || strcmp(f->def[0].local, step->local) == 0)) {
            add_def(e, e->filling->root, 0, out);
        }
        return;
    }
    const struct filling_node *node = from.ptr;
    const struct model_def *d = &f->def[node->def];
    if (step->axis == XPATH_PARENT) {
        struct xpath_item item = {NULL, 0, XPATH_ITEM_DOCUMENT};
        if (d->parent != MODEL_NONE) {
            struct tree_scope *s =
                d->repeat == MODEL_NONE ? node->scope : node->scope->parent;
            item.ptr = &s->node[f->def[d->parent].slot];
            item.kind = XPATH_ITEM_NODE;
        }
        xpath_list_add(e, out, item);
        return;
    }
    for (uint32_t c = d->child; c != MODEL_NONE; c = f->def[c].next) {
        bool matches = step->local ? strcmp(f->def[c].local, step->local) == 0
                                   : !f->def[c].attribute;
        if (matches) {
            add_def(e, node->scope, c, out);
        }
    }
}

void
xpath_eval_step(struct xpath_eval *e, struct xpath_item from,
                const struct xpath_step *step, struct xpath_list *out)
{
    if (step->axis == XPATH_SELF) {
        xpath_list_add(e, out, from);
    } else if (from.kind == XPATH_ITEM_SECONDARY) {
        step_secondary(e, from, step, out);
    } else if (from.kind != XPATH_ITEM_NONE) {
        step_primary(e, from, step, out);
    }
}

/* Follow the steps from a list; `until` ends the walk before that step. */
static struct xpath_list
follow(struct xpath_eval *e, struct xpath_list from,
       const struct xpath_step *step, const struct xpath_step *until)
{
    for (; step && step != until && e->st == STATUS_OK; step = step->next) {
        struct xpath_list next = {0};
        for (uint32_t i = 0; i < from.count; i++) {
            uint32_t start = next.count;
            xpath_eval_step(e, from.items[i], step, &next);
            if (step->predicate) {
                filter(e, &next, start, step->predicate, NULL);
            }
        }
        from = next;
    }
    return from;
}

static struct xpath_value
list_value(const struct xpath_list *l)
{
    return xpath_value_nodes(l->items, l->count);
}

/* Enter the repeats on the way of a linked path. */
static struct xpath_list
enter(struct xpath_eval *e, struct tree_scope *scope,
      const struct xpath_path *path)
{
    struct xpath_list at = {0};
    struct xpath_item start = {&scope->node[0], 0, XPATH_ITEM_NODE};
    xpath_list_add(e, &at, start);
    for (uint32_t h = 0; h < path->hop_count && e->st == STATUS_OK; h++) {
        const struct xpath_hop *hop = &path->hop[h];
        struct xpath_list next = {0};
        for (uint32_t i = 0; i < at.count; i++) {
            uint32_t from = next.count;
            struct tree_scope *s =
                ((const struct filling_node *)at.items[i].ptr)->scope;
            if (hop->scope == XPATH_NONE) {
                struct xpath_item guard = {&s->node[hop->slot], 0,
                                           XPATH_ITEM_NODE};
                xpath_list_add(e, &next, guard);
            } else {
                struct tree_list *list = &s->list[hop->index];
                for (uint32_t k = 0; k < list->count; k++) {
                    struct xpath_item item = {&list->instance[k]->node[0], 0,
                                              XPATH_ITEM_NODE};
                    if (list->instance[k]->node[0].relevant) {
                        xpath_list_add(e, &next, item);
                    }
                }
            }
            filter(e, &next, from, hop->predicate, NULL);
        }
        at = next;
    }
    return at;
}

static void
eval_linked(struct xpath_eval *e, const struct xpath_path *path,
            struct xpath_value *out)
{
    struct xpath_item base =
        path->base == XPATH_BASE_CONTEXT ? e->context : e->current;
    *out = no_nodes;
    if (base.kind != XPATH_ITEM_NODE || path->base == XPATH_BASE_NOWHERE) {
        return;
    }
    struct tree_scope *s = ((const struct filling_node *)base.ptr)->scope;
    for (uint32_t i = 0; i < path->ups; i++) {
        s = s->parent;
    }
    if (path->hop_count == 0) {
        const struct filling_node *node = &s->node[path->slot];
        if (node->relevant || path->stays) {
            out->count = 1;
            out->one = (struct xpath_item){node, 0, XPATH_ITEM_NODE};
        }
        return;
    }
    struct xpath_list at = enter(e, s, path);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < at.count; i++) {
        struct tree_scope *in =
            ((const struct filling_node *)at.items[i].ptr)->scope;
        const struct filling_node *node = &in->node[path->slot];
        if (node->relevant) {
            at.items[kept++] = (struct xpath_item){node, 0, XPATH_ITEM_NODE};
        }
    }
    at.count = kept;
    *out = list_value(&at);
}

/* instance('x')/root/item[key = expr][more]/rest by the index. False when the
 * key is a number or several nodes: then every row must be asked. */
static bool
eval_indexed(struct xpath_eval *e, const struct xpath_path *path,
             struct xpath_value *out)
{
    struct xpath_value key;
    xpath_eval_node(e, path->index_key, &key);
    if (key.kind == XPATH_VALUE_NUMBER || key.kind == XPATH_VALUE_BOOLEAN
        || (key.kind == XPATH_VALUE_NODES && key.count > 1)) {
        return false;
    }
    const char *text = xpath_eval_text(e, &key);
    struct xpath_list rows = {0};
    const struct secondary *s = path->indexed;
    for (uint32_t row = secondary_index_first(s, path->index, text);
         row != SECONDARY_NONE && e->st == STATUS_OK;
         row = secondary_index_next(s, path->index, row, text)) {
        struct xpath_item item = {s, row, XPATH_ITEM_SECONDARY};
        xpath_list_add(e, &rows, item);
    }
    filter(e, &rows, 0, path->index_step->predicate, path->index_predicate);
    rows = follow(e, rows, path->index_step->next, NULL);
    *out = list_value(&rows);
    return true;
}

static void
eval_path(struct xpath_eval *e, const struct xpath_path *path,
          struct xpath_value *out)
{
    if (path->base != XPATH_BASE_NONE) {
        eval_linked(e, path, out);
        return;
    }
    if (path->index && eval_indexed(e, path, out)) {
        return;
    }
    struct xpath_list from = {0};
    if (path->root == XPATH_FROM_FILTER) {
        struct xpath_value v;
        xpath_eval_node(e, path->filter, &v);
        if (v.kind != XPATH_VALUE_NODES) {
            *out = path->step ? no_nodes : v;
            return;
        }
        for (uint32_t i = 0; i < v.count; i++) {
            xpath_list_add(e, &from, xpath_value_item(&v, i));
        }
        filter(e, &from, 0, path->filter_predicate, NULL);
    } else if (path->root == XPATH_FROM_DOCUMENT) {
        struct xpath_item document = {NULL, 0, XPATH_ITEM_DOCUMENT};
        xpath_list_add(e, &from, document);
    } else {
        xpath_list_add(e, &from, e->context);
    }
    from = follow(e, from, path->step, NULL);
    *out = list_value(&from);
}

/* -------------------------------------------------------------- operators */

static bool
numbers_hold(enum xpath_op op, double a, double b)
{
    switch ((int)op) {
    case XPATH_OP_EQ:
        return a <= b && a >= b;
    case XPATH_OP_NE:
        return !(a <= b && a >= b);
    case XPATH_OP_LT:
        return a < b;
    case XPATH_OP_LE:
        return a <= b;
    case XPATH_OP_GT:
        return a > b;
    default:
        return a >= b;
    }
}

static bool
scalars_hold(struct xpath_eval *e, enum xpath_op op,
             const struct xpath_value *a, const struct xpath_value *b)
{
    bool equality = op == XPATH_OP_EQ || op == XPATH_OP_NE;
    if (equality
        && (a->kind == XPATH_VALUE_BOOLEAN || b->kind == XPATH_VALUE_BOOLEAN)) {
        return (xpath_eval_boolean(e, a) == xpath_eval_boolean(e, b))
               == (op == XPATH_OP_EQ);
    }
    if (equality && a->kind != XPATH_VALUE_NUMBER
        && b->kind != XPATH_VALUE_NUMBER) {
        return (strcmp(xpath_eval_text(e, a), xpath_eval_text(e, b)) == 0)
               == (op == XPATH_OP_EQ);
    }
    return numbers_hold(op, xpath_eval_number(e, a), xpath_eval_number(e, b));
}

static struct xpath_value
item_value(const struct xpath_value *v, uint32_t i)
{
    struct xpath_item item = xpath_value_item(v, i);
    return xpath_value_nodes(&item, 1);
}

/* XPath compares node lists by "is there a pair". An empty list stands for an
 * unanswered question here and compares as "". */
static bool
compare(struct xpath_eval *e, enum xpath_op op, const struct xpath_value *a,
        const struct xpath_value *b)
{
    const struct xpath_value nothing = xpath_value_text("");
    bool many_a = a->kind == XPATH_VALUE_NODES && a->count > 1;
    bool many_b = b->kind == XPATH_VALUE_NODES && b->count > 1;
    if (a->kind == XPATH_VALUE_NODES && a->count == 0) {
        a = &nothing;
    }
    if (b->kind == XPATH_VALUE_NODES && b->count == 0) {
        b = &nothing;
    }
    if (!many_a && !many_b) {
        return scalars_hold(e, op, a, b);
    }
    uint32_t rows = many_a ? a->count : 1;
    uint32_t columns = many_b ? b->count : 1;
    for (uint32_t i = 0; i < rows; i++) {
        struct xpath_value left = many_a ? item_value(a, i) : *a;
        for (uint32_t k = 0; k < columns; k++) {
            struct xpath_value right = many_b ? item_value(b, k) : *b;
            if (scalars_hold(e, op, &left, &right)) {
                return true;
            }
        }
    }
    return false;
}

static int
by_place(const void *left, const void *right)
{
    const struct xpath_item *a = left;
    const struct xpath_item *b = right;
    if (a->ptr != b->ptr) {
        return (uintptr_t)a->ptr < (uintptr_t)b->ptr ? -1 : 1;
    }
    return a->id < b->id ? -1 : a->id > b->id;
}

static void
unite(struct xpath_eval *e, struct xpath_value *a, const struct xpath_value *b)
{
    struct xpath_list l = {0};
    if (a->kind != XPATH_VALUE_NODES || b->kind != XPATH_VALUE_NODES) {
        *a = no_nodes;
        return;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        xpath_list_add(e, &l, xpath_value_item(a, i));
    }
    for (uint32_t i = 0; i < b->count; i++) {
        xpath_list_add(e, &l, xpath_value_item(b, i));
    }
    uint32_t kept = 0;
    if (l.count > 1) {
        qsort(l.items, l.count, sizeof(*l.items), by_place);
    }
    for (uint32_t i = 0; i < l.count; i++) {
        if (i == 0 || by_place(&l.items[i - 1], &l.items[i]) != 0) {
            l.items[kept++] = l.items[i];
        }
    }
    l.count = kept;
    *a = list_value(&l);
}

static double
arithmetic(enum xpath_op op, double a, double b)
{
    switch ((int)op) {
    case XPATH_OP_ADD:
        return a + b;
    case XPATH_OP_SUB:
        return a - b;
    case XPATH_OP_MUL:
        return a * b;
    case XPATH_OP_DIV:
        return a / b;
    default:
        return fmod(a, b);
    }
}

static void
eval_chain(struct xpath_eval *e, const struct xpath_node *n,
           struct xpath_value *out)
{
    const struct xpath_node *operand = n->child;
    xpath_eval_node(e, operand, out);
    for (operand = operand->next; operand; operand = operand->next) {
        enum xpath_op op = (enum xpath_op)operand->op;
        if (op == XPATH_OP_OR || op == XPATH_OP_AND) {
            bool known = xpath_eval_boolean(e, out);
            *out = xpath_value_boolean(known);
            if (known == (op == XPATH_OP_OR)) {
                return;
            }
        }
        struct xpath_value right;
        xpath_eval_node(e, operand, &right);
        if (op == XPATH_OP_OR || op == XPATH_OP_AND) {
            *out = xpath_value_boolean(xpath_eval_boolean(e, &right));
        } else if (op == XPATH_OP_UNION) {
            unite(e, out, &right);
        } else if (op < XPATH_OP_ADD) {
            *out = xpath_value_boolean(compare(e, op, out, &right));
        } else {
            *out = xpath_value_number(arithmetic(op, xpath_eval_number(e, out),
                                                 xpath_eval_number(e, &right)));
        }
    }
}

static void
eval_call(struct xpath_eval *e, const struct xpath_node *n,
          struct xpath_value *out)
{
    const struct xpath_function *fn = n->u.function;
    if (fn->trait == XPATH_TRAIT_VOLATILE && e->filling->env.reproducible) {
        *out = xpath_value_text("");
        return;
    }
    if (fn->special) {
        fn->special(e, n, out);
        return;
    }
    struct xpath_value few[8];
    struct xpath_value *args = few;
    if (n->count > 8) {
        args = scratch_array(e->scratch, n->count, sizeof(*args));
        if (!args) {
            *out = xpath_value_text("");
            return;
        }
    }
    uint32_t i = 0;
    for (const struct xpath_node *a = n->child; a; a = a->next) {
        xpath_eval_node(e, a, &args[i++]);
    }
    fn->plain(e, args, n->count, out);
}

void
xpath_eval_node(struct xpath_eval *e, const struct xpath_node *n,
                struct xpath_value *out)
{
    if (e->st < 0) {
        *out = xpath_value_text("");
        return;
    }
    switch ((enum xpath_kind)n->kind) {
    case XPATH_NUMBER:
        *out = xpath_value_number(n->u.number);
        break;
    case XPATH_STRING:
        *out = xpath_value_text(n->u.text);
        break;
    case XPATH_CHAIN:
        eval_chain(e, n, out);
        break;
    case XPATH_NEGATE: {
        xpath_eval_node(e, n->child, out);
        double number = xpath_eval_number(e, out);
        *out = xpath_value_number(n->count == 1 ? -number : number);
        break;
    }
    case XPATH_CALL:
        eval_call(e, n, out);
        break;
    case XPATH_PATH:
    default:
        eval_path(e, n->u.path, out);
        break;
    }
}
/* NOLINTEND(misc-no-recursion) */
