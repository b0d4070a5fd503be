#include "collector/web/pages_votes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/ingest/catalogue.h"
#include "collector/matching/ballots.h"
#include "collector/matching/lottery.h"
#include "collector/matching/pairwise.h"
#include "collector/matching/stv.h"
#include "collector/summary/suppress.h"
#include "collector/web/control.h"
#include "collector/web/first_look.h"
#include "collector/web/visit.h"

#define PATH_MAX_BYTES 512
#define KEY_MAX_BYTES 320
#define SEED_BOUND 1000000u
#define UNDECIDED SIZE_MAX

/* One question of the wave, as ballots. */
struct vote {
    const struct catalogue_form *form; /* borrowed */
    size_t field;
    size_t lang; /* of the form */
    bool ranked;
    struct ballots ballots;
    uint32_t cast; /* ballots that name somebody */
    uint64_t lot[BALLOTS_MAX_CANDIDATES];
};

struct votes {
    struct store_wave wave;
    int64_t seed; /* 0: no lots drawn */
    uint32_t seats;
    int64_t issued;
    int64_t used;
};

/* --- reading -------------------------------------------------------------- */

static bool
is_vote(const struct catalogue_form *form, size_t field)
{
    struct form_field f;
    form_field_get(form->form, field, &f);
    enum catalogue_count count = form->field[field].count;
    return f.choice_count > 1 && f.choice_count <= BALLOTS_MAX_CANDIDATES
           && !f.in_repeat && !form->field[field].group
           && (count == CATALOGUE_COUNT_CHOICE
               || count == CATALOGUE_COUNT_CHOICES
               || count == CATALOGUE_COUNT_RANK);
}

/* Names of one cell, in order; for approval all share the first place. */
static enum status
take_ballot(void *self, const char *const *cell, size_t count)
{
    struct vote *v = self;
    const struct catalogue_field *field = &v->form->field[v->field];
    if (count == 0 || !cell[0] || v->cast == v->ballots.count) {
        return STATUS_OK;
    }
    uint8_t *rank = ballots_at(&v->ballots, v->cast);
    uint8_t place = 0;
    for (const char *at = cell[0]; *at;) {
        size_t len = strcspn(at, " ");
        size_t choice =
            len > 0 ? catalogue_choice_find(field, at, len) : SIZE_MAX;
        if (choice < v->ballots.candidates) {
            rank[choice] = place;
            place = (uint8_t)(place + v->ranked);
        }
        at += len + (at[len] == ' ');
    }
    v->cast++;
    return STATUS_OK;
}

static enum status
vote_read(struct store *reader, const struct votes *all,
          const struct catalogue_form *form, size_t field, size_t lang,
          struct vote *out)
{
    struct form_field f;
    form_field_get(form->form, field, &f);
    *out = (struct vote){
        .form = form,
        .field = field,
        .lang = lang,
        .ranked = form->field[field].count == CATALOGUE_COUNT_RANK,
    };
    const uint32_t read = (uint32_t)field;
    enum status st = ballots_init(&out->ballots, (uint32_t)f.choice_count,
                                  (uint32_t)all->wave.answers);
    if (st == STATUS_OK) {
        st = store_answers_each(reader, all->wave.id, &read, 1, take_ballot,
                                out);
    }
    out->ballots.count = st >= 0 ? out->cast : out->ballots.count;
    for (uint32_t c = 0; c < out->ballots.candidates; c++) {
        out->lot[c] = lottery_number((uint64_t)all->seed,
                                     form_choice_name(form->form, field, c));
    }
    return st < 0 ? st : STATUS_OK;
}

/* --- writing -------------------------------------------------------------- */

static const char *
candidate(const struct vote *vote, size_t c)
{
    return form_choice_label(vote->form->form, vote->field, c, vote->lang);
}

/* A column for each candidate, after one for the head of the row. */
static void
candidate_table(struct visit *v, const char *label, const char *corner,
                const struct vote *vote)
{
    struct html *h = &v->html;
    control_table(v, label, NULL, 0);
    html_open(h, "tr");
    html_element(h, "td", NULL, corner);
    for (uint32_t c = 0; c < vote->ballots.candidates; c++) {
        html_open(h, "th");
        html_attr(h, "scope", "col");
        html_text(h, candidate(vote, c));
        html_close(h, "th");
    }
    html_close(h, "tr");
}

