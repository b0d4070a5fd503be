#include "form/vec.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define FIRST_CAP 16

enum status
vec_reserve(void *array_ptr, uint32_t *cap, size_t need, size_t size,
            size_t max)
{
    if (need <= *cap) {
        return STATUS_OK;
    }
    if (need > max || max > UINT32_MAX) {
        return STATUS_E_LIMIT;
    }
    size_t grown = *cap ? (size_t)*cap * 2 : FIRST_CAP;
    if (grown < need) {
        grown = need;
    }
    if (grown > max) {
        grown = max;
    }
    void *old = NULL;
    memcpy(&old, array_ptr, sizeof(old));
    void *moved = realloc(old, grown * size);
    if (!moved) {
        return log_oom("form");
    }
    memcpy(array_ptr, &moved, sizeof(moved));
    *cap = (uint32_t)grown;
    return STATUS_OK;
}
