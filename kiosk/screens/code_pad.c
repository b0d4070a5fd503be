#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "screens/chrome.h"
#include "screens/words.h"

/*
 * A code of digits: the number on a drawn slip, which names nobody, or the
 * personal code of a named form or ballot.
 */
#define SLIP_DIGITS 8
#define PERSONAL_DIGITS 6

static size_t
digits_wanted(const struct kiosk *k)
{
    struct kiosk_survey survey;
    kiosk_entry(k, k->survey, &survey);
    return survey.kind == RECORD_SLIP ? SLIP_DIGITS : PERSONAL_DIGITS;
}

static void
draw_window(struct kiosk *k, struct geom_rect rect)
{
    struct ui *ui = &k->ui;
    size_t wanted = digits_wanted(k);
    size_t have = strlen(k->code);
    char text[4 * KIOSK_CODE_DIGITS_MAX + 8] = "";
    size_t at = 0;
    for (size_t i = 0; i < wanted && at + 6 < sizeof(text); i++) {
        /* In two groups, as it is printed on the slip. */
        if (i == wanted / 2) {
            text[at] = ' ';
            at++;
        }
        if (i < have) {
            text[at] = k->code[i];
            at++;
        } else {
            memcpy(text + at, "–", 3);
            at += 3;
        }
    }
    text[at] = '\0';
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = rect,
                      .fill = THEME_CARD,
                      .edge = have > 0 ? THEME_INK : THEME_LINE,
                      .edge_px = geom_max(1, ui_mm(ui, 0.34)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)});
    widgets_line(ui,
                 &(struct widgets_text){.role = METRICS_FIGURE,
                                        .colour = THEME_INK,
                                        .align = WIDGETS_CENTRE},
                 text, geom_inset(rect, ui_mm(ui, 2)));
}

static void
draw_pad(struct kiosk *k, struct geom_rect pad)
{
    struct ui *ui = &k->ui;
    /* Three in a row as on every pad, or as many as a low panel asks for. */
    static const int shapes[][2] = {{3, 4}, {4, 3}, {6, 2}};
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int columns = shapes[0][0];
    int height = 0;
    for (size_t i = 0; i < 3 && height < ui_mm(ui, METRICS_KEY_MM); i++) {
        columns = shapes[i][0];
        height = (pad.h - (shapes[i][1] - 1) * gap) / shapes[i][1];
    }
    int width = (pad.w - (columns - 1) * gap) / columns;
    for (int i = 0; i < 12; i++) {
        int arg = i + 1;
        if (i == 9) {
            continue;
        }
        if (i == 10) {
            arg = 0;
        } else if (i == 11) {
            arg = KIOSK_CODE_BACKSPACE;
        }
        char label[8];
        (void)snprintf(label, sizeof(label), "%d", arg % 10);
        bool backspace = arg == KIOSK_CODE_BACKSPACE;
        struct widgets_button b = {.label = backspace ? NULL : label,
                                   .icon = DRAW_LIST_BACKSPACE,
                                   .has_icon = backspace,
                                   .look = WIDGETS_CARD,
                                   .role = METRICS_FIGURE,
                                   .action = {KIOSK_CODE, 0, arg},
                                   .flags = UI_KEY,
                                   .id_kind = "digit",
                                   .id_name = backspace ? "backspace" : label};
        widgets_button(ui, &b,
                       (struct geom_rect){pad.x + i % columns * (width + gap),
                                          pad.y + i / columns * (height + gap),
                                          width, height});
    }
}

static struct words
words_of(struct kiosk *k, bool slip)
{
    return (struct words){
        .title = slip ? kiosk_text(k, "Type the number on your "
                                      "slip")
                      : kiosk_text(k, "Type your personal code"),
        .text = slip ? kiosk_text(k, "The slip gives the right to one "
                                     "answer. It was drawn from the "
                                     "box by chance, so it does not "
                                     "tell who you are.")
                     : kiosk_text(k, "Six digits that the coordinator "
                                     "gave you. They stand for your "
                                     "name."),
        .gap_px = ui_mm(&k->ui, 2)};
}

