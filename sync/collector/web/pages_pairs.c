#include "collector/web/pages_pairs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/ingest/answers.h"
#include "collector/programme/compatibility.h"
#include "collector/programme/pair.h"
#include "collector/programme/roadmap.h"
#include "collector/store/store_meetings.h"
#include "collector/web/control.h"
#include "collector/web/visit.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define EVERY_MS (30 * DAY_MS) /* between regular meetings */
#define URL_BYTES 64
#define TERM_MAX_BYTES 200

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

/* What the rules know of a pair: its state and what its journal tells. */
static enum status
pair_facts(struct store *reader, const struct store_pair *row, struct pair *out)
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

/* --- all pairs ------------------------------------------------------------ */

static void
next_cell(struct visit *v, const struct pair *p)
{
    struct html *h = &v->html;
    enum pair_meeting next = PAIR_MEETING_FIRST;
    html_open(h, "td");
    if (pair_next(p, &next) == STATUS_OK) {
        html_text(h, visit_text(v, meetings[next]));
        int64_t late = pair_overdue_ms(p, EVERY_MS, desk_now_ms(v->desk));
        if (late >= DAY_MS) {
            html_text(h, " ");
            html_open(h, "strong");
            html_textf(h,
                       i18n_plural(v->lang, "(%lld day overdue)",
                                   "(%lld days overdue)",
                                   (unsigned long)(late / DAY_MS)),
                       (long long)(late / DAY_MS));
            html_close(h, "strong");
        }
    }
    html_close(h, "td");
}

static enum status
pair_row(struct visit *v, const struct store_pair *row)
{
    struct html *h = &v->html;
    struct pair facts;
    char url[URL_BYTES];
    enum status st = pair_facts(v->reader, row, &facts);
    (void)snprintf(url, sizeof(url), "/pairs/%" PRId64, row->id);
    html_open(h, "tr");
    html_element(h, "td", NULL, row->mentor_name);
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_open(h, "a");
    html_attr_url(h, "href", url);
    html_text(h, row->mentee_name);
    html_close(h, "a");
    html_close(h, "th");
    html_element(h, "td", NULL,
                 row->state >= 0 && row->state < PAIR_STATE_COUNT
                     ? visit_text(v, states[row->state])
                     : "");
    next_cell(v, &facts);
    html_element(h, "td", NULL, row->term);
    html_close(h, "tr");
    return st;
}

static enum status
pair_table(struct visit *v, const struct store_pair *pairs, size_t count)
{
    static const char *const head[] = {N_("Mentor"), N_("Mentee"), N_("State"),
                                       N_("Next meeting"), N_("Term")};
    enum status st = STATUS_OK;
    if (count == 0) {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "There are no pairs yet. They come out of "
                                   "a group meeting."));
        return st;
    }
    control_table(v, visit_text(v, "Pairs and groups"), head,
                  sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        st = pair_row(v, &pairs[i]);
    }
    control_table_end(v);
    return st;
}

static bool
lasts(const struct store_pair *p)
{
    return p->state == PAIR_PLANNED || p->state == PAIR_ACTIVE
           || p->state == PAIR_PAUSED;
}

static int
group_size(const struct store_pair *pairs, size_t count, int64_t mentor)
{
    int n = 0;
    for (size_t i = 0; i < count; i++) {
        n += pairs[i].mentor == mentor && lasts(&pairs[i]);
    }
    return n;
}

static bool
has_mentor(const struct store_pair *pairs, size_t count, int64_t mentee)
{
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].mentee == mentee
            && (lasts(&pairs[i]) || pairs[i].state == PAIR_COMPLETED)) {
            return true;
        }
    }
    return false;
}

/* The mentor of the meeting with a free place whose topics fit best. */
static const struct store_participant *
best_free(const struct store_participant *people, size_t count,
          const struct store_pair *pairs, size_t pair_count,
          const struct store_participant *mentee)
{
    const struct store_participant *best = NULL;
    int32_t best_score = -1;
    for (size_t i = 0; i < count; i++) {
        const struct store_participant *p = &people[i];
        if (!p->mentor
            || group_size(pairs, pair_count, p->person) >= p->places) {
            continue;
        }
        int32_t score = compatibility_score(p->topics, mentee->topics);
        if (score > best_score) {
            best = p;
            best_score = score;
        }
    }
    return best;
}

