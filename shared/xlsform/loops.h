#ifndef ANKETA_XLSFORM_LOOPS_H
#define ANKETA_XLSFORM_LOOPS_H

#include "xlsform/survey.h"

/*
 * Loops: "begin loop over LIST" - the rows inside once for every choice of the
 * list, in a group of its own, with %(name)s and %(label)s replaced.
 */

/* Unroll every loop; after rows_read and before survey_index. */
void
loops_unroll(struct survey *s);

#endif
