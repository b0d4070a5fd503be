#include <math.h>
#include <nettle/sha2.h>
#include <string.h>

#include "form/choice.h"
#include "form/secondary.h"
#include "form/tree.h"
#include "form/xpath_function.h"

XPATH_PLAIN(xpath_nodes_count)
{
    (void)e;
    (void)count;
    *out = xpath_value_number(args[0].kind == XPATH_VALUE_NODES ? args[0].count
                                                                : 0);
}

XPATH_PLAIN(xpath_nodes_count_non_empty)
{
    (void)count;
    double filled = 0;
    uint32_t n = args[0].kind == XPATH_VALUE_NODES ? args[0].count : 0;
    for (uint32_t i = 0; i < n; i++) {
        filled +=
            *xpath_eval_item_text(e, xpath_value_item(&args[0], i)) ? 1 : 0;
    }
    *out = xpath_value_number(filled);
}

/* position(node): which instance of its repeat it is or stands in. */
XPATH_PLAIN(xpath_nodes_position)
{
    if (count == 0) {
        *out = xpath_value_number(e->position);
        return;
    }
    *out = xpath_value_number((double)NAN);
    if (args[0].kind != XPATH_VALUE_NODES || args[0].count == 0) {
        return;
    }
    struct xpath_item item = xpath_value_item(&args[0], 0);
    if (item.kind == XPATH_ITEM_NODE) {
        const struct filling_node *node = item.ptr;
        *out = xpath_value_number(node->scope->position + 1.0);
    } else if (item.kind == XPATH_ITEM_SECONDARY) {
        const struct secondary *s = item.ptr;
        uint32_t parent = s->node[item.id].parent;
        double place = 1;
        for (uint32_t at = parent == SECONDARY_NONE ? item.id : parent + 1;
             at < item.id; at = s->node[at].end) {
            place += s->node[at].name == s->node[item.id].name ? 1 : 0;
        }
        *out = xpath_value_number(place);
    }
}

XPATH_PLAIN(xpath_nodes_last)
{
    (void)args;
    (void)count;
    *out = xpath_value_number(e->size);
}

XPATH_PLAIN(xpath_nodes_instance)
{
    (void)count;
    const char *id = xpath_eval_text(e, &args[0]);
    const struct secondary *s = model_secondary(e->filling->form, id);
    struct xpath_item item = {s, 0, XPATH_ITEM_SECONDARY};
    *out = xpath_value_nodes(&item, s ? 1 : 0);
}

XPATH_PLAIN(xpath_nodes_current)
{
    (void)args;
    (void)count;
    *out = xpath_value_nodes(&e->current, 1);
}

XPATH_PLAIN(xpath_nodes_local_name)
{
    struct xpath_item item = e->context;
    if (count > 0) {
        if (args[0].kind != XPATH_VALUE_NODES || args[0].count == 0) {
            *out = xpath_value_text("");
            return;
        }
        item = xpath_value_item(&args[0], 0);
    }
    const struct form *f = e->filling->form;
    const char *name = "";
    if (item.kind == XPATH_ITEM_NODE) {
        name = f->def[((const struct filling_node *)item.ptr)->def].local;
    } else if (item.kind == XPATH_ITEM_SECONDARY && item.id > 0) {
        const struct secondary *s = item.ptr;
        name = f->names.text[s->node[item.id].name];
    }
    *out = xpath_value_text(name);
}

/* An ID is what a document type declares, and an XForm has none: the core
 * function is there and finds nothing. */
XPATH_PLAIN(xpath_nodes_id)
{
    (void)e;
    (void)args;
    (void)count;
    *out = xpath_value_nodes(NULL, 0);
}

/* Instances carry no xml:lang; the language a person reads is no property of
 * her answers. */
XPATH_PLAIN(xpath_nodes_lang)
{
    (void)e;
    (void)args;
    (void)count;
    *out = xpath_value_boolean(false);
}

/* Geography is carried through and not computed on this device; namespaces are
 * not kept, so that every name is found whatever its prefix. */
XPATH_PLAIN(xpath_nodes_unsupported)
{
    (void)e;
    (void)args;
    (void)count;
    *out = xpath_value_text("");
}

/* -------------------------------------------------------------- randomize */

#define PARK_MILLER_MODULUS 2147483647
#define PARK_MILLER_FACTOR 16807

/* Java's (long) of a double for numbers; otherwise the first eight bytes of the
 * SHA-256 of the text (javarosa#800). */