static void
number_cell(struct visit *v, int64_t n)
{
    html_open(&v->html, "td");
    html_attr(&v->html, "class", "number");
    html_textf(&v->html, "%lld", (long long)n);
    html_close(&v->html, "td");
}

static void
row_head(struct visit *v, const char *text)
{
    html_open(&v->html, "th");
    html_attr(&v->html, "scope", "row");
    html_text(&v->html, text);
    html_close(&v->html, "th");
}

/* Do (almost) all ballots agree: on a place of somebody, or on a choice? Then
 * numbers would tell what each of them said. */
static bool
is_unanimous(const struct vote *vote)
{
    const uint32_t n = vote->ballots.candidates;
    for (uint32_t c = 0; c < n; c++) {
        uint32_t placed[BALLOTS_MAX_CANDIDATES] = {0};
        for (uint32_t b = 0; b < vote->ballots.count; b++) {
            uint8_t rank = ballots_at(&vote->ballots, b)[c];
            if (rank < n
                && suppress_unanimous(++placed[rank], vote->ballots.count)) {
                return true;
            }
        }
    }
    return false;
}

/* Who won; of several the one the lots name, if they were drawn. */
static void
decision(struct visit *v, const struct votes *all, const struct vote *vote,
         uint64_t winners)
{
    struct html *h = &v->html;
    size_t drawn = UNDECIDED;
    html_open(h, "p");
    html_attr(h, "class", "lead");
    html_text(h, ballots_bits(winners) == 1 ? visit_text(v, "Won: ")
                                            : visit_text(v, "Equal: "));
    bool first = true;
    for (uint32_t c = 0; c < vote->ballots.candidates; c++) {
        if (!(winners & ballots_bit(c))) {
            continue;
        }
        html_text(h, first ? "" : "; ");
        html_element(h, "strong", NULL, candidate(vote, c));
        first = false;
        if (drawn == UNDECIDED || vote->lot[c] < vote->lot[drawn]) {
            drawn = c;
        }
    }
    html_close(h, "p");
    if (ballots_bits(winners) < 2) {
        return;
    }
    html_open(h, "p");
    if (all->seed && drawn != UNDECIDED) {
        html_textf(h, visit_text(v, "Drawn by lot number %lld: %s."),
                   (long long)all->seed, candidate(vote, drawn));
    } else {
        html_text(h, visit_text(v, "They are equal. Only lots may part them."));
    }
    html_close(h, "p");
}

/* --- approval ------------------------------------------------------------- */

