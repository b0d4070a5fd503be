#include "collector/web/pages_proposals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/matching/checker.h"
#include "collector/matching/explanation.h"
#include "collector/web/control.h"
#include "collector/web/proposal_faults.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024)
#define FIELD_BYTES 32

/* What is put side by side, and how it is called. */
static const struct {
    enum proposal_objective objective;
    const char *name;
    const char *what;
} kinds[] = {
    {PROPOSAL_MAX_SCORE, N_("Most pairs"),
     N_("As many pairs as can hold: no mentee and mentor would both rather be "
        "together. Among those, the pairs whose topics fit best.")},
    {PROPOSAL_MENTEE_OPTIMAL, N_("Mentees first"),
     N_("Every mentee gets the best mentor she can keep; between equals the "
        "lottery decides.")},
    {PROPOSAL_MENTOR_OPTIMAL, N_("Mentors first"),
     N_("Every mentor gets the best mentees she can keep; between equals the "
        "lottery decides.")},
    {PROPOSAL_FLOW, N_("Nobody left out"),
     N_("The most pairs of all, even if some people would rather be with "
        "somebody else; they are named below.")},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

void
pages_proposals_path(const struct meeting_desk *m, const char *rest,
                     char out[PAGES_PROPOSALS_PATH_MAX_BYTES])
{
    (void)snprintf(out, PAGES_PROPOSALS_PATH_MAX_BYTES,
                   "/meetings/%" PRId64 "%s", m->meeting.id, rest);
}

struct proposals {
    struct proposal x[KINDS];
    struct checker judged[KINDS];
    struct explanation why[KINDS];
    size_t made;
};

/* The lottery goes by ids, so that they get their names only afterwards. */
static enum status
propose_all(struct visit *v, struct meeting_desk *m, struct proposals *all)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < KINDS && st >= 0; i++) {
        st = meeting_desk_propose(m, kinds[i].objective, &all->x[i]);
        all->made += st >= 0;
    }
    meeting_desk_name(m);
    for (size_t i = 0; i < KINDS && st >= 0; i++) {
        st = checker_run(&m->preferences, all->x[i].mentor_of, &all->judged[i]);
        if (st >= 0) {
            st = explanation_init(&all->why[i], &m->preferences, &all->x[i],
                                  v->lang);
        }
    }
    return st < 0 ? st : STATUS_OK;
}

static void
proposals_clear(struct proposals *all)
{
    for (size_t i = 0; i < KINDS; i++) {
        explanation_deinit(&all->why[i]);
        checker_deinit(&all->judged[i]);
        if (i < all->made) {
            proposal_deinit(&all->x[i]);
        }
    }
}

static uint32_t
first_choices(const struct meeting_desk *m, const struct explanation *why)
{
    uint32_t n = 0;
    for (uint32_t e = 0; e < m->preferences.mentees; e++) {
        n += explanation_choice(why, e) == 1;
    }
    return n;
}

/* --- side by side --------------------------------------------------------- */

static void
proposal_card(struct visit *v, const struct meeting_desk *m,
              const struct proposals *all, size_t i)
{
    struct html *h = &v->html;
    const struct proposal *x = &all->x[i];
    uint32_t blocking = all->judged[i].blocking[CHECKER_WEAK].count;
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    char rest[FIELD_BYTES];
    (void)snprintf(rest, sizeof(rest), "/pairs?from=%zu", i);
    pages_proposals_path(m, rest, path);
    html_open(h, "li");
    html_attr(h, "class", "card");
    html_element(h, "h2", NULL, visit_text(v, kinds[i].name));
    html_element(h, "p", "meta", visit_text(v, kinds[i].what));
    html_open(h, "p");
    html_attr(h, "class", "count");
    html_textf(h, visit_text(v, "%u of %u mentees have a mentor"), x->size,
               m->preferences.mentees);
    html_close(h, "p");
    html_open(h, "p");
    html_textf(h, visit_text(v, "First choices: %u."),
               first_choices(m, &all->why[i]));
    html_text(h, " ");
    if (blocking == 0) {
        html_text(h, visit_text(v, "Nobody would rather change."));
    } else {
        html_textf(h,
                   i18n_plural(v->lang, "%u pair would rather change.",
                               "%u pairs would rather change.", blocking),
                   blocking);
    }
    html_close(h, "p");
    if (m->input.before_count > 0) {
        html_open(h, "p");
        html_textf(h, visit_text(v, "Of %zu earlier pairs %u stay."),
                   m->input.before_count, x->kept);
        html_close(h, "p");
    }
    html_element(h, "p", "help",
                 x->optimal
                     ? visit_text(v, "Proven: no better one of its kind.")
                     : visit_text(v, "Not proven to be the best of its "
                                     "kind."));
    html_open(h, "a");
    html_attr(h, "class", "button");
    html_attr_url(h, "href", path);
    html_text(h, visit_text(v, "Start from this one"));
    html_close(h, "a");
    html_close(h, "li");
}

