#ifndef ANKETA_XLSFORM_JSON_BOOK_H
#define ANKETA_XLSFORM_JSON_BOOK_H

#include "xlsform/workbook.h"

/*
 * Json book: a workbook as {"sheet": [{"column": "text", ...}, ...], ...}, the
 * form in which programs hand an XLSForm to pyxform.
 *
 * Columns come in the order in which rows first name them. Numbers and
 * booleans count as their texts.
 *
 * Errors  Told to `d`; STATUS_E_INVALID, _LIMIT or _NOMEM.
 */
MUST_CHECK enum status
json_book_read(struct workbook *wb, const char *data, size_t len,
               struct diag *d);

#endif
