#include <stdio.h>

#include "screens/chrome.h"
#include "screens/flow.h"
#include "screens/words.h"

/*
 * Brightness of the panel and hours of service: a line each, less and more at
 * its right.
 */
#define BRIGHTNESS_STEP 10
#define BRIGHTNESS_LEAST 10
#define HOURS_STEP 30

enum line {
    LINE_BRIGHTNESS,
    LINE_FROM,
    LINE_TO,
    LINE_COUNT
};

static void
words_of(struct kiosk *k, enum line line, char *out, size_t size)
{
    struct hours hours;
    int percent = k->desk->brightness(k->desk->self);
    k->desk->hours(k->desk->self, &hours);
    bool always = hours.from == hours.to;
    switch (line) {
    case LINE_BRIGHTNESS:
        if (percent < 0) {
            (void)snprintf(out, size, "%s",
                           kiosk_text(k, "The brightness of this display "
                                         "cannot be set from here: it has "
                                         "buttons of its own."));
        } else {
            (void)snprintf(out, size, kiosk_text(k, "Brightness: %d %%"),
                           percent);
        }
        break;
    case LINE_FROM:
        if (always) {
            (void)snprintf(out, size, "%s",
                           kiosk_text(k, "Awake day and night"));
        } else {
            (void)snprintf(out, size, kiosk_text(k, "Awake from %02d:%02d"),
                           hours.from / 60, hours.from % 60);
        }
        break;
    case LINE_TO:
    case LINE_COUNT:
        if (always) {
            (void)snprintf(out, size, "%s",
                           kiosk_text(k, "Set an hour, and outside the hours "
                                         "the screen is dark until touched."));
        } else {
            (void)snprintf(
                out, size,
                kiosk_text(k, "to %02d:%02d; then dark, until touched"),
                hours.to / 60, hours.to % 60);
        }
        break;
    }
}

static void
step_button(struct kiosk *k, enum line line, bool more, struct geom_rect at)
{
    static const struct {
        enum staff_verb verb;
        int step;
        const char *name;
    } steps[LINE_COUNT] = {{STAFF_BRIGHTER, BRIGHTNESS_STEP, "brightness"},
                           {STAFF_FROM, HOURS_STEP, "from"},
                           {STAFF_TO, HOURS_STEP, "to"}};
    int step = steps[line].step;
    struct widgets_button b = {
        .icon = more ? DRAW_LIST_PLUS : DRAW_LIST_MINUS,
        .has_icon = true,
        .look = WIDGETS_CARD,
        .role = METRICS_BUTTON,
        .action = {KIOSK_STAFF_DO, (int)steps[line].verb, more ? step : -step},
        .flags = UI_REPEAT,
        .id_kind = more ? "more-of" : "less-of",
        .id_name = steps[line].name};
    widgets_button(&k->ui, &b, at);
}

static void
draw_line(struct kiosk *k, enum line line, struct geom_rect at)
{
    struct ui *ui = &k->ui;
    char text[256];
    int side = ui_mm(ui, METRICS_TARGET_MM);
    bool buttons =
        line != LINE_BRIGHTNESS || k->desk->brightness(k->desk->self) >= 0;
    words_of(k, line, text, sizeof(text));
    if (buttons) {
        struct geom_rect keys = at;
        keys.y += (at.h - side) / 2;
        keys.h = side;
        struct geom_rect more = geom_cut_right(&keys, side);
        (void)geom_cut_right(&keys, ui_mm(ui, METRICS_GAP_MM));
        step_button(k, line, true, more);
        step_button(k, line, false, geom_cut_right(&keys, side));
        at.w = keys.w - ui_mm(ui, 4);
    }
    struct widgets_text style = {.role = METRICS_BODY, .colour = THEME_INK};
    int height = widgets_text_height(ui, &style, text, at.w);
    if (height > at.h) {
        style.role = METRICS_HINT;
        height = widgets_text_height(ui, &style, text, at.w);
    }
    at.y += geom_max((at.h - height) / 2, 0);
    (void)widgets_text(ui, &style, text, at);
}

/* What the words need, but no less than the buttons. */
static int
line_height(struct kiosk *k, enum line line, int width)
{
    struct ui *ui = &k->ui;
    char text[256];
    words_of(k, line, text, sizeof(text));
    struct widgets_text style = {.role = METRICS_HINT, .colour = THEME_INK};
    int room = width - ui_mm(ui, 2 * METRICS_TARGET_MM + METRICS_GAP_MM + 4);
    return geom_max(ui_mm(ui, METRICS_TARGET_MM),
                    widgets_text_height(ui, &style, text, room));
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_body(k);
    static struct flow flow;
    flow.count = 0;
    for (int i = 0; i < LINE_COUNT; i++) {
        flow_add(&flow, &(struct flow_row){
                            .height_px = line_height(k, (enum line)i, body.w),
                            .gap_px = ui_mm(ui, 4),
                            .arg = i});
    }
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back")};
    struct chrome_view view = chrome_view(k, &flow, body, &bottom);
    while (chrome_view_next(&view)) {
        draw_line(k, (enum line)view.row->arg, view.box);
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_text(k, "Light and hours"));
}

static int
turned(int minutes, int by)
{
    return (minutes + by + HOURS_DAY_MINUTES) % HOURS_DAY_MINUTES;
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    struct hours hours;
    if (staff_common_act(k, event) || event->kind != UI_ACTIVATE
        || event->action.verb != KIOSK_STAFF_DO) {
        return;
    }
    enum status st = STATUS_OK;
    int by = event->action.arg;
    k->desk->hours(k->desk->self, &hours);
    switch (event->action.entry) {
    case STAFF_BRIGHTER: {
        int percent = k->desk->brightness(k->desk->self) + by;
        percent = geom_min(geom_max(percent, BRIGHTNESS_LEAST), 100);
        st = k->desk->set_brightness(k->desk->self, percent);
        break;
    }
    case STAFF_FROM:
        hours.from = turned(hours.from, by);
        st = k->desk->set_hours(k->desk->self, &hours);
        break;
    case STAFF_TO:
        hours.to = turned(hours.to, by);
        st = k->desk->set_hours(k->desk->self, &hours);
        break;
    default:
        return;
    }
    if (st < 0) {
        k->dialog = KIOSK_MESSAGE;
        k->message = kiosk_text(k, "This could not be kept. Is the disk full? "
                                   "Look at the log of this computer.");
    }
    kiosk_look_at_hours(k);
    k->changed = true;
}

const struct screen staff_display_screen = {"staff-display", draw, act};
