#ifndef ANKETA_XLSFORM_ROWS_H
#define ANKETA_XLSFORM_ROWS_H

#include "xlsform/survey.h"

/*
 * Rows: the survey sheet, row by row, as the tree of groups and questions.
 *
 * Every fault is told to the survey's diag with its cell; reading goes on.
 */
void
rows_read(struct survey *s);

#endif
