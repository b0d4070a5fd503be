#include "collector/web/pages_bank.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "collector/programme/roster.h"
#include "collector/report/csv.h"
#include "collector/web/bank_list.h"
#include "collector/web/control.h"
#include "collector/web/download.h"
#include "collector/web/visit.h"

#define URL_BYTES 64
#define NUMBER_BYTES 24
#define TEXT_MAX_BYTES ((size_t)4000)
#define PAGE_ROWS ((size_t)200)

/* --- the list ------------------------------------------------------------- */

static const char *
title_of(const struct visit *v, enum store_bank bank)
{
    return bank == STORE_BANK_MENTEES ? visit_text(v, "Bank of mentees")
                                      : visit_text(v, "Bank of mentors");
}

static const char *
path_of(enum store_bank bank)
{
    return bank == STORE_BANK_MENTEES ? "/bank/mentees" : "/bank/mentors";
}

static void
choose(struct visit *v, const char *name, const char *label,
       const struct bank_words *words, const char *chosen)
{
    struct control_option option[BANK_LIST_WORDS_MAX + 1];
    size_t count = 0;
    option[count++] = (struct control_option){"", visit_text(v, "any")};
    for (size_t i = 0; i < words->count; i++) {
        option[count++] =
            (struct control_option){words->word[i], words->word[i]};
    }
    for (size_t i = 1; i < count; i++) {
        if (roster_compare(option[i].value, chosen) == 0) {
            const struct control_option first = option[0];
            option[0] = option[i];
            option[i] = first;
        }
    }
    control_select(v, name, label, option, count);
}

static void
shortlist_form(struct visit *v, const struct bank_list *l)
{
    html_open(&v->html, "form");
    html_attr(&v->html, "class", "search");
    html_attr(&v->html, "method", "get");
    html_attr_url(&v->html, "action", path_of(l->bank));
    choose(v, "topic",
           l->bank == STORE_BANK_MENTEES ? visit_text(v, "Request")
                                         : visit_text(v, "Competence"),
           &l->topics, l->wanted.topic);
    choose(v, "time", visit_text(v, "Time"), &l->times, l->wanted.time);
    choose(v, "form", visit_text(v, "Form of work"), &l->forms, l->wanted.form);
    control_button(v, visit_text(v, "Shortlist"), false);
    html_close(&v->html, "form");
}

static void
entry_row(struct visit *v, const struct store_entry *e)
{
    struct html *h = &v->html;
    char url[URL_BYTES];
    (void)snprintf(url, sizeof(url), "/bank/entry/%" PRId64, e->id);
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_open(h, "a");
    html_attr_url(h, "href", url);
    html_text(h, e->name);
    html_close(h, "a");
    html_close(h, "th");
    html_element(h, "td", NULL, e->topics);
    html_element(h, "td", NULL, e->times);
    html_element(h, "td", NULL, e->form);
    html_open(h, "td");
    if (e->bank == STORE_BANK_MENTORS && e->places > 0) {
        html_textf(h, "%d", e->places);
    }
    html_close(h, "td");
    html_open(h, "td");
    if (e->consent) {
        html_text(h, visit_text(v, "given"));
    } else {
        html_element(h, "strong", NULL, visit_text(v, "none"));
    }
    html_close(h, "td");
    html_close(h, "tr");
}

static void
list_page(struct visit *v, const struct bank_list *l)
{
    static const char *const mentors[] = {N_("Name"),   N_("Competences"),
                                          N_("Times"),  N_("Form of work"),
                                          N_("Places"), N_("Consent")};
    static const char *const mentees[] = {N_("Name"),  N_("Requests"),
                                          N_("Times"), N_("Form of work"),
                                          N_(" "),     N_("Consent")};
    const bool are_mentors = l->bank == STORE_BANK_MENTORS;
    char file[URL_BYTES];
    visit_page(v, path_of(l->bank), title_of(v, l->bank));
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(
        v, path_of(are_mentors ? STORE_BANK_MENTEES : STORE_BANK_MENTORS),
        title_of(v, are_mentors ? STORE_BANK_MENTEES : STORE_BANK_MENTORS),
        false);
    (void)snprintf(file, sizeof(file), "%s.xlsx", path_of(l->bank));
    control_link(v, file, visit_text(v, "As a workbook"), false);
    (void)snprintf(file, sizeof(file), "%s.csv", path_of(l->bank));
    control_link(v, file, visit_text(v, "As .csv"), false);
    html_close(&v->html, "div");
    if (l->count == 0) {
        html_element(&v->html, "p", "lead",
                     visit_text(v, "Nobody is in this bank yet. It fills from "
                                   "the named questionnaires as the kiosks "
                                   "bring them."));
        return;
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "Shortlist"));
    shortlist_form(v, l);
    if (l->shown == 0) {
        html_element(&v->html, "p", "lead", visit_text(v, "Nobody was found."));
        return;
    }
    control_table(v, title_of(v, l->bank), are_mentors ? mentors : mentees, 6);
    for (size_t i = 0; i < l->shown && i < PAGE_ROWS; i++) {
        entry_row(v, l->row[i]);
    }
    control_table_end(v);
    if (l->shown > PAGE_ROWS) {
        html_element(&v->html, "p", "help",
                     visit_text(v, "The first 200 are shown; choose a request, "
                                   "a time or a form, or take the workbook."));
    }
}

