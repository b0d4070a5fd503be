#include "app/picture.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static uint32_t
big_endian(const uint8_t *at, size_t bytes)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

struct size {
    uint32_t width;
    uint32_t height;
};

static bool
png_size(const uint8_t *d, size_t len, struct size *out)
{
    static const uint8_t head[] = {0x89, 'P', 'N', 'G', 13,  10,  26,  10,
                                   0,    0,   0,   13,  'I', 'H', 'D', 'R'};
    if (len < sizeof(head) + 8 || memcmp(d, head, sizeof(head)) != 0) {
        return false;
    }
    out->width = big_endian(d + sizeof(head), 4);
    out->height = big_endian(d + sizeof(head) + 4, 4);
    return true;
}

/* Frame headers are C0 to CF, but for DHT, JPG and DAC. */
static bool
is_frame(uint8_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8
           && marker != 0xCC;
}

static bool
jpeg_size(const uint8_t *d, size_t len, struct size *out)
{
    size_t at = 2;
    if (len < 4 || d[0] != 0xFF || d[1] != 0xD8) {
        return false;
    }
    while (at + 4 <= len && d[at] == 0xFF) {
        uint8_t marker = d[at + 1];
        if (marker == 0xFF) {
            at++; /* fill byte */
            continue;
        }
        size_t segment = big_endian(d + at + 2, 2);
        if (is_frame(marker)) {
            if (at + 9 > len) {
                return false;
            }
            out->height = big_endian(d + at + 5, 2);
            out->width = big_endian(d + at + 7, 2);
            return true;
        }
        at += 2 + segment;
    }
    return false;
}

enum status
picture_size(const void *data, size_t len, int *out_width, int *out_height)
{
    struct size size;
    if (!png_size(data, len, &size) && !jpeg_size(data, len, &size)) {
        return STATUS_E_INVALID;
    }
    if (size.width == 0 || size.height == 0) {
        return STATUS_E_INVALID;
    }
    if (size.width > PICTURE_SIDE_MAX || size.height > PICTURE_SIDE_MAX
        || size.width * size.height > PICTURE_PIXELS_MAX) {
        return STATUS_E_LIMIT;
    }
    *out_width = (int)size.width;
    *out_height = (int)size.height;
    return STATUS_OK;
}