static void
approval(struct visit *v, const struct votes *all, const struct vote *vote)
{
    static const char *const head[] = {N_("Candidate"), N_("Votes")};
    int64_t votes[BALLOTS_MAX_CANDIDATES] = {0};
    uint32_t order[BALLOTS_MAX_CANDIDATES];
    uint64_t winners = 0;
    int64_t most = 0;
    /* One choice each: what is left over would tell the band. */
    const bool band =
        vote->form->field[vote->field].count == CATALOGUE_COUNT_CHOICE
        && is_unanimous(vote);
    const uint32_t n = vote->ballots.candidates;
    for (uint32_t b = 0; b < vote->ballots.count; b++) {
        const uint8_t *rank = ballots_at(&vote->ballots, b);
        for (uint32_t c = 0; c < n; c++) {
            votes[c] += rank[c] == 0;
        }
    }
    for (uint32_t c = 0; c < n; c++) {
        most = votes[c] > most ? votes[c] : most;
        uint32_t at = c;
        for (; at > 0 && votes[order[at - 1]] < votes[c]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = c;
    }
    for (uint32_t c = 0; c < n; c++) {
        winners |= most > 0 && votes[c] == most ? ballots_bit(c) : 0;
    }
    decision(v, all, vote, winners);
    control_table(v, visit_text(v, "Votes"), head,
                  sizeof(head) / sizeof(head[0]));
    for (uint32_t i = 0; i < n; i++) {
        html_open(&v->html, "tr");
        row_head(v, candidate(vote, order[i]));
        if (suppress_unanimous((uint64_t)votes[order[i]],
                               vote->ballots.count)) {
            html_element(&v->html, "td", "number",
                         visit_text(v, "all or all but one"));
        } else if (band) {
            html_element(&v->html, "td", "number", "—");
        } else {
            number_cell(v, votes[order[i]]);
        }
        html_close(&v->html, "tr");
    }
    control_table_end(v);
}

/* --- one seat, ranked ----------------------------------------------------- */

static void
half_cell(struct visit *v, int64_t doubled)
{
    html_open(&v->html, "td");
    html_attr(&v->html, "class", "number");
    html_textf(&v->html, "%lld%s", (long long)(doubled / 2),
               doubled % 2 == 0 ? "" : "½");
    html_close(&v->html, "td");
}

static void
pairwise_table(struct visit *v, const struct vote *vote,
               const struct pairwise *p)
{
    struct html *h = &v->html;
    html_element(h, "h3", NULL, visit_text(v, "Each against each"));
    html_element(h, "p", "help",
                 visit_text(v, "How many ballots put the person of the row "
                               "above the one of the column."));
    candidate_table(v, visit_text(v, "Each against each"), "", vote);
    for (uint32_t a = 0; a < p->candidates; a++) {
        html_open(h, "tr");
        row_head(v, candidate(vote, a));
        for (uint32_t b = 0; b < p->candidates; b++) {
            if (a == b) {
                html_element(h, "td", "number", "—");
            } else {
                number_cell(v, p->prefers[(size_t)a * p->candidates + b]);
            }
        }
        html_close(h, "tr");
    }
    control_table_end(v);
}

/* Instead of the tables. */
static void
agreed(struct visit *v)
{
    html_element(&v->html, "p", NULL,
                 visit_text(v, "All ballots, or all but one, put the same"
                               " person at the same place: how many exactly is"
                               " not shown, so that nobody’s ballot is."));
}

static enum status
ranked(struct visit *v, const struct votes *all, const struct vote *vote)
{
    static const char *const head[] = {N_("Candidate"), N_("First places"),
                                       N_("Borda points")};
    struct pairwise p;
    enum status st = pairwise_count(&vote->ballots, &p);
    if (st < 0) {
        return st;
    }
    decision(v, all, vote, p.schulze);
    html_element(&v->html, "p", "help",
                 visit_text(v, "By Schulze: whoever holds against each other "
                               "in direct comparison, by the strongest chain "
                               "of majorities. Who is not ranked stands below "
                               "all who are. Borda points are shown beside "
                               "and decide nothing."));
    if (is_unanimous(vote)) {
        agreed(v);
        pairwise_deinit(&p);
        return STATUS_OK;
    }
    control_table(v, visit_text(v, "Votes"), head,
                  sizeof(head) / sizeof(head[0]));
    for (uint32_t c = 0; c < p.candidates; c++) {
        html_open(&v->html, "tr");
        row_head(v, candidate(vote, c));
        number_cell(v, p.first_places[c]);
        half_cell(v, p.borda_doubled[c]);
        html_close(&v->html, "tr");
    }
    control_table_end(v);
    pairwise_table(v, vote, &p);
    pairwise_deinit(&p);
    return STATUS_OK;
}

/* --- several seats -------------------------------------------------------- */

static void
stv_round_text(struct visit *v, const struct vote *vote,
               const struct stv_round *r)
{
    struct html *h = &v->html;
    html_open(h, "td");
    switch (r->action) {
    case STV_COUNT:
        html_text(h, visit_text(v, "First choices"));
        break;
    case STV_SURPLUS:
        html_textf(h, visit_text(v, "Surplus of %s goes on"),
                   candidate(vote, r->candidate));
        break;
    case STV_EXCLUDED:
        html_textf(h, visit_text(v, "%s goes out"),
                   candidate(vote, r->candidate));
        break;
    case STV_FILLED:
        html_text(h, visit_text(v, "As many are left as seats"));
        break;
    }
    if (r->by_lottery) {
        html_text(h, visit_text(v, ", by lot"));
    }
    html_close(h, "td");
}

static void
stv_votes(struct visit *v, int64_t votes)
{
    html_open(&v->html, "td");
    html_attr(&v->html, "class", "number");
    html_textf(&v->html, "%lld.%05lld", (long long)(votes / STV_UNIT),
               (long long)(votes % STV_UNIT));
    html_close(&v->html, "td");
}

static enum status
several(struct visit *v, const struct votes *all, const struct vote *vote)
{
    struct html *h = &v->html;
    struct stv *s = malloc(sizeof(*s));
    if (!s) {
        return log_oom("votes");
    }
    enum status st = stv_count(&vote->ballots, all->seats, vote->lot, s);
    if (st < 0) {
        free(s);
        return st;
    }
    html_open(h, "p");
    html_attr(h, "class", "lead");
    html_text(h, visit_text(v, "Elected: "));
    for (uint32_t i = 0; i < s->elected_count; i++) {
        html_text(h, i > 0 ? "; " : "");
        html_element(h, "strong", NULL, candidate(vote, s->order[i]));
    }
    html_close(h, "p");
    if (is_unanimous(vote)) {
        html_textf(h, visit_text(v, "Seats: %u. "), s->seats);
        agreed(v);
        free(s);
        return STATUS_OK;
    }
    html_open(h, "p");
    html_textf(h,
               visit_text(v, "Seats: %u, valid ballots: %u, quota: %lld. "
                             "Scottish rules (SSI 2007/42), lot number %lld."),
               s->seats, s->valid, (long long)(s->quota / STV_UNIT),
               (long long)all->seed);
    html_close(h, "p");
    candidate_table(v, visit_text(v, "Rounds"), visit_text(v, "Round"), vote);
    for (uint32_t i = 0; i < s->rounds; i++) {
        html_open(h, "tr");
        stv_round_text(v, vote, &s->round[i]);
        for (uint32_t c = 0; c < vote->ballots.candidates; c++) {
            stv_votes(v, s->round[i].votes[c]);
        }
        html_close(h, "tr");
    }
    control_table_end(v);
    free(s);
    return STATUS_OK;
}

static void
seats_form(struct visit *v, const struct votes *all, const char *path)
{
    struct html *h = &v->html;
    html_open(h, "form");
    html_attr(h, "method", "get");
    html_attr_url(h, "action", path);
    html_open(h, "label");
    html_attr(h, "for", "seats");
    html_text(h, visit_text(v, "Seats, for questions that rank"));
    html_close(h, "label");
    html_void(h, "input");
    html_attr(h, "id", "seats");
    html_attr(h, "class", "small");
    html_attr(h, "name", "seats");
    html_attr(h, "type", "number");
    html_attr(h, "min", "1");
    html_attr_int(h, "max", BALLOTS_MAX_CANDIDATES);
    html_attr_int(h, "value", all->seats);
    control_button(v, visit_text(v, "Count"), false);
    html_close(h, "form");
}

static enum status
question(struct visit *v, const struct votes *all, const struct vote *vote)
{
    struct html *h = &v->html;
    enum status st = STATUS_OK;
    html_open(h, "section");
    html_attr(h, "class", "card wide");
    html_element(h, "h2", NULL,
                 form_field_label(vote->form->form, vote->field, vote->lang));
    if (vote->cast > 0 && vote->cast < (uint32_t)all->wave.k) {
        html_element(h, "p", NULL,
                     visit_text(v, "Fewer ballots name somebody here than the"
                                   " threshold that was announced: nothing is"
                                   " shown."));
        html_close(h, "section");
        return STATUS_OK;
    }
    html_open(h, "p");
    html_attr(h, "class", "meta");
    html_textf(h, visit_text(v, "%u of %lld ballots name somebody"), vote->cast,
               (long long)(all->wave.settled >= 0 ? all->wave.settled
                                                  : all->wave.answers));
    html_close(h, "p");
    if (vote->cast == 0) {
        html_element(h, "p", NULL, visit_text(v, "Nobody was named."));
    } else if (!vote->ranked) {
        approval(v, all, vote);
    } else if (all->seats > 1 && all->seats < vote->ballots.candidates) {
        st = several(v, all, vote);
    } else {
        st = ranked(v, all, vote);
    }
    html_close(h, "section");
    return st;
}

static void
sum(struct visit *v, const struct votes *all)
{
    html_open(&v->html, "p");
    html_textf(&v->html,
               visit_text(v, "Slips made: %lld = used: %lld + unused: %lld."),
               (long long)all->issued, (long long)all->used,
               (long long)(all->issued - all->used));
    html_close(&v->html, "p");
}

static void
lots_form(struct visit *v, const struct votes *all, const char *path)
{
    if (all->seed || v->user.role != STORE_ROLE_COORDINATOR) {
        return;
    }
    control_form(v, path, false);
    html_element(&v->html, "p", "help",
                 visit_text(v, "Lots are drawn once and stay: the number is "
                               "shown here, and anybody can check with it."));
    control_button(v, visit_text(v, "Draw lots for what is equal"), false);
    control_form_end(v);
}

static enum status
result_page(struct visit *v, const struct votes *all,
            const struct catalogue_form *form, const char *path)
{
    enum status st = STATUS_OK;
    const size_t lang = form_lang_find(form->form, i18n_tag(v->lang));
    bool any_ranked = false;
    visit_page(v, path,
               *all->wave.title ? all->wave.title : all->wave.form_title);
    sum(v, all);
    if (all->wave.waiting > 0 || all->wave.settled < all->wave.answers) {
        html_element(&v->html, "p", "warning",
                     visit_text(v, "Ballots came in after the result was first"
                                   " looked at. They are not counted: one"
                                   " alone could be told by comparing two"
                                   " results."));
    }
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "cards");
    for (size_t f = 0; f < form->field_count && st == STATUS_OK; f++) {
        struct vote vote;
        if (!is_vote(form, f)) {
            continue;
        }
        st = vote_read(v->reader, all, form, f, lang, &vote);
        any_ranked = any_ranked || vote.ranked;
        if (st == STATUS_OK) {
            st = question(v, all, &vote);
        }
        ballots_deinit(&vote.ballots);
    }
    html_close(&v->html, "div");
    if (any_ranked) {
        seats_form(v, all, path);
    }
    lots_form(v, all, path);
    /* The page's title is the wave's. */
    visit_page_end(v);
    return st;
}