/* --- as a file ------------------------------------------------------------ */

static void
send_file(struct visit *v, const struct bank_list *l, bool workbook)
{
    struct bank_table t;
    bank_table_init(&t, l, v->lang);
    enum status st = STATUS_OK;
    if (workbook) {
        st = download_workbook(v, &t.data);
    } else {
        const struct dataset_sink sink = {dataset_to_buf, &v->rs->body};
        const struct csv_options options = {
            .lang = v->lang, .excel = v->lang == I18N_RU, .labels = true};
        st = csv_write(&t.data, &options, &sink);
    }
    if (st == STATUS_OK) {
        struct store *w = NULL;
        st = visit_write(v, &w);
        st = visit_written(v, st, "bank file", "");
    }
    if (st == STATUS_OK) {
        visit_download(v,
                       workbook ? "application/vnd.openxmlformats-officedocume"
                                  "nt.spreadsheetml.sheet"
                                : "text/csv; charset=utf-8",
                       workbook ? "bank.xlsx" : "bank.csv");
    } else {
        buf_clear(&v->rs->body);
        visit_failed(v, st);
    }
}

/* --- one entry ------------------------------------------------------------ */

struct entry_field {
    const char *name;
    const char *label;
    size_t at; /* in struct store_entry */
    int rows;
    int bank; /* -1: both */
};

#define AT(field) offsetof(struct store_entry, field)
static const struct entry_field fields[] = {
    {"topics", N_("Requests or competences, parted by semicolons"), AT(topics),
     2, -1},
    {"main", N_("The most important one"), AT(main_topic), 1, -1},
    {"request", N_("The main request"), AT(request), 4, STORE_BANK_MENTEES},
    {"merits", N_("Achievements"), AT(merits), 4, STORE_BANK_MENTORS},
    {"interests", N_("Interests"), AT(interests), 3, STORE_BANK_MENTORS},
    {"times", N_("Times, parted by semicolons"), AT(times), 2, -1},
    {"form", N_("Form of work"), AT(form), 1, -1},
    {"wishes", N_("Wishes"), AT(wishes), 3, -1},
    {"results", N_("Results"), AT(results), 3, -1},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static char **
text_at(struct store_entry *e, const struct entry_field *f)
{
    return (char **)(void *)((char *)e + f->at);
}

static void
number_input(struct visit *v, const char *name, const char *label, int value)
{
    char text[NUMBER_BYTES];
    (void)snprintf(text, sizeof(text), "%d", value);
    control_input(
        v, &(const struct control){
               .label = label, .name = name, .type = "number", .value = text});
}

static void
history(struct visit *v, const struct store_entry *e)
{
    static const char *const head[] = {N_("When"), N_("Who")};
    struct store_bank_change *change = NULL;
    size_t count = 0;
    enum status st = store_bank_changes(v->reader, e->id, &change, &count);
    if (st < 0 || count == 0) {
        return;
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "History"));
    control_table(v, visit_text(v, "History"), head, 2);
    for (size_t i = 0; i < count; i++) {
        html_open(&v->html, "tr");
        html_open(&v->html, "td");
        visit_date(v, change[i].at_ms);
        html_close(&v->html, "td");
        html_element(&v->html, "td", NULL,
                     *change[i].who ? change[i].who
                                    : visit_text(v, "questionnaire at a "
                                                    "kiosk"));
        html_close(&v->html, "tr");
    }
    control_table_end(v);
    store_bank_changes_free(change, count);
}

static void
entry_page(struct visit *v, struct store_entry *e, const char *fault)
{
    char path[URL_BYTES];
    char person[URL_BYTES];
    (void)snprintf(path, sizeof(path), "/bank/entry/%" PRId64, e->id);
    (void)snprintf(person, sizeof(person), "/people/%" PRId64, e->person);
    visit_page(v, path, e->name);
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "meta");
    html_text(&v->html, title_of(v, e->bank));
    html_text(&v->html, " · ");
    visit_date(v, e->entered_ms);
    if (e->ended_ms) {
        html_text(&v->html, " — ");
        visit_date(v, e->ended_ms);
    }
    html_close(&v->html, "p");
    control_fault(v, fault);
    if (!e->consent) {
        control_fault(v, visit_text(v, "There is no consent for this bank. Ask "
                                       "for it at the kiosk or on paper; "
                                       "without it the entry must not stay."));
    }
    control_form(v, path, false);
    control_hidden(v, "what", "save");
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].bank < 0 || fields[i].bank == (int)e->bank) {
            control_area(
                v,
                &(const struct control){.label = visit_text(v, fields[i].label),
                                        .name = fields[i].name,
                                        .value = *text_at(e, &fields[i])},
                fields[i].rows);
        }
    }
    if (e->bank == STORE_BANK_MENTORS) {
        number_input(v, "places", visit_text(v, "Mentees at a time"),
                     e->places);
    }
    number_input(v, "hours", visit_text(v, "Hours a month"), e->hours);
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    control_link(v, person, visit_text(v, "The person, consent and erasure"),
                 false);
    if (e->ended_ms == 0) {
        control_action(v, path, "what", "end",
                       visit_text(v, "She has left the bank"), NULL);
    }
    html_close(&v->html, "div");
    history(v, e);
}

