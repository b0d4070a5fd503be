#ifndef ANKETA_COLLECTOR_STORE_STORE_MEETINGS_H
#define ANKETA_COLLECTOR_STORE_STORE_MEETINGS_H

#include "collector/store/store.h"

/*
 * Meetings: who was at a group meeting, what was decided beforehand, and the
 * pairs that came of it. The ballots are the named answers of the meeting's
 * wave; fixing the pairs removes them.
 *
 * Part of the store: the same rules as in store.h.
 */
#define STORE_MEETINGS_MAX 1000
#define STORE_PARTICIPANTS_MAX 80 /* of one meeting */
#define STORE_PLACES_MAX 60
#define STORE_PAIRS_MAX 20000
#define STORE_JOURNAL_MAX 1000 /* entries of one pair */
#define STORE_NOTE_MAX_BYTES 4000

struct store_meeting {
    int64_t id;
    char *title;
    int64_t wave;
    char *wave_name;
    int64_t seed;
    bool complete;     /* people nobody ranked may be put together */
    int64_t closed_ms; /* of the wave; 0: ballots are taken */
    int64_t fixed_ms;  /* 0: not yet */
    int64_t present;
    int64_t voted;
};

/* Uses title, wave, seed, complete. */
MUST_CHECK enum status
store_meeting_add(struct store *s, const struct store_meeting *meeting,
                  int64_t *out_id);
/* STATUS_NONE: no such meeting. */
MUST_CHECK enum status
store_meeting(struct store *s, int64_t id, struct store_meeting *out);
/* The meeting of a wave; *out_id 0 if it has none. */
MUST_CHECK enum status
store_meeting_of_wave(struct store *s, int64_t wave, int64_t *out_id);
/* Newest first. */
MUST_CHECK enum status
store_meetings(struct store *s, struct store_meeting **out, size_t *out_count);
void
store_meeting_clear(struct store_meeting *meeting);
void
store_meetings_free(struct store_meeting *meetings, size_t count);
MUST_CHECK enum status
store_meeting_complete(struct store *s, int64_t id, bool complete);
/* The pairs are fixed: the ballots go. Follow with store_forget(). */
MUST_CHECK enum status
store_meeting_fix(struct store *s, int64_t id, int64_t now_ms);

struct store_participant {
    int64_t person;
    char *name;
    char *code;
    bool mentor;
    int places;   /* of a mentor */
    int at_least; /* her group opens with so many; 0: any */
    char *topics;
    bool voted;
};
/* Adds, or changes what is there. */
MUST_CHECK enum status
store_participant_put(struct store *s, int64_t meeting,
                      const struct store_participant *p);
/* Mentees first, by name. */
MUST_CHECK enum status
store_participants(struct store *s, int64_t meeting,
                   struct store_participant **out, size_t *out_count);
void
store_participants_free(struct store_participant *p, size_t count);

struct store_lock {
    int64_t mentee;
    int64_t mentor;
    bool together; /* else never */
};
MUST_CHECK enum status
store_lock_put(struct store *s, int64_t meeting, const struct store_lock *lock);
MUST_CHECK enum status
store_lock_drop(struct store *s, int64_t meeting,
                const struct store_lock *lock);
/* *out: free(). */
MUST_CHECK enum status
store_locks(struct store *s, int64_t meeting, struct store_lock **out,
            size_t *out_count);

/* The pairs proposed before the last change; `together` is true. */
MUST_CHECK enum status
store_before_put(struct store *s, int64_t meeting,
                 const struct store_lock *pair);
MUST_CHECK enum status
store_before_clear(struct store *s, int64_t meeting);
/* *out: free(). */
MUST_CHECK enum status
store_before(struct store *s, int64_t meeting, struct store_lock **out,
             size_t *out_count);

struct store_pair {
    int64_t id;
    int64_t meeting; /* 0: made by hand */
    int64_t mentee;
    int64_t mentor;
    char *mentee_name;
    char *mentor_name;
    int state; /* enum pair_state of programme/pair.h */
    char *reason;
    char *goals;
    char *steps;
    char *term;
    int64_t fixed_ms;
    int64_t active_ms;
};
/* Uses meeting, mentee, mentor, fixed_ms; the state is 0. */
MUST_CHECK enum status
store_pair_add(struct store *s, const struct store_pair *pair, int64_t *out_id);
/* State, reason, plan and active_ms of pair->id. */
MUST_CHECK enum status
store_pair_update(struct store *s, const struct store_pair *pair);
/* By mentor, then mentee. */
MUST_CHECK enum status
store_pairs(struct store *s, struct store_pair **out, size_t *out_count);
/* STATUS_NONE */
MUST_CHECK enum status
store_pair(struct store *s, int64_t id, struct store_pair *out);
void
store_pair_clear(struct store_pair *pair);
void
store_pairs_free(struct store_pair *pairs, size_t count);

struct store_journal {
    int64_t id;
    int kind; /* enum pair_meeting */
    int64_t held_ms;
    char *for_pair;
    char *for_desk;
};
MUST_CHECK enum status
store_journal_add(struct store *s, int64_t pair,
                  const struct store_journal *entry);
/* Oldest first. */
MUST_CHECK enum status
store_journal(struct store *s, int64_t pair, struct store_journal **out,
              size_t *out_count);
void
store_journal_free(struct store_journal *entries, size_t count);

#endif
