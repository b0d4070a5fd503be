#include "xlsform/rows.h"

#include <stdarg.h>
#include <string.h>

#include "xlsform/lexer.h"
#include "xlsform/params.h"
#include "xlsform/question.h"

struct frame {
    struct element *e;
    const struct table_row *row; /* NULL for the survey */
    struct name_map seen;
};

struct rows {
    struct survey *s;
    struct frame stack[SURVEY_DEPTH_MAX + 1];
    size_t depth; /* frames below the top one */
    struct question_table table;
    struct name_map repeats;
    struct element *meta; /* audit rows wait here */
};

struct control_type {
    const char *name;
    enum element_kind kind;
    const char *type;
};

static const struct control_type control_types[] = {
    {"group", ELEMENT_GROUP, "group"},
    {"lgroup", ELEMENT_REPEAT, "repeat"},
    {"repeat", ELEMENT_REPEAT, "repeat"},
    {"looped group", ELEMENT_REPEAT, "repeat"},
    {"loop", ELEMENT_LOOP, "loop"},
};

/* What follows "begin " or "begin_" in the type; NULL if it is neither. */
static const char *
after_word(const char *type, const char *word)
{
    size_t len = strlen(word);
    bool match =
        strncmp(type, word, len) == 0 && (type[len] == ' ' || type[len] == '_');
    return match ? type + len + 1 : NULL;
}

/* The control named at the start of `text`, and what is left. */
static const struct control_type *
control_of(const char *text, const char **out_rest)
{
    for (size_t i = 0; i < sizeof(control_types) / sizeof(control_types[0]);
         i++) {
        size_t len = strlen(control_types[i].name);
        if (strncmp(text, control_types[i].name, len) == 0
            && (text[len] == '\0' || text[len] == ' ')) {
            *out_rest = text[len] ? text + len + 1 : "";
            return &control_types[i];
        }
    }
    return NULL;
}

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

/* ---- names ---- */

static void
check_unique(struct rows *r, struct table_row *row, const char *name)
{
    if (strcmp(name, SURVEY_META) == 0) {
        fault(r->s, row, "name",
              N_("The name “%s” is reserved for form metadata."), name);
        return;
    }
    void **slot = name_map_put(&r->stack[r->depth].seen, r->s->pool, name);
    if (slot && *slot) {
        const struct table_row *other = *slot;
        struct diag_where at = survey_where(r->s, row, "name", NULL);
        (void)diag_add(
            r->s->d, DIAG_ERROR, &at,
            N_("The name “%s” is already taken by row %d. Questions, groups, "
               "and repeats must be unique within their nearest parent group "
               "or repeat, or the survey if not inside one."),
            name, other->file_row);
    } else if (slot) {
        *slot = row;
    }
}

/* The name of the row, checked; a note without one gets one. NULL after an
 * error. */
static const char *
row_name(struct rows *r, struct table_row *row, const char *type)
{
    struct survey *s = r->s;
    const char *name = prop_text(row->cells, "name");
    if (!name && strcmp(type, "note") == 0) {
        name = pool_printf(s->pool, "generated_note_name_%d", row->number);
        prop_set(s->pool, &row->cells, "name", name);
    }
    if (!name) {
        fault(s, row, "name",
              N_("Question or group with no name: give “%s” a name."), type);
        return NULL;
    }
    if (!lexer_is_name(name)) {
        fault(s, row, "name",
              N_("The name “%s” is invalid. Names must begin with a letter or "
                 "underscore. After the first character, names may contain "
                 "letters, digits, underscores, hyphens, or periods."),
              name);
        return NULL;
    }
    if (!survey_prefix_known(s, name)) {
        fault(s, row, "name",
              N_("The part of “%s” before the colon is no known prefix. Write "
                 "the name without a colon, or declare the prefix in the "
                 "setting namespaces."),
              name);
        return NULL;
    }
    check_unique(r, row, name);
    return name;
}

/* ---- groups ---- */

static void
check_repeat_name(struct rows *r, const struct table_row *row, const char *name)
{
    if (strcmp(name, r->s->name) == 0) {
        fault(r->s, row, "name",
              N_("The name “%s” is invalid: repeat names must not be the same "
                 "as the survey root."),
              name);
        return;
    }
    void **slot = name_map_put(&r->repeats, r->s->pool, name);
    if (slot && *slot) {
        fault(r->s, row, "name",
              N_("Repeat names must be unique anywhere in the survey, at all "
                 "levels of group or repeat nesting; “%s” is not."),
              name);
    } else if (slot) {
        *slot = r;
    }
}

/* A repeat_count that is not just a reference gets a calculation of its own,
 * so that it is computed once. */