static void
partner_cell(struct visit *v, const struct meeting_desk *m,
             const struct proposals *all, size_t i, uint32_t mentee)
{
    struct html *h = &v->html;
    uint32_t mentor = all->x[i].mentor_of[mentee];
    uint32_t choice = explanation_choice(&all->why[i], mentee);
    html_open(h, "td");
    if (mentor == PREFERENCES_NOBODY) {
        html_text(h, visit_text(v, "nobody"));
    } else {
        html_text(h, meeting_desk_mentor(m, mentor)->name);
        if (choice > 0) {
            html_textf(h, visit_text(v, " (choice %u)"), choice);
        }
    }
    if (m->preferences.previous && m->preferences.previous[mentee] != mentor) {
        html_text(h, " ");
        html_element(h, "strong", NULL, visit_text(v, "changed"));
    }
    html_close(h, "td");
}

static void
side_by_side(struct visit *v, const struct meeting_desk *m,
             const struct proposals *all)
{
    struct html *h = &v->html;
    const char *head[KINDS + 1] = {N_("Mentee")};
    for (size_t i = 0; i < KINDS; i++) {
        head[i + 1] = kinds[i].name;
    }
    control_table(v, visit_text(v, "Proposals side by side"), head, KINDS + 1);
    for (uint32_t e = 0; e < m->preferences.mentees; e++) {
        html_open(h, "tr");
        html_open(h, "th");
        html_attr(h, "scope", "row");
        html_text(h, meeting_desk_mentee(m, e)->name);
        html_close(h, "th");
        for (size_t i = 0; i < KINDS; i++) {
            partner_cell(v, m, all, i, e);
        }
        html_close(h, "tr");
    }
    control_table_end(v);
}

/* --- why ------------------------------------------------------------------ */

static void
missed(struct visit *v, const struct explanation *n, uint32_t mentee,
       struct buf *text)
{
    const struct preferences_list *list = &n->p->mentee_list[mentee];
    bool any = false;
    for (uint32_t at = 0; at < list->count; at++) {
        buf_clear(text);
        if (!explanation_missed(n, mentee, at, text)) {
            continue;
        }
        if (!any) {
            html_open(&v->html, "ul");
            any = true;
        }
        html_element(&v->html, "li", NULL, text->data);
    }
    if (any) {
        html_close(&v->html, "ul");
    }
}

static void
next_best(struct visit *v, const struct meeting_desk *m,
          const struct explanation *n, uint32_t mentee)
{
    uint32_t mentor = explanation_next_best(n, mentee);
    if (mentor != PREFERENCES_NOBODY) {
        html_open(&v->html, "p");
        html_textf(&v->html, visit_text(v, "Next best to talk to: %s"),
                   meeting_desk_mentor(m, mentor)->name);
        html_close(&v->html, "p");
    }
}

static void
explain(struct visit *v, const struct meeting_desk *m,
        const struct explanation *n, bool alone)
{
    struct html *h = &v->html;
    struct buf text;
    buf_init(&text, TEXT_MAX_BYTES);
    for (uint32_t e = 0; e < m->preferences.mentees; e++) {
        if ((n->x->mentor_of[e] == PREFERENCES_NOBODY) != alone) {
            continue;
        }
        buf_clear(&text);
        explanation_of_mentee(n, e, &text);
        html_open(h, "li");
        html_open(h, "p");
        html_element(h, "strong", NULL, meeting_desk_mentee(m, e)->name);
        if (!alone) {
            html_text(h, " — ");
            html_text(h, meeting_desk_mentor(m, n->x->mentor_of[e])->name);
        }
        html_text(h, ": ");
        html_text(h, text.data);
        html_text(h, ".");
        html_close(h, "p");
        missed(v, n, e, &text);
        if (alone) {
            next_best(v, m, n, e);
        }
        html_close(h, "li");
    }
    buf_deinit(&text);
}

