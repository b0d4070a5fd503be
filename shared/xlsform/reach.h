#ifndef ANKETA_XLSFORM_REACH_H
#define ANKETA_XLSFORM_REACH_H

#include "xlsform/survey.h"

/*
 * Reach: questions that nobody can reach and constraints that nobody can meet.
 *
 * Looks at what can be decided from the form alone: a "relevant" that is a
 * conjunction of comparisons with constants - on its own, together with those
 * of the groups around it, and with the choices, ranges and reachability of
 * the questions it names - and a "constraint" that does the same with ".".
 * Everything else counts as possible, so what is reported is certain.
 */

/* Warnings to the survey's diag; after survey_index. */
void
reach_check(struct survey *s);

#endif
