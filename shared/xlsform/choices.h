#ifndef ANKETA_XLSFORM_CHOICES_H
#define ANKETA_XLSFORM_CHOICES_H

#include "xlsform/survey.h"

/*
 * Choices: the sheets "choices" and "external_choices" as lists of options.
 */

/* Fill s->itemsets from s->table[TABLE_CHOICES]. Faults go to the diag. */
void
choices_read(struct survey *s);

/* Fill s->external_lists. */
void
choices_read_external(struct survey *s);

/* Add the option "other" to a list that lacks it. */
void
choices_add_other(struct survey *s, struct itemset *set);

#endif
