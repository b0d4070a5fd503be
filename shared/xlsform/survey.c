#include "xlsform/survey.h"

#include <string.h>

#include "xlsform/spelling.h"

struct element *
survey_add(struct survey *s, struct element *parent, enum element_kind kind,
           const char *name, const char *type)
{
    struct element *e = pool_alloc(s->pool, sizeof(*e));
    if (!e) {
        return NULL;
    }
    e->kind = kind;
    e->name = name;
    e->type = type;
    e->parent = parent;
    e->path = "";
    if (!parent) {
        return e;
    }
    if (parent->last) {
        parent->last->next = e;
    } else {
        parent->first = e;
    }
    parent->last = e;
    return e;
}

struct element *
survey_next(const struct element *top, struct element *e)
{
    if (e->first) {
        return e->first;
    }
    while (e != top && !e->next) {
        e = e->parent;
    }
    return e == top ? NULL : e->next;
}

static const char *
path_of(struct survey *s, const struct element *e)
{
    const char *above = e->parent ? e->parent->path : "";
    if (e->flat && e->parent) {
        return above;
    }
    return pool_printf(s->pool,
                       e->kind == ELEMENT_ATTRIBUTE ? "%s/@%s" : "%s/%s", above,
                       e->name);
}

void
survey_index(struct survey *s)
{
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        e->path = path_of(s, e);
        if (e->kind == ELEMENT_EXTERNAL || e->kind == ELEMENT_ATTRIBUTE
            || e->unnamed) {
            continue;
        }
        void **slot = name_map_put(&s->names, s->pool, e->name);
        if (!slot) {
            return;
        }
        if (!*slot) {
            *slot = e;
            continue;
        }
        slot = name_map_put(&s->repeated, s->pool, e->name);
        if (slot) {
            *slot = e;
        }
    }
}

struct element *
survey_repeat_of(const struct element *e)
{
    struct element *up = e->parent;
    while (up && up->kind != ELEMENT_REPEAT) {
        up = up->parent;
    }
    return up;
}

const char *
survey_path_from(struct survey *s, const struct element *e,
                 const struct element *from)
{
    const char *path = "";
    for (; e && e != from; e = e->parent) {
        if (!e->flat) {
            path = pool_printf(s->pool, "/%s%s", e->name, path);
        }
    }
    return path;
}

struct itemset *
survey_itemset(const struct survey *s, const char *name)
{
    return name_map_get(&s->itemset_by_name, name);
}

struct itemset *
survey_add_itemset(struct survey *s, const char *name)
{
    struct itemset *set = pool_alloc(s->pool, sizeof(*set));
    void **slot = name_map_put(&s->itemset_by_name, s->pool, name);
    if (!set || !slot) {
        return NULL;
    }
    set->name = name;
    *slot = set;
    if (s->last_itemset) {
        s->last_itemset->next = set;
    } else {
        s->itemsets = set;
    }
    s->last_itemset = set;
    return set;
}

void
survey_add_option(struct survey *s, struct itemset *set, const char *name,
                  struct prop *cells, const struct table_row *row)
{
    struct option *o = pool_alloc(s->pool, sizeof(*o));
    if (!o) {
        return;
    }
    o->name = name;
    o->cells = cells;
    o->row = row;
    if (set->last) {
        set->last->next = o;
    } else {
        set->first = o;
    }
    set->last = o;
    set->count++;
}

struct diag_where
survey_where(const struct survey *s, const struct table_row *row,
             const char *first, const char *second)
{
    return table_where(s->table[TABLE_SURVEY], row, first, second);
}

const char *
survey_similar_sheets(struct survey *s, const char *wanted)
{
    const char *list = "";
    for (const struct workbook_sheet *w = s->wb->first; w; w = w->next) {
        if (w->name[0] == '_' || strcmp(w->name, wanted) == 0
            || spelling_distance(w->name, wanted, 2) > 2) {
            continue;
        }
        list =
            pool_printf(s->pool, "%s%s“%s”", list, *list ? ", " : "", w->name);
    }
    return list;
}

bool
survey_prefix_known(const struct survey *s, const char *name)
{
    static const char *const own[] = {"h",   "ev",  "xsd",      "jr",
                                      "orx", "odk", "entities", "xml"};
    const char *colon = strchr(name, ':');
    if (!colon) {
        return true;
    }
    size_t len = (size_t)(colon - name);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strlen(own[i]) == len && strncmp(own[i], name, len) == 0) {
            return true;
        }
    }
    const char *declared = survey_setting(s, "namespaces");
    while (declared && *declared) {
        declared += strspn(declared, " \t\n");
        if (strncmp(declared, name, len) == 0
            && strncmp(declared + len, "=", 1) == 0) {
            return true;
        }
        declared += strcspn(declared, " \t\n");
    }
    return false;
}

int
survey_yes_no(const char *text)
{
    static const char *const yes[] = {"yes",  "Yes",  "YES",   "true",
                                      "True", "TRUE", "true()"};
    static const char *const no[] = {"no",    "No",    "NO",     "false",
                                     "False", "FALSE", "false()"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(text, yes[i]) == 0) {
            return 1;
        }
        if (strcmp(text, no[i]) == 0) {
            return 0;
        }
    }
    return -1;
}

const char *
survey_setting(const struct survey *s, const char *name)
{
    return prop_text(s->settings, name);
}
