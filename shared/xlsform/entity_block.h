#ifndef ANKETA_XLSFORM_ENTITY_BLOCK_H
#define ANKETA_XLSFORM_ENTITY_BLOCK_H

#include <stdbool.h>

#include "xlsform/survey.h"

/*
 * Entity block: meta/entity of a container, as other OpenRosa clients read it
 * (ODK Entities 2024.1, 2025.1).
 */
struct entity_block {
    const char *dataset;
    struct prop *cells; /* of the declaration's row */
    struct element *container;
    bool in_repeat; /* each repeat gets an id of its own */
};

/* Out of memory: as all of the survey, by its pool. */
void
entity_block_write(struct survey *s, const struct entity_block *b);

#endif
