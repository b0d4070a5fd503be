#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "screens/chrome.h"
#include "screens/words.h"

/*
 * Pages that stand in front of everything: they show none of a person's
 * answers and have one large button that leads back.
 */
struct wording {
    const char *title;
    const char *text;
    const char *confirm; /* NULL: only the way back */
    const char *cancel;
};

static struct wording
wording_of(struct kiosk *k)
{
    switch (k->dialog) {
    case KIOSK_ASK_START_OVER:
        return (struct wording){
            kiosk_text(k, "Start over?"),
            kiosk_text(k, "All you have answered so far will be erased, and "
                          "nothing will be sent."),
            kiosk_text(k, "Erase"), kiosk_text(k, "Go on answering")};
    case KIOSK_ASK_REMOVE:
        return (struct wording){
            kiosk_text(k, "Remove the last one?"),
            kiosk_text(k, "What you have answered in it will be erased. "
                          "Everything else stays."),
            kiosk_text(k, "Remove"), kiosk_text(k, "Keep it")};
    case KIOSK_IDLE_WARNING:
        return (struct wording){
            kiosk_text(k, "Are you still here?"),
            kiosk_text(k, "If nobody touches the screen, what has been "
                          "answered will be erased so that nobody else can "
                          "read it."),
            kiosk_text(k, "Erase now"), kiosk_text(k, "I am still here")};
    case KIOSK_SENDING_FAILED:
        return (struct wording){
            kiosk_text(k, "The answers could not be saved"),
            k->send_status == STATUS_E_FULL
                ? kiosk_text(k, "This screen's disk is full. Your answers are "
                                "still here: please call the coordinator, "
                                "then touch “Try again”.")
                : kiosk_text(k, "Your answers are still here. Please try "
                                "again; if it does not help, call the "
                                "coordinator."),
            NULL, kiosk_text(k, "Try again")};
    case KIOSK_MESSAGE:
        return (struct wording){kiosk_text(k, "That did not work"), k->message,
                                NULL, kiosk_text(k, "Back")};
    case KIOSK_NO_DIALOG:
        break;
    }
    return (struct wording){"", "", NULL, kiosk_text(k, "Back")};
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct wording w = wording_of(k);
    struct geom_rect body = chrome_tall_body(k);
    int bottom = geom_bottom(body);
    body.y = ui_mm(ui, 6);
    body.h = bottom - body.y;
    struct geom_rect line =
        geom_cut_bottom(&body, ui_mm(ui, METRICS_TARGET_MM));
    struct widgets_button stay = {.label = w.cancel,
                                  .look = WIDGETS_FILLED,
                                  .role = METRICS_BUTTON,
                                  .action = {.verb = KIOSK_CANCEL},
                                  .id_kind = "stay"};
    struct widgets_button leave = {.label = w.confirm,
                                   .look = WIDGETS_OUTLINED,
                                   .role = METRICS_BUTTON,
                                   .action = {.verb = KIOSK_CONFIRM},
                                   .id_kind = "erase"};
    /* One above the other where they have no room side by side. */
    bool stacked = w.confirm
                   && widgets_button_width(ui, &stay)
                              + widgets_button_width(ui, &leave) + ui_mm(ui, 5)
                          > line.w;
    struct geom_rect second = {0};
    if (stacked) {
        (void)geom_cut_bottom(&body, ui_mm(ui, METRICS_GAP_MM));
        second = geom_cut_bottom(&body, ui_mm(ui, METRICS_TARGET_MM));
    }
    (void)geom_cut_bottom(&body, ui_mm(ui, 3));
    struct geom_rect at = body;
    at.w = geom_min(body.w, ui_mm(ui, 175));
    if (k->dialog == KIOSK_IDLE_WARNING && k->warning_seconds_left > 0) {
        struct widgets_text seconds = {.role = METRICS_FIGURE,
                                       .colour = THEME_ACCENT};
        char text[96];
        (void)snprintf(text, sizeof(text),
                       i18n_plural(k->lang, "%d second left", "%d seconds left",
                                   (unsigned long)k->warning_seconds_left),
                       k->warning_seconds_left);
        int height = widgets_text_height(ui, &seconds, text, at.w);
        (void)widgets_text(ui, &seconds, text, geom_cut_bottom(&at, height));
        (void)geom_cut_bottom(&at, ui_mm(ui, 3));
    }
    (void)geom_cut_top(&at, geom_max(at.h - ui_mm(ui, 60), 0) / 3);
    struct words words = {.title = w.title,
                          .text = w.text,
                          .headline = true,
                          .gap_px = ui_mm(ui, 4)};
    (void)words_draw(k, &words, at);
    int gap = ui_mm(ui, 5);
    int stay_width = geom_max(widgets_button_width(ui, &stay),
                              geom_min(ui_mm(ui, 71), line.w / 2));
    if (w.confirm && stacked) {
        widgets_button(ui, &leave, second);
        stay_width = line.w;
    } else if (w.confirm) {
        int leave_width =
            geom_max(widgets_button_width(ui, &leave), ui_mm(ui, 41));
        widgets_button(ui, &leave, geom_cut_left(&line, leave_width));
        (void)geom_cut_left(&line, gap);
        line = geom_cut_right(&line, geom_min(stay_width, line.w));
    }
    line.w = geom_min(line.w, stay_width);
    widgets_button(ui, &stay, line);
    /* A key press finds the way back first. */
    if (strcmp(ui->focus, "erase") != 0) {
        ui->want_focus = "stay";
    }
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    bool escape = event->kind == UI_PRESS_KEY && event->key == UI_KEY_ESCAPE;
    if (event->kind != UI_ACTIVATE && !escape) {
        return;
    }
    k->changed = true;
    if (!escape && event->action.verb == KIOSK_CONFIRM) {
        if (k->dialog == KIOSK_ASK_REMOVE) {
            k->dialog = KIOSK_NO_DIALOG;
            k->ui.want_focus = NULL;
            question_remove(k);
        } else {
            kiosk_leave(k);
        }
        return;
    }
    if (escape || event->action.verb == KIOSK_CANCEL) {
        bool again = k->dialog == KIOSK_SENDING_FAILED && !escape;
        k->dialog = KIOSK_NO_DIALOG;
        k->ui.want_focus = NULL;
        if (again) {
            struct ui_event send = {.kind = UI_ACTIVATE,
                                    .action = {.verb = KIOSK_SEND}};
            review_screen.act(k, &send);
        }
    }
}

const struct screen dialog_screen = {"dialog", draw, act};
