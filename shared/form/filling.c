#include "form/filling.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "base/utf8.h"
#include "form/choice.h"
#include "form/tree.h"
#include "form/vec.h"
#include "form/xpath_date.h"
#include "form/xpath_eval.h"

#define PATH_DIGITS 16

/* ------------------------------------------------------------- life cycle */

static void
preload(struct filling *f, struct filling_node *n, const struct model_bind *b)
{
    char text[XPATH_DATE_CHARS];
    char uuid[5 + RANDOM_UUID_CHARS + 1] = "uuid:";
    struct xpath_date now;
    const char *value = NULL;
    bool timed =
        b->preload == MODEL_PRELOAD_START || b->preload == MODEL_PRELOAD_TODAY;
    if (timed && !f->env.anonymous) {
        xpath_date_from_wall(clock_wall_ms(f->env.clock), &now);
        if (b->preload == MODEL_PRELOAD_START) {
            xpath_date_print_time(now.days, now.ms, text);
        } else {
            xpath_date_print(now.days, text);
        }
        value = text;
    } else if (b->preload == MODEL_PRELOAD_UID) {
        value = f->env.instance_id;
        if (!value) {
            random_uuid(uuid + 5);
            value = uuid;
        }
    } else if (b->preload == MODEL_PRELOAD_PROPERTY && !f->env.anonymous
               && f->env.property && b->property) {
        value = f->env.property(f->env.self, b->property);
    }
    if (value && f->st == STATUS_OK) {
        f->st = tree_set_value(n, value);
    }
}

/* The form's own first instances and what is written in them. */
static void
replay_start(struct filling *f)
{
    const struct form *form = f->form;
    struct tree_scope *at = f->root;
    for (uint32_t i = 0; i < form->start_count && f->st == STATUS_OK; i++) {
        const struct model_start *s = &form->start[i];
        const struct model_def *d = &form->def[s->def];
        if (s->kind == MODEL_START_CLOSE) {
            at = at->parent;
        } else if (s->kind == MODEL_START_TEXT) {
            f->st = tree_set_value(&at->node[d->slot], s->text);
        } else {
            struct tree_scope *made = tree_scope_new(form, d->repeat, at);
            f->st = made ? tree_list_append(form, at, made) : STATUS_E_NOMEM;
            if (f->st < 0) {
                if (made) {
                    (void)tree_scope_free(form, made);
                }
                return;
            }
            f->instances++;
            at = made;
        }
    }
}

static void
start(struct filling *f)
{
    const struct form *form = f->form;
    f->loading = true;
    replay_start(f);
    for (uint32_t i = 0; i < form->bind_count && f->st == STATUS_OK; i++) {
        const struct model_bind *b = &form->bind[i];
        const struct model_def *d = &form->def[b->def];
        for (struct tree_scope *in =
                 b->preload == MODEL_PRELOAD_NONE
                     ? NULL
                     : tree_next_instance(form, f->root, d->scope, NULL);
             in; in = tree_next_instance(form, f->root, d->scope, in)) {
            preload(f, &in->node[d->slot], b);
        }
    }
    tree_fire(f, MODEL_EVENT_FIRST_LOAD, NULL);
    tree_changed_all(f);
    f->st = tree_run(f);
    f->loading = false;
}

enum status
filling_new(const struct form *form, const struct filling_env *env,
            struct filling **out)
{
    *out = NULL;
    struct filling *f = calloc(1, sizeof(*f));
    if (!f) {
        return log_oom("form");
    }
    f->form = form;
    f->lang = form->lang_default;
    if (env) {
        f->env = *env;
    }
    if (!f->env.clock) {
        f->env.clock = clock_system();
    }
    scratch_init(&f->eval, TREE_SCRATCH_MAX_BYTES);
    scratch_init(&f->borrowed, TREE_SCRATCH_MAX_BYTES);
    random_bytes(&f->seed, sizeof(f->seed));
    f->seed = f->env.reproducible ? 1 : f->seed >> 33; /* below 2^31 */
    f->root = tree_scope_new(form, 0, NULL);
    /* Room for one fault of an answer, so that want of memory cannot make it
     * look as if there were none. */
    f->st = f->root ? vec_reserve(&f->violation, &f->violation_cap, 1,
                                  sizeof(*f->violation), 1)
                    : STATUS_E_NOMEM;
    if (f->st == STATUS_OK) {
        start(f);
    }
    enum status st = f->st;
    f->st = STATUS_OK;
    if (st < 0) {
        filling_free(f);
        return st;
    }
    *out = f;
    return STATUS_OK;
}

