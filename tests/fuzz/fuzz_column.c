/* A stored column of answers, damaged in any way: packed and unpacked. */
#include <stdint.h>
#include <stdlib.h>

#include "collector/store/column.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct column_zip *zip = NULL;
    struct buf raw;
    if (column_zip_new(&zip) < 0) {
        return 0;
    }
    buf_init(&raw, (size_t)1024 * 1024);
    enum status st = column_unpack(zip, data, size, &raw);
    struct column_reader packed = {raw.data, raw.data + raw.len};
    const char *cell = NULL;
    while (st == STATUS_OK) {
        st = column_next(&packed, &cell);
    }
    /* The raw form itself. */
    struct column_reader plain = {(const char *)data,
                                  (const char *)data + size};
    do {
        st = column_next(&plain, &cell);
        if (st == STATUS_OK && cell && cell > (const char *)data + size) {
            abort();
        }
    } while (st == STATUS_OK);
    buf_deinit(&raw);
    column_zip_free(zip);
    return 0;
}
