#include "collector/web/pages_roadmap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/programme/pair.h"
#include "collector/programme/roadmap.h"
#include "collector/store/store_banks.h"
#include "collector/store/store_meetings.h"
#include "collector/store/store_roadmap.h"
#include "collector/store/store_training.h"
#include "collector/web/control.h"
#include "collector/web/visit.h"

#define TEXT_MAX_BYTES 500
#define URL_BYTES 64
#define UID_BYTES 64
#define NUMBER_BYTES 24

/* --- what really happened ------------------------------------------------- */

/* Answers to all waves of a questionnaire. */
static int64_t
answers_to(const struct store_wave *waves, size_t count, const char *form_id)
{
    int64_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(waves[i].form_id, form_id) == 0) {
            n += waves[i].answers + waves[i].waiting;
        }
    }
    return n;
}

static int64_t
closed_waves(const struct store_wave *waves, size_t count)
{
    static const char *const forms[] = {"satisfaction", "quality",
                                        "after_mentee", "after_mentor"};
    int64_t n = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
            n += waves[i].closed_ms != 0
                 && strcmp(waves[i].form_id, forms[f]) == 0;
        }
    }
    return n;
}

struct facts {
    struct store_wave *waves;
    size_t wave_count;
    struct store_pair *pairs;
    size_t pair_count;
    struct store_entry *bank[STORE_BANK_COUNT]; /* entries that last */
    size_t bank_count[STORE_BANK_COUNT];
    struct store_training *sessions;
    size_t session_count;
};

static enum status
facts_read(struct store *reader, struct facts *out)
{
    *out = (struct facts){0};
    enum status st = store_waves(reader, &out->waves, &out->wave_count);
    if (st == STATUS_OK) {
        st = store_pairs(reader, &out->pairs, &out->pair_count);
    }
    for (int b = 0; b < STORE_BANK_COUNT && st == STATUS_OK; b++) {
        st = store_entries(reader, (enum store_bank)b, false, 0, &out->bank[b],
                           &out->bank_count[b]);
    }
    return st == STATUS_OK
               ? store_trainings(reader, &out->sessions, &out->session_count)
               : st;
}

static void
facts_clear(struct facts *f)
{
    store_waves_free(f->waves, f->wave_count);
    store_pairs_free(f->pairs, f->pair_count);
    for (int b = 0; b < STORE_BANK_COUNT; b++) {
        store_entries_free(f->bank[b], f->bank_count[b]);
    }
    store_trainings_free(f->sessions, f->session_count);
}

static int64_t
consents_in(const struct facts *f, enum store_bank bank)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->bank_count[bank]; i++) {
        n += f->bank[bank][i].consent;
    }
    return n;
}

static int64_t
sessions_held(const struct facts *f)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->session_count; i++) {
        n += f->sessions[i].ended_ms != 0;
    }
    return n;
}

static int64_t
pairs_in(const struct facts *f, enum pair_state state)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->pair_count; i++) {
        n += f->pairs[i].state == (int)state;
    }
    return n;
}

/* A line under the stage; the last one leaves no trace in the system. */
static void
fact_line(struct visit *v, const struct facts *f, int stage)
{
    struct html *h = &v->html;
    long long n = 0;
    html_open(h, "p");
    html_attr(h, "class", "meta");
    switch (stage) {
    case 1:
        n = answers_to(f->waves, f->wave_count, "acknowledgement");
        html_textf(
            h, visit_text(v, "Read and acknowledged at the kiosk: %lld."), n);
        break;
    case 2:
        html_textf(h,
                   visit_text(v, "In the bank of mentees: %lld, with consent: "
                                 "%lld."),
                   (long long)f->bank_count[STORE_BANK_MENTEES],
                   (long long)consents_in(f, STORE_BANK_MENTEES));
        break;
    case 3:
        html_textf(h,
                   visit_text(v, "In the bank of mentors: %lld, with consent: "
                                 "%lld."),
                   (long long)f->bank_count[STORE_BANK_MENTORS],
                   (long long)consents_in(f, STORE_BANK_MENTORS));
        break;
    case 4:
        n = answers_to(f->waves, f->wave_count, "training_session");
        html_textf(h,
                   visit_text(v, "Sessions held: %lld of %lld, opinions after "
                                 "them: %lld."),
                   (long long)sessions_held(f), (long long)f->session_count, n);
        break;
    case 5:
        html_textf(h, visit_text(v, "Pairs formed: %lld."),
                   (long long)f->pair_count);
        break;
    case 6:
        n = pairs_in(f, PAIR_ACTIVE);
        n += pairs_in(f, PAIR_PAUSED);
        html_textf(h, visit_text(v, "Pairs at work: %lld, completed: %lld."), n,
                   (long long)pairs_in(f, PAIR_COMPLETED));
        break;
    case 7:
        html_textf(h, visit_text(v, "Monitoring waves closed: %lld."),
                   (long long)closed_waves(f->waves, f->wave_count));
        break;
    default:
        break;
    }
    html_close(h, "p");
}

