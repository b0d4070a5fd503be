#include "wire/letters.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "seal/seal.h"

#define GROUPS 6
#define GROUP_LETTERS 4
#define CODE_LETTERS ((size_t)GROUPS * GROUP_LETTERS)
#define GROUP_BITS 14 /* 12^4 > 2^14 */
#define LETTERS 12
#define CHECK_BITS 12

_Static_assert(GROUPS *GROUP_BITS == LETTERS_DATA_BYTES * 8 + CHECK_BITS, "");

static const char latin[LETTERS + 1] = "ABCEHKMOPTXY";
/* The same shapes in Cyrillic, in the same order, in both cases. */
static const uint32_t cyrillic[LETTERS] = {0x410, 0x412, 0x421, 0x415,
                                           0x41D, 0x41A, 0x41C, 0x41E,
                                           0x420, 0x422, 0x425, 0x423};
#define CYRILLIC_LOWER_SHIFT 0x20

/* -1: not a letter of a code. */
static int
letter_value(uint32_t cp)
{
    for (int i = 0; i < LETTERS; i++) {
        uint32_t upper = (uint8_t)latin[i];
        if (cp == upper || cp == upper + 0x20 || cp == cyrillic[i]
            || cp == cyrillic[i] + CYRILLIC_LOWER_SHIFT) {
            return i;
        }
    }
    return -1;
}

/* Bits in order: data, checksum. */
struct code_bits {
    uint8_t byte[LETTERS_DATA_BYTES + 2];
};

static unsigned
bits_get(const struct code_bits *bits, size_t at)
{
    return (unsigned)bits->byte[at / 8] >> (7 - at % 8) & 1U;
}

static void
bits_set(struct code_bits *bits, size_t at, unsigned bit)
{
    bits->byte[at / 8] |= (uint8_t)(bit << (7 - at % 8));
}

static void
put_checksum(struct code_bits *bits, unsigned line)
{
    struct seal_hash hash;
    seal_hash(bits->byte, LETTERS_DATA_BYTES, NULL, 0, &hash);
    bits->byte[LETTERS_DATA_BYTES] = hash.bytes[0] ^ (uint8_t)line;
    bits->byte[LETTERS_DATA_BYTES + 1] = hash.bytes[1] & 0xf0;
}

void
letters_print(const uint8_t data[LETTERS_DATA_BYTES], unsigned line,
              char out[LETTERS_CHARS + 1])
{
    struct code_bits bits = {{0}};
    size_t at = 0;
    size_t len = 0;
    memcpy(bits.byte, data, LETTERS_DATA_BYTES);
    put_checksum(&bits, line);
    for (size_t group = 0; group < GROUPS; group++) {
        unsigned value = 0;
        for (size_t i = 0; i < GROUP_BITS; i++) {
            value = value << 1 | bits_get(&bits, at);
            at++;
        }
        if (group > 0) {
            out[len] = '-';
            len++;
        }
        for (size_t i = GROUP_LETTERS; i > 0; i--) {
            out[len + i - 1] = latin[value % LETTERS];
            value /= LETTERS;
        }
        len += GROUP_LETTERS;
    }
    out[len] = '\0';
    buf_wipe(&bits, sizeof(bits));
}

static bool
is_between(uint32_t cp)
{
    return cp == ' ' || cp == '-' || cp == '\t' || cp == '\r' || cp == '\n'
           || cp == 0xA0 || (cp >= 0x2010 && cp <= 0x2015);
}

/* The next letters as numbers, what stands between left out. */
static enum status
read_letters(const char **text, unsigned out[CODE_LETTERS])
{
    size_t count = 0;
    while (count < CODE_LETTERS && **text) {
        uint32_t cp = 0;
        *text += utf8_decode(*text, strlen(*text), &cp);
        if (is_between(cp)) {
            continue;
        }
        int value = letter_value(cp);
        if (value < 0) {
            return STATUS_E_INVALID;
        }
        out[count] = (unsigned)value;
        count++;
    }
    return count == CODE_LETTERS ? STATUS_OK : STATUS_E_INVALID;
}

enum status
letters_read(const char **text, unsigned line, uint8_t out[LETTERS_DATA_BYTES])
{
    unsigned letter[CODE_LETTERS] = {0};
    struct code_bits bits = {{0}};
    size_t at = 0;
    enum status st = read_letters(text, letter);
    for (size_t group = 0; st == STATUS_OK && group < GROUPS; group++) {
        unsigned value = 0;
        for (size_t i = 0; i < GROUP_LETTERS; i++) {
            value = value * LETTERS + letter[group * GROUP_LETTERS + i];
        }
        st = value >> GROUP_BITS ? STATUS_E_INVALID : STATUS_OK;
        for (size_t i = GROUP_BITS; st == STATUS_OK && i > 0; i--) {
            bits_set(&bits, at, value >> (i - 1) & 1U);
            at++;
        }
    }
    struct code_bits right = bits;
    put_checksum(&right, line);
    if (st == STATUS_OK
        && !seal_equal(bits.byte, right.byte, sizeof(bits.byte))) {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        memcpy(out, bits.byte, LETTERS_DATA_BYTES);
    }
    buf_wipe(letter, sizeof(letter));
    buf_wipe(&bits, sizeof(bits));
    buf_wipe(&right, sizeof(right));
    return st;
}

enum status
letters_end(const char *text)
{
    while (*text) {
        uint32_t cp = 0;
        text += utf8_decode(text, strlen(text), &cp);
        if (!is_between(cp)) {
            return STATUS_E_INVALID;
        }
    }
    return STATUS_OK;
}
