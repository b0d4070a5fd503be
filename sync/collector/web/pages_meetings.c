#include "collector/web/pages_meetings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/web/bank_list.h"
#include "collector/web/control.h"
#include "collector/web/meeting_desk.h"
#include "collector/web/pages_locks.h"
#include "collector/web/pages_proposals.h"
#include "collector/web/visit.h"

#define TITLE_MAX_BYTES 200
#define TOPICS_MAX_BYTES 500
#define FIELD_BYTES 32
#define WALL_SECONDS "10"

/* --- all meetings --------------------------------------------------------- */

static void
voted_line(struct visit *v, const struct store_meeting *m)
{
    struct html *h = &v->html;
    html_open(h, "p");
    html_attr(h, "class", "count");
    html_textf(h, visit_text(v, "%lld of %lld have voted"), (long long)m->voted,
               (long long)m->present);
    html_close(h, "p");
}

static const char *
state_text(struct visit *v, const struct store_meeting *m)
{
    if (m->fixed_ms) {
        return visit_text(v, "The pairs are fixed, the ballots removed.");
    }
    return m->closed_ms ? visit_text(v, "The vote is closed.")
                        : visit_text(v, "The vote is open at the kiosks.");
}

static void
meeting_cards(struct visit *v, const struct store_meeting *meetings,
              size_t count)
{
    struct html *h = &v->html;
    html_open(h, "ul");
    html_attr(h, "class", "cards waves");
    for (size_t i = 0; i < count; i++) {
        char url[PAGES_PROPOSALS_PATH_MAX_BYTES];
        (void)snprintf(url, sizeof(url), "/meetings/%" PRId64, meetings[i].id);
        control_card(v, url, meetings[i].title);
        html_element(h, "p", "meta", state_text(v, &meetings[i]));
        if (!meetings[i].fixed_ms) {
            voted_line(v, &meetings[i]);
        }
        html_close(h, "li");
    }
    html_close(h, "ul");
}

static void
person_check(struct visit *v, const struct store_person *p)
{
    char name[FIELD_BYTES];
    (void)snprintf(name, sizeof(name), "p%" PRId64, p->id);
    html_open(&v->html, "li");
    control_checkbox(v, name, p->name, NULL, false);
    html_close(&v->html, "li");
}

static void
side(struct visit *v, const struct store_person *people, size_t count,
     const char *role, const char *legend)
{
    struct html *h = &v->html;
    html_open(h, "fieldset");
    html_element(h, "legend", NULL, legend);
    html_open(h, "ul");
    html_attr(h, "class", "present");
    for (size_t i = 0; i < count; i++) {
        if (strcmp(people[i].role, role) == 0) {
            person_check(v, &people[i]);
        }
    }
    html_close(h, "ul");
    html_close(h, "fieldset");
}

static void
open_form(struct visit *v, const struct store_person *people, size_t count)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "Open a meeting"));
    size_t roles = 0;
    for (size_t i = 0; i < count; i++) {
        roles += people[i].role[0] != '\0';
    }
    if (roles < 2) {
        html_element(h, "p", NULL,
                     visit_text(v, "There are no mentors and mentees yet. "
                                   "Enter the people first."));
        return;
    }
    html_element(h, "p", NULL,
                 visit_text(v, "Tick who is in the room. Each of them then "
                               "says at the kiosk, after the personal code, "
                               "with whom of the other side she would like "
                               "to work."));
    control_form(v, "/meetings", false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Name of the meeting"),
                         .name = "title",
                         .type = "text",
                         .required = true});
    side(v, people, count, "mentee", visit_text(v, "Mentees"));
    side(v, people, count, "mentor", visit_text(v, "Mentors"));
    control_button(v, visit_text(v, "Open the vote"), true);
    control_form_end(v);
}

static void
list_page(struct visit *v, const char *fault)
{
    struct store_meeting *meetings = NULL;
    struct store_person *people = NULL;
    size_t count = 0;
    size_t people_count = 0;
    enum status st = store_meetings(v->reader, &meetings, &count);
    if (st == STATUS_OK) {
        st = store_people(v->reader, &people, &people_count);
    }
    if (st < 0) {
        visit_failed(v, st);
    } else {
        visit_page(v, "/meetings", visit_text(v, "Group meetings"));
        control_fault(v, fault);
        if (count > 0) {
            meeting_cards(v, meetings, count);
        }
        open_form(v, people, people_count);
    }
    store_meetings_free(meetings, count);
    store_people_free(people, people_count);
}

