#ifndef ANKETA_COLLECTOR_WEB_CONTROL_H
#define ANKETA_COLLECTOR_WEB_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/web/visit.h"

/*
 * Control: the parts of the desk's forms, each with its label and its help
 * tied to it for screen readers. All texts are translated by the caller.
 */

/* The first row of a table: a head for each column, untranslated. */
void
control_heads(struct visit *v, const char *const *head, size_t count);

/* <form method="post">, with the session's token. */
void
control_form(struct visit *v, const char *action, bool with_file);
void
control_form_end(struct visit *v);

struct control {
    const char *label;
    const char *name;  /* also the element's id */
    const char *type;  /* "text", "password", "number", "date", "file" */
    const char *value; /* NULL: empty */
    const char *help;  /* NULL: none */
    const char *autocomplete;
    const char *accept; /* of a file */
    bool several;       /* files */
    bool required;
    bool multiple; /* files */
};
void
control_input(struct visit *v, const struct control *c);

/* A text of several lines; type, autocomplete and accept do not count. */
void
control_area(struct visit *v, const struct control *c, int rows);

void
control_checkbox(struct visit *v, const char *name, const char *label,
                 const char *help);

void
control_hidden(struct visit *v, const char *name, const char *value);

struct control_option {
    const char *value;
    const char *label;
};
void
control_select(struct visit *v, const char *name, const char *label,
               const struct control_option *option, size_t count);

/* What kept a form from being taken, above it; NULL: nothing. */
void
control_fault(struct visit *v, const char *fault);

/* A table that scrolls sideways where the page is narrow; the keyboard reaches
 * it by `label`. Heads are msgids; with none the caller writes that row. */
void
control_table(struct visit *v, const char *label, const char *const *head,
              size_t count);
void
control_table_end(struct visit *v);

void
control_button(struct visit *v, const char *label, bool primary);

#endif
