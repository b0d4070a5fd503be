#ifndef ANKETA_FORM_MODEL_H
#define ANKETA_FORM_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "form/form.h"
#include "form/names.h"
#include "form/secondary.h"
#include "form/xpath.h"

/*
 * Model: what a loaded form is made of. Private to this room.
 *
 * load.c reads the XML into it, link.c resolves and compiles, graph.c orders
 * the recomputation; afterwards nothing in it changes. Everything is in the
 * form's arena or in arrays owned by the form; things refer to each other by
 * index, MODEL_NONE meaning none.
 *
 * The primary instance is a tree of defs, one for each element or attribute,
 * whatever the number of repeat instances. A scope is what exists once per
 * instance: scope 0 is the form itself, every repeat is one more. A def has a
 * slot in its scope, so a node is found by two array look-ups.
 */
#define MODEL_NONE UINT32_MAX

#define MODEL_MEMORY_MAX_BYTES ((size_t)1024 * 1024 * 1024)
#define MODEL_XML_DEPTH_MAX 100
#define MODEL_SCOPE_DEPTH_MAX 16
#define MODEL_DEFS_MAX 500000
#define MODEL_CONTROLS_MAX 500000
#define MODEL_TEXTS_MAX 4000000
#define MODEL_LANGS_MAX 32

/* A text with outputs: pieces in order. */
struct model_piece {
    struct model_piece *next;
    const char *text;   /* literal, or the source of the output */
    struct xpath *expr; /* output: compiled by link.c; NULL for a literal */
    bool output;
};

/* One text in one language, with its media forms. NULL where absent. */
struct model_text {
    struct model_piece *plain;
    struct model_piece *guidance;
    const char *image;
    const char *audio;
    const char *dictionary; /* plain, without its outputs */
    uint32_t context; /* def its outputs were compiled for, or MODEL_NONE */
};

/* What a label, hint or message element says: an itext id, or a text of its
 * own, or nothing. */
struct model_label {
    uint32_t itext; /* index of the id, or MODEL_NONE */
    struct model_text *own;
    const char *itext_id; /* until linked */
    struct xpath *expr;   /* ref that is neither: computed */
};

enum model_event {
    MODEL_EVENT_FIRST_LOAD = 1,
    MODEL_EVENT_NEW_REPEAT = 2,
    MODEL_EVENT_VALUE_CHANGED = 4,
};

struct model_action {
    struct model_action *next;
    struct model_action *next_changed; /* of the same def */
    const char *ref;
    const char *value; /* expression, or NULL: `literal` */
    const char *literal;
    unsigned events;
    uint32_t control; /* it stands in, or MODEL_NONE */
    uint32_t target;  /* def */
    uint32_t context; /* def its value is computed for */
    struct xpath *expr;
    int line;
};

enum model_preload {
    MODEL_PRELOAD_NONE,
    MODEL_PRELOAD_UID,
    MODEL_PRELOAD_START,
    MODEL_PRELOAD_END,
    MODEL_PRELOAD_TODAY,
    MODEL_PRELOAD_PROPERTY,
};

struct model_attr {
    struct model_attr *next;
    const char *name;
    const char *value;
};

struct model_bind {
    uint32_t def;
    enum form_type type;
    enum model_preload preload;
    int line;
    const char *nodeset;
    const char *property;
    const char *source_relevant; /* until linked */
    const char *source_required;
    const char *source_readonly;
    const char *source_constraint;
    const char *source_calculate;
    struct xpath *relevant;
    struct xpath *required;
    struct xpath *readonly;
    struct xpath *constraint;
    struct xpath *calculate;
    struct model_label required_message;
    struct model_label constraint_message;
    struct model_attr *extension;
};

struct model_def {
    const char *name;  /* as written: "orx:meta" */
    const char *local; /* interned, without prefix */
    uint32_t local_index;
    const char *path;
    const char *initial; /* "" if none */
    uint32_t parent;
    uint32_t child;
    uint32_t last_child;
    uint32_t next;
    uint32_t scope;
    uint32_t slot;
    uint32_t bind;
    uint32_t control;       /* the first that asks it */
    uint32_t group_control; /* the one that labels it */
    uint32_t field;
    uint32_t repeat; /* own scope if this is a repeat, or MODEL_NONE */
    struct model_action *changed; /* when its value changes, by next_changed */
    enum form_type type;
    bool attribute;
    bool group; /* it has elements inside */
    bool seen_template;
};

enum model_control_kind {
    MODEL_QUESTION,
    MODEL_GROUP,
    MODEL_REPEAT,
};

/* Static choice, <item>. */
struct model_choice {
    struct model_choice *next;
    const char *value;
    struct model_label label;
};

