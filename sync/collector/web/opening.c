#include "collector/web/opening.h"
#include "collector/programme/roadmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/ingest/strata.h"
#include "collector/store/store_desk.h"
#include "collector/web/control.h"
#include "collector/web/publish.h"

#define PATH_MAX_BYTES 128
#define NUMBER_MAX 100000
#define TITLE_MAX_BYTES 200
#define TEXT_MAX_BYTES 1024
#define GROUP_NAME_BYTES 32

static const char *const kind_names[] = {
    [RECORD_ANONYMOUS] = N_("anonymous"),
    [RECORD_SLIP] = N_("anonymous, by slips"),
    [RECORD_NAMED] = N_("named"),
    [RECORD_BALLOT] = N_("ballot"),
};
#define KINDS (sizeof(kind_names) / sizeof(kind_names[0]))

/* --- the form ------------------------------------------------------------- */

/* What was posted, so that nothing has to be typed twice. */
static const char *
given(const struct visit *v, const char *name)
{
    return v->rq->method == REQUEST_POST ? request_form(v->rq, name) : NULL;
}

static void
kind_select(struct visit *v, const struct store_wave *usual)
{
    static const char *const values[KINDS] = {"0", "1", "2", "3"};
    struct control_option option[KINDS + 1];
    char as_form[TEXT_MAX_BYTES];
    (void)snprintf(as_form, sizeof(as_form),
                   visit_text(v, "as the questionnaire says: %s"),
                   visit_text(v, kind_names[usual->kind]));
    option[0] = (struct control_option){"", as_form};
    for (size_t i = 0; i < KINDS; i++) {
        option[i + 1] =
            (struct control_option){values[i], visit_text(v, kind_names[i])};
    }
    control_select(v, "kind", visit_text(v, "Who answers how"), option,
                   KINDS + 1);
}

static void
number_input(struct visit *v, const char *name, const char *label,
             const char *help)
{
    control_input(v, &(const struct control){.label = label,
                                             .name = name,
                                             .type = "number",
                                             .value = given(v, name),
                                             .help = help});
}

static void
date_input(struct visit *v, const char *name, const char *label,
           const char *help)
{
    control_input(v, &(const struct control){.label = label,
                                             .name = name,
                                             .type = "date",
                                             .value = given(v, name),
                                             .help = help});
}

static bool
is_ticked(const struct visit *v, const struct catalogue_form *entry,
          size_t field, char name[GROUP_NAME_BYTES])
{
    (void)snprintf(name, GROUP_NAME_BYTES, "group%zu", field);
    return v->rq->method == REQUEST_POST && request_form(v->rq, "groups")
               ? request_form(v->rq, name) != NULL
               : strata_has(entry, field);
}

/* By which questions the summary will set groups side by side: those that the
 * questionnaire marks, unless she chooses others. */
static void
groups_choice(struct visit *v, const struct catalogue_form *entry)
{
    struct html *h = &v->html;
    size_t lang = form_lang_find(entry->form, i18n_tag(v->lang));
    bool any = false;
    for (size_t i = 0; i < entry->field_count; i++) {
        char name[GROUP_NAME_BYTES];
        if (!strata_may(entry, i)) {
            continue;
        }
        if (!any) {
            html_open(h, "fieldset");
            html_element(h, "legend", NULL, visit_text(v, "Compare groups by"));
            control_hidden(v, "groups", "1");
            any = true;
        }
        bool ticked = is_ticked(v, entry, i, name);
        control_checkbox(v, name, form_field_label(entry->form, i, lang), NULL,
                         ticked);
    }
    if (any) {
        char help[TEXT_MAX_BYTES];
        (void)snprintf(help, sizeof(help),
                       visit_text(v, "At most %d questions, and few answers to "
                                     "each: the more groups there are, the "
                                     "fewer people are in one, and groups that "
                                     "are too small stay closed. It cannot be "
                                     "changed later."),
                       CATALOGUE_GROUPS_MAX);
        html_element(h, "p", "help", help);
        html_close(h, "fieldset");
    } else {
        html_element(h, "p", "help",
                     visit_text(v, "The summary will compare no groups: this "
                                   "questionnaire has no question with one "
                                   "answer out of several."));
    }
}

void
opening_groups(struct visit *v, const struct store_wave *w)
{
    const struct catalogue_form *entry = NULL;
    if (catalogue_take_wave(v->desk->catalogue, v->reader, w, &entry) < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    size_t lang = form_lang_find(entry->form, i18n_tag(v->lang));
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "meta");
    html_textf(&v->html, visit_text(v, "a figure needs %d answers, a text %d"),
               w->k, w->k_text);
    for (size_t g = 0; g < entry->groups; g++) {
        html_textf(&v->html,
                   g == 0 ? visit_text(v, "; groups by “%s”") : ", “%s”",
                   form_field_label(entry->form, entry->group[g].field, lang));
    }
    html_close(&v->html, "p");
    catalogue_give(v->desk->catalogue, entry);
}