static void
reasons(struct visit *v, const struct meeting_desk *m,
        const struct proposals *all)
{
    struct html *h = &v->html;
    const struct explanation *n = &all->why[0];
    if (all->x[0].size < m->preferences.mentees) {
        html_element(h, "h2", NULL, visit_text(v, "Who is left, and why"));
        html_open(h, "ul");
        html_attr(h, "class", "comments");
        explain(v, m, n, true);
        html_close(h, "ul");
    }
    html_element(h, "h2", NULL, visit_text(v, "Why these pairs"));
    html_element(h, "p", "help",
                 visit_text(v, "For “Most pairs”: why each has this partner, "
                               "and why no better one was to be had."));
    html_open(h, "ul");
    html_attr(h, "class", "comments");
    explain(v, m, n, false);
    html_close(h, "ul");
}

/* By name, for each proposal that has any. */
static void
who_would_change(struct visit *v, const struct meeting_desk *m,
                 const struct proposals *all)
{
    bool any = false;
    for (size_t i = 0; i < KINDS; i++) {
        const struct checker_pairs *blocking =
            &all->judged[i].blocking[CHECKER_WEAK];
        if (blocking->count > 0 && !any) {
            html_element(&v->html, "h2", NULL,
                         visit_text(v, "Who would both rather be together"));
            any = true;
        }
        proposal_faults_pairs(v, m, blocking, visit_text(v, kinds[i].name));
    }
}

static void
faults_page(struct visit *v, const struct meeting_desk *m, const struct diag *d)
{
    struct html *h = &v->html;
    visit_page(v, v->rq->path, m->meeting.title);
    html_open(h, "div");
    html_attr(h, "class", "faults");
    html_attr(h, "role", "alert");
    for (size_t i = 0; i < d->count; i++) {
        html_element(h, "p", NULL, d->entry[i].text);
    }
    html_close(h, "div");
}

/* Weighs the ballots and makes the proposals, or says why not. */
static bool
ready(struct visit *v, struct meeting_desk *m, struct proposals *all)
{
    struct diag d;
    diag_init(&d, v->lang);
    enum status st = meeting_desk_weigh(v->reader, v->desk->catalogue, m, &d);
    if (st >= 0) {
        st = propose_all(v, m, all);
    }
    if (st == STATUS_E_INVALID && d.count > 0) {
        faults_page(v, m, &d);
    } else if (st < 0) {
        visit_failed(v, st);
    }
    diag_deinit(&d);
    return st >= 0;
}

static void
completion(struct visit *v, const struct meeting_desk *m)
{
    struct html *h = &v->html;
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    pages_proposals_path(m, "/proposals", path);
    control_form_bare(v, path);
    control_hidden(v, "complete", m->meeting.complete ? "0" : "1");
    html_element(h, "p", "help",
                 m->meeting.complete
                     ? visit_text(v, "People whom nobody ranked may be put "
                                     "together, too; “not with” still holds.")
                     : visit_text(v, "Only people who ranked each other are "
                                     "put together."));
    control_button(v,
                   m->meeting.complete
                       ? visit_text(v, "Only those who ranked each other")
                       : visit_text(v, "Allow others as a last resort"),
                   false);
    control_form_end(v);
}

static enum status
set_completion(struct visit *v, struct meeting_desk *m)
{
    const char *complete = request_form(v->rq, "complete");
    struct store *w = desk_writer(v->desk);
    enum status st = store_meeting_complete(
        w, m->meeting.id, complete && strcmp(complete, "1") == 0);
    desk_writer_give(v->desk);
    return st;
}

