/* The Authorization header of a client. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/challenge.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char header[2 * CHALLENGE_HEADER_MAX_BYTES];
    struct challenge_answer a;
    if (size >= sizeof(header)) {
        return 0;
    }
    memcpy(header, data, size);
    header[size] = '\0';
    if (challenge_parse(header, &a) == STATUS_OK
        && (a.user[0] == '\0' || strlen(a.user) >= sizeof(a.user)
            || (!a.basic && strlen(a.response) != digest_chars(a.kind)))) {
        abort();
    }
    return 0;
}
