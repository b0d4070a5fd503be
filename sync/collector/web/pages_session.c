#include "collector/web/pages_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/web/control.h"
#include "collector/web/session_fields.h"
#include "collector/web/training_desk.h"

#define TITLE_MAX_BYTES 300
#define URL_BYTES 64
#define NAME_BYTES 32
#define MATERIAL_ROWS 8
#define WHEN_MAX_BYTES 600

/* --- the page ------------------------------------------------------------- */

static void
actions(struct visit *v, const struct store_training *t)
{
    char url[URL_BYTES];
    (void)snprintf(url, sizeof(url), "/training/%" PRId64 "/invitations",
                   t->id);
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "actions");
    if (t->wave == 0) {
        control_action(v, v->rq->path, "what", "open",
                       visit_text(v, "Open the signing at the kiosks"),
                       "primary");
    } else if (t->ended_ms == 0) {
        control_action(v, v->rq->path, "what", "end",
                       visit_text(v, "The session is over"), "primary");
    }
    if (t->invited > 0) {
        control_link(v, url, visit_text(v, "Invitations to print"), false);
    }
    html_close(&v->html, "div");
    if (t->wave == 0) {
        html_element(&v->html, "p", "help",
                     visit_text(v, "Add the materials before: the kiosk shows "
                                   "those that are here when signing opens."));
    } else if (t->ended_ms == 0) {
        html_element(&v->html, "p", "help",
                     visit_text(v, "Who is there types the personal code at "
                                   "the kiosk and signs. When it is over, the "
                                   "anonymous questionnaire about it opens by "
                                   "itself."));
    }
}

static void
materials_part(struct visit *v, const struct store_training *t,
               const struct store_material *m, size_t count)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "Materials to read"));
    if (count > 0) {
        html_open(h, "ol");
        for (size_t i = 0; i < count; i++) {
            char number[NAME_BYTES];
            (void)snprintf(number, sizeof(number), "%" PRId64, m[i].number);
            html_open(h, "li");
            html_text(h, m[i].title);
            if (t->wave == 0) {
                control_action(v, v->rq->path, "drop", number,
                               visit_text(v, "Remove"), "plain");
            }
            html_close(h, "li");
        }
        html_close(h, "ol");
    } else if (t->wave != 0) {
        html_element(h, "p", NULL, visit_text(v, "There are none."));
    }
    if (t->wave != 0) {
        return;
    }
    html_open(h, "details");
    html_element(h, "summary", NULL, visit_text(v, "Add a material"));
    control_form(v, v->rq->path, false);
    control_hidden(v, "what", "material");
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Title of the material"),
                         .name = "material",
                         .type = "text",
                         .required = true});
    control_area(v,
                 &(const struct control){
                     .label = visit_text(v, "Text"),
                     .name = "text",
                     .help = visit_text(v, "# begins a heading, - a point of a "
                                           "list. The kiosk shows it part by "
                                           "part, and it is acknowledged at "
                                           "its end."),
                     .required = true},
                 MATERIAL_ROWS);
    control_button(v, visit_text(v, "Add"), false);
    control_form_end(v);
    html_close(h, "details");
}

static int64_t
read_by(const struct training_reading *r, size_t count, int64_t person)
{
    for (size_t i = 0; i < count; i++) {
        if (r[i].person == person) {
            return r[i].materials;
        }
    }
    return 0;
}

static void
guest_row(struct visit *v, const struct store_guest *g, size_t materials,
          int64_t has_read, bool edit)
{
    struct html *h = &v->html;
    char name[NAME_BYTES];
    (void)snprintf(name, sizeof(name), "g%" PRId64, g->person);
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_text(h, g->name);
    html_close(h, "th");
    html_element(h, "td", NULL,
                 strcmp(g->role, "mentor") == 0   ? visit_text(v, "mentor")
                 : strcmp(g->role, "mentee") == 0 ? visit_text(v, "mentee")
                                                  : "");
    html_open(h, "td");
    if (edit) {
        html_void(h, "input");
        html_attr(h, "type", "checkbox");
        html_attr(h, "name", name);
        html_attr(h, "value", "1");
        html_attr(h, "aria-label", visit_text(v, "Invited"));
        html_attr_flag(h, "checked", g->invited);
    } else {
        html_text(h, g->invited ? visit_text(v, "yes") : "—");
    }
    html_close(h, "td");
    html_element(h, "td", NULL, g->came ? visit_text(v, "signed") : "—");
    html_open(h, "td");
    if (g->came && materials > 0) {
        html_textf(h, visit_text(v, "%lld of %zu"), (long long)has_read,
                   materials);
    } else {
        html_text(h, "—");
    }
    html_close(h, "td");
    html_close(h, "tr");
}

