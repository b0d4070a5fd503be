#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample_desk.h"
#include "sample_library.h"
#include "script.h"
#include "ui/keyboard.h"

#define PAGES_MAX 400
#define NAME_BYTES 160

const char *const walk_forms[WALK_FORMS] = {
    "tests/data/ui/controls.csv",
    "tests/data/ui/choices.csv",
    "tests/data/ui/ranks.csv",
    "tests/data/ui/repeats.csv",
    "tests/data/ui/pictures.csv",
    "tests/data/ui/documents.csv",
    "tests/data/ui/tables.csv",
    "assets/surveys/interim_mentee.csv",
    "assets/surveys/consent.csv",
    "assets/surveys/bank_mentees.csv",
    "assets/surveys/training_session.csv",
    "tests/data/ui/slip.csv",
    "tests/data/ui/branches.csv",
};

struct walker {
    struct core *core;
    walk_visit *visit;
    void *self;
    struct harness_clock clock;
    const char *form;
};

static struct kiosk *
kiosk(struct walker *w)
{
    return &w->core->kiosk;
}

static void
see(struct walker *w, const char *what, const char *state)
{
    char name[NAME_BYTES];
    (void)snprintf(name, sizeof(name), "%s%s%s%s%s", w->form ? w->form : "",
                   w->form ? " " : "", what, state[0] ? " " : "", state);
    (void)core_frame(w->core);
    w->visit(w->self, name, w->core);
}

static bool
tap(struct walker *w, const char *id)
{
    (void)core_frame(w->core);
    const struct ui_target *t = ui_find(&kiosk(w)->ui, id);
    if (!t) {
        return false;
    }
    int x = t->rect.x + t->rect.w / 2;
    int y = t->rect.y + t->rect.h / 2;
    core_pointer(w->core, UI_DOWN, x, y);
    core_pointer(w->core, UI_UP, x, y);
    (void)core_frame(w->core);
    return true;
}

static void
see_parts(struct walker *w, const char *what, const char *state)
{
    see(w, what, state);
    while (tap(w, "more")) {
        see(w, what, state);
    }
    while (tap(w, "up")) {
    }
}

static const char *
some_value(struct walker *w, struct filling_node *node,
           const struct filling_question *q)
{
    size_t count = 0;
    switch (q->control) {
    case FORM_CONTROL_SELECT_ONE:
    case FORM_CONTROL_SELECT_MULTIPLE: {
        const struct filling_choice *c =
            filling_choices(kiosk(w)->session.filling, node, &count);
        return count > 0 ? c[count > 1 ? 1 : 0].name : "";
    }
    case FORM_CONTROL_TRIGGER:
        return "OK";
    case FORM_CONTROL_RANGE:
        return "4";
    case FORM_CONTROL_INPUT:
        break;
    case FORM_CONTROL_RANK: {
        /* One place is an answer only where the first few are asked for. */
        const struct filling_choice *c =
            filling_offered(kiosk(w)->session.filling, node, &count);
        return count > 0 ? c[0].name : "";
    }
    case FORM_CONTROL_NONE:
    case FORM_CONTROL_NOTE:
    case FORM_CONTROL_UPLOAD:
        return "";
    }
    switch (q->type) {
    case FORM_TYPE_INTEGER:
    case FORM_TYPE_DECIMAL:
        return "7";
    case FORM_TYPE_DATE:
        return "2026-11-23";
    case FORM_TYPE_TIME:
        return "16:30:00";
    case FORM_TYPE_STRING:
    case FORM_TYPE_BOOLEAN:
    case FORM_TYPE_DATETIME:
    case FORM_TYPE_RANK:
    case FORM_TYPE_OPAQUE:
        break;
    }
    return "Хочу научиться проводить занятия по развитию речи "
           "и говорить с родителями";
}

