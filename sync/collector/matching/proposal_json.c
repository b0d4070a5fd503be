#include "collector/matching/proposal_json.h"

#include "collector/matching/explanation.h"

#define TEXT_MAX_BYTES 4096

static json_t *
mentor_id(const struct preferences *p, uint32_t m)
{
    return m == PREFERENCES_NOBODY ? json_null() : json_string(p->mentor_id[m]);
}

/* Text written by `buf` so far, as a string; the buf is emptied. */
static json_t *
take_text(struct buf *b)
{
    json_t *text = json_stringn(b->data, b->len);
    buf_clear(b);
    return text;
}

static json_t *
pair_list(const struct preferences *p, const struct checker_pairs *pairs)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pairs->count; i++) {
        json_array_append_new(
            list, json_pack("[s, s]", p->mentee_id[pairs->pair[i].mentee],
                            p->mentor_id[pairs->pair[i].mentor]));
    }
    return list;
}

static json_t *
missed_list(const struct explanation *n, uint32_t e, struct buf *b)
{
    json_t *missed = json_array();
    const struct preferences_list *list = &n->p->mentee_list[e];
    for (uint32_t i = 0; i < list->count; i++) {
        if (explanation_missed(n, e, i, b)) {
            json_array_append_new(missed,
                                  json_pack("{s: s, s: o}", "id",
                                            n->p->mentor_id[list->entry[i].who],
                                            "why", take_text(b)));
        }
    }
    return missed;
}

static json_t *
mentee_list(const struct explanation *n, struct buf *b)
{
    json_t *list = json_array();
    for (uint32_t e = 0; e < n->p->mentees; e++) {
        explanation_of_mentee(n, e, b);
        json_t *why = take_text(b);
        json_array_append_new(
            list, json_pack("{s: s, s: o, s: i, s: o, s: o}", "id",
                            n->p->mentee_id[e], "mentor",
                            mentor_id(n->p, n->x->mentor_of[e]), "choice",
                            (int)explanation_choice(n, e), "why", why, "missed",
                            missed_list(n, e, b)));
    }
    return list;
}

static json_t *
unmatched_list(const struct explanation *n, struct buf *b)
{
    json_t *list = json_array();
    for (uint32_t e = 0; e < n->p->mentees; e++) {
        if (n->x->mentor_of[e] == PREFERENCES_NOBODY) {
            explanation_of_mentee(n, e, b);
            json_array_append_new(
                list, json_pack("{s: s, s: o, s: o}", "id", n->p->mentee_id[e],
                                "why", take_text(b), "next",
                                mentor_id(n->p, explanation_next_best(n, e))));
        }
    }
    return list;
}

static json_t *
mentor_list(const struct explanation *n, struct buf *b)
{
    json_t *list = json_array();
    for (uint32_t m = 0; m < n->p->mentors; m++) {
        explanation_of_mentor(n, m, b);
        json_array_append_new(list, json_pack("{s: s, s: [], s: i, s: o}", "id",
                                              n->p->mentor_id[m], "mentees",
                                              "free", (int)n->free_places[m],
                                              "why", take_text(b)));
    }
    for (uint32_t e = 0; e < n->p->mentees; e++) {
        if (n->x->mentor_of[e] != PREFERENCES_NOBODY) {
            json_t *mentor = json_array_get(list, n->x->mentor_of[e]);
            json_array_append_new(json_object_get(mentor, "mentees"),
                                  json_string(n->p->mentee_id[e]));
        }
    }
    return list;
}

static json_t *
step_list(const struct preferences *p, const struct proposal *x)
{
    json_t *list = json_array();
    const struct hrt *h = &x->h;
    for (uint32_t i = 0; i < x->reduction.steps; i++) {
        const struct reduction_step *s = &x->reduction.step[i];
        const struct hrt_pair *gone = &h->pair[s->pair];
        const struct hrt_pair *why = &h->pair[s->because];
        json_array_append_new(
            list, json_pack("[s, s, s, s, s]",
                            p->mentee_id[h->mentee_row[gone->mentee]],
                            p->mentor_id[h->mentor_row[gone->mentor]],
                            s->offered ? "offer" : "apply",
                            p->mentee_id[h->mentee_row[why->mentee]],
                            p->mentor_id[h->mentor_row[why->mentor]]));
    }
    return list;
}

