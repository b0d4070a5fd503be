#include "app/core.h"

#include <string.h>

#include "app/switches.h"
#include "base/log.h"

void
core_init(struct core *c, const struct kiosk_source *source,
          const struct clock *clock, const struct text_measure *measure,
          enum i18n_lang home_lang)
{
    *c = (struct core){.clock = clock};
    kiosk_init(&c->kiosk, source, clock, measure, home_lang);
}

void
core_staff(struct core *c, const struct staff_desk *desk)
{
    c->kiosk.desk = desk;
    kiosk_look_at_hours(&c->kiosk);
    c->last_input_ms = clock_mono_ms(c->clock);
}

void
core_deinit(struct core *c)
{
    kiosk_deinit(&c->kiosk);
}

void
core_panel(struct core *c, const struct core_panel *panel)
{
    struct metrics *m = &c->kiosk.ui.metrics;
    m->width_px = panel->width_px;
    m->height_px = panel->height_px;
    m->px_per_mm = panel->px_per_mm;
    c->kiosk.part = 0;
    c->kiosk.session.part = 0;
    c->kiosk.changed = true;
}

bool
core_begin(struct core *c, const char *form_id)
{
    struct kiosk *k = &c->kiosk;
    for (size_t i = 0; i < k->survey_count; i++) {
        struct kiosk_survey survey;
        kiosk_entry(k, i, &survey);
        if (strcmp(survey.form_id, form_id) == 0) {
            k->survey = i;
            c->last_input_ms = clock_mono_ms(c->clock);
            kiosk_begin(k);
            return true;
        }
    }
    return false;
}

static int64_t
idle_limit_ms(const struct core *c)
{
    const struct kiosk *k = &c->kiosk;
    if (k->place == KIOSK_THANKS) {
        return CORE_THANKS_SECONDS * INT64_C(1000);
    }
    if (k->reading.speaking && !k->reading.paused) {
        return CORE_LISTENING_SECONDS * INT64_C(1000);
    }
    if (k->place == KIOSK_STAFF) {
        return STAFF_IDLE_SECONDS * INT64_C(1000);
    }
    int limit = kiosk_number(k, "idle.seconds", CORE_IDLE_SECONDS);
    if (k->in_session && k->session.edited && limit < CORE_WRITING_SECONDS) {
        limit = CORE_WRITING_SECONDS;
    }
    return limit * INT64_C(1000);
}

/* Whether leaving would cost the person something: then she is asked. */
static bool
has_something(const struct kiosk *k)
{
    return k->in_session || k->code[0] != '\0';
}

static int64_t
earlier(int64_t a, int64_t b)
{
    if (a < 0 || b < 0) {
        return a < 0 ? b : a;
    }
    return a < b ? a : b;
}

/* What the attract page and the dark one do by themselves. */
static int64_t
resting_deadline(const struct core *c)
{
    const struct kiosk *k = &c->kiosk;
    int64_t now = clock_mono_ms(c->clock);
    int64_t wall = clock_wall_ms(c->clock);
    int64_t change = hours_change_ms(&k->hours, wall);
    int64_t next = change < 0 ? -1 : now + change;
    if (k->place != KIOSK_ASLEEP && !hours_open(&k->hours, wall)) {
        next = earlier(next,
                       c->last_input_ms + CORE_SLEEP_SECONDS * INT64_C(1000));
    }
    if (k->place != KIOSK_ASLEEP && k->rehearsal) {
        next = earlier(next, c->last_input_ms
                                 + CORE_REHEARSAL_SECONDS * INT64_C(1000));
    }
    return next;
}

int64_t
core_deadline(const struct core *c)
{
    const struct kiosk *k = &c->kiosk;
    int64_t next = -1;
    if (k->dialog == KIOSK_IDLE_WARNING) {
        int64_t half =
            (CORE_WARNING_SECONDS - CORE_COUNTDOWN_SECONDS) * INT64_C(1000);
        if (k->warning_seconds_left == 0) {
            next = c->warning_ms + half;
        } else {
            next = c->warning_ms
                   + (CORE_WARNING_SECONDS - k->warning_seconds_left + 1)
                         * INT64_C(1000);
        }
    } else if (kiosk_occupied(k)) {
        next = staff_busy(k) ? -1 : c->last_input_ms + idle_limit_ms(c);
        int64_t change = staff_change_ms(k);
        next =
            earlier(next, change < 0 ? -1 : clock_mono_ms(c->clock) + change);
    } else {
        next = resting_deadline(c);
    }
    next = earlier(next, c->repeat_ms > 0 ? c->repeat_ms : -1);
    next = earlier(next, switches_deadline(c));
    return earlier(next, c->hold_ms > 0 ? c->hold_ms : -1);
}

