#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/load.h"
#include "form/tree.h"
#include "form/vec.h"

/*
 * From names to numbers: binds and controls find their defs, repeats become
 * scopes, expressions are compiled and resolved.
 */
struct link {
    struct form *form;
    struct diag *d;
    enum status st;
};

static void
failed(struct link *l, enum status st)
{
    if (l->st == STATUS_OK && st < 0) {
        l->st = st;
    }
}

static uint32_t
find_def(struct link *l, const char *path, int line, const char *what)
{
    uint32_t def = path ? model_find(l->form, path) : MODEL_NONE;
    if (def == MODEL_NONE && path && *path != '/') {
        /* Old forms name the first level without the root. */
        const char *root = l->form->def[0].path;
        char full[1024];
        int len = snprintf(full, sizeof(full), "%s/%s", root, path);
        if (len > 0 && (size_t)len < sizeof(full)) {
            def = model_find(l->form, full);
        }
    }
    if (def == MODEL_NONE) {
        struct diag_where where = {.row = line};
        l->st = diag_add(l->d, DIAG_ERROR, &where,
                         N_("<%s> refers to “%.200s”, and the form has no "
                            "such question."),
                         what, path ? path : "");
    }
    return def;
}

/* ------------------------------------------------------------ defs, scopes */

/* A value as the type writes it; what is not of the type is none. */
static const char *
initial_value(struct link *l, enum form_type type, const char *value)
{
    struct scratch room;
    if (!*value || type == FORM_TYPE_STRING || l->st < 0) {
        return value;
    }
    scratch_init(&room, TREE_SCRATCH_MAX_BYTES);
    const char *lexical = tree_lexical(&room, type, value);
    const char *kept = lexical ? lexical : "";
    if (strcmp(kept, value) == 0) {
        kept = value;
    } else {
        kept = arena_strdup(&l->form->arena, kept);
    }
    scratch_deinit(&room);
    if (!kept) {
        failed(l, STATUS_E_NOMEM);
        return "";
    }
    return kept;
}

static void
link_binds(struct link *l)
{
    struct form *f = l->form;
    for (uint32_t i = 0; i < f->bind_count && l->st == STATUS_OK; i++) {
        struct model_bind *b = &f->bind[i];
        b->def = find_def(l, b->nodeset, b->line, "bind");
        if (b->def != MODEL_NONE) {
            f->def[b->def].bind = i;
            struct model_def *d = &f->def[b->def];
            d->type = b->type;
            d->initial = initial_value(l, d->type, d->initial);
        }
    }
    for (uint32_t i = 0; i < f->start_count; i++) {
        struct model_start *s = &f->start[i];
        if (s->kind == MODEL_START_TEXT) {
            s->text = initial_value(l, f->def[s->def].type, s->text);
        }
    }
}

static bool
is_leaf(const struct form *f, uint32_t def)
{
    return !f->def[def].attribute && !f->def[def].group;
}

static bool
has_label(const struct model_control *c)
{
    return c->label.itext_id || c->label.own;
}

/* The control that speaks for a def: of several groups (a repeat stands in one
 * of the same name) the first with a label. */
static void
note_control(struct form *f, uint32_t control)
{
    const struct model_control *c = &f->control[control];
    struct model_def *d = &f->def[c->def];
    uint32_t *noted =
        c->kind == MODEL_QUESTION ? &d->control : &d->group_control;
    bool better = c->kind != MODEL_QUESTION && *noted != MODEL_NONE
                  && !has_label(&f->control[*noted]) && has_label(c);
    if (*noted == MODEL_NONE || better) {
        *noted = control;
    }
}

static void
link_controls(struct link *l)
{
    struct form *f = l->form;
    for (uint32_t i = 1; i < f->control_count && l->st == STATUS_OK; i++) {
        struct model_control *c = &f->control[i];
        if (c->kind == MODEL_GROUP && !c->ref) {
            continue;
        }
        c->def = find_def(l, c->ref, c->line,
                          c->kind == MODEL_REPEAT ? "repeat" : "input");
        if (c->def != MODEL_NONE) {
            note_control(f, i);
        }
    }
}

