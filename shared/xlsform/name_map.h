#ifndef ANKETA_XLSFORM_NAME_MAP_H
#define ANKETA_XLSFORM_NAME_MAP_H

#include <stddef.h>

#include "xlsform/pool.h"

/*
 * Name map: texts to pointers, open addressing, in a pool.
 *
 * Keys are borrowed and must live as long as the map. Nothing is removed.
 */
struct name_map_slot {
    const char *key;
    void *value;
};

struct name_map {
    struct name_map_slot *slot;
    size_t cap; /* power of two, 0 before the first put */
    size_t count;
};

/* Where the value of `key` is kept, added as NULL if absent; NULL only when the
 * pool is exhausted. Valid until the next put. */
void **
name_map_put(struct name_map *m, struct pool *p, const char *key);

/* NULL if absent. */
void *
name_map_get(const struct name_map *m, const char *key);

/* The same for a key of `len` bytes. */
void *
name_map_get_len(const struct name_map *m, const char *key, size_t len);

#endif
