#include "form/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/vec.h"

enum status
tree_set_value(struct filling_node *n, const char *value)
{
    char *copy = NULL;
    if (*value) {
        size_t len = strlen(value);
        copy = malloc(len + 1);
        if (!copy) {
            return log_oom("form");
        }
        memcpy(copy, value, len + 1);
    }
    if (n->value) {
        buf_wipe(n->value, strlen(n->value));
        free(n->value);
    }
    n->value = copy;
    return STATUS_OK;
}

static void
free_nodes(const struct form *f, struct tree_scope *s)
{
    const struct model_scope *m = &f->scope[s->scope];
    for (uint32_t i = 0; i < m->slot_count; i++) {
        if (s->node[i].value) {
            buf_wipe(s->node[i].value, strlen(s->node[i].value));
            free(s->node[i].value);
        }
    }
    for (uint32_t i = 0; i < m->child_count; i++) {
        free(s->list[i].instance);
    }
    free(s->list);
    free(s);
}

struct tree_scope *
tree_scope_new(const struct form *f, uint32_t scope, struct tree_scope *parent)
{
    const struct model_scope *m = &f->scope[scope];
    struct tree_scope *s =
        calloc(1, sizeof(*s) + m->slot_count * sizeof(s->node[0]));
    if (!s) {
        (void)!log_oom("form");
        return NULL;
    }
    s->scope = scope;
    s->parent = parent;
    if (m->child_count > 0) {
        s->list = calloc(m->child_count, sizeof(*s->list));
        if (!s->list) {
            (void)!log_oom("form");
            free(s);
            return NULL;
        }
    }
    for (uint32_t i = 0; i < m->slot_count; i++) {
        struct filling_node *n = &s->node[i];
        n->scope = s;
        n->def = m->slot[i];
        n->own = true;
        n->relevant = true;
    }
    for (uint32_t i = 0; i < m->slot_count; i++) {
        const char *initial = f->def[m->slot[i]].initial;
        if (*initial && tree_set_value(&s->node[i], initial) < 0) {
            free_nodes(f, s);
            return NULL;
        }
    }
    return s;
}

/* The deepest last instance below; freed first, so that nothing recurses. */
static struct tree_scope *
last_below(const struct form *f, struct tree_scope *s)
{
    bool deeper = true;
    while (deeper) {
        deeper = false;
        for (uint32_t i = 0; i < f->scope[s->scope].child_count; i++) {
            if (s->list[i].count > 0) {
                s = s->list[i].instance[s->list[i].count - 1];
                deeper = true;
                break;
            }
        }
    }
    return s;
}

uint32_t
tree_scope_free(const struct form *f, struct tree_scope *s)
{
    uint32_t freed = 1;
    struct tree_scope *last = last_below(f, s);
    while (last != s) {
        last->parent->list[f->scope[last->scope].index].count--;
        free_nodes(f, last);
        freed++;
        last = last_below(f, s);
    }
    free_nodes(f, s);
    return freed;
}

enum status
tree_list_append(const struct form *f, struct tree_scope *parent,
                 struct tree_scope *child)
{
    struct tree_list *l = &parent->list[f->scope[child->scope].index];
    enum status st =
        vec_reserve(&l->instance, &l->cap, (size_t)l->count + 1,
                    sizeof(struct tree_scope *), FILLING_REPEAT_MAX);
    if (st < 0) {
        return st;
    }
    child->position = l->count;
    l->instance[l->count++] = child;
    return STATUS_OK;
}

struct tree_scope *
tree_scope_at_depth(const struct form *f, struct tree_scope *s, uint32_t depth)
{
    while (s && f->scope[s->scope].depth > depth) {
        s = s->parent;
    }
    return s;
}

/* -------------------------------------------------------------- instances */

/* NOLINTBEGIN(misc-no-recursion): as deep as MODEL_SCOPE_DEPTH_MAX */
/* First instance of `scope` at or below s, or NULL. */
static struct tree_scope *
first_below(const struct form *f, struct tree_scope *s, uint32_t scope);

/* The scope on the way from one directly inside `above` to `scope`. */
static uint32_t
on_the_way(const struct form *f, uint32_t above, uint32_t scope)
{
    while (f->scope[scope].parent != above) {
        scope = f->scope[scope].parent;
    }
    return scope;
}

/* First instance at or after position `from` of the list, and inside it. */
static struct tree_scope *
first_in_list(const struct form *f, struct tree_list *l, uint32_t from,
              uint32_t scope)
{
    for (uint32_t i = from; i < l->count; i++) {
        struct tree_scope *found = first_below(f, l->instance[i], scope);
        if (found) {
            return found;
        }
    }
    return NULL;
}

static struct tree_scope *
first_below(const struct form *f, struct tree_scope *s, uint32_t scope)
{
    if (s->scope == scope) {
        return s;
    }
    uint32_t child = on_the_way(f, s->scope, scope);
    return first_in_list(f, &s->list[f->scope[child].index], 0, scope);
}
/* NOLINTEND(misc-no-recursion) */

struct tree_scope *
tree_next_instance(const struct form *f, struct tree_scope *from,
                   uint32_t scope, struct tree_scope *at)
{
    if (!at) {
        return first_below(f, from, scope);
    }
    while (at != from) {
        struct tree_list *l = &at->parent->list[f->scope[at->scope].index];
        struct tree_scope *found = first_in_list(f, l, at->position + 1, scope);
        if (found) {
            return found;
        }
        at = at->parent;
    }
    return NULL;
}

/* ------------------------------------------------------------------- nodes */

struct filling_node *
tree_parent(const struct form *f, const struct filling_node *n)
{
    const struct model_def *d = &f->def[n->def];
    if (d->parent == MODEL_NONE) {
        return NULL;
    }
    assert(n->scope);
    struct tree_scope *s =
        d->repeat == MODEL_NONE ? n->scope : n->scope->parent;
    return &s->node[f->def[d->parent].slot];
}

/* First node of the defs from `def` on, among siblings in that scope. */
static struct filling_node *
first_from(const struct form *f, struct tree_scope *s, uint32_t def)
{
    assert(s);
    for (; def != MODEL_NONE; def = f->def[def].next) {
        const struct model_def *d = &f->def[def];
        if (d->repeat == MODEL_NONE) {
            return &s->node[d->slot];
        }
        struct tree_list *l = &s->list[f->scope[d->repeat].index];
        if (l->count > 0) {
            return &l->instance[0]->node[0];
        }
    }
    return NULL;
}

struct filling_node *
tree_next(const struct form *f, struct filling_node *n,
          const struct filling_node *stop, bool skip)
{
    struct filling_node *found =
        skip ? NULL : first_from(f, n->scope, f->def[n->def].child);
    while (!found && n && n != stop) {
        const struct model_def *d = &f->def[n->def];
        struct tree_scope *s = n->scope;
        if (d->repeat != MODEL_NONE && s && s->parent) {
            s = s->parent;
            struct tree_list *l = &s->list[f->scope[d->repeat].index];
            if (n->scope->position + 1 < l->count) {
                return &l->instance[n->scope->position + 1]->node[0];
            }
        }
        found = first_from(f, s, d->next);
        if (!found) {
            n = tree_parent(f, n);
        }
    }
    return found;
}
