#include "collector/matching/explanation.h"

#include <stdlib.h>
#include <string.h>

enum status
explanation_run(const struct hrt *h, const uint32_t *match,
                const unsigned char *closed, unsigned char *out_reason)
{
    uint64_t *worst = calloc((size_t)h->mentors + 1, sizeof(*worst));
    if (!worst) {
        return STATUS_E_NOMEM;
    }
    enum status st = hrt_worst(h, match, worst);
    for (uint32_t e = 0; st >= 0 && e < h->mentees; e++) {
        const uint64_t mine = match[e] == HRT_NONE
                                  ? UINT64_MAX
                                  : h->pair[match[e]].rank_by_mentee;
        for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
            const struct hrt_pair *p = &h->pair[i];
            enum explanation_reason r = EXPLANATION_FULL;
            if (i == match[e]) {
                r = EXPLANATION_TOGETHER;
            } else if (p->rank_by_mentee >= mine) {
                r = EXPLANATION_WORSE;
            } else if (closed && closed[p->mentor]) {
                r = EXPLANATION_NOT_OPENED;
            } else if (p->rank_by_mentor < worst[p->mentor]) {
                r = EXPLANATION_BLOCKING;
            }
            out_reason[i] = (unsigned char)r;
        }
    }
    free(worst);
    return st;
}

enum status
explanation_init(struct explanation *n, const struct preferences *p,
                 const struct proposal *x, enum i18n_lang lang)
{
    *n = (struct explanation){.p = p, .x = x, .lang = lang};
    n->reason = calloc((size_t)x->h.pairs + 1, 1);
    n->number = calloc((size_t)p->mentees + 1, sizeof(*n->number));
    n->free_places = calloc((size_t)p->mentors + 1, sizeof(*n->free_places));
    n->is_fixed = calloc((size_t)p->mentees + 1, 1);
    if (!n->reason || !n->number || !n->free_places || !n->is_fixed) {
        explanation_deinit(n);
        return STATUS_E_NOMEM;
    }
    for (uint32_t e = 0; e < p->mentees; e++) {
        n->number[x->h.mentee_row[e]] = e;
    }
    for (uint32_t i = 0; i < p->forced_count; i++) {
        n->is_fixed[p->forced[i].mentee] = 1;
    }
    memcpy(n->free_places, p->capacity, p->mentors * sizeof(*p->capacity));
    for (uint32_t e = 0; e < p->mentees; e++) {
        const uint32_t m = x->mentor_of[e];
        if (m != PREFERENCES_NOBODY && n->free_places[m] > 0) {
            n->free_places[m]--;
        }
    }
    return explanation_run(&x->h, x->match, x->closed_number, n->reason);
}

void
explanation_deinit(struct explanation *n)
{
    free(n->reason);
    free(n->number);
    free(n->free_places);
    free(n->is_fixed);
    *n = (struct explanation){0};
}

static const struct preferences_entry *
entry_of(const struct preferences_list *list, uint32_t who)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->entry[i].who == who) {
            return &list->entry[i];
        }
    }
    return NULL;
}

/* Ranks may leave gaps; people count the groups of choices. */
static uint32_t
place_in(const struct preferences_list *list, uint32_t who)
{
    uint32_t place = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (i == 0 || list->entry[i].rank != list->entry[i - 1].rank) {
            place++;
        }
        if (list->entry[i].who == who) {
            return place;
        }
    }
    return 0;
}

uint32_t
explanation_choice(const struct explanation *n, uint32_t mentee)
{
    const uint32_t m = n->x->mentor_of[mentee];
    return m == PREFERENCES_NOBODY ? 0
                                   : place_in(&n->p->mentee_list[mentee], m);
}

/* The pair of a mentee with a mentor row, or HRT_NONE if not acceptable. */
static uint32_t
pair_of(const struct explanation *n, uint32_t mentee, uint32_t mentor)
{
    const struct hrt *h = &n->x->h;
    const uint32_t e = n->number[mentee];
    for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
        if (h->mentor_row[h->pair[i].mentor] == mentor) {
            return i;
        }
    }
    return HRT_NONE;
}

static bool
is_forbidden(const struct preferences *p, uint32_t mentee, uint32_t mentor)
{
    for (uint32_t i = 0; i < p->forbidden_count; i++) {
        if (p->forbidden[i].mentee == mentee
            && p->forbidden[i].mentor == mentor) {
            return true;
        }
    }
    return false;
}

/* Why a listed mentor with no acceptable pair was not to be had. */
static void
why_no_pair(const struct explanation *n, uint32_t mentee, uint32_t mentor,
            struct buf *out)
{
    const char *id = n->p->mentor_id[mentor];
    if (is_forbidden(n->p, mentee, mentor)) {
        buf_printf(
            out,
            i18n_text(n->lang, "“%s”: the coordinator has ruled this pair out"),
            id);
    } else if (!entry_of(&n->p->mentor_list[mentor], mentee)) {
        buf_printf(
            out, i18n_text(n->lang, "“%s” did not put this person on her list"),
            id);
    } else {
        buf_printf(out,
                   i18n_text(n->lang, "“%s”: all places are taken by pairs "
                                      "that are fixed"),
                   id);
    }
}

