#include "xlsform/question.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "xlsform/choices.h"
#include "xlsform/lexer.h"
#include "xlsform/media.h"
#include "xlsform/params.h"
#include "xlsform/spelling.h"

static void
fault(struct survey *s, const struct table_row *row, const char *column,
      const char *text, ...) PRINTF_LIKE(4, 5);

static void
fault(struct survey *s, const struct table_row *row, const char *column,
      const char *text, ...)
{
    va_list args;
    va_start(args, text);
    struct diag_where at = survey_where(s, row, column, NULL);
    (void)diag_add_args(s->d, DIAG_ERROR, &at, text, args);
    va_end(args);
}

void
question_add_action(struct survey *s, struct element *e, const char *name,
                    const char *event, const char *value)
{
    struct action *a = pool_alloc(s->pool, sizeof(*a));
    if (!a) {
        return;
    }
    *a = (struct action){.name = name, .event = event, .value = value};
    struct action **at = &e->actions;
    while (*at) {
        at = &(*at)->next;
    }
    *at = a;
}

static void
add_default(struct survey *s, struct element *e)
{
    const char *text = prop_text(e->cells, "default");
    if (!text || !lexer_is_dynamic(text, e->type)) {
        return;
    }
    question_add_action(s, e, "setvalue", "odk-instance-first-load", text);
    if (survey_repeat_of(e)) {
        question_add_action(s, e, "setvalue", "odk-new-repeat", text);
    }
}

/* ---- selects ---- */

struct select_command {
    const char *text;
    const char *type;
    bool from_file;
};

/* Longer commands before their prefixes. */
static const struct select_command commands[] = {
    {"add select one prompt using", "select one", false},
    {"add select multiple prompt using", "select all that apply", false},
    {"select all that apply from", "select all that apply", false},
    {"select all that apply", "select all that apply", false},
    {"select_multiple_from_file", "select all that apply", true},
    {"select multiple from file", "select all that apply", true},
    {"select_one_from_file", "select one", true},
    {"select one from file", "select one", true},
    {"select_one_external", "select one external", false},
    {"select one from", "select one", false},
    {"select1", "select one", false},
    {"select_one", "select one", false},
    {"select one", "select one", false},
    {"select_multiple", "select all that apply", false},
    {"rank", "rank", false},
};

struct select {
    const struct select_command *command;
    const char *list;
    bool other;
};

static bool
is_or_other(const char *text)
{
    return strcmp(text, " or specify other") == 0
           || strcmp(text, " or_other") == 0 || strcmp(text, " or other") == 0;
}

static bool
parse_select(struct pool *p, const char *type, struct select *out)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        size_t len = strlen(commands[i].text);
        if (strncmp(type, commands[i].text, len) != 0 || type[len] != ' ') {
            continue;
        }
        const char *list = type + len + 1;
        size_t list_len = strcspn(list, " \t\n");
        const char *rest = list + list_len;
        if (list_len > 0 && (*rest == '\0' || is_or_other(rest))) {
            out->command = &commands[i];
            out->list = pool_dup_len(p, list, list_len);
            out->other = *rest != '\0';
            return true;
        }
    }
    return false;
}

static const char *
extension_of(const char *list)
{
    const char *dot = strrchr(list, '.');
    return dot && dot != list ? dot : "";
}

static bool
is_file_extension(const char *ext)
{
    return strcmp(ext, ".xml") == 0 || strcmp(ext, ".csv") == 0
           || strcmp(ext, ".geojson") == 0;
}

static const char *
nearest_list(const struct survey *s, const char *name)
{
    const char *best = NULL;
    size_t best_distance = strlen(name) / 3 + 2;
    for (const struct itemset *set = s->itemsets; set; set = set->next) {
        size_t distance = spelling_distance(name, set->name, best_distance);
        if (distance < best_distance) {
            best_distance = distance;
            best = set->name;
        }
    }
    return best;
}

static void
report_no_list(struct survey *s, const struct table_row *row, const char *list)
{
    if (!s->itemsets) {
        const char *similar = survey_similar_sheets(s, "choices");
        fault(s, row, "type",
              *similar
                  ? N_("There should be a choices sheet in this XLSForm. The "
                       "following sheets have similar names: %s.")
                  : N_("There should be a choices sheet in this XLSForm, with "
                       "the columns list_name, name, and label.%s"),
              similar);
        return;
    }
    const char *near = nearest_list(s, list);
    if (near) {
        struct diag_where at = survey_where(s, row, "type", NULL);
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("The select list name “%s” was not found in the "
                          "choices sheet. Did you mean “%s”?"),
                       list, near);
        return;
    }
    fault(s, row, "type",
          N_("The select list name “%s” was not found in the choices sheet. "
             "Add rows for this list_name there, or check its spelling."),
          list);
}

