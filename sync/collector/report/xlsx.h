#ifndef ANKETA_REPORT_XLSX_H
#define ANKETA_REPORT_XLSX_H

#include "collector/report/dataset.h"
#include "collector/report/report.h"

/*
 * XLSX: Excel workbooks, by libxlsxwriter.
 *
 * xlsx_report() writes the summary with native charts over its own tables, so
 * that the coordinator can restyle and copy them; xlsx_dataset() the raw rows
 * in constant memory. Texts are written as strings, never as formulas. Both
 * write the file `path` (the library wants one); on failure it is removed.
 */
MUST_CHECK enum status
xlsx_report(const struct report *r, const char *path);

/* Labels instead of names; choices as the texts of their values. At most
 * XLSX_ROWS_MAX rows (STATUS_E_LIMIT beyond). */
#define XLSX_ROWS_MAX 1048575

MUST_CHECK enum status
xlsx_dataset(const struct dataset *d, enum i18n_lang lang, const char *path);

#endif