static enum status
people_part(struct visit *v, const struct store_training *t, size_t materials)
{
    static const char *const head[] = {N_("Person"), N_("Role"), N_("Invited"),
                                       N_("Was there"), N_("Materials read")};
    struct store_guest *guests = NULL;
    struct training_reading *readings = NULL;
    size_t count = 0;
    size_t read = 0;
    const bool edit = t->ended_ms == 0;
    enum status st = store_guests(v->reader, t->id, &guests, &count);
    if (st == STATUS_OK) {
        st = training_desk_readings(v->reader, v->desk->catalogue, t, &readings,
                                    &read);
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "People of the session"));
    if (edit) {
        control_form_bare(v, v->rq->path);
        control_hidden(v, "what", "guests");
    }
    control_table(v, visit_text(v, "People of the session"), head,
                  sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        if (edit || guests[i].invited || guests[i].came) {
            guest_row(v, &guests[i], materials,
                      read_by(readings, read, guests[i].person), edit);
        }
    }
    control_table_end(v);
    if (edit) {
        control_button(v, visit_text(v, "Save the invitations"), false);
        control_form_end(v);
    }
    free(readings);
    store_guests_free(guests, count);
    return st;
}

static enum status
one_page(struct visit *v, const struct store_training *t, const char *fault)
{
    struct store_material *m = NULL;
    size_t count = 0;
    enum status st = store_materials(v->reader, t->id, &m, &count);
    if (st == STATUS_OK) {
        visit_page(v, v->rq->path, t->title);
        control_fault(v, fault);
        session_fields_line(v, t);
        html_element(&v->html, "p", "lead", session_fields_state(v, t));
        session_fields_counts(v, t);
        actions(v, t);
        materials_part(v, t, m, count);
        st = people_part(v, t, count);
    }
    if (st == STATUS_OK && t->wave == 0) {
        html_element(&v->html, "h2", NULL, visit_text(v, "Change the session"));
        control_form(v, v->rq->path, false);
        control_hidden(v, "what", "fields");
        session_fields_show(v, t);
        control_button(v, visit_text(v, "Save"), false);
        control_form_end(v);
    }
    store_materials_free(m, count);
    visit_page_end(v); /* the title is the session's */
    return st;
}

/* A card for each of the invited, to cut apart. */
static enum status
invitations(struct visit *v, const struct store_training *t)
{
    struct html *h = &v->html;
    struct store_guest *guests = NULL;
    size_t count = 0;
    enum status st = store_guests(v->reader, t->id, &guests, &count);
    visit_page(v, v->rq->path, visit_text(v, "Invitations"));
    html_open(h, "ul");
    html_attr(h, "class", "cards waves");
    for (size_t i = 0; i < count; i++) {
        if (!guests[i].invited) {
            continue;
        }
        control_card(v, NULL, guests[i].name);
        html_open(h, "p");
        html_textf(h, visit_text(v, "You are invited to: %s"), t->title);
        html_close(h, "p");
        session_fields_line(v, t);
        html_element(h, "p", "help",
                     visit_text(v, "Bring your personal code: you sign with it "
                                   "at the kiosk."));
        html_close(h, "li");
    }
    html_close(h, "ul");
    visit_page_end(v);
    store_guests_free(guests, count);
    return st;
}

/* --- changes -------------------------------------------------------------- */

