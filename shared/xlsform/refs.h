#ifndef ANKETA_XLSFORM_REFS_H
#define ANKETA_XLSFORM_REFS_H

#include "base/buf.h"
#include "xlsform/survey.h"

/*
 * Refs: ${name} in the cells of a form.
 *
 * A reference becomes the absolute path of the question, or a relative one
 * when both stand in the same repeat, with the exceptions pyxform makes for
 * predicates over secondary instances and for indexed-repeat().
 */
enum refs_mode {
    REFS_PLAIN = 0,
    REFS_CURRENT = 1, /* inside a predicate: paths start from current() */
    REFS_PARENT = 2,  /* to the parent of the common repeat */
};

/* `text` with its references replaced; in the pool. `mode` is a set of
 * enum refs_mode. */
const char *
refs_expand(struct survey *s, const char *text, const struct element *context,
            unsigned mode);

/*
 * A label: XML with <output/> for references and instance() expressions, in
 * the pool; NULL when it has none and `text` may be written as it is. `context`
 * may be NULL: paths are then absolute.
 */
const char *
refs_label(struct survey *s, const char *text, const struct element *context);

/* Check the syntax of every reference in the workbook, and that its name
 * exists once; after survey_index. */
void
refs_check(struct survey *s);

#endif