/* Answers everything on the page that has no answer. */
static void
answer_page(struct walker *w)
{
    struct session *s = &kiosk(w)->session;
    const struct session_page *page = session_page(s);
    size_t count = page ? page->count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct session_entry *e = session_entry(s, i);
        if (!e || e->kind != SESSION_QUESTION) {
            continue;
        }
        struct filling_question q;
        filling_question(s->filling, e->node, &q);
        const char *value = some_value(w, e->node, &q);
        char copy[512];
        (void)snprintf(copy, sizeof(copy), "%s", value);
        if (copy[0] && filling_set(s->filling, e->node, copy) == STATUS_OK
            && session_refresh(s) < 0) {
            return;
        }
    }
    kiosk(w)->changed = true;
}

static void
see_keyboard(struct walker *w, const char *what)
{
    struct session *s = &kiosk(w)->session;
    const struct session_page *page = session_page(s);
    for (size_t i = 0; page && i < page->count; i++) {
        const struct session_entry *e = session_entry(s, i);
        struct filling_question q;
        char id[UI_ID_MAX_BYTES * 2];
        if (e->kind != SESSION_QUESTION) {
            continue;
        }
        filling_question(s->filling, e->node, &q);
        (void)snprintf(id, sizeof(id), "field:%s", q.name);
        bool found = tap(w, id);
        while (!found && tap(w, "more")) {
            found = tap(w, id);
        }
        if (found) {
            see(w, what, "keyboard");
            (void)snprintf(id, sizeof(id), "key:%d", KEYBOARD_SWITCH_SIGNS);
            (void)tap(w, id);
            see(w, what, "signs");
            (void)tap(w, id);
            (void)snprintf(id, sizeof(id), "key:%d", KEYBOARD_DONE);
            (void)tap(w, id);
        }
        while (tap(w, "up")) {
        }
    }
}

/* The letters of a long list, one of them, and the list again. */
static void
see_letters(struct walker *w, const char *what)
{
    if (!tap(w, "letters")) {
        return;
    }
    see_parts(w, what, "letters");
    for (size_t i = 0; i < kiosk(w)->ui.target_count; i++) {
        const char *id = kiosk(w)->ui.targets[i].id;
        if (strncmp(id, "letter:", 7) == 0) {
            char copy[UI_ID_MAX_BYTES];
            (void)snprintf(copy, sizeof(copy), "%s", id);
            (void)tap(w, copy);
            break;
        }
    }
    see_parts(w, what, "one letter");
    (void)tap(w, "letters");
    while (!tap(w, "letter:all") && tap(w, "more")) {
    }
}

static void
page_name(struct walker *w, char *out, size_t size)
{
    struct session *s = &kiosk(w)->session;
    const struct session_entry *e = session_entry(s, 0);
    struct filling_question q = {.name = "page"};
    if (e && e->kind == SESSION_QUESTION) {
        filling_question(s->filling, e->node, &q);
    }
    (void)snprintf(out, size, "%s",
                   e && e->kind == SESSION_ADD ? "add" : q.name);
}

static bool
walk_page(struct walker *w)
{
    struct session *s = &kiosk(w)->session;
    char what[64];
    page_name(w, what, sizeof(what));
    see_parts(w, what, "");
    if (session_page_blocked(s)) {
        (void)tap(w, "next");
        see_parts(w, what, "missing");
    }
    see_keyboard(w, what);
    see_letters(w, what);
    answer_page(w);
    see_parts(w, what, "answered");
    size_t page = s->page;
    bool moved = tap(w, "next")
                 && (kiosk(w)->place != KIOSK_QUESTION || s->page != page);
    if (!moved) {
        (void)fprintf(stderr, "walk: stuck at %s %s\n", w->form, what);
    }
    return moved;
}

static bool
walk_session(struct walker *w)
{
    for (int i = 0; i < PAGES_MAX && kiosk(w)->place == KIOSK_QUESTION; i++) {
        if (!walk_page(w)) {
            return false;
        }
    }
    see_parts(w, "check", "");
    if (!tap(w, "send") || kiosk(w)->place != KIOSK_THANKS) {
        (void)fprintf(stderr, "walk: cannot send %s\n", w->form);
        return false;
    }
    see(w, "thanks", "");
    return tap(w, "finish");
}

