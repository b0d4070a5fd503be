#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/model.h"
#include "form/vec.h"
#include "form/xpath.h"
#include "form/xpath_function.h"
#include "form/xpath_index.h"

#define READS_MAX 1000000
#define HOPS_MAX 32

struct linker {
    struct form *form;
    struct xpath *x;
    struct diag *d;
    const struct diag_where *where;
    uint32_t current;
    bool outside; /* current is a repeat, seen from the scope it stands in */
    struct xpath_read *read; /* owned until copied to the arena */
    uint32_t read_count;
    uint32_t read_cap;
    enum status st;
};

static void
failed(struct linker *l, enum status st)
{
    if (l->st == STATUS_OK && st < 0) {
        l->st = st;
    }
}

/* NOLINTBEGIN(misc-no-recursion): as deep as XPATH_NEST_MAX */
static void
link_node(struct linker *l, struct xpath_node *n,
          const struct xpath_scope *context);

static void
link_nodes(struct linker *l, struct xpath_node *n,
           const struct xpath_scope *context)
{
    for (; n && l->st == STATUS_OK; n = n->next) {
        link_node(l, n, context);
    }
}

/* ------------------------------------------------------------------ reads */

static void
add_read(struct linker *l, uint32_t def, uint32_t anchor, bool unordered)
{
    for (uint32_t i = l->read_count; i-- > 0;) {
        struct xpath_read *r = &l->read[i];
        if (r->def == def && r->anchor == anchor && r->unordered == unordered) {
            return;
        }
        if (l->read_count - i > 16) {
            break; /* a double is harmless, a long search is not */
        }
    }
    failed(l, vec_reserve(&l->read, &l->read_cap, (size_t)l->read_count + 1,
                          sizeof(*l->read), READS_MAX));
    if (l->st == STATUS_OK) {
        l->read[l->read_count++] = (struct xpath_read){def, anchor, unordered};
    }
}

/* A path that is stepped through by name may reach anything below. */
static void
read_below(struct linker *l, uint32_t def, uint32_t anchor)
{
    const struct form *f = l->form;
    uint32_t at = def;
    while (l->st == STATUS_OK) {
        add_read(l, at, anchor, false);
        if (f->def[at].child != MODEL_NONE) {
            at = f->def[at].child;
            continue;
        }
        while (at != def && f->def[at].next == MODEL_NONE) {
            at = f->def[at].parent;
        }
        if (at == def) {
            return;
        }
        at = f->def[at].next;
    }
}

/* --------------------------------------------------------- static resolving */

struct walk {
    uint32_t def; /* reached; MODEL_NONE: the document */
    uint32_t ups;
    struct xpath_hop hop[HOPS_MAX];
    uint32_t hop_count;
    uint32_t base_depth; /* of the scope it starts in */
    bool by_name;        /* gave up: must be stepped through */
    bool missing;        /* nothing is there */
};

/* Both reference engines let such a form pass, so it is no error. */
static void
warn_missing(struct linker *l, struct walk *w, const char *local)
{
    (void)diag_add(l->d, DIAG_WARNING, l->where,
                   N_("The expression “%.200s” refers to “%.100s”, and the "
                      "form has no such question there."),
                   l->x->source, local ? local : "..");
    w->missing = true;
}

static void
push_hop(struct linker *l, struct walk *w, uint32_t scope, uint32_t slot)
{
    if (w->hop_count == HOPS_MAX) {
        failed(l, STATUS_E_LIMIT);
        return;
    }
    struct xpath_hop *h = &w->hop[w->hop_count++];
    *h = (struct xpath_hop){.scope = scope, .slot = slot};
    if (scope != XPATH_NONE) {
        h->index = l->form->scope[scope].index;
    }
}

static void
walk_parent(struct linker *l, struct walk *w)
{
    const struct model_def *d = &l->form->def[w->def];
    if (w->def == MODEL_NONE) {
        warn_missing(l, w, NULL);
        return;
    }
    if (d->repeat != MODEL_NONE) {
        if (w->hop_count > 0 && w->hop[w->hop_count - 1].scope == d->repeat) {
            w->hop_count--;
        } else if (!l->outside || w->def != l->current) {
            w->ups++;
        }
    }
    w->def = d->parent;
}

static void
walk_child(struct linker *l, struct walk *w, uint32_t child)
{
    w->def = child;
    if (l->form->def[child].repeat != MODEL_NONE) {
        push_hop(l, w, l->form->def[child].repeat, 0);
    }
}