static enum status
add_scope(struct form *f, uint32_t def, uint32_t parent)
{
    enum status st =
        vec_reserve(&f->scope, &f->scope_cap, (size_t)f->scope_count + 1,
                    sizeof(*f->scope), MODEL_DEFS_MAX);
    if (st < 0) {
        return st;
    }
    uint32_t depth = parent == MODEL_NONE ? 0 : f->scope[parent].depth + 1;
    if (depth > MODEL_SCOPE_DEPTH_MAX) {
        return STATUS_E_LIMIT;
    }
    f->scope[f->scope_count++] = (struct model_scope){
        .def = def, .parent = parent, .depth = depth, .control = MODEL_NONE};
    return STATUS_OK;
}

static enum status
number_slots(struct form *f)
{
    for (uint32_t i = 0; i < f->def_count; i++) {
        struct model_def *d = &f->def[i];
        uint32_t above = d->parent == MODEL_NONE ? 0 : f->def[d->parent].scope;
        d->scope = d->repeat == MODEL_NONE ? above : d->repeat;
        d->slot = f->scope[d->scope].slot_count++;
    }
    for (uint32_t s = 0; s < f->scope_count; s++) {
        struct model_scope *scope = &f->scope[s];
        scope->slot =
            arena_array(&f->arena, scope->slot_count, sizeof(*scope->slot));
        if (!scope->slot) {
            return STATUS_E_NOMEM;
        }
        if (scope->parent != MODEL_NONE) {
            scope->index = f->scope[scope->parent].child_count++;
        }
    }
    for (uint32_t i = 0; i < f->def_count; i++) {
        f->scope[f->def[i].scope].slot[f->def[i].slot] = i;
    }
    for (uint32_t s = 0; s < f->scope_count; s++) {
        struct model_scope *scope = &f->scope[s];
        scope->child =
            arena_array(&f->arena, scope->child_count, sizeof(*scope->child));
        if (scope->child_count > 0 && !scope->child) {
            return STATUS_E_NOMEM;
        }
        if (scope->parent != MODEL_NONE) {
            f->scope[scope->parent].child[scope->index] = s;
        }
    }
    return STATUS_OK;
}

/* Defs come after their parents, so scopes do too. */
static void
link_scopes(struct link *l)
{
    struct form *f = l->form;
    f->def[0].repeat = MODEL_NONE;
    for (uint32_t i = 1; i < f->control_count; i++) {
        const struct model_control *c = &f->control[i];
        if (c->kind == MODEL_REPEAT && c->def != 0) {
            f->def[c->def].repeat = 0; /* to be numbered */
        }
    }
    failed(l, add_scope(f, 0, MODEL_NONE));
    for (uint32_t i = 1; i < f->def_count && l->st == STATUS_OK; i++) {
        struct model_def *d = &f->def[i];
        uint32_t above = f->def[d->parent].scope;
        if (d->repeat == MODEL_NONE) {
            d->scope = above;
            continue;
        }
        d->repeat = f->scope_count;
        d->scope = d->repeat;
        failed(l, add_scope(f, i, above));
    }
    if (l->st == STATUS_OK) {
        failed(l, number_slots(f));
    }
    for (uint32_t i = 1; i < f->control_count && l->st == STATUS_OK; i++) {
        const struct model_control *c = &f->control[i];
        if (c->kind == MODEL_REPEAT && c->def != 0) {
            struct model_scope *s = &f->scope[f->def[c->def].repeat];
            s->control = i;
            s->fixed = c->fixed || c->source_count;
        }
    }
}

/* Keep what a new filling must replay: instances of repeats, and values that
 * are not the initial ones of their def. */