static void
add_count(struct rows *r, struct table_row *row, const char *name)
{
    struct survey *s = r->s;
    struct prop *control = prop_branch(row->cells, "control");
    const char *count = prop_text(control, "jr:count");
    if (!count || lexer_is_reference(count)) {
        return;
    }
    const char *counter = pool_printf(s->pool, "%s_count", name);
    check_unique(r, row, counter);
    struct element *e = survey_add(s, r->stack[r->depth].e, ELEMENT_QUESTION,
                                   counter, "calculate");
    if (!e) {
        return;
    }
    e->qtype = qtype_find("calculate");
    e->row = row;
    prop_set_in(s->pool, &e->cells, "bind", "readonly", "true()");
    prop_set_in(s->pool, &e->cells, "bind", "calculate", count);
    prop_set_in(s->pool, &row->cells, "control", "jr:count",
                pool_printf(s->pool, "${%s}", counter));
}

static bool
has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        bool starts = at == text || at[-1] == ' ';
        if (starts && (at[len] == '\0' || at[len] == ' ')) {
            return true;
        }
    }
    return false;
}

static const char *
table_list_appearance(struct survey *s, const char *appearance)
{
    const char *out = "field-list";
    const char *at = appearance;
    while (*at) {
        size_t len = strcspn(at, " ");
        if (len > 0
            && !(len == strlen("table-list")
                 && strncmp(at, "table-list", len) == 0)) {
            out = pool_printf(s->pool, "%s %.*s", out, (int)len, at);
        }
        at += len;
        at += *at == ' ';
    }
    return out;
}

/* table-list: the labels stand over columns of buttons, so the group's own
 * label moves into a note. */
static void
start_table_list(struct rows *r, struct element *group, struct table_row *row,
                 const char *appearance)
{
    struct survey *s = r->s;
    r->table = (struct question_table){.active = true};
    prop_set_in(s->pool, &group->cells, "control", "appearance",
                table_list_appearance(s, appearance));
    struct prop *label = prop_find(group->cells, "label");
    struct prop *hint = prop_find(group->cells, "hint");
    if (!label && !hint) {
        return;
    }
    struct element *note = survey_add(
        s, group, ELEMENT_QUESTION,
        pool_printf(s->pool, "generated_table_list_label_%d", row->number),
        "note");
    if (!note) {
        return;
    }
    note->qtype = qtype_find("note");
    note->row = row;
    struct prop *const texts[] = {label, hint};
    for (size_t i = 0; i < 2; i++) {
        struct prop *copy =
            texts[i] ? prop_put(s->pool, &note->cells, texts[i]->key) : NULL;
        if (copy) {
            copy->text = texts[i]->text;
            copy->child = texts[i]->child;
            prop_remove(&group->cells, copy->key);
        }
    }
}

static void
check_required(struct survey *s, const struct table_row *row)
{
    const char *required =
        prop_text(prop_branch(row->cells, "bind"), "required");
    if (required && survey_yes_no(required) != 0) {
        struct diag_where at = survey_where(s, row, "bind", "required");
        (void)diag_add(
            s->d, DIAG_ERROR, &at,
            N_("Groups, repeats, and loops cannot be required. Either remove "
               "the required value in this row, or move it to a question "
               "inside."));
    }
}

static const char *
loop_list(struct survey *s, const struct table_row *row, const char *rest)
{
    if (strncmp(rest, "over ", 5) == 0) {
        rest += 5;
    }
    if (*rest == '\0') {
        fault(s, row, "type", N_("Repeat loop without list name: write “%s”."),
              "begin loop over LIST");
        return NULL;
    }
    if (!survey_itemset(s, rest)) {
        fault(s, row, "type", N_("There is no list “%s” on the choices sheet."),
              rest);
        return NULL;
    }
    return rest;
}

static void
begin(struct rows *r, struct table_row *row, const struct control_type *control,
      const char *rest)
{
    struct survey *s = r->s;
    struct element *parent = r->stack[r->depth].e;
    const char *name = row_name(r, row, control->type);
    if (name && control->kind == ELEMENT_REPEAT) {
        check_repeat_name(r, row, name);
    }
    check_required(s, row);
    if (r->depth == SURVEY_DEPTH_MAX) {
        fault(s, row, "type",
              N_("Groups are nested too deeply; “%s” does not fit any more."),
              name ? name : "");
        return;
    }
    name = name ? name : SURVEY_NO_NAME;
    add_count(r, row, name);
    struct element *e =
        survey_add(s, parent, control->kind, name, control->type);
    if (!e) {
        return;
    }
    e->row = row;
    e->cells = row->cells;
    if (control->kind == ELEMENT_LOOP) {
        const char *list = loop_list(s, row, rest);
        e->options = list ? survey_itemset(s, list) : NULL;
    }
    const char *appearance =
        prop_text(prop_branch(e->cells, "control"), "appearance");
    if (appearance && has_word(appearance, "table-list")) {
        start_table_list(r, e, row, appearance);
    }
    const char *intent = prop_text(e->cells, "intent");
    if (intent) {
        prop_set_in(s->pool, &e->cells, "control", "intent", intent);
    }
    r->depth++;
    r->stack[r->depth] = (struct frame){.e = e, .row = row};
}