/* The first def of that name below, and the repeats on the way to it. */
static void
walk_descendant(struct linker *l, struct walk *w, const char *local)
{
    const struct form *f = l->form;
    uint32_t top = w->def;
    uint32_t found = MODEL_NONE;
    for (uint32_t i = 0; i < f->def_count && found == MODEL_NONE; i++) {
        if (strcmp(f->def[i].local, local) != 0) {
            continue;
        }
        uint32_t at = f->def[i].parent;
        while (at != top && at != MODEL_NONE) {
            at = f->def[at].parent;
        }
        found = at == top ? i : MODEL_NONE;
    }
    if (found == MODEL_NONE) {
        warn_missing(l, w, local);
        return;
    }
    uint32_t chain[MODEL_XML_DEPTH_MAX];
    uint32_t n = 0;
    for (uint32_t at = found; at != top; at = f->def[at].parent) {
        chain[n++] = at;
    }
    while (n-- > 0) {
        walk_child(l, w, chain[n]);
    }
}

static void
walk_predicates(struct linker *l, struct walk *w, struct xpath_step *step,
                uint32_t anchor_max)
{
    if (!step->predicate || l->st < 0 || w->def == MODEL_NONE) {
        return;
    }
    uint32_t anchor = w->base_depth - w->ups;
    struct xpath_scope inner = {
        .def = w->def, .anchor_max = anchor < anchor_max ? anchor : anchor_max};
    link_nodes(l, step->predicate, &inner);
    const struct model_def *d = &l->form->def[w->def];
    if (d->repeat == MODEL_NONE || w->hop_count == 0
        || w->hop[w->hop_count - 1].scope != d->repeat) {
        push_hop(l, w, XPATH_NONE, d->slot);
    }
    if (l->st == STATUS_OK) {
        w->hop[w->hop_count - 1].predicate = step->predicate;
    }
}

static void
walk_steps(struct linker *l, struct walk *w, struct xpath_step *step,
           uint32_t anchor_max)
{
    const struct form *f = l->form;
    for (; step && l->st == STATUS_OK && !w->by_name && !w->missing;
         step = step->next) {
        if (step->axis == XPATH_PARENT) {
            walk_parent(l, w);
        } else if (step->axis == XPATH_DESCENDANT && step->local) {
            walk_descendant(l, w, step->local);
        } else if (step->axis != XPATH_SELF) {
            if (!step->local) {
                w->by_name = true;
                break;
            }
            uint32_t child = model_child_named(f, w->def, step->local);
            if (child == MODEL_NONE) {
                warn_missing(l, w, step->local);
                break;
            }
            walk_child(l, w, child);
        }
        if (w->missing) {
            break;
        }
        walk_predicates(l, w, step, anchor_max);
    }
    for (; step && l->st == STATUS_OK; step = step->next) {
        struct xpath_scope unknown = {.unknown = true, .def = MODEL_NONE};
        link_nodes(l, step->predicate, &unknown);
    }
}

/* An absolute path means the instance the expression stands in wherever both go
 * through the same repeat; a path that ends at the repeat means all of them. */
static void
bind_to_own_instances(struct linker *l, struct walk *w, uint32_t scope)
{
    const struct form *f = l->form;
    uint32_t chain[MODEL_SCOPE_DEPTH_MAX + 1] = {0};
    for (uint32_t s = scope, d = f->scope[scope].depth + 1; d-- > 0;
         s = f->scope[s].parent) {
        chain[d] = s;
    }
    uint32_t bound = 0;
    while (bound < w->hop_count && w->ups > 0 && !w->hop[bound].predicate
           && w->hop[bound].scope == chain[bound + 1]
           && !(bound + 1 == w->hop_count
                && f->def[w->def].repeat == w->hop[bound].scope)) {
        bound++;
        w->ups--;
    }
    w->hop_count -= bound;
    memmove(w->hop, w->hop + bound, w->hop_count * sizeof(w->hop[0]));
}

static bool
is_above(const struct form *f, uint32_t above, uint32_t def)
{
    while (def != MODEL_NONE && def != above) {
        def = f->def[def].parent;
    }
    return def == above;
}