/* --- the board ------------------------------------------------------------ */

static void
day_text(struct visit *v, const char *day)
{
    struct day d;
    if (roadmap_day(day, &d) == STATUS_OK) {
        visit_date(v, day_number(d) * DAY_MS + DAY_MS / 2);
    }
}

static bool
is_late(struct visit *v, const struct store_measure *m)
{
    struct day d;
    return !m->done && roadmap_day(m->last_day, &d) == STATUS_OK
           && (day_number(d) + 1) * DAY_MS <= desk_now_ms(v->desk);
}

static void
measure_row(struct visit *v, const struct store_measure *m)
{
    struct html *h = &v->html;
    char url[URL_BYTES];
    (void)snprintf(url, sizeof(url), "/roadmap/%" PRId64, m->id);
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    if (v->user.role == STORE_ROLE_COORDINATOR) {
        html_open(h, "a");
        html_attr_url(h, "href", url);
        html_text(h, m->text);
        html_close(h, "a");
    } else {
        html_text(h, m->text);
    }
    html_close(h, "th");
    html_open(h, "td");
    day_text(v, m->first_day);
    html_text(h, *m->first_day && *m->last_day ? " — " : "");
    day_text(v, m->last_day);
    html_close(h, "td");
    html_element(h, "td", NULL, m->responsible);
    html_open(h, "td");
    if (is_late(v, m)) {
        html_element(h, "strong", NULL, visit_text(v, "overdue"));
    } else {
        html_text(h, m->done ? visit_text(v, "done") : visit_text(v, "open"));
    }
    html_close(h, "td");
    html_close(h, "tr");
}

static void
stage_part(struct visit *v, const struct facts *f,
           const struct store_measure *measures, size_t count, int stage)
{
    static const char *const head[] = {N_("Measure"), N_("Term"),
                                       N_("Responsible"), N_("State")};
    struct html *h = &v->html;
    bool any = false;
    html_open(h, "section");
    html_attr(h, "class", "stage");
    html_open(h, "h2");
    html_textf(h, "%d. %s", stage, visit_text(v, roadmap_stage(stage)));
    html_close(h, "h2");
    fact_line(v, f, stage);
    for (size_t i = 0; i < count; i++) {
        if (measures[i].stage != stage) {
            continue;
        }
        if (!any) {
            control_table(v, visit_text(v, roadmap_stage(stage)), head,
                          sizeof(head) / sizeof(head[0]));
            any = true;
        }
        measure_row(v, &measures[i]);
    }
    if (any) {
        control_table_end(v);
    }
    html_close(h, "section");
}

static void
measure_fields(struct visit *v, const struct store_measure *m)
{
    control_input(
        v, &(const struct control){.label = visit_text(v, "What is to be done"),
                                   .name = "text",
                                   .type = "text",
                                   .value = m->text,
                                   .required = true});
    control_input(v,
                  &(const struct control){.label = visit_text(v, "Responsible"),
                                          .name = "responsible",
                                          .type = "text",
                                          .value = m->responsible});
    control_input(v, &(const struct control){.label = visit_text(v, "From"),
                                             .name = "first",
                                             .type = "date",
                                             .value = m->first_day});
    control_input(v, &(const struct control){.label = visit_text(v, "To"),
                                             .name = "last",
                                             .type = "date",
                                             .value = m->last_day});
}

static void
new_measure(struct visit *v)
{
    static char none[] = "";
    const struct store_measure empty = {
        .text = none, .responsible = none, .first_day = none, .last_day = none};
    struct control_option option[ROADMAP_STAGES];
    char value[ROADMAP_STAGES][NUMBER_BYTES];
    for (int i = 0; i < ROADMAP_STAGES; i++) {
        (void)snprintf(value[i], sizeof(value[i]), "%d", i + 1);
        option[i] = (struct control_option){
            value[i], visit_text(v, roadmap_stage(i + 1))};
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "Add a measure"));
    control_form(v, "/roadmap", false);
    control_select(v, "stage", visit_text(v, "Stage"), option, ROADMAP_STAGES);
    measure_fields(v, &empty);
    control_button(v, visit_text(v, "Add"), true);
    control_form_end(v);
}

