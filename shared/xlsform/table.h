#ifndef ANKETA_XLSFORM_TABLE_H
#define ANKETA_XLSFORM_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "xlsform/prop.h"
#include "xlsform/workbook.h"

/*
 * Table: a sheet whose header has been understood.
 *
 * Column names are the XLSForm ones and all their aliases; "label::Русский
 * (ru)" has the parts label and Русский (ru), "relevant" the parts bind and
 * relevant. Each row becomes a tree of cells (prop.h) by these parts.
 *
 * Ownership  The workbook's pool; a table is valid as long as the workbook.
 */
#define TABLE_PARTS_MAX 6

enum table_kind {
    TABLE_SURVEY,
    TABLE_CHOICES,
    TABLE_SETTINGS,
    TABLE_EXTERNAL_CHOICES,
    TABLE_ENTITIES,
    TABLE_OSM,
    TABLE_KIND_COUNT
};

struct table_column {
    const char *name; /* as written in the sheet; NULL for an empty header */
    const char *part[TABLE_PARTS_MAX];
    size_t part_count; /* 0: the column is ignored */
    bool unknown;      /* none of XLSForm's: data of the author's, or a slip */
};

struct table_row {
    int number; /* see workbook.h */
    int file_row;
    struct prop *cells;
    const struct workbook_row *raw;
    struct table_row *next;
};

struct table {
    enum table_kind kind;
    const char *file;
    const char *sheet; /* canonical name: "survey" */
    int column_base;
    struct table_column *column; /* as many as the header has cells */
    size_t column_count;
    struct table_row *first;
    struct table_row *last;
    struct table_row *rows; /* all of them, in order */
    size_t row_count;
};

/* Canonical name: "survey", "choices" ... */
const char *
table_name(enum table_kind kind);

/*
 * Read a sheet. Texts without a language count as those of `language` where
 * the same row has translations. `squeeze` makes one space of several.
 * Faults go to `d`; NULL only when the pool is exhausted.
 */
struct table *
table_read(struct workbook *wb, const struct workbook_sheet *sheet,
           enum table_kind kind, const char *language, bool squeeze,
           struct diag *d);

/* Whether some column starts with these parts (`second` may be NULL). */
bool
table_has(const struct table *t, const char *first, const char *second);

/* Where the cell of `row` in the column with these parts is (both may be NULL:
 * then the whole row; `row` may be NULL: then the header). */
struct diag_where
table_where(const struct table *t, const struct table_row *row,
            const char *first, const char *second);

/* Names a column may have, for "did you mean"; NULL-terminated. */
const char *const *
table_known_columns(enum table_kind kind);

#endif