static int64_t
seed_of(struct xpath_eval *e, const struct xpath_value *v)
{
    double number = xpath_eval_number(e, v);
    if (isnan(number)) {
        const char *text = xpath_eval_text(e, v);
        if (!*text) {
            return 0;
        }
        uint8_t raw[SHA256_DIGEST_SIZE];
        struct sha256_ctx c;
        sha256_init(&c);
        sha256_update(&c, strlen(text), (const uint8_t *)text);
        sha256_digest(&c, sizeof(raw), raw);
        uint64_t bits = 0;
        for (size_t i = 0; i < 8; i++) {
            bits = bits << 8 | raw[i];
        }
        return (int64_t)bits;
    }
    if (number >= 9223372036854775807.0) {
        return INT64_MAX;
    }
    return number <= -9223372036854775807.0 ? INT64_MIN : (int64_t)number;
}

/* Inside-out Fisher-Yates with the Park-Miller generator: the order every ODK
 * client shows for that seed (xforms-spec, randomize). */
XPATH_PLAIN(xpath_nodes_randomize)
{
    *out = args[0];
    if (args[0].kind != XPATH_VALUE_NODES || args[0].count < 2) {
        return;
    }
    int64_t seed = count > 1 ? seed_of(e, &args[1]) : (int64_t)e->filling->seed;
    seed %= PARK_MILLER_MODULUS;
    if (seed <= 0) {
        seed += PARK_MILLER_MODULUS - 1;
    }
    struct xpath_item *made =
        scratch_array(e->scratch, args[0].count, sizeof(*made));
    if (!made) {
        return;
    }
    for (uint32_t i = 0; i < args[0].count; i++) {
        seed = seed * PARK_MILLER_FACTOR % PARK_MILLER_MODULUS;
        double chance = (double)(seed - 1) / (PARK_MILLER_MODULUS - 1);
        uint32_t j = (uint32_t)(chance * (i + 1.0));
        made[i] = made[j];
        made[j] = args[0].items[i];
    }
    *out = xpath_value_nodes(made, args[0].count);
}

/* ----------------------------------------------------------------- texts */

/* The node of a question seen from another node: its own instance where they
 * share repeats, the first elsewhere. */
static struct filling_node *
node_seen_from(const struct filling *f, struct xpath_item from, uint32_t def)
{
    const struct form *form = f->form;
    uint32_t want = form->def[def].scope;
    struct tree_scope *s = f->root;
    if (from.kind == XPATH_ITEM_NODE) {
        s = ((const struct filling_node *)from.ptr)->scope;
    }
    uint32_t chain[MODEL_SCOPE_DEPTH_MAX + 1] = {0};
    uint32_t depth = form->scope[want].depth;
    for (uint32_t d = depth + 1; d-- > 0; want = form->scope[want].parent) {
        chain[d] = want;
    }
    while (form->scope[s->scope].depth > depth
           || chain[form->scope[s->scope].depth] != s->scope) {
        s = s->parent;
    }
    for (uint32_t d = form->scope[s->scope].depth + 1; d <= depth; d++) {
        struct tree_list *list = &s->list[form->scope[chain[d]].index];
        if (list->count == 0) {
            return NULL;
        }
        s = list->instance[0];
    }
    return &s->node[form->def[def].slot];
}

XPATH_PLAIN(xpath_nodes_choice_name)
{
    (void)count;
    const char *name = xpath_eval_text(e, &args[0]);
    const char *path = xpath_eval_text(e, &args[1]);
    const struct form *f = e->filling->form;
    uint32_t def = model_find(f, path);
    struct filling_node *node =
        def == MODEL_NONE ? NULL : node_seen_from(e->filling, e->current, def);
    *out = xpath_value_text(name);
    if (node && *name && f->def[def].control != MODEL_NONE) {
        *out = xpath_value_text(
            choice_name_label(e->filling, node, e->scratch, name));
    }
}

XPATH_PLAIN(xpath_nodes_itext)
{
    (void)count;
    const struct form *f = e->filling->form;
    const char *id = xpath_eval_text(e, &args[0]);
    struct model_label label = {.itext =
                                    names_find(&f->itext_ids, id, strlen(id))};
    const struct model_text *text = model_text_of(f, &label, e->filling->lang);
    *out = xpath_value_text("");
    if (text && e->current.kind == XPATH_ITEM_NODE) {
        struct tree_scope *s =
            ((const struct filling_node *)e->current.ptr)->scope;
        uint32_t slot =
            (uint32_t)((const struct filling_node *)e->current.ptr - s->node);
        *out = xpath_value_text(
            choice_render(e->filling, &s->node[slot], e->scratch, text->plain));
    }
}

