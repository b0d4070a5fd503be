#ifndef ANKETA_MATCHING_DEFERRED_H
#define ANKETA_MATCHING_DEFERRED_H

#include "base/status.h"
#include "collector/matching/hrt.h"

/*
 * Deferred acceptance (Gale, Shapley 1962).
 *
 * Ties are read in the order of the lottery, which makes every list strict.
 * The result is stable, and with strict lists it is the best stable partner
 * for everybody on the proposing side at once, whoever proposes first; mentees
 * cannot gain by not telling the truth when they propose (Roth 1982).
 *
 * `out_match` has one entry a mentee. Linear in the pairs.
 */
MUST_CHECK enum status
deferred_by_mentees(const struct hrt *h, uint32_t *out_match);

MUST_CHECK enum status
deferred_by_mentors(const struct hrt *h, uint32_t *out_match);

#endif
