#include "collector/summary/sentence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MAX_BYTES 96
#define NUMBER_LARGEST 1e15
#define NO_BREAK "\xC2\xA0"
#define PERCENT NO_BREAK "%"
#define NARROW "\xE2\x80\xAF" /* narrow no-break space */
#define MINUS "\xE2\x88\x92"
#define WIDE_SHARE 0.15 /* an interval wider than this is mentioned as such */
#define CHANCE 0.05

struct number {
    char text[NUMBER_MAX_BYTES];
};

static struct number
number(enum i18n_lang lang, double value, int decimals)
{
    struct number out = {"–"};
    if (!isfinite(value)) {
        return out;
    }
    char plain[NUMBER_MAX_BYTES / 3];
    int len = snprintf(plain, sizeof(plain),
                       decimals > 2   ? "%.3f"
                       : decimals > 1 ? "%.2f"
                       : decimals > 0 ? "%.1f"
                                      : "%.0f",
                       fmin(fabs(value), NUMBER_LARGEST));
    if (len < 0 || (size_t)len >= sizeof(plain)) {
        return out;
    }
    const char *zero = "0.";
    bool is_zero = strspn(plain, zero) == (size_t)len;
    size_t whole = strcspn(plain, ".");
    size_t at = 0;
    if (value < 0.0 && !is_zero) {
        memcpy(out.text, MINUS, strlen(MINUS));
        at = strlen(MINUS);
    }
    for (size_t i = 0; plain[i] != '\0'; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && whole > 4) {
            memcpy(out.text + at, NARROW, strlen(NARROW));
            at += strlen(NARROW);
        }
        out.text[at] = plain[i];
        if (plain[i] == '.' && lang == I18N_RU) {
            out.text[at] = ',';
        }
        at++;
    }
    out.text[at] = '\0';
    return out;
}

static struct number
whole(enum i18n_lang lang, uint64_t value)
{
    return number(lang, (double)value, 0);
}

/* Whole per cent without the sign. */
static struct number
percent_number(enum i18n_lang lang, double share)
{
    return number(lang, 100.0 * share, 0);
}

/* The same with the sign, kept together. */
static struct number
percent(enum i18n_lang lang, double share)
{
    struct number n = percent_number(lang, share);
    size_t len = strlen(n.text);
    if (len + sizeof(PERCENT) <= sizeof(n.text)) {
        memcpy(n.text + len, PERCENT, sizeof(PERCENT));
    }
    return n;
}

/* One decimal, but none for a whole number. */
static struct number
short_number(enum i18n_lang lang, double value)
{
    double tenths = round(value * 10.0) / 10.0;
    return number(lang, tenths, fabs(tenths - round(tenths)) < 0.05 ? 0 : 1);
}

void
sentence_number(struct buf *out, enum i18n_lang lang, double value,
                int decimals)
{
    buf_puts(out, number(lang, value, decimals).text);
}

void
sentence_response(struct buf *out, enum i18n_lang lang, uint64_t answered,
                  uint64_t invited)
{
    struct number a = whole(lang, answered);
    if (invited == 0) {
        buf_printf(out,
                   i18n_plural(lang, "%s person answered.",
                               "%s people answered.", answered),
                   a.text);
        return;
    }
    struct number b = whole(lang, invited);
    if (answered > invited) {
        buf_printf(out,
                   i18n_plural(lang,
                               "%s person answered, though %s were invited:"
                               " check the number of invitations.",
                               "%s people answered, though %s were invited:"
                               " check the number of invitations.",
                               answered),
                   a.text, b.text);
        return;
    }
    struct number share = percent(lang, (double)answered / (double)invited);
    if (answered == invited) {
        buf_printf(out, i18n_text(lang, "All who were invited answered: %s."),
                   b.text);
        return;
    }
    buf_printf(out,
               i18n_plural(lang,
                           "%s of %s invited people answered"
                           " (%s).",
                           "%s of %s invited people answered"
                           " (%s).",
                           answered),
               a.text, b.text, share.text);
}

/* The range of the true share, where the figure alone would mislead. */
static void
put_share_range(struct buf *out, enum i18n_lang lang,
                const struct proportion *p, bool everyone)
{
    double width = p->interval.high - p->interval.low;
    if (everyone || !(width > 0.0)) {
        return;
    }
    struct number low = percent_number(lang, p->interval.low);
    struct number high = percent(lang, p->interval.high);
    if (strcmp(low.text, percent_number(lang, p->interval.high).text) == 0) {
        return; /* the figure itself says it all */
    }
    buf_putc(out, ' ');
    if (width > WIDE_SHARE) {
        buf_printf(out,
                   i18n_text(lang,
                             "There are few answers: the true share may lie"
                             " between %s and %s."),
                   low.text, high.text);
    } else {
        buf_printf(out,
                   i18n_text(lang, "The true share lies most likely between"
                                   " %s and %s."),
                   low.text, high.text);
    }
}