static json_t *
certificate(const struct preferences *p, const struct proposal *x)
{
    json_t *mentees = json_array();
    json_t *mentors = json_array();
    const struct hrt *h = &x->h;
    for (uint32_t e = 0; e < h->mentees; e++) {
        if (x->cover.mentee[e]) {
            json_array_append_new(mentees,
                                  json_string(p->mentee_id[h->mentee_row[e]]));
        }
    }
    for (uint32_t m = 0; m < h->mentors; m++) {
        if (x->cover.mentor[m]) {
            json_array_append_new(mentors,
                                  json_string(p->mentor_id[h->mentor_row[m]]));
        }
    }
    return json_pack("{s: o, s: {s: o, s: o}, s: i}", "deleted",
                     step_list(p, x), "cover", "mentees", mentees, "mentors",
                     mentors, "bound", (int)x->cover.bound);
}

static json_t *
matching_object(const struct preferences *p, const struct proposal *x)
{
    json_t *matching = json_object();
    for (uint32_t e = 0; e < p->mentees; e++) {
        json_object_set_new(matching, p->mentee_id[e],
                            mentor_id(p, x->mentor_of[e]));
    }
    return matching;
}

static json_t *
closed_list(const struct preferences *p, const struct proposal *x)
{
    json_t *list = json_array();
    for (uint32_t m = 0; m < p->mentors; m++) {
        if (x->closed[m]) {
            json_array_append_new(list, json_string(p->mentor_id[m]));
        }
    }
    return list;
}

enum status
proposal_json_write(const struct preferences *p, const struct proposal *x,
                    const struct proposal_options *options, enum i18n_lang lang,
                    json_t **out)
{
    struct explanation n = {0};
    struct checker c = {0};
    struct buf b;
    json_t *root = NULL;
    buf_init(&b, TEXT_MAX_BYTES);
    *out = NULL;
    enum status st = explanation_init(&n, p, x, lang);
    if (st < 0) {
        goto out;
    }
    st = checker_run(p, x->mentor_of, &c);
    if (st < 0) {
        goto out;
    }
    root = json_pack(
        "{s:o, s:i, s:b, s:i, s:b, s:I, s:o, s:o, s:o, s:s, s:o, s:i, s:i, "
        "s:o, s:o, s:o}",
        "matching", matching_object(p, x), "size", (int)x->size, "stable",
        c.blocking[CHECKER_WEAK].count == 0, "size_bound", (int)x->size_bound,
        "optimal", x->optimal, "score", (json_int_t)x->score, "score_bound",
        x->score_bound == INT64_MAX ? json_null()
                                    : json_integer(x->score_bound),
        "unmatched", unmatched_list(&n, &b), "blocking",
        pair_list(p, &c.blocking[CHECKER_WEAK]), "objective",
        proposal_objective_name(options->objective), "seed",
        json_integer((json_int_t)options->seed), "components",
        (int)x->components, "kept", (int)x->kept, "closed", closed_list(p, x),
        "mentees", mentee_list(&n, &b), "mentors", mentor_list(&n, &b));
    if (root && options->objective != PROPOSAL_FLOW
        && x->h.pairs <= PROPOSAL_JSON_CERTIFICATE_MAX_PAIRS) {
        json_object_set_new(root, "certificate", certificate(p, x));
    }
    st = root ? STATUS_OK : STATUS_E_NOMEM;
    *out = root;
out:
    buf_deinit(&b);
    checker_deinit(&c);
    explanation_deinit(&n);
    return st;
}

enum status
proposal_json_check(const struct preferences *p, const struct checker *c,
                    enum status proof, json_t **out)
{
    const bool valid = c->invalid.count == 0 && c->overfull == 0
                       && c->unkept == 0 && c->too_small == 0;
    *out = json_pack(
        "{s:b, s:b, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:o}", "valid", valid,
        "stable", c->blocking[CHECKER_WEAK].count == 0, "blocking",
        pair_list(p, &c->blocking[CHECKER_WEAK]), "blocking_strong",
        pair_list(p, &c->blocking[CHECKER_STRONG]), "blocking_super",
        pair_list(p, &c->blocking[CHECKER_SUPER]), "not_acceptable",
        pair_list(p, &c->invalid), "overfull", (int)c->overfull, "unkept",
        (int)c->unkept, "too_small", (int)c->too_small, "bound_proven",
        proof == STATUS_NONE ? json_null() : json_boolean(proof == STATUS_OK));
    if (*out) {
        json_object_set(*out, "blocking_weak",
                        json_object_get(*out, "blocking"));
    }
    return *out ? STATUS_OK : STATUS_E_NOMEM;
}
