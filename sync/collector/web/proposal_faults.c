#include "collector/web/proposal_faults.h"

void
proposal_faults_pairs(struct visit *v, const struct meeting_desk *m,
                      const struct checker_pairs *pairs, const char *title)
{
    struct html *h = &v->html;
    if (pairs->count == 0) {
        return;
    }
    html_element(h, "p", NULL, title);
    html_open(h, "ul");
    for (uint32_t i = 0; i < pairs->count; i++) {
        html_open(h, "li");
        html_textf(h, "%s — %s",
                   meeting_desk_mentee(m, pairs->pair[i].mentee)->name,
                   meeting_desk_mentor(m, pairs->pair[i].mentor)->name);
        html_close(h, "li");
    }
    html_close(h, "ul");
}

bool
proposal_faults(struct visit *v, const struct meeting_desk *m,
                const struct checker *judged)
{
    struct html *h = &v->html;
    const struct checker_pairs *blocking = &judged->blocking[CHECKER_WEAK];
    if (judged->overfull == 0 && judged->unkept == 0 && judged->too_small == 0
        && judged->invalid.count == 0 && blocking->count == 0) {
        html_element(h, "p", "lead",
                     visit_text(v, "Nobody in these pairs would rather "
                                   "change."));
        return false;
    }
    html_open(h, "div");
    html_attr(h, "class", "warning");
    html_attr(h, "role", "alert");
    if (judged->overfull > 0) {
        html_element(h, "p", NULL,
                     visit_text(v, "A mentor has more people than places. "
                                   "Change that first."));
    }
    if (judged->too_small > 0) {
        html_element(h, "p", NULL,
                     visit_text(v, "A group is smaller than its mentor asked "
                                   "for."));
    }
    if (judged->unkept > 0) {
        html_element(h, "p", NULL,
                     visit_text(v, "A pair that was fixed beforehand is not "
                                   "together."));
    }
    proposal_faults_pairs(
        v, m, &judged->invalid,
        visit_text(v, "They did not choose each other, or one of them "
                      "said “not with”:"));
    proposal_faults_pairs(v, m, blocking,
                          visit_text(v, "They would both rather be together:"));
    html_close(h, "div");
    return judged->overfull > 0;
}
