#ifndef ANKETA_BASE_MARKUP_H
#define ANKETA_BASE_MARKUP_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Markup: any text inside XML, HTML or SVG.
 *
 * "&", "<" and ">" are always escaped; a character that XML 1.0 cannot hold
 * (section 2.2) becomes U+FFFD. The rest is said by flags.
 *
 * Threads  Pure, from any thread.
 */
enum markup {
    MARKUP_TEXT = 0,       /* content: quotation marks stay */
    MARKUP_QUOTE = 1,      /* also ": for attributes in double quotes */
    MARKUP_APOSTROPHE = 2, /* also ' */
    MARKUP_RETURN = 4,     /* CR as a reference: parsers turn it into LF */
    MARKUP_BREAKS = 8,     /* LF and TAB too: in attributes they turn blank */
};

/* Append; `how` is one or several of enum markup. */
void
markup_put(struct buf *out, const char *text, size_t len, unsigned how);

#endif
