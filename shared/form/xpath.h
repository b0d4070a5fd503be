#ifndef ANKETA_FORM_XPATH_H
#define ANKETA_FORM_XPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"

/*
 * XPath: the expressions of a form. XPath 1.0 with the axes and functions of
 * the ODK XForms specification. Private to this room.
 *
 * Three steps. xpath_parse turns text into a tree; xpath_link (xpath_link.c)
 * turns every path to the primary instance into scopes and slots, finds an
 * index for equality predicates over secondary instances and notes what the
 * expression reads; xpath_eval.c computes it in a filling.
 *
 * Limits  XPATH_NEST_MAX levels of brackets and calls: parsing and evaluation
 *         recurse no deeper. Operators in a row do not nest. A text whose
 *         outputs ask for further texts goes XPATH_TEXT_NEST_MAX deep, then
 *         gives "".
 */
#define XPATH_BYTES_MAX ((size_t)256 * 1024)
#define XPATH_NEST_MAX 128
#define XPATH_TEXT_NEST_MAX 6
#define XPATH_ARGS_MAX 20000
#define XPATH_NONE UINT32_MAX

struct form;
struct secondary;
struct secondary_index;
struct xpath_function;

enum xpath_kind {
    XPATH_NUMBER,
    XPATH_STRING,
    XPATH_CHAIN, /* operands joined by operators of one precedence */
    XPATH_NEGATE,
    XPATH_CALL,
    XPATH_PATH,
};

enum xpath_op {
    XPATH_OP_NONE,
    XPATH_OP_OR,
    XPATH_OP_AND,
    XPATH_OP_EQ,
    XPATH_OP_NE,
    XPATH_OP_LT,
    XPATH_OP_LE,
    XPATH_OP_GT,
    XPATH_OP_GE,
    XPATH_OP_ADD,
    XPATH_OP_SUB,
    XPATH_OP_MUL,
    XPATH_OP_DIV,
    XPATH_OP_MOD,
    XPATH_OP_UNION,
};

enum xpath_axis {
    XPATH_CHILD,
    XPATH_PARENT,
    XPATH_SELF,
    XPATH_DESCENDANT, /* written "//" */
};

struct xpath_node {
    struct xpath_node *next;  /* sibling: next operand, argument, predicate */
    struct xpath_node *child; /* first operand or argument */
    union {
        double number;
        const char *text;
        const struct xpath_function *function;
        struct xpath_path *path;
    } u;
    void *regex; /* compiled literal pattern of a call; owned by the form */
    uint32_t count;
    uint8_t kind;
    uint8_t op; /* between the operand before and this one */
};

struct xpath_step {
    struct xpath_step *next;
    struct xpath_node *predicate; /* list */
    const char *local;            /* NULL: any */
    uint32_t name;                /* in the form's names, after linking */
    enum xpath_axis axis;
};

enum xpath_root {
    XPATH_FROM_CONTEXT,
    XPATH_FROM_DOCUMENT,
    XPATH_FROM_FILTER, /* an expression in front: instance('x')/... */
};

/* A step of a linked path: into the instances of a repeat, or (with
 * `scope` XPATH_NONE) a predicate on a node that exists once. */
struct xpath_hop {
    uint32_t scope;
    uint32_t index; /* of that repeat in its parent scope */
    uint32_t slot;
    struct xpath_node *predicate;
};

enum xpath_base {
    XPATH_BASE_NONE, /* not linked: stepped through by name */
    XPATH_BASE_CONTEXT,
    XPATH_BASE_CURRENT, /* the node the whole expression is computed for */
    XPATH_BASE_NOWHERE, /* the form has no such question: no nodes */
};

struct xpath_path {
    enum xpath_root root;
    struct xpath_node *filter;           /* XPATH_FROM_FILTER */
    struct xpath_node *filter_predicate; /* list */
    struct xpath_step *step;
    /* After linking, for paths to the primary instance: */
    enum xpath_base base;
    uint32_t def;
    uint32_t ups; /* scopes to leave */
    uint32_t slot;
    uint32_t hop_count;
    struct xpath_hop *hop;
    bool stays; /* the context or one above it: relevance does not hide it */
    /* For instance('x')/a/b[c = expr]...: the indexed step. */
    const struct secondary *indexed;
    const struct secondary_index *index;
    struct xpath_step *index_step;
    struct xpath_node *index_key;       /* expr */
    struct xpath_node *index_predicate; /* the one it answers */
};

struct xpath_read {
    uint32_t def;
    uint32_t anchor; /* depth of the innermost scope shared with the reader */
    bool unordered;  /* only its place among others is read, not its value */
};

struct xpath {
    struct xpath *next; /* in the form's list */
    struct xpath_node *root;
    const char *source;
    uint32_t context; /* def */
    struct xpath_read *read;
    uint32_t read_count;
    bool reads_language;
};

/*
 * Parse. Everything is allocated in `arena`, where it stays. A fault is told to
 * `d` at `where` and returned as STATUS_E_INVALID or STATUS_E_LIMIT.
 */
MUST_CHECK enum status
xpath_parse(const char *source, size_t len, struct arena *arena, struct diag *d,
            const struct diag_where *where, struct xpath **out);

/* What the context of an expression is known to be. */
struct xpath_scope {
    uint32_t def;                      /* a node of this def */
    const struct secondary *secondary; /* or: a node of this instance */
    bool unknown;
    uint32_t anchor_max; /* depth that reads may be bound to, at most */
    bool outside;        /* def is a repeat, seen from the scope it stands in */
};

/* Resolve against the form. `current` is the node the expression is computed
 * for; `context` differs from it for what is relative to a choice. Adds the
 * expression to the form's list. */
MUST_CHECK enum status
xpath_link(struct form *f, struct xpath *x, uint32_t current,
           const struct xpath_scope *context, struct diag *d,
           const struct diag_where *where);

/* What the nodes an expression yields are; for what is relative to them. */
struct xpath_scope
xpath_result_scope(const struct form *f, const struct xpath *x,
                   uint32_t current, const struct xpath_scope *context);

/* If the expression yields all children of one name of one node of a secondary
 * instance, filtered or shuffled: that node and name. */
bool
xpath_rows_of(const struct form *f, const struct xpath *x,
              const struct secondary **out_secondary, uint32_t *out_parent,
              uint32_t *out_row);

/* Name of the child it asks for, if that is all it does; or XPATH_NONE. */
uint32_t
xpath_column_of(const struct xpath *x);

void *
xpath_regex_compile(const char *pattern);
void
xpath_regex_free(void *code);

#endif
