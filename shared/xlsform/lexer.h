#ifndef ANKETA_XLSFORM_LEXER_H
#define ANKETA_XLSFORM_LEXER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Lexer: the tokens of an XLSForm expression, of a name, or of a text that may
 * hold references.
 *
 * It recognises the tokens of XPath 1.0 and the XLSForm reference ${name}; the
 * rules and their order are those of pyxform, because whether a default is
 * computed or literal hangs on them. Any text can be read: what fits nothing
 * is LEXER_OTHER.
 */
enum lexer_kind {
    LEXER_END,
    LEXER_LITERAL, /* date, time, number, quoted text */
    LEXER_MINUS,
    LEXER_MATH, /* * + mod div */
    LEXER_COMPARE,
    LEXER_BOOLEAN,
    LEXER_UNION,
    LEXER_OPEN,
    LEXER_CLOSE,
    LEXER_DOT,
    LEXER_SLASH,
    LEXER_QUOTED,
    LEXER_COMMA,
    LEXER_SPACE,
    LEXER_REFERENCE,       /* ${name}, ${last-saved#name} */
    LEXER_CALL,            /* name( */
    LEXER_PREDICATE_START, /* name[ */
    LEXER_PREDICATE_END,
    LEXER_NAME,
    LEXER_REFERENCE_START, /* ${ that is not a whole reference */
    LEXER_REFERENCE_END,   /* } */
    LEXER_OTHER,
};

struct lexer_token {
    enum lexer_kind kind;
    const char *text; /* into the source, not terminated */
    size_t len;
};

/* The token at `text`; LEXER_END at its end. */
struct lexer_token
lexer_next(const char *text);

/* Bytes of the NCName, with or without a prefix, at `text`; 0 if none. */
size_t
lexer_name(const char *text);

/* A valid XML element name (with an optional prefix) and nothing else. */
bool
lexer_is_name(const char *text);

/* A whole reference at `text`: its length, or 0. The name's place is given. */
size_t
lexer_reference(const char *text, const char **out_name, size_t *out_len,
                bool *out_last_saved);

/* Exactly one reference, blanks around it allowed. */
bool
lexer_is_reference(const char *text);

bool
lexer_has_reference(const char *text);

/* Whether a default is computed: it has a call, an operator or a reference.
 * A hyphen in a date or a place is none. */
bool
lexer_is_dynamic(const char *text, const char *type);

#endif
