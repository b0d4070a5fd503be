#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "form/choice.h"
#include "form/tree.h"
#include "form/vec.h"
#include "form/xpath_date.h"
#include "form/xpath_eval.h"

static void
failed(struct filling *f, enum status st)
{
    if (f->st == STATUS_OK && st < 0) {
        f->st = st;
    }
}

/* ------------------------------------------------------------------- queue */

/* A job for each unit and node at most, except for counts: those share the
 * node of the group the repeat is in. */
static void
push(struct filling *f, uint32_t unit, struct filling_node *n)
{
    uint8_t bit = (uint8_t)(1U << f->form->unit[unit].kind);
    bool shared = f->form->unit[unit].kind == MODEL_UNIT_COUNT;
    if (f->st < 0 || (!shared && (n->queued & bit))) {
        return;
    }
    failed(f, vec_reserve(&f->job, &f->job_cap, (size_t)f->job_count + 1,
                          sizeof(*f->job), TREE_JOBS_MAX));
    if (f->st < 0) {
        return;
    }
    if (!shared) {
        n->queued |= bit;
    }
    struct tree_job job = {
        ((uint64_t)unit << 32) | (f->arrivals++ & UINT32_MAX), n, unit};
    uint32_t at = f->job_count++;
    while (at > 0 && f->job[(at - 1) / 2].order > job.order) {
        f->job[at] = f->job[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    f->job[at] = job;
}

static struct tree_job
pop(struct filling *f)
{
    struct tree_job top = f->job[0];
    struct tree_job last = f->job[--f->job_count];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = at * 2 + 1;
        if (child >= f->job_count) {
            break;
        }
        if (child + 1 < f->job_count
            && f->job[child + 1].order < f->job[child].order) {
            child++;
        }
        if (f->job[child].order >= last.order) {
            break;
        }
        f->job[at] = f->job[child];
        at = child;
    }
    f->job[at] = last;
    top.node->queued &= (uint8_t) ~(1U << f->form->unit[top.unit].kind);
    return top;
}

/* Where a unit is computed: its def's node, or for a count the node above. */
static uint32_t
place_of(const struct form *f, const struct model_unit *u)
{
    return u->kind == MODEL_UNIT_COUNT ? f->def[u->def].parent : u->def;
}

/* The unit in every instance of its scope at or below `top`. */
static void
queue_below(struct filling *f, uint32_t unit, struct tree_scope *top)
{
    const struct form *form = f->form;
    const struct model_def *at = &form->def[place_of(form, &form->unit[unit])];
    if (top->scope == at->scope) {
        push(f, unit, &top->node[at->slot]);
        return;
    }
    for (struct tree_scope *in = tree_next_instance(form, top, at->scope, NULL);
         in; in = tree_next_instance(form, top, at->scope, in)) {
        push(f, unit, &in->node[at->slot]);
    }
}

static void
queue_readers(struct filling *f, uint32_t def, struct tree_scope *s)
{
    const struct form *form = f->form;
    for (uint32_t i = form->reader_first[def]; i < form->reader_first[def + 1];
         i++) {
        const struct model_reader *r = &form->reader[i];
        queue_below(f, r->unit, tree_scope_at_depth(form, s, r->anchor));
    }
}

void
tree_changed_value(struct filling *f, struct filling_node *n)
{
    queue_readers(f, n->def, n->scope);
    if (!f->form->def[n->def].changed || f->loading || f->reading) {
        return;
    }
    failed(f, vec_reserve(&f->event, &f->event_cap, (size_t)f->event_count + 1,
                          sizeof(*f->event), TREE_EVENTS_MAX));
    if (f->st == STATUS_OK) {
        f->event[f->event_count++].node = n;
    }
}

/* Readers that see one instance only are not concerned, unless they ask for its
 * place and that has changed. */
static void
queue_for_instances(struct filling *f, uint32_t def, struct tree_scope *parent,
                    struct tree_list *l, uint32_t moved)
{
    const struct form *form = f->form;
    uint32_t depth = form->scope[parent->scope].depth;
    for (uint32_t i = form->reader_first[def]; i < form->reader_first[def + 1];
         i++) {
        const struct model_reader *r = &form->reader[i];
        if (r->anchor <= depth) {
            queue_below(f, r->unit,
                        tree_scope_at_depth(form, parent, r->anchor));
        }
        for (uint32_t k = moved; r->place && k < l->count; k++) {
            queue_below(f, r->unit, l->instance[k]);
        }
    }
}

void
tree_changed_instances(struct filling *f, struct tree_scope *parent,
                       uint32_t scope, uint32_t moved)
{
    const struct form *form = f->form;
    struct tree_list *l = &parent->list[form->scope[scope].index];
    /* Of this repeat and all inside it. */
    for (uint32_t s = scope; s < form->scope_count; s++) {
        uint32_t up = s;
        while (up != scope && up != MODEL_NONE) {
            up = form->scope[up].parent;
        }
        for (uint32_t i = 0; up == scope && i < form->scope[s].slot_count;
             i++) {
            queue_for_instances(f, form->scope[s].slot[i], parent, l, moved);
        }
    }
}

/* Everything this scope instance computes for itself. */
static void
queue_scope(struct filling *f, struct tree_scope *s)
{
    const struct form *form = f->form;
    const struct model_scope *m = &form->scope[s->scope];
    for (uint32_t i = 0; i < m->slot_count; i++) {
        for (int k = 0; k < 4; k++) {
            uint32_t unit = form->unit_of[k][m->slot[i]];
            if (unit != MODEL_NONE && k != MODEL_UNIT_COUNT) {
                push(f, unit, &s->node[i]);
            }
        }
    }
    for (uint32_t c = 0; c < m->child_count; c++) {
        uint32_t def = form->scope[m->child[c]].def;
        uint32_t unit = form->unit_of[MODEL_UNIT_COUNT][def];
        if (unit != MODEL_NONE) {
            push(f, unit, &s->node[form->def[form->def[def].parent].slot]);
        }
    }
}

void
tree_changed_all(struct filling *f)
{
    for (uint32_t s = 0; s < f->form->scope_count; s++) {
        for (struct tree_scope *in =
                 tree_next_instance(f->form, f->root, s, NULL);
             in; in = tree_next_instance(f->form, f->root, s, in)) {
            queue_scope(f, in);
        }
    }
}

void
tree_changed_language(struct filling *f)
{
    const struct form *form = f->form;
    for (uint32_t u = 0; u < form->unit_count; u++) {
        if (!form->unit[u].expr->reads_language) {
            continue;
        }
        const struct model_def *at = &form->def[place_of(form, &form->unit[u])];
        for (struct tree_scope *in =
                 tree_next_instance(form, f->root, at->scope, NULL);
             in; in = tree_next_instance(form, f->root, at->scope, in)) {
            push(f, u, &in->node[at->slot]);
        }
    }
}

/* --------------------------------------------------------------- instances */

/* NOLINTBEGIN(misc-no-recursion): as deep as MODEL_SCOPE_DEPTH_MAX */
struct tree_scope *
tree_add_instance(struct filling *f, struct tree_scope *parent, uint32_t scope)
{
    const struct form *form = f->form;
    if (f->instances >= FILLING_INSTANCES_MAX) {
        failed(f, STATUS_E_LIMIT);
        return NULL;
    }
    struct tree_scope *made = tree_scope_new(form, scope, parent);
    if (!made) {
        failed(f, STATUS_E_NOMEM);
        return NULL;
    }
    const struct filling_node *above =
        &parent->node[form->def[form->def[form->scope[scope].def].parent].slot];
    for (uint32_t i = 0; !above->relevant && i < form->scope[scope].slot_count;
         i++) {
        made->node[i].relevant = false;
    }
    enum status st = tree_list_append(form, parent, made);
    if (st < 0) {
        (void)tree_scope_free(form, made);
        failed(f, st);
        return NULL;
    }
    f->instances++;
    queue_scope(f, made);
    /* A repeat inside that nobody counts starts with one, as in the form. */
    for (uint32_t c = 0; c < form->scope[scope].child_count; c++) {
        uint32_t child = form->scope[scope].child[c];
        if (!form->scope[child].count && !f->reading) {
            (void)tree_add_instance(f, made, child);
        }
    }
    return made;
}
/* NOLINTEND(misc-no-recursion) */

/* Jobs and events of nodes that are about to go. */
static void
forget(struct filling *f, const struct tree_scope *gone)
{
    uint32_t kept = 0;
    uint32_t depth = f->form->scope[gone->scope].depth;
    for (uint32_t i = 0; i < f->event_count; i++) {
        if (tree_scope_at_depth(f->form, f->event[i].node->scope, depth)
            != gone) {
            f->event[kept++] = f->event[i];
        }
    }
    f->event_count = kept;
    struct tree_job *old = f->job;
    uint32_t count = f->job_count;
    kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (tree_scope_at_depth(f->form, old[i].node->scope, depth) != gone) {
            old[kept++] = old[i];
        }
    }
    if (kept == count) {
        return;
    }
    f->job_count = 0; /* sift the rest in again */
    for (uint32_t i = 0; i < kept; i++) {
        struct tree_job job = old[i];
        uint32_t at = f->job_count++;
        while (at > 0 && f->job[(at - 1) / 2].order > job.order) {
            f->job[at] = f->job[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        f->job[at] = job;
    }
}

void
tree_remove_instance(struct filling *f, struct tree_scope *instance)
{
    struct tree_scope *parent = instance->parent;
    uint32_t scope = instance->scope;
    uint32_t moved = instance->position;
    struct tree_list *l = &parent->list[f->form->scope[scope].index];
    forget(f, instance);
    for (uint32_t i = instance->position + 1; i < l->count; i++) {
        l->instance[i - 1] = l->instance[i];
        l->instance[i - 1]->position = i - 1;
    }
    l->count--;
    f->instances -= tree_scope_free(f->form, instance);
    tree_changed_instances(f, parent, scope, moved);
}

/* ------------------------------------------------------------------- units */

static void
spread_relevance(struct filling *f, struct filling_node *top)
{
    const struct filling_node *above = tree_parent(f->form, top);
    bool relevant = top->own && (!above || above->relevant);
    if (relevant == top->relevant) {
        return;
    }
    top->relevant = relevant;
    queue_readers(f, top->def, top->scope);
    bool skip = false;
    for (struct filling_node *n = tree_next(f->form, top, top, false); n;
         n = tree_next(f->form, n, top, skip)) {
        above = tree_parent(f->form, n);
        relevant = n->own && above->relevant;
        skip = relevant == n->relevant;
        if (!skip) {
            n->relevant = relevant;
            queue_readers(f, n->def, n->scope);
        }
    }
}

const char *
tree_lexical(struct scratch *s, enum form_type type, const char *value)
{
    char text[XPATH_NUMBER_CHARS];
    struct xpath_date d;
    if (!*value) {
        return value;
    }
    switch (type) {
    case FORM_TYPE_INTEGER:
    case FORM_TYPE_DECIMAL: {
        const char *number = *value == '+' ? value + 1 : value;
        double n = strchr(number, '-') > number ? (double)NAN
                                                : xpath_number_parse(number);
        bool whole = !(trunc(n) < n) && !(trunc(n) > n);
        if (isnan(n) || isinf(n)
            || (type == FORM_TYPE_INTEGER && (!whole || fabs(n) > 1e15))) {
            return NULL;
        }
        xpath_number_print(n, text);
        return scratch_text(s, text, strlen(text));
    }
    case FORM_TYPE_BOOLEAN:
        return strcmp(value, "true") == 0 || strcmp(value, "1") == 0
                       || strcmp(value, "false") == 0 || strcmp(value, "0") == 0
                   ? value
                   : NULL;
    case FORM_TYPE_DATE:
        if (!xpath_date_parse(value, &d)) {
            return NULL;
        }
        return scratch_text(s, value, 10);
    case FORM_TYPE_TIME:
        return xpath_date_parse_time(value, &d) ? value : NULL;
    case FORM_TYPE_DATETIME:
        return xpath_date_parse(value, &d) ? value : NULL;
    case FORM_TYPE_STRING:
    case FORM_TYPE_RANK:
    case FORM_TYPE_OPAQUE:
    default:
        return value;
    }
}

/* What a calculation gives, as text of the node's type. */
static const char *
typed(struct filling *f, struct xpath_eval *e, enum form_type type,
      const struct xpath_value *v)
{
    char text[XPATH_DATE_CHARS];
    if (v->kind == XPATH_VALUE_BOOLEAN) {
        return v->boolean ? "1" : "0";
    }
    if (v->kind == XPATH_VALUE_NUMBER && isnan(v->number)) {
        return "";
    }
    if (type == FORM_TYPE_DATE && v->kind == XPATH_VALUE_NUMBER
        && fabs(v->number) < 3e6) {
        xpath_date_print((int64_t)floor(v->number), text);
        return scratch_text(&f->eval, text, strlen(text));
    }
    if (type == FORM_TYPE_INTEGER) {
        double n = xpath_eval_number(e, v);
        struct xpath_value whole = xpath_value_number(trunc(n));
        return isnan(n) ? "" : xpath_eval_text(e, &whole);
    }
    const char *lexical = tree_lexical(&f->eval, type, xpath_eval_text(e, v));
    return lexical ? lexical : "";
}

static void
compute(struct filling *f, const struct xpath *x, struct filling_node *context,
        struct filling_node *target)
{
    struct xpath_eval e;
    struct xpath_value v;
    xpath_eval_init(&e, f, &f->eval, context);
    xpath_eval_run(&e, x, &v);
    const char *value = typed(f, &e, f->form->def[target->def].type, &v);
    failed(f, e.st);
    if (f->eval.failed) {
        failed(f, STATUS_E_NOMEM);
    }
    if (f->st < 0 || strcmp(value, tree_value(target)) == 0) {
        return;
    }
    failed(f, tree_set_value(target, value));
    tree_changed_value(f, target);
}

static void
compute_relevance(struct filling *f, const struct model_unit *u,
                  struct filling_node *n)
{
    struct xpath_eval e;
    struct xpath_value v;
    xpath_eval_init(&e, f, &f->eval, n);
    xpath_eval_run(&e, u->expr, &v);
    failed(f, e.st);
    n->own = xpath_eval_boolean(&e, &v);
    spread_relevance(f, n);
}

/* As many instances as the form counts: more at the end, or fewer. */
static void
compute_count(struct filling *f, const struct model_unit *u,
              struct filling_node *n)
{
    struct xpath_eval e;
    struct xpath_value v;
    uint32_t scope = f->form->def[u->def].repeat;
    struct tree_list *l = &n->scope->list[f->form->scope[scope].index];
    xpath_eval_init(&e, f, &f->eval, n);
    xpath_eval_run(&e, u->expr, &v);
    failed(f, e.st);
    double asked = xpath_eval_number(&e, &v);
    uint32_t want = 0;
    if (asked >= 1) {
        want =
            asked < FILLING_REPEAT_MAX ? (uint32_t)asked : FILLING_REPEAT_MAX;
    }
    if (f->reading || l->count == want) {
        return;
    }
    uint32_t before = l->count;
    while (l->count > want && f->st == STATUS_OK) {
        forget(f, l->instance[l->count - 1]);
        l->count--;
        f->instances -= tree_scope_free(f->form, l->instance[l->count]);
    }
    while (l->count < want && f->st == STATUS_OK) {
        struct tree_scope *made = tree_add_instance(f, n->scope, scope);
        if (made && before > 0) {
            tree_fire(f, MODEL_EVENT_NEW_REPEAT, made);
        }
    }
    tree_changed_instances(f, n->scope, scope, UINT32_MAX);
}

/* Drop what is no longer offered from an answer. */
static void
compute_items(struct filling *f, struct filling_node *n)
{
    struct choice *choices = NULL;
    uint32_t count = 0;
    if (!n->value || f->reading) {
        return;
    }
    failed(f, choice_list(f, n, &f->eval, &choices, &count));
    size_t len = strlen(n->value);
    char *kept = scratch_alloc(&f->eval, len + 1);
    if (f->st < 0 || !kept) {
        failed(f, STATUS_E_NOMEM);
        return;
    }
    size_t used = 0;
    const char *at = n->value;
    while (*at) {
        at += strspn(at, " ");
        size_t word = strcspn(at, " ");
        if (word > 0 && choice_offers(choices, count, at, word)) {
            if (used > 0) {
                kept[used++] = ' ';
            }
            memcpy(kept + used, at, word);
            used += word;
        }
        at += word;
    }
    kept[used] = '\0';
    if (strcmp(kept, n->value) != 0) {
        failed(f, tree_set_value(n, kept));
        tree_changed_value(f, n);
    }
}

/* ------------------------------------------------------------------ actions */

static void
run_action(struct filling *f, const struct model_action *a,
           struct filling_node *target)
{
    if (a->expr) {
        compute(f, a->expr, target, target);
    } else if (strcmp(a->literal, tree_value(target)) != 0) {
        failed(f, tree_set_value(target, a->literal));
        tree_changed_value(f, target);
    }
}

/* Every node the action's target may mean, seen from a scope instance: those
 * in or below the innermost scope instance they share. */
static void
run_action_from(struct filling *f, const struct model_action *a,
                struct tree_scope *from)
{
    const struct form *form = f->form;
    const struct model_def *d = &form->def[a->target];
    struct tree_scope *top = from;
    for (;;) {
        uint32_t s = d->scope;
        while (s != top->scope && s != 0) {
            s = form->scope[s].parent;
        }
        if (s == top->scope) {
            break;
        }
        top = top->parent;
    }
    for (struct tree_scope *in = tree_next_instance(form, top, d->scope, NULL);
         in && f->st == STATUS_OK;
         in = tree_next_instance(form, top, d->scope, in)) {
        run_action(f, a, &in->node[d->slot]);
    }
}

static bool
scope_within(const struct form *f, uint32_t scope, uint32_t above)
{
    while (scope != above && scope != MODEL_NONE) {
        scope = f->scope[scope].parent;
    }
    return scope == above;
}

void
tree_fire(struct filling *f, unsigned event, struct tree_scope *instance)
{
    for (const struct model_action *a = f->form->action;
         a && f->st == STATUS_OK; a = a->next) {
        if (!(a->events & event)) {
            continue;
        }
        uint32_t scope = f->form->def[a->target].scope;
        struct scratch_mark mark = scratch_mark(&f->eval);
        if (!instance || scope_within(f->form, scope, instance->scope)) {
            run_action_from(f, a, instance ? instance : f->root);
        }
        scratch_release(&f->eval, mark);
    }
}

/* ---------------------------------------------------------------------- run */

static void
run_job(struct filling *f, struct tree_job job)
{
    const struct model_unit *u = &f->form->unit[job.unit];
    struct scratch_mark mark = scratch_mark(&f->eval);
    switch (u->kind) {
    case MODEL_UNIT_RELEVANT:
        compute_relevance(f, u, job.node);
        break;
    case MODEL_UNIT_COUNT:
        compute_count(f, u, job.node);
        break;
    case MODEL_UNIT_ITEMS:
        compute_items(f, job.node);
        break;
    case MODEL_UNIT_CALCULATE:
    default:
        if (!f->reading) {
            compute(f, u->expr, job.node, job.node);
        }
        break;
    }
    scratch_release(&f->eval, mark);
}

static void
run_event(struct filling *f, struct filling_node *n)
{
    for (const struct model_action *a = f->form->def[n->def].changed;
         a && f->st == STATUS_OK; a = a->next_changed) {
        struct scratch_mark mark = scratch_mark(&f->eval);
        run_action_from(f, a, n->scope);
        scratch_release(&f->eval, mark);
    }
}

enum status
tree_run(struct filling *f)
{
    uint32_t events = 0;
    while (f->st == STATUS_OK && (f->job_count > 0 || f->event_count > 0)) {
        if (f->job_count > 0) {
            run_job(f, pop(f));
            continue;
        }
        struct filling_node *n = f->event[0].node;
        f->event_count--;
        memmove(f->event, f->event + 1, f->event_count * sizeof(*f->event));
        run_event(f, n);
        /* Actions may wake each other for ever; answers then stay as they
         * are. */
        if (++events > TREE_EVENTS_MAX) {
            f->event_count = 0;
        }
    }
    enum status st = f->st;
    while (f->job_count > 0) {
        (void)pop(f);
    }
    f->event_count = 0;
    f->st = STATUS_OK;
    f->revision++;
    return st;
}
