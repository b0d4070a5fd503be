#ifndef ANKETA_COLLECTOR_WEB_MEETING_DESK_H
#define ANKETA_COLLECTOR_WEB_MEETING_DESK_H

#include "base/diag.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/matching/proposal.h"
#include "collector/programme/meeting.h"
#include "collector/store/store_meetings.h"

/*
 * Meeting at the desk: opened from the people present, read for its pages.
 *
 * Threads  As the store passed in.
 */

/*
 * Open a meeting: its ballot as a wave of its own, in the caller's transaction.
 * Places, topics and the least group are the participants'. STATUS_E_CONFLICT:
 * another meeting is open (a kiosk serves one at a time); STATUS_E_LIMIT: more
 * than STORE_PARTICIPANTS_MAX; STATUS_E_INVALID: one side is missing.
 */
MUST_CHECK enum status
meeting_desk_begin(struct store *w, const char *title,
                   const struct store_participant *people, size_t count,
                   int64_t now_ms, int64_t *out_id);

struct meeting_desk {
    struct store_meeting meeting;
    struct store_participant *people;
    struct store_lock *locks;
    struct store_lock *before; /* pairs proposed before the last change */
    struct meeting_ballot *ballots;
    struct meeting_input input;     /* borrows from those above */
    struct preferences preferences; /* only after meeting_desk_weigh() */
};

/* Meeting, people, locks and earlier pairs. STATUS_NONE: no such meeting. */
MUST_CHECK enum status
meeting_desk_load(struct store *reader, int64_t id, struct meeting_desk *out);

/* And the ballots, as preferences that passed their check; what breaks them
 * (STATUS_E_INVALID) is told to `d`. */
MUST_CHECK enum status
meeting_desk_weigh(struct store *reader, struct catalogue *catalogue,
                   struct meeting_desk *m, struct diag *d);

void
meeting_desk_clear(struct meeting_desk *m);

/* A proposal by the meeting's own seed. */
MUST_CHECK enum status
meeting_desk_propose(const struct meeting_desk *m,
                     enum proposal_objective objective, struct proposal *out);

/* Names for the ids that explanations speak of; after all proposals are made,
 * since their lottery goes by ids. */
void
meeting_desk_name(struct meeting_desk *m);

/* Participant in a row; never NULL for rows of `preferences`. */
const struct store_participant *
meeting_desk_mentee(const struct meeting_desk *m, uint32_t row);
const struct store_participant *
meeting_desk_mentor(const struct meeting_desk *m, uint32_t row);

#endif