/* --- requests ------------------------------------------------------------- */

static void
seed_key(const struct votes *all, char out[KEY_MAX_BYTES])
{
    (void)snprintf(out, KEY_MAX_BYTES, "lots.%.300s", all->wave.name);
}

static enum status
draw_lots(struct visit *v, const struct votes *all)
{
    char key[KEY_MAX_BYTES];
    seed_key(all, key);
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK && all->seed == 0) {
        st = store_number_set(w, key, (int64_t)random_below(SEED_BOUND) + 1);
    }
    return visit_written(v, st, "lots", all->wave.name);
}

static enum status
votes_load(struct visit *v, struct votes *out)
{
    char key[KEY_MAX_BYTES];
    const char *seats = request_query(v->rq, "seats");
    long n = seats ? strtol(seats, NULL, 10) : 1;
    *out = (struct votes){
        .seats = n >= 1 && n <= BALLOTS_MAX_CANDIDATES ? (uint32_t)n : 1};
    enum status st = store_wave(v->reader, v->rq->tail, &out->wave);
    if (st == STATUS_OK) {
        seed_key(out, key);
        st = store_number(v->reader, key, &out->seed);
    }
    if (st == STATUS_OK) {
        st = store_slips_count(v->reader, out->wave.id, &out->issued,
                               &out->used);
    }
    return st;
}