static void
check_external(struct survey *s, const struct table_row *row, const char *list)
{
    if (!s->table[TABLE_EXTERNAL_CHOICES]) {
        const char *similar = survey_similar_sheets(s, "external_choices");
        fault(s, row, "type",
              *similar
                  ? N_("There should be an external_choices sheet in this "
                       "XLSForm. The following sheets have similar names: %s.")
                  : N_("There should be an external_choices sheet in this "
                       "XLSForm, with the columns list_name and name.%s"),
              similar);
    } else if (!name_map_get(&s->external_lists, list)) {
        fault(s, row, "type", N_("List name not in external choices sheet: %s"),
              list);
    }
}

static void
check_spaces(struct survey *s, const struct table_row *row,
             const struct itemset *set)
{
    for (const struct option *o = set->first; o; o = o->next) {
        if (strchr(o->name, ' ')) {
            struct diag_where at = o->row ? table_where(s->table[TABLE_CHOICES],
                                                        o->row, "name", NULL)
                                          : survey_where(s, row, "type", NULL);
            (void)diag_add(
                s->d, DIAG_ERROR, &at,
                N_("Choice names with spaces cannot be added to multiple choice "
                   "selects. See “%s” in the list “%s”."),
                o->name, set->name);
        }
    }
}

/* The list a select takes from the choices sheet; NULL when it takes none. */
static struct itemset *
internal_list(struct survey *s, const struct table_row *row,
              const struct select *sel)
{
    if (sel->command->from_file || lexer_has_reference(sel->list)) {
        return NULL;
    }
    if (strcmp(sel->command->type, "select one external") == 0) {
        check_external(s, row, sel->list);
        return NULL;
    }
    struct itemset *set = survey_itemset(s, sel->list);
    if (!set) {
        report_no_list(s, row, sel->list);
        return NULL;
    }
    if (strcmp(sel->command->type, "select all that apply") == 0) {
        check_spaces(s, row, set);
    }
    return set;
}

static void
check_column_param(struct survey *s, const struct table_row *row,
                   struct prop *params, const char *key)
{
    const char *value = prop_text(params, key);
    if (value && !lexer_is_name(value)) {
        struct diag_where at = survey_where(s, row, "parameters", NULL);
        (void)diag_add(
            s->d, DIAG_ERROR, &at,
            N_("The parameter “%s” must name a column of the file: “%s” is not "
               "a name. Names must begin with a letter or underscore."),
            key, value);
    }
}

static void
check_seed(struct survey *s, const struct table_row *row, struct prop *params)
{
    const char *randomize = prop_text(params, "randomize");
    const char *seed = prop_text(params, "seed");
    if (!randomize) {
        if (seed) {
            fault(s, row, "parameters",
                  N_("Parameters must include %s to use a seed."),
                  "randomize=true");
        }
        return;
    }
    if (strcmp(randomize, "true") != 0 && strcmp(randomize, "false") != 0) {
        fault(s, row, "parameters",
              N_("randomize must be set to true or false: “%s” is an invalid "
                 "value."),
              randomize);
    }
    char *end = NULL;
    if (seed && !lexer_is_reference(seed)
        && ((void)strtod(seed, &end), *end != '\0' || end == seed)) {
        fault(s, row, "parameters",
              N_("The seed value must be a number or a reference to another "
                 "field; “%s” is neither."),
              seed);
    }
}

static void
check_select_params(struct survey *s, struct element *e,
                    const struct select *sel)
{
    static const char *const plain[] = {"randomize", "seed", NULL};
    static const char *const file[] = {"randomize", "seed", "value", "label",
                                       NULL};
    params_check(s, e->row, e->params, sel->command->from_file ? file : plain);
    if (sel->command->from_file) {
        check_column_param(s, e->row, e->params, "value");
        check_column_param(s, e->row, e->params, "label");
        if (!is_file_extension(extension_of(sel->list))
            || strchr(sel->list, '.') != extension_of(sel->list)) {
            fault(s, e->row, "type",
                  N_("The file name “%s” should end with one of the supported "
                     "file extensions: .csv, .geojson, .xml."),
                  sel->list);
        }
    }
    check_seed(s, e->row, e->params);
}

/* "or_other" adds a choice and a question for what it stands for. */
static void
add_other_question(struct survey *s, struct element *parent,
                   const struct element *e)
{
    if (prop_text(e->cells, "choice_filter")) {
        fault(s, e->row, "choice_filter",
              N_("Choice filter not supported with %s."), "or_other");
        return;
    }
    if (!e->options) {
        fault(s, e->row, "type",
              N_("Please specify choices for this “%s” question."), "or other");
        return;
    }
    choices_add_other(s, e->options);
    struct element *other =
        survey_add(s, parent, ELEMENT_QUESTION,
                   pool_printf(s->pool, "%s_other", e->name), "text");
    if (!other) {
        return;
    }
    other->qtype = qtype_find("text");
    other->row = e->row;
    prop_set(s->pool, &other->cells, "label", "Specify other.");
    prop_set_in(s->pool, &other->cells, "bind", "relevant",
                pool_printf(s->pool, "selected(../%s, 'other')", e->name));
}

