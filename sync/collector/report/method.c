#include "collector/report/method.h"

#include <math.h>

#include "collector/summary/sentence.h"

/* The notes that are the same in every report; those from FIRST_OF_WAVES to
 * LAST_OF_WAVES are about two waves. */
#define FIRST_OF_WAVES 3
#define LAST_OF_WAVES 4
static const struct method_note fixed[] = {
    {N_("Shares"),
     N_("A share comes with the 95 % interval of Wilson. p is the share, n the"
        " number of answers, z = 1.96. With few answers the interval is wide:"
        " that is no fault, it says how little a few answers tell."),
     "(p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)"},
    {N_("Means and medians"),
     N_("The mean comes with Student’s 95 % interval; s is the standard"
        " deviation with n − 1. Median and quartiles are interpolated between"
        " the sorted answers (type 7)."),
     "x̄ ± t(0.975; n − 1)·s/√n"},
    {N_("Recommendation (0 to 10 only)"),
     N_("Net promoter score: share of 9 and 10 minus share of 0 to 6. Interval"
        " by the adjusted Wald method (three answers added: 3/4, 3/2, 3/4)."),
     "NPS = 100·(P − D)"},
    {N_("Comparison of waves, people unknown"),
     N_("Difference of means with Welch’s interval; Cliff’s delta δ says how"
        " much more often an answer of the second wave is higher than one of"
        " the first than the other way round (0.147 small, 0.33 medium, 0.474"
        " large). p is exact by Mann and Whitney, ties included; over several"
        " questions it is adjusted by Holm."),
     "δ = (#(y > x) − #(y < x)) / (m·n)"},
    {N_("Comparison of waves, the same people"),
     N_("Where a kept slip code links two answers: mean difference with"
        " Student’s interval, matched rank-biserial correlation r, exact"
        " signed-rank p of Wilcoxon with zeros by Pratt. T₊ and T₋ are the rank"
        " sums of the positive and the negative differences."),
     "r = (T₊ − T₋) / (T₊ + T₋)"},
    {N_("Scales"),
     N_("A scale is the mean of its items. Its reliability is Cronbach’s alpha"
        " with Feldt’s interval, shown from 30 complete answers on; k is the"
        " number of items."),
     "α = k/(k − 1)·(1 − Σ s²ᵢ / s²)"},
    {N_("Orders of preference"),
     N_("Borda points: an option at place r of k earns k − r. The Condorcet"
        " winner beats every other option in a duel; where there is none, the"
        " order follows Schulze’s beat paths."),
     NULL},
};
#define FIXED (sizeof(fixed) / sizeof(fixed[0]))

static void
put_answers(struct buf *out, const struct report *r)
{
    sentence_response(out, r->lang, r->method.answered, r->method.invited);
    if (!isnan(r->method.cut)) {
        buf_putc(out, ' ');
        buf_printf(out,
                   i18n_text(r->lang, "“Satisfied” means %g or more of %g;"
                                      " this cut is a setting of the"
                                      " programme, no standard."),
                   r->method.cut, r->method.top);
    }
    buf_putc(out, ' ');
    buf_puts(out, i18n_text(r->lang, "People who did not answer a question or"
                                     " found it hard to say are counted apart"
                                     " and enter no share and no mean."));
}

static void
put_protection(struct buf *out, const struct report *r)
{
    buf_printf(out,
               i18n_text(r->lang,
                         "No figure stands on fewer than %u answers, no"
                         " verbatim texts and no rows of answers on fewer than"
                         " %u; these thresholds were fixed before the wave"
                         " opened. Where all or all but one answered alike,"
                         " only that is said."),
               r->method.k, r->method.comments);
    buf_putc(out, ' ');
    buf_puts(out,
             i18n_text(r->lang,
                       "Which groups are shown was chosen once for all"
                       " questions: each of them, and whatever adding and"
                       " subtracting them leaves over, has as many people;"
                       " smaller ones are put together. A question is shown by"
                       " group only if everybody was asked, if every group"
                       " gave answers enough that differ, and if no"
                       " combination of the tables tells about a smaller"
                       " group. Files of answers leave out the same and what"
                       " may point at a person. Answers that come after the"
                       " first look wait until they are as many, question by"
                       " question."));
}

size_t
method_notes(const struct report *r, struct buf *store,
             struct method_note out[METHOD_NOTES_MAX])
{
    size_t answers_at = store->len;
    put_answers(store, r);
    buf_putc(store, '\0');
    size_t protection_at = store->len;
    put_protection(store, r);
    buf_putc(store, '\0');
    if (buf_status(store) != STATUS_OK) {
        return 0;
    }
    /* Taken only now: the buffer may have moved while it grew. */
    out[0] = (struct method_note){i18n_text(r->lang, "Who answered"),
                                  store->data + answers_at, NULL};
    out[1] = (struct method_note){i18n_text(r->lang, "Protection of people"),
                                  store->data + protection_at, NULL};
    size_t count = 2;
    for (size_t i = 0; i < FIXED; i++) {
        if (i >= FIRST_OF_WAVES && i <= LAST_OF_WAVES && !r->method.waves) {
            continue;
        }
        out[count++] = (struct method_note){
            i18n_text(r->lang, fixed[i].heading),
            i18n_text(r->lang, fixed[i].text), fixed[i].formula};
    }
    return count;
}