static void
compress_start(struct link *l)
{
    struct form *f = l->form;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < f->start_count; i++) {
        struct model_start s = f->start[i];
        const struct model_def *d = &f->def[s.def];
        bool needed = s.kind == MODEL_START_TEXT
                          ? strcmp(s.text, d->initial) != 0
                          : d->repeat != MODEL_NONE;
        if (needed) {
            f->start[kept++] = s;
        }
    }
    f->start_count = kept;
}

/* ------------------------------------------------------------ expressions */

static struct xpath *
compile(struct link *l, const char *source, uint32_t def, int line)
{
    struct xpath *x = NULL;
    struct form *f = l->form;
    if (!source || l->st < 0 || source[strspn(source, " \t\r\n")] == '\0') {
        return NULL;
    }
    struct diag_where where = {.row = line, .path = f->def[def].path};
    struct xpath_scope context = {.def = def, .anchor_max = UINT32_MAX};
    failed(l, xpath_parse(source, strlen(source), &f->arena, l->d, &where, &x));
    if (l->st == STATUS_OK) {
        failed(l, xpath_link(f, x, def, &context, l->d, &where));
    }
    return l->st == STATUS_OK ? x : NULL;
}

/* ------------------------------------------------------------------ texts */

static void
compile_pieces(struct link *l, struct model_piece *p, uint32_t def, int line)
{
    for (; p && l->st == STATUS_OK; p = p->next) {
        if (p->output) {
            p->expr = compile(l, p->text, def, line);
        }
    }
}

static bool
has_outputs(const struct model_text *t)
{
    for (const struct model_piece *p = t->plain; p; p = p->next) {
        if (p->output) {
            return true;
        }
    }
    for (const struct model_piece *p = t->guidance; p; p = p->next) {
        if (p->output) {
            return true;
        }
    }
    return false;
}

/* The literals of a text in a row. */
static const char *
without_outputs(struct link *l, const struct model_text *t)
{
    size_t len = 0;
    if (!t->plain) {
        return "";
    }
    if (!t->plain->next) {
        return t->plain->output ? "" : t->plain->text;
    }
    for (const struct model_piece *p = t->plain; p; p = p->next) {
        len += p->output ? 0 : strlen(p->text);
    }
    char *joined = arena_alloc(&l->form->arena, len + 1);
    size_t at = 0;
    for (const struct model_piece *p = t->plain; joined && p; p = p->next) {
        size_t n = p->output ? 0 : strlen(p->text);
        memcpy(joined + at, p->text, n);
        at += n;
    }
    if (!joined) {
        failed(l, STATUS_E_NOMEM);
    }
    return joined;
}

static void
compile_text(struct link *l, struct model_text *t, uint32_t def, int line)
{
    if (t && t->context == MODEL_NONE) {
        t->context = def;
        t->dictionary = without_outputs(l, t);
        if (has_outputs(t)) {
            compile_pieces(l, t->plain, def, line);
            compile_pieces(l, t->guidance, def, line);
        }
    }
}

/* The id in jr:itext('id'), or NULL. */
static const char *
itext_id(const char *ref, size_t *out_len)
{
    static const char call[] = "jr:itext(";
    ref += strspn(ref, " ");
    if (strncmp(ref, call, sizeof(call) - 1) != 0) {
        return NULL;
    }
    ref += sizeof(call) - 1;
    ref += strspn(ref, " ");
    if (*ref != '\'' && *ref != '"') {
        return NULL;
    }
    const char *end = strchr(ref + 1, *ref);
    *out_len = end ? (size_t)(end - ref - 1) : 0;
    return end ? ref + 1 : NULL;
}

