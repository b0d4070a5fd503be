#include "collector/matching/ballots_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/matching/committee.h"
#include "collector/matching/lottery.h"
#include "collector/matching/pairwise.h"
#include "collector/matching/stv.h"

/* ---- reading ---- */

static enum status
fault(struct diag *d, const char *path, const char *text)
{
    return diag_add(d, DIAG_ERROR, &(struct diag_where){.path = path}, "%s",
                    i18n_text(d ? d->lang : I18N_EN, text));
}

static enum status
read_kind(const json_t *root, struct diag *d, enum ballots_kind *out)
{
    static const char *const names[] = {"ranked", "approval", "stv"};
    const char *kind = json_string_value(json_object_get(root, "kind"));
    for (size_t i = 0; kind && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(kind, names[i]) == 0) {
            *out = (enum ballots_kind)i;
            return STATUS_OK;
        }
    }
    return fault(d, "kind", N_("“kind” has to be ranked, approval or stv"));
}

static bool
names_are_good(const json_t *names)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (!name || !*name) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(name, json_string_value(json_array_get(names, k)))
                == 0) {
                return false;
            }
        }
    }
    return true;
}

/* The number of candidates; their names, if given, are kept. */
static enum status
read_candidates(json_t *root, struct diag *d, struct ballots_json *out,
                uint32_t *out_count)
{
    json_t *value = json_object_get(root, "candidates");
    json_int_t count = json_integer_value(value);
    if (json_is_array(value)) {
        count = (json_int_t)json_array_size(value);
        if (count <= BALLOTS_MAX_CANDIDATES && !names_are_good(value)) {
            return fault(d, "candidates",
                         N_("names of candidates are texts, no two alike"));
        }
        out->names = json_incref(value);
    }
    if (count < 1 || count > BALLOTS_MAX_CANDIDATES) {
        return diag_add(d, DIAG_ERROR,
                        &(struct diag_where){.path = "candidates"},
                        N_("there have to be from 1 to %d candidates"),
                        BALLOTS_MAX_CANDIDATES);
    }
    *out_count = (uint32_t)count;
    return STATUS_OK;
}