static void
warn(struct core *c, int64_t now)
{
    c->kiosk.dialog = KIOSK_IDLE_WARNING;
    c->kiosk.warning_seconds_left = 0;
    c->kiosk.changed = true;
    c->warning_ms = now;
    struct ui_event lost;
    (void)ui_pointer(&c->kiosk.ui, UI_CANCEL, 0, 0, &lost);
}

static void
count_down(struct core *c, int64_t now)
{
    struct kiosk *k = &c->kiosk;
    int64_t gone = (now - c->warning_ms) / 1000;
    int left = CORE_WARNING_SECONDS - (int)gone;
    if (left <= 0) {
        kiosk_leave(k);
    } else if (left <= CORE_COUNTDOWN_SECONDS
               && left != k->warning_seconds_left) {
        k->warning_seconds_left = left;
        k->changed = true;
    }
}

static void
hand_over(struct core *c, const struct ui_event *event)
{
    struct kiosk *k = &c->kiosk;
    if (event->kind == UI_NOTHING) {
        return;
    }
    if (k->dialog != KIOSK_NO_DIALOG || !kiosk_common_act(k, event)) {
        kiosk_screen(k)->act(k, event);
    }
}

static void
repeat_key(struct core *c, int64_t now)
{
    struct ui *ui = &c->kiosk.ui;
    const struct ui_target *t =
        ui->pressed[0] ? ui_find(ui, ui->pressed) : NULL;
    if (!t || !ui->pressed_inside) {
        c->repeat_ms = 0;
        return;
    }
    struct ui_event event = {.kind = UI_ACTIVATE, .action = t->action};
    hand_over(c, &event);
    c->repeated = true;
    c->kiosk.changed = true;
    c->repeat_ms = now + CORE_REPEAT_NEXT_MS;
}

static void
rest(struct core *c, int64_t now)
{
    struct kiosk *k = &c->kiosk;
    bool open = hours_open(&k->hours, clock_wall_ms(c->clock));
    if (k->place == KIOSK_ASLEEP) {
        if (open) {
            kiosk_wake(k);
        }
        return;
    }
    if (k->rehearsal
        && now >= c->last_input_ms + CORE_REHEARSAL_SECONDS * INT64_C(1000)) {
        log_info("staff", "test mode ended by itself");
        k->rehearsal = false;
        k->changed = true;
    }
    if (!open && now >= c->last_input_ms + CORE_SLEEP_SECONDS * INT64_C(1000)) {
        kiosk_sleep(k);
    }
}

void
core_tick(struct core *c)
{
    struct kiosk *k = &c->kiosk;
    int64_t now = clock_mono_ms(c->clock);
    if (c->hold_ms > 0 && now >= c->hold_ms) {
        c->hold_ms = 0;
        staff_open(k);
    }
    /* What a staff page shows may have changed by itself. */
    k->changed = k->changed || staff_change_ms(k) >= 0;
    if (c->repeat_ms > 0 && now >= c->repeat_ms) {
        repeat_key(c, now);
    }
    switches_tick(c, now);
    if (k->dialog == KIOSK_IDLE_WARNING) {
        count_down(c, now);
    } else if (!kiosk_occupied(k)) {
        rest(c, now);
    } else if (!staff_busy(k) && now >= c->last_input_ms + idle_limit_ms(c)) {
        if (has_something(k)) {
            warn(c, now);
        } else {
            kiosk_leave(k);
        }
    }
}

static void
note_input(struct core *c)
{
    c->last_input_ms = clock_mono_ms(c->clock);
}

/* The warning goes away at any touch that is not its own button. */
static void
touched_beside(struct core *c, const struct ui_event *event,
               enum ui_phase phase)
{
    struct kiosk *k = &c->kiosk;
    if (k->dialog == KIOSK_IDLE_WARNING && phase == UI_UP
        && event->kind == UI_NOTHING) {
        k->dialog = KIOSK_NO_DIALOG;
        k->changed = true;
    }
}

static void
arm_repeat(struct core *c, enum ui_phase phase)
{
    struct ui *ui = &c->kiosk.ui;
    if (phase != UI_DOWN) {
        if (phase != UI_MOVE) {
            c->repeat_ms = 0;
        }
        return;
    }
    const struct ui_target *t =
        ui->pressed[0] ? ui_find(ui, ui->pressed) : NULL;
    c->repeated = false;
    c->repeat_ms = t && (t->flags & UI_REPEAT)
                       ? clock_mono_ms(c->clock) + CORE_REPEAT_FIRST_MS
                       : 0;
}