static void
alone_item(struct visit *v, const struct store_participant *mentee,
           const struct store_participant *mentor)
{
    struct html *h = &v->html;
    html_open(h, "li");
    html_element(h, "strong", NULL, mentee->name);
    if (*mentee->topics) {
        html_textf(h, visit_text(v, " asks for: %s"), mentee->topics);
    }
    html_void(h, "br");
    if (mentor) {
        html_textf(h, visit_text(v, "Next best to talk to: %s"), mentor->name);
    } else {
        html_text(h, visit_text(v, "No mentor of that meeting has a free "
                                   "place: look for another one."));
    }
    html_close(h, "li");
}

/* Mentees of the last fixed meeting who have nobody. */
static enum status
alone_list(struct visit *v, const struct store_pair *pairs, size_t pair_count)
{
    struct store_meeting *met = NULL;
    struct store_participant *people = NULL;
    size_t met_count = 0;
    size_t count = 0;
    bool any = false;
    enum status st = store_meetings(v->reader, &met, &met_count);
    for (size_t i = 0; i < met_count && st == STATUS_OK && !people; i++) {
        if (met[i].fixed_ms) {
            st = store_participants(v->reader, met[i].id, &people, &count);
        }
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "Left without a pair"));
    for (size_t i = 0; people && i < count; i++) {
        if (people[i].mentor
            || has_mentor(pairs, pair_count, people[i].person)) {
            continue;
        }
        if (!any) {
            html_open(&v->html, "ul");
            html_attr(&v->html, "class", "comments");
            any = true;
        }
        alone_item(v, &people[i],
                   best_free(people, count, pairs, pair_count, &people[i]));
    }
    if (any) {
        html_close(&v->html, "ul");
    } else {
        html_element(&v->html, "p", NULL,
                     visit_text(v, "Nobody of the last meeting."));
    }
    store_participants_free(people, count);
    store_meetings_free(met, met_count);
    return st;
}

void
pages_pairs_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct store_pair *pairs = NULL;
    size_t count = 0;
    if (!visit_begin(&v, self, rq, rs,
                     VISIT_COORDINATOR | VISIT_PSYCHOLOGIST)) {
        return;
    }
    enum status st = store_pairs(v.reader, &pairs, &count);
    if (st == STATUS_OK) {
        visit_page(&v, "/pairs", visit_text(&v, "Pairs and groups"));
        if (v.user.role == STORE_ROLE_COORDINATOR) {
            st = pair_table(&v, pairs, count);
        }
        if (st == STATUS_OK) {
            st = alone_list(&v, pairs, count);
        }
    }
    if (st < 0) {
        visit_failed(&v, st);
    }
    store_pairs_free(pairs, count);
    visit_end(&v);
}

/* --- one pair ------------------------------------------------------------- */

static void
form_begin(struct visit *v, const char *what)
{
    control_form(v, v->rq->path, false);
    control_hidden(v, "what", what);
}

static void
text_area(struct visit *v, const char *name, const char *label,
          const char *value)
{
    control_area(v,
                 &(const struct control){.label = label,
                                         .name = name,
                                         .value = value,
                                         .max_chars = STORE_NOTE_MAX_BYTES / 2},
                 3);
}

static void
state_button(struct visit *v, const char *what, const char *label)
{
    control_action(v, v->rq->path, "what", what, label, NULL);
}

static void
state_part(struct visit *v, const struct store_pair *row)
{
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    if (row->state == PAIR_PLANNED) {
        state_button(v, "signed", visit_text(v, "The order is signed"));
    } else if (row->state == PAIR_ACTIVE) {
        state_button(v, "pause", visit_text(v, "Pause"));
        state_button(v, "complete", visit_text(v, "Complete"));
    } else if (row->state == PAIR_PAUSED) {
        state_button(v, "resume", visit_text(v, "Go on"));
    }
    html_close(&v->html, "div");
    if (lasts(row)) {
        html_open(&v->html, "details");
        html_element(&v->html, "summary", NULL,
                     visit_text(v, "End this pair early"));
        form_begin(v, "end");
        text_area(v, "reason", visit_text(v, "Reason"), "");
        control_button(v, visit_text(v, "End it"), false);
        control_form_end(v);
        html_close(&v->html, "details");
    }
}

static void
plan_part(struct visit *v, const struct store_pair *row)
{
    html_element(&v->html, "h2", NULL, visit_text(v, "Individual plan"));
    form_begin(v, "plan");
    text_area(v, "goals", visit_text(v, "Goals"), row->goals);
    text_area(v, "steps", visit_text(v, "Steps"), row->steps);
    control_input(v, &(const struct control){.label = visit_text(v, "Term"),
                                             .name = "term",
                                             .type = "text",
                                             .value = row->term});
    control_button(v, visit_text(v, "Save"), false);
    control_form_end(v);
}

