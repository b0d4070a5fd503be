#ifndef ANKETA_REPORT_SAV_H
#define ANKETA_REPORT_SAV_H

#include "collector/report/dataset.h"

/*
 * SAV: SPSS system file, by libreadstat.
 *
 * The format holds one label for a variable or value, so both languages stand
 * in it, "Русский | English", the reader's first; where both do not fit the
 * format's limit only the first stays. Names that SPSS would refuse are
 * adapted and kept different. Choices are numbers with value labels, scales
 * ordinal, missing answers system-missing.
 *
 * Memory   One row.
 */
#define SAV_LABEL_MAX_BYTES 256
#define SAV_VALUE_LABEL_MAX_BYTES 120

/* d->rows must be the number of rows that d->next delivers; another number is
 * STATUS_E_INVALID, and what was written is no valid file. */
MUST_CHECK enum status
sav_write(const struct dataset *d, enum i18n_lang lang,
          const struct dataset_sink *sink);

#endif