void
pages_proposals_show(struct visit *v, struct meeting_desk *m)
{
    if (v->rq->method == REQUEST_POST) {
        enum status st = set_completion(v, m);
        if (st < 0) {
            visit_failed(v, st);
        } else {
            response_redirect(v->rs, v->rq->path);
        }
        return;
    }
    struct proposals all = {0};
    if (ready(v, m, &all)) {
        struct html *h = &v->html;
        visit_page(v, v->rq->path, visit_text(v, "Proposals"));
        html_open(h, "p");
        html_attr(h, "class", "lead");
        html_textf(h, visit_text(v, "%s: %lld ballots of %lld people."),
                   m->meeting.title, (long long)m->meeting.voted,
                   (long long)m->meeting.present);
        html_close(h, "p");
        html_open(h, "ul");
        html_attr(h, "class", "cards waves");
        for (size_t i = 0; i < KINDS; i++) {
            proposal_card(v, m, &all, i);
        }
        html_close(h, "ul");
        char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
        pages_proposals_path(m, "/locks", path);
        html_open(h, "div");
        html_attr(h, "class", "actions");
        control_link(v, path, visit_text(v, "Decided beforehand, refusals"),
                     false);
        html_close(h, "div");
        html_element(h, "h2", NULL, visit_text(v, "Side by side"));
        side_by_side(v, m, &all);
        who_would_change(v, m, &all);
        completion(v, m);
        reasons(v, m, &all);
        html_open(h, "p");
        html_attr(h, "class", "help");
        html_textf(h,
                   visit_text(v, "Lottery number of this meeting: %lld. With "
                                 "the same ballots it always gives the same "
                                 "pairs."),
                   (long long)m->meeting.seed);
        html_close(h, "p");
    }
    proposals_clear(&all);
}

/* --- by hand -------------------------------------------------------------- */

/* The mentors chosen in the form, by mentee row; false: it was no such form. */
static bool
chosen(struct visit *v, const struct meeting_desk *m, uint32_t *mentor_of)
{
    for (uint32_t e = 0; e < m->preferences.mentees; e++) {
        char name[FIELD_BYTES];
        (void)snprintf(name, sizeof(name), "e%" PRId64,
                       meeting_desk_mentee(m, e)->person);
        const char *value = request_form(v->rq, name);
        int64_t person = value ? strtoll(value, NULL, 10) : -1;
        mentor_of[e] = PREFERENCES_NOBODY;
        for (uint32_t t = 0; t < m->preferences.mentors; t++) {
            if (meeting_desk_mentor(m, t)->person == person) {
                mentor_of[e] = t;
            }
        }
        if (person < 0 || (person > 0 && mentor_of[e] == PREFERENCES_NOBODY)) {
            return false;
        }
    }
    return true;
}

static void
mentee_row(struct visit *v, const struct meeting_desk *m, uint32_t mentee,
           uint32_t mentor)
{
    struct html *h = &v->html;
    const struct store_participant *who = meeting_desk_mentee(m, mentee);
    char name[FIELD_BYTES];
    (void)snprintf(name, sizeof(name), "e%" PRId64, who->person);
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_open(h, "label");
    html_attr(h, "for", name);
    html_text(h, who->name);
    html_close(h, "label");
    html_close(h, "th");
    html_open(h, "td");
    html_open(h, "select");
    html_attr(h, "id", name);
    html_attr(h, "name", name);
    html_open(h, "option");
    html_attr(h, "value", "0");
    html_text(h, visit_text(v, "nobody"));
    html_close(h, "option");
    for (uint32_t t = 0; t < m->preferences.mentors; t++) {
        html_open(h, "option");
        html_attr_int(h, "value", (long)meeting_desk_mentor(m, t)->person);
        html_attr_flag(h, "selected", t == mentor);
        html_text(h, meeting_desk_mentor(m, t)->name);
        html_close(h, "option");
    }
    html_close(h, "select");
    html_close(h, "td");
    html_close(h, "tr");
}

