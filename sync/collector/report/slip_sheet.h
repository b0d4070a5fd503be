#ifndef ANKETA_REPORT_SLIP_SHEET_H
#define ANKETA_REPORT_SLIP_SHEET_H

#include <stddef.h>

#include "base/i18n.h"
#include "collector/report/dataset.h"

/*
 * Slip sheet: slips of paper to cut apart, 24 on a page of A4, alike but for
 * the code, or with the name of whose code it is. There is no number on them and
 * none on the page.
 *
 * Threads  Any. Nothing of it is written anywhere but to the sink.
 */
#define SLIP_SHEET_CODE_BYTES 9 /* eight digits and the end */

struct slip_sheet {
    enum i18n_lang lang;
    const char *title; /* of the questionnaire */
    const char (*code)[SLIP_SHEET_CODE_BYTES];
    size_t count;
    /* Personal codes: whose, one for each; NULL: codes of nobody. */
    const char *const *name;
};

MUST_CHECK enum status
slip_sheet_write(const struct slip_sheet *sheet,
                 const struct dataset_sink *sink);

#endif
