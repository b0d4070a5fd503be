/*
 * Enrolment: codes as typed and the three messages. A code that is accepted is
 * printed as it would be, and that is accepted as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/enrol.h"

#define TEXT_MAX 200

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
as_code(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX + 1] = "";
    char printed[ENROL_CODE_CHARS + 1];
    struct enrol_code code;
    struct enrol_code again;
    memcpy(text, data, size < TEXT_MAX ? size : TEXT_MAX);
    if (enrol_code_parse(text, &code) == STATUS_OK) {
        enrol_code_print(&code, printed);
        if (enrol_code_parse(printed, &again) != STATUS_OK
            || memcmp(&code, &again, sizeof(code)) != 0) {
            abort();
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct seal_sign_public kiosk = {{7}};
    struct enrol_identity who;
    struct enrol_request request;
    struct enrol_answer answer;
    if (seal_init() < 0) {
        abort();
    }
    as_code(data, size);
    (void)!enrol_identity_decode(data, size, &who);
    (void)!enrol_request_decode(data, size, &request);
    (void)!enrol_answer_decode(data, size, &kiosk, &answer);
    return 0;
}
