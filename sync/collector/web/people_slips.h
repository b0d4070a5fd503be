#ifndef ANKETA_COLLECTOR_WEB_PEOPLE_SLIPS_H
#define ANKETA_COLLECTOR_WEB_PEOPLE_SLIPS_H

#include "base/i18n.h"
#include "collector/report/dataset.h"
#include "collector/store/store.h"

/*
 * People slips: personal codes, drawn for people and printed to be cut apart
 * and handed over.
 *
 * Threads  As the store passed in.
 */
#define PEOPLE_SLIPS_CODE_BYTES 7 /* six digits and the end */

/* Add a person under a code that nobody has or had; person->code does not count.
 * STATUS_E_LIMIT: STORE_PEOPLE_MAX. */
MUST_CHECK enum status
people_slips_add(struct store *w, const struct store_person *person,
                 int64_t *out_id);
/* Another code for her, if the first one was lost or seen. */
MUST_CHECK enum status
people_slips_renew(struct store *w, int64_t person);

/* The paper, as PDF, for `count` of them. */
MUST_CHECK enum status
people_slips_print(const struct store_person *const *people, size_t count,
                   enum i18n_lang lang, const struct dataset_sink *sink);

#endif
