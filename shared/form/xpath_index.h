#ifndef ANKETA_FORM_XPATH_INDEX_H
#define ANKETA_FORM_XPATH_INDEX_H

#include <stdint.h>

#include "base/status.h"
#include "form/model.h"
#include "form/xpath.h"

/*
 * Xpath index: which linked paths ask a secondary instance for the rows of one
 * value, so that they need not walk all of them.
 *
 * Threads  None: part of linking a form.
 */

/* What `n` names if it is the call instance('x'); else NULL. */
const struct secondary *
xpath_index_instance(const struct form *f, const struct xpath_node *n);

/* Name of the column if `n` is a path to one of the row it is asked for, as
 * in "name" or "./name"; else XPATH_NONE. */
uint32_t
xpath_index_column(const struct xpath_node *n);

/* If `path` is instance('x')/a/b[column = value], possibly with more conditions:
 * have the rows by that column at hand, and note in the path how to ask. */
MUST_CHECK enum status
xpath_index_find(struct form *f, struct xpath_path *path);

#endif
