#include "base/utf8.h"

static bool
continues(unsigned char byte)
{
    return (byte & 0xC0U) == 0x80U;
}

/* Length a lead byte announces, and the smallest code point that needs it. */
static size_t
lead_length(unsigned char lead, uint32_t *out_bits, uint32_t *out_least)
{
    if (lead >= 0xC2U && lead <= 0xDFU) {
        *out_bits = lead & 0x1FU;
        *out_least = 0x80;
        return 2;
    }
    if (lead >= 0xE0U && lead <= 0xEFU) {
        *out_bits = lead & 0x0FU;
        *out_least = 0x800;
        return 3;
    }
    if (lead >= 0xF0U && lead <= 0xF4U) {
        *out_bits = lead & 0x07U;
        *out_least = 0x10000;
        return 4;
    }
    return 0;
}

/* 0 when the bytes are not valid UTF-8. */
static size_t
decode_strict(const unsigned char *s, size_t len, uint32_t *out_cp)
{
    if (s[0] < 0x80U) {
        *out_cp = s[0];
        return 1;
    }
    uint32_t cp = 0;
    uint32_t least = 0;
    size_t need = lead_length(s[0], &cp, &least);
    if (need == 0 || need > len) {
        return 0;
    }
    for (size_t i = 1; i < need; i++) {
        if (!continues(s[i])) {
            return 0;
        }
        cp = (cp << 6) | (s[i] & 0x3FU);
    }
    bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;
    if (cp < least || surrogate || cp > 0x10FFFF) {
        return 0;
    }
    *out_cp = cp;
    return need;
}

size_t
utf8_decode(const char *text, size_t len, uint32_t *out_cp)
{
    size_t took = decode_strict((const unsigned char *)text, len, out_cp);
    if (took == 0) {
        *out_cp = UTF8_REPLACEMENT;
        return 1;
    }
    return took;
}

size_t
utf8_encode(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0U | (cp >> 6));
        out[1] = (char)(0x80U | (cp & 0x3FU));
        return 2;
    }
    if (cp < 0x10000) {
        if (cp >= 0xD800 && cp <= 0xDFFF) {
            return 0;
        }
        out[0] = (char)(0xE0U | (cp >> 12));
        out[1] = (char)(0x80U | ((cp >> 6) & 0x3FU));
        out[2] = (char)(0x80U | (cp & 0x3FU));
        return 3;
    }
    if (cp > 0x10FFFF) {
        return 0;
    }
    out[0] = (char)(0xF0U | (cp >> 18));
    out[1] = (char)(0x80U | ((cp >> 12) & 0x3FU));
    out[2] = (char)(0x80U | ((cp >> 6) & 0x3FU));
    out[3] = (char)(0x80U | (cp & 0x3FU));
    return 4;
}

bool
utf8_valid(const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t at = 0;
    while (at < len) {
        uint32_t cp;
        size_t took = decode_strict(s + at, len - at, &cp);
        if (took == 0) {
            return false;
        }
        at += took;
    }
    return true;
}

size_t
utf8_count(const char *text, size_t len)
{
    size_t count = 0;
    size_t at = 0;
    while (at < len) {
        uint32_t cp;
        at += utf8_decode(text + at, len - at, &cp);
        count++;
    }
    return count;
}

uint32_t
utf8_fold(uint32_t cp)
{
    if (cp >= 'A' && cp <= 'Z') {
        return cp + 32;
    }
    if (cp >= 0xC0 && cp <= 0xDE && cp != 0xD7) {
        return cp + 32;
    }
    if (cp >= 0x410 && cp <= 0x42F) {
        return cp + 32;
    }
    if (cp >= 0x400 && cp <= 0x40F) {
        return cp + 80;
    }
    return cp;
}