static void
begin_form(struct visit *v)
{
    control_form(v, "/roadmap", false);
    control_hidden(v, "usual", "1");
    html_element(&v->html, "p", "help",
                 visit_text(v, "The board is empty. Begin with the measures "
                               "that are usual, then change them."));
    control_button(v, visit_text(v, "Begin with the usual measures"), true);
    control_form_end(v);
}

static enum status
board(struct visit *v, const char *fault)
{
    struct store_measure *measures = NULL;
    struct facts facts;
    size_t count = 0;
    enum status st = facts_read(v->reader, &facts);
    if (st == STATUS_OK) {
        st = store_measures(v->reader, &measures, &count);
    }
    if (st == STATUS_OK) {
        visit_page(v, "/roadmap", visit_text(v, "Roadmap"));
        control_fault(v, fault);
        html_open(&v->html, "div");
        html_attr(&v->html, "class", "actions");
        if (count > 0) {
            control_link(v, "/roadmap.ics", visit_text(v, "As a calendar"),
                         false);
        }
        if (v->user.role == STORE_ROLE_COORDINATOR) {
            control_link(v, "/documents", visit_text(v, "Documents"), false);
        }
        html_close(&v->html, "div");
        for (int stage = 1; stage <= ROADMAP_STAGES; stage++) {
            stage_part(v, &facts, measures, count, stage);
        }
        if (v->user.role == STORE_ROLE_COORDINATOR) {
            if (count == 0) {
                begin_form(v);
            }
            new_measure(v);
        }
    }
    store_measures_free(measures, count);
    facts_clear(&facts);
    return st;
}

/* --- changes -------------------------------------------------------------- */

static bool
field(struct visit *v, const char *name, char **out)
{
    const char *text = request_form(v->rq, name);
    char *copy = text && strlen(text) <= TEXT_MAX_BYTES ? strdup(text) : NULL;
    if (!copy) {
        return false;
    }
    free(*out);
    *out = copy;
    return true;
}

/* STATUS_E_INVALID: something is missing, or the days are none or exchanged. */
static enum status
read_measure(struct visit *v, struct store_measure *m)
{
    struct day first;
    struct day last;
    if (!field(v, "text", &m->text) || !*m->text
        || !field(v, "responsible", &m->responsible)
        || !field(v, "first", &m->first_day)
        || !field(v, "last", &m->last_day)) {
        return STATUS_E_INVALID;
    }
    bool has_first = *m->first_day != '\0';
    bool has_last = *m->last_day != '\0';
    if ((has_first && roadmap_day(m->first_day, &first) < 0)
        || (has_last && roadmap_day(m->last_day, &last) < 0)) {
        return STATUS_E_INVALID;
    }
    return has_first && has_last && strcmp(m->first_day, m->last_day) > 0
               ? STATUS_E_INVALID
               : STATUS_OK;
}

static enum status
add_usual(struct visit *v, struct store *w)
{
    static char none[] = "";
    size_t count = 0;
    const struct roadmap_usual *usual = roadmap_usual(&count);
    enum status st = STATUS_OK;
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        char *text = strdup(visit_text(v, usual[i].text));
        struct store_measure m = {.stage = usual[i].stage,
                                  .text = text,
                                  .responsible = none,
                                  .first_day = none,
                                  .last_day = none};
        st = text ? store_measure_add(w, &m) : log_oom("roadmap");
        free(text);
    }
    return st;
}

static enum status
add_one(struct visit *v, struct store *w)
{
    struct store_measure m = {0};
    const char *stage = request_form(v->rq, "stage");
    m.stage = stage ? (int)strtol(stage, NULL, 10) : 0;
    enum status st = m.stage >= 1 && m.stage <= ROADMAP_STAGES
                         ? read_measure(v, &m)
                         : STATUS_E_INVALID;
    if (st == STATUS_OK) {
        st = store_measure_add(w, &m);
    }
    store_measure_clear(&m);
    return st;
}

static enum status
add(struct visit *v)
{
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = request_form(v->rq, "usual") ? add_usual(v, w) : add_one(v, w);
    }
    const char *text = request_form(v->rq, "text");
    return visit_written(v, st, "measure", text ? text : "");
}

