#ifndef ANKETA_REPORT_CSV_H
#define ANKETA_REPORT_CSV_H

#include <stdbool.h>

#include "collector/report/dataset.h"

/*
 * CSV: RFC 4180, for spreadsheets and for programs.
 *
 * CRLF ends a record; a field is quoted only if it has to be. A text that a
 * spreadsheet would run as a formula (it begins with = + - @, a tab or a
 * carriage return, also after spaces) gets an apostrophe in front.
 *
 * Memory   One buffer of CSV_BUFFER_BYTES, whatever the number of rows.
 */
#define CSV_BUFFER_BYTES 65536

struct csv_options {
    enum i18n_lang lang;
    /* For Excel on a Russian PC: byte order mark, semicolons, comma as the
     * decimal sign. */
    bool excel;
    bool labels; /* labels of columns and values instead of names */
};

MUST_CHECK enum status
csv_write(const struct dataset *d, const struct csv_options *options,
          const struct dataset_sink *sink);

#endif
