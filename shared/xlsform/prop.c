#include "xlsform/prop.h"

#include <string.h>

struct prop *
prop_find(struct prop *list, const char *key)
{
    for (struct prop *q = list; q; q = q->next) {
        if (strcmp(q->key, key) == 0) {
            return q;
        }
    }
    return NULL;
}

const char *
prop_text(struct prop *list, const char *key)
{
    const struct prop *q = prop_find(list, key);
    return q ? q->text : NULL;
}

struct prop *
prop_branch(struct prop *list, const char *key)
{
    const struct prop *q = prop_find(list, key);
    return q ? q->child : NULL;
}

struct prop *
prop_put(struct pool *p, struct prop **list, const char *key)
{
    struct prop **at = list;
    while (*at) {
        if (strcmp((*at)->key, key) == 0) {
            return *at;
        }
        at = &(*at)->next;
    }
    struct prop *q = pool_alloc(p, sizeof(*q));
    if (q) {
        q->key = key;
        *at = q;
    }
    return q;
}

void
prop_set(struct pool *p, struct prop **list, const char *key, const char *text)
{
    struct prop *q = prop_put(p, list, key);
    if (q) {
        q->text = text;
        q->child = NULL;
    }
}

void
prop_set_in(struct pool *p, struct prop **list, const char *branch,
            const char *key, const char *text)
{
    struct prop *q = prop_put(p, list, branch);
    if (q) {
        q->text = NULL;
        prop_set(p, &q->child, key, text);
    }
}

void
prop_remove(struct prop **list, const char *key)
{
    for (struct prop **at = list; *at; at = &(*at)->next) {
        if (strcmp((*at)->key, key) == 0) {
            *at = (*at)->next;
            return;
        }
    }
}

/* Depth is bounded by the number of "::" parts that header.c accepts. */
struct prop *
prop_copy(struct pool *p, const struct prop *list) // NOLINT(misc-no-recursion)
{
    struct prop *first = NULL;
    struct prop **at = &first;
    for (const struct prop *q = list; q; q = q->next) {
        struct prop *copy = pool_alloc(p, sizeof(*copy));
        if (!copy) {
            break;
        }
        copy->key = q->key;
        copy->text = q->text;
        copy->child = prop_copy(p, q->child);
        *at = copy;
        at = &copy->next;
    }
    return first;
}
