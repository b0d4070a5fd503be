#ifndef ANKETA_XLSFORM_XLSFORM_H
#define ANKETA_XLSFORM_XLSFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"

/*
 * Xlsform: a questionnaire written in a spreadsheet, compiled to an ODK XForm.
 *
 * The spreadsheet follows xlsform.org; the XForm is what pyxform 4.5 makes of
 * it. Own additions: settings columns that start with "anketa_" become
 * attributes of <model>, and the survey column anketa_indicator one of the
 * question's bind, both in the namespace FORM_NS_ANKETA (form/form.h).
 *
 * Sizes    WORKBOOK_FILE_MAX_BYTES in; limits in workbook.h.
 * Threads  Any number of compilations at a time, one thread each.
 * Errors   All that is wrong with the spreadsheet is told to the diag, with
 *          sheet, row and column; the status is then STATUS_E_INVALID (or
 *          _LIMIT, _NOMEM). Warnings alone leave it STATUS_OK.
 */
enum xlsform_format {
    XLSFORM_XLSX,
    XLSFORM_CSV,
    XLSFORM_MD,
    XLSFORM_JSON,
};

struct xlsform_options {
    const char *file; /* for messages; may be NULL */
    const char *name; /* of the root element; NULL: "data", which is also the
                         form id where the settings sheet has none */
    bool advise; /* also warn of questions nobody can reach, constraints nobody
                    can meet, and the like */
};

/* By the name's extension; STATUS_E_UNSUPPORTED if it has none of ours. */
MUST_CHECK enum status
xlsform_format_of(const char *file, enum xlsform_format *out);

struct workbook;

/* Fill `wb` (initialised by the caller) with the cells of a spreadsheet. */
MUST_CHECK enum status
xlsform_read(const void *data, size_t len, enum xlsform_format format,
             struct diag *d, struct workbook *wb);

/* Append the XForm to `out`. `options` and `d` may be NULL. */
MUST_CHECK enum status
xlsform_compile(const void *data, size_t len, enum xlsform_format format,
                const struct xlsform_options *options, struct diag *d,
                struct buf *out);

/*
 * Findings that the form engine made in a compiled form carry a path and a line
 * of the XForm; replace these by the sheet and row of the spreadsheet, in every
 * entry of `d` from index `first` on. What cannot be placed stays as it is.
 */
void
xlsform_place(const void *data, size_t len, enum xlsform_format format,
              const struct xlsform_options *options, struct diag *d,
              size_t first);

#endif