static void
end(struct rows *r, const struct table_row *row,
    const struct control_type *control)
{
    const struct element *open = r->stack[r->depth].e;
    r->table.active = false;
    if (prop_find(prop_branch(row->cells, "bind"), "entities:saveto")) {
        struct diag_where at =
            survey_where(r->s, row, "bind", "entities:saveto");
        (void)diag_add(r->s->d, DIAG_ERROR, &at,
                       N_("Groups and repeats can't be saved as entity "
                          "properties. Either remove or move the save_to value "
                          "in this row."));
    }
    if (r->depth == 0 || open->kind != control->kind) {
        struct diag_where at = survey_where(r->s, row, "type", NULL);
        const char *name = prop_text(row->cells, "name");
        if (r->depth == 0) {
            (void)diag_add(r->s->d, DIAG_ERROR, &at,
                           N_("Unmatched “end_%s”: no matching “begin_%s” was "
                              "found for the name “%s”."),
                           control->type, control->type, name ? name : "");
            return;
        }
        (void)diag_add(
            r->s->d, DIAG_ERROR, &at,
            N_("Unmatched “end_%s”: what is open here is “%s”, begun "
               "in row %d as “begin_%s”."),
            control->type, open->name, r->stack[r->depth].row->file_row,
            open->type);
    }
    r->depth--;
}

static void
check_open(struct rows *r)
{
    for (; r->depth > 0; r->depth--) {
        const struct frame *f = &r->stack[r->depth];
        struct diag_where at = survey_where(r->s, f->row, "type", NULL);
        (void)diag_add(
            r->s->d, DIAG_ERROR, &at,
            N_("Unmatched “begin_%s”: no matching “end_%s” was found "
               "for the name “%s”."),
            f->e->type, f->e->type, f->e->name);
    }
}

/* ---- rows ---- */

/* Old forms keep settings on the survey sheet: type "form_title", name its
 * value. */
static bool
is_setting(struct survey *s, const struct table_row *row, const char *type)
{
    static const char *const names[][2] = {
        {"form_title", "title"},        {"set form title", "title"},
        {"set_form_title", "title"},    {"form_id", "id_string"},
        {"set form id", "id_string"},   {"set_form_id", "id_string"},
        {"public_key", "public_key"},   {"submission_url", "submission_url"},
        {"auto_send", "auto_send"},     {"auto_delete", "auto_delete"},
        {"sms_keyword", "sms_keyword"}, {"prefix", "prefix"},
        {"delimiter", "delimiter"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i][0], type) == 0) {
            const char *value = prop_text(row->cells, "name");
            prop_set(s->pool, &s->settings, names[i][1],
                     value ? value : "None");
            return true;
        }
    }
    return false;
}

static bool
is_disabled(struct survey *s, struct table_row *row)
{
    const char *disabled = prop_text(row->cells, "disabled");
    if (!disabled) {
        return false;
    }
    struct diag_where at = survey_where(s, row, "disabled", NULL);
    (void)diag_add(s->d, DIAG_WARNING, &at,
                   N_("The “disabled” column is not part of XLSForm any more. "
                      "We recommend using relevant instead."));
    prop_remove(&row->cells, "disabled");
    return survey_yes_no(disabled) == 1;
}

static const char *
canonical_type(const char *type)
{
    static const char *const aliases[][2] = {
        {"imei", "deviceid"},          {"image", "photo"},
        {"add image prompt", "photo"}, {"add photo prompt", "photo"},
        {"add audio prompt", "audio"}, {"add video prompt", "video"},
        {"add file prompt", "file"},
    };
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (strcmp(aliases[i][0], type) == 0) {
            return aliases[i][1];
        }
    }
    return type;
}

static void
read_without_type(struct survey *s, const struct table_row *row)
{
    if (prop_find(row->cells, "name") || prop_find(row->cells, "label")) {
        fault(s, row, "type",
              N_("Question with no type: write what kind of question this is "
                 "into the column “%s”."),
              "type");
        return;
    }
    struct diag_where at = survey_where(s, row, NULL, NULL);
    (void)diag_add(s->d, DIAG_WARNING, &at,
                   N_("A row without type, name, and label is being skipped."));
}

