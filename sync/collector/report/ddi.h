#ifndef ANKETA_REPORT_DDI_H
#define ANKETA_REPORT_DDI_H

#include "collector/report/dataset.h"

/*
 * DDI: the description of a data set as DDI-Codebook 2.5 XML, for archives and
 * for people who meet the file years later.
 *
 * Holds no answers: titles, variables with labels and categories in every
 * language (xml:lang), the number of cases, and notes on how the data were
 * collected and protected.
 */
struct ddi_study {
    const char *organisation;
    const char *period;     /* "2027-03" or "2027"; no finer, or NULL */
    const char *kiosk_mode; /* one sentence on how it was asked, or NULL */
    uint32_t invited;       /* 0: unknown */
    uint32_t k;             /* least answers behind a figure */
};

MUST_CHECK enum status
ddi_write(const struct dataset *d, const struct ddi_study *study,
          const struct dataset_sink *sink);

#endif