static void
finish_walk(struct linker *l, struct walk *w, struct xpath_path *path,
            uint32_t from, uint32_t anchor_max)
{
    const struct form *f = l->form;
    uint32_t anchor = w->base_depth - w->ups;
    anchor = anchor < anchor_max ? anchor : anchor_max;
    if (w->def == MODEL_NONE || w->by_name) {
        path->base = XPATH_BASE_NONE;
        read_below(l, w->def == MODEL_NONE ? 0 : w->def, anchor);
        return;
    }
    path->def = w->def;
    path->ups = w->ups;
    path->slot = f->def[w->def].slot;
    path->hop_count = w->hop_count;
    path->stays = w->hop_count == 0 && is_above(f, w->def, from);
    if (w->hop_count > 0) {
        path->hop =
            arena_array(&l->form->arena, w->hop_count, sizeof(*path->hop));
        if (!path->hop) {
            failed(l, STATUS_E_NOMEM);
            return;
        }
        memcpy(path->hop, w->hop, w->hop_count * sizeof(*path->hop));
    }
    add_read(l, w->def, anchor, path->stays && f->def[w->def].group);
}

static void
link_primary(struct linker *l, struct xpath_path *path, uint32_t from,
             uint32_t anchor_max)
{
    const struct form *f = l->form;
    uint32_t scope = f->def[from].scope;
    if (l->outside && from == l->current) {
        scope = f->scope[scope].parent;
    }
    struct walk w = {.def = from, .base_depth = f->scope[scope].depth};
    if (path->root == XPATH_FROM_DOCUMENT) {
        w.def = MODEL_NONE;
        w.ups = w.base_depth;
    }
    walk_steps(l, &w, path->step, anchor_max);
    if (l->st < 0) {
        return;
    }
    if (w.missing) {
        path->base = XPATH_BASE_NOWHERE;
        return;
    }
    if (path->root == XPATH_FROM_DOCUMENT && !w.by_name
        && w.def != MODEL_NONE) {
        bind_to_own_instances(l, &w, scope);
    }
    finish_walk(l, &w, path, from, anchor_max);
}

static void
link_by_name(struct linker *l, struct xpath_path *path,
             const struct xpath_scope *scope)
{
    for (struct xpath_step *s = path->step; s && l->st == STATUS_OK;
         s = s->next) {
        s->name = s->local
                      ? names_find(&l->form->names, s->local, strlen(s->local))
                      : XPATH_NONE;
        link_nodes(l, s->predicate, scope);
    }
}

/* ------------------------------------------------------------------ nodes */

static struct xpath_scope
result_scope(const struct form *f, const struct xpath_node *n, uint32_t current,
             const struct xpath_scope *context)
{
    struct xpath_scope unknown = {.def = MODEL_NONE, .unknown = true};
    if (n->kind == XPATH_PATH) {
        const struct xpath_path *p = n->u.path;
        if (p->def != XPATH_NONE) {
            return (struct xpath_scope){.def = p->def, .anchor_max = 0};
        }
        if (p->root == XPATH_FROM_FILTER) {
            return result_scope(f, p->filter, current, context);
        }
        return p->root == XPATH_FROM_CONTEXT && context->secondary ? *context
                                                                   : unknown;
    }
    if (n->kind != XPATH_CALL) {
        return unknown;
    }
    const struct secondary *s = xpath_index_instance(f, n);
    if (s) {
        return (struct xpath_scope){.def = MODEL_NONE,
                                    .secondary = s,
                                    .anchor_max = context->anchor_max};
    }
    if (n->u.function->trait == XPATH_TRAIT_CURRENT) {
        return (struct xpath_scope){.def = current, .anchor_max = UINT32_MAX};
    }
    if (n->u.function->trait == XPATH_TRAIT_SAME_NODES) {
        return result_scope(f, n->child, current, context);
    }
    return unknown;
}

static void
link_filter_path(struct linker *l, struct xpath_path *path,
                 const struct xpath_scope *context)
{
    link_node(l, path->filter, context);
    struct xpath_scope scope =
        result_scope(l->form, path->filter, l->current, context);
    bool is_current = path->filter->kind == XPATH_CALL
                      && path->filter->u.function->trait == XPATH_TRAIT_CURRENT
                      && !path->filter_predicate;
    if (is_current) {
        path->base = XPATH_BASE_CURRENT;
        link_primary(l, path, l->current, UINT32_MAX);
        return;
    }
    link_nodes(l, path->filter_predicate, &scope);
    if (scope.def != MODEL_NONE && path->step) {
        read_below(l, scope.def, 0);
    }
    struct xpath_scope inner = scope;
    if (!inner.secondary) {
        inner = (struct xpath_scope){.def = MODEL_NONE, .unknown = true};
    }
    link_by_name(l, path, &inner);
    if (l->st == STATUS_OK) {
        failed(l, xpath_index_find(l->form, path));
    }
}

