#include <stdio.h>

#include "base/i18n.h"
#include "screens/chrome.h"
#include "screens/flow.h"

/*
 * The questionnaires that are open, a card each.
 */
#define STRETCH_MM 6.0

static void
note_of(struct kiosk *k, size_t index, char *out, size_t size)
{
    struct kiosk_survey survey;
    kiosk_survey(k, index, &survey);
    bool anonymous =
        survey.kind == RECORD_ANONYMOUS || survey.kind == RECORD_SLIP;
    const char *who = anonymous ? kiosk_text(k, "without a name")
                                : kiosk_text(k, "with your name");
    if (!survey.form) {
        (void)snprintf(out, size, "%s",
                       kiosk_text(k, "cannot be opened: tell the coordinator"));
    } else if (survey.minutes > 0) {
        char minutes[48];
        (void)snprintf(minutes, sizeof(minutes), kiosk_text(k, "%d min"),
                       survey.minutes);
        (void)snprintf(out, size, "%s · %s", minutes, who);
    } else {
        (void)snprintf(out, size, "%s", who);
    }
}

/* A title too long for a low panel in large type is set smaller. */
static struct widgets_card
card_of(struct kiosk *k, size_t index, const char *note, struct geom_rect room)
{
    struct widgets_card card = {.label = kiosk_title(k, index),
                                .note = note,
                                .role = METRICS_BODY_STRONG,
                                .action = {KIOSK_SURVEY, 0, (int)index},
                                .id_kind = "survey"};
    if (widgets_card_height(&k->ui, &card, room.w) > room.h) {
        card.role = METRICS_HINT_STRONG;
    }
    return card;
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_body(k);
    chrome_headline(k, kiosk_text(k, "What would you like to answer?"), &body);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int columns = body.w >= ui_mm(ui, 190) && k->survey_count > 3
                          && ui->metrics.size <= METRICS_NORMAL
                      ? 2
                      : 1;
    int width = (body.w - (columns - 1) * gap) / columns;
    static struct flow flow;
    flow.count = 0;
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back")};
    struct geom_rect room = {0, 0, width,
                             body.h - chrome_parts_height(k, &bottom)};
    char note[160];
    for (size_t i = 0; i < k->survey_count; i += (size_t)columns) {
        struct flow_row row = {
            .gap_px = gap, .stretch_px = ui_mm(ui, STRETCH_MM), .arg = (int)i};
        for (size_t c = 0; c < (size_t)columns && i + c < k->survey_count;
             c++) {
            note_of(k, i + c, note, sizeof(note));
            struct widgets_card card = card_of(k, i + c, note, room);
            row.height_px =
                geom_max(row.height_px, widgets_card_height(ui, &card, width));
        }
        flow_add(&flow, &row);
    }
    struct chrome_view view = chrome_view(k, &flow, body, &bottom);
    while (chrome_view_next(&view)) {
        for (int c = 0; c < columns; c++) {
            size_t index = (size_t)view.row->arg + (size_t)c;
            if (index >= k->survey_count) {
                break;
            }
            struct kiosk_survey survey;
            kiosk_survey(k, index, &survey);
            note_of(k, index, note, sizeof(note));
            struct widgets_card card = card_of(k, index, note, room);
            card.id_name = survey.form_id;
            widgets_card(ui, &card,
                         (struct geom_rect){body.x + c * (width + gap),
                                            view.box.y, width, view.box.h});
        }
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_text(k, "Questionnaires"));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind == UI_PRESS_KEY && event->key == UI_KEY_PAGE_UP) {
        kiosk_leave(k);
        return;
    }
    switch (event->action.verb) {
    case KIOSK_SURVEY:
        k->survey = (size_t)event->action.arg;
        kiosk_begin(k);
        break;
    case KIOSK_PART:
        k->part = geom_max(k->part + event->action.arg, 0);
        k->changed = true;
        break;
    case KIOSK_BACK:
        kiosk_go(k, KIOSK_ATTRACT);
        break;
    default:
        break;
    }
}

const struct screen catalogue_screen = {"catalogue", draw, act};
