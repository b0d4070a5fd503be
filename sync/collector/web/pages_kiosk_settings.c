#include "collector/web/pages_kiosk_settings.h"

#include <stdio.h>
#include <string.h>

#include "collector/web/control.h"
#include "collector/web/kiosk_settings.h"
#include "collector/web/visit.h"
#include "seal/pin_code.h"
#include "seal/seal.h"

#define PATH "/kiosks/settings"
#define VALUE_MAX_BYTES 4096
#define FORMS_MAX 64

/* What the POSTs carry in "what". */
#define OPEN_ROOM "open"
#define CLOSE_ROOM "close"
#define NEW_CODE "pin"
#define NEW_HOURS "hours"

static void
paragraph(struct visit *v, const char *class, const char *text)
{
    html_element(&v->html, "p", class, text);
}

static void
heading(struct visit *v, const char *text)
{
    html_element(&v->html, "h2", NULL, text);
}

/* "" if it is not set. */
static const char *
value_of(struct visit *v, const char *key, struct buf *value)
{
    buf_init(value, VALUE_MAX_BYTES);
    enum status st = kiosk_settings_get(v->reader, key, value);
    return st == STATUS_OK && value->len > 0 && buf_status(value) == STATUS_OK
               ? value->data
               : "";
}

/* --- the voting session --------------------------------------------------- */

static const char *
title_of(const struct store_wave *w)
{
    return w->title && *w->title ? w->title : w->form_title;
}

static void
running_room(struct visit *v, const struct store_wave *w)
{
    struct html *h = &v->html;
    html_open(h, "p");
    html_textf(h,
               visit_text(v, "Every kiosk is at “%s” and asks for one "
                             "person after another."),
               title_of(w));
    html_close(h, "p");
    control_form(v, PATH, false);
    control_hidden(v, "what", CLOSE_ROOM);
    control_button(v, visit_text(v, "End the session"), true);
    control_form_end(v);
}

static void
room_form(struct visit *v, const struct store_wave *wave, size_t count)
{
    struct control_option option[FORMS_MAX];
    size_t options = 0;
    for (size_t i = 0; i < count && options < FORMS_MAX; i++) {
        if (wave[i].closed_ms == 0) {
            option[options] =
                (struct control_option){wave[i].form_id, title_of(&wave[i])};
            options++;
        }
    }
    if (options == 0) {
        paragraph(v, NULL,
                  visit_text(v, "No questionnaire and no vote is open."));
        return;
    }
    control_form(v, PATH, false);
    control_hidden(v, "what", OPEN_ROOM);
    control_select(v, "form", visit_text(v, "What they answer"), option,
                   options);
    control_checkbox(v, "count", visit_text(v, "Show how many have sent"),
                     visit_text(v, "The figure stands on the page between two "
                                   "people, for all to see."),
                     false);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "How many are in the room"),
                         .name = "invited",
                         .type = "number",
                         .help = visit_text(v, "May stay empty. Then the page "
                                               "does not say of how many.")});
    control_button(v, visit_text(v, "Begin the session"), true);
    control_form_end(v);
}

static void
room(struct visit *v)
{
    struct store_wave *wave = NULL;
    struct buf value;
    size_t count = 0;
    const struct store_wave *running = NULL;
    const char *form = value_of(v, "room.form", &value);
    enum status st = store_waves(v->reader, &wave, &count);
    for (size_t i = 0; st == STATUS_OK && i < count && !running; i++) {
        bool open = wave[i].closed_ms == 0;
        running = open && strcmp(wave[i].form_id, form) == 0 ? &wave[i] : NULL;
    }
    heading(v, visit_text(v, "Voting session"));
    if (running) {
        running_room(v, running);
    } else {
        paragraph(v, NULL,
                  visit_text(v, "For a room of people who answer one after "
                                "another: the kiosks stay at one questionnaire "
                                "and ask for the next person after each."));
        room_form(v, wave, count);
    }
    store_waves_free(wave, count);
    buf_deinit(&value);
}

/* --- the PIN and the hours ------------------------------------------------- */

static void
pin(struct visit *v)
{
    struct buf value;
    bool set = value_of(v, KIOSK_SETTINGS_STAFF, &value)[0] != '\0';
    heading(v, visit_text(v, "PIN of the staff menu"));
    paragraph(v, NULL,
              set ? visit_text(v, "A PIN was set here. A new one opens a menu "
                                  "that too many wrong tries have locked, "
                                  "too.")
                  : visit_text(v, "None was set here: at each kiosk, who opens "
                                  "the staff menu first chooses it."));
    control_form(v, PATH, false);
    control_hidden(v, "what", NEW_CODE);
    control_input(
        v, &(const struct control){
               .label = visit_text(v, "New PIN for all kiosks"),
               .name = "pin",
               .type = "password",
               .autocomplete = "off",
               .help = visit_text(v, "Six digits that nobody would guess. Note "
                                     "them down: they are not kept here and "
                                     "cannot be shown again."),
               .required = true});
    control_input(v, &(const struct control){
                         .label = visit_text(v, "The same PIN once more"),
                         .name = "again",
                         .type = "password",
                         .autocomplete = "off",
                         .required = true});
    control_button(v, visit_text(v, "Set the PIN"), true);
    control_form_end(v);
    buf_deinit(&value);
}