/* Who was ticked, as participants with one place each and no topics yet. */
static enum status
ticked(struct visit *v, const struct store_person *people, size_t count,
       struct store_participant out[STORE_PARTICIPANTS_MAX], size_t *out_count)
{
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        char name[FIELD_BYTES];
        (void)snprintf(name, sizeof(name), "p%" PRId64, people[i].id);
        if (!request_form(v->rq, name) || !people[i].role[0]) {
            continue;
        }
        if (*out_count == STORE_PARTICIPANTS_MAX) {
            return STATUS_E_LIMIT;
        }
        out[(*out_count)++] = (struct store_participant){
            .person = people[i].id,
            .mentor = strcmp(people[i].role, "mentor") == 0,
            .places = 1};
    }
    return STATUS_OK;
}

static const char *
why_not(struct visit *v, enum status st)
{
    if (st == STATUS_E_CONFLICT) {
        return visit_text(v, "Another meeting is still open. Close its vote "
                             "first: the kiosks serve one at a time.");
    }
    if (st == STATUS_E_INVALID) {
        return visit_text(v, "Give the meeting a name, and tick at least one "
                             "mentee and one mentor.");
    }
    if (st == STATUS_E_LIMIT) {
        return visit_text(v, "That are too many people for one meeting: at "
                             "most 80. Hold two.");
    }
    return NULL;
}

static enum status
open_meeting(struct visit *v, int64_t *out_id)
{
    struct store_participant present[STORE_PARTICIPANTS_MAX];
    struct store_person *people = NULL;
    size_t count = 0;
    size_t present_count = 0;
    const char *title = request_form(v->rq, "title");
    if (!title || !*title || strlen(title) > TITLE_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    enum status st = store_people(v->reader, &people, &count);
    if (st == STATUS_OK) {
        st = ticked(v, people, count, present, &present_count);
    }
    for (size_t i = 0; i < present_count && st == STATUS_OK; i++) {
        st = bank_list_participant(v->reader, &present[i]);
    }
    if (st == STATUS_OK) {
        struct store *w = NULL;
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = meeting_desk_begin(w, title, present, present_count,
                                    desk_now_ms(v->desk), out_id);
        }
        st = visit_written(v, st, "meeting", title);
    }
    for (size_t i = 0; i < present_count; i++) {
        free(present[i].topics);
    }
    store_people_free(people, count);
    return st;
}

void
pages_meetings_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    int64_t id = 0;
    if (rq->method == REQUEST_POST) {
        char url[PAGES_PROPOSALS_PATH_MAX_BYTES];
        enum status st = open_meeting(&v, &id);
        (void)snprintf(url, sizeof(url), "/meetings/%" PRId64, id);
        if (visit_again(&v, st, why_not(&v, st), url)) {
            list_page(&v, why_not(&v, st));
        }
    } else {
        list_page(&v, NULL);
    }
    visit_end(&v);
}

/* --- one ------------------------------------------------------------------ */

static void
cell_input(struct visit *v, char prefix, const struct store_participant *p,
           const char *type, const char *value, const char *label)
{
    struct html *h = &v->html;
    char name[FIELD_BYTES];
    (void)snprintf(name, sizeof(name), "%c%" PRId64, prefix, p->person);
    html_open(h, "td");
    html_void(h, "input");
    html_attr(h, "type", type);
    html_attr(h, "name", name);
    html_attr(h, "value", value);
    html_attr(h, "aria-label", label);
    if (strcmp(type, "number") == 0) {
        html_attr(h, "min", prefix == 'n' ? "1" : "0");
        html_attr_int(h, "max", STORE_PLACES_MAX);
        html_attr(h, "class", "small");
    }
    html_close(h, "td");
}

