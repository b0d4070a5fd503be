#ifndef ANKETA_XLSFORM_ENTITIES_H
#define ANKETA_XLSFORM_ENTITIES_H

#include "xlsform/survey.h"

/*
 * Entities: the "entities" sheet and the column save_to, which let other
 * OpenRosa clients keep lists of people or places (ODK Entities 2024.1, 2025.1).
 *
 * A declaration becomes a meta/entity block in the deepest container that suits
 * everything it refers to; there is one block to a container.
 */
struct entities {
    const char *version; /* of the entities specification */
};

/* After rows_read and before survey_index. Faults go to the diag. */
void
entities_apply(struct survey *s);

#endif
