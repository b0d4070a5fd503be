#ifndef ANKETA_XLSFORM_XLSX_BOOK_H
#define ANKETA_XLSFORM_XLSX_BOOK_H

#include "xlsform/workbook.h"

/*
 * Xlsx book: the cells of an .xlsx workbook (ECMA-376, SpreadsheetML).
 *
 * Reads shared and inline strings, numbers, booleans and results of formulas;
 * dates become ISO 8601. Formats, hidden rows and merged cells do not count.
 *
 * Sizes   A part of the archive may unpack to XLSX_BOOK_PART_MAX_BYTES, all of
 *         them together to XLSX_BOOK_ALL_MAX_BYTES: a small file that unpacks
 *         to a huge one is refused.
 * Errors  Told to `d`; STATUS_E_INVALID, _LIMIT or _NOMEM.
 */
#define XLSX_BOOK_PART_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define XLSX_BOOK_ALL_MAX_BYTES ((size_t)128 * 1024 * 1024)

MUST_CHECK enum status
xlsx_book_read(struct workbook *wb, const void *data, size_t len,
               struct diag *d);

#endif