static bool
walk_entrance(struct walker *w)
{
    struct kiosk_survey survey;
    kiosk_survey(kiosk(w), kiosk(w)->survey, &survey);
    if (kiosk(w)->place == KIOSK_CONSENT) {
        see(w, "consent", "");
        (void)tap(w, "next");
    }
    if (kiosk(w)->place == KIOSK_CODE_PAD) {
        bool slip = survey.kind == RECORD_SLIP;
        const char *code = slip ? SAMPLE_LIBRARY_SLIP : SAMPLE_LIBRARY_PERSON;
        see(w, "code", "");
        for (const char *d = code; *d; d++) {
            char id[UI_ID_MAX_BYTES];
            (void)snprintf(id, sizeof(id), "digit:%c", *d);
            (void)tap(w, id);
        }
        see(w, "code", "typed");
        (void)tap(w, "next");
    }
    if (!kiosk(w)->in_session) {
        (void)fprintf(stderr, "walk: cannot begin %s\n", w->form);
    }
    return kiosk(w)->in_session;
}

static void
walk_dialogs(struct walker *w)
{
    (void)tap(w, "start-over");
    see(w, "start-over", "");
    (void)tap(w, "stay");
    harness_clock_advance(&w->clock, (CORE_IDLE_SECONDS + 1) * INT64_C(1000));
    core_tick(w->core);
    see(w, "idle", "");
    harness_clock_advance(&w->clock, 30 * INT64_C(1000));
    core_tick(w->core);
    see(w, "idle", "countdown");
    (void)tap(w, "stay");
    static const struct {
        enum kiosk_dialog dialog;
        enum status st;
    } failures[] = {{KIOSK_SENDING_FAILED, STATUS_E_FULL},
                    {KIOSK_SENDING_FAILED, STATUS_E_IO}};
    for (size_t i = 0; i < 2; i++) {
        kiosk(w)->dialog = failures[i].dialog;
        kiosk(w)->send_status = failures[i].st;
        kiosk(w)->changed = true;
        see(w, "not saved", i == 0 ? "full" : "");
    }
    kiosk(w)->dialog = KIOSK_NO_DIALOG;
    kiosk(w)->changed = true;
}

static void
see_staff_pin(struct walker *w, struct sample_desk *desk)
{
    static const struct {
        enum staff_pin_state state;
        const char *name;
    } states[] = {{STAFF_PIN_UNSET, "new"},
                  {STAFF_PIN_WAITING, "waiting"},
                  {STAFF_PIN_LOCKED, "locked"},
                  {STAFF_PIN_READY, ""}};
    desk->wait_ms = 245000;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        desk->state = states[i].state;
        staff_open(kiosk(w));
        see(w, "staff-pin", states[i].name);
        if (desk->state == STAFF_PIN_READY) {
            break;
        }
        kiosk(w)->place = KIOSK_ATTRACT;
    }
    for (int i = 0; i < 6; i++) {
        (void)tap(w, "digit:7");
    }
    see(w, "staff-pin", "typed");
    (void)tap(w, "next");
}

static void
see_staff_page(struct walker *w, enum staff_page page, const char *name)
{
    staff_go(kiosk(w), page);
    see_parts(w, name, "");
}