static void
participant_row(struct visit *v, const struct store_participant *p, bool edit)
{
    struct html *h = &v->html;
    char number[FIELD_BYTES];
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_text(h, p->name);
    html_close(h, "th");
    html_element(h, "td", NULL,
                 p->mentor ? visit_text(v, "mentor") : visit_text(v, "mentee"));
    html_element(h, "td", NULL,
                 p->voted ? visit_text(v, "yes") : visit_text(v, "not yet"));
    if (!edit) {
        html_element(h, "td", NULL, p->topics);
        html_close(h, "tr");
        return;
    }
    cell_input(v, 't', p, "text", p->topics,
               p->mentor ? visit_text(v, "Offers") : visit_text(v, "Asks for"));
    if (p->mentor) {
        (void)snprintf(number, sizeof(number), "%d", p->places);
        cell_input(v, 'n', p, "number", number, visit_text(v, "Places"));
        (void)snprintf(number, sizeof(number), "%d", p->at_least);
        cell_input(v, 'l', p, "number", number,
                   visit_text(v, "Opens with at least"));
    } else {
        html_element(h, "td", NULL, "");
        html_element(h, "td", NULL, "");
    }
    html_close(h, "tr");
}

static void
participants_table(struct visit *v, const struct meeting_desk *m)
{
    static const char *const heads[] = {
        N_("Person"), N_("Role"),
        N_("Voted"),  N_("Offers or asks for"),
        N_("Places"), N_("Opens with at least")};
    struct html *h = &v->html;
    bool edit = m->meeting.fixed_ms == 0;
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    pages_proposals_path(m, "", path);
    html_element(h, "h2", NULL, visit_text(v, "Who is there"));
    if (edit) {
        control_form_bare(v, path);
        control_hidden(v, "what", "people");
    }
    control_table(v, visit_text(v, "Who is there"), heads, edit ? 6 : 4);
    for (size_t i = 0; i < m->input.people_count; i++) {
        participant_row(v, &m->people[i], edit);
    }
    control_table_end(v);
    if (edit) {
        html_element(h, "p", "help",
                     visit_text(v, "Topics, times and forms of work, "
                                   "separated by commas: what both name makes "
                                   "two people fit better. The kiosk shows "
                                   "them under the name."));
        control_button(v, visit_text(v, "Save"), false);
        control_form_end(v);
    }
}

static void
action_form(struct visit *v, const struct meeting_desk *m, const char *what,
            const char *label, bool primary)
{
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    pages_proposals_path(m, "", path);
    control_action(v, path, "what", what, label, primary ? "primary" : NULL);
}

static void
action_link(struct visit *v, const struct meeting_desk *m, const char *rest,
            const char *label, bool primary)
{
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    pages_proposals_path(m, rest, path);
    control_link(v, path, label, primary);
}

static void
one_page(struct visit *v, const struct meeting_desk *m, const char *fault)
{
    struct html *h = &v->html;
    visit_page(v, v->rq->path, m->meeting.title);
    control_fault(v, fault);
    html_element(h, "p", "lead", state_text(v, &m->meeting));
    if (!m->meeting.fixed_ms) {
        voted_line(v, &m->meeting);
    }
    html_open(h, "div");
    html_attr(h, "class", "actions");
    if (m->meeting.closed_ms == 0) {
        action_form(v, m, "close", visit_text(v, "Close the vote"), true);
        action_link(v, m, "/wall", visit_text(v, "For the wall"), false);
    } else if (m->meeting.fixed_ms == 0) {
        action_link(v, m, "/proposals", visit_text(v, "Proposals"), true);
    } else {
        control_link(v, "/pairs", visit_text(v, "Pairs and groups"), true);
    }
    if (m->meeting.fixed_ms == 0) {
        action_link(v, m, "/locks", visit_text(v, "Decided beforehand"), false);
    }
    html_close(h, "div");
    if (m->meeting.closed_ms == 0) {
        html_element(h, "p", "help",
                     visit_text(v, "Until the vote closes everybody may vote "
                                   "again at the kiosk; the last ballot "
                                   "counts. Ballots of other kiosks come in "
                                   "when they reach the collector."));
    }
    participants_table(v, m);
}

