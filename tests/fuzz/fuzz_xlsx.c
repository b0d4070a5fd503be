/* Xlsform: a .xlsx of any bytes. */
#include <stddef.h>
#include <stdint.h>

#include "compile_twice.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    compile_twice(data, size, XLSFORM_XLSX);
    return 0;
}
