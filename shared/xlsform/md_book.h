#ifndef ANKETA_XLSFORM_MD_BOOK_H
#define ANKETA_XLSFORM_MD_BOOK_H

#include "xlsform/workbook.h"

/*
 * Md book: a whole XLSForm as Markdown tables, as people write them in letters
 * and forum posts.
 *
 * Every line between two bars is a row; its first cell names a sheet, the row
 * after is the header. Other lines, and rulers such as |---|, do not count.
 * `\|` stands for a bar.
 *
 * Errors  Told to `d`; STATUS_E_INVALID, _LIMIT or _NOMEM.
 */
MUST_CHECK enum status
md_book_read(struct workbook *wb, const char *data, size_t len, struct diag *d);

#endif
