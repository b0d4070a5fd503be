#include "collector/web/indicators_count.h"

#include <stdlib.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/store/store_banks.h"
#include "collector/store/store_meetings.h"
#include "collector/web/indicators.h"
#include "collector/web/pair_desk.h"

#define EVERY_MS (PAIR_DESK_EVERY_DAYS * DAY_MS)

/* People by number, each perhaps several times. */
struct crowd {
    int64_t *person; /* owned */
    size_t count;
    size_t cap;
};

struct counting {
    struct store *reader; /* borrowed */
    int64_t from;         /* the year, */
    int64_t to;           /* and its end, excluded */
    int64_t now_ms;
    struct crowd paired; /* mentees in pairs */
    struct crowd mentors;
    struct crowd mentees; /* all of the year */
    int64_t held;
    int64_t planned;
};

static enum status
add(struct crowd *c, int64_t person)
{
    if (c->count == c->cap) {
        size_t cap = c->cap > 0 ? c->cap * 2 : 64;
        int64_t *grown = realloc(c->person, cap * sizeof(*grown));
        if (!grown) {
            return log_oom("indicators");
        }
        c->person = grown;
        c->cap = cap;
    }
    c->person[c->count++] = person;
    return STATUS_OK;
}

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* How many different ones. */
static int64_t
heads(struct crowd *c)
{
    int64_t n = 0;
    if (c->count > 0) {
        qsort(c->person, c->count, sizeof(*c->person), by_number);
    }
    for (size_t i = 0; i < c->count; i++) {
        n += i == 0 || c->person[i] != c->person[i - 1] ? 1 : 0;
    }
    return n;
}

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Meetings of a pair in the year, and when the last one of all was. */
static enum status
read_journal(const struct counting *c, int64_t pair, int64_t *out_held,
             int64_t *out_last_ms)
{
    struct store_journal *entry = NULL;
    size_t count = 0;
    enum status st = store_journal(c->reader, pair, &entry, &count);
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        int64_t at = entry[i].held_ms;
        *out_held += at >= c->from && at < c->to ? 1 : 0;
        *out_last_ms = at > *out_last_ms ? at : *out_last_ms;
    }
    store_journal_free(entry, count);
    return st;
}

static enum status
take_pair(struct counting *c, const struct store_pair *p)
{
    int64_t held = 0;
    int64_t last = p->fixed_ms;
    if (p->fixed_ms >= c->to) {
        return STATUS_OK;
    }
    enum status st = read_journal(c, p->id, &held, &last);
    if (st < 0 || (!pair_desk_lasts(p) && last < c->from)) {
        return st;
    }
    int64_t begin = p->active_ms > c->from ? p->active_ms : c->from;
    int64_t end = least(p->state == PAIR_ACTIVE ? c->now_ms : last, c->to);
    int64_t planned =
        p->active_ms > 0 && end > begin ? (end - begin) / EVERY_MS : 0;
    c->planned += planned > held ? planned : held;
    c->held += held;
    st = add(&c->paired, p->mentee);
    if (st == STATUS_OK) {
        st = add(&c->mentees, p->mentee);
    }
    return st == STATUS_OK ? add(&c->mentors, p->mentor) : st;
}

static enum status
take_pairs(struct counting *c)
{
    struct store_pair *pair = NULL;
    size_t count = 0;
    enum status st = store_pairs(c->reader, &pair, &count);
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        st = take_pair(c, &pair[i]);
    }
    store_pairs_free(pair, count);
    return st;
}

static enum status
take_bank(struct counting *c)
{
    struct store_entry *entry = NULL;
    size_t count = 0;
    enum status st =
        store_entries(c->reader, STORE_BANK_MENTEES, true, 0, &entry, &count);
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        bool then = entry[i].entered_ms < c->to
                    && (entry[i].ended_ms == 0 || entry[i].ended_ms >= c->from);
        st = then ? add(&c->mentees, entry[i].person) : st;
    }
    store_entries_free(entry, count);
    return st;
}

static enum status
take_present(struct counting *c, int64_t meeting)
{
    struct store_participant *who = NULL;
    size_t count = 0;
    enum status st = store_participants(c->reader, meeting, &who, &count);
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        st = who[i].mentor ? st : add(&c->mentees, who[i].person);
    }
    store_participants_free(who, count);
    return st;
}

static enum status
take_meetings(struct counting *c)
{
    struct store_meeting *meeting = NULL;
    size_t count = 0;
    enum status st = store_meetings(c->reader, &meeting, &count);
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        int64_t at = meeting[i].fixed_ms;
        st = at >= c->from && at < c->to ? take_present(c, meeting[i].id) : st;
    }
    store_meetings_free(meeting, count);
    return st;
}

static int64_t
year_begins_ms(int year)
{
    return day_number((struct day){year, INDICATORS_SEPTEMBER, 1}) * DAY_MS;
}

enum status
indicators_count(struct store *reader, int year, int64_t now_ms,
                 struct indicators_count *out)
{
    struct counting c = {
        .reader = reader,
        .from = year_begins_ms(year),
        .to = year_begins_ms(year + 1),
        .now_ms = now_ms,
    };
    for (size_t k = 0; k < INDICATOR_KIND_COUNT; k++) {
        out->hits[k] = -1;
        out->base[k] = -1;
    }
    enum status st = take_pairs(&c);
    if (st == STATUS_OK) {
        st = take_bank(&c);
    }
    if (st == STATUS_OK) {
        st = take_meetings(&c);
    }
    if (st == STATUS_OK && c.paired.count > 0) {
        out->hits[INDICATOR_INVOLVED_MENTEES] = heads(&c.paired);
        out->hits[INDICATOR_INVOLVED_MENTORS] = heads(&c.mentors);
    }
    if (st == STATUS_OK && c.mentees.count > 0) {
        out->hits[INDICATOR_PAIRS_FORMED] = heads(&c.paired);
        out->base[INDICATOR_PAIRS_FORMED] = heads(&c.mentees);
    }
    if (st == STATUS_OK && c.planned > 0) {
        out->hits[INDICATOR_MEETINGS_HELD] = c.held;
        out->base[INDICATOR_MEETINGS_HELD] = c.planned;
    }
    free(c.paired.person);
    free(c.mentors.person);
    free(c.mentees.person);
    return st;
}
