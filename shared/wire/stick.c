#include "wire/stick.h"

#include <stdio.h>
#include <string.h>

#define HALF_BYTES 8
#define HALF_DIGITS ((size_t)2 * HALF_BYTES)

static const char *const suffix[] = {
    [STICK_BATCH] = ".batch",
    [STICK_RECEIPT] = ".receipt",
    [STICK_LIBRARY] = ".library",
};

static void
print_half(const uint8_t *bytes, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < HALF_BYTES; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[HALF_DIGITS] = '\0';
}

void
stick_name(enum stick_kind kind, const struct seal_sign_public *kiosk,
           const struct seal_hash *batch, char out[STICK_NAME_BYTES])
{
    char who[HALF_DIGITS + 1];
    char what[HALF_DIGITS + 1] = "";
    print_half(kiosk->bytes, who);
    if (kind != STICK_LIBRARY) {
        print_half(batch->bytes, what);
    }
    (void)snprintf(out, STICK_NAME_BYTES, "%s%s%s%s", who,
                   kind == STICK_LIBRARY ? "" : "-", what, suffix[kind]);
}

static bool
half_digits(const char *text)
{
    return strspn(text, "0123456789abcdef") >= HALF_DIGITS;
}

bool
stick_is(const char *name, enum stick_kind kind,
         const struct seal_sign_public *kiosk)
{
    size_t len = strlen(name);
    size_t stem = HALF_DIGITS + (kind == STICK_LIBRARY ? 0 : 1 + HALF_DIGITS);
    char who[HALF_DIGITS + 1] = "";
    if (len != stem + strlen(suffix[kind])
        || strcmp(name + stem, suffix[kind]) != 0 || !half_digits(name)) {
        return false;
    }
    if (kind != STICK_LIBRARY
        && (name[HALF_DIGITS] != '-' || !half_digits(name + HALF_DIGITS + 1))) {
        return false;
    }
    if (kiosk) {
        print_half(kiosk->bytes, who);
    }
    return !kiosk || strncmp(name, who, HALF_DIGITS) == 0;
}