static const char *
why_not(struct visit *v, enum status st)
{
    if (st == STATUS_E_INVALID) {
        return visit_text(v, "Say what is to be done, and give days that "
                             "exist, the first not after the last.");
    }
    return st == STATUS_E_LIMIT
               ? visit_text(v, "The board is full: at most 500 measures.")
               : NULL;
}

void
pages_roadmap(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    unsigned roles = rq->method == REQUEST_POST
                         ? VISIT_COORDINATOR
                         : VISIT_COORDINATOR | VISIT_HEAD;
    if (!visit_begin(&v, self, rq, rs, roles)) {
        return;
    }
    enum status st = rq->method == REQUEST_POST ? add(&v) : STATUS_OK;
    const char *fault = why_not(&v, st);
    if (rq->method != REQUEST_POST || visit_again(&v, st, fault, "/roadmap")) {
        st = board(&v, fault);
    } else {
        st = STATUS_OK; /* answered */
    }
    if (st < 0) {
        visit_failed(&v, st);
    }
    visit_end(&v);
}

static void
one_page(struct visit *v, const struct store_measure *m, const char *fault)
{
    visit_page(v, v->rq->path, visit_text(v, roadmap_stage(m->stage)));
    control_fault(v, fault);
    control_form(v, v->rq->path, false);
    measure_fields(v, m);
    control_checkbox(v, "done", visit_text(v, "It is done"), NULL, m->done);
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
    control_action(v, v->rq->path, "drop", "1",
                   visit_text(v, "Remove this measure"), NULL);
}

static enum status
change(struct visit *v, struct store_measure *m)
{
    bool drop = request_form(v->rq, "drop") != NULL;
    enum status st = drop ? STATUS_OK : read_measure(v, m);
    m->done = request_form(v->rq, "done") != NULL;
    if (st == STATUS_OK) {
        struct store *w = NULL;
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = drop ? store_measure_drop(w, m->id)
                      : store_measure_update(w, m);
        }
        st = visit_written(v, st, "measure", m->text);
    }
    return st;
}

void
pages_roadmap_one(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct store_measure m = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = store_measure(v.reader, strtoll(rq->tail, NULL, 10), &m);
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st == STATUS_OK && rq->method == REQUEST_POST) {
        st = change(&v, &m);
        if (visit_again(&v, st, why_not(&v, st), "/roadmap")) {
            one_page(&v, &m, why_not(&v, st));
        }
    } else if (st == STATUS_OK) {
        one_page(&v, &m, NULL);
    } else {
        visit_failed(&v, st);
    }
    store_measure_clear(&m);
    visit_end(&v);
}

/* --- the calendar --------------------------------------------------------- */

static enum status
write_calendar(struct visit *v, const struct store_measure *m, size_t count)
{
    const struct day stamp = day_of_ms(desk_now_ms(v->desk));
    enum status st = STATUS_OK;
    calendar_begin(&v->rs->body, visit_text(v, "Roadmap"));
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        char uid[UID_BYTES];
        struct day first;
        struct day last;
        bool has_first = roadmap_day(m[i].first_day, &first) == STATUS_OK;
        bool has_last = roadmap_day(m[i].last_day, &last) == STATUS_OK;
        if (!has_first && !has_last) {
            continue;
        }
        (void)snprintf(uid, sizeof(uid), "measure-%" PRId64 "@anketa", m[i].id);
        st = calendar_put(
            &v->rs->body,
            &(const struct calendar_event){
                .uid = uid,
                .title = m[i].text,
                .details = *m[i].responsible ? m[i].responsible : NULL,
                .first = has_first ? first : last,
                .last = has_last ? last : first},
            stamp);
    }
    calendar_end(&v->rs->body);
    return st;
}

void
pages_roadmap_calendar(void *self, const struct request *rq,
                       struct response *rs)
{
    struct visit v;
    struct store_measure *measures = NULL;
    size_t count = 0;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR | VISIT_HEAD)) {
        return;
    }
    enum status st = store_measures(v.reader, &measures, &count);
    if (st == STATUS_OK) {
        visit_download(&v, "text/calendar; charset=utf-8", "roadmap.ics");
        st = write_calendar(&v, measures, count);
    }
    if (st < 0) {
        buf_clear(&rs->body);
        visit_failed(&v, st);
    }
    store_measures_free(measures, count);
    visit_end(&v);
}
