#include "seal/pin_code.h"

#include <string.h>

#include "base/i18n.h"
#include "base/random.h"

#define YEAR_FIRST 1900
#define YEAR_LAST 2099

static bool
six_digits(const char *text)
{
    return strlen(text) == PIN_CODE_DIGITS
           && strspn(text, "0123456789") == PIN_CODE_DIGITS;
}

static int
two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

static bool
day_and_month(int day, int month)
{
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/* DDMMYY, MMDDYY or YYMMDD of any year. */
static bool
date_like(const char *d)
{
    int a = two(d);
    int b = two(d + 2);
    int c = two(d + 4);
    return day_and_month(a, b) || day_and_month(b, a) || day_and_month(c, b);
}

/* The same distance from digit to digit: 111111, 123456, 987654, 135791. */
static bool
even_steps(const char *d)
{
    int step = (d[1] - d[0] + 10) % 10;
    for (int i = 2; i < PIN_CODE_DIGITS; i++) {
        if ((d[i] - d[i - 1] + 10) % 10 != step) {
            return false;
        }
    }
    return true;
}

static bool
repeats(const char *d, int period)
{
    for (int i = period; i < PIN_CODE_DIGITS; i++) {
        if (d[i] != d[i - period]) {
            return false;
        }
    }
    return true;
}

static bool
mirrored(const char *d)
{
    return d[0] == d[5] && d[1] == d[4] && d[2] == d[3];
}

/* 112233 */
static bool
pairs(const char *d)
{
    return d[0] == d[1] && d[2] == d[3] && d[4] == d[5];
}

static bool
few_digits(const char *d)
{
    unsigned seen = 0;
    int kinds = 0;
    for (int i = 0; i < PIN_CODE_DIGITS; i++) {
        unsigned bit = 1u << (unsigned)(d[i] - '0');
        kinds += (seen & bit) ? 0 : 1;
        seen |= bit;
    }
    return kinds <= 2;
}

/* Rows and columns of the pad, there and back. */
static bool
pad_walk(const char *d)
{
    static const char *const walks[] = {"147258", "258369", "369258", "123654",
                                        "321456", "789456", "159357", "357159",
                                        "147369", "741852", "963852", "102938"};
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        if (strcmp(d, walks[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
year_in(const char *d)
{
    for (int i = 0; i + 4 <= PIN_CODE_DIGITS; i += 2) {
        int year = two(d + i) * 100 + two(d + i + 2);
        if (year >= YEAR_FIRST && year <= YEAR_LAST) {
            return true;
        }
    }
    return false;
}

const char *
pin_code_fault(const char *digits)
{
    if (!six_digits(digits)) {
        return N_("A PIN has six digits.");
    }
    if (even_steps(digits)) {
        return N_("Many would try this one first: it is a row of digits. "
                  "Choose another.");
    }
    if (repeats(digits, 2) || repeats(digits, 3) || mirrored(digits)
        || pairs(digits) || few_digits(digits)) {
        return N_("Many would try this one first: it repeats itself. Choose "
                  "another.");
    }
    if (date_like(digits) || year_in(digits)) {
        return N_("Many would try this one first: it looks like a day or a "
                  "year. Choose another.");
    }
    if (pad_walk(digits)) {
        return N_("Many would try this one first: it is a line on the keypad. "
                  "Choose another.");
    }
    return NULL;
}

static enum status
draw_verifier(const char *digits, const uint8_t salt[SEAL_SALT_BYTES],
              struct seal_hash *out)
{
    struct seal_lock_key key;
    enum status st = seal_lock_key_from_passphrase(digits, salt, &key);
    if (st >= 0) {
        seal_hash(key.bytes, sizeof(key.bytes), NULL, 0, out);
        buf_wipe(&key, sizeof(key));
    }
    return st;
}

enum status
pin_code_new(const char *digits, struct pin_code *out)
{
    random_bytes(out->salt, sizeof(out->salt));
    return draw_verifier(digits, out->salt, &out->verifier);
}

enum status
pin_code_check(const struct pin_code *code, const char *digits)
{
    struct seal_hash got;
    enum status st = draw_verifier(digits, code->salt, &got);
    if (st < 0) {
        return st;
    }
    return seal_equal(got.bytes, code->verifier.bytes, SEAL_HASH_BYTES)
               ? STATUS_OK
               : STATUS_E_AUTH;
}

static void
print_hex(const uint8_t *bytes, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%02x", bytes[i]);
    }
}

void
pin_code_print(const struct pin_code *code, struct buf *out)
{
    print_hex(code->salt, sizeof(code->salt), out);
    buf_puts(out, ":");
    print_hex(code->verifier.bytes, SEAL_HASH_BYTES, out);
}

/* `count` bytes of lower-case hexadecimal digits. */
static bool
read_hex(const char *text, uint8_t *out, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 2 * count; i++) {
        const char *at = text[i] ? strchr(digits, text[i]) : NULL;
        if (!at) {
            return false;
        }
        unsigned value = (unsigned)(at - digits);
        out[i / 2] = (uint8_t)(i % 2 == 0 ? value << 4u : out[i / 2] | value);
    }
    return true;
}

enum status
pin_code_read(const char *text, struct pin_code *out)
{
    const size_t salt_chars = 2 * sizeof(out->salt);
    if (strlen(text) != PIN_CODE_TEXT_CHARS
        || !read_hex(text, out->salt, sizeof(out->salt))
        || text[salt_chars] != ':'
        || !read_hex(text + salt_chars + 1, out->verifier.bytes,
                     SEAL_HASH_BYTES)) {
        return STATUS_E_INVALID;
    }
    return STATUS_OK;
}