/* The first select in a table-list brings a row of labels before it. */
static void
join_table(struct survey *s, struct element *parent, const char *list,
           const char *type, const struct table_row *row,
           struct question_table *table)
{
    if (table->list) {
        if (strcmp(table->list, list) != 0) {
            struct diag_where at = survey_where(s, row, "type", NULL);
            (void)diag_add(s->d, DIAG_ERROR, &at,
                           N_("Badly formatted table list, list names don't "
                              "match: %s vs. %s."),
                           table->list, list);
        }
        return;
    }
    table->list = list;
    if (prop_text(row->cells, "choice_filter")) {
        fault(s, row, "choice_filter",
              N_("Choice filter not supported for %s appearance."),
              "table-list");
        return;
    }
    struct element *header = survey_add(
        s, parent, ELEMENT_QUESTION,
        pool_printf(s->pool, "reserved_name_for_field_list_labels_%d",
                    row->number),
        type);
    if (!header) {
        return;
    }
    header->qtype = qtype_find(type);
    header->row = row;
    header->itemset = list;
    header->options = survey_itemset(s, list);
    prop_set_in(s->pool, &header->cells, "control", "appearance", "label");
    prop_set(s->pool, &header->cells, "label", " ");
}

static bool
uses_search(const struct element *e)
{
    const char *appearance =
        prop_text(prop_branch(e->cells, "control"), "appearance");
    const char *call = appearance ? strstr(appearance, "search(") : NULL;
    return call && strchr(call, ')');
}

static void
note_list_use(struct survey *s, struct element *e)
{
    if (!e->options) {
        return;
    }
    if (uses_search(e)) {
        e->options->used_by_search = true;
        e->itemset = NULL;
    } else {
        e->options->used_plainly = true;
    }
    if (e->options->used_by_search && e->options->used_plainly) {
        fault(s, e->row, "appearance",
              N_("The choice list “%s” is used both with and without search(), "
                 "which will not work. Use search() for all questions with "
                 "this list, or a list of its own."),
              e->options->name);
    }
}

static void
add_select(struct survey *s, struct element *parent, struct element *e,
           const struct select *sel, struct question_table *table)
{
    e->itemset = sel->list;
    check_select_params(s, e, sel);
    if (strcmp(e->type, "select one external") == 0) {
        if (prop_text(e->cells, "choice_filter")) {
            e->query = sel->list;
        }
        e->itemset = NULL;
    }
    if (uses_search(e) && sel->command->from_file) {
        fault(s, e->row, "appearance",
              N_("Question “%s” is a select from file type, using search(). "
                 "This combination is not supported."),
              e->name);
    }
    note_list_use(s, e);
    if (table->active) {
        prop_set_in(s->pool, &e->cells, "control", "appearance",
                    "list-nolabel");
    }
    if (sel->other) {
        add_other_question(s, parent, e);
    }
}

/* ---- triggers ---- */

static void
link_trigger(struct survey *s, struct element *from, struct element *e)
{
    struct trigger_link *link = pool_alloc(s->pool, sizeof(*link));
    if (!link) {
        return;
    }
    struct trigger_link **at = &from->triggers;
    while (*at) {
        at = &(*at)->next;
    }
    link->target = e;
    *at = link;
}

/* References with a comma between every two; commas too many do no harm. */
static bool
parse_triggers(struct survey *s, struct element *e, const char *text)
{
    bool after_reference = false;
    while (*text) {
        const char *name = NULL;
        size_t name_len = 0;
        bool saved = false;
        size_t len = lexer_reference(text, &name, &name_len, &saved);
        if (len > 0 && !after_reference) {
            struct element *from = name_map_get_len(&s->names, name, name_len);
            if (from && from->kind == ELEMENT_QUESTION) {
                link_trigger(s, from, e);
            } else if (from) {
                fault(s, e->row, "trigger",
                      N_("A trigger must be a question; “%s” is a group or "
                         "repeat."),
                      from->name);
            }
            after_reference = true;
        } else if (strchr(" \t\n,", *text)) {
            after_reference = after_reference && *text != ',';
            len = 1;
        } else {
            return false;
        }
        text += len;
    }
    return true;
}

void
question_link_triggers(struct survey *s)
{
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        const char *text =
            e->kind == ELEMENT_QUESTION ? prop_text(e->cells, "trigger") : NULL;
        if (text && !parse_triggers(s, e, text)) {
            fault(s, e->row, "trigger",
                  N_("The trigger “%s” is invalid. Reference variable lists "
                     "must have a comma between each variable: “${q1}, "
                     "${q2}”."),
                  text);
        }
    }
}

