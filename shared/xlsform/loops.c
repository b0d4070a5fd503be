#include "xlsform/loops.h"

#include <string.h>

#include "xlsform/lexer.h"

/* A choice may not unroll loops in loops without end. */
#define LOOPS_ELEMENTS_MAX 200000

struct unrolling {
    struct survey *s;
    size_t made;
};

/* What %(key)s stands for, in `language` if the label has it. */
static const char *
value_of(const struct option *o, const char *key, size_t len,
         const char *language)
{
    if (len == 4 && strncmp(key, "name", len) == 0) {
        return o->name;
    }
    for (const struct prop *q = o->cells; q; q = q->next) {
        if (strlen(q->key) != len || strncmp(q->key, key, len) != 0) {
            continue;
        }
        const char *text = language ? prop_text(q->child, language) : NULL;
        text = text ? text : q->text;
        return text || !q->child ? text : q->child->text;
    }
    return NULL;
}

static const char *
filled(struct pool *p, const char *text, const struct option *o,
       const char *language)
{
    const char *out = "";
    const char *mark = strchr(text, '%');
    while (mark) {
        const char *end = mark[1] == '(' ? strstr(mark, ")s") : NULL;
        const char *value =
            end ? value_of(o, mark + 2, (size_t)(end - mark - 2), language)
                : NULL;
        const char *next = value ? end + 2 : mark + 1 + (mark[1] == '%');
        out = pool_printf(p, "%s%.*s%s", out, (int)(mark - text), text,
                          value ? value : "%");
        text = next;
        mark = strchr(text, '%');
    }
    return *out ? pool_printf(p, "%s%s", out, text) : text;
}

/* Depth: TABLE_PARTS_MAX. */
static void
fill_cells(struct pool *p, struct prop *cells, // NOLINT(misc-no-recursion)
           const struct option *o, const char *language)
{
    for (struct prop *q = cells; q; q = q->next) {
        if (q->text && strchr(q->text, '%')) {
            q->text = filled(p, q->text, o, language ? q->key : NULL);
        }
        fill_cells(p, q->child, o, q->key);
    }
}

/* Depth: SURVEY_DEPTH_MAX. */
static void
copy_children(struct unrolling *u, // NOLINT(misc-no-recursion)
              const struct element *from, struct element *to,
              const struct option *o)
{
    struct pool *p = u->s->pool;
    for (const struct element *c = from->first; c; c = c->next) {
        if (u->made++ > LOOPS_ELEMENTS_MAX) {
            p->failed = true;
            return;
        }
        struct element *e =
            survey_add(u->s, to, c->kind, filled(p, c->name, o, NULL), c->type);
        if (!e) {
            return;
        }
        struct element links = *e;
        *e = *c;
        e->name = links.name;
        e->parent = to;
        e->first = NULL;
        e->last = NULL;
        e->next = NULL;
        e->cells = prop_copy(p, c->cells);
        fill_cells(p, e->cells, o, NULL);
        copy_children(u, c, e, o);
    }
}

/* In a loop the name of a choice becomes that of a group. */
static bool
check_name(struct survey *s, const struct option *o)
{
    if (lexer_is_name(o->name) && survey_prefix_known(s, o->name)) {
        return true;
    }
    struct diag_where at =
        o->row ? table_where(s->table[TABLE_CHOICES], o->row, "name", NULL)
               : (struct diag_where){.file = s->wb->file};
    (void)diag_add(
        s->d, DIAG_ERROR, &at,
        N_("The name “%s” is invalid. Names must begin with a letter or "
           "underscore. After the first character, names may contain letters, "
           "digits, underscores, hyphens, or periods."),
        o->name);
    return false;
}

static void
unroll(struct unrolling *u, struct element *loop)
{
    struct survey *s = u->s;
    struct element pattern = *loop;
    loop->kind = ELEMENT_GROUP;
    loop->type = "group";
    loop->first = NULL;
    loop->last = NULL;
    for (const struct option *o = loop->options ? loop->options->first : NULL;
         o; o = o->next) {
        if (strcmp(o->name, "none") == 0) {
            continue;
        }
        if (!check_name(s, o)) {
            continue;
        }
        struct element *group =
            survey_add(s, loop, ELEMENT_GROUP, o->name, "group");
        if (!group) {
            return;
        }
        static const char *const kept[] = {"label", "media"};
        for (size_t i = 0; i < 2; i++) {
            const struct prop *cell = prop_find(o->cells, kept[i]);
            struct prop *copy =
                cell ? prop_put(s->pool, &group->cells, cell->key) : NULL;
            if (copy) {
                copy->text = cell->text;
                copy->child = cell->child;
            }
        }
        copy_children(u, &pattern, group, o);
    }
    loop->options = NULL;
}

void
loops_unroll(struct survey *s)
{
    struct unrolling u = {.s = s};
    for (struct element *e = s->root; e && !s->pool->failed;
         e = survey_next(s->root, e)) {
        if (e->kind == ELEMENT_LOOP) {
            unroll(&u, e);
        }
    }
}