bool
explanation_missed(const struct explanation *n, uint32_t mentee, uint32_t at,
                   struct buf *out)
{
    const struct preferences_list *list = &n->p->mentee_list[mentee];
    const uint32_t m = list->entry[at].who;
    const char *id = n->p->mentor_id[m];
    const uint32_t has = n->x->mentor_of[mentee];
    if (n->is_fixed[mentee]) {
        return false;
    }
    if (has != PREFERENCES_NOBODY) {
        const struct preferences_entry *mine = entry_of(list, has);
        if (mine && list->entry[at].rank >= mine->rank) {
            return false;
        }
    }
    const uint32_t pair = pair_of(n, mentee, m);
    if (pair == HRT_NONE) {
        why_no_pair(n, mentee, m, out);
        return true;
    }
    switch ((enum explanation_reason)n->reason[pair]) {
    case EXPLANATION_TOGETHER:
    case EXPLANATION_WORSE:
        return false;
    case EXPLANATION_FULL:
        buf_printf(out,
                   i18n_text(n->lang,
                             "“%s” has no place left: she ranks everybody in "
                             "her group at least as high"),
                   id);
        return true;
    case EXPLANATION_NOT_OPENED:
        buf_printf(out,
                   i18n_text(n->lang,
                             "“%s”: too few people came together, the group "
                             "does not open"),
                   id);
        return true;
    case EXPLANATION_BLOCKING:
        buf_printf(out,
                   i18n_text(n->lang,
                             "“%s” would also rather be with this person: "
                             "the pair goes against both wishes"),
                   id);
        return true;
    }
    return false;
}

/* Why somebody has nobody. */
static void
explain_alone(const struct explanation *n, uint32_t mentee, struct buf *out)
{
    const struct preferences_list *list = &n->p->mentee_list[mentee];
    const struct hrt *h = &n->x->h;
    const uint32_t e = n->number[mentee];
    uint32_t listed_by = 0;
    uint32_t acceptable = h->mentee_first[e + 1] - h->mentee_first[e];
    uint32_t not_opened = 0;
    for (uint32_t i = h->mentee_first[e]; i < h->mentee_first[e + 1]; i++) {
        not_opened += n->reason[i] == EXPLANATION_NOT_OPENED;
    }
    for (uint32_t m = 0; m < n->p->mentors && acceptable == 0; m++) {
        listed_by += entry_of(&n->p->mentor_list[m], mentee) != NULL;
    }
    if (list->count == 0) {
        buf_puts(out, i18n_text(n->lang, "chose nobody"));
    } else if (acceptable == 0 && listed_by == 0) {
        buf_puts(out, i18n_text(n->lang, "no mentor chose this person"));
    } else if (acceptable == 0) {
        buf_puts(out, i18n_text(n->lang,
                                "nobody on the list chose this person back, "
                                "or the pair was ruled out"));
    } else if (not_opened == acceptable) {
        buf_puts(out, i18n_text(n->lang, "the groups that suit did not open"));
    } else {
        buf_printf(out,
                   i18n_plural(n->lang,
                               "the places of the %u suitable mentor are taken "
                               "by people ranked at least as high",
                               "the places of all %u suitable mentors are "
                               "taken by people ranked at least as high",
                               acceptable - not_opened),
                   acceptable - not_opened);
    }
}

void
explanation_of_mentee(const struct explanation *n, uint32_t mentee,
                      struct buf *out)
{
    if (n->is_fixed[mentee]) {
        buf_puts(out, i18n_text(n->lang, "fixed by the coordinator"));
        return;
    }
    if (n->x->mentor_of[mentee] == PREFERENCES_NOBODY) {
        explain_alone(n, mentee, out);
        return;
    }
    const uint32_t choice = explanation_choice(n, mentee);
    if (choice == 1) {
        buf_puts(out, i18n_text(n->lang, "first choice"));
    } else {
        buf_printf(
            out,
            i18n_text(n->lang, "choice number %u: the best that was to be had"),
            choice);
    }
}

static int32_t
score_of(const struct preferences *p, uint32_t mentee, uint32_t mentor)
{
    const struct preferences_scores *s = &p->scores[mentor];
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->score[i].who == mentee) {
            return s->score[i].score;
        }
    }
    return 0;
}

uint32_t
explanation_next_best(const struct explanation *n, uint32_t mentee)
{
    const struct hrt *h = &n->x->h;
    uint32_t best = PREFERENCES_NOBODY;
    int64_t best_value = 0;
    for (uint32_t number = 0; number < h->mentors; number++) {
        const uint32_t m = h->mentor_row[number];
        if (n->free_places[m] == 0 || is_forbidden(n->p, mentee, m)) {
            continue;
        }
        /* Somebody that one side already chose comes before all others. */
        const bool known = entry_of(&n->p->mentee_list[mentee], m)
                           || entry_of(&n->p->mentor_list[m], mentee);
        const int64_t value =
            score_of(n->p, mentee, m)
            + (known ? 4 * (int64_t)PREFERENCES_MAX_SCORE : 0);
        if (best == PREFERENCES_NOBODY || value > best_value) {
            best = m;
            best_value = value;
        }
    }
    return best;
}

void
explanation_of_mentor(const struct explanation *n, uint32_t mentor,
                      struct buf *out)
{
    if (n->x->closed[mentor]) {
        buf_printf(out,
                   i18n_text(n->lang,
                             "the group does not open: fewer than %u people "
                             "could come together"),
                   n->p->minimum[mentor]);
    } else if (n->free_places[mentor] == 0) {
        buf_puts(out, i18n_text(n->lang, "the group is full"));
    } else if (n->p->mentor_list[mentor].count == 0) {
        buf_puts(out, i18n_text(n->lang, "chose nobody"));
    } else {
        buf_printf(out,
                   i18n_plural(n->lang,
                               "%u place is free: everybody who chose this "
                               "mentor and was chosen by her is with her or "
                               "with somebody at least as dear",
                               "%u places are free: everybody who chose this "
                               "mentor and was chosen by her is with her or "
                               "with somebody at least as dear",
                               n->free_places[mentor]),
                   n->free_places[mentor]);
    }
}