static void
threshold_inputs(struct visit *v, const struct store_wave *usual)
{
    char help[TEXT_MAX_BYTES];
    (void)snprintf(help, sizeof(help),
                   visit_text(v, "Left empty: %d. Never fewer than %d; told to "
                                 "everybody before the first question."),
                   usual->k, PUBLISH_K_LEAST);
    number_input(v, "k", visit_text(v, "Answers needed to show a figure"),
                 help);
    (void)snprintf(help, sizeof(help), visit_text(v, "Left empty: %d."),
                   usual->k_text);
    number_input(v, "k_text",
                 visit_text(v, "Answers needed to show what people wrote"),
                 help);
}

void
opening_form(struct visit *v, const struct store_form *form, const char *fault)
{
    const struct catalogue_form *entry = NULL;
    struct store_wave usual = {0};
    char path[PATH_MAX_BYTES];
    enum status st =
        catalogue_take(v->desk->catalogue, v->reader, form->id, &entry);
    if (st < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    publish_settle(entry->form, &(const struct publish_terms){.kind = -1},
                   &usual);
    (void)snprintf(path, sizeof(path), "/questionnaires/%lld",
                   (long long)form->id);
    html_element(&v->html, "h2", NULL, visit_text(v, "Open a wave"));
    control_fault(v, fault);
    control_form(v, path, false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Name of the wave"),
                         .name = "title",
                         .type = "text",
                         .value = given(v, "title"),
                         .help = visit_text(v, "For example “spring 2027”.")});
    number_input(v, "invited", visit_text(v, "How many are invited"),
                 visit_text(v, "The response rate is reckoned from it."));
    date_input(v, "opens", visit_text(v, "First day"),
               visit_text(v, "Left empty, the wave opens at once."));
    date_input(v, "closes", visit_text(v, "Last day"),
               visit_text(v, "Left empty, the wave stays open until you close "
                             "it."));
    kind_select(v, &usual);
    threshold_inputs(v, &usual);
    groups_choice(v, entry);
    control_checkbox(v, "live", visit_text(v, "Show figures while it is open"),
                     visit_text(v, "For a trial only: with live figures each "
                                   "new answer can be told from the change."),
                     given(v, "live") != NULL);
    control_button(v, visit_text(v, "Publish to the kiosks"), true);
    control_form_end(v);
    catalogue_give(v->desk->catalogue, entry);
}

/* --- taking it ------------------------------------------------------------ */

/* The first instant of a day given as "2027-05-14", UTC. False: no such day. */
static bool
read_day(const char *date, int64_t *out_ms)
{
    *out_ms = 0;
    if (!date || !*date) {
        return true;
    }
    struct day d;
    if (roadmap_day(date, &d) != STATUS_OK || d.year < 2000 || d.year > 3000) {
        return false;
    }
    *out_ms = day_number(d) * DAY_MS;
    return true;
}

/* A whole number, 0 when nothing was given. False: something else. */
static bool
read_number(const struct request *rq, const char *name, int *out)
{
    const char *text = request_form(rq, name);
    char *end = NULL;
    *out = 0;
    if (!text || !*text) {
        return true;
    }
    long n = strtol(text, &end, 10);
    if (*end || n < 1 || n > NUMBER_MAX) {
        return false;
    }
    *out = (int)n;
    return true;
}

static const char *
read_terms(struct visit *v, struct store_plan *out)
{
    const struct request *rq = v->rq;
    const char *title = request_form(rq, "title");
    const char *kind = request_form(rq, "kind");
    int64_t now_ms = desk_now_ms(v->desk);
    out->live = request_form(rq, "live") != NULL;
    out->kind = kind && *kind ? kind[0] - '0' : -1;
    if (out->kind < -1 || out->kind >= (int)KINDS) {
        return visit_text(v, "Choose who answers how.");
    }
    if (title && strlen(title) > TITLE_MAX_BYTES) {
        return visit_text(v, "The name of the wave is too long.");
    }
    if (!read_number(rq, "invited", &out->invited)
        || !read_number(rq, "k", &out->k)
        || !read_number(rq, "k_text", &out->k_text)) {
        return visit_text(v, "The numbers must be whole ones, from 1 to "
                             "100000.");
    }
    if ((out->k > 0 && out->k < PUBLISH_K_LEAST)
        || (out->k_text > 0 && out->k_text < out->k)) {
        return visit_text(v, "A figure needs 3 answers at least, and what "
                             "people wrote no fewer than a figure.");
    }
    if (!read_day(request_form(rq, "opens"), &out->opens_ms)
        || !read_day(request_form(rq, "closes"), &out->closes_ms)) {
        return visit_text(v, "A day must be one of the calendar, as "
                             "2027-05-14.");
    }
    out->closes_ms += out->closes_ms > 0 ? DAY_MS : 0;
    if (out->closes_ms > 0
        && (out->closes_ms <= now_ms || out->closes_ms <= out->opens_ms)) {
        return visit_text(v, "The last day must not lie before the first one "
                             "or before today.");
    }
    return NULL;
}

