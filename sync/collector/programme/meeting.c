#include "collector/programme/meeting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/programme/compatibility.h"
#include "collector/programme/meeting_ballot.h"

#define ID_BYTES 24

/* --- the questionnaire ---------------------------------------------------- */

void
meeting_form(const char *version, struct buf *out)
{
    static const char mark[] = "@VERSION@";
    const char *at = strstr(meeting_ballot_csv, mark);
    size_t before =
        at ? (size_t)(at - meeting_ballot_csv) : strlen(meeting_ballot_csv);
    buf_put(out, meeting_ballot_csv, before);
    if (at) {
        buf_puts(out, version);
        buf_puts(out, at + strlen(mark));
    }
}

static void
put_cell(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"') {
            buf_putc(out, '"');
        }
        buf_putc(out, *text);
    }
}

void
meeting_people(const struct store_participant *people, size_t count,
               bool with_names, struct buf *out)
{
    buf_puts(out, "name,label,role\n");
    for (size_t i = 0; i < count; i++) {
        const struct store_participant *p = &people[i];
        buf_printf(out, "p%" PRId64 ",\"", p->person);
        if (with_names) {
            put_cell(out, p->name);
            buf_puts(out, *p->topics ? "\n" : "");
            put_cell(out, p->topics);
        } else {
            buf_printf(out, "p%" PRId64, p->person);
        }
        buf_printf(out, "\",%s\n", p->mentor ? "mentor" : "mentee");
    }
}

/* --- a ballot ------------------------------------------------------------- */

/* The next "p<number>" of a list; STATUS_NONE at its end. */
static enum status
next_name(const char **at, int64_t *out)
{
    while (**at == ' ') {
        (*at)++;
    }
    if (!**at) {
        return STATUS_NONE;
    }
    char *end = NULL;
    errno = 0;
    if ((*at)[0] != 'p' || (*at)[1] < '0' || (*at)[1] > '9') {
        return STATUS_E_INVALID;
    }
    *out = strtoll(*at + 1, &end, 10);
    if (errno != 0 || *out <= 0 || (*end != ' ' && *end != '\0')) {
        return STATUS_E_INVALID;
    }
    *at = end;
    return STATUS_OK;
}

static bool
names(const char *list, int64_t person)
{
    int64_t found = 0;
    while (next_name(&list, &found) == STATUS_OK) {
        if (found == person) {
            return true;
        }
    }
    return false;
}

enum status
meeting_ballot_read(int64_t voter, const char *order, const char *equal,
                    const char *unwanted, struct meeting_ballot *out)
{
    int64_t person = 0;
    *out = (struct meeting_ballot){.voter = voter};
    enum status st = next_name(&order, &person);
    for (uint32_t rank = 0; st == STATUS_OK; st = next_name(&order, &person)) {
        if (out->choices == STORE_PARTICIPANTS_MAX) {
            return STATUS_E_INVALID;
        }
        rank += out->choices > 0 && !names(equal, person);
        out->choice[out->choices++] = (struct meeting_choice){person, rank};
    }
    if (st == STATUS_NONE) {
        st = next_name(&unwanted, &person);
    }
    for (; st == STATUS_OK; st = next_name(&unwanted, &person)) {
        if (out->unwanted_count == STORE_PARTICIPANTS_MAX) {
            return STATUS_E_INVALID;
        }
        out->unwanted[out->unwanted_count++] = person;
    }
    return st < 0 ? st : STATUS_OK;
}

/* --- preferences ---------------------------------------------------------- */

/* Row of a person among those of her role; PREFERENCES_NOBODY: not there. */
static uint32_t
row_of(const struct meeting_input *in, int64_t person, bool mentor)
{
    uint32_t row = 0;
    for (size_t i = 0; i < in->people_count; i++) {
        if (in->people[i].mentor != mentor) {
            continue;
        }
        if (in->people[i].person == person) {
            return row;
        }
        row++;
    }
    return PREFERENCES_NOBODY;
}

