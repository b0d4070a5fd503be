#ifndef ANKETA_BASE_UTF8_H
#define ANKETA_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing over U+10FFFF.
 */
#define UTF8_MAX_BYTES 4
#define UTF8_REPLACEMENT UINT32_C(0xFFFD)

/* Decode one code point of `len` > 0 bytes. Returns the bytes it takes; an
 * invalid byte counts as one and gives UTF8_REPLACEMENT. */
size_t
utf8_decode(const char *text, size_t len, uint32_t *out_cp);

/* Writes at most UTF8_MAX_BYTES, no NUL; 0 for a code point that is none. */
size_t
utf8_encode(uint32_t cp, char *out);

bool
utf8_valid(const char *text, size_t len);

/* Code points in `len` bytes; an invalid byte counts as one. */
size_t
utf8_count(const char *text, size_t len);

/* Lower case for ASCII, Latin-1 and Cyrillic; other code points unchanged.
 * Serves search and "did you mean", not typography. */
uint32_t
utf8_fold(uint32_t cp);

#endif
