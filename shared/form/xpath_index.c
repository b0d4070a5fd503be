#include "form/xpath_index.h"

#include <string.h>

#include "form/xpath_function.h"

const struct secondary *
xpath_index_instance(const struct form *f, const struct xpath_node *n)
{
    if (n->kind != XPATH_CALL || n->u.function->trait != XPATH_TRAIT_INSTANCE
        || n->child->kind != XPATH_STRING) {
        return NULL;
    }
    return model_secondary(f, n->child->u.text);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as XPATH_NEST_MAX */

/* Whether the value is the same for every row it could be asked for. */
static bool
same_for_all_rows(const struct xpath_node *n)
{
    if (n->kind == XPATH_PATH) {
        return n->u.path->base == XPATH_BASE_CURRENT
               || (n->u.path->root == XPATH_FROM_FILTER
                   && same_for_all_rows(n->u.path->filter));
    }
    if (n->kind == XPATH_CALL) {
        bool bare = n->u.function->args_max == 0
                    && strcmp(n->u.function->name, "last") != 0;
        if (n->count == 0 && !bare) {
            return false;
        }
    }
    if (n->kind == XPATH_NUMBER || n->kind == XPATH_STRING) {
        return true;
    }
    for (const struct xpath_node *c = n->child; c; c = c->next) {
        if (!same_for_all_rows(c)) {
            return false;
        }
    }
    return true;
}

static bool
asks_position(const struct xpath_node *n)
{
    if (n->kind == XPATH_CALL && n->count == 0
        && (strcmp(n->u.function->name, "position") == 0
            || strcmp(n->u.function->name, "last") == 0)) {
        return true;
    }
    for (const struct xpath_node *c = n->kind == XPATH_PATH ? NULL : n->child;
         c; c = c->next) {
        if (asks_position(c)) {
            return true;
        }
    }
    return false;
}

/* NOLINTEND(misc-no-recursion) */

uint32_t
xpath_index_column(const struct xpath_node *n)
{
    if (n->kind != XPATH_PATH) {
        return XPATH_NONE;
    }
    const struct xpath_path *p = n->u.path;
    const struct xpath_step *s = p->step;
    if (p->root != XPATH_FROM_CONTEXT || !s) {
        return XPATH_NONE;
    }
    if (s->axis == XPATH_SELF && !s->predicate && s->next) {
        s = s->next; /* "./name" */
    }
    return s->axis == XPATH_CHILD && s->local && !s->next && !s->predicate
               ? s->name
               : XPATH_NONE;
}

/* column = value, either way round. */
static struct xpath_node *
equality(struct xpath_node *n, uint32_t *out_column)
{
    if (n->kind != XPATH_CHAIN || n->count != 2
        || n->child->next->op != XPATH_OP_EQ) {
        return NULL;
    }
    struct xpath_node *a = n->child;
    struct xpath_node *b = a->next;
    *out_column = xpath_index_column(a);
    if (*out_column != XPATH_NONE && same_for_all_rows(b)) {
        return b;
    }
    *out_column = xpath_index_column(b);
    return *out_column != XPATH_NONE && same_for_all_rows(a) ? a : NULL;
}

static struct xpath_node *
indexable(struct xpath_node *predicate, uint32_t *out_column, bool *out_whole)
{
    struct xpath_node *key = equality(predicate, out_column);
    *out_whole = key != NULL;
    if (key || predicate->kind != XPATH_CHAIN
        || predicate->child->next->op != XPATH_OP_AND
        || asks_position(predicate)) {
        return key;
    }
    for (struct xpath_node *c = predicate->child; c && !key; c = c->next) {
        key = equality(c, out_column);
    }
    return key;
}

enum status
xpath_index_find(struct form *f, struct xpath_path *path)
{
    const struct secondary *s = xpath_index_instance(f, path->filter);
    uint32_t at = 0;
    struct xpath_step *step = path->step;
    if (!s || path->filter_predicate) {
        return STATUS_OK;
    }
    while (step && !step->predicate) {
        if (step->axis != XPATH_CHILD || !step->local) {
            return STATUS_OK;
        }
        at = secondary_child(s, at, step->name);
        if (at == SECONDARY_NONE) {
            return STATUS_OK;
        }
        for (uint32_t other = secondary_next(s, at); other != SECONDARY_NONE;
             other = secondary_next(s, other)) {
            if (s->node[other].name == step->name) {
                return STATUS_OK; /* rows in several places */
            }
        }
        step = step->next;
    }
    if (!step || step->axis != XPATH_CHILD || !step->local
        || step->name == NAMES_NONE) {
        return STATUS_OK;
    }
    uint32_t key_column = XPATH_NONE;
    bool whole = false;
    struct xpath_node *key = indexable(step->predicate, &key_column, &whole);
    if (!key || key_column == XPATH_NONE) {
        return STATUS_OK;
    }
    for (uint32_t i = 0; i < f->secondary_count; i++) {
        if (f->secondary[i] == s) {
            enum status st = secondary_index_add(
                f->secondary[i], at, step->name, key_column, &path->index);
            if (st < 0) {
                return st;
            }
        }
    }
    path->indexed = s;
    path->index_step = step;
    path->index_key = key;
    path->index_predicate = whole ? step->predicate : NULL;
    return STATUS_OK;
}
