#ifndef ANKETA_APP_PICTURE_H
#define ANKETA_APP_PICTURE_H

#include <stddef.h>

#include "base/status.h"

/*
 * Picture: what a PNG or JPEG file says of its size, before anything is
 * decoded, so that a small file cannot ask for a large memory.
 *
 * Formats: PNG (ISO/IEC 15948), 11.2.2 IHDR; JPEG (ITU-T T.81), B.2.2 frame
 * header.
 */
#define PICTURE_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define PICTURE_SIDE_MAX 8192
#define PICTURE_PIXELS_MAX 16777216

/* STATUS_E_INVALID: no such picture; STATUS_E_LIMIT: larger than the limits.
 * Sizes are set only on STATUS_OK. */
MUST_CHECK enum status
picture_size(const void *data, size_t len, int *out_width, int *out_height);

#endif
