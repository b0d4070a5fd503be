#ifndef ANKETA_XLSFORM_QUESTION_H
#define ANKETA_XLSFORM_QUESTION_H

#include "xlsform/survey.h"

/*
 * Question: what one row that is neither a group nor an end of one becomes.
 */

/* Where rows of a group with the appearance table-list stand. */
struct question_table {
    bool active;
    const char *list; /* NULL before the first select */
};

/* Add the row's question (and what goes with it) below `parent`. `params` are
 * its parameters, `type` its type with aliases resolved. */
void
question_add(struct survey *s, struct element *parent,
             const struct table_row *row, const char *type,
             struct question_table *table);

/* The audit row: into meta. */
void
question_add_audit(struct survey *s, struct element *meta,
                   const struct table_row *row);

/* Note which questions a change of `e`'s triggers sets; after survey_index. */
void
question_link_triggers(struct survey *s);

void
question_add_action(struct survey *s, struct element *e, const char *name,
                    const char *event, const char *value);

#endif
