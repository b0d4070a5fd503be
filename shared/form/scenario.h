#ifndef ANKETA_FORM_SCENARIO_H
#define ANKETA_FORM_SCENARIO_H

#include <stddef.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"
#include "form/filling.h"

/*
 * Scenario: a filling driven by a text file, and its state as text.
 *
 * One step a line, TAB between cells, \n \t \\ as escapes in values:
 *
 *   set REF VALUE    answer (REF with a position for every repeat)
 *   clear REF        empty the answer
 *   add NODESET      append an instance of a repeat
 *   remove REF       delete that instance
 *   lang NAME        switch the language
 *
 * Serves tests and `anketa-collector form answer`.
 */
#define SCENARIO_STEP_MAX_BYTES 65536

/* Apply all steps. The first that cannot be applied is told to `d` with its
 * line; the steps before it stay applied. */
MUST_CHECK enum status
scenario_apply(struct filling *f, const char *steps, size_t len,
               struct diag *d);

/*
 * Append what a respondent sees now: rows `lang`, `visible REF`, `label REF
 * TEXT`, `choice REF NAME LABEL`, `violation REF KIND`, `message REF TEXT`.
 * Texts are escaped as in the steps.
 */
MUST_CHECK enum status
scenario_state(struct filling *f, struct buf *out);

#endif
