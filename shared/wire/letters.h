#ifndef ANKETA_WIRE_LETTERS_H
#define ANKETA_WIRE_LETTERS_H

#include <stdint.h>

#include "base/status.h"

/*
 * Letters: nine bytes as six groups of four letters that a person types.
 *
 * Only letters that look the same in Latin and Cyrillic occur (A B C E H K M O
 * P T X Y), so the keyboard layout does not matter. 72 bits and 12 of checksum;
 * the number of the line goes into the latter, so that lines of a longer secret
 * cannot change places.
 *
 * Threads  Pure functions, from any thread.
 */
#define LETTERS_DATA_BYTES 9
/* "ABCE-HKMO-PTXY-ABCE-HKMO-PTXY" */
#define LETTERS_CHARS 29
#define LETTERS_LINES_MAX 15

void
letters_print(const uint8_t data[LETTERS_DATA_BYTES], unsigned line,
              char out[LETTERS_CHARS + 1]);

/* Read 24 letters from *text on and move it behind them: Latin or Cyrillic, any
 * case, blanks, line breaks and dashes anywhere. STATUS_E_INVALID: a typing
 * error; *text stands behind what was read. */
MUST_CHECK enum status
letters_read(const char **text, unsigned line, uint8_t out[LETTERS_DATA_BYTES]);

/* Are there but blanks and dashes left? */
MUST_CHECK enum status
letters_end(const char *text);

#endif
