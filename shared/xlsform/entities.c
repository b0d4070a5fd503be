#include "xlsform/entities.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "xlsform/entity_block.h"
#include "xlsform/lexer.h"
#include "xlsform/question.h"

#define SAVE_TO "entities:saveto"
#define RESERVED_PREFIX "__"
#define DECLARATIONS_MAX 64

/* A place that an entity depends on: a property saved, or a question named. */
struct use {
    struct element *container;
    const struct table_row *row;
    const char *property; /* NULL: the entity refers to `question` */
    const char *question;
    struct use *next;
};

struct declaration {
    const char *dataset;
    const struct table_row *row;
    struct use *first_use;
    struct use *last_use;
    struct element *scope;     /* boundary it must stay in */
    struct element *requested; /* container it would like */
    struct element *placed;
    bool tried;
};

struct work {
    struct survey *s;
    const struct table *t;
    struct declaration decl[DECLARATIONS_MAX];
    size_t count;
    struct declaration *used[DECLARATIONS_MAX]; /* in order of first use */
    size_t used_count;
    struct name_map reserved; /* container path -> declaration */
};

static void
fault(struct work *w, const struct table_row *row, const char *column,
      const char *text, ...) PRINTF_LIKE(4, 5);

static void
fault(struct work *w, const struct table_row *row, const char *column,
      const char *text, ...)
{
    va_list args;
    va_start(args, text);
    struct diag_where at = table_where(w->t, row, column, NULL);
    (void)diag_add_args(w->s->d, DIAG_ERROR, &at, text, args);
    va_end(args);
}

static void
survey_fault(struct work *w, const struct table_row *row, const char *text, ...)
    PRINTF_LIKE(3, 4);

static void
survey_fault(struct work *w, const struct table_row *row, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    struct diag_where at = survey_where(w->s, row, "bind", SAVE_TO);
    (void)diag_add_args(w->s->d, DIAG_ERROR, &at, text, args);
    va_end(args);
}

/* ---- containers ---- */

static size_t
depth_of(const struct element *e)
{
    size_t n = 0;
    for (; e; e = e->parent) {
        n++;
    }
    return n;
}

static struct element *
prefix_of(struct element *e, size_t depth)
{
    for (size_t n = depth_of(e); n > depth; n--) {
        e = e->parent;
    }
    return e;
}

/* The nearest repeat at or around `e`, or the survey. */
static struct element *
boundary_of(struct element *e)
{
    while (e->parent && e->kind != ELEMENT_REPEAT) {
        e = e->parent;
    }
    return e;
}

static size_t
repeats_of(const struct element *e)
{
    size_t n = 0;
    for (; e; e = e->parent) {
        n += e->kind == ELEMENT_REPEAT;
    }
    return n;
}

static size_t
groups_of(struct element *e)
{
    return depth_of(e) - depth_of(boundary_of(e));
}

static const char *
describe(struct work *w, const struct element *e)
{
    const char *path = "";
    for (; e; e = e->parent) {
        path = pool_printf(w->s->pool, "/%s%s", e->parent ? e->name : "survey",
                           path);
    }
    return path;
}

/* ---- declarations ---- */