static void
edit_form(struct visit *v, const struct meeting_desk *m,
          const uint32_t *mentor_of, bool may_fix)
{
    struct html *h = &v->html;
    char path[PAGES_PROPOSALS_PATH_MAX_BYTES];
    pages_proposals_path(m, "/pairs", path);
    control_form_bare(v, path);
    html_open(h, "table");
    for (uint32_t e = 0; e < m->preferences.mentees; e++) {
        mentee_row(v, m, e, mentor_of[e]);
    }
    html_close(h, "table");
    html_open(h, "div");
    html_attr(h, "class", "actions");
    html_open(h, "button");
    html_attr(h, "name", "what");
    html_attr(h, "value", "check");
    html_text(h, visit_text(v, "Check these pairs"));
    html_close(h, "button");
    if (may_fix) {
        html_open(h, "button");
        html_attr(h, "class", "primary");
        html_attr(h, "name", "what");
        html_attr(h, "value", "fix");
        html_text(h, visit_text(v, "Fix them and remove the ballots"));
        html_close(h, "button");
    }
    html_close(h, "div");
    control_form_end(v);
    html_element(h, "p", "help",
                 visit_text(v, "After fixing, nobody can see any more who "
                               "chose whom; the reasons on the page before "
                               "go with the ballots."));
}

static enum status
fix(struct visit *v, struct meeting_desk *m, const uint32_t *mentor_of)
{
    const int64_t now_ms = desk_now_ms(v->desk);
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    for (uint32_t e = 0; e < m->preferences.mentees && st == STATUS_OK; e++) {
        int64_t id = 0;
        if (mentor_of[e] != PREFERENCES_NOBODY) {
            st = store_pair_add(
                w,
                &(const struct store_pair){
                    .meeting = m->meeting.id,
                    .mentee = meeting_desk_mentee(m, e)->person,
                    .mentor = meeting_desk_mentor(m, mentor_of[e])->person,
                    .fixed_ms = now_ms},
                &id);
        }
    }
    if (st == STATUS_OK) {
        st = store_meeting_fix(w, m->meeting.id, now_ms);
    }
    st = visit_written(v, st, "pairs", m->meeting.title);
    return st == STATUS_OK ? visit_forget(v) : st;
}

static void
take_edit(struct visit *v, struct meeting_desk *m, uint32_t *mentor_of)
{
    struct checker judged = {0};
    const char *what = request_form(v->rq, "what");
    bool wants_fix = what && strcmp(what, "fix") == 0;
    if (!chosen(v, m, mentor_of)) {
        visit_message(v, 422, visit_text(v, "Please try again"),
                      visit_text(v, "These pairs name people who are not in "
                                    "the meeting. Open the page anew."));
        return;
    }
    enum status st = checker_run(&m->preferences, mentor_of, &judged);
    if (st >= 0 && wants_fix && judged.overfull == 0) {
        st = fix(v, m, mentor_of);
        if (st >= 0) {
            response_redirect(v->rs, "/pairs");
        }
    } else if (st >= 0) {
        v->rs->status = wants_fix ? 422 : 200;
        visit_page(v, v->rq->path, visit_text(v, "Pairs by hand"));
        bool broken = proposal_faults(v, m, &judged);
        edit_form(v, m, mentor_of, !broken);
    }
    if (st < 0) {
        visit_failed(v, st);
    }
    checker_deinit(&judged);
}

void
pages_proposals_edit(struct visit *v, struct meeting_desk *m)
{
    struct proposals all = {0};
    if (m->meeting.fixed_ms) {
        response_redirect(v->rs, "/pairs");
        return;
    }
    if (ready(v, m, &all)) {
        const char *from = request_query(v->rq, "from");
        size_t i = from ? strtoul(from, NULL, 10) : 0;
        uint32_t *mentor_of =
            calloc((size_t)m->preferences.mentees + 1, sizeof(*mentor_of));
        if (!mentor_of) {
            visit_failed(v, log_oom("web"));
        } else if (v->rq->method == REQUEST_POST) {
            take_edit(v, m, mentor_of);
        } else {
            i = i < KINDS ? i : 0;
            visit_page(v, v->rq->path, visit_text(v, "Pairs by hand"));
            (void)proposal_faults(v, m, &all.judged[i]);
            edit_form(v, m, all.x[i].mentor_of, true);
        }
        free(mentor_of);
    }
    proposals_clear(&all);
}