size_t
meeting_row(const struct meeting_input *in, bool mentor, uint32_t row)
{
    for (size_t i = 0; i < in->people_count; i++) {
        if (in->people[i].mentor == mentor && row-- == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static uint32_t
count_role(const struct meeting_input *in, bool mentor)
{
    uint32_t n = 0;
    for (size_t i = 0; i < in->people_count; i++) {
        n += in->people[i].mentor == mentor;
    }
    return n;
}

static const struct meeting_ballot *
ballot_of(const struct meeting_input *in, int64_t person)
{
    for (size_t i = 0; i < in->ballot_count; i++) {
        if (in->ballot[i].voter == person) {
            return &in->ballot[i];
        }
    }
    return NULL;
}

static enum status
add_list(const struct meeting_input *in, const struct store_participant *voter,
         struct preferences *p, struct preferences_list *list)
{
    const struct meeting_ballot *b = ballot_of(in, voter->person);
    size_t count = b ? b->choices : 0;
    list->entry = arena_array(&p->mem, count + 1, sizeof(*list->entry));
    if (!list->entry) {
        return STATUS_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t row = row_of(in, b->choice[i].person, !voter->mentor);
        if (row != PREFERENCES_NOBODY) {
            list->entry[list->count++] =
                (struct preferences_entry){row, b->choice[i].rank};
        }
    }
    return STATUS_OK;
}

static enum status
add_person(const struct meeting_input *in, const struct store_participant *who,
           uint32_t row, struct preferences *p)
{
    char id[ID_BYTES];
    (void)snprintf(id, sizeof(id), "p%" PRId64, who->person);
    const char *copy = arena_strdup(&p->mem, id);
    if (!copy) {
        return STATUS_E_NOMEM;
    }
    if (!who->mentor) {
        p->mentee_id[row] = copy;
        return add_list(in, who, p, &p->mentee_list[row]);
    }
    p->mentor_id[row] = copy;
    p->capacity[row] = (uint32_t)who->places;
    p->minimum[row] = (uint32_t)who->at_least;
    struct preferences_scores *scores = &p->scores[row];
    scores->score =
        arena_array(&p->mem, (size_t)p->mentees + 1, sizeof(*scores->score));
    if (!scores->score) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t e = 0; e < p->mentees; e++) {
        const struct store_participant *mentee =
            &in->people[meeting_row(in, false, e)];
        scores->score[scores->count++] = (struct preferences_score){
            e, compatibility_score(who->topics, mentee->topics)};
    }
    return add_list(in, who, p, &p->mentor_list[row]);
}

static bool
has_pair(const struct preferences_pair *list, uint32_t count,
         struct preferences_pair pair)
{
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].mentee == pair.mentee && list[i].mentor == pair.mentor) {
            return true;
        }
    }
    return false;
}

static void
forbid(struct preferences *p, struct preferences_pair pair)
{
    if (pair.mentee != PREFERENCES_NOBODY && pair.mentor != PREFERENCES_NOBODY
        && !has_pair(p->forced, p->forced_count, pair)
        && !has_pair(p->forbidden, p->forbidden_count, pair)) {
        p->forbidden[p->forbidden_count++] = pair;
    }
}

static enum status
add_locks(const struct meeting_input *in, struct preferences *p)
{
    size_t most = in->lock_count + 1;
    for (size_t i = 0; i < in->ballot_count; i++) {
        most += in->ballot[i].unwanted_count;
    }
    p->forced = arena_array(&p->mem, in->lock_count + 1, sizeof(*p->forced));
    p->forbidden = arena_array(&p->mem, most, sizeof(*p->forbidden));
    if (!p->forced || !p->forbidden) {
        return STATUS_E_NOMEM;
    }
    for (int together = 1; together >= 0; together--) {
        for (size_t i = 0; i < in->lock_count; i++) {
            const struct store_lock *lock = &in->lock[i];
            const struct preferences_pair pair = {
                row_of(in, lock->mentee, false),
                row_of(in, lock->mentor, true)};
            if (lock->together != (together == 1)) {
                continue;
            }
            if (!lock->together) {
                forbid(p, pair);
            } else if (pair.mentee != PREFERENCES_NOBODY
                       && pair.mentor != PREFERENCES_NOBODY) {
                p->forced[p->forced_count++] = pair;
            }
        }
    }
    for (size_t i = 0; i < in->ballot_count; i++) {
        const struct meeting_ballot *b = &in->ballot[i];
        uint32_t mentee = row_of(in, b->voter, false);
        uint32_t mentor = row_of(in, b->voter, true);
        for (size_t n = 0; n < b->unwanted_count; n++) {
            forbid(p, mentor == PREFERENCES_NOBODY
                          ? (struct preferences_pair){mentee,
                                                      row_of(in, b->unwanted[n],
                                                             true)}
                          : (struct preferences_pair){
                              row_of(in, b->unwanted[n], false), mentor});
        }
    }
    return STATUS_OK;
}

static enum status
add_before(const struct meeting_input *in, struct preferences *p)
{
    if (in->before_count == 0) {
        return STATUS_OK;
    }
    p->previous =
        arena_array(&p->mem, (size_t)p->mentees + 1, sizeof(*p->previous));
    if (!p->previous) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t e = 0; e < p->mentees; e++) {
        p->previous[e] = PREFERENCES_NOBODY;
    }
    for (size_t i = 0; i < in->before_count; i++) {
        const uint32_t mentee = row_of(in, in->before[i].mentee, false);
        if (mentee != PREFERENCES_NOBODY) {
            p->previous[mentee] = row_of(in, in->before[i].mentor, true);
        }
    }
    return STATUS_OK;
}

enum status
meeting_preferences(const struct meeting_input *in, struct preferences *out)
{
    uint32_t next[2] = {0, 0};
    enum status st =
        preferences_init(out, count_role(in, false), count_role(in, true));
    for (size_t i = 0; i < in->people_count && st >= 0; i++) {
        const struct store_participant *who = &in->people[i];
        st = add_person(in, who, next[who->mentor]++, out);
    }
    if (st >= 0) {
        st = add_locks(in, out);
    }
    if (st >= 0) {
        st = add_before(in, out);
    }
    if (st >= 0 && in->complete) {
        st = preferences_complete(out);
    }
    return st < 0 ? st : STATUS_OK;
}
