#include <stdint.h>
#include <stdlib.h>

#include "app/picture.h"

/* A size that is told keeps to the limits. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int width = 0;
    int height = 0;
    if (picture_size(data, size, &width, &height) == STATUS_OK
        && (width < 1 || height < 1 || width > PICTURE_SIDE_MAX
            || height > PICTURE_SIDE_MAX
            || width * height > PICTURE_PIXELS_MAX)) {
        abort();
    }
    return 0;
}