static void
link_label(struct link *l, struct model_label *label, uint32_t def, int line)
{
    struct form *f = l->form;
    if (label->own) {
        compile_text(l, label->own, def, line);
        return;
    }
    if (!label->itext_id) {
        return;
    }
    size_t len = 0;
    const char *id = itext_id(label->itext_id, &len);
    if (!id) {
        label->expr = compile(l, label->itext_id, def, line);
        return;
    }
    label->itext = names_find(&f->itext_ids, id, len);
    if (label->itext == NAMES_NONE) {
        struct diag_where where = {.row = line, .path = f->def[def].path};
        (void)diag_add(l->d, DIAG_WARNING, &where,
                       N_("The text “%.*s” is not there."), (int)len, id);
        return;
    }
    for (uint32_t lang = 0; lang < f->lang_count; lang++) {
        if (label->itext < f->itext_cap[lang]) {
            compile_text(l, f->itext[lang][label->itext], def, line);
        }
    }
}

/* Texts that no control names: of choices. Their outputs see the root. */
static void
link_other_texts(struct link *l)
{
    struct form *f = l->form;
    for (uint32_t lang = 0; lang < f->lang_count; lang++) {
        for (uint32_t i = 0; i < f->itext_ids.count && l->st == STATUS_OK;
             i++) {
            if (i < f->itext_cap[lang]) {
                compile_text(l, f->itext[lang][i], 0, 0);
            }
        }
    }
}

/* --------------------------------------------------------------- controls */

static struct xpath *
compile_in(struct link *l, const char *source, const struct model_control *c,
           const struct xpath_scope *context)
{
    struct xpath *x = NULL;
    struct form *f = l->form;
    if (!source || l->st < 0) {
        return NULL;
    }
    struct diag_where where = {.row = c->line, .path = f->def[c->def].path};
    failed(l, xpath_parse(source, strlen(source), &f->arena, l->d, &where, &x));
    if (l->st == STATUS_OK) {
        failed(l, xpath_link(f, x, c->def, context, l->d, &where));
    }
    return x;
}

static void
link_itemset(struct link *l, struct model_control *c)
{
    c->itemset = compile(l, c->source_itemset, c->def, c->line);
    if (!c->itemset) {
        return;
    }
    struct xpath_scope top = {.def = c->def, .anchor_max = UINT32_MAX};
    struct xpath_scope row =
        xpath_result_scope(l->form, c->itemset, c->def, &top);
    const char *label = c->source_label ? c->source_label : "";
    label += strspn(label, " ");
    if (strncmp(label, "jr:itext(", 9) == 0) {
        size_t len = strlen(label + 9);
        while (len > 0 && (label[8 + len] == ' ' || label[8 + len] == ')')) {
            len--;
        }
        label = arena_strndup(&l->form->arena, label + 9, len);
        if (!label) {
            failed(l, STATUS_E_NOMEM);
            return;
        }
        c->label_is_itext = true;
    }
    c->item_value =
        compile_in(l, c->source_value ? c->source_value : "name", c, &row);
    c->item_label = *label ? compile_in(l, label, c, &row) : NULL;
}

static void
link_questions(struct link *l)
{
    struct form *f = l->form;
    for (uint32_t i = 1; i < f->control_count && l->st == STATUS_OK; i++) {
        struct model_control *c = &f->control[i];
        uint32_t def = c->def == MODEL_NONE ? 0 : c->def;
        link_label(l, &c->label, def, c->line);
        link_label(l, &c->hint, def, c->line);
        for (struct model_choice *ch = c->choice; ch; ch = ch->next) {
            link_label(l, &ch->label, def, c->line);
        }
        if (c->kind == MODEL_QUESTION) {
            link_itemset(l, c);
        }
        struct xpath_scope outside = {
            .def = c->def, .anchor_max = UINT32_MAX, .outside = true};
        if (c->kind == MODEL_REPEAT && c->source_count && c->def != 0) {
            f->scope[f->def[c->def].repeat].count =
                compile_in(l, c->source_count, c, &outside);
        }
    }
}

static void
link_bind_exprs(struct link *l)
{
    struct form *f = l->form;
    for (uint32_t i = 0; i < f->bind_count && l->st == STATUS_OK; i++) {
        struct model_bind *b = &f->bind[i];
        b->relevant = compile(l, b->source_relevant, b->def, b->line);
        b->required = compile(l, b->source_required, b->def, b->line);
        b->readonly = compile(l, b->source_readonly, b->def, b->line);
        b->constraint = compile(l, b->source_constraint, b->def, b->line);
        b->calculate = compile(l, b->source_calculate, b->def, b->line);
        link_label(l, &b->required_message, b->def, b->line);
        link_label(l, &b->constraint_message, b->def, b->line);
    }
}

