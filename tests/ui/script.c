#include "script.h"

#include <stdlib.h>
#include <string.h>

#include "render/dump.h"
#include "ui/keyboard.h"

#define STEPS_MAX 200

enum status
script_pretend_to_send(void *self, size_t index, struct filling *f,
                       const char *code)
{
    (void)self;
    (void)index;
    (void)f;
    (void)code;
    return STATUS_OK;
}

struct command {
    const char *name;
    bool (*run)(struct script *s, char *rest);
};

static struct kiosk *
kiosk(struct script *s)
{
    return &s->core->kiosk;
}

static void
touch(struct script *s, int x, int y)
{
    core_pointer(s->core, UI_DOWN, x, y);
    core_pointer(s->core, UI_UP, x, y);
    (void)core_frame(s->core);
    if (s->plan) {
        (void)fprintf(s->plan, "click %d %d\n", x, y);
    }
}

static bool
tap(struct script *s, const char *id)
{
    (void)core_frame(s->core);
    const struct ui_target *t = ui_find(&kiosk(s)->ui, id);
    if (!t) {
        return false;
    }
    touch(s, t->rect.x + t->rect.w / 2, t->rect.y + t->rect.h / 2);
    return true;
}

/* Taps the target, looking through the parts of a long page. */
static bool
tap_anywhere(struct script *s, const char *id)
{
    if (tap(s, id)) {
        return true;
    }
    while (tap(s, "up")) {
    }
    do {
        if (tap(s, id)) {
            return true;
        }
    } while (tap(s, "more"));
    return false;
}

static char *
word(char **rest)
{
    char *at = *rest;
    while (*at == ' ') {
        at++;
    }
    char *end = at;
    while (*end && *end != ' ') {
        end++;
    }
    *rest = end;
    if (*end) {
        *end = '\0';
        *rest = end + 1;
    }
    return at;
}