/* The finger stays on the name of the house. */
static void
arm_hold(struct core *c, enum ui_phase phase, int x, int y)
{
    struct kiosk *k = &c->kiosk;
    struct geom_rect house = {0, 0, k->ui.metrics.width_px / 3,
                              ui_mm(&k->ui, METRICS_TOP_MM)};
    bool there = k->place == kiosk_home(k) && geom_contains(house, x, y);
    if (phase == UI_DOWN && there && k->desk) {
        c->hold_ms = clock_mono_ms(c->clock) + STAFF_HOLD_MS;
    } else if (phase != UI_MOVE || !there) {
        c->hold_ms = 0;
    }
}

/* A touch on the dark screen does nothing but wake it. */
static bool
woken(struct core *c, bool ends)
{
    if (c->kiosk.place != KIOSK_ASLEEP) {
        return false;
    }
    note_input(c);
    if (ends) {
        kiosk_wake(&c->kiosk);
    }
    return true;
}

void
core_pointer(struct core *c, enum ui_phase phase, int x, int y)
{
    struct ui_event event;
    if (woken(c, phase == UI_UP)) {
        return;
    }
    /* Targets are those of the frame that is on the screen. */
    if (c->kiosk.changed) {
        (void)core_frame(c);
    }
    note_input(c);
    if (ui_pointer(&c->kiosk.ui, phase, x, y, &event)) {
        c->kiosk.changed = true;
    }
    arm_repeat(c, phase);
    arm_hold(c, phase, x, y);
    /* A key that fired while it was held does not fire again. */
    if (phase == UI_UP && c->repeated && event.kind == UI_ACTIVATE) {
        return;
    }
    hand_over(c, &event);
    touched_beside(c, &event, phase);
}

void
core_key(struct core *c, enum ui_key key)
{
    struct kiosk *k = &c->kiosk;
    struct ui_event event;
    if (woken(c, true)) {
        return;
    }
    if (k->changed) {
        (void)core_frame(c);
    }
    note_input(c);
    if (key == UI_KEY_STAFF) {
        staff_open(k);
        return;
    }
    if (switches_key(c, key, &event)) {
        hand_over(c, &event);
        return;
    }
    bool writing = k->dialog == KIOSK_NO_DIALOG && k->in_session
                   && k->session.edited && key != UI_KEY_TAB
                   && key != UI_KEY_BACK_TAB;
    if (writing && !k->ui.focus_visible) {
        event = (struct ui_event){.kind = UI_PRESS_KEY, .key = key};
    } else if (ui_press_key(&k->ui, key, &event)) {
        k->changed = true;
    }
    hand_over(c, &event);
}

void
core_voice_ended(struct core *c)
{
    /* Listening was being there. */
    note_input(c);
    reading_ended(&c->kiosk);
}

void
core_text(struct core *c, const char *text)
{
    struct ui_event event = {.kind = UI_INPUT};
    size_t len = strlen(text);
    note_input(c);
    if (len == 0 || len >= sizeof(event.text) || switches_text(c, text)
        || c->kiosk.dialog != KIOSK_NO_DIALOG) {
        return;
    }
    memcpy(event.text, text, len + 1);
    hand_over(c, &event);
    buf_wipe(&event, sizeof(event));
}

enum status
core_picture(void *self, const char *name, struct buf *out)
{
    const struct core *c = self;
    const struct kiosk *k = &c->kiosk;
    if (!kiosk_picture(k, name)) {
        return STATUS_E_NOT_FOUND;
    }
    return k->source->media(k->source->self, k->survey, name, out);
}

void
core_refresh(struct core *c)
{
    struct kiosk *k = &c->kiosk;
    if (k->place == KIOSK_STAFF) {
        note_input(c); /* an errand's end is read before the page closes */
        k->changed = true;
    }
    if (!kiosk_occupied(k) && kiosk_refresh(k) && k->place != KIOSK_ASLEEP) {
        kiosk_go(k, kiosk_home(k));
    }
}

static void
declare(struct kiosk *k)
{
    ui_begin(&k->ui);
    kiosk_screen(k)->draw(k);
    if (k->rehearsal && k->place != KIOSK_ASLEEP) {
        staff_mark_rehearsal(k);
    }
    ui_end(&k->ui);
}

bool
core_frame(struct core *c)
{
    struct kiosk *k = &c->kiosk;
    if (!k->changed) {
        return false;
    }
    k->changed = false;
    declare(k);
    if (reading_frame(k)) {
        declare(k);
    }
    return true;
}

const struct draw_list *
core_list(const struct core *c)
{
    return &c->kiosk.ui.list;
}
