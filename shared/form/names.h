#ifndef ANKETA_FORM_NAMES_H
#define ANKETA_FORM_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/*
 * Names: each distinct text once, numbered in the order of arrival.
 *
 * Element names of a form (a name is then compared by its pointer) and ids of
 * its texts. Hash table with open addressing.
 *
 * Threads  Adding: one; finding: any number.
 */
#define NAMES_MAX 4000000
#define NAMES_NONE UINT32_MAX

struct names {
    const char **text; /* owned array of texts in the arena */
    uint32_t *slot;    /* index + 1 into text; 0: free */
    uint32_t count;
    uint32_t cap;
    uint32_t slot_count; /* a power of two */
};

void
names_deinit(struct names *n);

/* Index of the text, added to `arena` if new. */
MUST_CHECK enum status
names_add(struct names *n, struct arena *arena, const char *text, size_t len,
          uint32_t *out_index);

/* NAMES_NONE if it was never added. */
uint32_t
names_find(const struct names *n, const char *text, size_t len);

/* FNV-1a, also used by the indexes of secondary instances. */
uint32_t
names_hash(const char *text, size_t len);

#endif