/* Index of the entry that asks `name` on the current page, SIZE_MAX. */
static bool
on_page(struct script *s, const char *name, struct filling_question *out)
{
    struct session *session = &kiosk(s)->session;
    const struct session_page *page = session_page(session);
    for (size_t i = 0; page && i < page->count; i++) {
        const struct session_entry *e = session_entry(session, i);
        if (e->kind != SESSION_QUESTION) {
            continue;
        }
        filling_question(session->filling, e->node, out);
        if (strcmp(out->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Presses Next until the question is there. */
static bool
go_to(struct script *s, const char *name, struct filling_question *out)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        if (!kiosk(s)->in_session || kiosk(s)->place != KIOSK_QUESTION) {
            return false;
        }
        if (on_page(s, name, out)) {
            return true;
        }
        size_t page = kiosk(s)->session.page;
        if (!tap(s, "next") || kiosk(s)->session.page == page) {
            return false;
        }
    }
    return false;
}

static bool
tap_named(struct script *s, const char *kind, const char *question,
          const char *value)
{
    char id[UI_ID_MAX_BYTES * 2];
    (void)snprintf(id, sizeof(id), "%s:%s:%s", kind, question, value);
    return tap_anywhere(s, id);
}

static bool
type_number(struct script *s, const char *name, const char *digits)
{
    for (const char *d = digits; *d; d++) {
        char key[2] = {*d, '\0'};
        const char *which = *d == '.' ? "point" : *d == '-' ? "minus" : key;
        if (!tap_named(s, "pad", name, which)) {
            return false;
        }
    }
    return true;
}

/* One character on the screen's own keyboard, changing layers as needed. */
static bool
type_key(struct script *s, const char *character)
{
    static const int switches[] = {0,
                                   KEYBOARD_SHIFT,
                                   KEYBOARD_SWITCH_LETTERS,
                                   KEYBOARD_SHIFT,
                                   KEYBOARD_SWITCH_SIGNS,
                                   KEYBOARD_SWITCH_SIGNS,
                                   KEYBOARD_SHIFT};
    char id[UI_ID_MAX_BYTES];
    if (strcmp(character, " ") == 0) {
        (void)snprintf(id, sizeof(id), "key:%d", KEYBOARD_SPACE);
        return tap(s, id);
    }
    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        if (switches[i] != 0) {
            (void)snprintf(id, sizeof(id), "key:%d", switches[i]);
            if (!tap(s, id)) {
                return false;
            }
        }
        (void)snprintf(id, sizeof(id), "key:%s", character);
        if (tap(s, id)) {
            return true;
        }
    }
    return false;
}

static bool
type_text(struct script *s, const char *name, const char *text)
{
    char id[UI_ID_MAX_BYTES * 2];
    (void)snprintf(id, sizeof(id), "field:%s", name);
    if (!tap_anywhere(s, id)) {
        return false;
    }
    size_t len = strlen(text);
    for (size_t at = 0; at < len;) {
        char one[8] = {0};
        size_t step = 1;
        while (at + step < len
               && ((unsigned char)text[at + step] & 0xC0u) == 0x80u) {
            step++;
        }
        if (step >= sizeof(one)) {
            return false;
        }
        memcpy(one, text + at, step);
        if (!type_key(s, one)) {
            return false;
        }
        at += step;
    }
    (void)snprintf(id, sizeof(id), "key:%d", KEYBOARD_DONE);
    return tap(s, id);
}

static bool
run_answer(struct script *s, char *rest)
{
    char *name = word(&rest);
    struct filling_question q;
    if (!go_to(s, name, &q)) {
        return false;
    }
    bool number = q.type == FORM_TYPE_INTEGER || q.type == FORM_TYPE_DECIMAL;
    if (q.control == FORM_CONTROL_INPUT) {
        return number ? type_number(s, name, rest) : type_text(s, name, rest);
    }
    while (*rest) {
        if (!tap_named(s, "choice", name, word(&rest))) {
            return false;
        }
    }
    return true;
}

static bool
run_survey(struct script *s, char *rest)
{
    char id[UI_ID_MAX_BYTES * 2];
    if (kiosk(s)->place == KIOSK_ATTRACT && !tap(s, "start")) {
        return false;
    }
    if (kiosk(s)->place != KIOSK_CATALOGUE) {
        return true;
    }
    (void)snprintf(id, sizeof(id), "survey:%s", rest);
    return tap_anywhere(s, id);
}

static bool
run_lang(struct script *s, char *rest)
{
    enum i18n_lang wanted = i18n_lang_from_tag(rest);
    return kiosk(s)->lang == wanted || tap(s, "language");
}

static bool
run_code(struct script *s, char *rest)
{
    char id[UI_ID_MAX_BYTES];
    if (kiosk(s)->place == KIOSK_CONSENT && !tap(s, "next")) {
        return false;
    }
    for (const char *d = rest; *d; d++) {
        (void)snprintf(id, sizeof(id), "digit:%c", *d);
        if (!tap(s, id)) {
            return false;
        }
    }
    return tap(s, "next");
}

static bool
run_send(struct script *s, char *rest)
{
    (void)rest;
    for (int i = 0; i < STEPS_MAX && kiosk(s)->place == KIOSK_QUESTION; i++) {
        size_t page = kiosk(s)->session.page;
        if (!tap(s, "next")
            || (kiosk(s)->place == KIOSK_QUESTION
                && kiosk(s)->session.page == page)) {
            return false;
        }
    }
    return kiosk(s)->place == KIOSK_REVIEW && tap(s, "send");
}

static bool
run_finish(struct script *s, char *rest)
{
    (void)rest;
    return kiosk(s)->place == KIOSK_THANKS && tap(s, "finish");
}

static bool
run_tap(struct script *s, char *rest)
{
    return tap_anywhere(s, rest);
}

static bool
run_next(struct script *s, char *rest)
{
    (void)rest;
    return tap(s, "next");
}

static bool
run_back(struct script *s, char *rest)
{
    (void)rest;
    return tap(s, "back");
}

static bool
run_type(struct script *s, char *rest)
{
    core_text(s->core, rest);
    (void)core_frame(s->core);
    return true;
}

static bool
run_key(struct script *s, char *rest)
{
    static const struct {
        const char *name;
        enum ui_key key;
    } keys[] = {{"tab", UI_KEY_TAB},
                {"back-tab", UI_KEY_BACK_TAB},
                {"up", UI_KEY_UP},
                {"down", UI_KEY_DOWN},
                {"left", UI_KEY_LEFT},
                {"right", UI_KEY_RIGHT},
                {"enter", UI_KEY_ENTER},
                {"space", UI_KEY_SPACE},
                {"escape", UI_KEY_ESCAPE},
                {"backspace", UI_KEY_BACKSPACE},
                {"page-down", UI_KEY_PAGE_DOWN},
                {"page-up", UI_KEY_PAGE_UP},
                {"staff", UI_KEY_STAFF}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(rest, keys[i].name) == 0) {
            core_key(s->core, keys[i].key);
            (void)core_frame(s->core);
            return true;
        }
    }
    return false;
}

/* "drag ID FROM% TO%": along the target's width. */
static bool
run_drag(struct script *s, char *rest)
{
    char *id = word(&rest);
    long from = strtol(word(&rest), NULL, 10);
    long to = strtol(word(&rest), NULL, 10);
    (void)core_frame(s->core);
    const struct ui_target *t = ui_find(&kiosk(s)->ui, id);
    if (!t) {
        return false;
    }
    struct geom_rect r = t->rect;
    int y = r.y + r.h / 2;
    core_pointer(s->core, UI_DOWN, r.x + (int)(r.w * from / 100), y);
    core_pointer(s->core, UI_MOVE, r.x + (int)(r.w * to / 100), y);
    core_pointer(s->core, UI_UP, r.x + (int)(r.w * to / 100), y);
    (void)core_frame(s->core);
    return true;
}

