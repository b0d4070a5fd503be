#include "screens/chrome.h"
#include "screens/words.h"

/*
 * Thank you: said only when the answers are on the disk; what happens next;
 * returns by itself.
 */
static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct kiosk_survey survey;
    kiosk_entry(k, k->survey, &survey);
    struct geom_rect body = chrome_tall_body(k);
    bool anonymous =
        survey.kind == RECORD_ANONYMOUS || survey.kind == RECORD_SLIP;
    const char *text =
        anonymous ? kiosk_text(
            k,
            "Your answers are sealed and carry no name. The coordinator will see only the common picture, when enough people have answered.")
                  : kiosk_text(k,
                               "Your answers are sealed for the coordinator of "
                               "the programme. Nobody else can open them.");
    if (k->rehearsal) {
        text = kiosk_text(k, "This was a test. The answers were sealed as "
                             "always and then thrown away.");
    }
    struct geom_rect done =
        geom_cut_bottom(&body, ui_mm(ui, METRICS_TARGET_MM));
    (void)geom_cut_bottom(&body, ui_mm(ui, 3));
    struct geom_rect at = body;
    at.w = geom_min(body.w, ui_mm(ui, 175));
    int icon = ui_mm(ui, 18);
    if (body.h > ui_mm(ui, 75)) {
        (void)geom_cut_top(&at, (body.h - ui_mm(ui, 75)) / 3);
        struct geom_rect mark = geom_cut_top(&at, icon);
        mark.w = icon;
        draw_list_box(&ui->list,
                      &(struct draw_list_box){.rect = mark,
                                              .fill = THEME_ACCENT,
                                              .radius_px = icon / 2});
        draw_list_icon(&ui->list, geom_inset(mark, icon / 6), DRAW_LIST_TICK,
                       THEME_ON_ACCENT, 0);
        (void)geom_cut_top(&at, ui_mm(ui, 6));
    }
    struct words w = {.title = kiosk_text(k, "Thank you!"),
                      .text = text,
                      .headline = true,
                      .gap_px = ui_mm(ui, 4)};
    (void)words_draw(k, &w, at);
    struct widgets_button b = {.label = kiosk_text(k, "Finish"),
                               .look = WIDGETS_FILLED,
                               .role = METRICS_BUTTON,
                               .action = {.verb = KIOSK_CONFIRM},
                               .id_kind = "finish"};
    done.w = geom_min(done.w, ui_mm(ui, 71));
    widgets_button(ui, &b, done);
    chrome_top(k, "");
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind == UI_ACTIVATE && event->action.verb == KIOSK_CONFIRM) {
        kiosk_leave(k);
    }
}

const struct screen thanks_screen = {"thanks", draw, act};
