#ifndef ANKETA_FORM_FILLING_H
#define ANKETA_FORM_FILLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/status.h"
#include "form/form.h"

/*
 * Filling: one person's answers to a form, kept in memory only.
 *
 * Every change (set, clear, add, remove, language) recomputes exactly what
 * depends on it before the call returns; what is visible, required, valid and
 * offered can then be read at once. A screen reads the items, shows one, sets
 * its answer, and reads again if filling_revision() moved.
 *
 * Lifetime  Borrowed strings and arrays stay valid until the next change.
 *           Nodes stay valid until the repeat instance they stand in is
 *           removed. The form must outlive the filling.
 * Privacy   filling_free overwrites everything a person entered.
 * Threads   One at a time.
 */
struct filling;
struct filling_node; /* a leaf, group or repeat instance of this filling */

struct filling_env {
    const struct clock *clock; /* NULL: the system's */
    /* Preloads that give identity or time stay empty, and now() knows the day
     * only. */
    bool anonymous;
    /* Answer of a `property` preload ("deviceid", "username"), or NULL. */
    const char *(*property)(void *self, const char *name);
    void *self;
    /* Fixed instanceID ("uuid:..."), or NULL for a random one. */
    const char *instance_id;
    /* now(), today(), random() and uuid() give nothing, so that the same form
     * makes the same filling everywhere. */
    bool reproducible;
};

/* `env` may be NULL. Fires odk-instance-first-load. */
MUST_CHECK enum status
filling_new(const struct form *form, const struct filling_env *env,
            struct filling **out);
void
filling_free(struct filling *f);

const struct form *
filling_form(const struct filling *f);

/* Moves whenever anything readable below may have changed. */
uint64_t
filling_revision(const struct filling *f);

MUST_CHECK enum status
filling_set_lang(struct filling *f, size_t lang);
size_t
filling_lang(const struct filling *f);

/* What is relevant now, in form order. */
enum filling_item_kind {
    FILLING_QUESTION,
    FILLING_GROUP_BEGIN, /* groups with a label or field-list; node: group */
    FILLING_GROUP_END,
    FILLING_REPEAT_BEGIN, /* node: the repeat instance */
    FILLING_REPEAT_END,
    FILLING_REPEAT_ADD, /* another instance may be added here; node: parent */
};

struct filling_item {
    enum filling_item_kind kind;
    struct filling_node *node;
    uint16_t depth;     /* of open groups and repeat instances */
    uint32_t position;  /* of a repeat instance, from 1; 0 otherwise */
    uint32_t count;     /* instances of that repeat */
    const void *repeat; /* FILLING_REPEAT_*: which repeat; pass to _add */
    bool removable;     /* FILLING_REPEAT_BEGIN: the person may remove it */
};

const struct filling_item *
filling_items(struct filling *f, size_t *out_count);

/* Text of an item in the current language, outputs filled in; "" if absent. */
struct filling_text {
    const char *text;
    const char *image; /* file name or NULL */
    const char *audio;
};

struct filling_question {
    const char *name;
    size_t field; /* index in the form's dictionary */
    enum form_type type;
    enum form_control control;
    const char *appearance; /* "" if none */
    struct filling_text label;
    struct filling_text hint;
    const char *guidance;
    const char *value; /* "" if unanswered */
    bool required;
    bool readonly;
    double range_start, range_end, range_step;
    int rows; /* text rows asked for, 0 if not */
};

void
filling_question(struct filling *f, struct filling_node *node,
                 struct filling_question *out);

/* Label and appearance of a group or repeat instance. */
struct filling_group {
    struct filling_text label;
    const char *appearance;
};
void
filling_group(struct filling *f, struct filling_node *node,
              struct filling_group *out);

/* Choices offered now: filtered, in displayed order. */
struct filling_choice {
    const char *name;
    struct filling_text label;
    bool selected; /* for rank: always true once answered, in given order */
};
const struct filling_choice *
filling_choices(struct filling *f, struct filling_node *node,
                size_t *out_count);
/* The same without the order a ranking was given. */
const struct filling_choice *
filling_offered(struct filling *f, struct filling_node *node,
                size_t *out_count);

/*
 * Answer a question. The lexical form is the XForms one: "3.5", "2026-11-23",
 * "a b" for several choices. A value that is not of the question's type is
 * refused (STATUS_E_INVALID) and nothing changes; one that breaks a constraint
 * is kept and reported as a violation. "" clears.
 */
MUST_CHECK enum status
filling_set(struct filling *f, struct filling_node *node, const char *value);

/* `repeat` and `parent` from a FILLING_REPEAT_ADD item. *out_node may be NULL.
 * STATUS_E_LIMIT beyond FILLING_REPEAT_MAX. */
#define FILLING_REPEAT_MAX 10000
#define FILLING_INSTANCES_MAX 100000 /* of all repeats together */
MUST_CHECK enum status
filling_add(struct filling *f, struct filling_node *parent, const void *repeat,
            struct filling_node **out_node);
MUST_CHECK enum status
filling_remove(struct filling *f, struct filling_node *repeat_instance);

/* The repeat of that name directly inside `parent`, as filling_add takes it;
 * NULL if there is none or the person may not add to it. */
const void *
filling_repeat(struct filling *f, struct filling_node *parent,
               const char *name);

/* Node by a path with positions ("/data/day[2]/lesson[1]/what"); NULL if there
 * is none. */
struct filling_node *
filling_find(struct filling *f, const char *path);
/* Append that path. */
void
filling_path(const struct filling *f, const struct filling_node *node,
             struct buf *out);

/* What stands against sending, in form order; empty when all is well. */
enum filling_fault {
    FILLING_REQUIRED,
    FILLING_CONSTRAINT,
};
struct filling_violation {
    struct filling_node *node;
    enum filling_fault fault;
    const char *message; /* the form's own, or "" */
};
const struct filling_violation *
filling_violations(struct filling *f, size_t *out_count);

/* The submission: irrelevant nodes dropped, `end` preloads answered. Byte for
 * byte the same for the same answers and instance_id. */
#define FILLING_XML_MAX_BYTES ((size_t)4 * 1024 * 1024)
MUST_CHECK enum status
filling_submission(struct filling *f, struct buf *out);

/*
 * Take the answers of a submission made elsewhere into a new filling, as the
 * collector does to validate it. Unknown nodes, nodes in the wrong place and
 * values of the wrong type are faults told to `d`; the caller then asks
 * filling_violations() for the rest.
 */
MUST_CHECK enum status
filling_read(struct filling *f, const char *xml, size_t len, struct diag *d);

/* Value of a leaf, "" if empty; NULL if the node or one above is irrelevant. */
const char *
filling_value(struct filling *f, struct filling_node *node);

/* Visit every relevant leaf in document order, hidden ones included. */
typedef enum status
filling_visit(void *self, struct filling_node *node, size_t field,
              const char *value);
MUST_CHECK enum status
filling_each(struct filling *f, filling_visit *visit, void *self);

#endif
