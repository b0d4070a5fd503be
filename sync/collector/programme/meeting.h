#ifndef ANKETA_PROGRAMME_MEETING_H
#define ANKETA_PROGRAMME_MEETING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/matching/preferences.h"
#include "collector/store/store_meetings.h"

/*
 * Meeting: from the people in the room to preferences the matching can read.
 *
 * The ballot is a questionnaire of its own for each meeting: everybody ranks
 * people of the other side. Its choices are named "p<person>"; which of them a
 * person sees depends on her role. Names stand only in the list that goes to
 * the kiosks (meeting_people with names); the collector keeps the list without.
 *
 * Threads  Pure functions, from any thread.
 */
#define MEETING_FORM_ID "meeting_ballot"
#define MEETING_PEOPLE_FILE "people.csv"
#define MEETING_LIST_MAX_BYTES ((size_t)256 * 1024)

/* Append the questionnaire as a spreadsheet (.csv) of that version. */
void
meeting_form(const char *version, struct buf *out);

/* Append the list of choices: name, label, role. */
void
meeting_people(const struct store_participant *people, size_t count,
               bool with_names, struct buf *out);

/* What one person said: people in her order, best first. */
struct meeting_choice {
    int64_t person;
    uint32_t rank; /* equal ranks share a place */
};
struct meeting_ballot {
    int64_t voter;
    struct meeting_choice choice[STORE_PARTICIPANTS_MAX];
    size_t choices;
    int64_t unwanted[STORE_PARTICIPANTS_MAX];
    size_t unwanted_count;
};

/*
 * Read the values of the three questions (see control_ballot.c of the kiosk):
 * names in order, names that share the place of the one before, names not
 * wanted. STATUS_E_INVALID: not such names, or more than may be.
 */
MUST_CHECK enum status
meeting_ballot_read(int64_t voter, const char *order, const char *equal,
                    const char *unwanted, struct meeting_ballot *out);

struct meeting_input {
    const struct store_participant *people;
    size_t people_count;
    const struct meeting_ballot *ballot; /* at most one a person */
    size_t ballot_count;
    const struct store_lock *lock;
    size_t lock_count;
    /* Pairs proposed before; as many as possible are kept. */
    const struct store_lock *before;
    size_t before_count;
    bool complete; /* people nobody ranked may be put together */
};

/*
 * Preferences of the meeting. Rows are the participants of either role in the
 * order given; ids are "p<person>", so that neither names nor rows decide.
 * Ballots are taken by the role that the coordinator gave, never by what they
 * say of themselves; a "not with" of either side forbids the pair, unless the
 * coordinator locked it together. Scores come from compatibility.h.
 * preferences_deinit().
 */
MUST_CHECK enum status
meeting_preferences(const struct meeting_input *in, struct preferences *out);

/* Index in `people` of a row of a role; SIZE_MAX if there is none. */
size_t
meeting_row(const struct meeting_input *in, bool mentor, uint32_t row);

#endif
