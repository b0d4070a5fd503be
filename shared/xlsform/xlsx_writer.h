#ifndef ANKETA_XLSFORM_XLSX_WRITER_H
#define ANKETA_XLSFORM_XLSX_WRITER_H

#include "base/i18n.h"
#include "base/status.h"
#include "xlsform/workbook.h"

/*
 * Xlsx writer: a workbook as a formatted .xlsx to go on editing.
 *
 * Headers are frozen and coloured, groups shaded, columns as wide as their
 * texts; the type column offers the question types, and a last sheet explains
 * types and columns in the reader's language. Rows keep their numbers, so that
 * the form compiles to the same bytes.
 *
 * Errors  Told to `d` (a text too long for a cell) or logged (the file).
 */
MUST_CHECK enum status
xlsx_writer_save(const struct workbook *wb, enum i18n_lang lang,
                 const char *path, struct diag *d);

#endif
