#ifndef ANKETA_COLLECTOR_WEB_PAIR_DESK_H
#define ANKETA_COLLECTOR_WEB_PAIR_DESK_H

#include <stdbool.h>

#include "base/status.h"
#include "collector/programme/pair.h"
#include "collector/store/store_meetings.h"

/*
 * Pairs at the desk: their rules (programme/pair.h) over what the store knows.
 *
 * Threads  As the store passed in.
 */
#define PAIR_DESK_EVERY_DAYS 30 /* between meetings, before one is overdue */

/* What it is called, untranslated; "" for what is none. */
const char *
pair_desk_state(int state);
const char *
pair_desk_meeting(int kind);

/* Neither ended nor completed. */
bool
pair_desk_lasts(const struct store_pair *row);

/* The state of a pair and what its journal tells. */
MUST_CHECK enum status
pair_desk_facts(struct store *reader, const struct store_pair *row,
                struct pair *out);

/* Who of the same mentor's lasting pairs, this one included. */
size_t
pair_desk_group(const struct store_pair *pairs, size_t count, int64_t mentor);
/* The pair of a mentee that lasts or was completed; NULL: she has none. */
const struct store_pair *
pair_desk_of(const struct store_pair *pairs, size_t count, int64_t mentee);

/*
 * Enter a meeting into the journal, in the caller's transaction; with
 * `whole_group` also into those of the mentor's other pairs that may have this
 * meeting now. *out_people: how many were there, the mentor included. What
 * pair_meet() refuses comes back.
 */
MUST_CHECK enum status
pair_desk_meet(struct store *w, const struct store_pair *row,
               const struct store_journal *entry, bool whole_group,
               int *out_people);

#endif
