#include "base/markup.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* What to write for the character at `at`, NULL: itself. `*len` is what it
 * takes. */
static const char *
escape_of(const char *at, size_t left, unsigned how, size_t *len)
{
    *len = 1;
    switch (*at) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return how & MARKUP_QUOTE ? "&quot;" : NULL;
    case '\'':
        return how & MARKUP_APOSTROPHE ? "&#39;" : NULL;
    case '\r':
        return how & MARKUP_RETURN ? "&#13;" : NULL;
    case '\n':
        return how & MARKUP_BREAKS ? "&#10;" : NULL;
    case '\t':
        return how & MARKUP_BREAKS ? "&#9;" : NULL;
    case '\xEF':
        /* U+FFFE and U+FFFF; the surrogates are no UTF-8. */
        if (left >= 3 && at[1] == '\xBF' && (at[2] & ~1) == (char)0xBE) {
            *len = 3;
            return REPLACEMENT;
        }
        return NULL;
    default:
        return (unsigned char)*at < 0x20 ? REPLACEMENT : NULL;
    }
}

void
markup_put(struct buf *out, const char *text, size_t len, unsigned how)
{
    size_t plain = 0; /* start of what needs no escape */
    for (size_t i = 0; i < len;) {
        size_t taken = 1;
        const char *escape = escape_of(text + i, len - i, how, &taken);
        if (escape) {
            buf_put(out, text + plain, i - plain);
            buf_puts(out, escape);
            plain = i + taken;
        }
        i += taken;
    }
    buf_put(out, text + plain, len - plain);
}