static int
number_in(struct visit *v, const char *name, long max)
{
    const char *text = request_form(v->rq, name);
    long n = text ? strtol(text, NULL, 10) : 0;
    return n < 0 ? 0 : n > max ? (int)max : (int)n;
}

static enum status
read_entry(struct visit *v, struct store_entry *e)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = request_form(v->rq, fields[i].name);
        if (!text) {
            continue; /* of the other bank */
        }
        char *copy = strlen(text) <= TEXT_MAX_BYTES ? strdup(text) : NULL;
        if (!copy) {
            return STATUS_E_INVALID;
        }
        free(*text_at(e, &fields[i]));
        *text_at(e, &fields[i]) = copy;
    }
    e->places = number_in(v, "places", 60);
    e->hours = number_in(v, "hours", 1000);
    return STATUS_OK;
}

static void
change_entry(struct visit *v, struct store_entry *e)
{
    const char *what = request_form(v->rq, "what");
    const bool end = what && strcmp(what, "end") == 0;
    const int64_t now_ms = desk_now_ms(v->desk);
    char path[URL_BYTES];
    struct store *w = NULL;
    (void)snprintf(path, sizeof(path), "/bank/entry/%" PRId64, e->id);
    enum status st = end ? STATUS_OK : read_entry(v, e);
    if (st == STATUS_OK) {
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = end ? store_entry_end(w, e->id, now_ms, v->user.name)
                     : store_entry_set(w, e, now_ms, v->user.name);
        }
        st = visit_written(v, st, end ? "bank end" : "bank change", "");
    }
    const char *fault =
        st == STATUS_E_INVALID
            ? visit_text(v, "One of the texts is too long: at most 4000 bytes.")
            : NULL;
    if (visit_again(v, st, fault, path)) {
        entry_page(v, e, fault);
    }
}

static void
entry(struct visit *v, const char *number)
{
    struct store_entry e = {0};
    char *end = NULL;
    long long id = strtoll(number, &end, 10);
    enum status st =
        *end || id <= 0 ? STATUS_NONE : store_entry(v->reader, id, &e);
    if (st == STATUS_NONE) {
        visit_missing(v);
    } else if (st < 0) {
        visit_failed(v, st);
    } else if (v->rq->method == REQUEST_POST) {
        change_entry(v, &e);
    } else {
        entry_page(v, &e, NULL);
    }
    store_entry_clear(&e);
}

void
pages_bank(void *self, const struct request *rq, struct response *rs)
{
    static const struct {
        const char *tail;
        enum store_bank bank;
        int file; /* 1: .csv, 2: .xlsx */
    } known[] = {
        {"mentees", STORE_BANK_MENTEES, 0},
        {"mentors", STORE_BANK_MENTORS, 0},
        {"mentees.csv", STORE_BANK_MENTEES, 1},
        {"mentors.csv", STORE_BANK_MENTORS, 1},
        {"mentees.xlsx", STORE_BANK_MENTEES, 2},
        {"mentors.xlsx", STORE_BANK_MENTORS, 2},
    };
    static const char one[] = "entry/";
    struct visit v;
    struct bank_list l = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    size_t i = 0;
    while (i < sizeof(known) / sizeof(known[0])
           && strcmp(known[i].tail, rq->tail) != 0) {
        i++;
    }
    if (strncmp(rq->tail, one, sizeof(one) - 1) == 0) {
        entry(&v, rq->tail + sizeof(one) - 1);
    } else if (i == sizeof(known) / sizeof(known[0])) {
        visit_missing(&v);
    } else {
        const struct bank_wanted wanted = {
            .topic = request_query(rq, "topic"),
            .time = request_query(rq, "time"),
            .form = request_query(rq, "form"),
        };
        enum status st = desk_read_named(v.desk);
        st = st == STATUS_OK
                 ? bank_list_read(v.reader, known[i].bank, &wanted, &l)
                 : st;
        if (st < 0) {
            visit_failed(&v, st);
        } else if (known[i].file > 0) {
            send_file(&v, &l, known[i].file == 2);
            bank_list_clear(&l);
        } else {
            list_page(&v, &l);
            bank_list_clear(&l);
        }
    }
    visit_end(&v);
}
