#ifndef ANKETA_PROGRAMME_PAIR_H
#define ANKETA_PROGRAMME_PAIR_H

#include <stdint.h>

#include "base/status.h"

/*
 * Pair: what may happen to a mentor and a mentee who were put together.
 *
 *   planned -> active (order signed) <-> paused
 *   active, paused -> completed (closing meeting held)
 *   planned, active, paused -> ended (early, with a reason)
 *
 * Completed and ended pairs stay as they are; a mentee whose pair ended early
 * may be in a new one. The journal of an active pair goes first meeting, trial,
 * planning, regular meetings, closing; none but regular ones repeat.
 *
 * Pure: the store keeps the state and calls this before each change.
 */
enum pair_state {
    PAIR_PLANNED,
    PAIR_ACTIVE,
    PAIR_PAUSED,
    PAIR_COMPLETED,
    PAIR_ENDED,
    PAIR_STATE_COUNT
};

enum pair_event {
    PAIR_ORDER_SIGNED,
    PAIR_PAUSE,
    PAIR_RESUME,
    PAIR_COMPLETE,  /* needs the closing meeting */
    PAIR_END_EARLY, /* needs a reason */
    PAIR_EVENT_COUNT
};

enum pair_meeting {
    PAIR_MEETING_FIRST,
    PAIR_MEETING_TRIAL,
    PAIR_MEETING_PLANNING,
    PAIR_MEETING_REGULAR,
    PAIR_MEETING_CLOSING,
    PAIR_MEETING_COUNT
};

#define PAIR_REASON_MAX_BYTES 1000
#define PAIR_MEETINGS_MAX 1000

struct pair {
    enum pair_state state;
    uint32_t held[PAIR_MEETING_COUNT];
    int64_t started_ms;      /* when it became active; 0: not yet */
    int64_t last_meeting_ms; /* 0: none yet */
};

/* STATUS_E_CONFLICT: not from this state, or the closing meeting is missing.
 * STATUS_E_INVALID: the reason is missing. STATUS_E_LIMIT: it is too long.
 * Nothing changes then. */
MUST_CHECK enum status
pair_apply(struct pair *p, enum pair_event event, const char *reason,
           int64_t now_ms);

/* Enter a meeting. STATUS_E_CONFLICT: the pair is not active, an earlier kind
 * is missing, or this kind was held and does not repeat. STATUS_E_INVALID: it
 * was before the last one. */
MUST_CHECK enum status
pair_meet(struct pair *p, enum pair_meeting kind, int64_t when_ms);

/* The kind that comes next; STATUS_NONE once the closing meeting was held or
 * the pair is not active. */
MUST_CHECK enum status
pair_next(const struct pair *p, enum pair_meeting *out);

/* Form id of the questionnaire that both sides are asked after it. */
const char *
pair_feedback(enum pair_meeting kind);

/* Milliseconds by which the next meeting is overdue, if one is expected every
 * `every_ms` while active; 0: not overdue. */
int64_t
pair_overdue_ms(const struct pair *p, int64_t every_ms, int64_t now_ms);

#endif
