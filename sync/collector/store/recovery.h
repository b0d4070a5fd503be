#ifndef ANKETA_COLLECTOR_STORE_RECOVERY_H
#define ANKETA_COLLECTOR_STORE_RECOVERY_H

#include "base/status.h"
#include "seal/seal.h"
#include "wire/letters.h"

/*
 * Recovery: the secret half of a key pair as four lines of letters on paper.
 * The collector keeps the public half alone, so that whoever steals it cannot
 * open its backups, and it needs no secret to make one.
 *
 * Threads  Pure functions, from any thread.
 */
#define RECOVERY_LINES 4
#define RECOVERY_NAME_CHARS 9 /* "ABCE-HKMO" */

struct recovery_text {
    char line[RECOVERY_LINES][LETTERS_CHARS + 1]; /* wipe with buf_wipe() */
};

void
recovery_print(const struct seal_pair *pair, struct recovery_text *out);

/*
 * From four lines, typed or scanned, one after another. STATUS_E_INVALID: a
 * typing error in line *out_line (from 1), or, if that is 0, lines of different
 * sheets.
 */
MUST_CHECK enum status
recovery_parse(const char *text, struct seal_pair *out, unsigned *out_line);
/* One line alone, as it is typed. */
MUST_CHECK enum status
recovery_check_line(const char *text, unsigned line);

/* What a sheet is called, on the sheet and where it is asked for. */
void
recovery_name(const struct seal_public *key, char out[RECOVERY_NAME_CHARS + 1]);

#endif