static void
hours(struct visit *v)
{
    struct buf value;
    heading(v, visit_text(v, "Hours of service"));
    control_form(v, PATH, false);
    control_hidden(v, "what", NEW_HOURS);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Awake"),
                         .name = "hours",
                         .type = "text",
                         .value = value_of(v, "service.hours", &value),
                         .help = visit_text(
                             v, "Like 08:00-19:00; empty: day and night. "
                                "Outside these hours a kiosk is dark until "
                                "touched. Hours set at a kiosk itself count "
                                "more.")});
    control_button(v, visit_text(v, "Set the hours"), true);
    control_form_end(v);
    buf_deinit(&value);
}

static void
page(struct visit *v, const char *fault, const char *done)
{
    visit_page(v, "/kiosks", visit_text(v, "What kiosks do"));
    control_see(v, "/kiosks", visit_text(v, "All kiosks"));
    control_fault(v, fault);
    if (done) {
        paragraph(v, "lead", done);
    }
    room(v);
    pin(v);
    hours(v);
}

/* --- changes ---------------------------------------------------------------- */

struct wish {
    const char *what;
    const char *form;
    const char *count;
    const char *invited;
    const char *pin;
    const char *hours;
};

static enum status
set(struct store *w, void *ctx)
{
    const struct wish *wish = ctx;
    if (strcmp(wish->what, NEW_CODE) == 0) {
        return kiosk_settings_set_pin(w, wish->pin);
    }
    if (strcmp(wish->what, NEW_HOURS) == 0) {
        return kiosk_settings_set(w, "service.hours", wish->hours);
    }
    if (strcmp(wish->what, CLOSE_ROOM) == 0) {
        return kiosk_settings_set(w, "room.form", "");
    }
    if (strcmp(wish->what, OPEN_ROOM) != 0) {
        return STATUS_E_INVALID;
    }
    enum status st =
        kiosk_settings_set(w, "room.count", wish->count[0] ? "yes" : "");
    st = st < 0 ? st : kiosk_settings_set(w, "room.invited", wish->invited);
    return st < 0 ? st : kiosk_settings_set(w, "room.form", wish->form);
}

static const char *
fault_of(struct visit *v, const struct wish *wish)
{
    if (strcmp(wish->what, NEW_HOURS) == 0) {
        return visit_text(v, "Two times of the day are needed, like "
                             "08:00-19:00.");
    }
    return strcmp(wish->what, OPEN_ROOM) == 0
               ? visit_text(v, "The session could not be opened: is the "
                               "questionnaire still open, and is the number "
                               "of people a number?")
               : visit_text(v, "That could not be set.");
}

static const char *
field(const struct request *rq, const char *name)
{
    const char *value = request_form(rq, name);
    return value ? value : "";
}

/* NULL, or why not. */
static const char *
change(struct visit *v, const struct request *rq, enum status *st)
{
    struct wish wish = {.what = field(rq, "what"),
                        .form = field(rq, "form"),
                        .count = field(rq, "count"),
                        .invited = field(rq, "invited"),
                        .pin = field(rq, "pin"),
                        .hours = field(rq, "hours")};
    const char *again = field(rq, "again");
    *st = STATUS_OK;
    if (strcmp(wish.what, NEW_CODE) == 0) {
        const char *fault = pin_code_fault(wish.pin);
        if (fault) {
            return visit_text(v, fault);
        }
        if (strlen(again) != strlen(wish.pin)
            || !seal_equal(again, wish.pin, strlen(again))) {
            return visit_text(v, "The two were not the same. Choose the PIN "
                                 "again.");
        }
    }
    enum status done = visit_change(v, set, &wish, "kiosk set", wish.what);
    if (done == STATUS_E_INVALID || done == STATUS_E_NOT_FOUND) {
        return fault_of(v, &wish);
    }
    *st = done;
    return NULL;
}

void
pages_kiosk_settings(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    const char *fault = NULL;
    const char *done = NULL;
    enum status st = STATUS_OK;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR | VISIT_TECHNICIAN)) {
        return;
    }
    if (rq->method == REQUEST_POST) {
        fault = change(&v, rq, &st);
        done = fault ? NULL
                     : visit_text(&v, "The kiosks take it over when they next "
                                      "ask, within a quarter of an hour, or "
                                      "with the next stick.");
    }
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        rs->status = fault ? 422 : 200;
        page(&v, fault, done);
    }
    visit_end(&v);
}