static enum status
journal_part(struct visit *v, const struct store_pair *row,
             const struct pair *facts)
{
    static const char *const head[] = {N_("Meeting"), N_("When"),
                                       N_("Note for the pair"),
                                       N_("Note for the coordinator")};
    struct html *h = &v->html;
    struct store_journal *journal = NULL;
    size_t count = 0;
    enum pair_meeting next = PAIR_MEETING_FIRST;
    enum status st = store_journal(v->reader, row->id, &journal, &count);
    html_element(h, "h2", NULL, visit_text(v, "Journal of meetings"));
    if (count > 0) {
        control_table(v, visit_text(v, "Journal of meetings"), head,
                      sizeof(head) / sizeof(head[0]));
    }
    for (size_t i = 0; i < count; i++) {
        html_open(h, "tr");
        html_element(h, "td", NULL,
                     journal[i].kind >= 0
                             && journal[i].kind < PAIR_MEETING_COUNT
                         ? visit_text(v, meetings[journal[i].kind])
                         : "");
        html_open(h, "td");
        visit_date(v, journal[i].held_ms);
        html_close(h, "td");
        html_element(h, "td", NULL, journal[i].for_pair);
        html_element(h, "td", NULL, journal[i].for_desk);
        html_close(h, "tr");
    }
    if (count > 0) {
        control_table_end(v);
    }
    if (pair_next(facts, &next) == STATUS_OK) {
        struct control_option option[2];
        size_t options = 0;
        char value[2][16];
        (void)snprintf(value[0], sizeof(value[0]), "%d", (int)next);
        option[options++] =
            (struct control_option){value[0], visit_text(v, meetings[next])};
        if (next == PAIR_MEETING_REGULAR) {
            (void)snprintf(value[1], sizeof(value[1]), "%d",
                           (int)PAIR_MEETING_CLOSING);
            option[options++] = (struct control_option){
                value[1], visit_text(v, meetings[PAIR_MEETING_CLOSING])};
        }
        html_element(h, "h3", NULL, visit_text(v, "Enter a meeting"));
        form_begin(v, "met");
        control_select(v, "kind", visit_text(v, "Meeting"), option, options);
        control_input(v, &(const struct control){.label = visit_text(v, "When"),
                                                 .name = "day",
                                                 .type = "date",
                                                 .required = true});
        text_area(v, "for_pair", visit_text(v, "Note for the pair"), "");
        text_area(v, "for_desk", visit_text(v, "Note for the coordinator"), "");
        control_button(v, visit_text(v, "Enter"), true);
        control_form_end(v);
    }
    store_journal_free(journal, count);
    return st;
}

static void
one_page(struct visit *v, const struct store_pair *row, const char *fault)
{
    struct html *h = &v->html;
    struct pair facts;
    char title[512];
    (void)snprintf(title, sizeof(title), "%.240s — %.240s", row->mentor_name,
                   row->mentee_name);
    enum status st = pair_facts(v->reader, row, &facts);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, v->rq->path, title);
    control_fault(v, fault);
    html_open(h, "p");
    html_attr(h, "class", "lead");
    html_text(h, row->state >= 0 && row->state < PAIR_STATE_COUNT
                     ? visit_text(v, states[row->state])
                     : "");
    if (*row->reason) {
        html_text(h, ": ");
        html_text(h, row->reason);
    }
    html_close(h, "p");
    state_part(v, row);
    plan_part(v, row);
    st = journal_part(v, row, &facts);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    /* The title stands in this frame. */
    visit_page_end(v);
}

/* --- changes -------------------------------------------------------------- */

/* Noon of a day as browsers send it ("2026-11-23"); false: it is none. */
static bool
read_day(const char *text, int64_t *out_ms)
{
    struct calendar_day d;
    if (!text || roadmap_day(text, &d) < 0) {
        return false;
    }
    *out_ms = answers_day_number(d.year, d.month, d.day) * DAY_MS + DAY_MS / 2;
    return true;
}

static bool
replace(char **field, const char *text, size_t max)
{
    if (!text || strlen(text) > max) {
        return false;
    }
    char *copy = strdup(text);
    if (!copy) {
        return false;
    }
    free(*field);
    *field = copy;
    return true;
}

