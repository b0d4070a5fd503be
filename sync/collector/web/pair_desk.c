#include "collector/web/pair_desk.h"

#include "base/i18n.h"

static const char *const states[PAIR_STATE_COUNT] = {
    [PAIR_PLANNED] = N_("planned"),   [PAIR_ACTIVE] = N_("active"),
    [PAIR_PAUSED] = N_("paused"),     [PAIR_COMPLETED] = N_("completed"),
    [PAIR_ENDED] = N_("ended early"),
};

static const char *const meetings[PAIR_MEETING_COUNT] = {
    [PAIR_MEETING_FIRST] = N_("first meeting"),
    [PAIR_MEETING_TRIAL] = N_("trial working meeting"),
    [PAIR_MEETING_PLANNING] = N_("planning meeting"),
    [PAIR_MEETING_REGULAR] = N_("regular meeting"),
    [PAIR_MEETING_CLOSING] = N_("closing meeting"),
};

const char *
pair_desk_state(int state)
{
    return state >= 0 && state < PAIR_STATE_COUNT ? states[state] : "";
}

const char *
pair_desk_meeting(int kind)
{
    return kind >= 0 && kind < PAIR_MEETING_COUNT ? meetings[kind] : "";
}

bool
pair_desk_lasts(const struct store_pair *row)
{
    return row->state == PAIR_PLANNED || row->state == PAIR_ACTIVE
           || row->state == PAIR_PAUSED;
}

enum status
pair_desk_facts(struct store *reader, const struct store_pair *row,
                struct pair *out)
{
    struct store_journal *journal = NULL;
    size_t count = 0;
    *out = (struct pair){.state = (enum pair_state)row->state,
                         .started_ms = row->active_ms};
    enum status st = store_journal(reader, row->id, &journal, &count);
    for (size_t i = 0; i < count; i++) {
        if (journal[i].kind >= 0 && journal[i].kind < PAIR_MEETING_COUNT) {
            out->held[journal[i].kind]++;
            out->last_meeting_ms = journal[i].held_ms;
        }
    }
    store_journal_free(journal, count);
    return st;
}

size_t
pair_desk_group(const struct store_pair *pairs, size_t count, int64_t mentor)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += pairs[i].mentor == mentor && pair_desk_lasts(&pairs[i]);
    }
    return n;
}

const struct store_pair *
pair_desk_of(const struct store_pair *pairs, size_t count, int64_t mentee)
{
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].mentee == mentee
            && (pair_desk_lasts(&pairs[i])
                || pairs[i].state == PAIR_COMPLETED)) {
            return &pairs[i];
        }
    }
    return NULL;
}

/* One journal. */
static enum status
enter(struct store *w, const struct store_pair *row,
      const struct store_journal *entry)
{
    struct pair facts;
    enum status st = pair_desk_facts(w, row, &facts);
    if (st == STATUS_OK) {
        st = pair_meet(&facts, (enum pair_meeting)entry->kind, entry->held_ms);
    }
    return st == STATUS_OK ? store_journal_add(w, row->id, entry) : st;
}

enum status
pair_desk_meet(struct store *w, const struct store_pair *row,
               const struct store_journal *entry, bool whole_group,
               int *out_people)
{
    struct store_pair *pairs = NULL;
    size_t count = 0;
    enum status st = enter(w, row, entry);
    *out_people = st == STATUS_OK ? 2 : 0;
    if (st == STATUS_OK && whole_group) {
        st = store_pairs(w, &pairs, &count);
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        if (pairs[i].mentor != row->mentor || pairs[i].id == row->id) {
            continue;
        }
        st = enter(w, &pairs[i], entry);
        if (st == STATUS_OK) {
            (*out_people)++;
        } else if (st == STATUS_E_CONFLICT || st == STATUS_E_INVALID) {
            st = STATUS_OK; /* she is elsewhere in her programme */
        }
    }
    store_pairs_free(pairs, count);
    return st;
}
