#ifndef ANKETA_FORM_VEC_H
#define ANKETA_FORM_VEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Vec: room for one more element of a growing array.
 *
 * For arrays whose length is known only when their source is read to the end.
 * The array is a plain pointer with its capacity beside it, freed by free().
 *
 * Errors  STATUS_E_LIMIT beyond `max` elements, STATUS_E_NOMEM (logged); the
 *         array is then unchanged.
 */
MUST_CHECK enum status
vec_reserve(void *array_ptr, uint32_t *cap, size_t need, size_t size,
            size_t max);

#endif