static bool
check_dataset(struct work *w, const struct table_row *row, const char *name)
{
    if (!name) {
        fault(w, row, "dataset", N_("Entity lists must have a name."));
        return false;
    }
    if (strncmp(name, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0) {
        fault(w, row, "dataset",
              N_("Names used here must not begin with two underscores."));
        return false;
    }
    if (strchr(name, '.')) {
        fault(w, row, "dataset",
              N_("Names used here must not contain a period."));
        return false;
    }
    if (!lexer_is_name(name)) {
        fault(w, row, "dataset",
              N_("The name “%s” is invalid. Names must begin with a letter or "
                 "underscore. After the first character, names may contain "
                 "letters, digits, underscores, hyphens, or periods."),
              name);
        return false;
    }
    for (size_t i = 0; i < w->count; i++) {
        if (strcmp(w->decl[i].dataset, name) == 0) {
            fault(w, row, "dataset",
                  N_("The list_name column must not have any duplicate names; "
                     "“%s” is already in row %d."),
                  name, w->decl[i].row->file_row);
            return false;
        }
    }
    return true;
}

static void
check_modes(struct work *w, const struct table_row *row, const char *name)
{
    const char *id = prop_text(row->cells, "entity_id");
    const char *create = prop_text(row->cells, "create_if");
    const char *update = prop_text(row->cells, "update_if");
    if (!id && update) {
        fault(w, row, "update_if",
              N_("The entity list “%s” does not have an entity_id, but an "
                 "entity_id is required when updating entities."),
              name);
    }
    if (id && create && !update) {
        fault(w, row, "create_if",
              N_("The entity list “%s” does not have an update_if, but an "
                 "update_if is required when upserting entities (create_if "
                 "together with entity_id)."),
              name);
    }
    if (!id && !prop_find(row->cells, "label")) {
        fault(w, row, "label",
              N_("The entity list “%s” does not have a label, but a label is "
                 "required when creating entities."),
              name);
    }
}

static void
check_headers(struct work *w)
{
    static const char *const known[] = {"dataset", "entity_id", "create_if",
                                        "update_if", "label"};
    for (size_t i = 0; i < w->t->column_count; i++) {
        const struct table_column *col = &w->t->column[i];
        bool found = col->part_count == 0;
        for (size_t k = 0; !found && k < sizeof(known) / sizeof(known[0]);
             k++) {
            found = strcmp(col->part[0], known[k]) == 0;
        }
        if (!found) {
            struct diag_where at = {.file = w->t->file,
                                    .sheet = w->t->sheet,
                                    .row = 1,
                                    .column = w->t->column_base + (int)i,
                                    .column_name = col->name};
            (void)diag_add(
                w->s->d, DIAG_ERROR, &at,
                N_("The column “%s” is not supported on the entities "
                   "sheet. Check its spelling or remove it."),
                col->name);
        }
    }
}

static void
read_declarations(struct work *w)
{
    check_headers(w);
    for (const struct table_row *row = w->t->first; row; row = row->next) {
        const char *name = prop_text(row->cells, "dataset");
        if (!check_dataset(w, row, name)) {
            continue;
        }
        check_modes(w, row, name);
        if (w->count == DECLARATIONS_MAX) {
            fault(w, row, NULL, N_("At most %d entity lists are supported."),
                  DECLARATIONS_MAX);
            return;
        }
        struct declaration *d = &w->decl[w->count++];
        d->dataset = name;
        d->row = row;
    }
}

static struct declaration *
find_declaration(struct work *w, const char *name, size_t len)
{
    for (size_t i = 0; i < w->count; i++) {
        if (strncmp(w->decl[i].dataset, name, len) == 0
            && w->decl[i].dataset[len] == '\0') {
            return &w->decl[i];
        }
    }
    return NULL;
}

/* ---- uses ---- */

static void
add_use(struct work *w, struct declaration *d, const struct element *e,
        const char *property)
{
    struct use *u = pool_alloc(w->s->pool, sizeof(*u));
    if (!u) {
        return;
    }
    u->container = e->parent;
    u->row = e->row;
    u->property = property;
    u->question = property ? NULL : e->name;
    if (d->last_use) {
        d->last_use->next = u;
    } else {
        d->first_use = u;
        w->used[w->used_count++] = d;
    }
    d->last_use = u;
}

static bool
check_property(struct work *w, const struct element *e,
               const struct declaration *d, const char *name)
{
    if (e->kind != ELEMENT_QUESTION) {
        survey_fault(w, e->row,
                     N_("Groups and repeats can't be saved as entity "
                        "properties. Either remove or move the save_to value "
                        "in this row."));
        return false;
    }
    if (strcasecmp(name, "name") == 0 || strcasecmp(name, "label") == 0) {
        survey_fault(w, e->row,
                     N_("Names used here must not be “name” or “label” "
                        "(case-insensitive)."));
        return false;
    }
    if (strncmp(name, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0) {
        survey_fault(w, e->row,
                     N_("Names used here must not begin with two "
                        "underscores."));
        return false;
    }
    if (!lexer_is_name(name)) {
        survey_fault(w, e->row,
                     N_("The name “%s” is invalid. Names must begin with a "
                        "letter or underscore. After the first character, "
                        "names may contain letters, digits, underscores, "
                        "hyphens, or periods."),
                     name);
        return false;
    }
    for (const struct use *u = d->first_use; u; u = u->next) {
        if (u->property && strcmp(u->property, name) == 0) {
            survey_fault(w, e->row,
                         N_("The save_to property “%s” is already assigned by "
                            "row %d. Either remove or change one of these "
                            "duplicate names."),
                         name, u->row->file_row);
            return false;
        }
    }
    return true;
}

static void
read_save_to(struct work *w, struct element *e)
{
    const char *text = prop_text(prop_branch(e->cells, "bind"), SAVE_TO);
    if (!text) {
        return;
    }
    if (w->count == 0) {
        survey_fault(w, e->row,
                     N_("To save entity properties using the save_to column, "
                        "add an entities sheet and declare an entity."));
        return;
    }
    const char *mark = strchr(text, '#');
    if (mark && strchr(mark + 1, '#')) {
        survey_fault(w, e->row,
                     N_("A save_to value must have at most one “#” delimiter "
                        "character."));
        return;
    }
    if (!mark && w->count > 1) {
        survey_fault(w, e->row,
                     N_("When there is more than one entity declaration, "
                        "save_to names must be prefixed with the entity "
                        "list_name that the property belongs to: “%s#%s”."),
                     w->decl[0].dataset, text);
        return;
    }
    struct declaration *d =
        mark ? find_declaration(w, text, (size_t)(mark - text)) : &w->decl[0];
    if (!d) {
        survey_fault(w, e->row,
                     N_("The entity list name “%.*s” was not found on the "
                        "entities sheet."),
                     (int)(mark - text), text);
        return;
    }
    const char *name = mark ? mark + 1 : text;
    prop_set_in(w->s->pool, &e->cells, "bind", SAVE_TO, name);
    if (check_property(w, e, d, name)) {
        add_use(w, d, e, name);
    }
}

static bool
mentions(const struct declaration *d, const char *question)
{
    static const char *const columns[] = {"entity_id", "create_if", "update_if",
                                          "label"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        const char *text = prop_text(d->row->cells, columns[i]);
        for (const char *at = text ? strstr(text, "${") : NULL; at;
             at = strstr(at + 2, "${")) {
            const char *name = NULL;
            size_t len = 0;
            bool saved = false;
            if (lexer_reference(at, &name, &len, &saved) > 0
                && strlen(question) == len
                && strncmp(question, name, len) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void
collect_uses(struct work *w)
{
    for (struct element *e = w->s->root->first; e;
         e = survey_next(w->s->root, e)) {
        const char *own = e->row ? prop_text(e->row->cells, "name") : NULL;
        if (!own || strcmp(own, e->name) != 0) {
            continue; /* generated */
        }
        read_save_to(w, e);
        for (size_t i = 0; i < w->count; i++) {
            if (mentions(&w->decl[i], e->name)) {
                add_use(w, &w->decl[i], e, NULL);
            }
        }
    }
}

/* ---- where a declaration wants to be ---- */

/* What all containers of saved properties have in common. As pyxform counts,
 * the last level at which any two differ ends it. */
static struct element *
common_lineage(const struct declaration *d)
{
    struct element *any = NULL;
    size_t shortest = 0;
    for (const struct use *u = d->first_use; u; u = u->next) {
        if (u->property && (!any || depth_of(u->container) < shortest)) {
            shortest = depth_of(u->container);
        }
        any = !any && u->property ? u->container : any;
    }
    if (!any) {
        return NULL;
    }
    struct element *common = prefix_of(any, shortest);
    for (size_t n = 1; n <= shortest; n++) {
        for (const struct use *u = d->first_use; u; u = u->next) {
            if (u->property
                && prefix_of(u->container, n) != prefix_of(any, n)) {
                common = prefix_of(any, n - 1);
            }
        }
    }
    return common;
}

static bool
has_two_lineages(const struct declaration *d)
{
    const struct element *one = NULL;
    for (const struct use *u = d->first_use; u; u = u->next) {
        if (u->property && one && u->container != one) {
            return true;
        }
        one = u->property ? u->container : one;
    }
    return false;
}

struct deepest {
    const struct use *scope;
    const struct use *container;
    const struct use *saved;
};

static struct deepest
find_deepest(const struct declaration *d)
{
    struct deepest deep = {0};
    struct element *boundary = NULL;
    for (const struct use *u = d->first_use; u; u = u->next) {
        struct element *b = boundary_of(u->container);
        if (!boundary || repeats_of(b) > repeats_of(boundary)) {
            deep.container = u;
            deep.saved = u->property ? u : deep.saved;
            deep.scope = u;
            boundary = b;
        }
        bool deeper =
            b == boundary
            && groups_of(u->container) > groups_of(deep.container->container);
        deep.container = deeper ? u : deep.container;
        if (u->property
            && (!deep.saved
                || (b == boundary
                    && groups_of(u->container)
                           > groups_of(deep.saved->container)))) {
            deep.saved = u;
        }
    }
    return deep;
}

static void
check_scopes(struct work *w, const struct declaration *d,
             const struct deepest *deep)
{
    for (const struct use *u = d->first_use; u; u = u->next) {
        struct element *b = boundary_of(u->container);
        bool outside = prefix_of(d->scope, depth_of(b)) != b;
        bool apart = u->property && boundary_of(d->requested) != b;
        if (u->property && (outside || apart)) {
            survey_fault(
                w, u->row,
                N_("The entity list name “%s” has a reference in container "
                   "scope “%s” which is not compatible with this save_to "
                   "reference in scope “%s”."),
                d->dataset,
                describe(w, outside ? deep->scope->container : d->requested),
                describe(w, u->container));
            return;
        }
        if (outside) {
            fault(w, d->row, NULL,
                  N_("The entity list name “%s” has a reference in container "
                     "scope “%s” which is not compatible with the variable "
                     "reference to “%s” in scope “%s”."),
                  d->dataset, describe(w, deep->scope->container), u->question,
                  describe(w, u->container));
            return;
        }
    }
}

static void
request(struct work *w, struct declaration *d)
{
    if (!d->first_use) {
        d->scope = w->s->root;
        d->requested = w->s->root;
        return;
    }
    struct deepest deep = find_deepest(d);
    struct element *common = common_lineage(d);
    d->scope = boundary_of(deep.scope->container);
    d->requested =
        deep.saved ? deep.saved->container : deep.container->container;
    if (common && !has_two_lineages(d)) {
        d->requested = common;
    } else if (common && deep.saved) {
        struct element *b = boundary_of(deep.saved->container);
        bool more = repeats_of(common) > repeats_of(b)
                    || (repeats_of(common) == repeats_of(b)
                        && groups_of(common) > groups_of(b));
        d->requested = more ? common : b;
    }
    check_scopes(w, d, &deep);
}

/* ---- placing ---- */

static struct declaration *
holder_of(struct work *w, const struct element *e)
{
    return name_map_get(&w->reserved, describe(w, e));
}

static void
reserve(struct work *w, struct element *e, struct declaration *d)
{
    void **slot = name_map_put(&w->reserved, w->s->pool, describe(w, e));
    if (slot) {
        *slot = d;
    }
}

static void
place(struct work *w, struct declaration *d)
{
    const struct use *saved = d->first_use;
    while (saved && !saved->property) {
        saved = saved->next;
    }
    struct declaration *conflict = NULL;
    size_t top = depth_of(d->scope);
    for (size_t n = depth_of(d->requested); n >= top; n--) {
        struct element *at = prefix_of(d->requested, n);
        conflict = holder_of(w, at);
        if (!conflict) {
            d->placed = at;
            break;
        }
        struct declaration *of_saved =
            saved ? holder_of(w, saved->container) : NULL;
        if (of_saved) {
            conflict = of_saved;
            break;
        }
    }
    if (!d->placed) {
        fault(w, d->row, NULL,
              N_("Each container (survey, group, repeat) may have only one "
                 "entity declaration, but there are no valid containers "
                 "available in the scope “%s”, which has been allocated to the "
                 "entity on row %d."),
              describe(w, d->scope), conflict ? conflict->row->file_row : 0);
        return;
    }
    reserve(w, d->placed, d);
    for (const struct use *u = d->first_use; u; u = u->next) {
        size_t from = depth_of(u->container);
        for (size_t n = from; u->property && n >= depth_of(d->placed); n--) {
            reserve(w, prefix_of(u->container, n), d);
        }
    }
}

static void
place_all(struct work *w)
{
    /* Those without a use come last, in the scope of the survey. */
    for (size_t i = 0; i < w->count; i++) {
        if (!w->decl[i].first_use) {
            w->used[w->used_count++] = &w->decl[i];
        }
    }
    for (size_t i = 0; i < w->used_count; i++) {
        request(w, w->used[i]);
    }
    if (w->used_count == 1 && w->used[0]->scope == w->s->root) {
        w->used[0]->placed = w->s->root;
        return;
    }
    for (size_t i = 0; i < w->used_count; i++) {
        struct element *scope = w->used[i]->scope;
        for (size_t k = 0; k < w->count; k++) {
            struct declaration *d = &w->decl[k]; /* in order of rows */
            if (d->scope == scope && !d->tried) {
                d->tried = true;
                place(w, d);
            }
        }
    }
}

/* pyxform takes every container after the first repeat beside it for one
 * inside it; the only effect is an action that never fires. */
static bool
counts_as_repeated(const struct element *e)
{
    for (; e && e->parent; e = e->parent) {
        for (const struct element *c = e->parent->first; c; c = c->next) {
            if (c->kind == ELEMENT_REPEAT) {
                return true;
            }
            if (c == e) {
                break;
            }
        }
    }
    return false;
}

/* Entities are updated from a list that the form has as an instance. */
static void
check_updated(struct work *w, const struct declaration *d)
{
    if (!prop_find(d->row->cells, "entity_id")
        || survey_itemset(w->s, d->dataset)) {
        return;
    }
    size_t len = strlen(d->dataset);
    for (struct element *e = w->s->root; e; e = survey_next(w->s->root, e)) {
        if (e->kind == ELEMENT_EXTERNAL && strcmp(e->name, d->dataset) == 0) {
            return;
        }
        if (e->itemset && strncmp(e->itemset, d->dataset, len) == 0
            && e->itemset[len] == '.') {
            return;
        }
    }
    fault(w, d->row, "dataset",
          N_("The entity list name “%s” does not match the name of a secondary "
             "instance, which is required when updating entities. Add a "
             "question with the type select_one_from_file or csv-external."),
          d->dataset);
}

void
entities_apply(struct survey *s)
{
    struct work *w = pool_alloc(s->pool, sizeof(*w));
    struct entities *out = pool_alloc(s->pool, sizeof(*out));
    if (!w || !out) {
        return;
    }
    w->s = s;
    w->t = s->table[TABLE_ENTITIES];
    if (w->t) {
        read_declarations(w);
    }
    collect_uses(w);
    if (w->count == 0) {
        return;
    }
    place_all(w);
    bool nested = w->count > 1;
    for (size_t i = 0; i < w->count; i++) {
        check_updated(w, &w->decl[i]);
        if (w->decl[i].placed) {
            nested = nested || repeats_of(w->decl[i].placed) > 0;
            entity_block_write(
                s, &(struct entity_block){
                       .dataset = w->decl[i].dataset,
                       .cells = w->decl[i].row->cells,
                       .container = w->decl[i].placed,
                       .in_repeat = counts_as_repeated(w->decl[i].placed)});
        }
    }
    out->version = nested ? "2025.1.0" : "2024.1.0";
    s->entities = out;
}
