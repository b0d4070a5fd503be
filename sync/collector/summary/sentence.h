#ifndef ANKETA_SUMMARY_SENTENCE_H
#define ANKETA_SUMMARY_SENTENCE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "collector/summary/alpha.h"
#include "collector/summary/compare.h"
#include "collector/summary/describe.h"
#include "collector/summary/indicator.h"
#include "collector/summary/proportion.h"
#include "collector/summary/suppress.h"

/*
 * Sentence: figures in plain words, saying only what they bear.
 *
 * Each call appends one or two sentences of plain text (escape them for HTML)
 * to `out`, in the reader's language, without a space before or after. A share
 * of few answers comes with the range the true one may lie in; a difference is
 * called real only where chance is an unlikely explanation; nothing is called
 * good or bad. Errors stay in `out`.
 */

/* A number with `decimals` (0 to 3) digits after the comma (ru) or point (en), thousands
 * apart, a real minus sign. */
void
sentence_number(struct buf *out, enum i18n_lang lang, double value,
                int decimals);

/* "20 of the 23 invited answered (87 %)." */
void
sentence_response(struct buf *out, enum i18n_lang lang, uint64_t answered,
                  uint64_t invited);

/* "15 of 20 are satisfied (7 or more of 10). ... between 53 and 89 %."
 * `everyone`: all who were invited answered, so there is no wider truth. */
void
sentence_satisfied(struct buf *out, enum i18n_lang lang,
                   const struct proportion *p, double cut, double top,
                   bool everyone);

/* "Half of the answers lie between 6 and 9, the middle one is 8." */
void
sentence_typical(struct buf *out, enum i18n_lang lang,
                 const struct describe *d);

/* "The most frequent answer is “Every week”: 9 of 20 (45 %)." With `others`
 * equally frequent answers it says that several share the lead. */
void
sentence_most_frequent(struct buf *out, enum i18n_lang lang, const char *label,
                       const struct proportion *p, bool shared);

/* Net promoter score with its interval. */
void
sentence_nps(struct buf *out, enum i18n_lang lang,
             const struct proportion_nps *nps);

/* What changed from the mean `before` to `after`, and whether chance explains
 * it; `p` is the adjusted p value (NAN: not tested). */
void
sentence_change(struct buf *out, enum i18n_lang lang, const struct compare *c,
                double before, double after, double p);

/* Reliability of a scale. */
void
sentence_alpha(struct buf *out, enum i18n_lang lang, const struct alpha *a);

/* An indicator with its cut, its figure and the target of the year. */
void
sentence_indicator(struct buf *out, enum i18n_lang lang,
                   const struct indicator *i);

/* Why nothing is shown; nothing for SUPPRESS_SHOWN. */
void
sentence_hidden(struct buf *out, enum i18n_lang lang, enum suppress_state state,
                uint32_t k);

/* The band that stands for unanimity and its neighbour. */
void
sentence_unanimous(struct buf *out, enum i18n_lang lang, uint64_t n);

/* "n = 20 · no answer 2 · hard to say 1" */
void
sentence_base(struct buf *out, enum i18n_lang lang, const struct tally *t);

/* Name of an indicator, as a heading. */
const char *
sentence_indicator_name(enum i18n_lang lang, enum indicator_kind kind);

/* "negligible", "small", "medium", "large" (effect, in the middle of a
 * sentence). */
const char *
sentence_effect_size(enum i18n_lang lang, enum compare_size size);

#endif