static enum status
save_guests(struct visit *v, struct store *w, const struct store_training *t)
{
    struct store_guest *guests = NULL;
    size_t count = 0;
    enum status st = store_guests(w, t->id, &guests, &count);
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        char name[NAME_BYTES];
        (void)snprintf(name, sizeof(name), "g%" PRId64, guests[i].person);
        st = store_guest_put(w, t->id, guests[i].person,
                             request_form(v->rq, name) != NULL);
    }
    store_guests_free(guests, count);
    return st;
}

static enum status
add_material(struct visit *v, struct store *w, const struct store_training *t)
{
    const char *title = session_fields_posted(v, "material", TITLE_MAX_BYTES);
    const char *text =
        session_fields_posted(v, "text", STORE_MATERIAL_MAX_BYTES);
    if (!title || !text) {
        return STATUS_E_LIMIT;
    }
    if (!*title || !*text) {
        return STATUS_E_INVALID;
    }
    char *titled = strdup(title);
    char *told = strdup(text);
    const struct store_material m = {.title = titled, .text = told};
    enum status st =
        titled && told ? store_material_add(w, t->id, &m) : STATUS_E_NOMEM;
    free(titled);
    free(told);
    return st;
}

static enum status
open_signing(struct visit *v, struct store *w, struct store_training *t)
{
    struct buf when[I18N_LANG_COUNT];
    const char *text[I18N_LANG_COUNT];
    for (int i = 0; i < I18N_LANG_COUNT; i++) {
        buf_init(&when[i], WHEN_MAX_BYTES);
        session_fields_when(t, (enum i18n_lang)i, &when[i]);
        text[i] = when[i].data ? when[i].data : "";
    }
    enum status st = training_desk_open(w, t, text, desk_now_ms(v->desk));
    for (int i = 0; i < I18N_LANG_COUNT; i++) {
        buf_deinit(&when[i]);
    }
    return st;
}

/* What the form asks for, while signing is not open yet. */
static enum status
prepare(struct visit *v, struct store *w, struct store_training *t,
        const char *what)
{
    const char *drop = request_form(v->rq, "drop");
    if (t->wave != 0) {
        return STATUS_E_CONFLICT;
    }
    if (drop) {
        return store_material_drop(w, t->id, strtoll(drop, NULL, 10));
    }
    if (strcmp(what, "material") == 0) {
        return add_material(v, w, t);
    }
    if (strcmp(what, "fields") == 0) {
        enum status st = session_fields_read(v, t);
        return st == STATUS_OK ? store_training_update(w, t) : st;
    }
    if (strcmp(what, "open") == 0) {
        return open_signing(v, w, t);
    }
    return STATUS_E_INVALID;
}

static enum status
change(struct visit *v, struct store_training *t)
{
    const char *what = request_form(v->rq, "what");
    struct store *w = NULL;
    what = what ? what : "";
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK && strcmp(what, "guests") == 0) {
        st = t->ended_ms ? STATUS_E_CONFLICT : save_guests(v, w, t);
    } else if (st == STATUS_OK && strcmp(what, "end") == 0) {
        st = training_desk_end(w, t, desk_now_ms(v->desk));
    } else if (st == STATUS_OK) {
        st = prepare(v, w, t, what);
    }
    return visit_written(v, st, "training", t->title);
}

void
pages_session(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct store_training t = {0};
    char *rest = NULL;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = store_training(v.reader, strtoll(rq->tail, &rest, 10), &t);
    const bool cards_asked = strcmp(rest, "/invitations") == 0;
    if (st == STATUS_NONE || (*rest && !cards_asked)) {
        visit_missing(&v);
    } else if (st == STATUS_OK && rq->method == REQUEST_POST) {
        st = change(&v, &t);
        const char *fault = session_fields_why_not(&v, st);
        if (visit_again(&v, st, fault, rq->path)) {
            st = one_page(&v, &t, fault);
        }
    } else if (st == STATUS_OK) {
        st = cards_asked ? invitations(&v, &t) : one_page(&v, &t, NULL);
    }
    if (st < 0 && rq->method != REQUEST_POST) {
        visit_failed(&v, st);
    }
    store_training_clear(&t);
    visit_end(&v);
}