static void
link_actions(struct link *l)
{
    struct form *f = l->form;
    for (struct model_action *a = f->action; a && l->st == STATUS_OK;
         a = a->next) {
        a->target = find_def(l, a->ref, a->line, "setvalue");
        if (a->target == MODEL_NONE) {
            return;
        }
        a->expr = compile(l, a->value, a->target, a->line);
        if (a->events & MODEL_EVENT_VALUE_CHANGED && a->control != MODEL_NONE
            && f->control[a->control].def != MODEL_NONE) {
            struct model_action **last =
                &f->def[f->control[a->control].def].changed;
            while (*last) {
                last = &(*last)->next_changed;
            }
            *last = a;
        }
    }
}

/* ------------------------------------------------------------- dictionary */

static bool
is_note(const struct form *f, uint32_t def)
{
    const struct model_def *d = &f->def[def];
    const struct model_bind *b =
        d->bind == MODEL_NONE ? NULL : &f->bind[d->bind];
    return b && b->source_readonly && strstr(b->source_readonly, "true()")
           && !b->source_calculate && !*d->initial
           && b->preload == MODEL_PRELOAD_NONE;
}

static void
finish_controls(struct link *l)
{
    struct form *f = l->form;
    for (uint32_t i = 1; i < f->control_count; i++) {
        struct model_control *c = &f->control[i];
        if (c->shows == FORM_CONTROL_INPUT && is_note(f, c->def)) {
            c->shows = FORM_CONTROL_NOTE;
        }
    }
    for (const struct model_action *a = f->action; a; a = a->next) {
        uint32_t control = f->def[a->target].control;
        if (control != MODEL_NONE
            && f->control[control].shows == FORM_CONTROL_NOTE) {
            f->control[control].shows = FORM_CONTROL_INPUT;
        }
    }
}

static void
number_fields(struct link *l)
{
    struct form *f = l->form;
    f->field = arena_array(&f->arena, f->def_count, sizeof(*f->field));
    if (!f->field) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    uint32_t at = 0;
    for (;;) {
        struct model_def *d = &f->def[at];
        if (is_leaf(f, at)) {
            d->field = f->field_count;
            f->field[f->field_count++] = at;
        }
        if (d->child != MODEL_NONE && !d->attribute) {
            at = d->child;
            continue;
        }
        while (at != 0 && f->def[at].next == MODEL_NONE) {
            at = f->def[at].parent;
        }
        if (at == 0) {
            return;
        }
        at = f->def[at].next;
    }
}

static void
root_attributes(struct form *f)
{
    for (uint32_t c = f->def[0].child; c != MODEL_NONE; c = f->def[c].next) {
        if (strcmp(f->def[c].local, "@id") == 0) {
            f->id = f->def[c].initial;
        } else if (strcmp(f->def[c].local, "@version") == 0) {
            f->version = f->def[c].initial;
        }
    }
}

enum status
link_form(struct form *f, struct diag *d)
{
    struct link l = {.form = f, .d = d};
    root_attributes(f);
    link_binds(&l);
    if (l.st == STATUS_OK) {
        link_controls(&l);
    }
    if (l.st == STATUS_OK) {
        link_scopes(&l);
    }
    if (l.st == STATUS_OK) {
        compress_start(&l);
        link_questions(&l);
    }
    if (l.st == STATUS_OK) {
        link_bind_exprs(&l);
    }
    if (l.st == STATUS_OK) {
        link_actions(&l);
    }
    if (l.st == STATUS_OK) {
        link_other_texts(&l);
        finish_controls(&l);
        number_fields(&l);
    }
    return l.st;
}