/* pulldata('file', 'column', 'key column', key) */
XPATH_PLAIN(xpath_nodes_pulldata)
{
    (void)count;
    const struct form *f = e->filling->form;
    const struct secondary *s =
        model_secondary(f, xpath_eval_text(e, &args[0]));
    const char *column = xpath_eval_text(e, &args[1]);
    const char *key_column = xpath_eval_text(e, &args[2]);
    const char *key = xpath_eval_text(e, &args[3]);
    uint32_t name = names_find(&f->names, column, strlen(column));
    uint32_t key_name = names_find(&f->names, key_column, strlen(key_column));
    *out = xpath_value_text("");
    uint32_t root = s ? secondary_first(s, 0) : SECONDARY_NONE;
    uint32_t row = SECONDARY_NONE;
    if (root == SECONDARY_NONE || name == NAMES_NONE
        || key_name == NAMES_NONE) {
        return;
    }
    for (uint32_t i = 0; i < s->index_count; i++) {
        if (s->index[i].parent == root && s->index[i].column == key_name) {
            row = secondary_index_first(s, &s->index[i], key);
            uint32_t cell = row == SECONDARY_NONE
                                ? SECONDARY_NONE
                                : secondary_child(s, row, name);
            if (cell != SECONDARY_NONE) {
                *out = xpath_value_text(secondary_text(s, cell));
            }
            return;
        }
    }
    for (row = secondary_first(s, root); row != SECONDARY_NONE;
         row = secondary_next(s, row)) {
        uint32_t cell = secondary_child(s, row, key_name);
        if (cell != SECONDARY_NONE
            && strcmp(secondary_text(s, cell), key) == 0) {
            cell = secondary_child(s, row, name);
            *out = xpath_value_text(
                cell == SECONDARY_NONE ? "" : secondary_text(s, cell));
            return;
        }
    }
}

/* --------------------------------------------------------- indexed-repeat */

/* The number given for a repeat, or NaN if the call names another. */
static double
index_for(struct xpath_eval *e, const struct xpath_node *call, uint32_t def)
{
    for (const struct xpath_node *a = call->child->next; a && a->next;
         a = a->next->next) {
        if (a->kind == XPATH_PATH && a->u.path->def == def) {
            struct xpath_value v;
            xpath_eval_node(e, a->next, &v);
            return xpath_eval_number(e, &v);
        }
    }
    return (double)NAN;
}

/* indexed-repeat(/data/rep/q, /data/rep, 2): the answer of that instance; a
 * repeat the call does not name is the one the expression stands in. */
XPATH_SPECIAL(xpath_nodes_indexed_repeat)
{
    const struct form *f = e->filling->form;
    *out = xpath_value_text("");
    if (call->child->kind != XPATH_PATH
        || call->child->u.path->def == XPATH_NONE) {
        return;
    }
    uint32_t def = call->child->u.path->def;
    uint32_t chain[MODEL_SCOPE_DEPTH_MAX + 1] = {0};
    uint32_t at = f->def[def].scope;
    uint32_t depth = f->scope[at].depth;
    for (uint32_t d = depth + 1; d-- > 0; at = f->scope[at].parent) {
        chain[d] = at;
    }
    struct tree_scope *s = e->filling->root;
    struct tree_scope *own =
        e->current.kind == XPATH_ITEM_NODE
            ? ((const struct filling_node *)e->current.ptr)->scope
            : s;
    for (uint32_t d = 1; d <= depth; d++) {
        struct tree_list *list = &s->list[f->scope[chain[d]].index];
        double place = index_for(e, call, f->scope[chain[d]].def);
        struct tree_scope *shared = tree_scope_at_depth(f, own, d);
        if (isnan(place) && shared && shared->scope == chain[d]) {
            s = shared;
        } else if (place >= 1 && place < list->count + 1.0) {
            s = list->instance[(uint32_t)place - 1];
        } else {
            return;
        }
    }
    struct xpath_item item = {&s->node[f->def[def].slot], 0, XPATH_ITEM_NODE};
    if (s->node[f->def[def].slot].relevant) {
        *out = xpath_value_nodes(&item, 1);
    }
}