static uint32_t
candidate_of(const struct ballots_json *b, const json_t *value)
{
    if (json_is_integer(value)) {
        const json_int_t n = json_integer_value(value);
        return n >= 0 && n < (json_int_t)b->ballots.candidates ? (uint32_t)n
                                                               : UINT32_MAX;
    }
    const char *name = json_string_value(value);
    for (uint32_t i = 0; name && i < json_array_size(b->names); i++) {
        if (strcmp(name, json_string_value(json_array_get(b->names, i))) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

static bool
read_group(const struct ballots_json *b, const json_t *group, uint8_t rank,
           uint8_t *ranks)
{
    if (!json_is_array(group)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(group); i++) {
        const uint32_t c = candidate_of(b, json_array_get(group, i));
        if (c == UINT32_MAX || ranks[c] != BALLOTS_UNRANKED) {
            return false;
        }
        ranks[c] = rank;
    }
    return true;
}

static bool
read_ballot(const struct ballots_json *b, const json_t *ballot, uint8_t *ranks)
{
    if (b->kind == BALLOTS_APPROVAL) {
        return read_group(b, ballot, 0, ranks);
    }
    const size_t groups = json_array_size(ballot);
    bool good = json_is_array(ballot) && groups < BALLOTS_UNRANKED;
    for (size_t g = 0; g < groups && good; g++) {
        good = read_group(b, json_array_get(ballot, g), (uint8_t)g, ranks);
    }
    return good;
}

static bool
is_blank(const struct ballots *b, uint32_t ballot)
{
    const uint8_t *ranks = ballots_at(b, ballot);
    for (uint32_t c = 0; c < b->candidates; c++) {
        if (ranks[c] != BALLOTS_UNRANKED) {
            return false;
        }
    }
    return true;
}

static enum status
read_ballots(const json_t *list, struct diag *d, struct ballots_json *out)
{
    for (uint32_t i = 0; i < out->ballots.count; i++) {
        if (!read_ballot(out, json_array_get(list, i),
                         ballots_at(&out->ballots, i))) {
            return diag_add(d, DIAG_ERROR,
                            &(struct diag_where){
                                .path = "ballots",
                                .row = (int)i + 1,
                            },
                            N_("the ballot names an unknown candidate, names "
                               "one twice, or is not a list as its kind "
                               "demands"));
        }
        out->blank += is_blank(&out->ballots, i);
    }
    return STATUS_OK;
}

enum status
ballots_json_read(json_t *root, struct diag *d, struct ballots_json *out)
{
    const json_t *list = json_object_get(root, "ballots");
    const json_t *seats = json_object_get(root, "seats");
    uint32_t candidates = 0;
    *out = (struct ballots_json){.seats = 1};
    if (!json_is_array(list) || json_array_size(list) > BALLOTS_MAX) {
        return fault(d, "ballots",
                     N_("“ballots” has to be a list of at most a million"));
    }
    enum status st = read_kind(root, d, &out->kind);
    if (st >= 0) {
        st = read_candidates(root, d, out, &candidates);
    }
    if (st >= 0 && seats) {
        const json_int_t n = json_integer_value(seats);
        if (n < 1 || n > candidates) {
            st = fault(d, "seats",
                       N_("there have to be at least one seat and "
                          "no more seats than candidates"));
        }
        out->seats = (uint32_t)n;
    }
    if (st >= 0) {
        st = ballots_init(&out->ballots, candidates,
                          (uint32_t)json_array_size(list));
    }
    if (st >= 0) {
        st = read_ballots(list, d, out);
    }
    if (st < 0) {
        ballots_json_deinit(out);
    }
    return st;
}

void
ballots_json_deinit(struct ballots_json *b)
{
    ballots_deinit(&b->ballots);
    json_decref(b->names);
    b->names = NULL;
}

/* ---- counting ---- */

static json_t *
candidate_json(const struct ballots_json *b, uint32_t c)
{
    return b->names ? json_incref(json_array_get(b->names, c))
                    : json_integer(c);
}

static json_t *
set_json(const struct ballots_json *b, uint64_t set)
{
    json_t *list = json_array();
    for (uint32_t c = 0; c < b->ballots.candidates; c++) {
        if (set & ballots_bit(c)) {
            json_array_append_new(list, candidate_json(b, c));
        }
    }
    return list;
}

/* Every candidate's lottery number, by name, or by number as text. */
static void
draw_lots(const struct ballots_json *b, uint64_t seed, uint64_t *lot)
{
    for (uint32_t c = 0; c < b->ballots.candidates; c++) {
        char number[16];
        (void)snprintf(number, sizeof(number), "%u", c);
        const char *name = json_string_value(json_array_get(b->names, c));
        lot[c] = lottery_number(seed, name ? name : number);
    }
}

/* Which of several equal sets: the first by the lottery of its members. */
static uint64_t
draw_set(const struct ballots_json *b, const uint64_t *set, uint32_t count,
         const uint64_t *lot)
{
    uint64_t left = 0;
    uint64_t chosen = 0;
    for (uint32_t i = 0; i < count; i++) {
        left |= set[i];
    }
    /* Take in by lottery whoever leaves at least one of the sets possible. */
    while (left) {
        uint32_t best = UINT32_MAX;
        for (uint32_t c = 0; c < b->ballots.candidates; c++) {
            if ((left & ballots_bit(c))
                && (best == UINT32_MAX || lot[c] < lot[best])) {
                best = c;
            }
        }
        const uint64_t with = chosen | ballots_bit(best);
        left &= ~ballots_bit(best);
        for (uint32_t i = 0; i < count; i++) {
            if ((set[i] & with) == with) {
                chosen = with;
                break;
            }
        }
    }
    return chosen;
}

static json_t *
decision(const struct ballots_json *b, const char *rule, const uint64_t *set,
         uint32_t count, const uint64_t *seed)
{
    uint64_t lot[BALLOTS_MAX_CANDIDATES];
    const bool tied = count != 1;
    json_t *sets = json_array();
    for (uint32_t i = 0; i < count; i++) {
        json_array_append_new(sets, set_json(b, set[i]));
    }
    draw_lots(b, seed ? *seed : 0, lot);
    json_t *winners = tied && (!seed || count == 0)
                          ? json_null()
                          : set_json(b, draw_set(b, set, count, lot));
    return json_pack("{s: s, s: b, s: o, s: o, s: o}", "rule", rule, "tied",
                     tied, "candidates", sets, "winners", winners, "seed",
                     tied && seed ? json_integer((json_int_t)*seed)
                                  : json_null());
}

static json_t *
table(const struct pairwise *p, bool margins)
{
    json_t *rows = json_array();
    for (uint32_t x = 0; x < p->candidates; x++) {
        json_t *row = json_array();
        for (uint32_t y = 0; y < p->candidates; y++) {
            const int64_t value =
                margins ? pairwise_margin(p, x, y)
                        : p->prefers[(size_t)x * p->candidates + y];
            json_array_append_new(row, json_integer(value));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

/* Doubled points back: whole where they are, else with a half, both exact. */
static json_t *
borda_scores(const struct pairwise *p)
{
    json_t *list = json_array();
    for (uint32_t c = 0; c < p->candidates; c++) {
        const int64_t twice = p->borda_doubled[c];
        json_array_append_new(list, twice % 2 == 0
                                        ? json_integer(twice / 2)
                                        : json_real((double)twice / 2));
    }
    return list;
}

static json_t *
score_list(const int64_t *score, uint32_t count)
{
    json_t *list = json_array();
    for (uint32_t c = 0; c < count; c++) {
        json_array_append_new(list, json_integer(score[c]));
    }
    return list;
}

static enum status
count_ranked(const struct ballots_json *b, const uint64_t *seed, json_t *out)
{
    struct pairwise p;
    enum status st = pairwise_count(&b->ballots, &p);
    if (st < 0) {
        return st;
    }
    uint64_t winner[BALLOTS_MAX_CANDIDATES];
    uint32_t winners = 0;
    for (uint32_t c = 0; c < p.candidates; c++) {
        if (p.schulze & ballots_bit(c)) {
            winner[winners++] = ballots_bit(c);
        }
    }
    json_t *decided = decision(b, "schulze", winner, winners, seed);
    json_t *irv_put = p.irv_put_known ? set_json(b, p.irv_put) : json_null();
    json_t *ranked_pairs =
        p.ranked_pairs_defined ? set_json(b, p.ranked_pairs) : json_null();
    json_t *all = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o}",
        "decision", decided, "condorcet", set_json(b, p.condorcet), "schulze",
        set_json(b, p.schulze), "copeland", set_json(b, p.copeland),
        "copeland_scores", score_list(p.copeland_score, p.candidates),
        "minimax", set_json(b, p.minimax), "ranked_pairs", ranked_pairs,
        "borda", set_json(b, p.borda), "borda_scores", borda_scores(&p),
        "plurality", set_json(b, p.plurality), "irv_all_tied_removed",
        set_json(b, p.irv), "irv_put", irv_put, "margins", table(&p, true),
        "pairwise", table(&p, false));
    if (all) {
        json_object_set_new(all, "irv_truncated", set_json(b, p.irv));
        json_object_update(out, all);
        json_decref(all);
    } else {
        st = STATUS_E_NOMEM;
    }
    pairwise_deinit(&p);
    return st;
}

static json_t *
committee_json(const struct ballots_json *b, const struct committee *c)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < c->count; i++) {
        json_array_append_new(list, set_json(b, c->set[i]));
    }
    return list;
}

static enum status
count_approval(const struct ballots_json *b, const uint64_t *seed, json_t *out)
{
    int64_t approvals[BALLOTS_MAX_CANDIDATES] = {0};
    enum status st = STATUS_OK;
    for (uint32_t i = 0; i < b->ballots.count; i++) {
        const uint8_t *ranks = ballots_at(&b->ballots, i);
        for (uint32_t c = 0; c < b->ballots.candidates; c++) {
            approvals[c] += ranks[c] == 0;
        }
    }
    json_object_set_new(out, "approvals",
                        score_list(approvals, b->ballots.candidates));
    for (int r = 0; r < COMMITTEE_RULE_COUNT && st >= 0; r++) {
        const enum committee_rule rule = (enum committee_rule)r;
        struct committee c = {0};
        st = committee_count(&b->ballots, rule, b->seats, &c);
        const bool too_many = st == STATUS_E_LIMIT;
        json_object_set_new(out, committee_rule_name(rule),
                            too_many ? json_null() : committee_json(b, &c));
        if (rule == COMMITTEE_AV) {
            json_object_set_new(out, "decision",
                                decision(b, "av", c.set, c.count, seed));
        }
        committee_deinit(&c);
        st = too_many ? STATUS_OK : st;
    }
    return st;
}

static const char *
action_name(enum stv_action action)
{
    switch (action) {
    case STV_COUNT:
        return "count";
    case STV_SURPLUS:
        return "surplus";
    case STV_EXCLUDED:
        return "excluded";
    case STV_FILLED:
        return "filled";
    }
    return "count";
}

static json_t *
round_json(const struct ballots_json *b, const struct stv_round *r)
{
    json_t *votes = json_array();
    for (uint32_t c = 0; c < b->ballots.candidates; c++) {
        json_array_append_new(votes,
                              json_sprintf("%lld.%05lld",
                                           (long long)r->votes[c] / STV_UNIT,
                                           (long long)r->votes[c] % STV_UNIT));
    }
    const bool named = r->action == STV_SURPLUS || r->action == STV_EXCLUDED;
    return json_pack(
        "{s:s, s:o, s:b, s:o, s:o, s:o, s:o}", "action", action_name(r->action),
        "candidate", named ? candidate_json(b, r->candidate) : json_null(),
        "by_lottery", r->by_lottery, "elected", set_json(b, r->elected),
        "excluded", set_json(b, r->excluded), "votes", votes, "exhausted",
        json_sprintf("%lld.%05lld", (long long)r->exhausted / STV_UNIT,
                     (long long)r->exhausted % STV_UNIT));
}

static enum status
count_stv(const struct ballots_json *b, const uint64_t *seed, json_t *out)
{
    uint64_t lot[BALLOTS_MAX_CANDIDATES];
    struct stv *s = malloc(sizeof(*s));
    if (!s) {
        return STATUS_E_NOMEM;
    }
    draw_lots(b, seed ? *seed : 1, lot);
    enum status st = stv_count(&b->ballots, b->seats, lot, s);
    if (st >= 0) {
        json_t *rounds = json_array();
        bool drawn = false;
        for (uint32_t i = 0; i < s->rounds; i++) {
            json_array_append_new(rounds, round_json(b, &s->round[i]));
            drawn = drawn || s->round[i].by_lottery;
        }
        json_object_set_new(out, "stv_scottish", set_json(b, s->elected));
        json_object_set_new(out, "quota", json_integer(s->quota / STV_UNIT));
        json_object_set_new(out, "valid", json_integer(s->valid));
        json_object_set_new(out, "rounds", rounds);
        json_object_set_new(out, "by_lottery", json_boolean(drawn));
        json_object_set_new(out, "decision",
                            decision(b, "stv_scottish", &s->elected, 1, seed));
    }
    free(s);
    return st;
}

enum status
ballots_json_count(const struct ballots_json *b, const uint64_t *seed,
                   json_t **out)
{
    static const char *const kinds[] = {"ranked", "approval", "stv"};
    *out = json_pack("{s:s, s:i, s:i, s:i, s:i}", "kind", kinds[b->kind],
                     "candidates", (int)b->ballots.candidates, "seats",
                     (int)b->seats, "ballots", (int)b->ballots.count, "blank",
                     (int)b->blank);
    if (!*out) {
        return STATUS_E_NOMEM;
    }
    enum status st = STATUS_OK;
    switch (b->kind) {
    case BALLOTS_RANKED:
        st = count_ranked(b, seed, *out);
        break;
    case BALLOTS_APPROVAL:
        st = count_approval(b, seed, *out);
        break;
    case BALLOTS_STV:
        st = count_stv(b, seed, *out);
        break;
    }
    if (st < 0) {
        json_decref(*out);
        *out = NULL;
    }
    return st;
}
