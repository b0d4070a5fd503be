#ifndef ANKETA_FORM_TREE_H
#define ANKETA_FORM_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "form/filling.h"
#include "form/model.h"
#include "form/scratch.h"

/*
 * Tree: the nodes of a filling. Private to this room.
 *
 * A scope instance holds one node for every def of its scope, in one block, and
 * the lists of the repeats directly inside it. See model.h for scopes and slots.
 */
struct tree_scope;

struct filling_node {
    struct tree_scope *scope;
    char *value; /* owned; NULL while empty */
    uint32_t def;
    bool own;       /* its own relevant expression */
    bool relevant;  /* and all above it */
    bool seen;      /* in the submission being read */
    uint8_t queued; /* bit per enum model_unit_kind */
};

struct tree_list {
    struct tree_scope **instance; /* owned */
    uint32_t count;
    uint32_t cap;
    uint32_t seen; /* instances found so far while reading a submission */
};

struct tree_scope {
    uint32_t scope;    /* of the model */
    uint32_t position; /* among its siblings, from 0 */
    struct tree_scope *parent;
    struct tree_list *list; /* owned; one for each child scope */
    struct filling_node node[];
};

/* What waits to be recomputed: a heap by rank. */
struct tree_job {
    uint64_t order; /* rank, then arrival */
    struct filling_node *node;
    uint32_t unit;
};

/* A value that changed where actions listen. */
struct tree_event {
    struct filling_node *node;
};

#define TREE_JOBS_MAX 8000000
#define TREE_EVENTS_MAX 10000
#define TREE_SCRATCH_MAX_BYTES ((size_t)256 * 1024 * 1024)

struct filling {
    const struct form *form;
    struct filling_env env;
    struct tree_scope *root;
    size_t lang;
    uint64_t revision;
    uint64_t seed; /* for randomize() without one */
    struct scratch eval;
    struct scratch borrowed; /* texts given out, until the next change */
    uint64_t borrowed_revision;

    struct tree_job *job; /* owned heap */
    uint32_t job_count;
    uint32_t job_cap;
    uint64_t arrivals;
    struct tree_event *event; /* owned queue */
    uint32_t event_count;
    uint32_t event_cap;
    enum status st;     /* of the change in progress */
    uint32_t instances; /* of repeats, all together */
    unsigned nest;      /* of expressions within expressions */
    bool loading;       /* no events yet */
    bool reading;       /* answers come from a submission: nothing is computed
                       but what is asked, and how often */

    struct filling_item *item; /* owned */
    uint32_t item_count;
    uint32_t item_cap;
    uint64_t item_revision;
    struct filling_violation *violation; /* owned */
    uint32_t violation_count;
    uint32_t violation_cap;
    uint64_t violation_revision;
    struct filling_choice *choice; /* in `borrowed` */
    size_t choice_count;
    struct filling_node *choice_node;
    uint64_t choice_revision;
};

/* A new instance of a scope with the initial values of its defs; instances of
 * repeats inside it are not made. NULL when memory is out. */
struct tree_scope *
tree_scope_new(const struct form *f, uint32_t scope, struct tree_scope *parent);

/* Overwrites and frees it with everything inside. The instances freed. */
uint32_t
tree_scope_free(const struct form *f, struct tree_scope *s);

/* Append to the parent's list. */
MUST_CHECK enum status
tree_list_append(const struct form *f, struct tree_scope *parent,
                 struct tree_scope *child);

/* The scope instance at a depth, this one or above it. */
struct tree_scope *
tree_scope_at_depth(const struct form *f, struct tree_scope *s, uint32_t depth);

static inline const char *
tree_value(const struct filling_node *n)
{
    return n->value ? n->value : "";
}

/* Replace; overwrites the old. */
MUST_CHECK enum status
tree_set_value(struct filling_node *n, const char *value);

/* All instances of a scope at or below `from`, in document order. Start with at
 * == NULL; NULL at the end. */
struct tree_scope *
tree_next_instance(const struct form *f, struct tree_scope *from,
                   uint32_t scope, struct tree_scope *at);

/* The next node in document order within `stop`, attributes included; with
 * `skip`, past what is inside n. NULL at the end. */
struct filling_node *
tree_next(const struct form *f, struct filling_node *n,
          const struct filling_node *stop, bool skip);

/* NULL for the root. */
struct filling_node *
tree_parent(const struct form *f, const struct filling_node *n);

/* ---- filling_change.c: changes and what follows from them ---- */

/* What has changed, to be followed by change_run(). */
void
tree_changed_value(struct filling *f, struct filling_node *n);
/* Instances came or went; those from position `moved` on have a new place. */
void
tree_changed_instances(struct filling *f, struct tree_scope *parent,
                       uint32_t scope, uint32_t moved);
void
tree_changed_all(struct filling *f);
void
tree_changed_language(struct filling *f);

/* New instance at the end; queues all it computes. NULL with f->st set. */
struct tree_scope *
tree_add_instance(struct filling *f, struct tree_scope *parent, uint32_t scope);
void
tree_remove_instance(struct filling *f, struct tree_scope *instance);

/* Recompute all that waits. */
MUST_CHECK enum status
tree_run(struct filling *f);

/* Fire the actions of an event that target this scope instance (NULL: all). */
void
tree_fire(struct filling *f, unsigned event, struct tree_scope *instance);

/* The value in the form the type demands, in the scratch; NULL if it is not of
 * that type. "" stays "". */
const char *
tree_lexical(struct scratch *s, enum form_type type, const char *value);

#endif