static enum status
answer(struct visit *v, const struct votes *all)
{
    char path[PATH_MAX_BYTES];
    const struct catalogue_form *form = NULL;
    (void)snprintf(path, sizeof(path), "/votes/%.400s", all->wave.name);
    if (v->rq->method == REQUEST_POST
        && v->user.role == STORE_ROLE_COORDINATOR) {
        enum status st = draw_lots(v, all);
        if (st == STATUS_OK) {
            response_redirect(v->rs, path);
        }
        return st;
    }
    enum status st =
        catalogue_take_wave(v->desk->catalogue, v->reader, &all->wave, &form);
    if (st == STATUS_OK) {
        st = result_page(v, all, form, path);
        catalogue_give(v->desk->catalogue, form);
    }
    return st;
}

void
pages_votes(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct votes all = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR | VISIT_HEAD)) {
        return;
    }
    enum status st = votes_load(&v, &all);
    if (st == STATUS_NONE
        || (st == STATUS_OK && all.wave.kind != RECORD_SLIP)) {
        visit_missing(&v);
    } else if (st == STATUS_OK && all.wave.closed_ms == 0) {
        visit_message(&v, 409, visit_text(&v, "The vote goes on"),
                      visit_text(&v, "The result is counted when the wave is "
                                     "closed, and not before."));
    } else if (st == STATUS_OK && all.wave.answers < all.wave.k) {
        visit_message(&v, 200, visit_text(&v, "Too few ballots"),
                      visit_text(&v, "Fewer ballots came in than the "
                                     "threshold that was announced: nothing "
                                     "is shown."));
    } else if (st == STATUS_OK) {
        st = first_look(&v, &all.wave);
        st = st == STATUS_OK ? answer(&v, &all) : st;
    }
    if (st < 0) {
        visit_failed(&v, st);
    }
    store_wave_clear(&all.wave);
    visit_end(&v);
}