/* The whole staff menu, and what it changes on other pages. */
static void
walk_staff(struct walker *w)
{
    struct sample_desk desk;
    sample_desk_init(&desk);
    core_staff(w->core, &desk.ops);
    see_staff_pin(w, &desk);
    see_parts(w, "staff", "");
    see_staff_page(w, STAFF_WAITING, "staff-waiting");
    see_staff_page(w, STAFF_SYNC, "staff-sync");
    see_staff_page(w, STAFF_DEVICE, "staff-device");
    see_staff_page(w, STAFF_EVENTS, "staff-events");
    see_staff_page(w, STAFF_DISPLAY, "staff-display");
    desk.brightness = -1;
    desk.hours = (struct hours){0, 0};
    see_staff_page(w, STAFF_DISPLAY, "staff-display always");
    see_staff_page(w, STAFF_STICK, "staff-stick");
    see_staff_page(w, STAFF_ROOM, "staff-room");
    desk.sticks = 0;
    see_staff_page(w, STAFF_STICK, "staff-stick none");
    see_staff_page(w, STAFF_ENROL, "staff-enrol");
    (void)tap(w, "field:code");
    see(w, "staff-enrol", "keyboard");
    (void)snprintf(kiosk(w)->staff.edit.text, 40, "ABCE-HKMO-PTXY-ABCE-HKMO-");
    kiosk(w)->changed = true;
    see(w, "staff-enrol", "typed");
    kiosk(w)->staff.field = STAFF_FIELD_NONE;
    desk.running = true;
    see_staff_page(w, STAFF_RESULT, "staff-result running");
    desk.running = false;
    see_staff_page(w, STAFF_RESULT, "staff-result");
    see_staff_page(w, STAFF_TOUCH_TEST, "staff-touch");
    (void)tap(w, "flip");
    see(w, "staff-touch", "flipped");
    see_staff_page(w, STAFF_SCREEN_TEST, "staff-picture");
    kiosk(w)->rehearsal = true;
    see_staff_page(w, STAFF_MENU, "staff rehearsal");
    kiosk(w)->place = KIOSK_ATTRACT;
    kiosk(w)->changed = true;
    see(w, "attract", "rehearsal");
    kiosk(w)->rehearsal = false;
    core_staff(w->core, NULL);
    kiosk(w)->changed = true;
}

/* What a new person finds, but as the walk wants to see it. */
static void
apply(struct walker *w, const struct walk_settings *settings)
{
    kiosk(w)->ui.metrics.size = settings->size;
    kiosk(w)->ui.theme = settings->theme;
    kiosk(w)->voice = settings->voice;
    kiosk(w)->reading.on = settings->voice != NULL;
    kiosk(w)->changed = true;
}

static bool
walk_form(struct walker *w, const struct walk_settings *settings, size_t i)
{
    struct kiosk_survey survey;
    char form[NAME_BYTES / 2];
    apply(w, settings);
    kiosk_survey(kiosk(w), i, &survey);
    (void)snprintf(form, sizeof(form), "%s", survey.form_id);
    w->form = form;
    bool done = core_begin(w->core, form) && walk_entrance(w);
    if (done && i == 0) {
        walk_dialogs(w);
    }
    done = done && walk_session(w);
    w->form = NULL;
    return done;
}

bool
walk(struct source *source, const struct walk_settings *settings,
     walk_visit *visit, void *self)
{
    struct kiosk_source ops = *source_ops(source);
    struct walker w = {.visit = visit, .self = self};
    ops.send = script_pretend_to_send;
    w.core = calloc(1, sizeof(*w.core));
    if (!w.core) {
        return false;
    }
    harness_clock_init(&w.clock, INT64_C(1795000000000));
    core_init(w.core, &ops, &w.clock.clock, &settings->measure, settings->lang);
    core_panel(w.core, &settings->panel);
    apply(&w, settings);
    see(&w, "attract", "");
    size_t all = kiosk(&w)->survey_count;
    kiosk(&w)->survey_count = 1;
    kiosk(&w)->changed = true;
    see(&w, "attract", "single");
    kiosk(&w)->survey_count = 0;
    kiosk(&w)->changed = true;
    see(&w, "attract", "none");
    kiosk(&w)->survey_count = all;
    kiosk(&w)->changed = true;
    walk_staff(&w);
    (void)tap(&w, "start");
    see_parts(&w, "catalogue", "");
    (void)tap(&w, "back");
    bool done = true;
    for (size_t i = 0; i < all; i++) {
        done = walk_form(&w, settings, i) && done;
        if (kiosk(&w)->place != KIOSK_ATTRACT) {
            kiosk_leave(kiosk(&w));
        }
    }
    core_deinit(w.core);
    free(w.core);
    return done;
}
