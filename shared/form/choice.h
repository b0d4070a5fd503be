#ifndef ANKETA_FORM_CHOICE_H
#define ANKETA_FORM_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form/tree.h"
#include "form/xpath_eval.h"

/*
 * Choice: what a select offers in a filling. Private to this room.
 *
 * Texts and arrays are in the scratch passed in.
 */
struct choice {
    const char *name;
    struct xpath_item item;           /* of an itemset */
    const struct model_choice *fixed; /* or a static one */
};

/* Choices offered now, in displayed order. */
MUST_CHECK enum status
choice_list(struct filling *f, struct filling_node *node, struct scratch *s,
            struct choice **out, uint32_t *out_count);

/* Label of one of them in the filling's language; "" if it has none. */
struct filling_text
choice_label(struct filling *f, struct filling_node *node, struct scratch *s,
             const struct choice *c);

/* Label of the choice of that name, whether offered now or not; the name itself
 * if there is none. */
const char *
choice_name_label(struct filling *f, struct filling_node *node,
                  struct scratch *s, const char *name);

/* Whether the name is among them. */
bool
choice_offers(const struct choice *choices, uint32_t count, const char *name,
              size_t len);

/* The text pieces filled in for a node. */
const char *
choice_render(struct filling *f, struct filling_node *node, struct scratch *s,
              const struct model_piece *pieces);

#endif