/* Only how many of how many: for a screen that all can see. */
static void
wall_page(struct visit *v, const struct meeting_desk *m)
{
    struct html *h = &v->html;
    response_header(v->rs, "Refresh", WALL_SECONDS);
    visit_page(v, v->rq->path, m->meeting.title);
    html_open(h, "p");
    html_attr(h, "class", "wall");
    html_attr(h, "role", "status");
    html_textf(h, visit_text(v, "%lld of %lld have voted"),
               (long long)m->meeting.voted, (long long)m->meeting.present);
    html_close(h, "p");
    html_element(h, "p", "lead", state_text(v, &m->meeting));
}

/* --- changes -------------------------------------------------------------- */

static const char *
field(struct visit *v, char prefix, int64_t person)
{
    char name[FIELD_BYTES];
    (void)snprintf(name, sizeof(name), "%c%" PRId64, prefix, person);
    return request_form(v->rq, name);
}

static int
number_in(const char *text, int least, int otherwise)
{
    long n = text ? strtol(text, NULL, 10) : otherwise;
    return n >= least && n <= STORE_PLACES_MAX ? (int)n : otherwise;
}

static enum status
save_people(struct visit *v, struct store *w, struct meeting_desk *m)
{
    int64_t serial = 0;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < m->input.people_count && st == STATUS_OK; i++) {
        struct store_participant p = m->people[i]; /* strings stay hers */
        const char *topics = field(v, 't', p.person);
        char *copy = strdup(
            topics && strlen(topics) <= TOPICS_MAX_BYTES ? topics : p.topics);
        p.topics = copy;
        p.places = number_in(field(v, 'n', p.person), 1, p.places);
        p.at_least = number_in(field(v, 'l', p.person), 0, p.at_least);
        p.at_least = p.at_least < p.places ? p.at_least : p.places;
        st =
            copy ? store_participant_put(w, m->meeting.id, &p) : STATUS_E_NOMEM;
        free(copy);
    }
    return st == STATUS_OK ? store_number_next(w, STORE_SERIAL, &serial) : st;
}

static enum status
close_vote(struct visit *v, struct store *w, struct meeting_desk *m)
{
    int64_t serial = 0;
    enum status st = store_wave_close(w, m->meeting.wave, desk_now_ms(v->desk));
    if (st >= 0) {
        st = store_number_next(w, STORE_SERIAL, &serial);
    }
    return st == STATUS_OK
               ? visit_audit(v, w, "meeting close", m->meeting.title)
               : st;
}

static enum status
change(struct visit *v, struct meeting_desk *m)
{
    const char *what = request_form(v->rq, "what");
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK && what && m->meeting.fixed_ms == 0) {
        if (strcmp(what, "people") == 0) {
            st = save_people(v, w, m);
        } else if (strcmp(what, "close") == 0) {
            st = close_vote(v, w, m);
        }
    }
    return visit_written(v, st, NULL, "");
}

void
pages_meetings_one(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct meeting_desk m = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char *rest = NULL;
    int64_t id = strtoll(rq->tail, &rest, 10);
    enum status st = meeting_desk_load(v.reader, id, &m);
    bool known = !*rest || strcmp(rest, "/wall") == 0
                 || strcmp(rest, "/locks") == 0
                 || (m.meeting.closed_ms
                     && (strcmp(rest, "/proposals") == 0
                         || strcmp(rest, "/pairs") == 0));
    if (st < 0) {
        visit_failed(&v, st);
    } else if (st == STATUS_NONE || !known) {
        visit_missing(&v);
    } else if (strcmp(rest, "/wall") == 0) {
        wall_page(&v, &m);
    } else if (strcmp(rest, "/locks") == 0) {
        pages_locks(&v, &m);
    } else if (strcmp(rest, "/proposals") == 0) {
        pages_proposals_show(&v, &m);
    } else if (strcmp(rest, "/pairs") == 0) {
        pages_proposals_edit(&v, &m);
    } else if (rq->method == REQUEST_POST) {
        if (visit_again(&v, change(&v, &m), NULL, rq->path)) {
            one_page(&v, &m, NULL);
        }
    } else {
        one_page(&v, &m, NULL);
    }
    visit_page_end(&v);
    meeting_desk_clear(&m);
    visit_end(&v);
}
