#include "screens/pad.h"

#include <stdio.h>
#include <string.h>

#include "ui/widgets.h"

static void
draw_window(struct kiosk *k, const struct pad *pad, struct geom_rect rect)
{
    struct ui *ui = &k->ui;
    size_t wanted = pad->digits;
    size_t have = strlen(pad->code);
    char text[4 * KIOSK_CODE_DIGITS_MAX + 8] = "";
    size_t at = 0;
    for (size_t i = 0; i < wanted && at + 6 < sizeof(text); i++) {
        /* In two groups, as it is printed on the slip. */
        if (i == wanted / 2) {
            text[at] = ' ';
            at++;
        }
        if (i < have && pad->hidden) {
            memcpy(text + at, "•", 3);
            at += 3;
        } else if (i < have) {
            text[at] = pad->code[i];
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
draw_keys(struct kiosk *k, struct geom_rect pad)
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

void
pad_page(struct kiosk *k, const struct words *words, const struct pad *pad,
         struct geom_rect body)
{
    struct ui *ui = &k->ui;
    bool low = body.h < ui_mm(ui, 60);
    bool wide = body.w * 10 > ui->metrics.height_px * 12;
    struct geom_rect at =
        wide ? geom_cut_left(&body, body.w * (low ? 34 : 42) / 100)
             : geom_cut_top(&body, body.h * 2 / 5);
    (void)(wide ? geom_cut_left(&body, ui_mm(ui, low ? 3 : 7))
                : geom_cut_top(&body, ui_mm(ui, 3)));
    (void)words_draw(k, words, at);
    int window = geom_min(ui_mm(ui, 16), body.h / 4);
    body.w = geom_min(body.w, ui_mm(ui, 132));
    draw_window(k, pad, geom_cut_top(&body, window));
    (void)geom_cut_top(&body, ui_mm(ui, METRICS_GAP_MM));
    body.h = geom_min(body.h, ui_mm(ui, 4 * 20 + 3 * METRICS_GAP_MM));
    draw_keys(k, body);
}

bool
pad_key(const struct ui_event *event, int *out)
{
    if (event->kind == UI_INPUT && event->text[0] >= '0'
        && event->text[0] <= '9') {
        *out = event->text[0] - '0';
        return true;
    }
    if (event->kind == UI_PRESS_KEY && event->key == UI_KEY_BACKSPACE) {
        *out = KIOSK_CODE_BACKSPACE;
        return true;
    }
    *out = event->action.arg;
    return event->kind == UI_ACTIVATE && event->action.verb == KIOSK_CODE;
}

void
pad_type(char *code, size_t digits, int key)
{
    size_t have = strlen(code);
    if (key == KIOSK_CODE_BACKSPACE) {
        if (have > 0) {
            code[have - 1] = '\0';
        }
    } else if (have < digits && key >= 0 && key <= 9) {
        code[have] = (char)('0' + key);
        code[have + 1] = '\0';
    }
}