/* What was ticked; "" if the page had nothing to tick. */
static const char *
read_groups(struct visit *v, const struct catalogue_form *entry,
            struct store_plan *out)
{
    size_t field[CATALOGUE_GROUPS_MAX + 1];
    size_t count = 0;
    if (!request_form(v->rq, "groups")) {
        return NULL;
    }
    for (size_t i = 0; i < entry->field_count && count <= CATALOGUE_GROUPS_MAX;
         i++) {
        char name[GROUP_NAME_BYTES];
        if (strata_may(entry, i) && is_ticked(v, entry, i, name)) {
            field[count++] = i;
        }
    }
    return strata_choose(entry, field, count, out->groups) == STATUS_OK
               ? NULL
               : visit_text(v, "These are too many groups: choose fewer "
                               "questions, or questions with fewer answers.");
}

static const char *
read_all(struct visit *v, struct store_plan *out)
{
    const struct catalogue_form *entry = NULL;
    const char *fault = read_terms(v, out);
    if (fault) {
        return fault;
    }
    if (catalogue_take(v->desk->catalogue, v->reader, out->form, &entry) < 0) {
        return visit_text(v, "This questionnaire cannot be opened any more. "
                             "Upload it again.");
    }
    fault = read_groups(v, entry, out);
    catalogue_give(v->desk->catalogue, entry);
    return fault;
}

static enum status
begin_now(struct visit *v, struct store *w, const struct store_plan *plan)
{
    struct store_wave wave = {0};
    enum status st = publish_plan(w, plan, desk_now_ms(v->desk), &wave);
    if (st == STATUS_OK) {
        st = visit_audit(v, w, "open", wave.name);
    }
    store_wave_clear(&wave);
    return st;
}

enum status
opening_take(struct visit *v, const struct store_form *form,
             const char **out_fault)
{
    char title[TITLE_MAX_BYTES + 1] = "";
    const char *wanted = request_form(v->rq, "title");
    struct store_plan plan = {.form = form->id, .title = title};
    *out_fault = read_all(v, &plan);
    if (*out_fault) {
        return STATUS_E_INVALID;
    }
    (void)snprintf(title, sizeof(title), "%s", wanted ? wanted : "");
    bool later = plan.opens_ms > desk_now_ms(v->desk);
    struct store *w = NULL;
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK && later) {
        st = store_plan_add(w, &plan);
        if (st == STATUS_OK) {
            st = visit_audit(v, w, "plan", form->form_id);
        }
    } else if (st == STATUS_OK) {
        st = begin_now(v, w, &plan);
    }
    return visit_written(v, st, NULL, "");
}

/* --- waves to come -------------------------------------------------------- */

static void
plan_card(struct visit *v, const struct store_plan *p)
{
    struct html *h = &v->html;
    char id[32];
    (void)snprintf(id, sizeof(id), "%lld", (long long)p->id);
    html_open(h, "li");
    html_attr(h, "class", "card");
    html_element(h, "h3", NULL,
                 *p->title ? p->title : visit_text(v, "without a name"));
    html_open(h, "p");
    html_attr(h, "class", "meta");
    html_textf(h, "%s ", visit_text(v, "opens on"));
    visit_date(v, p->opens_ms);
    if (p->closes_ms > 0) {
        html_textf(h, " · %s ", visit_text(v, "last day"));
        visit_date(v, p->closes_ms - DAY_MS);
    }
    html_close(h, "p");
    html_open(h, "div");
    html_attr(h, "class", "actions");
    control_action(v, "/waves/cancel", "plan", id, visit_text(v, "Give it up"),
                   NULL);
    html_close(h, "div");
    html_close(h, "li");
}

void
opening_plans(struct visit *v, int64_t form)
{
    struct store_plan *plans = NULL;
    size_t count = 0;
    bool any = false;
    if (store_plans(v->reader, &plans, &count) < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    for (size_t i = 0; i < count; i++) {
        if (plans[i].form != form) {
            continue;
        }
        if (!any) {
            html_element(&v->html, "h2", NULL, visit_text(v, "To come"));
            html_open(&v->html, "ul");
            html_attr(&v->html, "class", "cards waves");
            any = true;
        }
        plan_card(v, &plans[i]);
    }
    if (any) {
        html_close(&v->html, "ul");
    }
    store_plans_free(plans, count);
}

static enum status
drop_plan(struct store *w, void *ctx)
{
    return store_plan_drop(w, *(const int64_t *)ctx);
}

void
opening_cancel(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const char *number = request_form(rq, "plan");
    int64_t id = number ? strtoll(number, NULL, 10) : 0;
    enum status st = visit_change(&v, drop_plan, &id, "cancel", "");
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        response_redirect(rs, "/questionnaires");
    }
    visit_end(&v);
}
