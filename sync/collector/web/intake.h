#ifndef ANKETA_COLLECTOR_WEB_INTAKE_H
#define ANKETA_COLLECTOR_WEB_INTAKE_H

#include <stdbool.h>

#include "collector/ingest/catalogue.h"
#include "collector/store/store_banks.h"

/*
 * Intake: named answers read into consents and banks.
 *
 * What an answer is, its questionnaire's form_id tells: `consent` is a consent to
 * stand in the bank of the person's role (in both if she has none);
 * `bank_mentees` and `bank_mentors` are entries there, by the names of their
 * questions (assets/surveys/); `withdrawal`, answered with yes, erases her. All
 * others are passed over. A later answer changes the entry that has not ended.
 *
 * Threads  As the store passed in.
 */
#define INTAKE_CONSENT "consent"
#define INTAKE_MENTEES "bank_mentees"
#define INTAKE_MENTORS "bank_mentors"
#define INTAKE_WITHDRAWAL "withdrawal"

/* Read what nobody has read yet, each answer in a transaction of its own.
 * *out_erased: somebody was erased, erasure_finish() must follow. */
MUST_CHECK enum status
intake_run(struct store *w, struct catalogue *catalogue, int64_t now_ms,
           bool *out_erased);

/* The text of a consent as its questionnaire words it: title, and each question
 * with its hint. Appends. */
MUST_CHECK enum status
intake_consent_text(const struct form *form, struct buf *out);

#endif