struct model_control {
    enum model_control_kind kind;
    enum form_control shows;
    uint32_t def; /* MODEL_NONE: a group for display only */
    uint32_t parent;
    uint32_t child;
    uint32_t last_child;
    uint32_t next;
    int line;
    const char *ref;
    const char *appearance;
    struct model_label label;
    struct model_label hint;
    struct model_choice *choice;
    struct model_choice *last_choice;
    uint32_t choice_count;
    const char *source_itemset;
    const char *source_value;
    const char *source_label;
    struct xpath *itemset;
    struct xpath *item_value;
    struct xpath *item_label; /* NULL with label_is_itext */
    bool label_is_itext;
    /* Where names are looked up for jr:choice-name(), if the choices are rows
     * of an instance. */
    const struct secondary *dictionary;
    const struct secondary_index *by_name;
    double range_start;
    double range_end;
    double range_step;
    int rows;
    const char *source_count; /* MODEL_REPEAT */
    bool fixed;               /* jr:noAddRemove */
};

struct model_scope {
    uint32_t def;
    uint32_t parent;
    uint32_t depth;
    uint32_t slot_count;
    uint32_t *slot; /* slot -> def, in document order */
    uint32_t child_count;
    uint32_t *child; /* scopes */
    uint32_t index;  /* in the parent's children */
    uint32_t control;
    struct xpath *count;
    bool fixed;
};

/* The primary instance as written, where it differs from the defs' initial
 * values: replayed by a new filling. */
enum model_start_kind {
    MODEL_START_OPEN, /* a repeat instance that is not a template */
    MODEL_START_CLOSE,
    MODEL_START_TEXT,
};

struct model_start {
    enum model_start_kind kind;
    uint32_t def;
    const char *text;
};

/*
 * A unit of recomputation. They are kept in an order in which each comes after
 * all it reads; rank is the place in that order.
 */
enum model_unit_kind {
    MODEL_UNIT_RELEVANT,
    MODEL_UNIT_COUNT,
    MODEL_UNIT_ITEMS, /* drop answers no longer offered */
    MODEL_UNIT_CALCULATE,
};

struct model_unit {
    enum model_unit_kind kind;
    uint32_t def;
    struct xpath *expr;
};

/* Who reads a def. */
struct model_reader {
    uint32_t unit;
    uint32_t anchor; /* depth of the scope instance both stand in */
    bool place;      /* it asks which instance it stands in */
};

struct form {
    struct arena arena;
    struct names names;
    const char *id;
    const char *version;
    const char *title;
    const char *prefixes; /* xmlns declarations of the submission's root */

    struct model_def *def;
    uint32_t def_count;
    uint32_t def_cap;
    uint32_t *child_slot; /* hash of (parent, name) -> def + 1 */
    uint32_t child_slot_count;
    struct model_bind *bind;
    uint32_t bind_count;
    uint32_t bind_cap;
    struct model_control *control; /* 0 is the body */
    uint32_t control_count;
    uint32_t control_cap;
    struct model_scope *scope;
    uint32_t scope_count;
    uint32_t scope_cap;
    struct model_start *start;
    uint32_t start_count;
    uint32_t start_cap;
    struct secondary **secondary;
    uint32_t secondary_count;
    uint32_t secondary_cap;
    struct model_action *action; /* in document order */
    struct model_action *last_action;
    struct model_attr *extension;

    const char *lang[MODEL_LANGS_MAX];
    uint32_t lang_count;
    uint32_t lang_default;
    struct names itext_ids;
    struct model_text **itext[MODEL_LANGS_MAX]; /* by id index; NULL: absent */
    uint32_t itext_cap[MODEL_LANGS_MAX];

    struct model_unit *unit;
    uint32_t unit_count;
    uint32_t unit_cap;
    uint32_t *reader_first; /* def -> readers [first, first of next def) */
    struct model_reader *reader;
    uint32_t *unit_of[4]; /* by kind: def -> unit or MODEL_NONE */

    uint32_t *field; /* dictionary: field -> def */
    uint32_t field_count;

    void **regex; /* owned compiled patterns */
    uint32_t regex_count;
    uint32_t regex_cap;
};

/* Def below `parent` with that local name (number in f->names), or MODEL_NONE.
 * The parent of the root is MODEL_NONE. */
uint32_t
model_child(const struct form *f, uint32_t parent, uint32_t local_index);
uint32_t
model_child_named(const struct form *f, uint32_t parent, const char *local);

/* New def at the end of its parent's children. */
MUST_CHECK enum status
model_add_def(struct form *f, uint32_t parent, const char *name,
              uint32_t *out_def);

/* Def at "/a/b/c" (prefixes ignored, spaces allowed around), or MODEL_NONE. */
uint32_t
model_find(const struct form *f, const char *path);

/* instance('id'); NULL if the form has none of that name. */
const struct secondary *
model_secondary(const struct form *f, const char *id);

/* The control's text in a language; NULL if there is none. */
const struct model_text *
model_text_of(const struct form *f, const struct model_label *label,
              size_t lang);

static inline bool
model_label_present(const struct model_label *label)
{
    return label->itext != MODEL_NONE || label->own || label->expr;
}

#endif
