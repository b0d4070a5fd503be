#ifndef ANKETA_XLSFORM_CSV_BOOK_H
#define ANKETA_XLSFORM_CSV_BOOK_H

#include "xlsform/workbook.h"

/*
 * Csv book: a whole XLSForm in one .csv (RFC 4180), as pyxform reads it.
 *
 * The first column names the sheet on a row of its own (the rest of that row
 * may be its header already); the row after it is the header, the rows below
 * leave the first column empty. The separator is a comma, or a semicolon where
 * the first row has semicolons only (what a Russian Excel writes). UTF-8, with
 * or without a byte order mark.
 *
 * Errors  Told to `d`; STATUS_E_INVALID, _LIMIT or _NOMEM.
 */
MUST_CHECK enum status
csv_book_read(struct workbook *wb, const char *data, size_t len,
              struct diag *d);

#endif
