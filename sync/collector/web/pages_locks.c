#include "collector/web/pages_locks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/web/control.h"
#include "collector/web/pages_proposals.h"

#define PAIR_BYTES 48

/* --- the page ------------------------------------------------------------- */

static const char *
name_of(const struct meeting_desk *m, int64_t person)
{
    for (size_t i = 0; i < m->input.people_count; i++) {
        if (m->people[i].person == person) {
            return m->people[i].name;
        }
    }
    return "";
}

static void
lock_row(struct visit *v, const struct meeting_desk *m,
         const struct store_lock *lock)
{
    struct html *h = &v->html;
    char pair[PAIR_BYTES];
    (void)snprintf(pair, sizeof(pair), "%" PRId64 "-%" PRId64, lock->mentee,
                   lock->mentor);
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_text(h, name_of(m, lock->mentee));
    html_close(h, "th");
    html_element(h, "td", NULL, name_of(m, lock->mentor));
    html_element(h, "td", NULL,
                 lock->together ? visit_text(v, "together")
                                : visit_text(v, "never together"));
    html_open(h, "td");
    control_action(v, v->rq->path, "drop", pair, visit_text(v, "Take back"),
                   "plain");
    html_close(h, "td");
    html_close(h, "tr");
}

static void
choose(struct visit *v, const struct meeting_desk *m, bool mentor)
{
    control_select_begin(v, mentor ? "mentor" : "mentee",
                         mentor ? visit_text(v, "Mentor")
                                : visit_text(v, "Mentee"));
    for (size_t i = 0; i < m->input.people_count; i++) {
        if (m->people[i].mentor == mentor) {
            control_select_person(v, m->people[i].person, m->people[i].name);
        }
    }
    control_select_end(v);
}

static void
new_lock(struct visit *v, const struct meeting_desk *m)
{
    const struct control_option option[] = {
        {"0", visit_text(v, "never together")},
        {"1", visit_text(v, "together")},
    };
    html_element(&v->html, "h2", NULL, visit_text(v, "Decide for two people"));
    control_form(v, v->rq->path, false);
    choose(v, m, false);
    choose(v, m, true);
    control_select(v, "together", visit_text(v, "What holds"), option,
                   sizeof(option) / sizeof(option[0]));
    control_button(v, visit_text(v, "Enter"), true);
    control_form_end(v);
}

static void
before_part(struct visit *v, const struct meeting_desk *m)
{
    if (m->input.before_count == 0) {
        return;
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "The pairs until now"));
    html_element(&v->html, "p", NULL,
                 visit_text(v, "The proposals keep as many of the pairs "
                               "proposed before the last change as they can."));
    control_action(v, v->rq->path, "what", "anew",
                   visit_text(v, "Compute anew without regard to them"), NULL);
}

static void
show(struct visit *v, const struct meeting_desk *m, const char *fault)
{
    static const char *const head[] = {N_("Mentee"), N_("Mentor"),
                                       N_("What holds"), N_("Change it")};
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    visit_page(v, v->rq->path, visit_text(v, "Decided beforehand"));
    control_fault(v, fault);
    html_element(&v->html, "p", "lead",
                 visit_text(v, "A pair that is settled already, people who "
                               "must not be together, or a refusal after the "
                               "vote."));
    pages_proposals_path(m, m->meeting.closed_ms ? "/proposals" : "", path);
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(v, path,
                 m->meeting.closed_ms ? visit_text(v, "Proposals")
                                      : visit_text(v, "To the meeting"),
                 false);
    html_close(&v->html, "div");
    if (m->input.lock_count > 0) {
        control_table(v, visit_text(v, "Decided beforehand"), head,
                      sizeof(head) / sizeof(head[0]));
        for (size_t i = 0; i < m->input.lock_count; i++) {
            lock_row(v, m, &m->locks[i]);
        }
        control_table_end(v);
    }
    before_part(v, m);
    new_lock(v, m);
}

/* --- changes -------------------------------------------------------------- */

static bool
takes_part(const struct meeting_desk *m, int64_t person, bool mentor)
{
    for (size_t i = 0; i < m->input.people_count; i++) {
        if (m->people[i].person == person) {
            return m->people[i].mentor == mentor;
        }
    }
    return false;
}

struct change {
    struct meeting_desk *m;
    struct store_lock lock;
    bool drop;
    bool anew;
    uint32_t *mentor_of; /* proposed until now, by mentee row; or NULL */
};

