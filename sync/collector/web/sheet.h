#ifndef ANKETA_COLLECTOR_WEB_SHEET_H
#define ANKETA_COLLECTOR_WEB_SHEET_H

#include <stdint.h>

#include "base/i18n.h"
#include "base/status.h"
#include "collector/report/dataset.h"
#include "collector/store/store.h"
#include "seal/seal.h"

/*
 * Sheet: the recovery sheet of this house, as PDF. The pair is new; its secret
 * half goes onto the paper and nowhere else.
 */
MUST_CHECK enum status
sheet_print(struct store *s, const struct seal_pair *pair, enum i18n_lang lang,
            int64_t now_ms, const struct dataset_sink *sink);

#endif
