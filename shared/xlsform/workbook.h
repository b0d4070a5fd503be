#ifndef ANKETA_XLSFORM_WORKBOOK_H
#define ANKETA_XLSFORM_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"
#include "xlsform/pool.h"

/*
 * Workbook: a spreadsheet as texts in cells, whatever file it came from.
 *
 * A reader (csv_book.h, md_book.h, json_book.h, xlsx_book.h) fills it; the
 * compiler reads it. The first row of a sheet is its header. A cell that is
 * empty or blank is NULL; other texts are trimmed.
 *
 * Sizes      A form of 1,000 questions and 10,000 choices is ordinary.
 * Ownership  Everything lives in the workbook's pool.
 * Threads    One at a time.
 */
#define WORKBOOK_FILE_MAX_BYTES ((size_t)32 * 1024 * 1024)
#define WORKBOOK_POOL_MAX_BYTES ((size_t)512 * 1024 * 1024)
#define WORKBOOK_SHEETS_MAX 64
#define WORKBOOK_ROWS_MAX 200000
#define WORKBOOK_COLUMNS_MAX 512
#define WORKBOOK_CELL_MAX_BYTES ((size_t)64 * 1024)

struct workbook_row {
    int number;   /* in its sheet, the header being 1: what ODK tools report */
    int file_row; /* as a spreadsheet program shows it */
    const char **cell; /* `count` texts, NULL where empty */
    size_t count;
    struct workbook_row *next;
};

/* A row on its way into a sheet. */
struct workbook_cells {
    const char **cell;
    size_t count;
    int number; /* 0: the one after the last */
    int file_row;
};

struct workbook_sheet {
    const char *name;            /* as written in the file */
    struct workbook_row *header; /* NULL while the sheet is empty */
    struct workbook_row *first;
    struct workbook_row *last;
    int row_count; /* without the header */
    struct workbook_sheet *next;
};

struct workbook {
    struct pool pool;
    const char *file; /* name for messages */
    int column_base;  /* spreadsheet column of cell[0]: 1, or 2 in a csv */
    struct workbook_sheet *first;
    struct workbook_sheet *last;
    int sheet_count;
    bool only_sheet_is_survey; /* whatever its name, as in .xlsx */
    bool cut;                  /* a limit was reached and told to the diag */
};

void
workbook_init(struct workbook *wb, const char *file);
void
workbook_deinit(struct workbook *wb);

/* By exact name; NULL if there is none. */
struct workbook_sheet *
workbook_find(const struct workbook *wb, const char *name);

/* NULL beyond WORKBOOK_SHEETS_MAX (told to `d`) or out of memory. */
struct workbook_sheet *
workbook_add_sheet(struct workbook *wb, const char *name, size_t len,
                   struct diag *d);

/*
 * Append a row; the first of a sheet becomes its header. The array is copied,
 * its texts are not: they must live in the pool. A row whose cells are all
 * empty counts but is not kept.
 */
void
workbook_add_row(struct workbook *wb, struct workbook_sheet *sheet,
                 const struct workbook_cells *cells, struct diag *d);

/* Text of a cell: trimmed, in the pool; NULL if nothing is left. Too long a
 * text is told to the diag and cut. */
const char *
workbook_text(struct workbook *wb, const char *text, size_t len,
              struct diag *d);

#endif
