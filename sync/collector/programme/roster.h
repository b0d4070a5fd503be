#ifndef ANKETA_PROGRAMME_ROSTER_H
#define ANKETA_PROGRAMME_ROSTER_H

#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"

/*
 * Roster: a list of people out of a spreadsheet, as somebody pasted or saved it.
 *
 * Text is cut at tabs, semicolons or commas, whichever its first line has, in
 * this order, with quotes as in RFC 4180: what a spreadsheet puts into the
 * clipboard, and a .csv. The first row may name the columns (name, role,
 * category of staff, contact; in Russian or English, in any order, others are
 * passed over); without such a row they come in that order. A row without a name
 * whose other cells are empty is passed over.
 *
 * Errors   All faults are told to `d` with row and column, as a spreadsheet
 *          shows them; a row that has one is left out and the rest is read.
 *          STATUS_E_INVALID: not a single row could be read, or the file is
 *          none; STATUS_E_LIMIT, told too: ROSTER_PEOPLE_MAX.
 * Threads  Pure.
 */
#define ROSTER_PEOPLE_MAX 10000
#define ROSTER_FILE_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define ROSTER_ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define ROSTER_NAME_MAX_BYTES 200
#define ROSTER_TEXT_MAX_BYTES 400

struct roster_person {
    const char *name;
    const char *role;     /* "mentor", "mentee" or "" */
    const char *category; /* "" if not said, as the next one */
    const char *contact;
    int row; /* in the spreadsheet */
};

struct roster {
    struct arena arena; /* owns all texts */
    struct roster_person *person;
    size_t count;
};

MUST_CHECK enum status
roster_read_text(const char *text, size_t len, struct diag *d,
                 struct roster *out);
/* The first sheet of an .xlsx. */
MUST_CHECK enum status
roster_read_xlsx(const void *data, size_t len, struct diag *d,
                 struct roster *out);
/* After a failure, too. */
void
roster_clear(struct roster *r);

/* "B7", as a spreadsheet names a cell; a column below 1: "7". */
#define ROSTER_CELL_CHARS 20
void
roster_cell_name(int column, int row, char out[ROSTER_CELL_CHARS]);

/* The same text but for capitals and blanks at the ends. */
int
roster_compare(const char *a, const char *b);

#endif