void
filling_free(struct filling *f)
{
    if (!f) {
        return;
    }
    if (f->root) {
        (void)tree_scope_free(f->form, f->root);
    }
    scratch_deinit(&f->eval);
    scratch_deinit(&f->borrowed);
    free(f->job);
    free(f->event);
    free(f->item);
    free(f->violation);
    free(f);
}

const struct form *
filling_form(const struct filling *f)
{
    return f->form;
}

uint64_t
filling_revision(const struct filling *f)
{
    return f->revision;
}

/* Texts handed out before this change are void from now on. */
static void
begin_change(struct filling *f)
{
    scratch_clear(&f->borrowed);
    f->choice_node = NULL;
}

enum status
filling_set_lang(struct filling *f, size_t lang)
{
    if (lang >= f->form->lang_count && lang > 0) {
        return STATUS_E_NOT_FOUND;
    }
    begin_change(f);
    f->lang = lang;
    tree_changed_language(f);
    return tree_run(f);
}

size_t
filling_lang(const struct filling *f)
{
    return f->lang;
}

/* ---------------------------------------------------------------- changes */

/* Characters XML 1.0 can carry. */
static bool
printable(const char *value)
{
    for (const char *at = value; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
    }
    size_t len = strlen(value);
    return len < FILLING_XML_MAX_BYTES && utf8_valid(value, len);
}

/* Names are offered, none twice; a ranking has them all, or up to the first
 * few that it asks for. */
static bool
choices_fit(struct filling *f, struct filling_node *n, const char *value,
            const struct model_control *c)
{
    struct choice *choices = NULL;
    uint32_t count = 0;
    if (choice_list(f, n, &f->eval, &choices, &count) < 0) {
        return false;
    }
    uint32_t words = 0;
    bool fits = true;
    for (const char *at = value; *at && fits;) {
        size_t word = strcspn(at, " ");
        for (const char *other = value; other < at && fits;) {
            size_t len = strcspn(other, " ");
            fits = len == 0 || len != word || memcmp(other, at, len) != 0;
            other += len + (other[len] == ' ');
        }
        if (word > 0) {
            words++;
            fits = fits && choice_offers(choices, count, at, word);
        }
        at += word + (at[word] == ' ');
    }
    if (c->shows == FORM_CONTROL_SELECT_ONE) {
        return fits && words == 1;
    }
    size_t places = form_rank_places(c->appearance, count);
    return fits
           && (c->shows != FORM_CONTROL_RANK
               || (places < count ? words <= places : words == count));
}

static bool
answer_fits(struct filling *f, struct filling_node *n, const char *value)
{
    const struct form *form = f->form;
    uint32_t control = form->def[n->def].control;
    if (control == MODEL_NONE || !*value) {
        return true;
    }
    const struct model_control *c = &form->control[control];
    switch (c->shows) {
    case FORM_CONTROL_SELECT_ONE:
    case FORM_CONTROL_SELECT_MULTIPLE:
    case FORM_CONTROL_RANK:
        return choices_fit(f, n, value, c);
    case FORM_CONTROL_TRIGGER:
        return strcmp(value, "OK") == 0;
    case FORM_CONTROL_RANGE: {
        double number = xpath_number_parse(value);
        double low =
            c->range_start < c->range_end ? c->range_start : c->range_end;
        double high =
            c->range_start < c->range_end ? c->range_end : c->range_start;
        return low >= high || (number >= low && number <= high);
    }
    case FORM_CONTROL_NONE:
    case FORM_CONTROL_INPUT:
    case FORM_CONTROL_NOTE:
    case FORM_CONTROL_UPLOAD:
    default:
        return true;
    }
}

enum status
filling_set(struct filling *f, struct filling_node *node, const char *value)
{
    const struct model_def *d = &f->form->def[node->def];
    if (d->group || !printable(value)) {
        return STATUS_E_INVALID;
    }
    struct scratch_mark mark = scratch_mark(&f->eval);
    const char *lexical = tree_lexical(&f->eval, d->type, value);
    enum status st = STATUS_OK;
    if (!lexical || !answer_fits(f, node, lexical)) {
        st = f->eval.failed ? STATUS_E_NOMEM : STATUS_E_INVALID;
    } else if (strcmp(lexical, tree_value(node)) != 0) {
        begin_change(f);
        st = tree_set_value(node, lexical);
        if (st == STATUS_OK) {
            tree_changed_value(f, node);
            st = tree_run(f);
        }
    }
    scratch_release(&f->eval, mark);
    return st;
}

