#ifndef ANKETA_REPORT_RECOVERY_SHEET_H
#define ANKETA_REPORT_RECOVERY_SHEET_H

#include <stddef.h>

#include "base/i18n.h"
#include "collector/report/dataset.h"

/*
 * Recovery sheet: one page of A4 with the letters that open a backup, the same
 * as a QR code, and what to do with it.
 *
 * Threads  Any. Nothing of it is written anywhere but to the sink.
 */
struct recovery_sheet {
    enum i18n_lang lang;
    const char *house;
    const char *name;        /* of the sheet: "ABCE-HKMO" */
    const char *date;        /* when it was made, to be read by people */
    const char *const *line; /* of letters, to be typed in this order */
    size_t line_count;
};

/* STATUS_E_LIMIT: more lines than a QR code holds. */
MUST_CHECK enum status
recovery_sheet_write(const struct recovery_sheet *sheet,
                     const struct dataset_sink *sink);

#endif
