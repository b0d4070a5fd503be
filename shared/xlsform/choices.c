#include "xlsform/choices.h"

#include <string.h>

#include "xlsform/lexer.h"
#include "xlsform/spelling.h"

#define LIST_NAME "list name"

static void
check_columns(struct survey *s, const struct table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        struct table_column *col = &t->column[i];
        if (col->part_count == 0 || strcmp(col->part[0], LIST_NAME) == 0
            || (lexer_is_name(col->part[0])
                && survey_prefix_known(s, col->part[0]))) {
            continue;
        }
        struct diag_where at = {.file = t->file,
                                .sheet = t->sheet,
                                .row = 1,
                                .column = t->column_base + (int)i,
                                .column_name = col->name};
        (void)diag_add(s->d, DIAG_WARNING, &at,
                       N_("Column headers must be names without spaces; this "
                          "column is left out."));
        col->part_count = 0;
    }
}

static void
drop_other_columns(const struct survey *s, struct prop **cells)
{
    struct prop **at = cells;
    while (*at) {
        if (!lexer_is_name((*at)->key) || !survey_prefix_known(s, (*at)->key)) {
            *at = (*at)->next;
        } else {
            at = &(*at)->next;
        }
    }
}

static bool
label_needs_itext(struct prop *cells)
{
    if (prop_branch(cells, "media")) {
        return true;
    }
    const struct prop *label = prop_find(cells, "label");
    return label
           && (label->child
               || (label->text && lexer_has_reference(label->text)));
}

struct reading {
    struct survey *s;
    const struct table *t;
    bool duplicates;
    struct name_map seen; /* "list\nname" -> row */
};

static void
check_option(struct reading *r, struct table_row *row, const char *list,
             const char *name)
{
    struct survey *s = r->s;
    if (!prop_find(row->cells, "label")) {
        struct diag_where at = table_where(r->t, row, "label", NULL);
        (void)diag_add(s->d, DIAG_WARNING, &at,
                       N_("Choices should have a label; “%s” has none."), name);
    }
    if (r->duplicates) {
        return;
    }
    const char *key = pool_printf(s->pool, "%s\n%s", list, name);
    void **slot = name_map_put(&r->seen, s->pool, key);
    if (slot && *slot) {
        const struct table_row *other = *slot;
        struct diag_where at = table_where(r->t, row, "name", NULL);
        (void)diag_add(
            s->d, DIAG_ERROR, &at,
            N_("Choice names must be unique for each choice list: “%s” is "
               "already in row %d of the list “%s”. If this is intentional, use "
               "the setting allow_choice_duplicates."),
            name, other->file_row, list);
    } else if (slot) {
        *slot = row;
    }
}

static void
read_option(struct reading *r, struct table_row *row)
{
    struct survey *s = r->s;
    const char *list = prop_text(row->cells, LIST_NAME);
    const char *name = prop_text(row->cells, "name");
    if (!list) {
        return;
    }
    struct itemset *set = survey_itemset(s, list);
    if (!set) {
        set = survey_add_itemset(s, list);
    }
    if (!name || !set) {
        struct diag_where at = table_where(r->t, row, "name", NULL);
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("Choices must have a name; give this row of the list "
                          "“%s” one."),
                       list);
        return;
    }
    check_option(r, row, list, name);
    drop_other_columns(s, &row->cells);
    set->needs_itext = set->needs_itext || label_needs_itext(row->cells);
    survey_add_option(s, set, name, row->cells, row);
}

static bool
require_column(struct survey *s, const struct table *t, const char *part,
               const char *name)
{
    if (t->row_count == 0 || table_has(t, part, NULL)) {
        return true;
    }
    struct diag_where at = table_where(t, NULL, NULL, NULL);
    const char *near = NULL;
    const char *const wanted[] = {name, NULL};
    for (size_t i = 0; i < t->column_count && !near; i++) {
        near = t->column[i].name && spelling_nearest(t->column[i].name, wanted)
                   ? t->column[i].name
                   : NULL;
    }
    if (near) {
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("Invalid headers: the required column “%s” was not "
                          "found. Is it the one written “%s”?"),
                       name, near);
    } else {
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("Invalid headers: the required column “%s” was not "
                          "found."),
                       name);
    }
    return false;
}

void
choices_read(struct survey *s)
{
    const struct table *t = s->table[TABLE_CHOICES];
    if (!t || !require_column(s, t, "name", "name")) {
        return;
    }
    check_columns(s, t);
    const char *text = survey_setting(s, "allow_choice_duplicates");
    struct reading r = {
        .s = s, .t = t, .duplicates = text && survey_yes_no(text) == 1};
    for (struct table_row *row = t->first; row; row = row->next) {
        read_option(&r, row);
    }
}

void
choices_read_external(struct survey *s)
{
    const struct table *t = s->table[TABLE_EXTERNAL_CHOICES];
    if (!t) {
        return;
    }
    for (struct table_row *row = t->first; row; row = row->next) {
        const char *list = prop_text(row->cells, LIST_NAME);
        void **slot =
            list ? name_map_put(&s->external_lists, s->pool, list) : NULL;
        if (slot) {
            *slot = row;
        }
    }
}

/* "Other" in every language that the list's labels have. */
static struct prop *
other_label(struct survey *s, const struct itemset *set)
{
    struct prop *cells = NULL;
    bool translated = false;
    for (const struct option *o = set->first; o; o = o->next) {
        const struct prop *label = prop_find(o->cells, "label");
        for (const struct prop *q = label ? label->child : NULL; q;
             q = q->next) {
            prop_set_in(s->pool, &cells, "label", q->key, "Other");
            translated = true;
        }
    }
    if (!translated) {
        prop_set(s->pool, &cells, "label", "Other");
    }
    return cells;
}

void
choices_add_other(struct survey *s, struct itemset *set)
{
    for (const struct option *o = set->first; o; o = o->next) {
        if (strcmp(o->name, "other") == 0) {
            return;
        }
    }
    survey_add_option(s, set, "other", other_label(s, set), NULL);
}
