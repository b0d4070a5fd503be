#ifndef ANKETA_COLLECTOR_INGEST_ANSWERS_H
#define ANKETA_COLLECTOR_INGEST_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/store.h"
#include "form/filling.h"

/*
 * Answers: one valid submission as the cells and counts that are kept of it.
 *
 * A cell is the text of a field; several instances of a repeat stand in one
 * cell, parted by ANSWERS_PART. What the form keeps for itself (meta) is left
 * out: an instanceID would only be a name for the answers.
 *
 * A question with the indicator "code" asks for a code that people keep between
 * two waves (web/linked.h): only codes.h's hash of it is kept, and no page shows
 * that.
 *
 * Threads  Pure but for the arena.
 */
#define ANSWERS_PART '\x1f'
/* Choices of a question ranked at most for its table of pairs. */
#define ANSWERS_PAIRS_MAX 32

struct answers {
    const char **cell;         /* in the arena; form_field_count() of them */
    struct store_tally *tally; /* in the arena */
    size_t tally_count;
    const char *instance_id; /* in the arena; "" if the form has none */
};

/* `filling` must have no violations. */
MUST_CHECK enum status
answers_read(const struct catalogue_form *form, struct filling *filling,
             struct arena *arena, struct answers *out);

/*
 * Parse and check a submission of `form` and read it. STATUS_E_INVALID: it
 * breaks the rules of its form; `d`, which may be NULL, is told which.
 */
MUST_CHECK enum status
answers_parse(const struct catalogue_form *form, const char *xml, size_t len,
              bool anonymous, struct arena *arena, struct diag *d,
              struct answers *out);

#endif