void
sentence_satisfied(struct buf *out, enum i18n_lang lang,
                   const struct proportion *p, double cut, double top,
                   bool everyone)
{
    if (p->n == 0) {
        buf_puts(out, i18n_text(lang, "Nobody answered."));
        return;
    }
    struct number hits = whole(lang, p->hits);
    struct number n = whole(lang, p->n);
    struct number from = short_number(lang, cut);
    struct number to = short_number(lang, top);
    if (p->hits == 0) {
        buf_printf(out,
                   i18n_text(lang, "Of %s answers none is %s or more of %s."),
                   n.text, from.text, to.text);
    } else {
        buf_printf(
            out,
            i18n_plural(lang, "%s of %s is satisfied (%s or more of %s).",
                        "%s of %s are satisfied (%s or more of %s).", p->hits),
            hits.text, n.text, from.text, to.text);
    }
    put_share_range(out, lang, p, everyone);
}

void
sentence_typical(struct buf *out, enum i18n_lang lang, const struct describe *d)
{
    if (d->n == 0) {
        buf_puts(out, i18n_text(lang, "Nobody answered."));
        return;
    }
    struct number median = short_number(lang, d->median);
    struct number q1 = short_number(lang, d->q1);
    struct number q3 = short_number(lang, d->q3);
    if (strcmp(q1.text, q3.text) == 0) {
        buf_printf(out, i18n_text(lang, "At least half of the answers are %s."),
                   median.text);
        return;
    }
    buf_printf(out,
               i18n_text(lang, "Half of the answers lie between %s and %s,"
                               " the middle one is %s."),
               q1.text, q3.text, median.text);
}

void
sentence_most_frequent(struct buf *out, enum i18n_lang lang, const char *label,
                       const struct proportion *p, bool shared)
{
    if (p->n == 0) {
        buf_puts(out, i18n_text(lang, "Nobody answered."));
        return;
    }
    struct number hits = whole(lang, p->hits);
    struct number n = whole(lang, p->n);
    struct number share = percent(lang, p->share);
    if (shared) {
        buf_printf(out,
                   i18n_text(lang, "Several answers share the lead, among them"
                                   " “%s”: %s of %s each (%s)."),
                   label, hits.text, n.text, share.text);
        return;
    }
    buf_printf(out,
               i18n_text(lang, "The most frequent answer is “%s”:"
                               " %s of %s (%s)."),
               label, hits.text, n.text, share.text);
}

void
sentence_nps(struct buf *out, enum i18n_lang lang,
             const struct proportion_nps *nps)
{
    if (nps->n == 0) {
        buf_puts(out, i18n_text(lang, "Nobody answered."));
        return;
    }
    struct number score = number(lang, nps->score, 0);
    struct number low = number(lang, nps->interval.low, 0);
    struct number high = number(lang, nps->interval.high, 0);
    struct number up = whole(lang, nps->promoters);
    struct number down = whole(lang, nps->detractors);
    struct number n = whole(lang, nps->n);
    buf_printf(out,
               i18n_text(lang, "Of %s people %s would recommend (9 or 10) and"
                               " %s would not (0 to 6): the net promoter score"
                               " is %s; the true one may lie between %s and"
                               " %s."),
               n.text, up.text, down.text, score.text, low.text, high.text);
}

static void
put_direction(struct buf *out, enum i18n_lang lang, double before, double after)
{
    struct number a = number(lang, before, 1);
    struct number b = number(lang, after, 1);
    if (strcmp(a.text, b.text) == 0) {
        buf_printf(out, i18n_text(lang, "The mean stayed at %s."), b.text);
    } else if (after > before) {
        buf_printf(out, i18n_text(lang, "The mean rose from %s to %s."), a.text,
                   b.text);
    } else {
        buf_printf(out, i18n_text(lang, "The mean fell from %s to %s."), a.text,
                   b.text);
    }
}

void
sentence_change(struct buf *out, enum i18n_lang lang, const struct compare *c,
                double before, double after, double p)
{
    put_direction(out, lang, before, after);
    buf_putc(out, ' ');
    if (c->powerless) {
        buf_puts(out, i18n_text(lang, "With so few answers no difference, "
                                      "however large, could be told from "
                                      "chance."));
    } else if (isnan(p)) {
        buf_puts(out,
                 i18n_text(lang, "Whether this is chance was not tested."));
    } else if (p < CHANCE) {
        buf_printf(out,
                   i18n_text(lang, "Such a difference is hardly chance; its"
                                   " size is %s."),
                   sentence_effect_size(lang, c->size));
    } else {
        buf_puts(out, i18n_text(lang, "Such a difference may well be chance."));
    }
}

void
sentence_alpha(struct buf *out, enum i18n_lang lang, const struct alpha *a)
{
    if (!a->shown) {
        struct number least = whole(lang, ALPHA_MIN_ANSWERS);
        buf_printf(out,
                   i18n_text(lang, "The reliability of the scale is not shown:"
                                   " it takes at least %s complete answers."),
                   least.text);
        return;
    }
    struct number value = number(lang, a->alpha, 2);
    struct number low = number(lang, a->interval.low, 2);
    struct number high = number(lang, a->interval.high, 2);
    buf_printf(out,
               i18n_text(lang, "Reliability of the scale (Cronbach’s alpha):"
                               " %s, most likely between %s and %s."),
               value.text, low.text, high.text);
}

