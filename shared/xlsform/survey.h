#ifndef ANKETA_XLSFORM_SURVEY_H
#define ANKETA_XLSFORM_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "xlsform/name_map.h"
#include "xlsform/pool.h"
#include "xlsform/prop.h"
#include "xlsform/qtype.h"
#include "xlsform/table.h"
#include "xlsform/workbook.h"

/*
 * Survey: a questionnaire between the spreadsheet and the XForm.
 *
 * settings.c, choices.c and rows.c build it from the tables; refs.c checks the
 * references; itext.c, model.c and body.c write it down. It owns nothing:
 * everything lives in the workbook's pool.
 *
 * Threads  One at a time.
 */
#define SURVEY_DEPTH_MAX 48 /* groups in groups */
#define SURVEY_META "meta"
#define SURVEY_NO_NAME "_" /* stands for one that was refused */

enum element_kind {
    ELEMENT_SURVEY,
    ELEMENT_GROUP,
    ELEMENT_REPEAT,
    ELEMENT_LOOP, /* gone once rows.c has unrolled it */
    ELEMENT_QUESTION,
    ELEMENT_EXTERNAL,  /* an external instance, no node */
    ELEMENT_ATTRIBUTE, /* of its parent: entity/@create */
};

struct option {
    const char *name;
    struct prop *cells; /* "label", "media", and columns of the author's */
    const struct table_row *row; /* NULL: added by or_other */
    struct option *next;
};

struct itemset {
    const char *name;
    struct option *first;
    struct option *last;
    size_t count;
    bool needs_itext;    /* translations, media or references in labels */
    bool used_by_search; /* written into the body, not as an instance */
    bool used_plainly;
    struct itemset *next;
};

struct trigger_link {
    struct element *target; /* whose value is set */
    struct trigger_link *next;
};

/* An action of the model: setvalue, odk:setgeopoint, odk:recordaudio. */
struct action {
    const char *name;
    const char *event;
    const char *value;   /* NULL: none */
    const char *quality; /* odk:quality, NULL: none */
    struct action *next;
};

struct element {
    enum element_kind kind;
    const char *name;
    const char *type;          /* "text", "select one", "group" ... */
    const struct qtype *qtype; /* NULL for sections */
    struct prop *cells;
    struct prop *params;     /* "parameters", parsed */
    struct itemset *options; /* of a select or tick labels of a range */
    const char *itemset;     /* list name, file name or ${reference} */
    const char *query;       /* list of a select_one_external */
    struct action *actions;
    struct trigger_link *triggers; /* what a change of this one sets */
    const struct table_row *row;   /* NULL: generated */
    bool flat;                     /* its children stand in its parent */
    bool bodyless;                 /* no control: meta */
    bool has_trigger;
    bool unnamed;     /* no ${name} means it: blocks of entities */
    const char *path; /* "/data/group/q" */
    struct element *parent;
    struct element *first;
    struct element *last;
    struct element *next;
};

struct entities;

struct survey {
    struct workbook *wb;
    struct pool *pool;
    struct diag *d;
    struct table *table[TABLE_KIND_COUNT]; /* NULL: no such sheet */
    struct prop *settings;
    const char *language; /* the default one */
    const char *name;     /* of the root element */
    const char *id;
    const char *title;
    bool advise;  /* look for what can never happen */
    bool squeeze; /* setting clean_text_values */
    struct element *root;
    struct name_map names;    /* element name -> element */
    struct name_map repeated; /* names that stand for several elements */
    struct itemset *itemsets;
    struct itemset *last_itemset;
    struct name_map itemset_by_name;
    struct name_map external_lists;
    struct entities *entities; /* NULL: none */
};

/* Appended to `parent`; NULL when the pool is exhausted. */
struct element *
survey_add(struct survey *s, struct element *parent, enum element_kind kind,
           const char *name, const char *type);

/* Fill in `path` of every element and the map of names. */
void
survey_index(struct survey *s);

/* The next element in document order below `top`, or NULL. */
struct element *
survey_next(const struct element *top, struct element *e);

/* The nearest repeat around `e` (not `e` itself), or NULL. */
struct element *
survey_repeat_of(const struct element *e);

/* Path of `e` from its ancestor `from`: "/group/q". */
const char *
survey_path_from(struct survey *s, const struct element *e,
                 const struct element *from);

struct itemset *
survey_itemset(const struct survey *s, const char *name);

struct itemset *
survey_add_itemset(struct survey *s, const char *name);

void
survey_add_option(struct survey *s, struct itemset *set, const char *name,
                  struct prop *cells, const struct table_row *row);

/* Report an error in a cell of the survey sheet. */
struct diag_where
survey_where(const struct survey *s, const struct table_row *row,
             const char *first, const char *second);

/* Names of sheets that look like `wanted`, "" if none: “surve”, “survy”. */
const char *
survey_similar_sheets(struct survey *s, const char *wanted);

/* Whether the namespace prefix of an XML name, if it has one, is ours or
 * declared in the setting "namespaces". */
bool
survey_prefix_known(const struct survey *s, const char *name);

/* "yes", "true()" ... : 1, "no" ...: 0, anything else: -1. */
int
survey_yes_no(const char *text);

/* A setting's text, or NULL. */
const char *
survey_setting(const struct survey *s, const char *name);

#endif