/* Where people come one after another: whose turn it is, that the one before
 * is done, and what to type. */
static void
room_words(struct kiosk *k, struct words *w, char *text, size_t size)
{
    char count[96];
    const char *thanks =
        k->room.thanked
            ? kiosk_text(k, "The answers before yours are sealed, thank you.")
            : "";
    kiosk_room_count(k, count, sizeof(count));
    (void)snprintf(text, size, "%s.%s%s%s%s", w->title, thanks[0] ? "\n" : "",
                   thanks, count[0] ? "\n" : "", count);
    w->title = kiosk_text(k, "Next person, please");
    w->text = text;
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct kiosk_survey survey;
    kiosk_entry(k, k->survey, &survey);
    bool slip = survey.kind == RECORD_SLIP;
    struct geom_rect body = chrome_body(k);
    bool low = body.h < ui_mm(ui, 60);
    bool wide = body.w * 10 > ui->metrics.height_px * 12;
    struct words w = words_of(k, slip);
    char room[512];
    if (kiosk_room_running(k)) {
        room_words(k, &w, room, sizeof(room));
    }
    struct geom_rect words =
        wide ? geom_cut_left(&body, body.w * (low ? 34 : 42) / 100)
             : geom_cut_top(&body, body.h * 2 / 5);
    (void)(wide ? geom_cut_left(&body, ui_mm(ui, low ? 3 : 7))
                : geom_cut_top(&body, ui_mm(ui, 3)));
    (void)words_draw(k, &w, words);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int window = geom_min(ui_mm(ui, 16), body.h / 4);
    body.w = geom_min(body.w, ui_mm(ui, 132));
    draw_window(k, geom_cut_top(&body, window));
    (void)geom_cut_top(&body, gap);
    body.h = geom_min(body.h, ui_mm(ui, 4 * 20 + 3 * METRICS_GAP_MM));
    draw_pad(k, body);
    bool full = strlen(k->code) == digits_wanted(k);
    /* Between two people in a room there is nowhere to go back to. */
    bool back = !kiosk_room_running(k) || k->code[0];
    chrome_bottom(
        k, &(struct chrome_bottom){.back = back ? kiosk_text(k, "Back") : NULL,
                                   .next = kiosk_text(k, "Next"),
                                   .next_verb = KIOSK_NEXT,
                                   .next_quiet = !full});
    chrome_top(k, kiosk_title(k, k->survey));
}

static void
type(struct kiosk *k, int arg)
{
    size_t have = strlen(k->code);
    if (arg == KIOSK_CODE_BACKSPACE) {
        if (have > 0) {
            k->code[have - 1] = '\0';
        }
    } else if (have < digits_wanted(k) && arg >= 0 && arg <= 9) {
        k->code[have] = (char)('0' + arg);
        k->code[have + 1] = '\0';
    }
    k->changed = true;
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind == UI_INPUT && event->text[0] >= '0'
        && event->text[0] <= '9') {
        type(k, event->text[0] - '0');
        return;
    }
    if (event->kind == UI_PRESS_KEY && event->key == UI_KEY_BACKSPACE) {
        type(k, KIOSK_CODE_BACKSPACE);
        return;
    }
    if (event->kind != UI_ACTIVATE) {
        return;
    }
    switch (event->action.verb) {
    case KIOSK_CODE:
        type(k, event->action.arg);
        break;
    case KIOSK_NEXT:
        if (strlen(k->code) == digits_wanted(k)) {
            kiosk_admit(k);
        } else {
            k->dialog = KIOSK_MESSAGE;
            k->message = kiosk_text(k, "The code is not complete yet: please "
                                       "type all its digits.");
            k->changed = true;
        }
        break;
    case KIOSK_BACK:
        kiosk_leave(k);
        break;
    default:
        break;
    }
}

const struct screen code_pad_screen = {"code", draw, act};