static void
link_path(struct linker *l, struct xpath_path *path,
          const struct xpath_scope *context)
{
    bool primary = !context->secondary && !context->unknown;
    if (path->root == XPATH_FROM_FILTER) {
        link_filter_path(l, path, context);
    } else if (primary) {
        path->base = XPATH_BASE_CONTEXT;
        link_primary(l, path, context->def, context->anchor_max);
    } else if (path->root == XPATH_FROM_DOCUMENT) {
        path->base = XPATH_BASE_CURRENT;
        link_primary(l, path, l->current, UINT32_MAX);
    } else {
        link_by_name(l, path, context);
    }
}

static void
keep_regex(struct linker *l, struct xpath_node *call)
{
    struct form *f = l->form;
    if (!call->child || !call->child->next
        || call->child->next->kind != XPATH_STRING) {
        return;
    }
    call->regex = xpath_regex_compile(call->child->next->u.text);
    if (!call->regex) {
        l->st = diag_add(l->d, DIAG_ERROR, l->where,
                         N_("The pattern “%.200s” of regex() cannot be "
                            "understood."),
                         call->child->next->u.text);
        return;
    }
    enum status st =
        vec_reserve(&f->regex, &f->regex_cap, (size_t)f->regex_count + 1,
                    sizeof(*f->regex), MODEL_DEFS_MAX);
    if (st < 0) {
        xpath_regex_free(call->regex);
        call->regex = NULL;
        failed(l, st);
        return;
    }
    f->regex[f->regex_count++] = call->regex;
}

static void
add_reads_of(struct linker *l, const struct xpath *x)
{
    for (uint32_t i = 0; x && i < x->read_count; i++) {
        add_read(l, x->read[i].def, 0, x->read[i].unordered);
    }
}

/* jr:choice-name(value, 'path of the question') */
static void
link_choice_name(struct linker *l, struct xpath_node *call)
{
    struct form *f = l->form;
    l->x->reads_language = true;
    struct xpath_node *arg = call->child ? call->child->next : NULL;
    if (!arg || arg->kind != XPATH_STRING) {
        return;
    }
    struct xpath *path = NULL;
    failed(l, xpath_parse(arg->u.text, strlen(arg->u.text), &f->arena, l->d,
                          l->where, &path));
    if (l->st < 0 || path->root->kind != XPATH_PATH) {
        return;
    }
    struct walk w = {.def = l->current,
                     .base_depth = f->scope[f->def[l->current].scope].depth};
    if (path->root->u.path->root == XPATH_FROM_DOCUMENT) {
        w.def = MODEL_NONE;
        w.ups = w.base_depth;
    }
    walk_steps(l, &w, path->root->u.path->step, UINT32_MAX);
    if (l->st < 0 || w.def == MODEL_NONE || w.missing) {
        return;
    }
    arg->u.text = f->def[w.def].path;
    if (f->def[w.def].control == MODEL_NONE) {
        return;
    }
    struct model_control *c = &f->control[f->def[w.def].control];
    add_reads_of(l, c->itemset);
    add_reads_of(l, c->item_label);
    const struct secondary *rows = NULL;
    uint32_t parent = 0;
    uint32_t row = 0;
    uint32_t name = c->item_value ? xpath_column_of(c->item_value) : XPATH_NONE;
    if (!c->itemset || name == XPATH_NONE || c->dictionary
        || !xpath_rows_of(f, c->itemset, &rows, &parent, &row)) {
        return;
    }
    for (uint32_t i = 0; i < f->secondary_count; i++) {
        if (f->secondary[i] == rows) {
            failed(l, secondary_index_add(f->secondary[i], parent, row, name,
                                          &c->by_name));
        }
    }
    c->dictionary = c->by_name ? rows : NULL;
}

