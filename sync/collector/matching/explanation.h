#ifndef ANKETA_MATCHING_EXPLANATION_H
#define ANKETA_MATCHING_EXPLANATION_H

#include "base/buf.h"
#include "base/i18n.h"
#include "base/status.h"
#include "collector/matching/proposal.h"

/*
 * Explanation: for each person, in words, why this partner and no better one.
 *
 * explanation_run() gives every pair its reason in one pass; the writers below
 * make sentences of them for the coordinator and the psychologist.
 */
enum explanation_reason {
    EXPLANATION_TOGETHER,
    EXPLANATION_WORSE,      /* not better for the mentee than what she has */
    EXPLANATION_FULL,       /* mentor's places: all ranked at least as high */
    EXPLANATION_NOT_OPENED, /* the mentor's group did not reach its minimum */
    EXPLANATION_BLOCKING,   /* both would rather be together */
};

/* A reason for each pair of h; `closed` by mentor number, or NULL. */
MUST_CHECK enum status
explanation_run(const struct hrt *h, const uint32_t *match,
                const unsigned char *closed, unsigned char *out_reason);

struct explanation {
    const struct preferences *p;
    const struct proposal *x;
    enum i18n_lang lang;
    unsigned char *reason;   /* by pair; owned */
    uint32_t *number;        /* of mentees, by row; owned */
    uint32_t *free_places;   /* by mentor row; owned */
    unsigned char *is_fixed; /* by mentee row; owned */
};

MUST_CHECK enum status
explanation_init(struct explanation *n, const struct preferences *p,
                 const struct proposal *x, enum i18n_lang lang);

void
explanation_deinit(struct explanation *n);

/* Which place the mentee gave her mentor, from 1; 0: none or not listed. */
uint32_t
explanation_choice(const struct explanation *n, uint32_t mentee);

/* Append why the mentee has this mentor, or why none. */
void
explanation_of_mentee(const struct explanation *n, uint32_t mentee,
                      struct buf *out);

/* Append why mentee and mentor are not together, for entry `at` of her list.
 * Returns false, appending nothing, if it is not better than what she has. */
bool
explanation_missed(const struct explanation *n, uint32_t mentee, uint32_t at,
                   struct buf *out);

/* For somebody left alone: the mentor row with free places that suits best and
 * is not forbidden; PREFERENCES_NOBODY if there is none. */
uint32_t
explanation_next_best(const struct explanation *n, uint32_t mentee);

/* Append why a mentor has the group she has. */
void
explanation_of_mentor(const struct explanation *n, uint32_t mentor,
                      struct buf *out);

#endif