enum status
filling_add(struct filling *f, struct filling_node *parent, const void *repeat,
            struct filling_node **out_node)
{
    const struct model_scope *m = repeat;
    uint32_t scope = (uint32_t)(m - f->form->scope);
    struct tree_list *l = &parent->scope->list[m->index];
    if (out_node) {
        *out_node = NULL;
    }
    if (m->parent != parent->scope->scope) {
        return STATUS_E_INVALID;
    }
    if (l->count >= FILLING_REPEAT_MAX) {
        return STATUS_E_LIMIT;
    }
    begin_change(f);
    struct tree_scope *made = tree_add_instance(f, parent->scope, scope);
    if (made) {
        tree_fire(f, MODEL_EVENT_NEW_REPEAT, made);
        tree_changed_instances(f, parent->scope, scope, UINT32_MAX);
    }
    enum status st = tree_run(f);
    if (made && out_node) {
        *out_node = &made->node[0];
    }
    return st;
}

const void *
filling_repeat(struct filling *f, struct filling_node *parent, const char *name)
{
    const struct form *form = f->form;
    uint32_t def = model_child_named(form, parent->def, name);
    uint32_t repeat = def == MODEL_NONE ? MODEL_NONE : form->def[def].repeat;
    if (repeat == MODEL_NONE || form->scope[repeat].fixed) {
        return NULL;
    }
    return &form->scope[repeat];
}

enum status
filling_remove(struct filling *f, struct filling_node *repeat_instance)
{
    struct tree_scope *s = repeat_instance->scope;
    if (!s->parent || repeat_instance != &s->node[0]) {
        return STATUS_E_INVALID;
    }
    begin_change(f);
    tree_remove_instance(f, s);
    return tree_run(f);
}

/* ------------------------------------------------------------------ paths */

struct filling_node *
filling_find(struct filling *f, const char *path)
{
    const struct form *form = f->form;
    struct tree_scope *s = f->root;
    uint32_t def = MODEL_NONE;
    while (*path == '/') {
        path++;
        size_t len = strcspn(path, "/[");
        size_t skip = 0;
        for (size_t i = 0; i < len; i++) {
            skip = path[i] == ':' ? i + 1 : skip;
        }
        def = model_child(form, def,
                          names_find(&form->names, path + skip, len - skip));
        if (def == MODEL_NONE) {
            return NULL;
        }
        path += len;
        unsigned long position = 1;
        if (*path == '[') {
            char *end = NULL;
            position = strtoul(path + 1, &end, 10);
            if (*end != ']' || position == 0) {
                return NULL;
            }
            path = end + 1;
        }
        uint32_t repeat = form->def[def].repeat;
        if (repeat != MODEL_NONE) {
            struct tree_list *l = &s->list[form->scope[repeat].index];
            if (position > l->count) {
                return NULL;
            }
            s = l->instance[position - 1];
        } else if (position != 1) {
            return NULL;
        }
    }
    return *path || def == MODEL_NONE ? NULL : &s->node[form->def[def].slot];
}

void
filling_path(const struct filling *f, const struct filling_node *node,
             struct buf *out)
{
    const struct form *form = f->form;
    const struct filling_node *chain[MODEL_XML_DEPTH_MAX];
    uint32_t n = 0;
    for (const struct filling_node *at = node; at && n < MODEL_XML_DEPTH_MAX;
         at = tree_parent(form, at)) {
        chain[n++] = at;
    }
    while (n-- > 0) {
        const struct model_def *d = &form->def[chain[n]->def];
        buf_putc(out, '/');
        buf_puts(out, d->name);
        if (d->repeat != MODEL_NONE) {
            buf_printf(out, "[%u]", chain[n]->scope->position + 1);
        }
    }
}

const char *
filling_value(struct filling *f, struct filling_node *node)
{
    (void)f;
    return node->relevant ? tree_value(node) : NULL;
}

enum status
filling_each(struct filling *f, filling_visit *visit, void *self)
{
    const struct form *form = f->form;
    struct filling_node *top = &f->root->node[0];
    enum status st = STATUS_OK;
    bool skip = !top->relevant;
    for (struct filling_node *n = tree_next(form, top, top, skip);
         n && st == STATUS_OK; n = tree_next(form, n, top, skip)) {
        skip = !n->relevant;
        if (n->relevant && form->def[n->def].field != MODEL_NONE) {
            st = visit(self, n, form->def[n->def].field, tree_value(n));
        }
    }
    return st;
}