/* pulldata('file', 'column', 'key column', key) */
static void
link_pulldata(struct linker *l, const struct xpath_node *call)
{
    struct form *f = l->form;
    const struct xpath_node *file = call->child;
    const struct xpath_node *key = file && file->next ? file->next->next : NULL;
    if (!key || file->kind != XPATH_STRING || key->kind != XPATH_STRING) {
        return;
    }
    for (uint32_t i = 0; i < f->secondary_count; i++) {
        struct secondary *s = f->secondary[i];
        uint32_t root = secondary_first(s, 0);
        uint32_t name = names_find(&f->names, key->u.text, strlen(key->u.text));
        if (strcmp(s->id, file->u.text) != 0 || root == SECONDARY_NONE
            || secondary_first(s, root) == SECONDARY_NONE
            || name == NAMES_NONE) {
            continue;
        }
        const struct secondary_index *ix = NULL;
        failed(l, secondary_index_add(s, root,
                                      s->node[secondary_first(s, root)].name,
                                      name, &ix));
    }
}

static void
link_call(struct linker *l, struct xpath_node *n,
          const struct xpath_scope *context)
{
    struct xpath_scope any = *context;
    bool indexed = n->u.function->trait == XPATH_TRAIT_INDEXED;
    uint32_t place = 0;
    any.anchor_max = 0;
    for (struct xpath_node *a = n->child; a && l->st == STATUS_OK;
         a = a->next, place++) {
        bool nodes = indexed && (place == 0 || place % 2 == 1);
        link_node(l, a, nodes ? &any : context);
    }
    if (l->st < 0) {
        return;
    }
    switch ((int)n->u.function->trait) {
    case XPATH_TRAIT_CHOICE_NAME:
        link_choice_name(l, n);
        break;
    case XPATH_TRAIT_PULLDATA:
        link_pulldata(l, n);
        break;
    case XPATH_TRAIT_LANGUAGE:
        l->x->reads_language = true;
        break;
    default:
        if (strcmp(n->u.function->name, "regex") == 0) {
            keep_regex(l, n);
        }
        break;
    }
}

static void
link_node(struct linker *l, struct xpath_node *n,
          const struct xpath_scope *context)
{
    if (n->kind == XPATH_PATH) {
        link_path(l, n->u.path, context);
    } else if (n->kind == XPATH_CALL) {
        link_call(l, n, context);
    } else {
        link_nodes(l, n->child, context);
    }
}
/* NOLINTEND(misc-no-recursion) */

enum status
xpath_link(struct form *f, struct xpath *x, uint32_t current,
           const struct xpath_scope *context, struct diag *d,
           const struct diag_where *where)
{
    struct linker l = {
        .form = f, .x = x, .d = d, .where = where, .current = current};
    l.outside = context->outside;
    x->context = current;
    link_node(&l, x->root, context);
    if (l.st == STATUS_OK && l.read_count > 0) {
        x->read = arena_array(&f->arena, l.read_count, sizeof(*x->read));
        if (x->read) {
            memcpy(x->read, l.read, l.read_count * sizeof(*x->read));
            x->read_count = l.read_count;
        } else {
            l.st = STATUS_E_NOMEM;
        }
    }
    free(l.read);
    return l.st;
}

struct xpath_scope
xpath_result_scope(const struct form *f, const struct xpath *x,
                   uint32_t current, const struct xpath_scope *context)
{
    return result_scope(f, x->root, current, context);
}

bool
xpath_rows_of(const struct form *f, const struct xpath *x,
              const struct secondary **out_secondary, uint32_t *out_parent,
              uint32_t *out_row)
{
    const struct xpath_node *n = x->root;
    while (n->kind == XPATH_CALL
           && n->u.function->trait == XPATH_TRAIT_SAME_NODES) {
        n = n->child;
    }
    if (n->kind != XPATH_PATH || n->u.path->root != XPATH_FROM_FILTER
        || !n->u.path->step) {
        return false;
    }
    const struct secondary *s = xpath_index_instance(f, n->u.path->filter);
    uint32_t at = 0;
    const struct xpath_step *step = n->u.path->step;
    for (; s && step->next && at != SECONDARY_NONE; step = step->next) {
        at = step->axis == XPATH_CHILD ? secondary_child(s, at, step->name)
                                       : SECONDARY_NONE;
    }
    if (!s || at == SECONDARY_NONE || step->axis != XPATH_CHILD
        || step->name == XPATH_NONE) {
        return false;
    }
    *out_secondary = s;
    *out_parent = at;
    *out_row = step->name;
    return true;
}

uint32_t
xpath_column_of(const struct xpath *x)
{
    return xpath_index_column(x->root);
}
