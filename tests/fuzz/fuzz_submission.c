/* The root element of a submission from anywhere. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/submission.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct submission_root root;
    enum status st = submission_read_root((const char *)data, size, &root);
    if (st == STATUS_OK
        && (root.form_id[0] == '\0'
            || strlen(root.form_id) >= sizeof(root.form_id))) {
        abort();
    }
    return 0;
}
