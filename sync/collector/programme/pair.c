#include "collector/programme/pair.h"

#include <stdbool.h>
#include <string.h>

/* Where an event leads; PAIR_STATE_COUNT: nowhere from this state. */
static const enum pair_state next_state[PAIR_STATE_COUNT][PAIR_EVENT_COUNT] = {
    [PAIR_PLANNED] =
        {
            [PAIR_ORDER_SIGNED] = PAIR_ACTIVE,
            [PAIR_PAUSE] = PAIR_STATE_COUNT,
            [PAIR_RESUME] = PAIR_STATE_COUNT,
            [PAIR_COMPLETE] = PAIR_STATE_COUNT,
            [PAIR_END_EARLY] = PAIR_ENDED,
        },
    [PAIR_ACTIVE] =
        {
            [PAIR_ORDER_SIGNED] = PAIR_STATE_COUNT,
            [PAIR_PAUSE] = PAIR_PAUSED,
            [PAIR_RESUME] = PAIR_STATE_COUNT,
            [PAIR_COMPLETE] = PAIR_COMPLETED,
            [PAIR_END_EARLY] = PAIR_ENDED,
        },
    [PAIR_PAUSED] =
        {
            [PAIR_ORDER_SIGNED] = PAIR_STATE_COUNT,
            [PAIR_PAUSE] = PAIR_STATE_COUNT,
            [PAIR_RESUME] = PAIR_ACTIVE,
            [PAIR_COMPLETE] = PAIR_COMPLETED,
            [PAIR_END_EARLY] = PAIR_ENDED,
        },
    [PAIR_COMPLETED] =
        {
            [PAIR_ORDER_SIGNED] = PAIR_STATE_COUNT,
            [PAIR_PAUSE] = PAIR_STATE_COUNT,
            [PAIR_RESUME] = PAIR_STATE_COUNT,
            [PAIR_COMPLETE] = PAIR_STATE_COUNT,
            [PAIR_END_EARLY] = PAIR_STATE_COUNT,
        },
    [PAIR_ENDED] =
        {
            [PAIR_ORDER_SIGNED] = PAIR_STATE_COUNT,
            [PAIR_PAUSE] = PAIR_STATE_COUNT,
            [PAIR_RESUME] = PAIR_STATE_COUNT,
            [PAIR_COMPLETE] = PAIR_STATE_COUNT,
            [PAIR_END_EARLY] = PAIR_STATE_COUNT,
        },
};

enum status
pair_apply(struct pair *p, enum pair_event event, const char *reason,
           int64_t now_ms)
{
    const enum pair_state to = next_state[p->state][event];
    if (to == PAIR_STATE_COUNT) {
        return STATUS_E_CONFLICT;
    }
    if (event == PAIR_COMPLETE && p->held[PAIR_MEETING_CLOSING] == 0) {
        return STATUS_E_CONFLICT;
    }
    if (event == PAIR_END_EARLY && (!reason || !*reason)) {
        return STATUS_E_INVALID;
    }
    if (reason && strlen(reason) > PAIR_REASON_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    if (event == PAIR_ORDER_SIGNED) {
        p->started_ms = now_ms;
    }
    p->state = to;
    return STATUS_OK;
}

enum status
pair_meet(struct pair *p, enum pair_meeting kind, int64_t when_ms)
{
    if (p->state != PAIR_ACTIVE || p->held[PAIR_MEETING_CLOSING] > 0) {
        return STATUS_E_CONFLICT;
    }
    for (int earlier = 0; earlier < (int)kind; earlier++) {
        /* A short programme may close without a regular meeting. */
        if (p->held[earlier] == 0 && earlier != PAIR_MEETING_REGULAR) {
            return STATUS_E_CONFLICT;
        }
    }
    if (p->held[kind] > 0 && kind != PAIR_MEETING_REGULAR) {
        return STATUS_E_CONFLICT;
    }
    if (when_ms < p->last_meeting_ms) {
        return STATUS_E_INVALID;
    }
    if (p->held[kind] == PAIR_MEETINGS_MAX) {
        return STATUS_E_LIMIT;
    }
    p->held[kind]++;
    p->last_meeting_ms = when_ms;
    return STATUS_OK;
}

enum status
pair_next(const struct pair *p, enum pair_meeting *out)
{
    if (p->state != PAIR_ACTIVE || p->held[PAIR_MEETING_CLOSING] > 0) {
        return STATUS_NONE;
    }
    *out = PAIR_MEETING_REGULAR;
    for (int kind = PAIR_MEETING_FIRST; kind < PAIR_MEETING_REGULAR; kind++) {
        if (p->held[kind] == 0) {
            *out = (enum pair_meeting)kind;
            break;
        }
    }
    return STATUS_OK;
}

const char *
pair_feedback(enum pair_meeting kind)
{
    static const char *const form_ids[PAIR_MEETING_COUNT] = {
        [PAIR_MEETING_FIRST] = "meeting_first",
        [PAIR_MEETING_TRIAL] = "meeting_trial",
        [PAIR_MEETING_PLANNING] = "meeting_planning",
        [PAIR_MEETING_REGULAR] = "meeting_regular",
        [PAIR_MEETING_CLOSING] = "meeting_closing",
    };
    return form_ids[kind];
}

int64_t
pair_overdue_ms(const struct pair *p, int64_t every_ms, int64_t now_ms)
{
    enum pair_meeting kind;
    if (pair_next(p, &kind) != STATUS_OK) {
        return 0;
    }
    const int64_t since =
        p->last_meeting_ms > p->started_ms ? p->last_meeting_ms : p->started_ms;
    const int64_t late = now_ms - since - every_ms;
    return late > 0 ? late : 0;
}