/* Time passes; every deadline on the way is kept. */
static bool
run_wait(struct script *s, char *rest)
{
    if (!s->clock) {
        return false;
    }
    int64_t until = s->clock->mono_ms + strtol(rest, NULL, 10) * 1000;
    for (;;) {
        int64_t deadline = core_deadline(s->core);
        if (deadline < 0 || deadline > until) {
            break;
        }
        int64_t left = deadline - s->clock->mono_ms;
        harness_clock_advance(s->clock, left > 0 ? left : 0);
        core_tick(s->core);
        (void)core_frame(s->core);
    }
    harness_clock_advance(s->clock, until - s->clock->mono_ms);
    return true;
}

static bool
run_dump(struct script *s, char *rest)
{
    if (!s->dump) {
        return false;
    }
    (void)core_frame(s->core);
    if (s->see) {
        s->see(s->see_self, rest, s->core);
    }
    buf_printf(s->dump, "== %s\n", rest);
    if (s->places) {
        dump(&kiosk(s)->ui, s->dump);
    } else {
        dump_words(&kiosk(s)->ui, s->dump);
    }
    return true;
}

/* "expect PLACE": attract, catalogue, question, review, thanks, dialog ... */
static bool
run_expect(struct script *s, char *rest)
{
    return strcmp(kiosk_screen(kiosk(s))->name, rest) == 0;
}

/* "value QUESTION TEXT": the answer in the filling. */
static bool
run_value(struct script *s, char *rest)
{
    char *name = word(&rest);
    struct session *session = &kiosk(s)->session;
    for (size_t i = 0; kiosk(s)->in_session && i < session->entry_count; i++) {
        struct filling_question q;
        if (session->entries[i].kind != SESSION_QUESTION) {
            continue;
        }
        filling_question(session->filling, session->entries[i].node, &q);
        if (strcmp(q.name, name) == 0) {
            return strcmp(q.value, rest) == 0;
        }
    }
    return false;
}

static bool
run_fail(struct script *s, char *rest)
{
    if (!s->send_result) {
        return false;
    }
    *s->send_result = strcmp(rest, "full") == 0 ? STATUS_E_FULL
                      : strcmp(rest, "no") == 0 ? STATUS_OK
                                                : STATUS_E_IO;
    return true;
}

/* "lift ID OTHER": takes it to where the other one is, and does not let go. */
static bool
run_lift(struct script *s, char *rest)
{
    const char *id = word(&rest);
    (void)core_frame(s->core);
    const struct ui_target *from = ui_find(&kiosk(s)->ui, id);
    const struct ui_target *to = ui_find(&kiosk(s)->ui, rest);
    if (!from || !to) {
        return false;
    }
    struct geom_rect a = from->rect;
    struct geom_rect b = to->rect;
    s->x = a.x + a.w / 2;
    /* Past the middle, as a finger goes. */
    s->y = b.y + b.h / 2 + (b.y > a.y ? b.h / 4 : -b.h / 4);
    core_pointer(s->core, UI_DOWN, s->x, a.y + a.h / 2);
    core_pointer(s->core, UI_MOVE, s->x, s->y);
    (void)core_frame(s->core);
    return true;
}

static bool
run_drop(struct script *s, char *rest)
{
    (void)rest;
    core_pointer(s->core, UI_UP, s->x, s->y);
    (void)core_frame(s->core);
    return true;
}

/* "carry ID OTHER": to where the other one is. */
static bool
run_carry(struct script *s, char *rest)
{
    return run_lift(s, rest) && run_drop(s, rest);
}

const char *
script_setting(const struct script_settings *s, const char *key)
{
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->set[i].key, key) == 0) {
            return s->set[i].value;
        }
    }
    return NULL;
}

/* "setting KEY VALUE": a new library arrives in which it is so. */
static bool
run_setting(struct script *s, char *rest)
{
    const char *key = word(&rest);
    struct script_settings *all = s->settings;
    size_t i = 0;
    while (all && i < all->count && strcmp(all->set[i].key, key) != 0) {
        i++;
    }
    if (!all || i == SCRIPT_SETTINGS_MAX) {
        return false;
    }
    (void)snprintf(all->set[i].key, sizeof(all->set[i].key), "%s", key);
    (void)snprintf(all->set[i].value, sizeof(all->set[i].value), "%s", rest);
    all->count = i == all->count ? i + 1 : all->count;
    all->changed = true;
    core_refresh(s->core);
    (void)core_frame(s->core);
    return true;
}