/* STATUS_E_INVALID: not two people of the meeting. */
static enum status
read_change(struct visit *v, struct change *c)
{
    const char *what = request_form(v->rq, "what");
    const char *drop = request_form(v->rq, "drop");
    const char *mentee = request_form(v->rq, "mentee");
    const char *mentor = request_form(v->rq, "mentor");
    const char *together = request_form(v->rq, "together");
    c->anew = what && strcmp(what, "anew") == 0;
    c->drop = drop != NULL;
    if (c->anew) {
        return STATUS_OK;
    }
    if (drop) {
        char *end = NULL;
        c->lock.mentee = strtoll(drop, &end, 10);
        c->lock.mentor = *end == '-' ? strtoll(end + 1, NULL, 10) : 0;
    } else if (mentee && mentor && together) {
        c->lock.mentee = strtoll(mentee, NULL, 10);
        c->lock.mentor = strtoll(mentor, NULL, 10);
        c->lock.together = strcmp(together, "1") == 0;
    }
    return takes_part(c->m, c->lock.mentee, false)
                   && takes_part(c->m, c->lock.mentor, true)
               ? STATUS_OK
               : STATUS_E_INVALID;
}

/* The pairs proposed first, as things stand; nothing while the vote is open. */
static enum status
pairs_until_now(struct visit *v, struct change *c)
{
    struct proposal x = {0};
    struct diag d;
    struct meeting_desk *m = c->m;
    if (m->meeting.closed_ms == 0) {
        return STATUS_OK;
    }
    diag_init(&d, v->lang);
    enum status st = meeting_desk_weigh(v->reader, v->desk->catalogue, m, &d);
    diag_deinit(&d);
    if (st == STATUS_E_INVALID) {
        return STATUS_OK; /* locks that contradict each other: none */
    }
    if (st >= 0) {
        st = meeting_desk_propose(m, PROPOSAL_MAX_SCORE, &x);
    }
    if (st >= 0) {
        const size_t n = (size_t)m->preferences.mentees + 1;
        c->mentor_of = calloc(n, sizeof(*c->mentor_of));
        st = c->mentor_of ? STATUS_OK : log_oom("meeting");
    }
    for (uint32_t e = 0; st >= 0 && e < m->preferences.mentees; e++) {
        c->mentor_of[e] = x.mentor_of[e];
    }
    proposal_deinit(&x);
    return st < 0 ? st : STATUS_OK;
}

static enum status
keep_in_mind(struct store *w, const struct change *c)
{
    const struct meeting_desk *m = c->m;
    enum status st = store_before_clear(w, m->meeting.id);
    for (uint32_t e = 0;
         c->mentor_of && e < m->preferences.mentees && st == STATUS_OK; e++) {
        if (c->mentor_of[e] != PREFERENCES_NOBODY) {
            const struct store_lock pair = {
                .mentee = meeting_desk_mentee(m, e)->person,
                .mentor = meeting_desk_mentor(m, c->mentor_of[e])->person};
            st = store_before_put(w, m->meeting.id, &pair);
        }
    }
    return st;
}

static enum status
apply(struct store *w, void *ctx)
{
    struct change *c = ctx;
    const int64_t meeting = c->m->meeting.id;
    enum status st = keep_in_mind(w, c);
    if (st < 0 || c->anew) {
        return st;
    }
    return c->drop ? store_lock_drop(w, meeting, &c->lock)
                   : store_lock_put(w, meeting, &c->lock);
}

void
pages_locks(struct visit *v, struct meeting_desk *m)
{
    struct change c = {.m = m};
    if (m->meeting.fixed_ms) {
        response_redirect(v->rs, "/pairs");
        return;
    }
    if (v->rq->method != REQUEST_POST) {
        show(v, m, NULL);
        return;
    }
    enum status st = read_change(v, &c);
    if (st == STATUS_OK && !c.anew) {
        st = pairs_until_now(v, &c);
    }
    if (st == STATUS_OK) {
        st = visit_change(v, apply, &c, "locks", m->meeting.title);
    }
    free(c.mentor_of);
    const char *fault =
        st == STATUS_E_INVALID
            ? visit_text(v, "Choose a mentee and a mentor of this meeting.")
            : NULL;
    if (visit_again(v, st, fault, v->rq->path)) {
        show(v, m, fault);
    }
}
