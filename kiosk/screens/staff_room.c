#include "base/log.h"
#include "screens/chrome.h"
#include "screens/flow.h"

/*
 * Which questionnaire shall a room of people answer, one after another?
 */
static struct widgets_card
card_of(struct kiosk *k, size_t index)
{
    struct kiosk_survey survey;
    kiosk_entry(k, index, &survey);
    return (struct widgets_card){
        .label = kiosk_title(k, index),
        /* The longest title has to fit the lowest panel. */
        .role = k->ui.metrics.size > METRICS_LARGE ? METRICS_HINT_STRONG
                                                   : METRICS_BODY_STRONG,
        .action = {KIOSK_STAFF_DO, STAFF_START_ROOM, (int)index},
        .id_kind = "room",
        .id_name = survey.form_id};
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_body(k);
    static struct flow flow;
    flow.count = 0;
    chrome_headline(
        k, kiosk_text(k, "What shall they answer, one after another?"), &body);
    for (size_t i = 0; i < k->survey_count; i++) {
        struct widgets_card card = card_of(k, i);
        flow_add(&flow, &(struct flow_row){
                            .height_px = widgets_card_height(ui, &card, body.w),
                            .gap_px = ui_mm(ui, METRICS_GAP_MM),
                            .arg = (int)i});
    }
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back")};
    struct chrome_view view = chrome_view(k, &flow, body, &bottom);
    while (chrome_view_next(&view)) {
        struct widgets_card card = card_of(k, (size_t)view.row->arg);
        widgets_card(ui, &card, view.box);
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_text(k, "Room"));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (staff_common_act(k, event) || event->kind != UI_ACTIVATE
        || event->action.entry != STAFF_START_ROOM) {
        return;
    }
    kiosk_room_start(k, (size_t)event->action.arg);
    log_info("staff", "a room is open");
    kiosk_leave(k);
}

const struct screen staff_room_screen = {"staff-room", draw, act};
