#ifndef ANKETA_FORM_XPATH_EVAL_H
#define ANKETA_FORM_XPATH_EVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "form/scratch.h"
#include "form/xpath.h"

/*
 * Computing linked expressions. Private to this room.
 *
 * Evaluation itself cannot fail except for want of memory (`st`): whatever makes
 * no sense gives "" or NaN, as XPath has it. Texts and node lists are in the
 * scratch and last until it is released.
 */
struct filling;
struct filling_node;
struct secondary;

enum xpath_item_kind {
    XPATH_ITEM_NONE,
    XPATH_ITEM_NODE,      /* ptr: struct filling_node */
    XPATH_ITEM_DOCUMENT,  /* of the primary instance */
    XPATH_ITEM_SECONDARY, /* ptr: struct secondary, id: node */
};

struct xpath_item {
    const void *ptr;
    uint32_t id;
    enum xpath_item_kind kind;
};

enum xpath_value_kind {
    XPATH_VALUE_STRING,
    XPATH_VALUE_NUMBER,
    XPATH_VALUE_BOOLEAN,
    XPATH_VALUE_NODES,
};

struct xpath_value {
    enum xpath_value_kind kind;
    bool boolean;
    uint32_t count; /* of nodes */
    double number;
    const char *text;
    const struct xpath_item *items; /* with count > 1 */
    struct xpath_item one;          /* with count == 1 */
};

struct xpath_eval {
    struct filling *filling;
    struct scratch *scratch;
    struct xpath_item context;
    struct xpath_item current;
    uint32_t position; /* of the context in its list, from 1 */
    uint32_t size;
    enum status st;
};

/* Evaluate for a node of the filling. */
void
xpath_eval_init(struct xpath_eval *e, struct filling *f, struct scratch *s,
                struct filling_node *context);
void
xpath_eval_run(struct xpath_eval *e, const struct xpath *x,
               struct xpath_value *out);
void
xpath_eval_node(struct xpath_eval *e, const struct xpath_node *n,
                struct xpath_value *out);

/* Conversions, by the rules of XPath 1.0 with those of ODK for dates. */
const char *
xpath_eval_text(struct xpath_eval *e, const struct xpath_value *v);
double
xpath_eval_number(struct xpath_eval *e, const struct xpath_value *v);
bool
xpath_eval_boolean(struct xpath_eval *e, const struct xpath_value *v);
const char *
xpath_eval_item_text(struct xpath_eval *e, struct xpath_item item);

static inline struct xpath_item
xpath_value_item(const struct xpath_value *v, uint32_t i)
{
    return v->count == 1 ? v->one : v->items[i];
}

static inline struct xpath_value
xpath_value_text(const char *text)
{
    return (struct xpath_value){.kind = XPATH_VALUE_STRING, .text = text};
}

static inline struct xpath_value
xpath_value_number(double number)
{
    return (struct xpath_value){.kind = XPATH_VALUE_NUMBER, .number = number};
}

static inline struct xpath_value
xpath_value_boolean(bool boolean)
{
    return (struct xpath_value){.kind = XPATH_VALUE_BOOLEAN,
                                .boolean = boolean};
}

static inline struct xpath_value
xpath_value_nodes(const struct xpath_item *items, uint32_t count)
{
    struct xpath_value v = {
        .kind = XPATH_VALUE_NODES, .count = count, .items = items};
    if (count == 1) {
        v.one = items[0];
    }
    return v;
}

/* A growing list of nodes in the scratch. */
struct xpath_list {
    struct xpath_item *items;
    uint32_t count;
    uint32_t cap;
};
void
xpath_list_add(struct xpath_eval *e, struct xpath_list *l,
               struct xpath_item item);

/* One step from one node, by name. */
void
xpath_eval_step(struct xpath_eval *e, struct xpath_item from,
                const struct xpath_step *step, struct xpath_list *out);

/* Lexical forms of numbers. */
double
xpath_number_parse(const char *text);
#define XPATH_NUMBER_CHARS 400
void
xpath_number_print(double number, char out[XPATH_NUMBER_CHARS]);

#endif
