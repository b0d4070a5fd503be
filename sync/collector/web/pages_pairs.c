#include "collector/web/pages_pairs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/programme/compatibility.h"
#include "collector/web/control.h"
#include "collector/web/feedback.h"
#include "collector/web/pages_left.h"
#include "collector/web/pair_desk.h"
#include "collector/web/visit.h"

#define EVERY_MS (PAIR_DESK_EVERY_DAYS * DAY_MS)
#define URL_BYTES 64

/* --- all pairs ------------------------------------------------------------ */

static void
next_cell(struct visit *v, const struct pair *p)
{
    struct html *h = &v->html;
    enum pair_meeting next = PAIR_MEETING_FIRST;
    html_open(h, "td");
    if (pair_next(p, &next) == STATUS_OK) {
        html_text(h, visit_text(v, pair_desk_meeting((int)next)));
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
    enum status st = pair_desk_facts(v->reader, row, &facts);
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
    html_element(h, "td", NULL, visit_text(v, pair_desk_state(row->state)));
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
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(v, "/documents/order_pairs", visit_text(v, "The order"),
                 false);
    control_link(v, "/documents/personal_programme",
                 visit_text(v, "Personal programmes"), false);
    html_close(&v->html, "div");
    control_table(v, visit_text(v, "Pairs and groups"), head,
                  sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        st = pair_row(v, &pairs[i]);
    }
    control_table_end(v);
    return st;
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
            || (int)pair_desk_group(pairs, pair_count, p->person)
                   >= p->places) {
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
            || pair_desk_of(pairs, pair_count, people[i].person)) {
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

/* --- feedback ------------------------------------------------------------- */

static void
feedback_row(struct visit *v, const struct store_wave *waves, size_t count,
             int kind)
{
    struct html *h = &v->html;
    const struct store_wave *w =
        feedback_open(waves, count, pair_feedback((enum pair_meeting)kind));
    if (!w) {
        return;
    }
    const int64_t answers = w->answers + w->waiting;
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_text(h, *w->title ? w->title : w->form_title);
    html_close(h, "th");
    html_open(h, "td");
    visit_date(v, w->opened_ms);
    html_close(h, "td");
    html_open(h, "td");
    html_textf(h, "%d", w->invited);
    html_close(h, "td");
    html_open(h, "td");
    html_textf(h, visit_text(v, "%lld; figures from %d on"), (long long)answers,
               w->k);
    html_close(h, "td");
    html_close(h, "tr");
}

/* What is asked at the kiosks now, over all pairs. */
static enum status
feedback_part(struct visit *v)
{
    static const char *const head[] = {N_("Questionnaire"), N_("Open since"),
                                       N_("People asked"), N_("Answers")};
    struct html *h = &v->html;
    struct store_wave *waves = NULL;
    size_t count = 0;
    bool any = false;
    enum status st = store_waves(v->reader, &waves, &count);
    for (int kind = 0; kind < PAIR_MEETING_COUNT; kind++) {
        any = any
              || feedback_open(waves, count,
                               pair_feedback((enum pair_meeting)kind));
    }
    html_element(h, "h2", NULL, visit_text(v, "Feedback after meetings"));
    html_element(h, "p", NULL,
                 visit_text(v, "Entering a meeting in a journal opens its "
                               "anonymous questionnaire at the kiosks. One "
                               "questionnaire gathers over all pairs, and "
                               "nothing ties an answer to a pair."));
    if (any) {
        control_table(v, visit_text(v, "Feedback after meetings"), head,
                      sizeof(head) / sizeof(head[0]));
        for (int kind = 0; kind < PAIR_MEETING_COUNT; kind++) {
            feedback_row(v, waves, count, kind);
        }
        control_table_end(v);
        html_element(h, "p", "help",
                     visit_text(v, "Close a questionnaire on its page once "
                                   "enough have answered; the next meeting "
                                   "opens it anew."));
    }
    store_waves_free(waves, count);
    return st;
}

/* --- a pair by hand ------------------------------------------------------- */

struct candidates {
    struct store_person *people;
    size_t count;
    const struct store_pair *pairs;
    size_t pair_count;
};

/* Mentees who have a mentor are no candidates. */
static bool
may_join(const struct candidates *c, size_t i, const char *role)
{
    return strcmp(c->people[i].role, role) == 0
           && (strcmp(role, "mentee") != 0
               || !pair_desk_of(c->pairs, c->pair_count, c->people[i].id));
}

static size_t
candidates_of(const struct candidates *c, const char *role)
{
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++) {
        n += may_join(c, i, role);
    }
    return n;
}

static void
choose(struct visit *v, const struct candidates *c, const char *role,
       const char *label)
{
    control_select_begin(v, role, label);
    for (size_t i = 0; i < c->count; i++) {
        if (may_join(c, i, role)) {
            control_select_person(v, c->people[i].id, c->people[i].name);
        }
    }
    control_select_end(v);
}

static enum status
join_part(struct visit *v, const struct store_pair *pairs, size_t pair_count)
{
    struct candidates c = {.pairs = pairs, .pair_count = pair_count};
    enum status st = store_people(v->reader, &c.people, &c.count);
    if (candidates_of(&c, "mentee") > 0 && candidates_of(&c, "mentor") > 0) {
        html_element(&v->html, "h2", NULL,
                     visit_text(v, "Form a pair by hand"));
        html_element(&v->html, "p", NULL,
                     visit_text(v, "For those who were left or whose pair "
                                   "ended, after a talk with both."));
        control_form(v, "/pairs", false);
        choose(v, &c, "mentee", visit_text(v, "Mentee"));
        choose(v, &c, "mentor", visit_text(v, "Mentor"));
        control_button(v, visit_text(v, "Form this pair"), false);
        control_form_end(v);
    }
    store_people_free(c.people, c.count);
    return st;
}

static int64_t
posted_person(struct visit *v, const char *role,
              const struct store_person *people, size_t count)
{
    const char *text = request_form(v->rq, role);
    int64_t id = text ? strtoll(text, NULL, 10) : 0;
    for (size_t i = 0; i < count; i++) {
        if (people[i].id == id && strcmp(people[i].role, role) == 0) {
            return id;
        }
    }
    return 0;
}

/* STATUS_E_INVALID: not two such people; STATUS_E_CONFLICT: she has a pair. */
static enum status
join_checked(struct visit *v, struct store *w)
{
    struct store_person *people = NULL;
    struct store_pair *pairs = NULL;
    size_t count = 0;
    size_t pair_count = 0;
    int64_t id = 0;
    enum status st = store_people(w, &people, &count);
    if (st == STATUS_OK) {
        st = store_pairs(w, &pairs, &pair_count);
    }
    const struct store_pair pair = {
        .mentee = posted_person(v, "mentee", people, count),
        .mentor = posted_person(v, "mentor", people, count),
        .fixed_ms = desk_now_ms(v->desk)};
    if (st == STATUS_OK && (pair.mentee == 0 || pair.mentor == 0)) {
        st = STATUS_E_INVALID;
    } else if (st == STATUS_OK
               && pair_desk_of(pairs, pair_count, pair.mentee)) {
        st = STATUS_E_CONFLICT;
    } else if (st == STATUS_OK) {
        st = store_pair_add(w, &pair, &id);
    }
    store_pairs_free(pairs, pair_count);
    store_people_free(people, count);
    return st;
}

static enum status
join(struct store *w, void *ctx)
{
    return join_checked(ctx, w);
}

/* --- the page ------------------------------------------------------------- */

static enum status
list_page(struct visit *v, const char *fault)
{
    struct store_pair *pairs = NULL;
    size_t count = 0;
    const bool all = v->user.role == STORE_ROLE_COORDINATOR;
    enum status st = store_pairs(v->reader, &pairs, &count);
    if (st == STATUS_OK) {
        visit_page(v, "/pairs", visit_text(v, "Pairs and groups"));
        control_fault(v, fault);
        st = all ? pair_table(v, pairs, count) : STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = pages_left(v);
    }
    if (st == STATUS_OK) {
        st = alone_list(v, pairs, count);
    }
    if (st == STATUS_OK && all) {
        st = join_part(v, pairs, count);
    }
    if (st == STATUS_OK && all && count > 0) {
        st = feedback_part(v);
    }
    store_pairs_free(pairs, count);
    return st;
}

void
pages_pairs_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    const bool post = rq->method == REQUEST_POST;
    if (!visit_begin(&v, self, rq, rs,
                     post ? VISIT_COORDINATOR
                          : VISIT_COORDINATOR | VISIT_PSYCHOLOGIST)) {
        return;
    }
    enum status st =
        post ? visit_change(&v, join, &v, "pair", "new") : STATUS_OK;
    const char *fault =
        st == STATUS_E_INVALID || st == STATUS_E_CONFLICT
            ? visit_text(&v, "Choose a mentee who has no mentor, and a mentor.")
            : NULL;
    if (!post || visit_again(&v, st, fault, "/pairs")) {
        st = list_page(&v, fault);
        if (st < 0) {
            visit_failed(&v, st);
        }
    }
    visit_end(&v);
}