const char *
sentence_indicator_name(enum i18n_lang lang, enum indicator_kind kind)
{
    switch (kind) {
    case INDICATOR_INVOLVED_MENTEES:
        return i18n_text(lang, "Involvement as mentees");
    case INDICATOR_INVOLVED_MENTORS:
        return i18n_text(lang, "Involvement as mentors");
    case INDICATOR_SATISFIED_MENTEES:
        return i18n_text(lang, "Satisfaction of mentees");
    case INDICATOR_SATISFIED_MENTORS:
        return i18n_text(lang, "Satisfaction of mentors");
    case INDICATOR_PAIRS_FORMED:
        return i18n_text(lang, "Mentees in a pair or group");
    case INDICATOR_MEETINGS_HELD:
        return i18n_text(lang, "Meetings held of those planned");
    case INDICATOR_KIND_COUNT:
        break;
    }
    return "";
}

static void
put_target(struct buf *out, enum i18n_lang lang, const struct indicator *i)
{
    struct number target = percent(lang, i->target);
    buf_putc(out, ' ');
    if (!i->settled) {
        buf_printf(
            out,
            i18n_text(
                lang,
                "The target of the year is %s; so few answers do not settle whether"
                " it is reached."),
            target.text);
    } else if (i->reached) {
        buf_printf(out,
                   i18n_text(lang, "The target of the year, %s, is reached."),
                   target.text);
    } else {
        buf_printf(
            out, i18n_text(lang, "The target of the year, %s, is not reached."),
            target.text);
    }
}

void
sentence_indicator(struct buf *out, enum i18n_lang lang,
                   const struct indicator *i)
{
    const char *name = sentence_indicator_name(lang, i->kind);
    if (i->figure.n == 0) {
        buf_printf(out, i18n_text(lang, "%s: nothing to count yet."), name);
        return;
    }
    struct number share = percent(lang, i->figure.share);
    struct number hits = whole(lang, i->figure.hits);
    struct number n = whole(lang, i->figure.n);
    buf_printf(out, i18n_text(lang, "%s: %s (%s of %s)."), name, share.text,
               hits.text, n.text);
    if (!isnan(i->cut)) {
        struct number cut = short_number(lang, i->cut);
        buf_putc(out, ' ');
        buf_printf(out,
                   i18n_text(lang, "Satisfied means %s or more on the scale."),
                   cut.text);
    }
    if (!isnan(i->target)) {
        put_target(out, lang, i);
    }
}

void
sentence_hidden(struct buf *out, enum i18n_lang lang, enum suppress_state state,
                uint32_t k)
{
    struct number least = whole(lang, k);
    switch (state) {
    case SUPPRESS_SHOWN:
        break;
    case SUPPRESS_TOO_FEW:
        buf_printf(out,
                   i18n_plural(lang,
                               "Fewer than %s answer: not shown, so that "
                               "nobody can be recognised.",
                               "Fewer than %s answers: not shown, so that "
                               "nobody can be recognised.",
                               k),
                   least.text);
        break;
    case SUPPRESS_SHIELD:
        buf_puts(out, i18n_text(lang, "Not shown: together with the other "
                                      "figures it would give away the answers "
                                      "of a small group."));
        break;
    }
}

void
sentence_unanimous(struct buf *out, enum i18n_lang lang, uint64_t n)
{
    struct number from = whole(lang, n > 0 ? n - 1 : 0);
    struct number to = whole(lang, n);
    buf_printf(out,
               i18n_text(lang, "(Almost) all answered alike: %s or %s of %s. "
                               "More is not shown, so that nobody can be "
                               "recognised."),
               from.text, to.text, to.text);
}

void
sentence_base(struct buf *out, enum i18n_lang lang, const struct tally *t)
{
    struct number n = whole(lang, tally_total(t));
    buf_printf(out, "n" NO_BREAK "=" NO_BREAK "%s", n.text);
    if (t->unsure > 0) {
        struct number unsure = whole(lang, t->unsure);
        buf_puts(out, " · ");
        buf_printf(out, i18n_text(lang, "hard to say: %s"), unsure.text);
    }
    if (t->missing > 0) {
        struct number missing = whole(lang, t->missing);
        buf_puts(out, " · ");
        buf_printf(out, i18n_text(lang, "no answer: %s"), missing.text);
    }
}

const char *
sentence_effect_size(enum i18n_lang lang, enum compare_size size)
{
    switch (size) {
    case COMPARE_NEGLIGIBLE:
        return i18n_text(lang, "negligible");
    case COMPARE_SMALL:
        return i18n_text(lang, "small");
    case COMPARE_MEDIUM:
        return i18n_text(lang, "medium");
    case COMPARE_LARGE:
        return i18n_text(lang, "large");
    }
    return "";
}
