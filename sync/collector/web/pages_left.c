#include "collector/web/pages_left.h"

#include "base/buf.h"
#include "collector/matching/explanation.h"
#include "collector/web/meeting_desk.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024)

static void
left_item(struct visit *v, const struct meeting_desk *m,
          const struct explanation *n, uint32_t mentee, struct buf *text)
{
    struct html *h = &v->html;
    const struct store_participant *who = meeting_desk_mentee(m, mentee);
    const uint32_t best = explanation_next_best(n, mentee);
    html_open(h, "li");
    html_element(h, "strong", NULL, who->name);
    if (*who->topics) {
        html_textf(h, visit_text(v, " asks for: %s"), who->topics);
    }
    buf_clear(text);
    explanation_of_mentee(n, mentee, text);
    html_element(h, "p", NULL, text->data);
    if (best != PREFERENCES_NOBODY) {
        html_open(h, "p");
        html_textf(h, visit_text(v, "Next best to talk to: %s"),
                   meeting_desk_mentor(m, best)->name);
        html_close(h, "p");
    }
    html_close(h, "li");
}

static void
left_list(struct visit *v, const struct meeting_desk *m,
          const struct proposal *x, const struct explanation *n)
{
    struct html *h = &v->html;
    struct buf text;
    html_open(h, "h2");
    html_textf(h, visit_text(v, "Not fixed yet: %s"), m->meeting.title);
    html_close(h, "h2");
    if (x->size == m->preferences.mentees) {
        html_element(h, "p", NULL,
                     visit_text(v, "By the first proposal nobody is left."));
        return;
    }
    html_element(h, "p", NULL,
                 visit_text(v, "Who would be left by the first proposal:"));
    buf_init(&text, TEXT_MAX_BYTES);
    html_open(h, "ul");
    html_attr(h, "class", "comments");
    for (uint32_t e = 0; e < m->preferences.mentees; e++) {
        if (x->mentor_of[e] == PREFERENCES_NOBODY) {
            left_item(v, m, n, e, &text);
        }
    }
    html_close(h, "ul");
    buf_deinit(&text);
}

static enum status
left_of(struct visit *v, int64_t meeting)
{
    struct meeting_desk m = {0};
    struct proposal x = {0};
    struct explanation why = {0};
    struct diag d;
    diag_init(&d, v->lang);
    enum status st = meeting_desk_load(v->reader, meeting, &m);
    if (st == STATUS_OK) {
        st = meeting_desk_weigh(v->reader, v->desk->catalogue, &m, &d);
    }
    if (st == STATUS_OK) {
        st = meeting_desk_propose(&m, PROPOSAL_MAX_SCORE, &x);
    }
    if (st >= 0) {
        meeting_desk_name(&m);
        st = explanation_init(&why, &m.preferences, &x, v->lang);
    }
    if (st >= 0) {
        left_list(v, &m, &x, &why);
    }
    explanation_deinit(&why);
    proposal_deinit(&x);
    meeting_desk_clear(&m);
    diag_deinit(&d);
    /* Locks that contradict each other are said to the coordinator. */
    return st == STATUS_E_INVALID || st >= 0 ? STATUS_OK : st;
}

enum status
pages_left(struct visit *v)
{
    struct store_meeting *met = NULL;
    size_t count = 0;
    int64_t open = 0;
    enum status st = store_meetings(v->reader, &met, &count);
    for (size_t i = 0; i < count && open == 0; i++) {
        if (met[i].closed_ms != 0 && met[i].fixed_ms == 0) {
            open = met[i].id; /* the newest comes first */
        }
    }
    store_meetings_free(met, count);
    return st == STATUS_OK && open != 0 ? left_of(v, open) : st;
}