static void
read_row(struct rows *r, struct table_row *row)
{
    struct survey *s = r->s;
    if (is_disabled(s, row) || !row->cells) {
        return;
    }
    const char *type = prop_text(row->cells, "type");
    if (!type) {
        read_without_type(s, row);
        return;
    }
    type = canonical_type(type);
    const char *rest = NULL;
    const char *after = after_word(type, "end");
    const struct control_type *control =
        after ? control_of(after, &rest) : NULL;
    if (control && *rest == '\0') {
        end(r, row, control);
        return;
    }
    after = after_word(type, "begin");
    control = after ? control_of(after, &rest) : NULL;
    if (control && !strchr(strncmp(rest, "over ", 5) ? rest : rest + 5, ' ')) {
        begin(r, row, control, rest);
        return;
    }
    if (strcmp(type, "audit") == 0) {
        question_add_audit(s, r->meta, row);
        return;
    }
    if (is_setting(s, row, type)) {
        return;
    }
    if (!row_name(r, row, type)) {
        prop_set(s->pool, &row->cells, "name", SURVEY_NO_NAME);
    }
    question_add(s, r->stack[r->depth].e, row, type, &r->table);
}

/* ---- meta ---- */

static struct element *
add_meta(struct survey *s, struct element *meta, const char *name,
         const char *key, const char *value)
{
    struct element *e =
        survey_add(s, meta, ELEMENT_QUESTION, name, "calculate");
    if (e) {
        e->qtype = qtype_find("calculate");
        prop_set_in(s->pool, &e->cells, "bind", key, value);
    }
    return e;
}

static void
finish_meta(struct rows *r)
{
    struct survey *s = r->s;
    const char *omit = survey_setting(s, "omit_instanceID");
    if (omit && survey_yes_no(omit) == 1) {
        if (survey_setting(s, "public_key")) {
            struct diag_where at = table_where(s->table[TABLE_SETTINGS], NULL,
                                               "omit_instanceID", NULL);
            (void)diag_add(s->d, DIAG_ERROR, &at,
                           N_("Cannot omit instanceID, it is required for "
                              "encryption."));
        }
    } else {
        const char *preload = survey_setting(s, "instance_id");
        struct element *e =
            add_meta(s, r->meta, "instanceID", "readonly", "true()");
        if (e) {
            prop_set_in(s->pool, &e->cells, "bind", "jr:preload",
                        preload ? preload : "uid");
        }
    }
    const char *name = survey_setting(s, "instance_name");
    if (name) {
        (void)add_meta(s, r->meta, "instanceName", "calculate", name);
    }
}

static void
append_meta(struct survey *s, struct element *meta)
{
    if (!meta->first) {
        return;
    }
    meta->parent = s->root;
    if (s->root->last) {
        s->root->last->next = meta;
    } else {
        s->root->first = meta;
    }
    s->root->last = meta;
}

/* Setting "flat" (for ODK Tables): groups leave no node, and what they depend
 * on moves to their questions. Depth: SURVEY_DEPTH_MAX. */
static void
flatten(struct survey *s, struct element *top, // NOLINT(misc-no-recursion)
        const char *above)
{
    for (struct element *e = top->first; e; e = e->next) {
        const char *own = prop_text(prop_branch(e->cells, "bind"), "relevant");
        const char *both = own ? own : above;
        if (own && *above) {
            both = pool_printf(s->pool, "%s and (%s)", above, own);
        }
        if (e->first) {
            e->flat = true;
            flatten(s, e, both);
        } else if (*both) {
            prop_set_in(s->pool, &e->cells, "bind", "relevant", both);
        }
    }
}

void
rows_read(struct survey *s)
{
    struct rows *r = pool_alloc(s->pool, sizeof(*r));
    struct table *t = s->table[TABLE_SURVEY];
    s->root = survey_add(s, NULL, ELEMENT_SURVEY, s->name, "survey");
    if (!r || !s->root || !t) {
        return;
    }
    r->s = s;
    r->stack[0].e = s->root;
    r->meta = survey_add(s, NULL, ELEMENT_GROUP, SURVEY_META, "group");
    if (!r->meta) {
        return;
    }
    r->meta->bodyless = true;
    for (struct table_row *row = t->first; row; row = row->next) {
        read_row(r, row);
    }
    check_open(r);
    if (survey_setting(s, "flat")) {
        flatten(s, s->root, "");
    }
    finish_meta(r);
    append_meta(s, r->meta);
}