static enum status
apply(struct visit *v, struct store *w, struct store_pair *row,
      enum pair_event event)
{
    struct pair facts;
    const char *reason = request_form(v->rq, "reason");
    enum status st = pair_facts(w, row, &facts);
    if (st == STATUS_OK) {
        st = pair_apply(&facts, event, reason, desk_now_ms(v->desk));
    }
    if (st == STATUS_OK && event == PAIR_END_EARLY
        && !replace(&row->reason, reason, PAIR_REASON_MAX_BYTES)) {
        st = STATUS_E_LIMIT;
    }
    if (st == STATUS_OK) {
        row->state = (int)facts.state;
        row->active_ms = facts.started_ms;
        st = store_pair_update(w, row);
    }
    return st;
}

static enum status
save_plan(struct visit *v, struct store *w, struct store_pair *row)
{
    return replace(&row->goals, request_form(v->rq, "goals"),
                   STORE_NOTE_MAX_BYTES)
                   && replace(&row->steps, request_form(v->rq, "steps"),
                              STORE_NOTE_MAX_BYTES)
                   && replace(&row->term, request_form(v->rq, "term"),
                              TERM_MAX_BYTES)
               ? store_pair_update(w, row)
               : STATUS_E_LIMIT;
}

static enum status
enter_meeting(struct visit *v, struct store *w, const struct store_pair *row)
{
    struct pair facts;
    struct store_journal entry = {0};
    const char *kind = request_form(v->rq, "kind");
    enum status st = pair_facts(w, row, &facts);
    if (st < 0) {
        return st;
    }
    entry.kind = kind ? (int)strtol(kind, NULL, 10) : -1;
    if (entry.kind < 0 || entry.kind >= PAIR_MEETING_COUNT
        || !read_day(request_form(v->rq, "day"), &entry.held_ms)) {
        return STATUS_E_INVALID;
    }
    st = pair_meet(&facts, (enum pair_meeting)entry.kind, entry.held_ms);
    if (st == STATUS_OK
        && (!replace(&entry.for_pair, request_form(v->rq, "for_pair"),
                     STORE_NOTE_MAX_BYTES)
            || !replace(&entry.for_desk, request_form(v->rq, "for_desk"),
                        STORE_NOTE_MAX_BYTES))) {
        st = STATUS_E_LIMIT;
    }
    if (st == STATUS_OK) {
        st = store_journal_add(w, row->id, &entry);
    }
    free(entry.for_pair);
    free(entry.for_desk);
    return st;
}

static enum status
change(struct visit *v, struct store_pair *row)
{
    static const struct {
        const char *what;
        enum pair_event event;
    } events[] = {
        {"signed", PAIR_ORDER_SIGNED}, {"pause", PAIR_PAUSE},
        {"resume", PAIR_RESUME},       {"complete", PAIR_COMPLETE},
        {"end", PAIR_END_EARLY},
    };
    const char *what = request_form(v->rq, "what");
    what = what ? what : "";
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK && strcmp(what, "plan") == 0) {
        st = save_plan(v, w, row);
    } else if (st == STATUS_OK && strcmp(what, "met") == 0) {
        st = enter_meeting(v, w, row);
    }
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (st == STATUS_OK && strcmp(what, events[i].what) == 0) {
            st = apply(v, w, row, events[i].event);
        }
    }
    return visit_written(v, st, "pair", what);
}

static const char *
why_not(struct visit *v, enum status st)
{
    if (st == STATUS_E_CONFLICT) {
        return visit_text(v, "That cannot be done with this pair now: first "
                             "the meetings in their order, then the closing "
                             "meeting, then its completion.");
    }
    if (st == STATUS_E_INVALID) {
        return visit_text(v, "Something is missing: a reason, or the day of "
                             "the meeting, which must not lie before the "
                             "last one.");
    }
    if (st == STATUS_E_LIMIT) {
        return visit_text(v, "That text is too long.");
    }
    return NULL;
}

void
pages_pairs_one(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct store_pair row = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = store_pair(v.reader, strtoll(rq->tail, NULL, 10), &row);
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st == STATUS_OK && rq->method == REQUEST_POST) {
        st = change(&v, &row);
        if (visit_again(&v, st, why_not(&v, st), rq->path)) {
            one_page(&v, &row, why_not(&v, st));
        }
    } else if (st == STATUS_OK) {
        one_page(&v, &row, NULL);
    } else {
        visit_failed(&v, st);
    }
    store_pair_clear(&row);
    visit_end(&v);
}