/* A finger that stays for some seconds; their text is `rest`. */
static bool
hold(struct script *s, int x, int y, char *rest)
{
    core_pointer(s->core, UI_DOWN, x, y);
    bool waited = run_wait(s, rest);
    core_pointer(s->core, UI_UP, x, y);
    (void)core_frame(s->core);
    if (s->plan) {
        (void)fprintf(s->plan, "hold %d %d %s\n", x, y, rest);
    }
    return waited;
}

/* "corner SECONDS": a finger on the name of the house. */
static bool
run_corner(struct script *s, char *rest)
{
    (void)core_frame(s->core);
    int x = metrics_mm(&kiosk(s)->ui.metrics, 8);
    return hold(s, x, x, rest);
}

/* Touches, and lets go after so many seconds. */
static bool
run_hold(struct script *s, char *rest)
{
    char *id = word(&rest);
    (void)core_frame(s->core);
    const struct ui_target *t = ui_find(&kiosk(s)->ui, id);
    if (!t) {
        return false;
    }
    return hold(s, t->rect.x + t->rect.w / 2, t->rect.y + t->rect.h / 2, rest);
}

/* "mark NAME": for who reads the plan. */
static bool
run_mark(struct script *s, char *rest)
{
    if (s->plan) {
        (void)fprintf(s->plan, "mark %s\n", rest);
    }
    return true;
}

/* "write FIELD TEXT": on the screen's keyboard. */
static bool
run_write(struct script *s, char *rest)
{
    char *name = word(&rest);
    return type_text(s, name, rest);
}

/* "desk sticks N", "desk done good", "desk pin unset": what the world behind
 * the menu does. */
static bool
run_desk(struct script *s, char *rest)
{
    char *what = word(&rest);
    if (!s->desk) {
        return false;
    }
    if (strcmp(what, "sticks") == 0) {
        s->desk->sticks = (size_t)strtol(rest, NULL, 10);
    } else if (strcmp(what, "pin") == 0) {
        s->desk->wrong = strcmp(rest, "wrong") == 0;
        s->desk->state =
            strcmp(rest, "unset") == 0 ? STAFF_PIN_UNSET : STAFF_PIN_READY;
    } else if (strcmp(what, "done") == 0) {
        s->desk->running = false;
        s->desk->good = strcmp(rest, "good") == 0;
    } else if (strcmp(what, "told") == 0) {
        (void)snprintf(s->desk->told, sizeof(s->desk->told), "%s", rest);
    } else if (strcmp(what, "dark") == 0) {
        return s->desk->dark == (strcmp(rest, "yes") == 0);
    } else if (strcmp(what, "asked") == 0) {
        return strcmp(s->desk->errand, rest) == 0;
    } else {
        return false;
    }
    core_refresh(s->core);
    return true;
}

static const struct command commands[] = {
    {"survey", run_survey},   {"lang", run_lang},     {"code", run_code},
    {"answer", run_answer},   {"next", run_next},     {"back", run_back},
    {"send", run_send},       {"finish", run_finish}, {"tap", run_tap},
    {"drag", run_drag},       {"type", run_type},     {"key", run_key},
    {"wait", run_wait},       {"dump", run_dump},     {"expect", run_expect},
    {"value", run_value},     {"fail", run_fail},     {"hold", run_hold},
    {"setting", run_setting}, {"corner", run_corner}, {"pin", run_code},
    {"desk", run_desk},       {"carry", run_carry},   {"mark", run_mark},
    {"write", run_write},     {"lift", run_lift},     {"drop", run_drop},
};

static bool
run_line(struct script *s, char *line)
{
    char *rest = line;
    char *name = word(&rest);
    if (!name[0] || name[0] == '#') {
        return true;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return commands[i].run(s, rest);
        }
    }
    return false;
}

bool
script_run(struct script *s, const char *name, const char *text)
{
    int number = 0;
    const char *at = text;
    while (*at) {
        char line[SCRIPT_LINE_MAX_BYTES];
        char kept[SCRIPT_LINE_MAX_BYTES];
        size_t len = strcspn(at, "\n");
        number++;
        if (len >= sizeof(line)) {
            (void)fprintf(stderr, "%s:%d: line too long\n", name, number);
            return false;
        }
        memcpy(line, at, len);
        line[len] = '\0';
        memcpy(kept, line, len + 1);
        if (!run_line(s, line)) {
            (void)fprintf(stderr, "%s:%d: cannot do \"%s\" on page \"%s\"\n",
                          name, number, kept, kiosk_screen(kiosk(s))->name);
            return false;
        }
        at += len + (at[len] == '\n' ? 1 : 0);
    }
    return true;
}
