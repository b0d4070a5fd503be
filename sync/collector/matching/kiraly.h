#ifndef ANKETA_MATCHING_KIRALY_H
#define ANKETA_MATCHING_KIRALY_H

#include "base/status.h"
#include "collector/matching/hrt.h"
#include "collector/matching/lottery.h"

/*
 * Kiraly: a weakly stable matching of at least two thirds of the largest size.
 *
 * The linear-time algorithm of Z. Kiraly (Algorithms 6, 2013; the bound was
 * first reached by McDermid 2009), with places instead of single women. It is
 * deferred acceptance with three additions: inside a tie a mentee goes to a
 * mentor with a free place first; a mentee whom everybody refused goes through
 * the list once more, now preferred among equals; a full mentor lets go, for
 * whomever comes, a mentee who has an equally good mentor with a free place.
 *
 * `draw` shuffles ties, and who begins; NULL leaves the order of the lottery.
 */
MUST_CHECK enum status
kiraly_run(const struct hrt *h, struct lottery_draw *draw, uint32_t *out_match);

#endif
