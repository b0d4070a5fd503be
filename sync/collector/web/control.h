#ifndef ANKETA_COLLECTOR_WEB_CONTROL_H
#define ANKETA_COLLECTOR_WEB_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/web/visit.h"

/*
 * Control: the parts of the desk's forms, each with its label and its help
 * tied to it for screen readers. All texts are translated by the caller.
 */

/* <form method="post">, with the session's token: its fields one below the
 * other. */
void
control_form(struct visit *v, const char *action, bool with_file);
/* The same for the caller's own arrangement. */
void
control_form_bare(struct visit *v, const char *action);
void
control_form_end(struct visit *v);

/* A form that is a button and, unless `name` is NULL, one hidden field. `look`:
 * "primary", "plain" or NULL. */
void
control_action(struct visit *v, const char *action, const char *name,
               const char *value, const char *label, const char *look);

/* A link that looks like a button. */
void
control_link(struct visit *v, const char *href, const char *label,
             bool primary);
/* A link in a paragraph of its own. */
void
control_see(struct visit *v, const char *href, const char *label);

/* <li class="card"> with its title, which leads to `href` unless that is NULL;
 * the caller adds to it and closes the li. */
void
control_card(struct visit *v, const char *href, const char *title);

struct control {
    const char *label;
    const char *name;  /* also the element's id */
    const char *type;  /* "text", "password", "number", "date", "file" */
    const char *value; /* NULL: empty */
    const char *help;  /* NULL: none */
    const char *autocomplete;
    const char *accept; /* of a file */
    bool required;
    bool multiple;  /* files */
    long max_chars; /* 0: as many as the form takes */
};
void
control_input(struct visit *v, const struct control *c);

/* A text of several lines; type, autocomplete and accept do not count. */
void
control_area(struct visit *v, const struct control *c, int rows);

/* `help` may be NULL. */
void
control_checkbox(struct visit *v, const char *name, const char *label,
                 const char *help, bool checked);

void
control_hidden(struct visit *v, const char *name, const char *value);

struct control_option {
    const char *value;
    const char *label;
};
/* A list to choose from, option by option. */
void
control_select_begin(struct visit *v, const char *name, const char *label);
void
control_select_option(struct visit *v, const char *value, const char *label);
void
control_select_person(struct visit *v, int64_t id, const char *name);
void
control_select_end(struct visit *v);
/* The same at once. */
void
control_select(struct visit *v, const char *name, const char *label,
               const struct control_option *option, size_t count);

/* Something that is shown only now: a line about it, and the thing itself, large
 * or, when it is long, not. */
void
control_secret(struct visit *v, const char *about, const char *secret,
               bool large);

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
