#include "collector/web/pages_pair.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "collector/programme/roadmap.h"
#include "collector/web/control.h"
#include "collector/web/feedback.h"
#include "collector/web/pair_desk.h"
#include "collector/web/visit.h"

#define TERM_MAX_BYTES 200
#define KIND_BYTES 16
#define NOTE_ROWS 3

/* --- the page ------------------------------------------------------------- */

static void
form_begin(struct visit *v, const char *what)
{
    control_form(v, v->rq->path, false);
    control_hidden(v, "what", what);
}

static void
note_area(struct visit *v, const char *name, const char *label,
          const char *value)
{
    control_area(
        v,
        &(const struct control){.label = label, .name = name, .value = value},
        NOTE_ROWS);
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
    if (pair_desk_lasts(row)) {
        html_open(&v->html, "details");
        html_element(&v->html, "summary", NULL,
                     visit_text(v, "End this pair early"));
        form_begin(v, "end");
        note_area(v, "reason", visit_text(v, "Reason"), "");
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
    note_area(v, "goals", visit_text(v, "Goals"), row->goals);
    note_area(v, "steps", visit_text(v, "Steps"), row->steps);
    control_input(v, &(const struct control){.label = visit_text(v, "Term"),
                                             .name = "term",
                                             .type = "text",
                                             .value = row->term});
    control_button(v, visit_text(v, "Save"), false);
    control_form_end(v);
}

/* The meetings that may come now, to be entered. */
static void
entry_form(struct visit *v, const struct pair *facts, size_t group)
{
    enum pair_meeting next = PAIR_MEETING_FIRST;
    struct control_option option[2];
    char value[2][KIND_BYTES];
    size_t options = 0;
    if (pair_next(facts, &next) != STATUS_OK) {
        return;
    }
    (void)snprintf(value[0], sizeof(value[0]), "%d", (int)next);
    option[options++] = (struct control_option){
        value[0], visit_text(v, pair_desk_meeting((int)next))};
    if (next == PAIR_MEETING_REGULAR) {
        (void)snprintf(value[1], sizeof(value[1]), "%d",
                       (int)PAIR_MEETING_CLOSING);
        option[options++] = (struct control_option){
            value[1], visit_text(v, pair_desk_meeting(PAIR_MEETING_CLOSING))};
    }
    html_element(&v->html, "h3", NULL, visit_text(v, "Enter a meeting"));
    form_begin(v, "met");
    control_select(v, "kind", visit_text(v, "Meeting"), option, options);
    control_input(v, &(const struct control){.label = visit_text(v, "When"),
                                             .name = "day",
                                             .type = "date",
                                             .required = true});
    note_area(v, "for_pair", visit_text(v, "Note for the pair"), "");
    note_area(v, "for_desk", visit_text(v, "Note for the coordinator"), "");
    if (group > 1) {
        control_checkbox(v, "group", visit_text(v, "The whole group was there"),
                         visit_text(v, "Enters the meeting in the journals of "
                                       "this mentor's other pairs, too."),
                         false);
    }
    control_button(v, visit_text(v, "Enter"), true);
    control_form_end(v);
    html_element(&v->html, "p", "help",
                 visit_text(v, "Its anonymous questionnaire opens at the "
                               "kiosks by itself, for everybody who met."));
}

static enum status
group_size(struct visit *v, const struct store_pair *row, size_t *out)
{
    struct store_pair *pairs = NULL;
    size_t count = 0;
    enum status st = store_pairs(v->reader, &pairs, &count);
    *out = pair_desk_group(pairs, count, row->mentor);
    store_pairs_free(pairs, count);
    return st;
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
    enum status st = store_journal(v->reader, row->id, &journal, &count);
    html_element(h, "h2", NULL, visit_text(v, "Journal of meetings"));
    if (count > 0) {
        control_table(v, visit_text(v, "Journal of meetings"), head,
                      sizeof(head) / sizeof(head[0]));
    }
    for (size_t i = 0; i < count; i++) {
        html_open(h, "tr");
        html_element(h, "td", NULL,
                     visit_text(v, pair_desk_meeting(journal[i].kind)));
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
    store_journal_free(journal, count);
    size_t group = 0;
    if (st == STATUS_OK) {
        st = group_size(v, row, &group);
    }
    if (st == STATUS_OK) {
        entry_form(v, facts, group);
    }
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
    enum status st = pair_desk_facts(v->reader, row, &facts);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    visit_page(v, v->rq->path, title);
    control_fault(v, fault);
    html_open(h, "p");
    html_attr(h, "class", "lead");
    html_text(h, visit_text(v, pair_desk_state(row->state)));
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
    struct day d;
    if (!text || roadmap_day(text, &d) < 0) {
        return false;
    }
    *out_ms = day_number(d) * DAY_MS + DAY_MS / 2;
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
    enum status st = pair_desk_facts(w, row, &facts);
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

/* The meeting goes into the journal, and those who met are asked at the kiosk;
 * nothing says afterwards that it was them. */
static enum status
enter_meeting(struct visit *v, struct store *w, const struct store_pair *row)
{
    struct store_journal entry = {0};
    const char *kind = request_form(v->rq, "kind");
    int people = 0;
    bool opened = false;
    entry.kind = kind ? (int)strtol(kind, NULL, 10) : -1;
    if (entry.kind < 0 || entry.kind >= PAIR_MEETING_COUNT
        || !read_day(request_form(v->rq, "day"), &entry.held_ms)) {
        return STATUS_E_INVALID;
    }
    enum status st = STATUS_OK;
    if (!replace(&entry.for_pair, request_form(v->rq, "for_pair"),
                 STORE_NOTE_MAX_BYTES)
        || !replace(&entry.for_desk, request_form(v->rq, "for_desk"),
                    STORE_NOTE_MAX_BYTES)) {
        st = STATUS_E_LIMIT;
    }
    if (st == STATUS_OK) {
        st = pair_desk_meet(w, row, &entry,
                            request_form(v->rq, "group") != NULL, &people);
    }
    const char *form_id = pair_feedback((enum pair_meeting)entry.kind);
    if (st == STATUS_OK) {
        st = feedback_ask(w, form_id, people, false, desk_now_ms(v->desk),
                          &opened);
    }
    if (st == STATUS_OK && opened) {
        st = visit_audit(v, w, "open", form_id);
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
pages_pair(void *self, const struct request *rq, struct response *rs)
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