/* ---- everything else ---- */

static void
report_unknown_type(struct survey *s, const struct table_row *row,
                    const char *type)
{
    const char *near = spelling_nearest(type, qtype_known());
    struct diag_where at = survey_where(s, row, "type", NULL);
    size_t word = strcspn(type, " ");
    const char *const selects[] = {"select_one", "select_multiple", NULL};
    const char *first = pool_dup_len(s->pool, type, word);
    if (!near && type[word] == ' ') {
        near = spelling_nearest(first, selects);
    }
    if (near) {
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("Unknown question type “%s”. Did you mean “%s”?"),
                       type, near);
        return;
    }
    bool bare = strcmp(type, "select_one") == 0
                || strcmp(type, "select_multiple") == 0
                || strcmp(type, "rank") == 0;
    (void)diag_add(s->d, DIAG_ERROR, &at,
                   bare ? N_("Unknown question type “%s”: write the name of a "
                             "choice list after it.")
                        : N_("Unknown question type “%s”."),
                   type);
}

static void
check_calculate(struct survey *s, const struct element *e)
{
    const char *text = prop_text(prop_branch(e->cells, "bind"), "calculate");
    if (strcmp(e->type, "calculate") == 0 && !text && !e->actions) {
        struct diag_where at = survey_where(s, e->row, "bind", "calculate");
        (void)diag_add(
            s->d, DIAG_ERROR, &at,
            N_("Missing calculation: say what “%s” is computed from."),
            e->name);
    }
}

static void
add_text(struct survey *s, struct element *e)
{
    static const char *const accepted[] = {"rows", NULL};
    params_check(s, e->row, e->params, accepted);
    const char *rows = prop_text(e->params, "rows");
    if (!rows) {
        return;
    }
    if (strspn(rows, "0123456789") != strlen(rows)) {
        fault(s, e->row, "parameters",
              N_("Parameter rows must have an integer value, not “%s”."), rows);
    }
    prop_set_in(s->pool, &e->cells, "control", "rows", rows);
}

static void
check_external_instance(struct survey *s, const struct element *e)
{
    if (survey_repeat_of(e)) {
        fault(s, e->row, "type",
              N_("External instances must not be placed inside a repeat. Move "
                 "“%s” out of it."),
              e->name);
    }
}

void
question_add(struct survey *s, struct element *parent,
             const struct table_row *row, const char *type,
             struct question_table *table)
{
    struct select sel = {0};
    bool is_select = parse_select(s->pool, type, &sel);
    bool is_osm = strncmp(type, "osm", 3) == 0;
    const char *plain = is_select ? sel.command->type : (is_osm ? "osm" : type);
    const struct qtype *qtype = qtype_find(plain);
    if (!qtype) {
        report_unknown_type(s, row, type);
        qtype = qtype_find("text");
    }
    struct itemset *list = is_select ? internal_list(s, row, &sel) : NULL;
    if (is_select && table->active) {
        join_table(s, parent, sel.list, plain, row, table);
    }
    struct element *e = survey_add(
        s, parent,
        qtype->control == QTYPE_EXTERNAL ? ELEMENT_EXTERNAL : ELEMENT_QUESTION,
        prop_text(row->cells, "name"), plain);
    if (!e) {
        return;
    }
    e->qtype = qtype;
    e->row = row;
    e->cells = row->cells;
    e->options = list;
    e->has_trigger = prop_text(e->cells, "trigger") != NULL;
    e->params = params_parse(s, row);
    if (qtype->hint && !prop_find(e->cells, "hint")) {
        prop_set(s->pool, &e->cells, "hint", qtype->hint);
    }
    add_default(s, e);
    check_calculate(s, e);
    if (is_select) {
        add_select(s, parent, e, &sel, table);
    } else if (qtype->control == QTYPE_RANGE) {
        params_range(s, e);
    } else if (strcmp(plain, "text") == 0) {
        add_text(s, e);
    } else if (qtype->control == QTYPE_EXTERNAL) {
        check_external_instance(s, e);
    } else {
        media_add(s, e);
    }
}

void
question_add_audit(struct survey *s, struct element *meta,
                   const struct table_row *row)
{
    const char *name = prop_text(row->cells, "name");
    if (name && strcmp(name, "audit") != 0) {
        fault(s, row, "name",
              N_("Audits must always be named “audit”. The name column should "
                 "be left blank; this is “%s”."),
              name);
    }
    struct element *e = survey_add(s, meta, ELEMENT_QUESTION, "audit", "audit");
    if (!e) {
        return;
    }
    e->qtype = qtype_find("audit");
    e->row = row;
    e->cells = row->cells;
    e->params = params_parse(s, row);
    media_add_audit(s, e);
}
